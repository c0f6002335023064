"""Further labelled questions, for the fit of answerability alone: lines {"id", "question", "answerable"}.

The questions of the set are few for so many signals, and most of those that are absent from it lie far from what the corpus
says. These lie near: a property that is not told of something that is ("Quel est le budget de l'ANCT ?"), a subject that is
absent from a place that is not ("Un garage solidaire à Nantes ?"). No figure is measured on them. Refused (QuestionsError, all
faults at once): lines of another form, an id or a question that stands twice, one that says nearly what a `test` question says.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.duplicates import Said, near_duplicates
from evals.questions import Question, QuestionsError, Split

NAME = "answerability.jsonl"
_FORM = '{"id": text, "question": text, "answerable": true or false}'


@dataclass(frozen=True, slots=True, kw_only=True)
class Further:
    """One line."""

    id: str
    question: str
    answerable: bool


def load_further(path: Path, questions: Sequence[Question]) -> list[Further]:
    """The lines of `path`, held against the `test` half of `questions`. Raises QuestionsError, OSError."""
    rows = list(enumerate(path.read_text(encoding="utf-8").removesuffix("\n").split("\n"), start=1))
    read = [(number, _read(line)) for number, line in rows]
    faults = [f"{path}:{number}: {line!r}, expected {_FORM}" for number, line in rows if _read(line) is None]
    lines = [(number, line) for number, line in read if line is not None]
    faults += [
        f"{path}: {value!r} stands {count} times"
        for values in ((line.id for _, line in lines), (line.question for _, line in lines))
        for value, count in Counter(values).items()
        if count > 1
    ]
    faults += _leaks(path, lines, questions)
    if faults:
        raise QuestionsError(faults)
    return [line for _, line in lines]


def _leaks(path: Path, lines: Iterable[tuple[int, Further]], questions: Sequence[Question]) -> Iterator[str]:
    mine = [_said(line.id, f"{path}:{number}", line.question) for number, line in lines]
    test = [_said(q.id, "the question set", q.question) for q in questions if q.split is Split.TEST]
    for further, held in near_duplicates(mine, test):
        yield f"{further.where}: {further.id} says nearly what {held.id} (test) says, expected another question"


def _said(name: str, where: str, text: str) -> Said:
    return Said(id=name, where=where, key=name, texts=(text,))


def _read(line: str) -> Further | None:
    try:
        row: Any = json.loads(line)
    except ValueError:
        return None
    form = {"id": str, "question": str, "answerable": bool}
    if not isinstance(row, dict) or row.keys() != form.keys():
        return None
    if not all(isinstance(row[name], kind) for name, kind in form.items()) or not row["question"].strip():
        return None
    return Further(**row)
