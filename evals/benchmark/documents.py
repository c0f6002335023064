"""Scores of pieces -> the ten best documents: a document is as good as its best piece, whatever it was cut into.

Refuses nothing; a document without a piece is never among them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from evals.benchmark.collection import Collection
from ingest.index.index import Index

DEPTH = 10


class Documents:
    """Which pieces are whose: `pairs` are a piece's number and a document's, and a piece may belong to several."""

    def __init__(self, names: Sequence[str], pairs: Iterable[tuple[int, int]]) -> None:
        self._names = names
        columns = np.array(list(pairs), dtype=np.int64).reshape(-1, 2)
        self._pieces, self._documents = columns[:, 0], columns[:, 1]

    @classmethod
    def of_index(cls, index: Index, collection: Collection) -> Documents:
        """The pieces are passages; a text that stands in several documents counts for each."""
        return cls(
            [item.id for item in collection.items],
            (
                (number, int(name.removeprefix("d")))
                for number, passage in enumerate(index.passages)
                for name in (passage.publication_id, *passage.also_in)
            ),
        )

    def best(self, scores: NDArray[np.floating]) -> tuple[str, ...]:
        """The ten best documents by the scores of all pieces; ties go to the earlier document."""
        best = np.full(len(self._names), -np.inf)
        np.maximum.at(best, self._documents, scores[self._pieces])
        order = np.argsort(-best, kind="stable")[:DEPTH]
        return tuple(self._names[number] for number in order if np.isfinite(best[number]))
