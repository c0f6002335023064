"""What stands before every route: whose requests are taken, how large, and which headers every response carries.

In: an ASGI application. Out: one that refuses a request of another origin (403), drops what Gradio would add for other
origins, and adds the security headers: nothing may be framed but the widget's frame, by the origins that it is given.
`refusal` makes the response of what is refused.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.embedding import differing_headers

# No nonce and no unsafe-eval: the page's scripts are files of ours and Gradio's. Gradio sets style attributes.
CONTENT_SECURITY_POLICY = "; ".join((
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
))  # fmt: skip
SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_log = logging.getLogger(__name__)
_DROPPED = ("set-cookie", "server", "access-control-allow-origin", "access-control-allow-credentials")

# Gradio names these files by their content.
_IMMUTABLE, _HASHED_FILES = "public, max-age=31536000, immutable", "/assets/"


class Guard:
    """ASGI middleware, outermost."""

    def __init__(
        self, app: ASGIApp, *, refusal: Callable[[str], Response], widget_origins: tuple[str, ...] = ()
    ) -> None:
        self.app = app
        self.refusal = refusal
        self.widget_origins = widget_origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, or refuse, one connection; websockets are not spoken here."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                _set_headers(headers, scope["path"], message["status"])
                self._open_widget(headers, scope["path"])
            await send(message)

        asked = Headers(scope=scope)
        if is_own_origin(asked):
            await self.app(scope, receive, send_guarded)
            return
        _log.warning(
            "refused a request of origin %r sent to host %r (is it a proxy of ours? it must pass Host on)",
            asked.get("origin"),
            asked.get("host"),
        )
        await self.refusal(scope["path"])(scope, receive, send_guarded)

    def _open_widget(self, headers: MutableHeaders, path: str) -> None:
        for name, value in differing_headers(path, CONTENT_SECURITY_POLICY, self.widget_origins).items():
            if value is None:
                del headers[name]
            else:
                headers[name] = value


def is_own_origin(headers: Headers) -> bool:
    """Whether a request comes from a page of ours, or from no page.

    A proxy must pass Host on. One that ends TLS must send X-Forwarded-Proto too, and be trusted (`ui.addresses`): without it
    Gradio's page asks for http addresses, which our policy refuses.
    """
    origin = headers.get("origin")
    if origin is None:
        return True
    try:
        return urlsplit(origin).netloc.casefold() == headers.get("host", "").casefold() != ""
    except ValueError:
        return False


async def read_body(receive: Receive, limit: int) -> bytes | None:
    """The whole body of a request, or None when it exceeds `limit` bytes; what is beyond is not read."""
    body = b""
    while True:
        message = await receive()
        body += bytes(message.get("body", b""))
        if len(body) > limit:
            return None
        if not message.get("more_body", False):  # nor has one that tells of a disconnection
            return body


def replay(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives `body` first and then goes on with the real one (which tells of a disconnection)."""
    given = False

    async def receive_again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_again


def _set_headers(headers: MutableHeaders, path: str, status: int) -> None:
    for name in _DROPPED:
        del headers[name]
    headers.update(SECURITY_HEADERS)
    if path.startswith(_HASHED_FILES) and status == 200:
        headers["Cache-Control"] = _IMMUTABLE
    else:
        headers.setdefault("Cache-Control", "no-store")
