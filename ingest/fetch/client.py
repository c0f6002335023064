"""One address -> what its site answers, asked for politely: robots.txt, pace, redirects, size, time, retries.

In: settings with a contact address. Out: an `Answer` to be read piece by piece, or a whole `Page`. No cookie is kept, no
credentials are sent, no proxy of the environment is used: the connections are our own and know none of these. Refused: what
is not http(s), names a user, leads to an address that the guard refuses or robots.txt forbids (Forbidden); what is too big,
too slow, redirected too often or encoded as was not asked for (FetchError, Temporary).
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Self, TypeVar

import httpcore
import httpx

from ingest.fetch.body import decoded
from ingest.fetch.errors import FetchError, Temporary
from ingest.fetch.guard import Guard
from ingest.fetch.manners import Clock, Manners, asked_wait, user_agent
from ingest.fetch.robots import MAX_ROBOTS
from ingest.fetch.urls import checked_url, redirected, shown
from ingest.fetch.wire import Deadline, open_pool
from ingest.settings import FetchSettings

T = TypeVar("T")

MAX_REDIRECTS = 5  # what RFC 9309 asks for at least; a site that needs more is lost in itself
BACK_OFF = 2.0  # seconds before the second try, doubled before each further one
MAX_PAGE = 20_000_000  # bytes of a page that is held in memory as a whole
DECLARED = re.compile(r"[0-9]{1,18}")
REDIRECTS = frozenset({301, 302, 303, 307, 308})
TRY_AGAIN = frozenset({408, 425, 429})


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A whole answer: `url` after redirects, header names in small letters, the body without its encoding."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer whose body is still to come. `encoded` bodies cannot be gone on with after a break."""

    url: str
    status: int
    headers: Mapping[str, str]
    stream: Iterator[bytes]

    @property
    def encoded(self) -> bool:
        return self.headers.get("content-encoding", "identity").strip().lower() not in {"", "identity"}

    def pieces(self, *, max_bytes: int, had: int = 0) -> Iterator[bytes]:
        """The body, without its encoding; `had` bytes of the whole came before.

        Raises FetchError as soon as the whole is known to be larger than `max_bytes`.
        """
        declared = self.headers.get("content-length", "")
        if DECLARED.fullmatch(declared) and had + int(declared) > max_bytes:
            raise FetchError(
                f"{shown(self.url)} declares {had + int(declared):,} bytes, more than {max_bytes:,} are not fetched"
            )
        total = had
        for piece in decoded(self.stream, self.headers.get("content-encoding", "")):
            total += len(piece)
            if total > max_bytes:
                raise FetchError(f"{shown(self.url)} goes on after {max_bytes:,} bytes, more are not fetched")
            yield piece

    def beginning(self, length: int) -> bytes:
        """The body, or as much of it as comes before `length` bytes are passed."""
        found = bytearray()
        for piece in decoded(self.stream, self.headers.get("content-encoding", "")):
            found += piece
            if len(found) > length:
                break
        return bytes(found)


class Client:
    """Asks one request at a time; rules of robots.txt and the pace of each host are kept as long as it lives."""

    def __init__(self, settings: FetchSettings, *, clock: Clock | None = None, guard: Guard | None = None) -> None:
        """Raises NoContact when the settings do not say how to reach the operator."""
        self.settings = settings
        self.clock = clock or Clock()
        self._agent = user_agent(settings.contact)
        self._deadline = Deadline(self.clock.monotonic)
        self._guard = guard or Guard.of(settings.allow_private)
        self._pool = open_pool(self._guard, self._deadline, proxy=settings.proxy)
        self._manners = Manners(settings, self.clock, self._robots_txt)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.close()

    def page(self, url: str, *, headers: Mapping[str, str] | None = None, max_bytes: int = MAX_PAGE) -> Page:
        """The whole answer, whatever its status below 500; tried again where that may help. Raises FetchError."""

        def once() -> Page:
            with self.ask(url, headers=headers) as answer:
                body = b"".join(answer.pieces(max_bytes=max_bytes))
                return Page(url=answer.url, status=answer.status, headers=answer.headers, body=body)

        return self.retried(once)

    def ask(self, url: str, *, headers: Mapping[str, str] | None = None) -> AbstractContextManager[Answer]:
        """One try, redirects followed. A site that is busy or breaks off raises Temporary, also while it is read."""
        return self._followed(url, headers or {}, with_robots=True)

    def retried(self, attempt: Callable[[], T]) -> T:
        """What `attempt` returns, tried again after Temporary, waiting as long as the site asked or ever longer."""
        tries = self.settings.retries + 1
        for tried in range(1, tries + 1):
            try:
                return attempt()
            except Temporary as error:
                if tried == tries:
                    raise FetchError(f"{error}; tried {tried} times" if tried > 1 else str(error)) from error
                self.clock.sleep(BACK_OFF * 2 ** (tried - 1) if error.wait is None else error.wait)
        raise AssertionError("the last try returns or raises")

    @contextmanager
    def _followed(self, url: str, headers: Mapping[str, str], *, with_robots: bool) -> Iterator[Answer]:
        target = checked_url(url)
        for _ in range(MAX_REDIRECTS + 1):
            self._manners.wait(target.host, self._delay(target) if with_robots else self.settings.delay)
            with self._manners.watched(target.host), self._sent(target, headers) as answer:
                location = answer.headers.get("location")
                if answer.status not in REDIRECTS or location is None:
                    self._raise_if_busy(target.host, answer)
                    yield answer
                    return
            target = redirected(target, location)
        raise FetchError(f"{shown(url)} is redirected more than {MAX_REDIRECTS} times")

    @contextmanager
    def _sent(self, target: httpx.URL, headers: Mapping[str, str]) -> Iterator[Answer]:
        self._deadline.set(self.settings.total_timeout)
        self._check_for_proxy(target)
        own = {
            "Host": target.netloc.decode("ascii"),
            "User-Agent": self._agent,
            "Accept": "*/*",
            "Accept-Language": "fr",
            "Accept-Encoding": "identity",  # what is encoded cannot be gone on with after a break
        }
        read = self.settings.read_timeout
        timeouts = {"connect": self.settings.connect_timeout, "read": read, "write": read, "pool": read}
        # httpx has parsed and escaped the address; from its parts nothing is parsed again.
        url = httpcore.URL(scheme=target.raw_scheme, host=target.raw_host, port=target.port, target=target.raw_path)
        with (
            _told(target),
            self._pool.stream(
                "GET", url, headers=list((own | dict(headers)).items()), extensions={"timeout": timeouts}
            ) as response,
        ):
            found = dict(httpx.Headers(response.headers).items())
            yield Answer(url=str(target), status=response.status, headers=found, stream=iter(response.iter_stream()))

    def _check_for_proxy(self, target: httpx.URL) -> None:
        """A proxy asks what it is told: what this machine knows to be private is refused here. Raises Forbidden."""
        if self.settings.proxy:
            # Where only the proxy can resolve names, its rules are the ones that count.
            with suppress(Temporary):
                self._guard.addresses(target.host, target.port or (443 if target.scheme == "https" else 80))

    def _raise_if_busy(self, host: str, answer: Answer) -> None:
        if answer.status < 500 and answer.status not in TRY_AGAIN:
            return
        wait = asked_wait(answer.headers.get("retry-after"), self.clock.now())
        later = "" if wait is None else f" and asks to come back in {wait:g} s"
        message = f"{shown(answer.url)} answers {answer.status}{later}"
        if wait is not None and wait > self.settings.max_wait:
            raise self._manners.left(host, f"{message}, longer than FETCH_MAX_WAIT={self.settings.max_wait:g}")
        raise Temporary(message, wait=wait)

    def _delay(self, target: httpx.URL) -> float:
        return self._manners.delay(f"{target.scheme}://{target.netloc.decode('ascii')}", str(target))

    def _robots_txt(self, origin: str) -> bytes:
        """The file, empty where there is none: then nothing is forbidden (RFC 9309, 2.3.1.3)."""

        def once() -> bytes:
            with self._followed(f"{origin}/robots.txt", {}, with_robots=False) as answer:
                return answer.beginning(MAX_ROBOTS) if answer.status == 200 else b""

        return self.retried(once)


@contextmanager
def _told(target: httpx.URL) -> Iterator[None]:
    """The transport's errors in our own words."""
    try:
        yield
    except httpcore.TimeoutException as error:
        raise Temporary(f"{shown(target)} does not answer in time: {_reason(error)}") from error
    except (httpcore.NetworkError, httpcore.RemoteProtocolError) as error:
        # Its context, not its cause: httpcore's pool raises such errors again "from None".
        if isinstance(error.__context__, ssl.SSLCertVerificationError):
            raise FetchError(f"{shown(target)}: its certificate is not valid: {_reason(error)}") from error
        raise Temporary(f"{shown(target)}: the connection broke: {_reason(error)}") from error
    except httpcore.ProxyError as error:
        raise FetchError(f"{shown(target)}: the proxy refuses: {_reason(error)}") from error
    except (httpcore.LocalProtocolError, httpcore.UnsupportedProtocol) as error:
        raise FetchError(f"{shown(target)} cannot be asked for: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__
