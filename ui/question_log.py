"""Questions, kept for as many days as the operator says and not one more: what was understood, status, build, day.

Nothing of who asked: no address, no identifier, no time of day; e-mail addresses and telephone numbers are masked. A question
of today is deleted `days` days from now, whether or not another comes: at start, at each write, and when the day turns.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from rag.answer import Answer, Status
from ui.database import Database
from ui.masking import masked

_SCHEMA = """
CREATE TABLE IF NOT EXISTS questions (
    day TEXT NOT NULL, question TEXT NOT NULL, status TEXT NOT NULL, index_build TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS questions_by_day ON questions (day);
"""
_log = logging.getLogger(__name__)


def today() -> date:
    """The day, UTC."""
    return datetime.now(UTC).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question of the log."""

    day: str
    question: str
    status: str
    index_build: str


class QuestionLog:
    """The questions of the last `days` days, at least 1."""

    def __init__(self, path: Path, days: int, *, clock: Callable[[], date] = today) -> None:
        self._database = Database(path, _SCHEMA)
        self._days = days
        self._clock = clock
        self.purge()

    def note(self, answer: Answer) -> None:
        """Keep what was asked; what was no question is not kept. A fault is logged, and the answer goes its way."""
        if not answer.question_understood:
            return
        row = (
            self._clock().isoformat(), masked(answer.question_understood), answer.status.value, answer.index_build or "",
        )  # fmt: skip
        try:
            self.purge()
            self._database.write("INSERT INTO questions VALUES (?, ?, ?, ?)", row)
        except sqlite3.Error as error:
            _log.error("a question could not be kept: %s", error)  # SQLite's words: nothing of the question

    def purge(self) -> int:
        """Delete what is older; how many questions that were."""
        first_kept = self._clock() - timedelta(days=self._days - 1)
        gone = self._database.write("DELETE FROM questions WHERE day < ?", (first_kept.isoformat(),))
        if gone:
            self._database.forget()
        return gone

    def unanswered(self, since: date | None = None) -> list[Asked]:
        """Questions of the field that the publications do not answer, oldest first."""
        rows = self._database.rows(
            "SELECT * FROM questions WHERE status = ? AND day >= ? ORDER BY day, question",
            (Status.NO_ANSWER.value, since.isoformat() if since else ""),
        )
        return [Asked(**dict(row)) for row in rows]

    def close(self) -> None:
        """Close the file."""
        self._database.close()


def delete_log(path: Path) -> None:
    """What was kept while the log was on does not outlive its being switched off."""
    for name in (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))):
        name.unlink(missing_ok=True)
