"""Who asks too often is told to wait, before anything is computed: 429 with Retry-After.

In: an ASGI application, a `Rate`, whose `X-Forwarded-For` is believed. Out: one that refuses. `refusal` makes the response.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.addresses import Networks, client_of, is_proxied_by_stranger
from ui.rate import Rate

# What computes, or writes: a form's page is shown on GET without a query, and costs nothing.
_POSTED = ("/api/ask", "/api/feedback", "/gradio_api/queue/join")
_FORMS = ("/q", "/export")
_log = logging.getLogger(__name__)


class Limiting:
    """ASGI middleware. Without a rate it lets everything pass."""

    def __init__(
        self, app: ASGIApp, *, rate: Rate | None, proxies: Networks, refusal: Callable[[str], Response]
    ) -> None:
        self.app = app
        self.rate = rate
        self.proxies = proxies
        self.refusal = refusal
        self._warned = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, or refuse, one request."""
        if scope["type"] == "http":
            self._warn_of_strangers(scope)
        if self.rate is None or scope["type"] != "http" or not computes(scope):
            await self.app(scope, receive, send)
            return
        seconds = self.rate.wait(client_of(scope, self.proxies))
        if not seconds:
            await self.app(scope, receive, send)
            return
        response = self.refusal(scope["path"])
        response.headers["Retry-After"] = str(seconds)
        await response(scope, receive, send)

    def _warn_of_strangers(self, scope: Scope) -> None:
        if not self._warned and is_proxied_by_stranger(scope, self.proxies):
            self._warned = True
            _log.warning(
                "a request came past the proxy %s, whose users share one limit, and whose scheme and prefix are not believed: "
                "if it is yours, set TRUSTED_PROXIES",
                (scope.get("client") or ("?",))[0],
            )


def computes(scope: Scope) -> bool:
    """Whether a request asks for more than a page or a file."""
    path, method = scope["path"].rstrip("/") or "/", scope["method"]
    if method == "POST" and path in _POSTED:
        return True
    asks = method == "POST" or bool(scope["query_string"])
    return asks and any(path == form or path.startswith((form + "/", form + ".")) for form in _FORMS)
