"""One process at a time: a lock file in a folder, which ends with the process that holds it, however that ends."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ingest.errors import IngestError


@contextmanager
def held(folder: Path, error: type[IngestError], busy: str) -> Iterator[None]:
    """Hold `folder`, made if it is missing. Raises `error` when it cannot be written to, or with `busy` when it is held."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / ".lock").open("w")
    except OSError as fault:
        raise error(f"{folder}: expected a folder that can be written to, found: {fault.strerror}") from fault
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as fault:
            raise error(busy) from fault
        yield
