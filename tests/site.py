"""A web site on this machine that answers what a test scripted, misbehaviour included, and keeps every request.

    with Site() as site:
        site.answer("/a", Reply(status=500), Reply(body=b"<p>Bonjour</p>"))   # first a 500, from then on the page
        site.answer("/b", lambda asked: Reply(status=304 if "if-none-match" in asked.headers else 200))
        site.url("/a")                                                        # http://127.0.0.1:PORT/a

A path without a script answers 404, /robots.txt included, which allows everything.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

from ingest.fetch.manners import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request as it arrived: `path` with its query, header names in small letters."""

    path: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What is answered. A body in pieces is sent chunked, without a declared length.

    `length` is declared in place of the body's own. After `cut` bytes of the body the connection ends. `hang` sends
    nothing until the site closes: before the head with "head", after what was sent of the body with "body".
    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | Iterable[bytes] = b""
    length: int | None = None
    cut: int | None = None
    hang: str | None = None


Script = Reply | Callable[[Asked], Reply]


class Site:
    """A server on a free port of 127.0.0.1, each connection in a thread of its own."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.sent = 0  # bytes of bodies
        self.connections = 0
        self.closing = threading.Event()
        self._scripts: dict[str, list[Script]] = {}
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self.port = self._server.server_port
        self.host = f"127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    def __enter__(self) -> Site:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def url(self, path: str, *, host: str = "127.0.0.1") -> str:
        """The address of a path; `host` is another name under which the site is asked."""
        return f"http://{host}:{self.port}{path}"

    def answer(self, path: str, *scripts: Script) -> None:
        """Answer `path` (its query included) with each of the scripts once, and with the last from then on."""
        with self._lock:
            self._scripts[path] = list(scripts)

    def paths(self) -> list[str]:
        """What was asked for so far, in order, robots.txt left out."""
        return [asked.path for asked in self.asked if asked.path != "/robots.txt"]

    def reply(self, asked: Asked) -> Reply:
        """What the script says; called by the server's threads."""
        with self._lock:
            self.asked.append(asked)
            scripts = self._scripts.get(asked.path, [Reply(status=404)])
            script = scripts.pop(0) if len(scripts) > 1 else scripts[0]
        return script if isinstance(script, Reply) else script(asked)


class FakeTime:
    """A clock that moves only when someone sleeps on it, and by `tick` seconds whenever it is looked at."""

    def __init__(self, *, tick: float = 0.0) -> None:
        self.slept: list[float] = []
        self._elapsed = 0.0
        self._tick = tick
        self.clock = Clock(monotonic=self._monotonic, sleep=self._sleep, now=self._now)

    def _monotonic(self) -> float:
        self._elapsed += self._tick
        return self._elapsed

    def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self._elapsed += seconds

    def _now(self) -> datetime:
        return datetime(2026, 1, 5, 12, tzinfo=UTC) + timedelta(seconds=self._elapsed)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # a thread that hangs on purpose is not waited for

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up in the middle is what some tests are about: no traceback on stderr."""


def _handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            site.connections += 1
            super().setup()

        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = site.reply(Asked(path=self.path, headers=headers))
            if reply.hang == "head":
                site.closing.wait()
                return
            self._head(reply)
            self._body(reply)
            if reply.hang == "body":
                self.wfile.flush()
                site.closing.wait()

        def _head(self, reply: Reply) -> None:
            self.send_response_only(reply.status)
            if "Date" not in reply.headers:
                self.send_header("Date", self.date_time_string())
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if not isinstance(reply.body, bytes):
                self.send_header("Transfer-Encoding", "chunked")
            elif reply.status != 304:
                self.send_header("Content-Length", str(len(reply.body) if reply.length is None else reply.length))
            self.end_headers()

        def _body(self, reply: Reply) -> None:
            if reply.status == 304:
                return
            if isinstance(reply.body, bytes):
                self._send(reply.body if reply.cut is None else reply.body[: reply.cut])
            else:
                for piece in reply.body:
                    self._send(b"%x\r\n%s\r\n" % (len(piece), piece), counted=len(piece))
                self._send(b"0\r\n\r\n", counted=0)
            if reply.cut is not None:
                self.close_connection = True

        def _send(self, data: bytes, *, counted: int | None = None) -> None:
            self.wfile.write(data)
            site.sent += len(data) if counted is None else counted

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
            """Nothing: `asked` is the log."""

    return Handler
