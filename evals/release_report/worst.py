"""Judged questions -> the worst of them, each with what was expected and what was found instead. Pure.

How bad a question went is the points of its faults, and how far off the assistant was, between 0 and 1: of an answerable
question what its ranking lacks of nDCG@10, of another the probability that it gave to being answerable. Ties go by id.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evals.faults import Fault, faults_of
from evals.measures import Judged
from evals.questions import Evidence, Kind
from evals.quotations import on_evidence, quotes_of
from ingest.document import Passage

# What a reader is misled by weighs most: a quotation that is none and an answer to abuse break a promise, an answer without
# evidence and a refusal fail one user, the rest makes an answer poorer. With 2 against 1 no distance turns that around.
POINTS = {
    Fault.QUOTE_LOST: 3,
    Fault.ANSWERED: 2,
    Fault.REFUSED: 2,
    Fault.WITHOUT_EVIDENCE: 2,
    Fault.WITHOUT_FIGURES: 1,
    Fault.ELSEWHERE: 1,
    Fault.NOT_IN_FIVE: 1,
    Fault.UNEXPECTED_STATUS: 1,
}
ANSWERED_ABUSE = 3
# How many questions a report shows, and how many passages of each; relevant ones further down are shown too.
WORST = 20
_FIRST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """Evidence of a question, and whether a citation or example of the answer stands on it."""

    evidence: Evidence
    quoted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A passage at its rank. `grade` is 0 where it is no evidence; `passage` is None where its text is not at hand."""

    rank: int
    id: str
    grade: int
    passage: Passage | None

    @property
    def publication(self) -> str:
        """The publication's id: a passage's begins with it."""
        return self.id.rpartition(":")[0] or self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """A citation or example of the answer: where it is from, whether it is on evidence. `number` is None for an example."""

    number: int | None
    publication: str
    page: int | None
    quote: str
    on_evidence: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Worst:
    """One question that went wrong. `not_ranked` is how many of its relevant passages are not in the ranking."""

    entry: Judged
    faults: tuple[Fault, ...]
    points: float
    expected: tuple[Expected, ...]
    quoted: tuple[Quoted, ...]
    found: tuple[Found, ...]
    not_ranked: int


def worst_of(judged: Sequence[Judged], passages: Mapping[str, Passage], count: int = WORST) -> tuple[Worst, ...]:
    """At most `count` of those that have a fault, the worst first. `passages` are by id."""
    wrong = [(entry, faults) for entry in judged if (faults := faults_of(entry))]
    ordered = sorted(wrong, key=lambda pair: (-points_of(*pair), pair[0].outcome.question.id))
    return tuple(_worst(entry, faults, passages) for entry, faults in ordered[:count])


def points_of(entry: Judged, faults: Sequence[Fault]) -> float:
    """How bad it went; see the head of this module."""
    question = entry.outcome.question
    abused = question.kind is Kind.HOSTILE and Fault.ANSWERED in faults
    points = sum(POINTS[fault] for fault in faults) + (ANSWERED_ABUSE - POINTS[Fault.ANSWERED] if abused else 0)
    return points + (1 - entry.ranking["ndcg@10"] if question.answerable else entry.outcome.probability)


def _worst(entry: Judged, faults: tuple[Fault, ...], passages: Mapping[str, Passage]) -> Worst:
    outcome = entry.outcome
    return Worst(
        entry=entry,
        faults=faults,
        points=points_of(entry, faults),
        expected=tuple(
            Expected(evidence=evidence, quoted=any(on_evidence(gold, quote) for quote in quotes_of(outcome.answer)))
            for evidence, gold in zip(outcome.question.evidence, entry.gold, strict=True)
        ),
        quoted=_quoted(entry),
        found=tuple(
            Found(rank=rank, id=name, grade=entry.relevant.get(name, 0), passage=passages.get(name))
            for rank, name in enumerate(outcome.ranking, start=1)
            if rank <= _FIRST or name in entry.relevant
        ),
        not_ranked=len(entry.relevant.keys() - set(outcome.ranking)),
    )


def _quoted(entry: Judged) -> tuple[Quoted, ...]:
    answer = entry.outcome.answer
    numbers = [citation.n for citation in answer.citations] + [None] * len(answer.examples)
    return tuple(
        Quoted(
            number=number,
            publication=quote.publication_id,
            page=quote.page,
            quote=quote.quote,
            on_evidence=any(on_evidence(gold, quote) for gold in entry.gold),
        )
        for number, quote in zip(numbers, quotes_of(answer), strict=True)
    )
