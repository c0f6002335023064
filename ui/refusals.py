"""A refusal in the form that a path's users expect: the contract's object, Gradio's, a page, or a line of text."""

from __future__ import annotations

from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.types import Message, Send

from ui import api, texts
from ui.navigation import navigation
from ui.page import fill

# Pages that a person may come to by a form: what is refused there is told as a page.
_PAGES = ("/q", "/export")
JOIN = "/gradio_api/queue/join"


def refuse(path: str, status: int, reason: str) -> Response:
    """The response; who is told to try again is told when."""
    again = {"Retry-After": api.RETRY_AFTER} if status == 503 else None
    if path.startswith("/api/"):
        response = api.refusal(status, reason)
    elif path == JOIN:  # Gradio's client hands `detail` on; the page shows it
        response = JSONResponse({"detail": reason}, status)
    elif status in {429, 503, 500} and path.startswith(_PAGES):
        response = HTMLResponse(_page(path, reason), status)
    elif status == 404 and path.count("/") == 1:  # an address that a person may have typed or followed
        response = HTMLResponse(_missing(reason), status)
    else:
        response = PlainTextResponse(reason, status)
    response.headers.update(again or {})
    return response


def _page(path: str, reason: str) -> str:
    words = {"title": texts.TRY_AGAIN_TITLE, "text": reason, "name": texts.TITLE}
    root = "../" * (path.count("/") - 1)
    return fill("waiting.html", words, root=root, navigation=navigation(root=root), refresh="")


def _missing(reason: str) -> str:
    words = {"title": texts.NOT_FOUND_TITLE, "text": reason, "name": texts.TITLE, "ask": texts.ASK_ASSISTANT}
    return fill("missing.html", words, root="./", navigation=navigation())


class JoinSend:
    """Gradio's answer to a turn, passed on; a full queue, which Gradio tells in English, becomes our refusal."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._full = False

    async def __call__(self, message: Message) -> None:
        """Pass on one message."""
        if message["type"] == "http.response.start" and message["status"] == 503:
            self._full = True
            return
        if not self._full:
            await self._send(message)
        elif not message.get("more_body", False):
            refused = refuse(JOIN, 503, texts.BUSY)
            await self._send({"type": "http.response.start", "status": 503, "headers": refused.raw_headers})
            await self._send({"type": "http.response.body", "body": refused.body})
