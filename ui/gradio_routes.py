"""Of Gradio's routes those that its page uses; all else is 404.

In: a function that gives what holds Gradio's application, None before it is there; the proxies that are believed. Out: an ASGI
application.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send

from ui import texts
from ui.addresses import Networks, as_asked
from ui.guard import read_body, replay
from ui.refusals import JOIN, JoinSend, refuse

# What Gradio's page asks for, seen in the browser; `app_id` after a lost connection, to see that the server is back.
# Left out: uploads, files, proxies, API pages, monitoring, log-in.
_GRADIO_GET = frozenset({"/config", "/theme.css", "/gradio_api/app_id", "/gradio_api/queue/data"})
_GRADIO_GET_UNDER = ("/assets/", "/static/", "/gradio_api/heartbeat/")
# `reset` does nothing: the page asks for it before `cancel`, which ends an answer that is no longer wanted.
_GRADIO_POST = frozenset({JOIN, "/gradio_api/reset", "/gradio_api/cancel"})
# A turn carries the conversation so far: an answer is about 10 kB of HTML, and the chat keeps twenty.
_MAX_TURN = 1024 * 1024


class Opened(Protocol):
    """What holds Gradio's application."""

    @property
    def chat(self) -> Starlette:
        """Gradio's application, its lifespan running."""


class GradioRoutes:
    """The application; it reads no more of a request than its size."""

    def __init__(self, opened: Callable[[], Opened | None], proxies: Networks) -> None:
        self._opened = opened
        self._proxies = proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Of Gradio's routes those that its page uses; without query where it would open files by it."""
        opened = self._opened()
        if opened is None or not _is_open(scope["method"], scope["path"]):
            await refuse(scope["path"], 404, texts.NOT_FOUND)(scope, receive, send)
            return
        if scope["method"] == "POST":
            body = await read_body(receive, _MAX_TURN)
            if body is None:
                await refuse(scope["path"], 413, texts.TOO_LARGE)(scope, receive, send)
                return
            receive, send = replay(body, receive), JoinSend(send)
        if scope["path"] == "/config":  # `deep_link` would read a saved session
            scope = {**scope, "query_string": b""}
        await opened.chat(as_asked(scope, self._proxies), receive, send)


def _is_open(method: str, path: str) -> bool:
    if ".." in path.split("/"):
        return False
    if method == "POST":
        return path in _GRADIO_POST
    return method in {"GET", "HEAD"} and (path in _GRADIO_GET or path.startswith(_GRADIO_GET_UNDER))
