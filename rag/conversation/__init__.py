"""A follow-up question and what was said before -> a question that stands alone, by rules that can be read."""

from rag.conversation.completion import Completed, complete

__all__ = ["Completed", "complete"]
