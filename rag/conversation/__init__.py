"""A follow-up question and what was said before -> a question that stands alone, by rules that can be read."""

from rag.conversation.asked import Completed, Ground
from rag.conversation.completion import complete

__all__ = ["Completed", "Ground", "complete"]
