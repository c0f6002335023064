"""How many questions are answered at the same time, and how many may wait for their turn.

In: two numbers. Out: a `Gate` to pass through, in the order of arrival. Refused (Busy): one more than may wait, and one that
has waited too long.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

# Twenty users of a 0.1 s answer wait 1 s, and some of them 12 s on a machine with seven times as much to do.
_PATIENCE_SECONDS = 20.0


class Busy(Exception):
    """There is more to do than is done in time: try again in a moment."""


class Gate:
    """Lets `running` through at a time; `waiting` more may wait. Thread-safe."""

    def __init__(self, running: int, waiting: int, *, patience: float = _PATIENCE_SECONDS) -> None:
        self._free = running
        self._most_waiting = waiting
        self._patience = patience
        self._lock = threading.Lock()
        self._queue: deque[threading.Event] = deque()

    @contextmanager
    def turn(self, *, begun: bool = False) -> Iterator[None]:
        """Wait for a turn and hold it. Raises Busy, but not for what goes on with something `begun`."""
        self._enter(begun)
        try:
            yield
        finally:
            with self._lock:
                self._pass_on()

    def _enter(self, begun: bool) -> None:
        called = threading.Event()
        with self._lock:
            if self._free > 0:
                self._free -= 1
                return
            if len(self._queue) >= self._most_waiting and not begun:
                raise Busy
            self._queue.append(called)
        if called.wait(None if begun else self._patience):
            return
        with self._lock:
            if called.is_set():  # called in this very moment: pass it on
                self._pass_on()
            else:
                self._queue.remove(called)
        raise Busy

    def _pass_on(self) -> None:
        """Hand a turn to who waits longest, straight on: who comes just now does not overtake."""
        if self._queue:
            self._queue.popleft().set()
        else:
            self._free += 1
