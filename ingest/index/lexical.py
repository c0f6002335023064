"""The lexical leg: BM25 over the passages' terms, kept beside the Chroma collection from which it is derived.

Refuses an empty corpus (BuildError). bm25s returns arbitrary ids with score 0 when nothing matches and raises when k exceeds
the corpus: so scores of all passages are asked for, never its top k.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import bm25s
import numpy as np
from numpy.typing import NDArray

from ingest.errors import BuildError, IndexMismatch
from ingest.index.analyser import analyse

# Lucene's own defaults; `python -m evals benchmark piaf` prints what they reach on PIAF.
K1, B = 1.2, 0.75


class LexicalIndex:
    """BM25 (Lucene's variant) over n passages, in the order in which they were given."""

    def __init__(self, engine: bm25s.BM25, size: int) -> None:
        self._engine = engine
        self._size = size
        self._vocabulary = frozenset(engine.vocab_dict)

    @classmethod
    def build(cls, texts: Sequence[str]) -> LexicalIndex:
        """Raises BuildError when no text has a term."""
        terms = [analyse(text) for text in texts]
        if not any(terms):
            raise BuildError("no publication has a word to index; nothing was built")
        engine = bm25s.BM25(method="lucene", k1=K1, b=B)
        engine.index(terms, show_progress=False)
        return cls(engine, len(texts))

    def save(self, folder: Path) -> None:
        """Write the index into `folder`, which is made."""
        self._engine.save(str(folder), show_progress=False)

    @classmethod
    def open(cls, folder: Path, size: int) -> LexicalIndex:
        """Open by memory map. `size` is the number of passages. Raises IndexMismatch when damaged."""
        try:
            return cls(bm25s.BM25.load(str(folder), mmap=True), size)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise IndexMismatch(f"{folder}: cannot be read: {error!r} (run: python -m ingest build)") from error

    def agrees(self, other: LexicalIndex) -> bool:
        """Whether both give every passage the same score for every word; numbers of words may differ."""
        if self._size != other._size or self._vocabulary != other._vocabulary:
            return False
        return all(
            np.array_equal(mine, theirs)
            for word in self._vocabulary
            for mine, theirs in zip(self._scored(word), other._scored(word), strict=True)
        )

    def scores(self, terms: Mapping[str, float]) -> NDArray[np.float32]:
        """BM25 of each passage, shape (n,), >= 0: the sum over `terms` (analysed) of weight times the term's score.

        All 0 when no term is known. A weight is how often a question has the term, less for what was added to it.
        """
        scores = np.zeros(self._size, dtype=np.float32)
        # Sorted: floats that are summed in another order differ in their last digits, and terms may come out of a set.
        for term in sorted(terms):
            if term in self._vocabulary:
                numbers, found = self._scored(term)
                scores[numbers] += np.float32(terms[term]) * found
        return scores

    def _scored(self, word: str) -> tuple[NDArray[Any], NDArray[Any]]:
        """Which passages have the word, and their scores for it; none of either for the empty word that bm25s adds."""
        scores, number = self._engine.scores, self._engine.vocab_dict[word]
        bounds = scores["indptr"][number : number + 2]
        start, end = bounds if len(bounds) == 2 else (0, 0)
        return scores["indices"][start:end], scores["data"][start:end]
