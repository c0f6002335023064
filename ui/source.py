"""Source + what of it is asked for -> a page to read it on, with a quotation marked. Pure: no file, no network, no script.

Everything that comes from a publication is escaped, of its addresses only an https one becomes a link. Offsets that mark
nothing are no fault: the page is shown without a mark. Links are relative to `/source/<id>`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from ingest.document import Span
from ui import texts
from ui.library import Leaf, Source, paragraphs
from ui.navigation import navigation
from ui.page import fill
from ui.render import safe_url
from ui.typography import french

_MAX_DIGITS = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What of a source is shown: neighbouring leaves (by place, `first` to `last`), and the quotation marked in them."""

    first: int
    last: int
    quotation: Span | None = None


def view_of(source: Source, query: Mapping[str, str]) -> View:
    """What an address asks for: `start` and `end`, else `page`, else the first leaf; what is not of its form is left out."""
    start, end, page = (_number(query.get(name)) for name in ("start", "end", "page"))
    if start is not None and end is not None and _marks(source.document.text, start, end):
        return View(first=_leaf_at(source, start), last=_leaf_at(source, end - 1), quotation=Span(start, end))
    place = next((place for place, leaf in enumerate(source.leaves) if leaf.number == page), 0)
    return View(first=place, last=place)


def render_source(source: Source, view: View, *, name: str = texts.TITLE) -> str:
    """The whole page, in French; `name` is that of the service."""
    publication = source.document.publication
    where = _name_of(source, source.leaves[view.first])
    words = {
        "title": publication.title,
        "where": where,
        "assistant": name,
        "ask": texts.ASK_ASSISTANT,
    }
    return fill(
        "source.html",
        words,
        facts=_facts(source),
        notice=_notice(source, view),
        text=_leaves(source, view),
        around=_around(source, view),
        navigation=navigation(root="../"),
        language=escape(publication.language or "fr"),
    )


def missing_page(title: str, text: str, *, name: str = texts.TITLE) -> str:
    """A short page that says why there is nothing to read."""
    words = {"title": title, "text": text, "name": name, "ask": texts.ASK_ASSISTANT}
    return fill("missing.html", words, navigation=navigation(root="../"))


def _number(text: str | None) -> int | None:
    good = text is not None and text.isascii() and text.isdecimal() and len(text) <= _MAX_DIGITS
    return int(text) if good and text is not None else None


def _marks(text: str, start: int, end: int) -> bool:
    return end <= len(text) and text[start:end].strip() != ""


def _leaf_at(source: Source, offset: int) -> int:
    return max(place for place, leaf in enumerate(source.leaves) if leaf.start <= offset)


def _name_of(source: Source, leaf: Leaf) -> str:
    return texts.page_of(leaf.number) if source.paged else texts.part_of(leaf.number, len(source.leaves))


def _facts(source: Source) -> str:
    publication = source.document.publication
    date = f", {texts.PUBLISHED} {texts.date(publication.date)}" if publication.date else ""
    target = safe_url(publication.url)
    link = (
        f'<p><a href="{escape(target)}" rel="noopener noreferrer">{_ours(texts.OPEN_SOURCE)}</a></p>' if target else ""
    )
    return f"<p>{escape(publication.publisher)}{_ours(date)}</p>{link}"


def _notice(source: Source, view: View) -> str:
    """That the text was corrected, if it was; and the way to the mark, if there is one."""
    corrected = f"<p>{_ours(texts.CORRECTED)}</p>" if source.document.is_corrected else ""
    jump = f'<p><a href="#citation">{_ours(texts.TO_QUOTATION)}</a></p>' if view.quotation else ""
    return corrected + jump


def _leaves(source: Source, view: View) -> str:
    text, quotation = source.document.text, view.quotation
    leaves = source.leaves[view.first : view.last + 1]
    cut = [tuple(paragraphs(text, Span(leaf.start, leaf.end))) for leaf in leaves]
    marked = [span for spans in cut for span in spans if quotation and quotation.overlaps(span)]
    html = []
    for leaf, spans in zip(leaves, cut, strict=True):
        html.append(f'<h2 lang="fr">{_ours(_name_of(source, leaf))}</h2>')
        for span in spans:
            inside = _marked(text, span, quotation, marked) if quotation and span in marked else _lines(text, *span)
            html.append(_block(source, span, inside))
            if quotation and marked and span == marked[-1]:
                html.append(_before_correction(source, quotation))
    return "\n".join(html)


def _block(source: Source, span: Span, inside: str) -> str:
    is_heading = " ".join(source.document.text[span.start : span.end].split()) in source.headings
    return f"<h3>{inside}</h3>" if is_heading else f"<p>{inside}</p>"


def _marked(text: str, span: Span, quotation: Span, marked: Sequence[Span]) -> str:
    """A paragraph with its part of the quotation marked. Marks are not read out, so that words stand around them."""
    start, end = max(span.start, quotation.start), min(span.end, quotation.end)
    is_first, is_last = span == marked[0], span == marked[-1]
    identity = ' id="citation" tabindex="-1"' if is_first else ""
    begins = _unseen(texts.QUOTATION_BEGINS) if is_first else ""
    ends = _unseen(texts.QUOTATION_ENDS) if is_last else ""
    mark = f"<mark{identity}>{_lines(text, start, end)}</mark>"
    return f"{_lines(text, span.start, start)}{begins}{mark}{ends}{_lines(text, end, span.end)}"


def _before_correction(source: Source, quotation: Span) -> str:
    """The quotation as it was read, where correcting it changed more than white space; nothing that holds a removed contact."""
    document = source.document
    if any(
        "contact" in repair.step and Span(repair.start, repair.end + 1).overlaps(quotation)
        for repair in document.repairs
    ):
        return ""  # what was removed is not shown by a side door
    start, end = document.raw_span(quotation)
    raw = document.raw[start:end]
    if raw.split() == document.text[quotation.start : quotation.end].split():
        return ""
    return (
        f'<details lang="fr"><summary>{_ours(texts.BEFORE_CORRECTION)}</summary>'
        f"<blockquote>{_lines(raw.strip(), 0, len(raw))}</blockquote></details>"
    )


def _around(source: Source, view: View) -> str:
    """Links to the leaves before and after those shown."""
    before, after = (texts.PREVIOUS_PAGE, texts.NEXT_PAGE) if source.paged else (texts.PREVIOUS_PART, texts.NEXT_PART)
    links = ""
    if view.first > 0:
        links += _turn(source.leaves[view.first - 1], "prev", before)
    if view.last + 1 < len(source.leaves):
        links += _turn(source.leaves[view.last + 1], "next", after)
    return f'<nav aria-label="{_ours(texts.AROUND)}">{links}</nav>' if links else ""


def _turn(leaf: Leaf, relation: str, label: str) -> str:
    return f'<a rel="{relation}" href="?page={leaf.number}">{_ours(f"{label} ({leaf.number})")}</a>'


def _lines(text: str, start: int, end: int) -> str:
    """A stretch of a publication, as it is, its line ends kept."""
    return escape(text[start:end]).replace("\n", "<br>\n")


def _unseen(text: str) -> str:
    return f'<span class="sr" lang="fr">{_ours(text)}</span>'


def _ours(text: str) -> str:
    return escape(french(text))
