"""Where a quotation stands on its page: bytes of a PDF, a page and words of the repaired text -> boxes, one a line.

How words are compared is told in `quoted`. Pages that OCR read have their boxes in `Document.ocr_words`. Refused
(ReadError): no PDF, a page that is not there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ingest.document import Box
from ingest.errors import ReadError
from ingest.pdf.engine import open_pdf
from ingest.pdf.layout import lines_of, reading_order
from ingest.pdf.lines import Line, Word
from ingest.pdf.quoted import PlacedWord, find_on_page
from ingest.pdf.tables import Table


def quotation_boxes(data: bytes, page: int, quote: str) -> tuple[Box, ...]:
    """The rectangles that cover `quote` on the physical page `page`, in points from its top left corner."""
    with open_pdf(data, "quotation") as pdf:
        if not 1 <= page <= pdf.pages:
            raise ReadError(f"page {page}: there is no such page; expected 1 to {pdf.pages}")
        words = pdf.read_page(page).words
    return find_on_page(placed_words(words, page), quote).boxes


def placed_words(words: Sequence[Word], page: int) -> tuple[PlacedWord, ...]:
    """The words of a page's text layer in the order in which the reader takes them."""
    lines = enumerate(_in_order(lines_of(words, page)))
    return tuple(PlacedWord(index, word.text, word.box) for index, line in lines for word in line.words)


def _in_order(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines as the reader takes them; those of a table cell by cell."""
    for region in reading_order(lines):
        if isinstance(region, Table):
            yield from (line for row in region.rows for cell in row for line in cell)
        else:
            yield from region.lines
