"""Questions, rankings and answers -> figures. Pure: nothing is run or read here.

Every figure that is a share of questions is a sum of what each question counts (`counts_of`), so that resampling and the
comparison of two runs weigh the very same numbers. Whatever was not found counts 0, and a share of nothing is None, never
1: an outage must not pass.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from fractions import Fraction
from math import ceil, fsum
from statistics import median

from evals.questions import GoldSpan, Kind, Question
from evals.quotations import citation_precision, evidence_in_answer, figures_shown, found_again, quotes_of
from evals.rankings import RANKING_NAMES, ranking_scores, relevance
from evals.reliability import auroc, calibration_error, reliability
from ingest.document import Passage
from rag.answer import Answer, Status

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

    `quotes` counts citations and examples, `quotes_found` those that stand in the corpus at their offsets. `gold` is where the
    evidence stands, `relevant` the grades of the relevant passages by id: what a kept run needs to be judged again.
    """

    outcome: Outcome
    ranking: Mapping[str, float]
    evidence_found: bool
    quotes: int
    quotes_found: int
    gold: tuple[GoldSpan, ...] = ()
    relevant: Mapping[str, int] = field(default_factory=dict)

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
    whose first example, or citation where no example is shown, lies in one. `citation_precision`: of the citations of an answer
    to an answerable question, the share on evidence of any grade, meant over such answers. `figures_correct`: of the questions
    with expected figures, those whose answer shows all of them. `calibration_error`: see `evals.reliability`.
    """

    answerable: int
    unanswerable: int
    hit_1: float | None
    hit_5: float | None
    recall_1: float | None
    recall_5: float | None
    recall_20: float | None
    mrr_10: float | None
    ndcg_10: float | None
    evidence_in_answer: float | None
    citation_precision: float | None
    figures_correct: float | None
    answerable_refused: float | None
    unanswerable_not_answered: float | None
    expected_status: float | None
    absent_not_answered: float | None
    off_topic_not_answered: float | None
    hostile_not_answered: float | None
    answerability_auroc: float | None
    calibration_error: float | None
    territory_first: float | None
    follow_ups_resolved: float | None
    quotes: int
    citations_found_again: float | None
    words_median: float | None
    words_max: int | None
    removed_sentences: int

    def to_json(self) -> dict[str, float | None]:
        """The figures under their usual names, which floors.json uses too."""
        return {_usual_name(one.name): getattr(self, one.name) for one in fields(self)}


def _usual_name(field: str) -> str:
    """`hit_5` is written hit@5 in the field."""
    stem, _, depth = field.rpartition("_")
    return f"{stem}@{depth}" if depth.isdigit() else field


FIGURE_NAMES = tuple(_usual_name(one.name) for one in fields(Figures))


# By share: what a question adds to its numerator and to its denominator.
Counts = Mapping[str, tuple[float, float]]
_OF_TRAPS = {
    Kind.ABSENT: "absent_not_answered",
    Kind.OFF_TOPIC: "off_topic_not_answered",
    Kind.HOSTILE: "hostile_not_answered",
}
# The figures that are shares of questions; `citations_found_again` is one of quotations.
SHARES = (
    *RANKING_NAMES,
    "evidence_in_answer",
    "citation_precision",
    "figures_correct",
    "answerable_refused",
    "unanswerable_not_answered",
    "expected_status",
    *_OF_TRAPS.values(),
    "territory_first",
    "citations_found_again",
)
# Figures of which less is better.
LOWER_IS_BETTER = frozenset({"answerable_refused", "calibration_error"})


def judge(
    outcomes: Sequence[Outcome],
    gold: Mapping[str, Sequence[GoldSpan]],
    passages: Sequence[Passage],
    texts: Mapping[str, str],
) -> list[Judged]:
    """Judge every outcome; `gold` is by question id, `texts` are the repaired texts by publication id."""
    relevant = {o.question.id: relevance(gold[o.question.id], passages) for o in outcomes if o.question.answerable}
    found = [sum(found_again(quote, texts) for quote in quotes_of(outcome.answer)) for outcome in outcomes]
    return judge_found(outcomes, gold, relevant, found)


def judge_found(
    outcomes: Sequence[Outcome],
    gold: Mapping[str, Sequence[GoldSpan]],
    relevant: Mapping[str, Mapping[str, int]],
    quotes_found: Sequence[int],
) -> list[Judged]:
    """The same where relevance and the number of quotations found again, in the order of `outcomes`, are known already."""
    scores = ranking_scores(relevant, {outcome.question.id: outcome.ranking for outcome in outcomes})
    return [
        Judged(
            outcome=outcome,
            ranking=scores.get(outcome.question.id, {}),
            evidence_found=evidence_in_answer(gold[outcome.question.id], outcome.answer),
            quotes=len(quotes_of(outcome.answer)),
            quotes_found=found,
            gold=tuple(gold[outcome.question.id]),
            relevant=relevant.get(outcome.question.id, {}),
        )
        for outcome, found in zip(outcomes, quotes_found, strict=True)
    ]


def counts_of(entry: Judged) -> dict[str, tuple[float, float]]:
    """What a question adds to each of SHARES: to its numerator and denominator; a share it says nothing of is left out."""
    question, answer = entry.outcome.question, entry.outcome.answer
    values: dict[str, float] = {}
    if question.answerable:
        values = dict(entry.ranking) | {
            "evidence_in_answer": entry.evidence_found,
            "answerable_refused": not entry.answered,
        }
        precision = citation_precision(entry.gold, answer) if entry.answered else None
        if precision is not None:
            values["citation_precision"] = precision
        if question.expected_figures:
            values["figures_correct"] = entry.answered and figures_shown(question.expected_figures, answer)
        if question.expected_territories:
            values["territory_first"] = not entry.outcome.places.isdisjoint(question.expected_territories)
    else:
        values["unanswerable_not_answered"] = not entry.answered
        values["expected_status"] = answer.status in question.expected_status
        if question.kind in _OF_TRAPS:
            values[_OF_TRAPS[question.kind]] = not entry.answered
    counts = {name: (float(value), 1.0) for name, value in values.items()}
    return counts | ({"citations_found_again": (entry.quotes_found, entry.quotes)} if entry.quotes else {})


def summarise(judged: Sequence[Judged], follow_ups_resolved: float | None = None) -> Figures:
    """The figures of a group of questions; the share of follow-ups is measured apart and only carried."""
    pairs = [(entry.outcome.probability, entry.outcome.question.answerable) for entry in judged]
    asked, traps = ([probability for probability, can in pairs if can is side] for side in (True, False))
    answers = [entry.outcome.answer for entry in judged if entry.answered]
    words = [len(_MARK.sub(" ", answer.text).split()) for answer in answers]
    counts = [counts_of(entry) for entry in judged]
    shares = {name: _share(name, counts) for name in SHARES}
    return Figures(
        answerable=len(asked),
        unanswerable=len(traps),
        hit_1=shares["hit@1"],
        hit_5=shares["hit@5"],
        recall_1=shares["recall@1"],
        recall_5=shares["recall@5"],
        recall_20=shares["recall@20"],
        mrr_10=shares["mrr@10"],
        ndcg_10=shares["ndcg@10"],
        evidence_in_answer=shares["evidence_in_answer"],
        citation_precision=shares["citation_precision"],
        figures_correct=shares["figures_correct"],
        answerable_refused=shares["answerable_refused"],
        unanswerable_not_answered=shares["unanswerable_not_answered"],
        expected_status=shares["expected_status"],
        absent_not_answered=shares["absent_not_answered"],
        off_topic_not_answered=shares["off_topic_not_answered"],
        hostile_not_answered=shares["hostile_not_answered"],
        answerability_auroc=auroc(asked, traps),
        calibration_error=calibration_error(reliability(pairs)),
        territory_first=shares["territory_first"],
        follow_ups_resolved=follow_ups_resolved,
        quotes=sum(entry.quotes for entry in judged),
        citations_found_again=shares["citations_found_again"],
        words_median=median(words) if words else None,
        words_max=max(words, default=None),
        removed_sentences=sum(entry.outcome.answer.removed_sentences for entry in judged),
    )


def percentile(values: Sequence[float], share: Fraction) -> float:
    """The nearest-rank percentile: the smallest value that is not below `share` of all. Raises ValueError on none."""
    if not values:
        raise ValueError("percentile of no values")
    return sorted(values)[max(ceil(share * len(values)), 1) - 1]


def _share(name: str, counts: Sequence[Counts]) -> float | None:
    known = [of[name] for of in counts if name in of]
    return fsum(part for part, _ in known) / fsum(whole for _, whole in known) if known else None
