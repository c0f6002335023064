"""A page drawn by a process of its own, `python -m ingest.pdf.picture_process PAGE SHA256 SECONDS MEMORY_MB [MASKS]`.

In: the PDF on stdin, MASKS as JSON (a list of [left, top, right, bottom] in points). Out: the picture, packed. pdfium cannot be
interrupted and a file may bring it down: what a page may take of the processor and of memory is bounded here, the clock
by the caller. Exit status: 0, 1 refused (the reason on stderr); SIGXCPU ends it beyond SECONDS.
"""

from __future__ import annotations

import hashlib
import json
import resource
import sys
from collections.abc import Sequence

from ingest.document import Box
from ingest.errors import ReadError
from ingest.pdf.packed import pack
from ingest.pdf.picture import draw_page


def main(argv: Sequence[str]) -> int:
    """Draw one page."""
    page, sha256, seconds, memory_mb = int(argv[0]), argv[1], int(argv[2]), int(argv[3])
    masks = [Box(*box) for box in json.loads(argv[4])] if len(argv) > 4 else []
    _bound(seconds, memory_mb * 2**20)
    try:
        packed = pack(draw_page(_read(sha256), page, masks))
    except ReadError as error:
        print(error, file=sys.stderr)
        return 1
    except MemoryError:
        print(f"page {page}: needs more than {memory_mb} MB of memory", file=sys.stderr)
        return 1
    sys.stdout.buffer.write(packed)
    return 0


def _read(sha256: str) -> bytes:
    data = sys.stdin.buffer.read()
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        raise ReadError(f"sha256 is {found[:12]}…, expected {sha256[:12]}… (was the file replaced? build the index)")
    return data


def _bound(seconds: int, memory: int) -> None:
    for what, most in ((resource.RLIMIT_CPU, seconds), (resource.RLIMIT_DATA, memory)):
        _, hard = resource.getrlimit(what)
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (bound, hard))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
