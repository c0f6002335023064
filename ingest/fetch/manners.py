"""Who asks, what robots.txt lets us ask for, and when it is our turn.

In: the settings, a clock, and a way to read a site's robots.txt. Out: the user agent, and how long to wait before a request.
Each robots.txt is read once in a run. Refused: an address that it forbids (Forbidden), any address of a site whose robots.txt
cannot be had (RFC 9309, 2.3.1.4) or that is down (FetchError), and to ask without a contact address (NoContact).
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from ingest.fetch.errors import FetchError, Forbidden, NoContact, Temporary
from ingest.fetch.robots import PRODUCT, Robots
from ingest.settings import FetchSettings

PUBLICATIONS_IN_A_ROW = 3  # that fail for want of an answer, all their tries, before their host is left alone
CONTACT = re.compile(r"https?://[!-~]+|[!-~]+@[!-~]+\.[!-~]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Time as the client knows it, passed in so that tests do not wait."""

    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


class Manners:
    """How one run behaves towards each site."""

    def __init__(self, settings: FetchSettings, clock: Clock, robots_txt: Callable[[str], bytes]) -> None:
        """`robots_txt` gives the file of an origin (`https://example.org`), empty where there is none; raises FetchError."""
        self._settings = settings
        self._clock = clock
        self._robots_txt = robots_txt
        self._rules: dict[str, Robots | FetchError] = {}
        self._next: dict[str, float] = {}  # host -> when it may be asked again
        self._broken: Counter[str] = Counter()  # host -> how often in a row it broke off or was too busy
        self._left: dict[str, FetchError] = {}  # host -> why it is not asked any more

    def delay(self, origin: str, url: str) -> float:
        """Seconds between two requests to this origin. Raises FetchError when its robots.txt forbids the address."""
        if origin not in self._rules:
            self._rules[origin] = self._read(origin)
        rules = self._rules[origin]
        if isinstance(rules, FetchError):
            raise type(rules)(str(rules))
        if not rules.allows(url):
            raise Forbidden(f"{urlsplit(url).path}: robots.txt of {origin} forbids it")
        return max(self._settings.delay, min(rules.crawl_delay or 0.0, self._settings.max_wait))

    def wait(self, host: str, delay: float) -> None:
        """Sleep until it is our turn; the next request waits for `delay` seconds from then on. Raises FetchError."""
        if host in self._left:
            raise FetchError(str(self._left[host]))
        wait = self._next.get(host, 0.0) - self._clock.monotonic()
        if wait > 0:
            self._clock.sleep(wait)
        self._next[host] = self._clock.monotonic() + delay

    def left(self, host: str, reason: str) -> FetchError:
        """Ask this host for nothing more in this run; the error that says so."""
        self._left[host] = FetchError(f"{reason}; {host} is left alone for the rest of this run")
        return self._left[host]

    @contextmanager
    def watched(self, host: str) -> Iterator[None]:
        """Leave a host alone that is down: each publication that it has would cost all tries, and the site the load."""
        try:
            yield
        except Temporary as error:
            self._broken[host] += 1
            if self._broken[host] >= PUBLICATIONS_IN_A_ROW * (self._settings.retries + 1):
                raise self.left(host, f"{error}; that was {self._broken[host]} times in a row") from error
            raise
        self._broken[host] = 0

    def _read(self, origin: str) -> Robots | FetchError:
        try:
            return Robots.parse(self._robots_txt(origin))
        except Forbidden as error:
            return error
        except FetchError as error:
            return FetchError(f"robots.txt cannot be had, so nothing of {origin} is fetched in this run: {error}")


def asked_wait(value: str | None, now: datetime) -> float | None:
    """Seconds that a Retry-After asks for, as a number or as a date; None where it says neither."""
    if value is None:
        return None
    if value.strip().isdecimal() and value.isascii():
        return float(value)
    try:
        date = parsedate_to_datetime(value)
        return max(0.0, (date.replace(tzinfo=date.tzinfo or UTC) - now).total_seconds())
    except (ValueError, TypeError, OverflowError):  # no date, or none that a clock can show
        return None


def user_agent(contact: str) -> str:
    """Who asks, in the words of the User-Agent header. Raises NoContact."""
    if not contact:
        raise NoContact(
            "FETCH_CONTACT is not set: sites must be able to reach whoever fetches from them "
            "(set it to an e-mail or web address)"
        )
    if not CONTACT.fullmatch(contact):
        raise NoContact(f"FETCH_CONTACT is {contact!r}, expected an e-mail or web address")
    return f"{PRODUCT} (+{contact})"
