"""The assistant that answers now: a new build is opened behind its back and takes its place between two questions.

In: what was opened first, and how to open what `<index>/current` names. Out: an `Answerer` that every front asks, the library
of the same build. A build that cannot be opened leaves the old one serving, and is told once. Requests that are under way
keep the assistant they began with, which is let go after them.
"""

from __future__ import annotations

import gc
import logging
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ingest.index.builds import POINTER, served_name
from rag.answer import Answer
from rag.request import AskRequest
from ui.gate import Busy
from ui.library import Library
from ui.operations import Operations
from ui.readiness import Answerer
from ui.shelf import Shelf

# Taken up within 10 s: a look costs the reading of 30 bytes, opening a build takes some seconds.
_LOOK_EVERY_SECONDS = 2.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, weakref_slot=True)
class Opened:
    """One build: who answers from it, its publications to read and to choose from, its name, its folder, when it was made."""

    assistant: Answerer
    library: Library
    shelf: Shelf
    build: str
    folder: Path
    created: str  # ISO


class Current:
    """The build that is served. Thread-safe: `now` is read once by each request, and changed by one assignment."""

    def __init__(self, index: Path, reopen: Callable[[], Opened], operations: Operations) -> None:
        self._index = index
        self._reopen = reopen
        self._operations = operations
        self._opening = threading.Lock()
        self._refused: tuple[str, int] | None = None
        self._let_go: list[weakref.ref[Opened]] = []
        self.now = reopen()
        operations.metrics.watch_index(lambda: self.now.created)

    @property
    def publishers(self) -> tuple[str, ...]:
        """Who published what it answers from."""
        return self.now.assistant.publishers

    @property
    def themes(self) -> tuple[str, ...]:
        """The themes of what it answers from."""
        return self.now.assistant.themes

    @property
    def index_date(self) -> str:
        """When its index was built, ISO."""
        return self.now.assistant.index_date

    def reply(self, request: AskRequest) -> Answer:
        """Answer, in turn; counted, and kept if the operator keeps questions. Raises Busy."""
        start = time.perf_counter()
        with self._turn():
            *_, answer = self._pieces(request)
        self._heard(answer, time.perf_counter() - start)
        return answer

    def reply_in_pieces(self, request: AskRequest) -> Iterator[Answer]:
        """The same as it grows. A turn is held for each piece, not while the page takes it. Raises Busy before the first."""
        pieces, answer, seconds = self._pieces(request), None, 0.0
        try:
            while True:
                start = time.perf_counter()
                with self._turn(begun=answer is not None):
                    piece = next(pieces, None)
                seconds += time.perf_counter() - start
                if piece is None:
                    return
                answer = piece
                yield piece
        finally:
            if answer is not None:
                self._heard(answer, seconds)

    def suggestions(self, request: AskRequest, answer: Answer) -> tuple[str, ...]:
        """What may be asked after `answer`, in turn. Raises Busy."""
        with self._turn():
            return self.now.assistant.suggestions(request, answer)

    @contextmanager
    def _turn(self, *, begun: bool = False) -> Iterator[None]:
        metrics = self._operations.metrics
        with metrics.answering.track_inprogress():
            try:
                with self._operations.gate.turn(begun=begun):
                    yield
            except Busy:
                metrics.refused("busy")
                raise

    def _heard(self, answer: Answer, seconds: float) -> None:
        self._operations.metrics.answered(answer, seconds)
        if self._operations.questions:
            self._operations.questions.note(answer)

    def _pieces(self, request: AskRequest) -> Iterator[Answer]:
        opened, is_begun = self.now, False
        try:
            for piece in opened.assistant.reply_in_pieces(request):
                is_begun = True
                yield piece
        except OSError:
            # Two builds in a row, and the second has swept away the one that is still served here.
            if is_begun or opened.folder.is_dir() or not (self.now is not opened or self.look()):
                raise
        else:
            return
        yield from self.now.assistant.reply_in_pieces(request)

    def look(self) -> bool:
        """Take up what `current` names if that is another build; whether what is served has changed since it was called."""
        before = self.now
        with self._opening:
            if self.now is not before:
                return True
            named = self._named()
            if named is None or named[0] == before.build or named == self._refused:
                return False
            return self._take_up(named)

    def watch(self, stopped: threading.Event) -> None:
        """Look for a new build, and delete questions whose time has come, until stopped."""
        while not stopped.wait(_LOOK_EVERY_SECONDS):
            try:
                self.look()
                self._operations.keep_house()
            except Exception as error:  # noqa: BLE001 - whatever it is, the next look may go well
                _log.error("looking for a new build failed: %s", type(error).__name__)
            self._collect()

    def _named(self) -> tuple[str, int] | None:
        """The build that is to be served, and when that was written; None while there is none."""
        try:
            written = (self._index / POINTER).stat().st_mtime_ns
        except OSError:
            return None
        name = served_name(self._index)
        return (name, written) if name else None

    def _take_up(self, named: tuple[str, int]) -> bool:
        _log.info("opening build %s", named[0])
        try:
            opened = self._reopen()
        except Exception as error:  # noqa: BLE001 - a damaged build may raise anything, and must not stop the old one
            self._refused = named
            _log.error("build %s cannot be opened, %s goes on serving: %s", named[0], self.now.build, error)
            return False
        old, self.now, self._refused = self.now, opened, None
        self._let_go.append(weakref.ref(old))
        _log.info("build %s is served, no longer %s", opened.build, old.build)
        return True

    def _collect(self) -> None:
        """Free builds that nobody answers from any more: they hold themselves in cycles, by hundreds of megabytes."""
        if self._let_go:
            gc.collect()
            self._let_go = [gone for gone in self._let_go if gone() is not None]
