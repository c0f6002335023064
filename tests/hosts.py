"""A site of its own that holds the widget: pages served on another origin than the assistant's."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# A browser takes every name under .localhost for this machine, for a site of its own, and for as good as https.
HOST_NAME, STRANGER, ASSISTANT = "site.localhost", "other.localhost", "assistant.localhost"
Page = tuple[str, Mapping[str, str]]


@dataclass
class HostSite:
    """Pages by path, each with headers of its own; `asked` is what was asked for."""

    port: int
    pages: dict[str, Page] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    @property
    def origin(self) -> str:
        return f"http://{HOST_NAME}:{self.port}"

    def put(self, path: str, html: str, **headers: str) -> str:
        """Serve `html` there, "_" in header names for "-"; gives its address."""
        self.pages[path] = html, {name.replace("_", "-"): value for name, value in headers.items()}
        return f"{self.origin}{path}"


@contextmanager
def host_site() -> Iterator[HostSite]:
    """A site on a free port, until the end of the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append(self.path)
            html, headers = site.pages.get(self.path.partition("?")[0], ("", {}))
            self.send_response(200 if html else 404)
            for name, value in ({"Content-Type": "text/html; charset=utf-8"} | dict(headers)).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(html.encode("utf-8"))

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name it has
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site = HostSite(port=server.server_port)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
