"""The process that reads files, one after the other, for `ingest.reading`: `python -m ingest.reader_process FD MEMORY_MB PID`.

In: pickled (corpus, publication) pairs over the socket FD, from the process PID that started this one. Out: READY, then for
each the document as JSON, or the reason why there is none. It ends when the other side closes. What a reader refuses is an
answer; any other exception ends this process, and the other side tells what stood last on stderr.
"""

from __future__ import annotations

import os
import resource
import sys
import threading
from collections.abc import Sequence
from dataclasses import asdict
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter
from typing import Any

from ingest.document import Publication
from ingest.document_json import document_to_json
from ingest.errors import ReadError
from ingest.read import read_publication

# The first thing said: what comes after is the file's time, not the start's.
READY = "ready"
_WATCH_SECONDS = 1.0


def main(argv: Sequence[str]) -> int:
    """Serve until the other side closes."""
    # The builder's own word on who it is: it may be gone before we could ask.
    descriptor, memory_mb, builder = (int(argument) for argument in argv)
    # What is printed by a library must not come between the answers, nor stop this process when nobody listens.
    os.dup2(2, 1)
    _bound_memory(memory_mb)
    threading.Thread(target=_end_with, args=(builder,), daemon=True).start()
    with Connection(descriptor) as line:
        line.send(READY)
        while True:
            try:
                corpus, publication = line.recv()
                line.send(answer(corpus, publication))
            except (EOFError, BrokenPipeError, ConnectionResetError):
                return 0


def answer(corpus: Path, publication: Publication) -> dict[str, Any]:
    """{"document", "publication", "seconds"} or {"reason", "seconds"}."""
    start = perf_counter()
    result: dict[str, Any]
    try:
        document = read_publication(corpus, publication)
        # A reader may fill in what the catalogue's line leaves open.
        result = {"document": document_to_json(document), "publication": asdict(document.publication)}
    except ReadError as error:
        result = {"reason": str(error)}
    except MemoryError:
        result = {"reason": f"{publication.file}: needs more memory than a file may take (see READ_MEMORY_MB)"}
    except RecursionError:
        result = {"reason": f"{publication.file}: is nested too deep to be read"}
    return {**result, "seconds": perf_counter() - start}


def _bound_memory(megabytes: int) -> None:
    """Stop one allocation that is too large at once; what grows is stopped by the process that watches this one.

    Data and not address space: libraries map files and reserve far more addresses than they use.
    """
    limit = megabytes * 2**20
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


def _end_with(builder: int) -> None:
    """A builder that was killed cannot tell its readers; one of them may be deep in a file."""
    wait = threading.Event()
    while os.getppid() == builder:
        wait.wait(_WATCH_SECONDS)
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
