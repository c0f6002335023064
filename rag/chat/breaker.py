"""A circuit breaker: after failures in a row nobody is asked for a while, then one question tries again.

In: a clock in seconds. Refused (ChatModelError, reason `paused`): a call while it is open. Thread-safe.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from rag.chat.errors import ChatModelError, Reason


class Breaker:
    """Every `enter` that does not raise wants one of `succeed`, `fail`, `leave`."""

    def __init__(self, *, failures: int, pause: float, clock: Callable[[], float]) -> None:
        self._most = failures
        self._pause = pause
        self._clock = clock
        self._lock = threading.Lock()
        self._failed = 0
        self._opened = 0.0
        self._trying = False

    @property
    def is_open(self) -> bool:
        """Whether `enter` would raise now. It is a look: it takes nobody's turn to try."""
        with self._lock:
            return self._refuses()

    def enter(self) -> None:
        """Raises ChatModelError while open; after the pause one caller may try, and the others are refused meanwhile."""
        with self._lock:
            if self._refuses():
                raise ChatModelError(Reason.PAUSED, f"not asked: {self._failed} failures in a row")
            self._trying = self._failed >= self._most

    def succeed(self) -> None:
        """Close."""
        with self._lock:
            self._failed = 0
            self._trying = False

    def fail(self) -> None:
        """Count; open, or stay open for another pause, when there are too many."""
        with self._lock:
            self._failed += 1
            self._opened = self._clock()
            self._trying = False

    def leave(self) -> None:
        """The call ended without telling whether the model works: whoever asks next may try."""
        with self._lock:
            self._trying = False

    def _refuses(self) -> bool:
        return self._failed >= self._most and (self._trying or self._clock() < self._opened + self._pause)
