"""One line of a kept run's `answers.jsonl`: a judged question -> a JSON object, and back to what it was judged by.

Out goes the answer with its citations and examples, the evidence where it stood, the grades of the relevant passages and what
the question counts for each share. Back come the question of the set, the answer and the evidence; the counts are not read
back but made anew. Refused (RunError): a line that lacks something or holds it in another form, one whose question the set
does not have, or words or labels otherwise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evals.measures import Judged, Outcome, counts_of
from evals.questions import GoldSpan, Question
from evals.resampling import Counted
from ingest.document import Span
from rag.answer import Answer, Citation, Example, Status


class RunError(Exception):
    """A run cannot be kept, or a kept one is not what it must be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What a line says. `found` is how many of the quotations were found again when the run was made."""

    outcome: Outcome
    gold: tuple[GoldSpan, ...]
    relevant: Mapping[str, int]
    found: int


def line_of(entry: Judged) -> dict[str, Any]:
    """The object to write; no time is in it."""
    outcome, answer = entry.outcome, entry.outcome.answer
    return {
        "id": outcome.question.id,
        "question": outcome.question.question,
        "kind": outcome.question.kind.value,
        "split": outcome.question.split.value,
        "answerable": outcome.question.answerable,
        "status": answer.status.value,
        "text": answer.text,
        "probability": outcome.probability,
        "places": sorted(outcome.places),
        "citations": [
            {"n": one.n, "passage": one.passage_id, **_stretch(one), "page": one.page, "quote": one.quote}
            for one in answer.citations
        ],
        "examples": [
            {"title": one.title, "passage": one.passage_id, **_stretch(one), "page": one.page, "quote": one.quote}
            for one in answer.examples
        ],
        "removed_sentences": answer.removed_sentences,
        "quotes_found": entry.quotes_found,
        "evidence": [
            {"publication": one.publication, "start": one.span.start, "end": one.span.end, "grade": one.grade}
            for one in entry.gold
        ],
        "relevant": dict(sorted(entry.relevant.items())),
        "counts": {name: list(count) for name, count in counts_of(entry).items()},
    }


def read_line(row: Mapping[str, Any], question: Question, ranking: Sequence[str], where: str) -> Line:
    """The line as it was judged. `ranking` comes from the run. Raises RunError."""
    try:
        line = _line(row, question, ranking)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        reason = f"lacks {error}" if isinstance(error, KeyError) else str(error)
        raise RunError(f"{where}: is no line of a kept run: {reason} (keep the run again)") from error
    for name, found, expected in (
        ("question", row["question"], question.question),
        ("kind", row["kind"], question.kind.value),
        ("split", row["split"], question.split.value),
        ("answerable", row["answerable"], question.answerable),
    ):
        if found != expected:
            raise RunError(f"{where}: {name} is {found!r}, the question set has {expected!r} (keep the run again)")
    grades = [Counter((one.publication, one.grade) for one in spans) for spans in (line.gold, question.evidence)]
    if grades[0] != grades[1]:
        raise RunError(f"{where}: evidence is not that of the question set (keep the run again)")
    if not 0 <= line.found <= len(line.outcome.answer.citations) + len(line.outcome.answer.examples):
        raise RunError(f"{where}: quotes_found is {line.found}, expected no more than there are quotations")
    return line


def counted_line(row: Mapping[str, Any], where: str) -> Counted:
    """What the question counted for when the run was made, so that runs are compared without their question set.

    Raises RunError, for a line that could not be shown too.
    """
    try:
        _to_be_shown(row)
        return Counted(
            counts={str(name): (float(part), float(whole)) for name, (part, whole) in row["counts"].items()},
            probability=float(row["probability"]),
            answerable=bool(row["answerable"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RunError(f"{where}: is no line of a kept run: {error!r} (keep the run again)") from error


def _to_be_shown(row: Mapping[str, Any]) -> None:
    """Raises as the rest of a line does where it lacks what a reader is shown."""
    Status(row["status"])
    if not isinstance(row["text"], str):
        raise TypeError(f"text is {row['text']!r}, expected a string")
    for one in row["citations"]:
        _citation(one)


def _stretch(quote: Citation | Example) -> dict[str, Any]:
    return {"publication": quote.publication_id, "start": quote.start, "end": quote.end}


def _line(row: Mapping[str, Any], question: Question, ranking: Sequence[str]) -> Line:
    answer = Answer(
        question=row["question"],
        question_understood="",
        status=Status(row["status"]),
        text=str(row["text"]),
        citations=tuple(_citation(one) for one in row["citations"]),
        examples=tuple(_example(one) for one in row["examples"]),
        removed_sentences=int(row["removed_sentences"]),
    )
    probability = float(row["probability"])
    if not 0 <= probability <= 1:
        raise ValueError(f"probability is {probability}, expected one in [0, 1]")
    return Line(
        outcome=Outcome(
            question=question,
            answer=answer,
            ranking=tuple(ranking),
            milliseconds=0.0,
            probability=probability,
            places=frozenset(row["places"]),
        ),
        gold=tuple(
            GoldSpan(publication=one["publication"], span=Span(one["start"], one["end"]), grade=one["grade"])
            for one in row["evidence"]
        ),
        relevant={str(passage): int(grade) for passage, grade in row["relevant"].items()},
        found=int(row["quotes_found"]),
    )


def _citation(row: Mapping[str, Any]) -> Citation:
    return Citation(
        n=row["n"],
        quote=str(row["quote"]),
        passage_id=row["passage"],
        publication_id=row["publication"],
        title="",
        publisher="",
        date=None,
        page=row["page"],
        start=int(row["start"]),
        end=int(row["end"]),
        url=None,
        raw_quote="",
    )


def _example(row: Mapping[str, Any]) -> Example:
    return Example(
        title=str(row["title"]),
        territories=(),
        quote=str(row["quote"]),
        passage_id=row["passage"],
        publication_id=row["publication"],
        publication_title="",
        page=row["page"],
        start=int(row["start"]),
        end=int(row["end"]),
        url=None,
    )
