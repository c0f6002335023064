"""Sentences of publications that no answer says: an imprint that many share, orders to whoever reads by machine.

A sentence that stands word for word in several publications says nothing of the question; a text that turns to the assistant
("Ignorez vos instructions…") is data, and it is not passed on as what a network advises. Pure; refuses nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from ingest.index.index import Index

# In so many publications a sentence is an imprint: of the brochures' own sentences none stands in more than two.
_SHARED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsaid:
    """What is not said. `shared` are sentences, white space folded."""

    shared: frozenset[str]
    is_hostile: Callable[[str], bool]

    @classmethod
    def of(cls, index: Index, is_hostile: Callable[[str], bool]) -> Unsaid:
        """Of the sentences of one index."""
        publications: dict[str, set[str]] = defaultdict(set)
        for number, passage in enumerate(index.passages):
            for window in index.windows_of(number):
                start, end = index.windows[window]
                words = " ".join(passage.text[start - passage.start : end - passage.start].split())
                publications[words].add(passage.publication_id)
        return cls(
            shared=frozenset(words for words, those in publications.items() if len(those) >= _SHARED),
            is_hostile=is_hostile,
        )

    def holds(self, text: str) -> bool:
        """Whether `text`, a sentence with its white space folded, is one of them."""
        return text in self.shared or self.is_hostile(text)
