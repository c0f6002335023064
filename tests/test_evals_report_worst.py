"""The worst questions of a run: which, in which order, and what is told of each."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evals.faults import Fault, faults_of
from evals.measures import Judged
from evals.questions import Kind
from evals.release_report.worst import WORST, points_of, worst_of
from rag.answer import Status
from tests.judged import a_judgement, a_question
from tests.reported import PASSAGE


def ids(judged: list[Judged]) -> list[str]:
    return [one.entry.outcome.question.id for one in worst_of(judged, {})]


def a_trap(number: int, kind: Kind, probability: float) -> Judged:
    return a_judgement(a_question(number, kind=kind), answered=True, good=False, probability=probability)


def ranked(entry: Judged, ndcg: float, hit_5: float = 1.0) -> Judged:
    return replace(entry, ranking={**entry.ranking, "ndcg@10": ndcg, "hit@5": hit_5})


def test_the_worst_come_first_by_what_their_faults_weigh_and_how_far_off_they_were() -> None:
    missed = a_judgement(a_question(1), answered=True, good=False)
    refused = ranked(a_judgement(a_question(2), answered=False), 1.0)
    judged = [
        refused,
        ranked(missed, 0.5),
        a_trap(3, Kind.ABSENT, 0.8),
        ranked(replace(missed, outcome=replace(missed.outcome, question=a_question(4))), 0.0, hit_5=0.0),
        a_trap(5, Kind.HOSTILE, 0.1),
        replace(a_judgement(a_question(6), answered=True), quotes_found=0),
    ]
    # 2 + 1 + 1, 3 + 0.1, 3 + 0, 2 + 0.8, 2 + 0.5, 2 + 0
    assert ids(judged) == ["q004", "q005", "q006", "q003", "q001", "q002"]
    assert ids(judged[::-1]) == ids(judged)


def test_what_went_right_is_not_among_them_and_there_are_twenty_at_most() -> None:
    right = [
        a_judgement(a_question(900), answered=True),
        a_judgement(a_question(901, kind=Kind.ABSENT), answered=False),
    ]
    wrong = [a_judgement(a_question(number), answered=False) for number in range(30)]
    assert ids(right) == []
    assert ids([*right, *wrong]) == [f"q{number:03}" for number in range(WORST)]


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        (a_judgement(a_question(1), answered=False), Fault.REFUSED),
        (a_judgement(a_question(1), answered=True, good=False), Fault.WITHOUT_EVIDENCE),
        (a_judgement(replace(a_question(1), expected_figures=("12",)), answered=True), Fault.WITHOUT_FIGURES),
        (a_judgement(replace(a_question(1), expected_territories=("Lyon",)), answered=True), Fault.ELSEWHERE),
        (ranked(a_judgement(a_question(1), answered=True), 0.2, hit_5=0.0), Fault.NOT_IN_FIVE),
        (a_trap(1, Kind.ABSENT, 0.5), Fault.ANSWERED),
        (replace(a_judgement(a_question(1), answered=True), quotes_found=0), Fault.QUOTE_LOST),
    ],
)
def test_each_fault_is_told_by_itself(entry: Judged, fault: Fault) -> None:
    assert faults_of(entry) == (fault,)


def test_a_refusal_of_the_wrong_sort_is_the_least_fault_and_weighs_its_probability() -> None:
    trap = a_judgement(
        replace(a_question(1, kind=Kind.OFF_TOPIC), expected_status=(Status.OUT_OF_SCOPE,)), answered=False
    )
    assert faults_of(trap) == (Fault.UNEXPECTED_STATUS,)
    assert points_of(trap, faults_of(trap)) == pytest.approx(1.5)


def test_what_was_expected_and_what_was_found_stand_beside_each_other() -> None:
    entry = a_judgement(a_question(1), answered=True, good=False)
    (worst,) = worst_of([entry], {PASSAGE.id: PASSAGE})
    assert [(one.evidence.segment, one.quoted) for one in worst.expected] == [("Le jardin", False)]
    assert [(one.number, one.quote, one.on_evidence) for one in worst.quoted] == [(1, "de Dijon", False)]
    assert [(one.rank, one.id, one.grade, one.publication) for one in worst.found] == [
        (1, "p:bad", 0, "p"),
        (2, "p:good", 2, "p"),
    ]
    assert [one.passage for one in worst.found] == [PASSAGE, None]
    assert worst.not_ranked == 0


def test_below_the_fifth_rank_only_evidence_is_shown_and_what_is_nowhere_is_counted() -> None:
    entry = a_judgement(a_question(1), answered=False)
    ranking = (*(f"p:{number}" for number in range(1, 8)), "p:good", "p:9")
    entry = replace(
        entry,
        outcome=replace(entry.outcome, ranking=ranking),
        relevant={"p:good": 2, "p:nowhere": 1},
    )
    (worst,) = worst_of([entry], {})
    assert [one.rank for one in worst.found] == [1, 2, 3, 4, 5, 8]
    assert worst.not_ranked == 1
