"""How a publication is referred to, and where its original is read: a reference to copy, a link to the right place. Pure.

The link leads to the publication's own address: to the page of a PDF (`#page=`), to the passage of a web page (a text
fragment, which browsers that do not know it leave aside). Only https addresses become links; our copy of a file is not served.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from urllib.parse import quote, urldefrag, urlsplit

from ingest.document import Publication, Span
from ui import texts
from ui.library import Source
from ui.pictures import is_pdf
from ui.render import safe_url
from ui.typography import french

# A fragment of so many words is given whole, a longer one by so many of its first and last.
_WHOLE, _ENDS = 12, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """Where the original is read, and what the link to it is called."""

    href: str
    label: str


def reference_html(publication: Publication, pages: Sequence[int], today: date) -> str:
    """ "RTES, Titre, mai 2023, p. 3. Disponible sur : https://… (consulté le 30 novembre 2026)", its title in a <cite>."""
    facts = [texts.date(publication.date)] if publication.date else []
    facts += [texts.pages(pages)] if pages else []
    told = "".join(f", {fact}" for fact in facts)
    seen = texts.CONSULTED.format(date=texts.date(today.isoformat()))
    # An address that is no link all the same tells where it was read.
    where = texts.AVAILABLE.format(url=publication.url) if publication.url else texts.READ_IN.format(name=texts.TITLE)
    return (
        f"{escape(publication.publisher)}, <cite>{escape(publication.title)}</cite>{_ours(told)}. "
        f"{_ours(where)} ({_ours(seen)})."
    )


def original_of(source: Source, pages: Sequence[int], quotation: Span | None) -> Original | None:
    """The link to the original, if its address is one that we link to."""
    publication = source.document.publication
    url = safe_url(publication.url)
    if url is None:
        return None
    bare = urldefrag(url).url
    if is_pdf(publication) and pages and urlsplit(url).path.lower().endswith(".pdf"):
        return Original(href=f"{bare}#page={pages[0]}", label=texts.OPEN_AT_PAGE.format(page=pages[0]))
    fragment = text_fragment(source.document.text[quotation.start : quotation.end]) if quotation else ""
    if _is_web_page(publication) and fragment:
        anchor = urlsplit(url).fragment.partition(":~:")[0]
        return Original(href=f"{bare}#{anchor}:~:{fragment}", label=texts.OPEN_AT_PASSAGE)
    return Original(href=url, label=texts.OPEN_SOURCE)


def text_fragment(passage: str) -> str:
    """ "text=..." for a passage: whole when it is short and on one line, else by its first and last words; "" without words."""
    lines = [words for line in passage.splitlines() if (words := line.strip("-–•*#> \t").split())]
    if not lines:
        return ""
    if len(lines) == 1 and len(lines[0]) <= _WHOLE:
        return f"text={_encoded(lines[0])}"
    return f"text={_encoded(lines[0][:_ENDS])},{_encoded(lines[-1][-_ENDS:])}"


def _encoded(words: Sequence[str]) -> str:
    # A hyphen parts a fragment's words from its context, as a comma parts its ends.
    return quote(" ".join(words), safe="", errors="replace").replace("-", "%2D")


def _is_web_page(publication: Publication) -> bool:
    if publication.media_type is not None:
        return "html" in publication.media_type
    return (publication.file or "").lower().endswith((".html", ".htm", ".xhtml"))


def _ours(text: str) -> str:
    return escape(french(text))
