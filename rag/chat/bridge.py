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

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """The iterator has no more items: it said so (`error` is None) or raised."""

    error: BaseException | None


class Stream(Generic[T]):
    """One run of an iterator, begun at once and stopped after `seconds` at the latest, whether it is read or not."""

    def __init__(self, source: Callable[[], AsyncIterator[T]], *, seconds: float) -> None:
        self._came: queue.SimpleQueue[T | Ended] = queue.SimpleQueue()
        self._loop = _LOOP.get()
        self._task: asyncio.Task[None] | None = None
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
        self._task = self._loop.create_task(self._run(source, seconds))
        self._task.add_done_callback(self._end)

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    async def _run(self, source: Callable[[], AsyncIterator[T]], seconds: float) -> None:
        async with asyncio.timeout(seconds):
            async for item in source():
                self._came.put(item)

    def _end(self, task: asyncio.Task[None]) -> None:
        # Asked of the task rather than caught: what a library raises over a stranger's bytes is of no known class.
        error = asyncio.CancelledError() if task.cancelled() else task.exception()
        self._came.put(Ended(error=error))


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
