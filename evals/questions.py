"""The question set: `questions.jsonl` -> Questions, and whether their evidence still stands in the corpus.

Refused (QuestionsError, all problems at once, each with file:line and what is expected): a line that is no JSON or not
of `questions.schema.json`, an id or question given twice, a `dev` and a `test` question that are near-duplicates, kinds whose
halves `dev` and `test` are uneven; and, by `locate`, a segment that does not stand exactly once in its publication's repaired
text, or stands on another page.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from evals.duplicates import Said, near_duplicates, told
from evals.spans import FoldedText
from ingest.document import Span
from rag.answer import Status, Turn
from rag.request import AskRequest

SCHEMA = Path(__file__).with_name("questions.schema.json")


class Kind(StrEnum):
    """What sort of question. The last three cannot be answered from the corpus."""

    HOW_TO = "how_to"
    FACT = "fact"
    EXAMPLE = "example"
    DEFINITION = "definition"
    KEYWORDS = "keywords"
    MISSPELT = "misspelt"
    ENGLISH = "english"
    TERRITORY = "territory"
    ABSENT = "absent"
    OFF_TOPIC = "off_topic"
    HOSTILE = "hostile"


class Split(StrEnum):
    """`DEV` may be tuned on, `TEST` never."""

    DEV = "dev"
    TEST = "test"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A place that answers (grade 2) or helps (grade 1). `page` is physical and 1-based, None for HTML."""

    publication: str
    page: int | None
    segment: str
    grade: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One line of the set. `where` is its file and line, for messages; `history` are the turns before it, oldest first.

    `expected_territories` are names as the gazetteer gives them: what is shown first lies in one of them. `expected_figures`
    are figures that a right answer shows, as it writes them.
    """

    id: str
    question: str
    kind: Kind
    answerable: bool
    expected_status: tuple[Status, ...]
    evidence: tuple[Evidence, ...]
    split: Split
    note: str
    where: str
    history: tuple[Turn, ...] = ()
    expected_territories: tuple[str, ...] = ()
    expected_figures: tuple[str, ...] = ()

    @property
    def request(self) -> AskRequest:
        """What is put to the assistant."""
        return AskRequest(question=self.question, history=self.history)

    @property
    def conversation(self) -> str:
        """All that was asked, the question last: what tells one follow-up from another."""
        return " / ".join((*(turn.question for turn in self.history), self.question))


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A publication's repaired text and the page of each stretch of it (stretches sorted and disjoint)."""

    text: FoldedText
    pages: tuple[tuple[Span, int | None], ...]

    def pages_of(self, span: Span) -> set[int | None]:
        """Pages that the span lies on."""
        return {page for stretch, page in self.pages if stretch.overlaps(span)}


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldSpan:
    """Evidence, found: a stretch of the publication's repaired text."""

    publication: str
    span: Span
    grade: int


class QuestionsError(Exception):
    """The question set is not what it must be; `problems` are all of them, one line each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


def load_questions(path: Path) -> tuple[Question, ...]:
    """Read and check the set. Raises QuestionsError with every problem."""
    questions, problems = read_questions(path)
    if problems:
        raise QuestionsError(problems)
    return questions


def read_questions(path: Path) -> tuple[tuple[Question, ...], list[str]]:
    """The lines that are sound by themselves, and every problem of the set. Raises QuestionsError for what cannot be read."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionsError([f"{path}: cannot be read: {error}"]) from error
    validator = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    problems: list[str] = []
    questions: list[Question] = []
    for number, line in enumerate(lines, start=1):
        where = f"{path}:{number}"
        row, found = read_row(line, validator)
        problems += [f"{where}: {problem}" for problem in found]
        if not found:
            questions.append(_question(row, where))
    problems += _given_twice(questions)
    problems += _leaking(questions)
    if len(questions) == len(lines):  # halves mean nothing while lines are missing
        problems += _uneven_halves(path, questions)
    if not lines:
        problems.append(f"{path}: is empty, expected one question a line")
    return tuple(questions), problems


def locate(questions: Sequence[Question], sources: Mapping[str, Source]) -> dict[str, tuple[GoldSpan, ...]]:
    """Where the evidence of each question stands, by question id. Raises QuestionsError with every problem."""
    gold: dict[str, tuple[GoldSpan, ...]] = {}
    problems: list[str] = []
    for question in questions:
        spans: list[GoldSpan] = []
        for evidence in question.evidence:
            found = _find(evidence, sources)
            if isinstance(found, str):
                problems.append(f"{question.where}: {question.id}: {found}")
            else:
                spans.append(GoldSpan(publication=evidence.publication, span=found, grade=evidence.grade))
        gold[question.id] = tuple(spans)
    if problems:
        raise QuestionsError(problems)
    return gold


def _find(evidence: Evidence, sources: Mapping[str, Source]) -> Span | str:
    """The evidence's only place, or what is wrong with it."""
    source = sources.get(evidence.publication)
    if source is None:
        known = ", ".join(sorted(sources)) or "none"
        return f"publication {evidence.publication!r} is not in the corpus, expected one of: {known}"
    spans = source.text.find_all(evidence.segment)
    if len(spans) != 1:
        hint = "correct its wording" if not spans else "lengthen it"
        return (
            f"segment {evidence.segment!r} stands {len(spans)} times in {evidence.publication}, expected once ({hint})"
        )
    pages = source.pages_of(spans[0])
    if evidence.page not in pages:
        found = ", ".join(sorted(map(str, pages))) or "none"
        return f"segment {evidence.segment!r} stands on page {found}, the line says {evidence.page}"
    return spans[0]


def read_row(line: str, validator: Draft202012Validator) -> tuple[dict[str, Any], list[str]]:
    """A line's object and what is wrong with it."""
    try:
        row = json.loads(line)
    except ValueError as error:
        return {}, [f"is not JSON ({error}), expected one object"]
    errors = sorted(validator.iter_errors(row), key=lambda error: error.json_path)
    return row, [_message(error) for error in errors]


def _message(error: ValidationError) -> str:
    """jsonschema's words, and the schema's own where it has any."""
    meant = error.schema.get("description") if isinstance(error.schema, dict) else None
    return f"{error.json_path}: {error.message}" + (f" (expected: {meant})" if meant else "")


def _question(row: Mapping[str, Any], where: str) -> Question:
    return Question(
        id=row["id"],
        question=row["question"],
        kind=Kind(row["kind"]),
        answerable=row["answerable"],
        expected_status=tuple(Status(name) for name in row["expected_status"]),
        evidence=tuple(Evidence(**entry) for entry in row["evidence"]),
        split=Split(row["split"]),
        note=row["note"],
        where=where,
        history=tuple(Turn(**turn) for turn in row.get("history", ())),
        expected_territories=tuple(row.get("expected_territories", ())),
        expected_figures=tuple(row.get("expected_figures", ())),
    )


def said(question: Question) -> Said:
    """What the question says, for comparing it with others."""
    return Said(id=question.id, where=question.where, key=key_of(question.conversation), texts=(question.conversation,))


def key_of(text: str) -> str:
    """The same for questions that differ only in typography and capitals."""
    return FoldedText(text).folded.casefold()


def is_uneven(dev: int, test: int) -> bool:
    """Whether the halves of a kind are too far apart."""
    return abs(dev - test) > 1


def _leaking(questions: Sequence[Question]) -> Iterator[str]:
    halves = {split: [said(question) for question in questions if question.split is split] for split in Split}
    return told(near_duplicates(halves[Split.DEV], halves[Split.TEST]))


def _given_twice(questions: Sequence[Question]) -> Iterator[str]:
    first: dict[tuple[str, str], str] = {}
    for question in questions:
        for name, value in (("id", question.id), ("question", key_of(question.conversation))):
            earlier = first.setdefault((name, value), question.where)
            if earlier != question.where:
                yield f"{question.where}: {name} {value!r} stands at {earlier} already, expected another one"


def _uneven_halves(path: Path, questions: Sequence[Question]) -> Iterator[str]:
    counts = Counter((question.kind, question.split) for question in questions)
    for kind in Kind:
        dev, test = counts[kind, Split.DEV], counts[kind, Split.TEST]
        if is_uneven(dev, test):
            yield f"{path}: kind {kind}: {dev} dev and {test} test, expected halves (alternate them)"
