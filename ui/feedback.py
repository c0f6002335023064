"""What a user said of an answer: read from JSON, kept in a SQLite file, given out again.

Kept: useful or not, the comment, the answer with its citations and the build it came from, the day. Nothing of who sent it;
e-mail addresses and telephone numbers in what was typed are masked. Refused (BadFeedback): what is not of the form or too
long.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from rag.answer import Status
from ui import texts
from ui.database import Database
from ui.masking import masked
from ui.question_log import today

MAX_COMMENT = 1000
# A question has 500 characters; completed from the conversation, somewhat more. An answer has 400 words.
_MOST = {"question_understood": 2000, "text": 20_000, "index_build": 100}
_MAX_CITATIONS, _MAX_ID = 100, 200
_STATUSES = tuple(status.value for status in Status)
_SCHEMA = """
CREATE TABLE IF NOT EXISTS feedback (
    day TEXT NOT NULL, useful INTEGER NOT NULL, comment TEXT NOT NULL, question TEXT NOT NULL, answer TEXT NOT NULL,
    status TEXT NOT NULL, index_build TEXT NOT NULL, citations TEXT NOT NULL
) STRICT;
"""


class BadFeedback(Exception):
    """What was sent is not of the form; the message says which field, in French."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """A stretch of a publication that the answer quoted."""

    publication_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """One opinion on one answer."""

    useful: bool
    comment: str
    question: str
    answer: str
    status: str
    index_build: str
    citations: tuple[Cited, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept(Feedback):
    """Feedback with the day on which it came, YYYY-MM-DD (UTC)."""

    day: str


def parse_feedback(data: object) -> Feedback:
    """Read `{"useful", "comment"?, "answer": {...}}`; other keys are ignored. Raises BadFeedback.

    The question goes along only where its author wants that: `question_understood` may be absent.
    """
    if not isinstance(data, dict):
        raise BadFeedback(texts.FEEDBACK_NOT_AN_OBJECT)
    useful, comment, answer = data.get("useful"), data.get("comment", ""), data.get("answer")
    if not isinstance(useful, bool):
        raise BadFeedback(texts.FEEDBACK_USEFUL)
    if not isinstance(comment, str) or len(comment) > MAX_COMMENT:
        raise BadFeedback(texts.FEEDBACK_COMMENT.format(most=MAX_COMMENT))
    if not isinstance(answer, dict):
        raise BadFeedback(texts.FEEDBACK_ANSWER)
    if answer.get("status") not in _STATUSES:
        raise BadFeedback(texts.FEEDBACK_STATUS.format(known=", ".join(_STATUSES)))
    return Feedback(
        useful=useful,
        comment=_typed(comment),
        question=_typed(_text(answer, "question_understood")) if "question_understood" in answer else "",
        answer=_valid(_text(answer, "text")),
        status=answer["status"],
        index_build=_valid(_text(answer, "index_build")),
        citations=_citations(answer.get("citations", [])),
    )


def _text(answer: Mapping[str, object], field: str) -> str:
    value = answer.get(field)
    if not isinstance(value, str) or len(value) > _MOST[field]:
        raise BadFeedback(texts.FEEDBACK_TEXT.format(field=field, most=_MOST[field]))
    return value


def _typed(text: str) -> str:
    """What a person wrote, without contacts."""
    return masked(_valid(text).strip())


def _valid(text: str) -> str:
    """Text that UTF-8 and SQLite carry: JSON brings half surrogate pairs and NUL."""
    return text.encode("utf-8", "replace").decode().replace("\0", "")


def _citations(rows: object) -> tuple[Cited, ...]:
    if not isinstance(rows, list) or len(rows) > _MAX_CITATIONS or not all(map(_is_citation, rows)):
        raise BadFeedback(texts.FEEDBACK_CITATIONS.format(most=_MAX_CITATIONS))
    return tuple(
        Cited(publication_id=_valid(row["publication_id"]), start=row["start"], end=row["end"]) for row in rows
    )


def _is_citation(row: object) -> bool:
    if not isinstance(row, dict):
        return False
    name, start, end = row.get("publication_id"), row.get("start"), row.get("end")
    return isinstance(name, str) and 0 < len(name) <= _MAX_ID and _is_offset(start) and _is_offset(end)


def _is_offset(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31


class FeedbackStore:
    """The feedback in one SQLite file."""

    def __init__(self, path: Path, *, clock: Callable[[], date] = today, max_pages: int | None = None) -> None:
        self._database = Database(path, _SCHEMA, **({"max_pages": max_pages} if max_pages else {}))
        self._clock = clock

    def add(self, feedback: Feedback) -> None:
        """Keep one. Raises sqlite3.Error when the file cannot be written, or is full."""
        citations = [[cited.publication_id, cited.start, cited.end] for cited in feedback.citations]
        values: tuple[Any, ...] = (
            self._clock().isoformat(), int(feedback.useful), feedback.comment, feedback.question, feedback.answer,
            feedback.status, feedback.index_build, json.dumps(citations, ensure_ascii=False),
        )  # fmt: skip
        self._database.write("INSERT INTO feedback VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)

    def all(self) -> Iterator[Kept]:
        """All that is kept, in the order in which it came."""
        for row in self._database.rows("SELECT * FROM feedback ORDER BY rowid"):
            cited = (
                Cited(publication_id=name, start=start, end=end) for name, start, end in json.loads(row["citations"])
            )
            facts = dict(row) | {"useful": bool(row["useful"]), "citations": tuple(cited)}
            yield Kept(**facts)

    def delete_before(self, day: date) -> int:
        """Delete what came before `day`; how much that was."""
        gone = self._database.write("DELETE FROM feedback WHERE day < ?", (day.isoformat(),))
        self._database.forget()
        return gone

    def close(self) -> None:
        """Close the file."""
        self._database.close()
