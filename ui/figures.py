"""Sheets -> HTML: each page as a picture, with the quotation's words marked on it, and its text for who does not see it.

Marks are an SVG over the picture, in the page's own points: they grow and print with it, and need no script. The first of
them is where the address leads; it takes the focus, and says the quotation. Pure; links are relative to `/source/<id>`.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from urllib.parse import quote

from ingest.document import Box, Publication
from ui import texts
from ui.permalink import ANCHOR
from ui.sheets import Sheet
from ui.typography import french

_MARGIN = 1.5  # points that a mark stands out from its words
_PIXELS = 1400  # of a picture's width, as its place is kept before it is there; its proportions are what counts


def figures_html(publication: Publication, sheets: Sequence[Sheet], quotation: str) -> str:
    """The sheets in order; the first mark of all is where the quotation is."""
    html, led = [], False
    for sheet in sheets:
        anchored = bool(sheet.marks) and not led
        html.append(_figure(publication, sheet, quotation if anchored else ""))
        led = led or anchored
    return "".join(html)


def _figure(publication: Publication, sheet: Sheet, quotation: str) -> str:
    picture = sheet.picture
    name, version = quote(publication.id, safe="", errors="replace"), (publication.sha256 or "")[:12]
    href = escape(f"{name}/page/{sheet.number}.webp?v={version}")
    height = max(round(_PIXELS * picture.height / picture.width), 1)
    alt = _ours(texts.PICTURE_OF_PAGE.format(page=sheet.number))
    return (
        f'<h2 id="page-{sheet.number}">{_ours(texts.page_of(sheet.number))}</h2>'
        f'<figure class="page"><div class="paper">'
        f'<img src="{href}" alt="{alt}" width="{_PIXELS}" height="{height}">'
        f"{_marks(sheet)}{_spot(sheet, quotation)}</div>"
        f'<figcaption><a href="{href}">{_ours(texts.ENLARGE)}</a></figcaption></figure>'
    )


def _marks(sheet: Sheet) -> str:
    width, height = sheet.picture.width, sheet.picture.height
    others = "".join(_rectangle(box, "also") for boxes in sheet.also for box in boxes)
    marks = "".join(_rectangle(box, "quoted") for box in sheet.marks)
    if not others and not marks:
        return ""
    return (
        f'<svg class="marks" viewBox="0 0 {width:.2f} {height:.2f}" preserveAspectRatio="none" aria-hidden="true" '
        f'focusable="false">{others}{marks}</svg>'
    )


def _rectangle(box: Box, kind: str) -> str:
    x, y = box.left - _MARGIN, box.top - _MARGIN
    width, height = box.right - box.left + 2 * _MARGIN, box.bottom - box.top + 2 * _MARGIN
    return f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="1.5"/>'


def _spot(sheet: Sheet, quotation: str) -> str:
    """Where the address leads: at the height of the first mark, as a text that is heard and not seen."""
    if not quotation:
        return ""
    top, bottom = (
        min(max(100 * edge / sheet.picture.height, 0.0), 100.0)
        for edge in (min(box.top for box in sheet.marks), max(box.bottom for box in sheet.marks))
    )
    said = f"{_ours(texts.QUOTATION_MARKED.format(page=sheet.number))} «\u00a0{escape(quotation)}\u00a0»"
    style = f"top:{top:.2f}%;height:{bottom - top:.2f}%"
    return f'<p id="{ANCHOR}" class="spot" tabindex="-1" style="{style}"><span class="sr">{said}</span></p>'


def _ours(text: str) -> str:
    return escape(french(text))
