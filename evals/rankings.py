"""Evidence and rankings -> which passages are relevant, and the field's measures of each ranking, by ir_measures.

Relevance is derived from the evidence, so that it survives another way of cutting passages. Whatever was not found counts 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import ir_measures
from ir_measures import RR, Qrel, R, ScoredDoc, Success, nDCG

from evals.questions import GoldSpan
from evals.spans import shared
from ingest.document import Passage, Span

# ir_measures' names of the measures, and ours.
_MEASURES = {
    Success @ 1: "hit@1",
    Success @ 5: "hit@5",
    R @ 1: "recall@1",
    R @ 5: "recall@5",
    R @ 20: "recall@20",
    RR @ 10: "mrr@10",
    nDCG @ 10: "ndcg@10",
}
RANKING_NAMES = tuple(_MEASURES.values())
# As deep as the deepest measure.
RANKING_DEPTH = 20


def relevance(gold: Iterable[GoldSpan], passages: Iterable[Passage]) -> dict[str, int]:
    """Grades of the relevant passages by id: those that hold at least half of the characters of some evidence."""
    grades: dict[str, int] = {}
    spans = list(gold)
    for passage in passages:
        held = Span(passage.start, passage.end)
        found = [
            entry.grade
            for entry in spans
            if entry.publication == passage.publication_id
            and 2 * shared(entry.span, held) >= entry.span.end - entry.span.start
        ]
        if found:
            grades[passage.id] = max(found)
    return grades


def ranking_scores(
    relevant: Mapping[str, Mapping[str, int]], rankings: Mapping[str, Sequence[str]]
) -> dict[str, dict[str, float]]:
    """Scores by question id and measure, for every question of `relevant`.

    0 where nothing was retrieved or no passage is relevant (ir_measures knows no query without qrels). Rankings go in
    as scores that fall with the rank: ir_measures' providers break ties by document id, each its own way.
    """
    scores = {question: dict.fromkeys(RANKING_NAMES, 0.0) for question in relevant}
    qrels = [Qrel(query, passage, grade) for query, grades in relevant.items() for passage, grade in grades.items()]
    run = [
        ScoredDoc(question, passage, float(-rank))
        for question in relevant
        for rank, passage in enumerate(rankings.get(question, ()), start=1)
    ]
    for metric in ir_measures.iter_calc(list(_MEASURES), qrels, run):
        scores[metric.query_id][_MEASURES[metric.measure]] = float(metric.value)
    return scores
