"""What a search is judged against, and how much of what was found is looked at. Values; refuses nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.document import Passage, Span
from ingest.index.index import Index
from ingest.index.store import Vectors
from ingest.repair.lexicon import Sigle
from ingest.territories import Gazetteer
from rag.rarity import Rarity

# How many of the best passages may hold what a question names.
DEPTH = 5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Judge:
    """What a search is judged against: an index, its terms' rarity, territories, sigles.

    `elsewhere` (n, d) are vectors of questions on other subjects; `whole` are the terms that name the field as a whole, under
    which everything in the index falls.
    """

    index: Index
    rarity: Rarity
    elsewhere: Vectors
    whole: frozenset[str]
    sigles: Sequence[Sigle]
    gazetteer: Gazetteer


def with_next(passage: Passage, window: int, index: Index) -> str:
    """A window and the one that follows it in its passage: "Elle détient 15 % du capital." says it of what stands before."""
    start, end = index.windows[window]
    following = index.windows[window + 1] if window + 1 < len(index.windows) else Span(end, end)
    if end <= following.start < passage.end:
        end = following.end
    return passage.text[start - passage.start : end - passage.start]
