"""A publication and the number of a page -> the picture of that page, drawn once, in a process of its own, and kept.

In: publications as a build has them (id, file, digest of the file that was read). Out: a picture, or None where there is none
to be had, with a line in the log that says why. Refused: what is no PDF, a file outside the corpus folder (never opened), one
that is not the file that was indexed. At most `_AT_WORK` pages are drawn at a time and `_WAITING` wait; who comes beyond
gets None at once.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from ingest.document import Box, Publication
from ingest.pdf.packed import EDITION, PagePicture, unpack
from ingest.programs import environment
from ui.picture_cache import PictureCache

# A page takes 0.3 to 1 s of a core, its process included; two at a time leave a small machine its answers.
_AT_WORK, _WAITING = 2, 8
_MOST_MASKS = 200
_MOST_BYTES = 200_000_000  # of a file: twice what is fetched
_FORGIVEN_AFTER = 300.0  # seconds until what could not be drawn is tried again
_MOST_FAILURES = 1000
MAX_PAGE = 10_000
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What drawing one page may take: seconds of the processor, of the clock (the processor may be busy), megabytes."""

    processor_seconds: int = 10
    clock_seconds: float = 30.0
    memory_mb: int = 1024


class Pictures:
    """Pictures of the pages of PDFs under `corpus`. Thread-safe."""

    def __init__(
        self,
        corpus: Path,
        cache: PictureCache,
        bounds: Bounds | None = None,
        now: Callable[[], float] = monotonic,
    ) -> None:
        self._corpus = corpus
        self._cache = cache
        self._bounds = bounds or Bounds()
        self._now = now
        self._at_work = threading.BoundedSemaphore(_AT_WORK)
        self._places = threading.BoundedSemaphore(_AT_WORK + _WAITING)
        self._failed: dict[str, float] = {}

    def page(self, publication: Publication, number: int, masks: Sequence[Box] = ()) -> PagePicture | None:
        """The page of that number, counted from 1; `masks` are places that are painted over."""
        if not is_pdf(publication) or publication.sha256 is None or not 1 <= number <= MAX_PAGE:
            return None
        key = _key(publication.sha256, number, masks)
        known = self._cache.get(key)
        if known is not None or self._has_failed(key):
            return known
        with self._place() as there_is_room:
            if not there_is_room:
                _log.warning("%s, page %d: not drawn, too many are waiting", publication.id, number)
                return None
            # Whoever was before us may have drawn it.
            return self._cache.get(key) or self._draw(publication, number, masks[:_MOST_MASKS], key)

    def _draw(self, publication: Publication, number: int, masks: Sequence[Box], key: str) -> PagePicture | None:
        try:
            packed = self._packed(publication, number, masks)
            picture = unpack(packed)
        except (OSError, ValueError, RuntimeError) as error:  # RuntimeError: links that lead in a circle
            _log.warning("%s, page %d: no picture: %s", publication.id, number, error)
            self._note_failure(key)
            return None
        self._cache.put(key, packed)
        return picture

    def _packed(self, publication: Publication, number: int, masks: Sequence[Box]) -> bytes:
        """What the process gave. Raises OSError (no such file), ValueError (it is refused, or too much)."""
        bounds = self._bounds
        numbers = [str(publication.sha256), str(bounds.processor_seconds), str(bounds.memory_mb)]
        command = [sys.executable, "-m", "ingest.pdf.picture_process", str(number), *numbers, json.dumps(masks)]
        with _opened(self._corpus, publication.file or "") as descriptor:
            try:
                done = subprocess.run(  # noqa: S603  # our own module, numbers of our own making
                    command,
                    stdin=descriptor,
                    capture_output=True,
                    timeout=bounds.clock_seconds,
                    env=environment(),
                    check=False,
                )
            except subprocess.TimeoutExpired as error:
                raise ValueError(f"not drawn within {bounds.clock_seconds:g} s") from error
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip().splitlines()
            raise ValueError(said[-1] if said else f"its process ended with status {done.returncode}")
        return done.stdout

    @contextmanager
    def _place(self) -> Iterator[bool]:
        """A place at work, after waiting for it; False when too many wait already."""
        if not self._places.acquire(blocking=False):
            yield False
            return
        try:
            with self._at_work:
                yield True
        finally:
            self._places.release()

    def _has_failed(self, key: str) -> bool:
        return self._now() - self._failed.get(key, -_FORGIVEN_AFTER) < _FORGIVEN_AFTER

    def _note_failure(self, key: str) -> None:
        if len(self._failed) >= _MOST_FAILURES:
            self._failed.clear()
        self._failed[key] = self._now()


def is_pdf(publication: Publication) -> bool:
    """Whether the publication's file is said to be a PDF."""
    if publication.file is None:
        return False
    named = publication.file.lower().endswith(".pdf")
    return named if publication.media_type is None else publication.media_type.endswith("pdf")


def _key(sha256: str, number: int, masks: Sequence[Box]) -> str:
    return hashlib.sha256(json.dumps([EDITION, sha256, number, masks]).encode()).hexdigest()


@contextmanager
def _opened(corpus: Path, name: str) -> Iterator[int]:
    """A descriptor of a plain file inside the corpus folder. Raises OSError, ValueError.

    The path is resolved first, so that a symbolic link that leads out is not followed; opening does not wait for a pipe.
    """
    home = corpus.resolve()
    path = (home / name).resolve()
    if not path.is_relative_to(home):
        raise ValueError(f"{name}: lies outside the corpus folder")
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise ValueError(f"{name}: is not a plain file")
        if status.st_size > _MOST_BYTES:
            raise ValueError(f"{name}: has {status.st_size} bytes, at most {_MOST_BYTES} are drawn from")
        yield descriptor
    finally:
        os.close(descriptor)
