"""Question -> passages ranked by the exact scores of both legs, fused. Refuses nothing; filters that leave nothing give [].

Every candidate (the hundred best of each leg) is scored exactly by both legs: dense (the question's vector against the whole
passage and its best window) and BM25. Scores are z-normalised over the candidates and summed with the weights below.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ingest.document import Passage
from ingest.index.index import Index, QueryEmbedder, Scores
from ingest.index.store import Vectors
from ingest.territories import Gazetteer
from rag.answer import Filters
from rag.filtering import Filtering

# Chosen on the dev questions and on paraphrases that share few words with the text; 0.1, 0.5, 0.4 and 0.25, 0.40, 0.35 come
# within 0.02 of MRR@10. `python -m evals run` and `python -m evals piaf` print what these reach.
PASSAGE_WEIGHT, WINDOW_WEIGHT, LEXICAL_WEIGHT = 0.20, 0.50, 0.30
CANDIDATES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A passage at its rank (from 1). `score` is fused; the others are the legs' own: cosines, and BM25.

    `there`: the passage is about a territory that the question names.
    """

    passage: Passage
    number: int
    rank: int
    score: float
    dense: float
    window: float
    lexical: float
    there: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ranking:
    """What a search found, best first; the question's vector (d,); the scores of all windows (m,)."""

    results: tuple[Ranked, ...]
    query: Vectors
    window_scores: Scores

    def where_asked(self) -> Ranking:
        """Only what is about the territories that the question names, if anything is; ranks stay."""
        there = tuple(ranked for ranked in self.results if ranked.there)
        return replace(self, results=there or self.results)


def fuse(legs: NDArray[np.float32], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weighted sum of z-scores: `legs` (k, n) holds k exact scores of n candidates; a leg without spread adds nothing.

    Raises ValueError when the number of weights is not k or one is negative.
    """
    if len(legs) != len(weights) or (weights < 0).any():
        raise ValueError(f"{len(legs)} legs need as many weights >= 0, found {weights}")
    spread = legs.std(axis=1, keepdims=True)
    z = (legs - legs.mean(axis=1, keepdims=True)) / np.where(spread > 1e-9, spread, 1.0)
    return np.asarray(weights @ np.where(spread > 1e-9, z, 0.0), dtype=np.float64)


class Retriever:
    """Searches one index. Thread-safe: it holds no state but the index and the embedder."""

    def __init__(self, index: Index, embedder: QueryEmbedder, gazetteer: Gazetteer) -> None:
        self.index = index
        self._embedder = embedder
        self.filtering = Filtering(index, gazetteer)

    def search(self, question: str, *, k: int, filters: Filters = Filters(), territory: str | None = None) -> Ranking:
        """The k best passages that pass the filters, those about a territory that the text `territory` names first.

        Ties break on passage id.
        """
        index = self.index
        there = self.filtering.about(territory or "")
        vector = self._embedder.encode_query(question)
        windows = index.window_scores(vector)
        legs = np.stack(
            [index.passage_scores(vector), index.best_window_scores(windows), index.lexical.scores(question)]
        )
        allowed = self.filtering.allowed(filters)
        chosen = np.union1d(_candidates(legs, allowed, max(k, CANDIDATES)), np.flatnonzero(allowed & there))
        if not len(chosen):
            return Ranking(results=(), query=vector, window_scores=windows)
        fused = fuse(legs[:, chosen], np.array([PASSAGE_WEIGHT, WINDOW_WEIGHT, LEXICAL_WEIGHT]))
        # Lifted above the rest, so that scores fall with rank and keep their distances.
        fused = fused + there[chosen] * (np.ptp(fused) + 1)
        order = sorted(range(len(chosen)), key=lambda i: (-fused[i], index.passages[chosen[i]].id))[:k]
        results = tuple(
            Ranked(
                passage=index.passages[chosen[i]],
                number=int(chosen[i]),
                rank=rank,
                score=float(fused[i]),
                dense=float(legs[0, chosen[i]]),
                window=float(legs[1, chosen[i]]),
                lexical=float(legs[2, chosen[i]]),
                there=bool(there[chosen[i]]),
            )
            for rank, i in enumerate(order, start=1)
        )
        return Ranking(results=results, query=vector, window_scores=windows)


def _candidates(legs: NDArray[np.float32], allowed: NDArray[np.bool_], depth: int) -> NDArray[np.int64]:
    """Numbers of the `depth` best allowed passages of each leg, rising. A lexical score of 0 is no match."""
    numbers = np.flatnonzero(allowed)
    best = [numbers[np.argsort(-leg[numbers], kind="stable")[:depth]] for leg in legs]
    best[-1] = best[-1][legs[-1][best[-1]] > 0]
    return np.unique(np.concatenate(best))
