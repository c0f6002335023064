"""The text of a publication's leaves -> HTML, with the quotation marked in it, and the others of the same answer. Pure.

Everything is escaped. The first mark carries an id, for the address to lead to. What OCR read otherwise is given beside the
quotation.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from ingest.document import Span
from ui import texts
from ui.library import Leaf, Source, paragraphs
from ui.typography import french
from ui.view import View


def leaves_html(source: Source, view: View, *, anchor: str, titled: bool) -> str:
    """The leaves in order; `anchor` is the id of the first mark, `titled` gives each leaf its heading."""
    text, leaves = source.document.text, view.leaves(source)
    cut = [tuple(paragraphs(text, Span(leaf.start, leaf.end))) for leaf in leaves]
    marked = [span for spans in cut for span in spans if view.quotation and view.quotation.overlaps(span)]
    html = []
    for leaf, spans in zip(leaves, cut, strict=True):
        if titled:
            html.append(f'<h2 lang="fr">{_ours(name_of(source, leaf))}</h2>')
        if not spans and source.paged:
            html.append(f'<p class="none"><span lang="fr">{_ours(texts.NO_TEXT)}</span></p>')
        for span in spans:
            html.append(_block(source, span, _inside(source, span, view, marked, anchor)))
            if view.quotation and marked and span == marked[-1]:
                html.append(_before_correction(source, view.quotation))
    return "\n".join(html)


def name_of(source: Source, leaf: Leaf) -> str:
    """What a leaf is called."""
    return texts.page_of(leaf.number) if source.paged else texts.part_of(leaf.number, len(source.leaves))


def _block(source: Source, span: Span, inside: str) -> str:
    is_heading = " ".join(source.document.text[span.start : span.end].split()) in source.headings
    return f"<h3>{inside}</h3>" if is_heading else f"<p>{inside}</p>"


def _inside(source: Source, span: Span, view: View, marked: Sequence[Span], anchor: str) -> str:
    """A paragraph with its part of the quotation marked. Marks are not read out, so that words stand around them."""
    text, quotation = source.document.text, view.quotation
    if quotation is None or span not in marked:
        return _others(text, span, view.also)
    start, end = max(span.start, quotation.start), min(span.end, quotation.end)
    is_first, is_last = span == marked[0], span == marked[-1]
    identity = f' id="{escape(anchor)}" tabindex="-1"' if is_first else ""
    begins = _unseen(texts.QUOTATION_BEGINS) if is_first else ""
    ends = _unseen(texts.QUOTATION_ENDS) if is_last else ""
    mark = f"<mark{identity}>{_lines(text, start, end)}</mark>"
    before, after = Span(span.start, start), Span(end, span.end)
    return f"{_others(text, before, view.also)}{begins}{mark}{ends}{_others(text, after, view.also)}"


def _others(text: str, within: Span, also: Sequence[Span]) -> str:
    """A stretch outside the quotation, with what other citations of the answer quote of it marked more lightly."""
    html, position = "", within.start
    for other in also:
        start, end = max(other.start, position), min(other.end, within.end)
        if start < end:
            html += f'{_lines(text, position, start)}<mark class="also">{_lines(text, start, end)}</mark>'
            position = end
    return html + _lines(text, position, within.end)


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


def _lines(text: str, start: int, end: int) -> str:
    """A stretch of a publication, as it is, its line ends kept."""
    return escape(text[start:end]).replace("\n", "<br>\n")


def _unseen(text: str) -> str:
    return f'<span class="sr" lang="fr">{_ours(text)}</span>'


def _ours(text: str) -> str:
    return escape(french(text))
