"""The folder of a corpus where files arrive, for one fetch at a time."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ingest.fetch.errors import FetchError

FOLDER = ".fetch"


@contextmanager
def only_fetcher(corpus: Path) -> Iterator[Path]:
    """The folder of parts, which git leaves alone. Raises FetchError while another process fetches there."""
    folder = corpus / FOLDER
    try:
        folder.mkdir(exist_ok=True)
        (folder / ".gitignore").write_text("*\n", encoding="utf-8")
        lock = (folder / ".lock").open("w")
    except OSError as error:
        raise FetchError(f"{folder}: expected a folder that can be written to, found: {error.strerror}") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise FetchError(f"{corpus}: another fetch is running there; wait for it to end") from error
        yield folder
