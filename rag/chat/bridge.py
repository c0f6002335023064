"""An asynchronous iterator, run beside, read from a thread that can wait no longer than it wants and stop it at any time.

In: what makes the iterator. Out: its items, then how it ended. Nothing is refused.

One event loop in a thread of its own serves the whole process. Reading synchronously would not do: a blocked read of a
socket knows only how long each read may take, so that a byte a second holds it for ever, and another thread cannot end it.
Cancelling does, wherever the iterator waits (name resolution, handshake, body), and closes the connection.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import anyio

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """The iterator has no more items: it said so or was stopped (`error` is None), was too slow (TimeoutError), or raised."""

    error: BaseException | None


class Stream(Generic[T]):
    """One run of an iterator, begun at once and stopped after `seconds` at the latest, whether it is read or not."""

    def __init__(self, source: Callable[[], AsyncIterator[T]], *, seconds: float) -> None:
        self._came: queue.SimpleQueue[T | Ended] = queue.SimpleQueue()
        self._loop = _LOOP.get()
        self._scope: anyio.CancelScope | None = None
        self._stopped = False
        self._loop.call_soon_threadsafe(self._begin, source, seconds)

    def next(self, seconds: float) -> T | Ended | None:
        """What came next; None when nothing did within `seconds`."""
        try:
            return self._came.get(timeout=max(seconds, 0.0))
        except queue.Empty:
            return None

    def stop(self) -> None:
        """Cancel, and do not wait for it; no matter whether it has ended."""
        self._loop.call_soon_threadsafe(self._cancel)

    def _begin(self, source: Callable[[], AsyncIterator[T]], seconds: float) -> None:
        # The scope's task must be known to somebody: the loop holds tasks weakly.
        self._task = self._loop.create_task(self._run(source, seconds))
        self._task.add_done_callback(self._end)

    def _cancel(self) -> None:
        self._stopped = True
        if self._scope is not None:
            self._scope.cancel()

    async def _run(self, source: Callable[[], AsyncIterator[T]], seconds: float) -> None:
        # A scope, not `Task.cancel`: httpcore closes its connections shielded from scopes only, and a task that was cancelled
        # while one was being closed (twice, by reader and clock, on a busy machine) left it open.
        with anyio.move_on_after(seconds) as self._scope:
            if self._stopped:
                return
            async for item in source():
                self._came.put(item)
        if self._scope.cancelled_caught and not self._stopped:
            raise TimeoutError

    def _end(self, task: asyncio.Task[None]) -> None:
        # Asked of the task rather than caught: what a library raises over a stranger's bytes is of no known class.
        self._came.put(Ended(error=asyncio.CancelledError() if task.cancelled() else task.exception()))


class _Loop:
    """Made when it is first asked for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None

    def get(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=self._loop.run_forever, name="chat-model", daemon=True).start()
            return self._loop


_LOOP = _Loop()
