"""A small SQLite file of ours: opened or made, readable by its owner alone, bounded in size, what is deleted overwritten.

In: a path and a schema. Out: a `Database`, whose calls from several threads take turns. Raises sqlite3.Error (also when the
file is full) and OSError.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

# Beyond it SQLite says that the disk is full: whoever can send cannot fill the disk. 200 MB of pages of 4 kB.
_MAX_PAGES = 51_200
_PATIENCE_SECONDS = 5.0


class Database:
    """One open file in WAL mode, so that a command can read while the server writes."""

    def __init__(self, path: Path, schema: str, *, max_pages: int = _MAX_PAGES) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        self._turn = threading.Lock()
        self._connection = sqlite3.connect(
            path, timeout=_PATIENCE_SECONDS, isolation_level=None, check_same_thread=False
        )
        self._connection.row_factory = sqlite3.Row
        for pragma in ("journal_mode = WAL", "secure_delete = ON", f"max_page_count = {max_pages}"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.executescript(schema)

    def write(self, statement: str, values: Sequence[Any] = ()) -> int:
        """Run one statement, committed when this returns; how many rows it changed."""
        with self._turn:
            return self._connection.execute(statement, values).rowcount

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[sqlite3.Row]:
        """All rows that a query finds."""
        with self._turn:
            return self._connection.execute(query, values).fetchall()

    def forget(self) -> None:
        """Take what was deleted out of the log beside the file, too, as far as no one is reading."""
        with self._turn:
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close the file."""
        with self._turn:
            self._connection.close()
