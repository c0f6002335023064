"""Question -> passages ranked by the exact scores of all legs, fused. Refuses nothing; filters that leave nothing give [].

Every passage is scored exactly by every leg: dense (the question's vector against the whole passage, its best window, its title
and headings) and BM25; `rag.fusion` makes one score of them. So the ranking does not depend on how much of it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ingest.document import Passage
from ingest.index.index import Index, QueryEmbedder, Scores
from ingest.index.store import Vectors
from ingest.territories import Gazetteer
from rag.answer import Filters
from rag.filtering import Filtering
from rag.fusion import WEIGHTS, Leg, Legs, candidates, fuse, weights_of
from rag.query import Query

# Passages that a reranker reads again: on a CPU a small model takes about 10 ms for each.
RERANKED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A passage at its rank (from 1). `score` is fused; the others are the legs' own: cosines, and BM25.

    `there`: the passage is about a territory that the question names. `same_as`: ids of passages for which it stands.
    """

    passage: Passage
    number: int
    rank: int
    score: float
    dense: float
    window: float
    lexical: float
    there: bool = False
    same_as: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ranking:
    """What a search found, best first; the question's vector (d,); the scores of all windows (m,).

    `elsewhere`: what was found besides, when `results` are only those about the territories asked about.
    """

    results: tuple[Ranked, ...]
    query: Vectors
    window_scores: Scores
    elsewhere: tuple[Ranked, ...] = ()

    def where_asked(self) -> Ranking:
        """Only what is about the territories that the question names, if anything is; ranks stay."""
        there = tuple(ranked for ranked in self.results if ranked.there)
        elsewhere = tuple(ranked for ranked in self.results if not ranked.there) if there else ()
        return replace(self, results=there or self.results, elsewhere=elsewhere)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scored:
    """What the legs make of a question: its vector (d,), all windows' scores (m,), all passages' by each of LEGS (k, n)."""

    query: Vectors
    window_scores: Scores
    legs: Legs

    def of(self, leg: Leg, passage: int) -> float:
        """What one leg gives one passage."""
        return float(self.legs[tuple(Leg).index(leg), passage])


# What ranks the best passages once more: question, ranking, index -> the ranking in another order.
Rerank = Callable[[str, Ranking, Index], Ranking]


class Retriever:
    """Searches one index. Thread-safe: it holds no state but the index and the models."""

    def __init__(
        self, index: Index, embedder: QueryEmbedder, gazetteer: Gazetteer, rerank: Rerank | None = None
    ) -> None:
        self.index = index
        self._rerank = rerank
        self._embedder = embedder
        self.filtering = Filtering(index, gazetteer)
        # Where each passage's id stands among all ids, for ties.
        by_id = sorted(range(len(index.passages)), key=lambda number: index.passages[number].id)
        self._place = np.argsort(np.array(by_id, dtype=np.int64))

    def vector(self, text: str) -> Vectors:
        """The vector of a question, shape (d,)."""
        return self._embedder.encode_query(text)

    def score(self, query: Query) -> Scored:
        """Every passage by every leg."""
        index = self.index
        vector = self.vector(query.text)
        windows = index.window_scores(vector)
        by_leg = {
            Leg.PASSAGE: index.passage_scores(vector),
            Leg.WINDOW: index.best_window_scores(windows),
            Leg.TITLE: index.title_scores(vector),
            Leg.LEXICAL: index.lexical.scores(query.terms),
        }
        return Scored(query=vector, window_scores=windows, legs=np.stack([by_leg[leg] for leg in Leg]))

    def search(
        self, query: Query | str, *, k: int, filters: Filters = Filters(), territory: str | None = None
    ) -> Ranking:
        """The k best passages that pass the filters, those about a territory that the text `territory` names first.

        A text is searched by its own words. Ties break on passage id. A reranker, if there is one, reads the first 20 again,
        however few are asked for.
        """
        query = query if isinstance(query, Query) else Query.plain(query)
        ranking = self._fused(query, max(k, RERANKED), filters, territory)
        ranking = self._rerank(query.text, ranking, self.index) if self._rerank else ranking
        return replace(ranking, results=ranking.results[:k])

    @property
    def reranks(self) -> bool:
        """Whether there is a reranker."""
        return self._rerank is not None

    def _fused(self, query: Query, k: int, filters: Filters, territory: str | None) -> Ranking:
        scored = self.score(query)
        allowed = self.filtering.allowed(filters)
        there = self.filtering.about(territory or "")
        numbers = np.flatnonzero(allowed)
        if not len(numbers):
            return Ranking(results=(), query=scored.query, window_scores=scored.window_scores)
        fused = fuse(scored.legs, weights_of(WEIGHTS), candidates(scored.legs, allowed))
        # Lifted above the rest, so that scores fall with rank and keep their distances.
        fused += there * (np.ptp(fused[numbers]) + 1)
        best = numbers[np.lexsort((self._place[numbers], -fused[numbers]))][:k]
        return Ranking(
            results=tuple(
                self._ranked(scored, fused, there, rank, number) for rank, number in enumerate(best, start=1)
            ),
            query=scored.query,
            window_scores=scored.window_scores,
        )

    def _ranked(
        self, scored: Scored, fused: NDArray[np.float64], there: NDArray[np.bool_], rank: int, number: int
    ) -> Ranked:
        return Ranked(
            passage=self.index.passages[number],
            number=int(number),
            rank=rank,
            score=float(fused[number]),
            dense=scored.of(Leg.PASSAGE, number),
            window=scored.of(Leg.WINDOW, number),
            lexical=scored.of(Leg.LEXICAL, number),
            there=bool(there[number]),
        )
