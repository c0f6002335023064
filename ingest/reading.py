"""Publications -> what was read of each, by processes of their own, with bounds on time and memory for each file.

A file that is too slow, takes too much memory or brings its reader down costs one clear reason; the others go on. Readers
are programs started anew (`ingest.reader_process`), not forks: the builder may hold a model and threads. Refused
(BuildError): readers that cannot be started at all.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from time import monotonic
from typing import IO, Any

import psutil  # type: ignore[import-untyped]  # comes without types

from ingest.document import Document, Publication
from ingest.document_json import document_from_json, publication_from_json
from ingest.errors import BuildError
from ingest.programs import environment
from ingest.reader_process import READY

# How often time and memory of the readers are looked at. A reader that allocates 1 GB/s passes its bound by 100 MB.
_TICK = 0.1
# A reader is replaced after so many files, or when what it keeps is half of what it may take: libraries leak.
_FILES_PER_READER = 200
# A second reader is not worth its start (0.3 s of imports) for less than this of text.
_BYTES_PER_READER = 300_000
# While tesseract works for a reader, its clock runs at a tenth: a page of OCR takes seconds, a hundred are not a fault.
_HELPED_RATE = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many processes read, and what one file may take: seconds of the clock, megabytes with all helpers."""

    workers: int = 2
    seconds: float = 120.0
    memory_mb: int = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one publication: its document, or the reason why there is none."""

    number: int
    document: Document | None = None
    reason: str = ""
    seconds: float = 0.0


def read_parallel(corpus: Path, publications: Sequence[Publication], limits: Limits) -> Iterator[Outcome]:
    """An outcome for each publication, as they come; `number` is the publication's place. Raises BuildError."""
    waiting = deque(enumerate(publications))
    readers: list[_Reader] = []
    workers = min(limits.workers, 1 + _bytes(corpus, publications) // _BYTES_PER_READER)
    try:
        while waiting or readers:
            while waiting and len(readers) < workers:
                readers.append(_Reader(limits))
                readers[-1].begin(corpus, *waiting.popleft())
            ready = set(wait([reader.line for reader in readers], timeout=_TICK))
            for reader in list(readers):
                outcome = reader.take() if reader.line in ready else reader.overdue()
                if outcome is None:
                    continue
                yield outcome
                if waiting and reader.fit:
                    reader.begin(corpus, *waiting.popleft())
                else:
                    readers.remove(reader)
                    reader.close()
    finally:
        for reader in readers:
            reader.close()


def _bytes(corpus: Path, publications: Sequence[Publication]) -> int:
    """How much there is to read; a file that is not there has nothing."""
    total = 0
    for publication in publications:
        with suppress(OSError):
            total += (corpus / publication.file).stat().st_size if publication.file else 0
    return total


class _Reader:
    """One process and what it is at. It leads a group of its own, so that its helpers go when it goes."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._files = 0
        self._spent = 0.0
        self._looked = self._began = 0.0
        self._number = 0
        self._publication: Publication | None = None
        self._stderr: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  # lives as long as the process; see close
        ours, theirs = socket.socketpair()
        with theirs:
            numbers = [str(number) for number in (theirs.fileno(), limits.memory_mb, os.getpid())]
            command = [sys.executable, "-m", "ingest.reader_process", *numbers]
            try:
                self._process = subprocess.Popen(  # noqa: S603  # our own module, numbers of our own making
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=self._stderr,
                    pass_fds=[theirs.fileno()],
                    # A tesseract with threads of its own takes longer when each core has a reader already.
                    env=environment(OMP_THREAD_LIMIT="1"),
                    start_new_session=True,
                )
            except OSError as error:
                ours.close()
                self._stderr.close()
                raise BuildError(f"{sys.executable}: cannot be started to read files: {error.strerror}") from error
        self.line: Connection[Any, Any] = Connection(ours.detach())
        self.fit = True

    def begin(self, corpus: Path, number: int, publication: Publication) -> None:
        """Hand over one file. A reader that is gone already is noticed when its answer is taken."""
        self._number, self._publication = number, publication
        self._files += 1
        self._spent, self._looked = 0.0, monotonic()
        self._began = self._looked
        try:
            self.line.send((corpus, publication))
        except OSError:
            self.fit = False

    def take(self) -> Outcome | None:
        """The answer that is there, or the reason why there will be none; None when the reader has just started."""
        try:
            answer = self.line.recv()
        except (EOFError, OSError):
            self.fit = False
            return self._failed(self._how_it_ended())
        if answer == READY:
            self._spent, self._looked = 0.0, monotonic()
            return None
        memory, _ = self._load()
        self.fit = self._files < _FILES_PER_READER and memory <= self._limits.memory_mb / 2
        if "reason" in answer:
            return Outcome(number=self._number, reason=answer["reason"], seconds=answer["seconds"])
        publication = publication_from_json(answer["publication"])
        document = document_from_json(publication, answer["document"])
        return Outcome(number=self._number, document=document, seconds=answer["seconds"])

    def overdue(self) -> Outcome | None:
        """The reason for which the file is given up now, if there is one."""
        memory, helped = self._load()
        now = monotonic()
        self._spent += (now - self._looked) * (_HELPED_RATE if helped else 1.0)
        self._looked = now
        if memory > self._limits.memory_mb:
            return self._given_up(f"took more than {self._limits.memory_mb} MB of memory (see READ_MEMORY_MB)")
        if self._spent > self._limits.seconds:
            return self._given_up(f"not read within {self._limits.seconds:g} s (see READ_TIMEOUT)")
        return None

    def close(self) -> None:
        """End the process and its helpers."""
        self.line.close()
        with suppress(ProcessLookupError):  # all gone already
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._stderr.close()

    def _given_up(self, why: str) -> Outcome:
        self.fit = False
        return self._failed(why)

    def _failed(self, why: str) -> Outcome:
        where = self._publication.file if self._publication else None
        return Outcome(number=self._number, reason=f"{where}: {why}", seconds=monotonic() - self._began)

    def _load(self) -> tuple[float, bool]:
        """Megabytes of the process and its helpers, and whether a helper is at work."""
        try:
            process = psutil.Process(self._process.pid)
            family = [process, *process.children(recursive=True)]
        except psutil.NoSuchProcess:
            return 0.0, False
        total = 0
        for member in family:
            try:
                total += member.memory_info().rss
            except psutil.NoSuchProcess:
                continue  # a helper that has just ended
        return total / 2**20, len(family) > 1

    def _how_it_ended(self) -> str:
        """Why the process is gone, in words."""
        status = self._process.wait()
        if status < 0:
            return f"the reader was stopped by {signal.Signals(-status).name} at this file"
        self._stderr.seek(0)
        said = self._stderr.read().decode(errors="replace").strip().splitlines()
        return f"the reader failed at this file: {said[-1] if said else f'exit status {status}'}"
