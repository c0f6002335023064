"""An indexed collection and its queries -> how well each leg and their fusions rank, for all and for the half kept apart.

A document's score is that of its best passage. Beside what is used stand the plain alternatives: each leg alone, and reciprocal
rank fusion, which needs no weight. Figures: MRR@10, success at 1, recall at 5. Refuses nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evals.benchmark.collection import Collection, Query
from evals.benchmark.documents import DEPTH, Documents
from ingest.progress import Log
from rag.fusion import LEGS, WEIGHTS, Leg, Legs, candidates, fuse, weights_of
from rag.query import Query as Searched
from rag.retrieval import Retriever

# Each row of the table: what is fused, and by which weights. The first four are the legs on their own.
ROWS: Mapping[str, Mapping[Leg, float]] = {
    **{f"{leg} alone": {leg: 1.0} for leg in Leg},
    "passages + BM25": {Leg.PASSAGE: 0.6, Leg.LEXICAL: 0.4},
    "windows + BM25": {Leg.WINDOW: 0.6, Leg.LEXICAL: 0.4},
    "passages + windows + BM25": {leg: weight for leg, weight in WEIGHTS.items() if leg is not Leg.TITLE},
    "fused": WEIGHTS,
}
RRF = "passages + BM25 by RRF"
# Cormack, Clarke and Büttcher 2009 (doi:10.1145/1571941.1572114), who found 60 near the best of what they tried.
_RRF_K = 60
# The ten best documents of each query, by row.
Rankings = Mapping[str, Sequence[Sequence[str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Means over queries. `recall5` is the share of a query's relevant documents among the first five."""

    mrr10: float
    hit1: float
    recall5: float

    @classmethod
    def of(cls, queries: Sequence[Query], rankings: Sequence[Sequence[str]]) -> Figures:
        """Of rankings in the order of `queries`, of which there must be one."""
        reciprocal, first, recalled = [], [], []
        for query, ranking in zip(queries, rankings, strict=True):
            found = [position for position, name in enumerate(ranking[:DEPTH], start=1) if name in query.relevant]
            reciprocal.append(1 / found[0] if found else 0.0)
            first.append(1 in found)
            recalled.append(sum(position <= 5 for position in found) / len(query.relevant))
        return cls(mrr10=float(np.mean(reciprocal)), hit1=float(np.mean(first)), recall5=float(np.mean(recalled)))


def rank_all(
    collection: Collection, retriever: Retriever, understood: Iterable[Searched], log: Log
) -> dict[str, list[tuple[str, ...]]]:
    """For each of ROWS and RRF the ten best documents of each query, asked as `understood`, in the collection's order."""
    documents = Documents.of_index(retriever.index, collection)
    everything = np.ones(len(retriever.index.passages), dtype=np.bool_)
    rankings: dict[str, list[tuple[str, ...]]] = {name: [] for name in (*ROWS, RRF)}
    for number, asked in enumerate(understood, start=1):
        legs = retriever.score(asked).legs
        among = candidates(legs, everything)
        for name, weights in ROWS.items():
            rankings[name].append(documents.best(fuse(legs, weights_of(weights), among)))
        rankings[RRF].append(documents.best(reciprocal_ranks(legs, (Leg.PASSAGE, Leg.LEXICAL))))
        if retriever.reranks:
            results = retriever.search(asked, k=len(retriever.index.passages)).results
            ranks = np.empty(len(results))
            ranks[[ranked.number for ranked in results]] = [-ranked.rank for ranked in results]
            rankings.setdefault("reranked", []).append(documents.best(ranks))
        if number % 500 == 0:
            log(f"{number} of {len(collection.queries)} questions")
    return rankings


def reciprocal_ranks(legs: Legs, fused: Sequence[Leg]) -> NDArray[np.float64]:
    """Reciprocal rank fusion: for each passage the sum of 1 / (60 + its rank by a leg), over the legs `fused`.

    Every passage has a rank, ties in their order, save those that BM25 scores 0: these gain nothing.
    """
    total = np.zeros(legs.shape[1])
    for leg in fused:
        scores = legs[LEGS.index(leg)]
        ranks = np.empty(len(scores))
        ranks[np.argsort(-scores, kind="stable")] = np.arange(1, len(scores) + 1)
        found = scores > 0 if leg is Leg.LEXICAL else np.ones(len(scores), dtype=np.bool_)
        total += found / (_RRF_K + ranks)
    return total


def as_table(collection: Collection, rankings: Rankings) -> str:
    """Markdown: a line a row, figures for all queries and for the half kept apart (dashes when it is empty)."""
    apart = [position for position, query in enumerate(collection.queries) if query.kept_apart]
    lines = [
        f"| {len(collection.queries)} questions, {len(apart)} of them kept apart "
        "| MRR@10 | hit@1 | recall@5 | MRR@10 apart | hit@1 apart | recall@5 apart |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, found in rankings.items():
        cells = _cells(collection.queries, found)
        cells += _cells([collection.queries[i] for i in apart], [found[i] for i in apart])
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _cells(queries: Sequence[Query], found: Sequence[Sequence[str]]) -> list[str]:
    if not queries:
        return ["-"] * 3
    figures = Figures.of(queries, found)
    return [f"{value:.3f}" for value in (figures.mrr10, figures.hit1, figures.recall5)]
