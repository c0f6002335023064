"""What is seen of each request: counted, logged if the operator wants it, and what fails in it told without its words.

In: an ASGI application. Out: one that answers 500 where the other raises. A log line holds method, path, status and time: no
query, no body, no address, no referrer (which could hold a query of ours).
"""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Callable

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.metrics import Metrics

_log = logging.getLogger(__name__)
_access = logging.getLogger("ui.access")
_LONGEST_PATH = 200


class Observe:
    """ASGI middleware, inside the guard that sets the headers."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics, access_log: bool, failure: Callable[[str], Response]) -> None:
        self.app = app
        self.metrics = metrics
        self.access_log = access_log
        self.failure = failure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; whatever happens, it is counted."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        start, begun = time.perf_counter(), 0.0
        status: int | None = None

        async def send_seen(message: Message) -> None:
            nonlocal status, begun
            if message["type"] == "http.response.start":
                status, begun = message["status"], time.perf_counter() - start
            await send(message)

        self.metrics.request_began()
        try:
            await self.app(scope, receive, send_seen)
        except Exception as error:  # noqa: BLE001 - the last line: a fixed text for the user, the fault in the log
            # Not the message: it may hold what was asked.
            frames = "".join(traceback.format_tb(error.__traceback__))
            _log.error("serving failed: %s\n%s", type(error).__name__, frames)
            if status is None:
                await self.failure(scope["path"])(scope, receive, send_seen)
        finally:
            self.metrics.request_ended(scope["path"], status or 499, begun if status else None)
            if self.access_log:
                self._write(scope, status or 499, time.perf_counter() - start)

    def _write(self, scope: Scope, status: int, seconds: float) -> None:
        # As it was sent, percent signs and all: no line end, no control character.
        path = (scope.get("raw_path") or scope["path"].encode()).partition(b"?")[0]
        shown = path[:_LONGEST_PATH].decode("ascii", "backslashreplace")
        if not shown.isprintable():
            shown = ascii(shown)
        _access.info("%s %s %d %.0f ms", scope["method"], shown, status, seconds * 1000)
