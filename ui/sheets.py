"""What is shown of a PDF -> its pages as pictures, with the places of the quotation and of the others on them.

Where a quotation stands is looked for among the words of the page itself, because a paragraph that runs on over a page break
belongs to the page where it began: then it is the next one that is shown, or both. In: a function that draws a page, or
gives None. Out: no sheet at all for what has no picture.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ingest.document import Box, Document, Span
from ingest.pdf.masks import contact_boxes
from ingest.pdf.packed import PagePicture
from ingest.pdf.quoted import OnPage, find_on_page, fold, line_boxes, placed_by_ocr
from ui.library import Source
from ui.view import View

# The page of that number, counted from 1.
Draw = Callable[[int], PagePicture | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A physical page: its picture, and in points from its top left corner what is marked: boxes, one a line.

    `also` has the boxes of each of the view's other quotations.
    """

    number: int
    picture: PagePicture
    marks: tuple[Box, ...] = ()
    also: tuple[tuple[Box, ...], ...] = ()


def masks_of(document: Document, page: int) -> tuple[Box, ...]:
    """What is to be painted over on a page that OCR read; on others whoever draws them sees it."""
    return tuple(contact_boxes(placed_by_ocr(document, page))) if page in document.ocr_pages else ()


def sheets_of(source: Source, view: View, draw: Draw) -> tuple[Sheet, ...]:
    """The pages that are shown, in order; of those the ones alone that have a mark, if any has."""
    sheets: list[Sheet] = []
    rest = ""
    for number in _numbers(source, view):
        picture = draw(number)
        if picture is None:
            continue
        on_page = _on_page(source, view.quotation, number, picture, rest)
        rest = on_page.rest
        also = tuple(_on_page(source, span, number, picture).boxes for span in view.also)
        sheets.append(Sheet(number=number, picture=picture, marks=on_page.boxes, also=also))
        if on_page.whole or (on_page.boxes and any(sheet.marks for sheet in sheets[:-1])):
            break
    marked = [sheet for sheet in sheets if sheet.marks]
    shown = {leaf.number for leaf in view.leaves(source)}
    return tuple(marked or [sheet for sheet in sheets if sheet.number in shown])


def _numbers(source: Source, view: View) -> Iterator[int]:
    """The pages of the leaves, and the one behind them, on which the quotation may end."""
    yield from (leaf.number for leaf in view.leaves(source))
    if view.quotation and view.last + 1 < len(source.leaves):
        yield source.leaves[view.last + 1].number


def _on_page(source: Source, span: Span | None, number: int, picture: PagePicture, rest: str = "") -> OnPage:
    if span is None:
        return OnPage()
    document = source.document
    raw = document.raw_span(span)
    if number in document.ocr_pages:
        words = placed_by_ocr(document, number, within=raw)
        elsewhere = any(word.page != number and raw.overlaps(Span(word.start, word.end)) for word in document.ocr_words)
        return OnPage(boxes=line_boxes(words), whole=bool(words) and not elsewhere)
    quote = document.text[span.start : span.end]
    found = find_on_page(picture.words, quote, occurrence=_said_before(source, span), rest=rest)
    if found.whole:
        return found
    # What was repaired stands on the page as it was read.
    as_read = find_on_page(picture.words, document.raw[raw.start : raw.end])
    return as_read if as_read.whole or not found.boxes else found


def _said_before(source: Source, span: Span) -> int:
    """How often the same words stand before the quotation on its leaf."""
    start = max(leaf.start for leaf in source.leaves if leaf.start <= span.start)
    text = source.document.text
    return fold(text[start : span.start]).count(fold(text[span.start : span.end]))
