"""One page of a list -> the articles that it names.

In: a page of a site's list. Out: `Found` articles in the page's order, each once, with what the entry itself says: title,
date, whether it is for members. Where the markup shows no entries, every link of the main content whose address can only be
an article's counts as one. Left out: menus, other hosts, lists and pagers, whatever is for members by its address.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ingest.fetch.client import Page
from ingest.sites.address import Address
from ingest.sites.article import is_private, modified_of, published_of
from ingest.sites.markup import Element, is_aside, links_of, main_of, text_of, title_of, tree_of
from ingest.sites.site import Site

# Entries of lists as Drupal's views and WordPress's themes mark them.
ENTRIES = (
    "descendant::*[self::article or contains(concat(' ', normalize-space(@class), ' '), ' views-row ')"
    " or contains(@class, 'node--type-') or contains(@class, 'node-teaser')"
    " or contains(concat(' ', normalize-space(@class), ' '), ' hentry ')"
    " or contains(concat(' ', normalize-space(@class), ' '), ' post ')]"
)
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
    entries = [each for entry in main.xpath(ENTRIES) if (each := _entry(entry, page.url, site)) is not None]
    if not entries:
        entries = [
            Found(url=site.canonical(where), key=where.key, title=title_of(link))
            for link, where in _articles(main, page.url, site, surely=True)
        ]
    found: dict[str, Found] = {}
    for entry in entries:
        # An entry within another is found first as part of it; what either says of members counts.
        known = found.setdefault(entry.key, entry)
        found[entry.key] = replace(known, private=known.private or entry.private)
    return tuple(found.values())


def _entry(entry: Element, url: str, site: Site) -> Found | None:
    """What an entry says of its article; None for a frame around several of them, or around none."""
    if is_aside(entry):
        return None
    links = _articles(entry, url, site, surely=False)
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


def _articles(element: Element, url: str, site: Site, *, surely: bool) -> list[tuple[Element, Address]]:
    """The links in an element that lead to articles of this site."""
    return [
        (link, where)
        for link, target in links_of(element)
        if (where := site.own(target, base=url)) is not None
        and site.is_article(where, surely=surely)
        and not is_aside(link)
    ]


def _is_headed(link: Element) -> bool:
    return any(each.tag in HEADINGS for each in link.iterancestors()) or any(True for _ in link.iter(*HEADINGS))
