"""Questions, rankings and answers -> figures. Pure: nothing is run or read here.

Rankings are measured by ir_measures against relevance that is derived from the evidence, so that it survives another
way of cutting passages. Whatever was not found counts 0, and a share of nothing is None, never 1: an outage must not
pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from fractions import Fraction
from math import ceil
from statistics import fmean, median

import ir_measures
import numpy as np
from ir_measures import RR, Qrel, ScoredDoc, Success, nDCG

from evals.questions import GoldSpan, Kind, Question
from evals.spans import shared, shares_half
from ingest.document import Passage, Span
from rag.answer import Answer, Citation, Example, Status

# ir_measures' names of the measures, and ours.
_MEASURES = {Success @ 1: "hit@1", Success @ 5: "hit@5", RR @ 10: "mrr@10", nDCG @ 10: "ndcg@10"}
RANKING_NAMES = tuple(_MEASURES.values())
_MARK = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the assistant did with one question.

    `ranking` is passage ids, best first; `probability` that of being answerable, 0 for what is not even searched; `places` are
    the territories of what is shown first (an example, else a citation) and all that hold them.
    """

    question: Question
    answer: Answer
    ranking: tuple[str, ...]
    milliseconds: float
    probability: float
    places: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One outcome, judged. `ranking` maps RANKING_NAMES to scores; it is empty for an unanswerable question.

    `quotes` counts citations and examples, `quotes_found` those that stand in the corpus at their offsets.
    """

    outcome: Outcome
    ranking: Mapping[str, float]
    evidence_found: bool
    quotes: int
    quotes_found: int

    @property
    def answered(self) -> bool:
        """Whether the assistant gave an answer, right or wrong."""
        return self.outcome.answer.status is Status.ANSWERED


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Means over a group of questions; shares are between 0 and 1, None where there is nothing to measure.

    Ranking and evidence are over the answerable questions, `expected_status` over the unanswerable ones, and so are the shares
    that are not answered of those in the field but absent, off topic and hostile. `answerability_auroc` is the share of pairs
    (answerable, not) that the probability orders rightly. `territory_first`: of the questions with expected territories, those
    whose first example, or citation where no example is shown, lies in one.
    """

    answerable: int
    unanswerable: int
    hit_1: float | None
    hit_5: float | None
    mrr_10: float | None
    ndcg_10: float | None
    evidence_in_answer: float | None
    answerable_refused: float | None
    unanswerable_not_answered: float | None
    expected_status: float | None
    absent_not_answered: float | None
    off_topic_not_answered: float | None
    hostile_not_answered: float | None
    answerability_auroc: float | None
    territory_first: float | None
    follow_ups_resolved: float | None
    quotes: int
    citations_found_again: float | None
    words_median: float | None
    words_max: int | None
    removed_sentences: int

    def to_json(self) -> dict[str, float | None]:
        """The figures under their usual names, which floors.json uses too."""
        return {_usual_name(field.name): getattr(self, field.name) for field in fields(self)}


def _usual_name(field: str) -> str:
    """`hit_5` is written hit@5 in the field."""
    stem, _, depth = field.rpartition("_")
    return f"{stem}@{depth}" if depth.isdigit() else field


FIGURE_NAMES = tuple(_usual_name(field.name) for field in fields(Figures))


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


def evidence_in_answer(gold: Sequence[GoldSpan], answer: Answer) -> bool:
    """Whether a citation or example shares half of the shorter of both with evidence of the highest grade."""
    top = max((entry.grade for entry in gold), default=0)
    return any(
        entry.publication == quote.publication_id and shares_half(entry.span, Span(quote.start, quote.end))
        for entry in gold
        for quote in _quotes(answer)
        if entry.grade == top
    )


def found_again(quote: Citation | Example, texts: Mapping[str, str]) -> bool:
    """Whether the quotation is what the publication's repaired text holds at its offsets, white space folded."""
    text = texts.get(quote.publication_id, "")
    inside = 0 <= quote.start < quote.end <= len(text)
    return inside and quote.quote == " ".join(text[quote.start : quote.end].split())


def judge(
    outcomes: Sequence[Outcome],
    gold: Mapping[str, Sequence[GoldSpan]],
    passages: Sequence[Passage],
    texts: Mapping[str, str],
) -> list[Judged]:
    """Judge every outcome; `gold` is by question id, `texts` are the repaired texts by publication id."""
    relevant = {o.question.id: relevance(gold[o.question.id], passages) for o in outcomes if o.question.answerable}
    scores = ranking_scores(relevant, {outcome.question.id: outcome.ranking for outcome in outcomes})
    return [
        Judged(
            outcome=outcome,
            ranking=scores.get(outcome.question.id, {}),
            evidence_found=evidence_in_answer(gold[outcome.question.id], outcome.answer),
            quotes=len(_quotes(outcome.answer)),
            quotes_found=sum(found_again(quote, texts) for quote in _quotes(outcome.answer)),
        )
        for outcome in outcomes
    ]


def summarise(judged: Sequence[Judged], follow_ups_resolved: float | None = None) -> Figures:
    """The figures of a group of questions; the share of follow-ups is measured apart and only carried."""
    asked = [entry for entry in judged if entry.outcome.question.answerable]
    traps = [entry for entry in judged if not entry.outcome.question.answerable]
    answers = [entry.outcome.answer for entry in judged if entry.answered]
    words = [len(_MARK.sub(" ", answer.text).split()) for answer in answers]
    quotes = sum(entry.quotes for entry in judged)
    return Figures(
        answerable=len(asked),
        unanswerable=len(traps),
        hit_1=_mean(entry.ranking["hit@1"] for entry in asked),
        hit_5=_mean(entry.ranking["hit@5"] for entry in asked),
        mrr_10=_mean(entry.ranking["mrr@10"] for entry in asked),
        ndcg_10=_mean(entry.ranking["ndcg@10"] for entry in asked),
        evidence_in_answer=_mean(entry.evidence_found for entry in asked),
        answerable_refused=_mean(not entry.answered for entry in asked),
        unanswerable_not_answered=_mean(not entry.answered for entry in traps),
        expected_status=_mean(e.outcome.answer.status in e.outcome.question.expected_status for e in traps),
        absent_not_answered=_not_answered(traps, Kind.ABSENT),
        off_topic_not_answered=_not_answered(traps, Kind.OFF_TOPIC),
        hostile_not_answered=_not_answered(traps, Kind.HOSTILE),
        answerability_auroc=auroc([e.outcome.probability for e in asked], [e.outcome.probability for e in traps]),
        territory_first=_mean(
            _in_place(entry.outcome) for entry in asked if entry.outcome.question.expected_territories
        ),
        follow_ups_resolved=follow_ups_resolved,
        quotes=quotes,
        citations_found_again=sum(entry.quotes_found for entry in judged) / quotes if quotes else None,
        words_median=median(words) if words else None,
        words_max=max(words, default=None),
        removed_sentences=sum(entry.outcome.answer.removed_sentences for entry in judged),
    )


def auroc(answerable: Sequence[float], unanswerable: Sequence[float]) -> float | None:
    """Mann and Whitney's U over the number of pairs: in [0, 1], ties count half; None when one side is empty."""
    if not answerable or not unanswerable:
        return None
    difference = np.subtract.outer(np.asarray(answerable), np.asarray(unanswerable))
    return float((difference > 0).mean() + 0.5 * (difference == 0).mean())


def _not_answered(traps: Iterable[Judged], kind: Kind) -> float | None:
    return _mean(not entry.answered for entry in traps if entry.outcome.question.kind is kind)


def _in_place(outcome: Outcome) -> bool:
    return not outcome.places.isdisjoint(outcome.question.expected_territories)


def percentile(values: Sequence[float], share: Fraction) -> float:
    """The nearest-rank percentile: the smallest value that is not below `share` of all. Raises ValueError on none."""
    if not values:
        raise ValueError("percentile of no values")
    return sorted(values)[max(ceil(share * len(values)), 1) - 1]


def _quotes(answer: Answer) -> tuple[Citation | Example, ...]:
    return (*answer.citations, *answer.examples)


def _mean(values: Iterable[float]) -> float | None:
    known = list(values)
    return fmean(known) if known else None
