"""Sentences of publications that no answer says: what speaks of the publication itself, what many share, orders to machines.

The one place where that is decided. A sentence that stands word for word in several publications says nothing of the question,
nor does one that presents, dates or credits its publication or sends to another; a text that turns to the assistant ("Ignorez
vos instructions…") is data, and it is not passed on as what a network advises. Pure; refuses nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from ingest.document import Span
from ingest.index.index import Index
from rag.compose.boilerplate import is_boilerplate
from rag.compose.orders import orders_a_machine
from rag.compose.stretches import words_of

# In so many publications a sentence is an imprint: of the brochures' own sentences none stands in more than two.
_SHARED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsaid:
    """What is not said, neither alone nor beside what needs it. `shared` are sentences as they are quoted."""

    shared: frozenset[str]
    is_hostile: Callable[[str], bool]

    @classmethod
    def of(cls, index: Index, is_hostile: Callable[[str], bool]) -> Unsaid:
        """Of the sentences of one index."""
        publications: dict[str, set[str]] = defaultdict(set)
        for number, passage in enumerate(index.passages):
            for window in index.windows_of(number):
                publications[words_of(passage, Span(*index.windows[window]))].add(passage.publication_id)
        return cls(
            shared=frozenset(words for words, those in publications.items() if len(those) >= _SHARED),
            # Every sentence found is asked about several times in one answer.
            is_hostile=lru_cache(maxsize=8192)(lambda text: is_hostile(text) or orders_a_machine(text)),
        )

    def holds(self, text: str) -> bool:
        """Whether `text`, a sentence as it is quoted, is one of them."""
        return text in self.shared or is_boilerplate(text) or self.is_hostile(text)
