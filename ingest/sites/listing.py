"""One page of a list -> the articles that it names.

In: a page of a site's list. Out: `Found` articles in the page's order, each once, with what the entry itself says: title,
date, whether it is for members. Where the markup shows no entries, every link of the main content whose address can only be
an article's counts as one. Left out: menus, other hosts, lists and pagers, whatever is for members by its address.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

from ingest.fetch.client import Page
from ingest.sites.address import Address
from ingest.sites.article import is_private, modified_of, published_of
from ingest.sites.markup import DEEPEST, Element, is_aside, links_of, main_of, text_of, title_of, tree_of
from ingest.sites.site import Site

# Entries of lists as Drupal's views and WordPress's themes mark them.
ENTRY_CLASS = re.compile(r"(?:^|\s)(?:views-row|node--type-\S*|node-teaser|hentry|post)(?:\s|$)")
MOST_NESTED = 3  # a row around a teaser around an article
HEADINGS = ("h1", "h2", "h3", "h4", "h5")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An article that a list names. `whole`: all that a catalogue line needs is known, its page need not be asked for."""

    url: str
    key: str
    title: str = ""
    date: str | None = None
    modified: str | None = None
    themes: tuple[str, ...] = ()
    series: str | None = None
    private: bool = False
    pdfs: tuple[str, ...] = ()
    whole: bool = False

    @property
    def last(self) -> str | None:
        """The day of its last change that is known, YYYY-MM-DD."""
        return max(filter(None, (self.date, self.modified)), default=None)


def read_listing(page: Page, site: Site) -> tuple[Found, ...]:
    """The articles that one page of a list names."""
    main = main_of(tree_of(page))
    links = _articles(main, page.url, site)
    entries = [each for entry, own in _entries(links) if (each := _entry(entry, own, site)) is not None]
    if not entries:
        entries = [
            Found(url=site.canonical(where), key=where.key, title=title_of(link))
            for link, where in links
            if site.is_article(where, surely=True)
        ]
    found: dict[str, Found] = {}
    for entry in entries:
        # An entry within another is found first as part of it; what either says of members counts.
        known = found.setdefault(entry.key, entry)
        found[entry.key] = replace(known, private=known.private or entry.private)
    return tuple(found.values())


def _entries(links: Sequence[tuple[Element, Address]]) -> list[tuple[Element, list[tuple[Element, Address]]]]:
    """What may be entries, with the links in each: the elements around a link that are marked so, the nearest few."""
    found: dict[Element, list[tuple[Element, Address]]] = {}
    for link, where in links:
        around = (each for each in islice(link.iterancestors(), DEEPEST) if _is_entry(each))
        for entry in islice(around, MOST_NESTED):
            found.setdefault(entry, []).append((link, where))
    return list(found.items())


def _is_entry(element: Element) -> bool:
    return element.tag == "article" or bool(ENTRY_CLASS.search(element.get("class") or ""))


def _entry(entry: Element, links: Sequence[tuple[Element, Address]], site: Site) -> Found | None:
    """What an entry says of its article; None for a frame around several of them."""
    headed = [(link, where) for link, where in links if _is_headed(link)]
    chosen = headed or links
    if len({where.key for _, where in chosen}) != 1:
        return None
    link, where = chosen[0]
    heading = next((each for each in entry.iter(*HEADINGS) if text_of(each)), link)
    text = text_of(entry)
    return Found(
        url=site.canonical(where),
        key=where.key,
        title=title_of(heading),
        date=published_of(entry),
        modified=modified_of(text),
        private=is_private(text),
    )


def _articles(element: Element, url: str, site: Site) -> list[tuple[Element, Address]]:
    """The links in an element that lead to articles of this site."""
    return [
        (link, where)
        for link, target in links_of(element)
        if (where := site.own(target, base=url)) is not None and site.is_article(where) and not is_aside(link)
    ]


def _is_headed(link: Element) -> bool:
    around = islice(link.iterancestors(), DEEPEST)
    return any(each.tag in HEADINGS for each in around) or any(True for _ in link.iter(*HEADINGS))
