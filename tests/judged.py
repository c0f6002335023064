"""Judged questions made by hand, for tests of what is computed from them."""

from __future__ import annotations

from collections.abc import Sequence

from evals.measures import Judged, Outcome, judge_found
from evals.questions import Evidence, GoldSpan, Kind, Question, Split
from ingest.document import Span
from rag.answer import Answer, Citation, Status

SEGMENT = "Le jardin"


def a_question(number: int, *, kind: Kind = Kind.FACT, split: Split = Split.DEV) -> Question:
    """Number `number`; answerable unless its kind is a trap's."""
    answerable = kind not in {Kind.ABSENT, Kind.OFF_TOPIC, Kind.HOSTILE}
    return Question(
        id=f"q{number:03}",
        question=f"Question {number} ?",
        kind=kind,
        answerable=answerable,
        expected_status=(Status.ANSWERED if answerable else Status.NO_ANSWER,),
        evidence=(Evidence(publication="p", page=1, segment=SEGMENT, grade=2),) if answerable else (),
        split=split,
        note="",
        where=f"questions.jsonl:{number}",
    )


def a_judgement(
    question: Question, *, answered: bool, good: bool = True, probability: float = 0.5, milliseconds: float = 1.0
) -> Judged:
    """What the assistant did with it: an answer cites the evidence, or where not `good` another place."""
    quote, start, passage = (SEGMENT, 0, "p:good") if good else ("de Dijon", 20, "p:bad")
    citation = Citation(
        n=1,
        quote=quote,
        passage_id=passage,
        publication_id="p",
        title="T",
        publisher="RTES",
        date=None,
        page=1,
        start=start,
        end=start + len(quote),
        url=None,
        raw_quote=quote,
    )
    answer = Answer(
        question=question.question,
        question_understood=question.question,
        status=Status.ANSWERED if answered else Status.NO_ANSWER,
        text=f"« {quote}\u2028» [1]" if answered else "Rien.",
        citations=(citation,) if answered else (),
    )
    outcome = Outcome(
        question=question,
        answer=answer,
        ranking=("p:good", "p:bad") if good else ("p:bad", "p:good"),
        milliseconds=milliseconds,
        probability=probability,
        places=frozenset({"Dijon", "Bourgogne"}),
    )
    gold = (GoldSpan(publication="p", span=Span(0, len(SEGMENT)), grade=2),) if question.answerable else ()
    relevant = {question.id: {"p:good": 2}} if question.answerable else {}
    return judge_found([outcome], {question.id: gold}, relevant, [int(answered)])[0]


def some_judged(good: Sequence[bool], *, traps_answered: Sequence[bool] = ()) -> list[Judged]:
    """An answerable question for each of `good`, then a trap for each of `traps_answered`."""
    asked = [
        a_judgement(a_question(number), answered=True, good=one, probability=0.9 if one else 0.3)
        for number, one in enumerate(good)
    ]
    traps = [
        a_judgement(a_question(900 + number, kind=Kind.HOSTILE), answered=one, probability=0.6 if one else 0.1)
        for number, one in enumerate(traps_answered)
    ]
    return asked + traps
