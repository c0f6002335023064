"""Which sites may embed the chat: the origins of `WIDGET_ORIGINS`, and what the widget's own paths tell browsers of it.

In: origins, parted by commas. Out: their canonical form, and the headers in which the widget's paths differ from all others.
Refused (ValueError, naming it): what is no origin, a wildcard.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

# Scheme, host, port, and nothing behind: a browser compares just these, and sends a host in Unicode in its xn-- form.
_ORIGIN = re.compile(r"(https?)://([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::([0-9]{1,5}))?")
_DEFAULT_PORTS = {"https": "443", "http": "80"}

LOADER, FRAME = "/widget.js", "/widget"


def origins(text: str) -> tuple[str, ...]:
    """Origins in the form that browsers send, each once, in their order."""
    return tuple(dict.fromkeys(_origin(part.strip()) for part in text.split(",") if part.strip()))


def _origin(text: str) -> str:
    parts = _ORIGIN.fullmatch(text.casefold().removesuffix("/"))
    if parts is None:
        raise ValueError(
            f"{text!r} is no origin (expected https://www.example.fr, without path or wildcard; a name with accents in its "
            "xn-- form)"
        )
    scheme, host, port = parts.groups()
    if port is not None and not 0 < int(port) < 65536:
        raise ValueError(f"{text!r} has no port from 1 to 65535")
    return f"{scheme}://{host}" + (f":{int(port)}" if port and port != _DEFAULT_PORTS[scheme] else "")


def differing_headers(path: str, policy: str, allowed: tuple[str, ...]) -> Mapping[str, str | None]:
    """Headers of the widget's paths that are not as everywhere, None for one that is left out.

    `policy` is the Content-Security-Policy of all pages, which nobody may frame. The frame may be framed by our own pages (the
    demonstration) and by the allowed origins. `X-Frame-Options` knows no list, so it stands only where there is none.
    """
    if path == LOADER:
        return {"Cross-Origin-Resource-Policy": "cross-origin"}
    if path == FRAME:
        ancestors = " ".join(("frame-ancestors 'self'", *allowed))
        return {
            "Content-Security-Policy": policy.replace("frame-ancestors 'none'", ancestors),
            "X-Frame-Options": None if allowed else "SAMEORIGIN",
        }
    return {}
