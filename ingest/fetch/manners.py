"""Who asks, what robots.txt lets us ask for, and when it is our turn.

In: the settings, a clock, and a way to read a site's robots.txt. Out: the user agent, and how long to wait before a request.
Each robots.txt is read once in a run. Refused: an address that it forbids (Forbidden), any address of a site whose robots.txt
cannot be had (FetchError; RFC 9309, 2.3.1.4), and to ask without a contact address (NoContact).
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from ingest.fetch.errors import FetchError, Forbidden, NoContact
from ingest.fetch.robots import PRODUCT, Robots
from ingest.settings import FetchSettings

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
        """Sleep until it is our turn, and have the next request wait for `delay` seconds from then on."""
        wait = self._next.get(host, 0.0) - self._clock.monotonic()
        if wait > 0:
            self._clock.sleep(wait)
        self._next[host] = self._clock.monotonic() + delay

    def _read(self, origin: str) -> Robots | FetchError:
        try:
            return Robots.parse(self._robots_txt(origin))
        except Forbidden as error:
            return error
        except FetchError as error:
            return FetchError(f"robots.txt cannot be had, so nothing of {origin} is fetched in this run: {error}")


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
