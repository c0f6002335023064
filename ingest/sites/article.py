"""An article's page -> what a catalogue line says of it, and whether it is for members only.

In: a page of rtes.fr or reseau-crpv.fr, answered with 200. Out: title, days, themes, series, PDFs that it links to, and the
private flag. What a page does not say is None or empty; a page without a title has "". Refused (ReadError): what is no page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from ingest.fetch.client import Page
from ingest.sites.address import address
from ingest.sites.facts import page_facts
from ingest.sites.markup import Element, links_of, main_of, text_of, tree_of
from ingest.sites.wording import find_date, in_calendar, one_line

# "Ressource privée : Oui", the label and its value in one element or in two; "Réservé aux adhérents" as a heading says it.
PRIVATE = re.compile(
    r"ressources?\s+priv[ée]e?s?\s*:?\s*(?:oui|1\b)|(?:contenu|ressource|article|page|acc[èe]s)\s+r[ée]serv[ée]e?\s+aux\s+adh[ée]rent",
    re.IGNORECASE,
)
PUBLISHED = re.compile(r"publi[ée]e?\s+le\s*:?\s*(.{0,40})", re.IGNORECASE)
MODIFIED = re.compile(r"(?:mis(?:e)?\s+à\s+jour|modifi[ée]e?)\s+le\s*:?\s*(.{0,40})", re.IGNORECASE)
MOST_THEMES, LONGEST_THEME, MOST_PDFS = 20, 80, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What a page says of itself; days are YYYY-MM-DD, YYYY-MM or YYYY."""

    title: str
    date: str | None
    modified: str | None
    themes: tuple[str, ...]
    series: str | None
    private: bool
    pdfs: tuple[str, ...]


def read_article(page: Page) -> Article:
    """What an article's page says of itself. Raises ReadError."""
    facts = page_facts(page.body, page.url)
    root = tree_of(page)
    main = main_of(root)
    text = text_of(main)
    return Article(
        title=one_line(facts.title or "") or _title(root),
        date=in_calendar(facts.date) or published_of(main),
        modified=max(filter(None, (in_calendar(facts.updated), _meta(root, "article:modified_time"))), default=None),
        themes=clean_themes(facts.themes),
        series=facts.series and one_line(facts.series),
        private=bool(facts.private) or is_private(text),
        pdfs=pdfs_of(main, page.url),
    )


def is_private(text: str) -> bool:
    """Whether the words of an entry or a page say that it is for members."""
    return bool(PRIVATE.search(text))


def published_of(element: Element) -> str | None:
    """The day in "Publié le ...", or of the first <time>; None where there is neither."""
    if (said := PUBLISHED.search(text_of(element))) and (day := find_date(said[1])):
        return day
    for time in element.iter("time"):
        if day := find_date(f"{time.get('datetime') or ''} {text_of(time)}"):
            return day
    return None


def modified_of(text: str) -> str | None:
    """The day in "mis à jour le ...", None where there is none."""
    said = MODIFIED.search(text)
    return find_date(said[1]) if said else None


def pdfs_of(element: Element, url: str) -> tuple[str, ...]:
    """The PDFs that an element links to, whatever host keeps them."""
    found = (address(target, base=url) for _, target in links_of(element))
    pdfs = dict.fromkeys(str(each) for each in found if each and urlsplit(str(each)).path.lower().endswith(".pdf"))
    return tuple(pdfs)[:MOST_PDFS]


def clean_themes(names: Sequence[str]) -> tuple[str, ...]:
    """Key words as a catalogue writes them: in small letters but for acronyms, each once."""
    themes = (one_line(name, longest=LONGEST_THEME) for name in names[: MOST_THEMES * 2])
    return tuple(dict.fromkeys(_small(theme) for theme in themes if theme))[:MOST_THEMES]


def _small(theme: str) -> str:
    return theme[0].lower() + theme[1:] if theme[1:2].islower() else theme


def _title(root: Element) -> str:
    """What a page without headings is called in its head."""
    for meta in root.xpath("//meta[@property='og:title']"):
        if text := one_line(str(meta.get("content") or "")):
            return text
    titles = (one_line(re.split(r"\s[|–]\s", text_of(element))[0]) for element in root.iter("title"))
    return next(filter(None, titles), "")


def _meta(root: Element, name: str) -> str | None:
    for meta in root.xpath("//meta[@property=$name]", name=name):
        if day := find_date(str(meta.get("content") or "")):
            return day
    return None
