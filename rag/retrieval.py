"""Question -> passages ranked by the exact scores of all legs, fused. Refuses nothing; filters that leave nothing give [].

Every passage is scored exactly by every leg: dense (the question's vector against the whole passage, its best window, its title
and headings) and BM25; `rag.fusion` makes one score of them. So the ranking does not depend on how much of it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ingest.document import BlockKind, Passage
from ingest.index.index import Index, QueryEmbedder, Scores
from ingest.index.store import Vectors
from ingest.territories import Gazetteer
from rag.answer import Filters
from rag.filtering import Filtering
from rag.fusion import WEIGHTS, Leg, Legs, candidates, fuse, weights_of
from rag.query import Query

# Passages that a reranker reads again: on a CPU a small model takes about 10 ms for each.
RERANKED = 20
# By how much the best passage of the publication that leads stands before the best of another, in z-scores. Of 139 answerable
# dev questions 133 had evidence in the answer on their own page with 0.25 and 0.5, 132 with 0, 1 and 2, 131 when all of that
# publication went before all others; on another's page 132 of 132 kept theirs up to 0.5, 131 with 1, 129 with 2, 123 with all.
_LEAD = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A passage at its rank (from 1). `score` is fused; the others are the legs' own: cosines, and BM25.

    `there`: the passage is about a territory that the question names. `on_page`: it is of the publication on whose page the
    question was asked. `same_as`: ids of passages for which it stands.
    """

    passage: Passage
    number: int
    rank: int
    score: float
    dense: float
    window: float
    lexical: float
    there: bool = False
    on_page: bool = False
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

    def of_kind(self, kind: BlockKind) -> Ranking:
        """Only the passages of that kind, if there are any; ranks stay."""
        return replace(self, results=tuple(r for r in self.results if r.passage.kind is kind) or self.results)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scored:
    """What the legs make of a question: its vector (d,), all windows' scores (m,), all passages' by each of LEGS (k, n)."""

    query: Vectors
    window_scores: Scores
    legs: Legs

    def of(self, leg: Leg, passage: int) -> float:
        """What one leg gives one passage."""
        return float(self.legs[tuple(Leg).index(leg), passage])


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """The publication that goes first, by its id; `alone`: nothing else is searched."""

    publication: str
    alone: bool = False


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
        self,
        query: Query | str,
        *,
        k: int,
        filters: Filters = Filters(),
        territory: str | None = None,
        lead: Lead | None = None,
    ) -> Ranking:
        """The k best passages that pass the filters, those about a territory that the text `territory` names first.

        Those of the publication that leads are raised until its best stands first, by `_LEAD`. A text is searched by its own
        words. Ties break on passage id. A reranker, if there is one, reads the first 20 again, however few are asked for.
        """
        query = query if isinstance(query, Query) else Query.plain(query)
        ranking = self._fused(query, max(k, RERANKED), filters, territory, lead)
        if self._rerank:
            reranked = self._rerank(query.text, ranking, self.index)
            ranking = replace(reranked, results=_led(reranked.results))
        return replace(ranking, results=ranking.results[:k])

    @property
    def reranks(self) -> bool:
        """Whether there is a reranker."""
        return self._rerank is not None

    def _fused(self, query: Query, k: int, filters: Filters, territory: str | None, lead: Lead | None) -> Ranking:
        scored = self.score(query)
        allowed = self.filtering.allowed(filters)
        leading = self.filtering.of_publication(lead.publication if lead else "")
        allowed = allowed & leading if lead and lead.alone else allowed
        there = self.filtering.about(territory or "")
        numbers = np.flatnonzero(allowed)
        if not len(numbers):
            return Ranking(results=(), query=scored.query, window_scores=scored.window_scores)
        fused = fuse(scored.legs, weights_of(WEIGHTS), candidates(scored.legs, allowed))
        ours, others = numbers[leading[numbers]], numbers[~leading[numbers]]
        if len(ours) and len(others):
            fused += leading * max(0.0, fused[others].max() + _LEAD - fused[ours].max())
        # Lifted above the rest, so that scores fall with rank and keep their distances.
        fused += there * (np.ptp(fused[numbers]) + 1)
        best = numbers[np.lexsort((self._place[numbers], -fused[numbers]))][:k]
        return Ranking(
            results=tuple(
                replace(
                    self._ranked(scored, fused, rank, number), there=bool(there[number]), on_page=bool(leading[number])
                )
                for rank, number in enumerate(best, start=1)
            ),
            query=scored.query,
            window_scores=scored.window_scores,
        )

    def _ranked(self, scored: Scored, fused: NDArray[np.float64], rank: int, number: int) -> Ranked:
        return Ranked(
            passage=self.index.passages[number],
            number=int(number),
            rank=rank,
            score=float(fused[number]),
            dense=scored.of(Leg.PASSAGE, number),
            window=scored.of(Leg.WINDOW, number),
            lexical=scored.of(Leg.LEXICAL, number),
        )


def _led(results: Sequence[Ranked]) -> tuple[Ranked, ...]:
    """Those of the page's publication raised again until the best stands first, where a reranker has put it lower; those about
    a territory that was asked for stay before the others.
    """
    first = [ranked for ranked in results if ranked.on_page and ranked.there == results[0].there]
    if not first or results[0].on_page:
        return tuple(results)
    lift = results[0].score - first[0].score + _LEAD
    raised = [replace(ranked, score=ranked.score + lift * ranked.on_page) for ranked in results]
    order = sorted(raised, key=lambda ranked: (not ranked.there, -ranked.score, not ranked.on_page, ranked.rank))
    return tuple(replace(ranked, rank=rank) for rank, ranked in enumerate(order, start=1))
