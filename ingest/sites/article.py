"""An article's page -> what a catalogue line says of it, and whether it is for members only.

In: a page of rtes.fr or reseau-crpv.fr, answered with 200. Out: title, days, themes, series, PDFs that it links to, and the
private flag. Refuses nothing: what a page does not say is None or empty; a page without a title has "".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from ingest.fetch.client import Page
from ingest.sites.address import address
from ingest.sites.markup import Element, is_aside, links_of, main_of, text_of, title_of, tree_of
from ingest.sites.wording import find_date, one_line

# "Ressource privée : Oui", the label and its value in one element or in two; "Réservé aux adhérents" as a heading says it.
PRIVATE = re.compile(
    r"ressources?\s+priv[ée]e?s?\s*:?\s*(?:oui|1\b)|(?:contenu|ressource|article|page|acc[èe]s)\s+r[ée]serv[ée]e?\s+aux\s+adh[ée]rent",
    re.IGNORECASE,
)
PUBLISHED = re.compile(r"publi[ée]e?\s+le\s*:?\s*(.{0,40})", re.IGNORECASE)
MODIFIED = re.compile(r"(?:mis(?:e)?\s+à\s+jour|modifi[ée]e?)\s+le\s*:?\s*(.{0,40})", re.IGNORECASE)
KEY_WORDS = re.compile(r"mots?[-\s]cl[ée]s?\s*:\s*(.{1,300}?)(?:\s+[-–—]\s|\s*$)", re.IGNORECASE)
MOST_THEMES, LONGEST_THEME, MOST_PDFS = 20, 80, 10
SERIES = {
    "Points de RepèrESS": re.compile(r"points?\s+de\s+rep[èe]ress", re.IGNORECASE),
    "RepèrESS": re.compile(r"rep[èe]ress", re.IGNORECASE),
    "Déniché pour vous": re.compile(r"d[ée]nich[ée]e?s?\s+pour\s+vous", re.IGNORECASE),
    "Kit MunicipalESS": re.compile(r"\bkit\s+municipaless", re.IGNORECASE),
    "L'éco des quartiers": re.compile(r"l['’]\s?[ée]co\s+des\s+quartiers", re.IGNORECASE),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What a page says of itself; days are YYYY-MM-DD."""

    title: str
    date: str | None
    modified: str | None
    themes: tuple[str, ...]
    series: str | None
    private: bool
    pdfs: tuple[str, ...]


def read_article(page: Page) -> Article:
    """What an article's page says of itself."""
    root = tree_of(page)
    main = main_of(root)
    text = text_of(main)
    title = _title(root, main)
    return Article(
        title=title,
        date=_meta(root, "article:published_time") or published_of(main),
        modified=_meta(root, "article:modified_time") or modified_of(text),
        themes=_themes(main, text),
        series=series_of(title),
        private=is_private(text),
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


def series_of(title: str) -> str | None:
    """The series that a title names."""
    return next((name for name, pattern in SERIES.items() if pattern.search(title)), None)


def pdfs_of(element: Element, url: str) -> tuple[str, ...]:
    """The PDFs that an element links to, whatever host keeps them."""
    found = (address(target, base=url) for _, target in links_of(element))
    pdfs = dict.fromkeys(str(each) for each in found if each and urlsplit(str(each)).path.lower().endswith(".pdf"))
    return tuple(pdfs)[:MOST_PDFS]


def clean_themes(names: list[str]) -> tuple[str, ...]:
    """Key words as a catalogue writes them: in small letters but for acronyms, each once."""
    themes = (one_line(name, longest=LONGEST_THEME) for name in names[: MOST_THEMES * 2])
    return tuple(dict.fromkeys(_small(theme) for theme in themes if theme))[:MOST_THEMES]


def _small(theme: str) -> str:
    return theme[0].lower() + theme[1:] if theme[1:2].islower() else theme


def _themes(main: Element, text: str) -> tuple[str, ...]:
    """From "Mots-clés : emploi ; insertion - Mai 2022", in an element of its own or in the running text."""
    for element in main.iter("p", "div", "li", "span", "dd", "section"):
        own = text_of(element)
        if len(own) < 400 and (said := KEY_WORDS.search(own)):
            return clean_themes(re.split(r"\s*[;,]\s*", said[1]))
    said = KEY_WORDS.search(text)
    return clean_themes(re.split(r"\s*[;,]\s*", said[1])) if said and ";" in said[1] else ()


def _title(root: Element, main: Element) -> str:
    for element in (*main.iter("h1"), *root.iter("h1")):
        if (text := title_of(element)) and not is_aside(element):
            return text
    for name in ("og:title", "twitter:title"):
        for meta in root.xpath("//meta[@property=$name or @name=$name]", name=name):
            if text := one_line(str(meta.get("content") or "")):
                return text
    for element in root.iter("title"):
        if text := one_line(re.split(r"\s[|–]\s", text_of(element))[0]):
            return text
    return ""


def _meta(root: Element, name: str) -> str | None:
    for meta in root.xpath("//meta[@property=$name]", name=name):
        if day := find_date(str(meta.get("content") or "")):
            return day
    return None
