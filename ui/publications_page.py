"""`/publications` as a page: what the assistant has read, by network and theme, chosen by plain links. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import groupby
from urllib.parse import quote, urlencode

from ui import texts
from ui import texts_plain as plain_texts
from ui.form import Fields, first
from ui.layout import listing, ours, paragraph, plain, plain_page
from ui.render import safe_url
from ui.shelf import Held, Shelf
from ui.site import Site

# A screen of titles loads at once and is read through; more are on the next page of the list.
_PER_PAGE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What of the list is shown; `page` counts from 1."""

    publisher: str = ""
    theme: str = ""
    page: int = 1

    @classmethod
    def of(cls, fields: Fields) -> Choice:
        """What an address asks for; a page that is none is the first."""
        page = first(fields, "page")
        number = int(page) if page.isascii() and page.isdecimal() and len(page) < 6 else 1
        return cls(publisher=first(fields, "reseau"), theme=first(fields, "theme"), page=max(1, number))

    @property
    def address(self) -> str:
        """Where it stands."""
        pairs = {"reseau": self.publisher, "theme": self.theme, "page": str(self.page) if self.page > 1 else ""}
        query = urlencode({name: value for name, value in pairs.items() if value}, errors="replace")
        return f"publications?{query}" if query else "publications"


def publications_page(shelf: Shelf, choice: Choice, site: Site) -> str:
    """The whole page, in French."""
    chosen = shelf.chosen(choice.publisher, choice.theme)
    last = max(1, -(-len(chosen) // _PER_PAGE))
    choice = replace(choice, page=min(choice.page, last))
    shown = chosen[(choice.page - 1) * _PER_PAGE : choice.page * _PER_PAGE]
    main = (
        paragraph(plain_texts.PUBLICATIONS_LEAD, "lead")
        + _narrowing(shelf, choice)
        + f'<p class="count" role="status">{ours(plain_texts.count(len(chosen)))}</p>'
        + (_groups(shown) if shown else paragraph(plain_texts.NO_PUBLICATION))
        + _turning(choice, last)
    )
    title = plain_texts.PUBLICATIONS_TITLE
    return plain_page(site, title, main, current="publications", index_date=shelf.index_date)


def _narrowing(shelf: Shelf, choice: Choice) -> str:
    publishers = _ways(
        plain_texts.BY_NETWORK,
        plain_texts.ALL_NETWORKS,
        shelf.publishers,
        {name: replace(choice, publisher=name, page=1) for name in ("", *shelf.publishers)},
        choice.publisher,
    )
    themes = _ways(
        plain_texts.BY_THEME,
        plain_texts.ALL_THEMES,
        shelf.themes,
        {name: replace(choice, theme=name, page=1) for name in ("", *shelf.themes)},
        choice.theme,
    )
    return f'<nav class="narrowing" aria-label="{ours(plain_texts.NARROWING)}">{publishers}{themes}</nav>'


def _ways(title: str, every: str, counts: Mapping[str, int], choices: Mapping[str, Choice], current: str) -> str:
    """One row of links: all, then each name with how many it has."""
    if not counts:
        return ""
    items = [
        f'<a href="{escape(choice.address)}"{_current(name == current)}>'
        f"{f'{plain(name)} <span>({counts[name]})</span>' if name else ours(every)}</a>"
        for name, choice in choices.items()
    ]
    return f"<h2>{ours(title)}</h2>{listing(items)}"


def _groups(shown: Sequence[Held]) -> str:
    by_publisher = sorted(shown, key=lambda one: one.publication.publisher.casefold())
    return "".join(
        f'<section class="network"><h2>{plain(name)}</h2>{listing(map(_item, group), "shelf")}</section>'
        for name, group in groupby(by_publisher, key=lambda one: one.publication.publisher)
    )


def _item(held: Held) -> str:
    one = held.publication
    language = f' lang="{escape(one.language)}"' if one.language and one.language != "fr" else ""
    facts = [texts.date(one.date) if one.date else plain_texts.UNDATED]
    facts += [plain_texts.KINDS[one.media_type]] if one.media_type in plain_texts.KINDS else []
    facts.append(plain_texts.words(held.words) if held.pages is None else plain_texts.pages(held.pages))
    themes = f"{ours(plain_texts.THEMES_OF)} {plain(', '.join(one.themes))}" if one.themes else ""
    return (
        f"<h3{language}>{plain(one.title)}</h3>"
        f'<p class="where">{ours(", ".join(facts))}</p>'
        f"{f'<p class=where>{themes}</p>' if themes else ''}"
        f'<p class="ways">{_reading(held)}</p>'
    )


def _reading(held: Held) -> str:
    """Ways to read it, each named with the title for those who hear links apart from their surroundings."""
    one = held.publication
    of_title = f'<span class="sr">{ours(" : ")}{plain(one.title)}</span>'
    name = quote(one.id, safe="", errors="replace")
    links = [f'<a href="source/{name}">{ours(plain_texts.READ_HERE)}{of_title}</a>']
    target = safe_url(one.url)
    if target:
        links.append(f'<a href="{escape(target)}" rel="noopener noreferrer">{ours(plain_texts.ORIGINAL)}{of_title}</a>')
    return " ".join(links)


def _turning(choice: Choice, last: int) -> str:
    links = []
    if choice.page > 1:
        before = replace(choice, page=choice.page - 1)
        links.append(f'<a rel="prev" href="{escape(before.address)}">{ours(plain_texts.PREVIOUS)}</a>')
    if choice.page < last:
        after = replace(choice, page=choice.page + 1)
        links.append(f'<a rel="next" href="{escape(after.address)}">{ours(plain_texts.FOLLOWING)}</a>')
    if not links:
        return ""
    return f'<nav class="turning" aria-label="{ours(plain_texts.PAGES_OF_LIST)}"><p>{" ".join(links)}</p></nav>'


def _current(is_current: bool) -> str:
    return ' aria-current="true"' if is_current else ""
