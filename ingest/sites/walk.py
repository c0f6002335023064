"""A site's lists -> the articles that they name, each once.

In: a site, a way to ask for its pages, bounds. Out: a `Walk`: articles by their key, which of them are for members, what could
not be walked to its end (faults), and what an operator may want to know (notes). A walk of one list ends at a page without new
articles, at one whose dated articles are all older than asked for, at a page that is not there, and at its bound; only the
last, and a page that answers with an error, are faults. A list that breaks off does not stop the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from ingest.fetch.errors import FetchError
from ingest.sites.listing import Found, read_listing
from ingest.sites.rest import NoRest, read_posts, rest_address
from ingest.sites.site import Get, Listing, Site

NOT_THERE = frozenset({404, 410})

Log = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How far a run goes: pages of one list, articles whose pages are read, catalogue lines whose pages are asked for."""

    pages: int = 200
    articles: int = 2000
    checks: int = 1000
    failures: int = 5  # in a row: a site that is down is not asked a thousand times


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What is looked for, and how: only articles of `since` (YYYY-MM-DD) or later; `log` takes lines of progress."""

    site: Site
    get: Get
    log: Log
    since: str | None = None
    bounds: Bounds = field(default_factory=Bounds)

    def is_past(self, article: Found) -> bool:
        """Whether the article says that it is older; without a date nothing is known, and a month may be that of `since`."""
        last = article.last
        return self.since is not None and last is not None and last < self.since[: len(last)]


@dataclass(slots=True, kw_only=True)
class Walk:
    """What was found so far."""

    found: dict[str, Found] = field(default_factory=dict)
    private: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, articles: Iterable[Found]) -> None:
        """Take articles in; one that any list says is for members is for members. The fuller of two entries is kept."""
        for article in articles:
            if article.private:
                self.private.add(article.key)
            known = self.found.get(article.key)
            if known is None or (article.whole and not known.whole) or (article.date and not known.date):
                self.found[article.key] = article
        for key in self.private & self.found.keys():
            del self.found[key]


def walk_site(search: Search) -> Walk:
    """All lists of a site; through its REST interface where that is open."""
    site, walk = search.site, Walk()
    listed = 0
    for listing in site.lists:
        articles = _walk_rest(search, listing, walk) if site.rest and listing.post_type else None
        if articles is None:
            articles = _walk_pages(search, listing, walk)
        if not articles:
            walk.notes.append(f"{site.origin}{listing.path}: no article found on this list")
        listed += articles
    if not listed and not walk.faults:
        walk.faults.append(f"{site.origin}: none of its lists names an article; has the site changed? (look at a list)")
    return walk


def _walk_pages(search: Search, listing: Listing, walk: Walk) -> int:
    """Walk a list page by page; how many articles it names."""
    seen: set[str] = set()
    for number in range(search.bounds.pages):
        url = listing.address(search.site.origin, number)
        try:
            page = search.get(url)
        except FetchError as error:
            walk.faults.append(_unfinished(url, number, str(error)))
            return len(seen)
        if page.status in NOT_THERE and (number or not listing.certain):
            return len(seen)
        if page.status != 200:
            walk.faults.append(_unfinished(url, number, f"it answers {page.status}"))
            return len(seen)
        articles = read_listing(page, search.site)
        search.log(f"{url}: {len(articles)} articles")
        if _is_last(search, articles, seen, walk):
            return len(seen)
    walk.faults.append(f"{search.site.origin}{listing.path}: left after {search.bounds.pages} pages, the list goes on")
    return len(seen)


def _walk_rest(search: Search, listing: Listing, walk: Walk) -> int | None:
    """Walk a list through the REST interface, last changed first; None when its first page is of no use."""
    seen: set[str] = set()
    home = f"{search.site.origin}{listing.path}"
    for number in range(search.bounds.pages):
        url = rest_address(search.site, listing, number + 1)
        try:
            page = search.get(url)
            if page.status == 400 and number:  # what WordPress answers after the last page
                return len(seen)
            articles, total = read_posts(page, search.site)
        except (NoRest, FetchError) as reason:
            if not number:
                walk.notes.append(f"{home}: walked page by page, the REST interface is no help: {reason}")
                return None
            walk.faults.append(_unfinished(url, number, str(reason)))
            return len(seen)
        search.log(f"{home}: page {number + 1} of {total or '?'} by REST, {len(articles)} articles")
        if _is_last(search, articles, seen, walk) or number + 1 == total:
            return len(seen)
    walk.faults.append(f"{home}: left after {search.bounds.pages} pages of REST, there are more")
    return len(seen)


def _is_last(search: Search, articles: Sequence[Found], seen: set[str], walk: Walk) -> bool:
    """Take a page's articles in; whether the pages after it need not be asked for."""
    fresh = [article for article in articles if article.key not in seen]
    seen.update(article.key for article in fresh)
    walk.add(articles)
    dated = [article for article in fresh if article.last is not None]
    return not fresh or (bool(dated) and all(search.is_past(article) for article in dated))


def _unfinished(url: str, number: int, reason: str) -> str:
    return f"{url}: this list was not finished, its page {number + 1} cannot be had: {reason}"
