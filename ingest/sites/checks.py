"""A catalogue's line and the page it names -> whether the page was changed, is gone, or is for members by now.

In: lines of the catalogue, what the lists said, single pages. Out: a `Note` for each line of which something is to be said.
Pages that cannot be had are faults of the walk; after a number of them in a row the site is left alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import parsedate_to_datetime

from ingest.catalogue import JsonObject
from ingest.errors import ReadError
from ingest.fetch.client import Page
from ingest.fetch.errors import FetchError
from ingest.sites.article import read_article
from ingest.sites.walk import NOT_THERE, Search, Walk

WATCHED = frozenset({"public", "proposed"})  # what is closed already is nobody's concern
CLOSED = frozenset({401, 403})


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What became of a line that the catalogue has."""

    id: str
    url: str
    detail: str
    private: bool = False  # for members by now: it must not be served any longer
    lost: bool = False  # its address leads elsewhere

    @property
    def needs_person(self) -> bool:
        return self.private or self.lost


@dataclass(slots=True, kw_only=True)
class Checks:
    """Asks for single pages; what the catalogue's own lines have become gathers here."""

    search: Search
    walk: Walk
    changed: list[Note] = field(default_factory=list)
    gone: list[Note] = field(default_factory=list)
    led_to: set[str] = field(default_factory=set)  # keys of what lines' addresses are redirected to
    asked: int = 0
    unchecked: int = 0
    failed: int = 0  # in a row

    def check(self, key: str, line: JsonObject) -> None:
        """Compare a line with what its list says of its page, or with the page itself."""
        where = self.search.site.own(str(line["url"]))
        if where is None or line.get("gone") is not None or line.get("access", "public") not in WATCHED:
            return
        found = self.walk.found.get(key)
        if key in self.walk.private:
            self._note(self.changed, line, "is for members by now", private=True)
        elif found is not None and found.whole:
            self._compare(line, found.last, {})
        elif self.asked >= self.search.bounds.checks:
            self.unchecked += 1
        elif (page := self.page(self.search.site.canonical(where), str(line["id"]))) is not None:
            self._compare_page(key, line, page)

    def page(self, url: str, name: str) -> Page | None:
        """A page, None where it cannot be had, which is told, or after too many failures, which is told once.

        What is logged are numbers: an article that turns out to be for members leaves no trace.
        """
        if self.failed >= self.search.bounds.failures:
            return None
        self.asked += 1
        try:
            page = self.search.get(url)
        except FetchError as error:
            self.failed += 1
            self.walk.faults.append(f"{name}: {error}")
            if self.failed == self.search.bounds.failures:
                self.walk.faults.append(
                    f"{self.search.site.origin}: no page is asked for after {self.failed} failures in a row"
                )
            return None
        self.failed = 0
        if self.asked % 20 == 0:
            self.search.log(f"{self.search.site.origin}: {self.asked} single pages asked for")
        return page

    def _compare_page(self, key: str, line: JsonObject, page: Page) -> None:
        lands = self.search.site.own(page.url)
        if page.status in NOT_THERE:
            self._note(self.gone, line, f"answers {page.status}")
        elif page.status in CLOSED or (lands is not None and self.search.site.is_forbidden(lands)):
            self._note(self.changed, line, "asks for a login by now", private=True)
        elif page.status != 200:
            self.walk.faults.append(f"{line.get('id')}: {page.url} answers {page.status}")
        elif lands is None or lands.path.strip("/") == "":
            self._note(self.changed, line, f"leads to {page.url} by now (look for its new address)", lost=True)
        else:
            self.led_to |= {lands.key} - {key}
            self._compare_article(line, page)

    def _compare_article(self, line: JsonObject, page: Page) -> None:
        try:
            article = read_article(page)
        except ReadError as error:
            self.walk.faults.append(f"{line.get('id')}: {error}")
            return
        if article.private:
            self._note(self.changed, line, "is for members by now", private=True)
        else:
            self._compare(line, max(filter(None, (article.date, article.modified)), default=None), page.headers)

    def _compare(self, line: JsonObject, last: str | None, headers: Mapping[str, str]) -> None:
        """Note a page that says it was changed after its line was fetched; without a day, what the server says counts."""
        fetched = str(line.get("fetched") or "")[:10]
        if fetched and last is not None and last > fetched[: len(last)]:
            self._note(self.changed, line, f"changed on {last}, fetched on {fetched}")
        elif last is None and _is_later(headers.get("last-modified"), line.get("last_modified")):
            self._note(self.changed, line, f"changed on {headers['last-modified']}")

    def _note(
        self, notes: list[Note], line: JsonObject, detail: str, *, private: bool = False, lost: bool = False
    ) -> None:
        notes.append(Note(id=str(line.get("id")), url=str(line["url"]), detail=detail, private=private, lost=lost))


def _is_later(header: str | None, noted: object) -> bool:
    """Whether one Last-Modified is after another; False where one of them is none."""
    if header is None or not isinstance(noted, str):
        return False
    try:
        now, then = (parsedate_to_datetime(value) for value in (header, noted))
        return now.replace(tzinfo=now.tzinfo or UTC) > then.replace(tzinfo=then.tzinfo or UTC)
    except ValueError:
        return False
