"""A new question -> the last line of the question set, or nothing.

In: the set's file and a question without number. Out: the question as it was written, under the next number. The whole set
with its new line is validated as `python -m evals validate` does before the file is replaced, in one step; one author writes
at a time. Refused (QuestionsError): whatever the validator refuses, and a file that cannot be written; then it is as it was.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from evals.questions import Question, QuestionsError, Source, load_questions, locate


def next_id(questions: Sequence[Question]) -> str:
    """One more than the highest number: a question that is dropped leaves its number unused."""
    return f"q{max((int(question.id[1:]) for question in questions), default=0) + 1:03}"


def line_of(question: Question) -> str:
    """The question's line, without line break."""
    row: dict[str, Any] = asdict(question)
    del row["where"]
    for optional in ("history", "expected_territories", "expected_figures"):
        if not row[optional]:
            del row[optional]
    return json.dumps(row, ensure_ascii=False)


def append(path: Path, question: Question, sources: Mapping[str, Source]) -> Question:
    """Write the question behind the others of `path`. Raises QuestionsError."""
    path = path.resolve()  # a symbolic link stays one: what it leads to is replaced
    try:
        with _alone(path):
            numbered = replace(question, id=next_id(load_questions(path)))
            _replace(path, numbered, sources)
    except OSError as error:
        raise QuestionsError([f"{path}: not written: {error.strerror}; it is as it was"]) from error
    return numbered


def _replace(path: Path, question: Question, sources: Mapping[str, Source]) -> None:
    before = path.read_bytes()
    end = b"" if before.endswith(b"\n") else b"\n"
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    aside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(before + end + line_of(question).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        shutil.copymode(path, aside)
        _validate(aside, path, sources)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def _validate(aside: Path, path: Path, sources: Mapping[str, Source]) -> None:
    """Of the evidence only the new question's is looked for: the sources may be of an index that lacks the others'."""
    try:
        locate(load_questions(aside)[-1:], sources)
    except QuestionsError as error:
        raise QuestionsError([problem.replace(str(aside), str(path)) for problem in error.problems]) from error


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold the file that `path` names. It may be replaced while we wait for it: then what replaced it is held."""
    while True:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if os.path.samestat(os.fstat(file.fileno()), path.stat()):
                yield
                return
