"""Ranking -> a draft of verbatim sentences for `rag.verify`. Extractive: nothing of its own but fixed phrases."""

from rag.compose.compose import Corpus, compose, weigher_of
from rag.compose.draft import MAX_WORDS, MAX_WORDS_DETAILED, Draft

__all__ = ["MAX_WORDS", "MAX_WORDS_DETAILED", "Corpus", "Draft", "compose", "weigher_of"]
