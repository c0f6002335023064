"""Where a quotation stands on its page: bytes of a PDF, a page and words of the repaired text -> boxes, one a line.

Compared are letters and digits alone, in the reading order of the page: hyphens undone, ligatures, cell bars and white
space of the repaired text make no difference. A quotation that runs on over a page break gives what stands on the page
asked for. Not found is an empty tuple; pages that OCR read have their boxes in `Document.ocr_words`. Refused (ReadError): no
PDF, a page that is not there.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

from ingest.document import Box
from ingest.errors import ReadError
from ingest.pdf.engine import open_pdf
from ingest.pdf.layout import lines_of, reading_order
from ingest.pdf.lines import Line, around
from ingest.pdf.tables import Table

_LEAST_OF_PART = 24  # letters and digits, some five words: fewer may stand on a page by chance


def quotation_boxes(data: bytes, page: int, quote: str) -> tuple[Box, ...]:
    """The rectangles that cover `quote` on the physical page `page`, in points from its top left corner."""
    with open_pdf(data, "quotation") as pdf:
        if not 1 <= page <= pdf.pages:
            raise ReadError(f"page {page}: there is no such page; expected 1 to {pdf.pages}")
        words = pdf.read_page(page).words
    placed = [(index, word) for index, line in enumerate(_in_order(lines_of(words, page))) for word in line.words]
    folded = [_fold(word.text) for _index, word in placed]
    found = _find("".join(folded), _fold(quote))
    if found is None:
        return ()
    starts = list(accumulate((len(text) for text in folded), initial=0))
    first, last = bisect_right(starts, found[0]) - 1, bisect_right(starts, found[1] - 1) - 1
    covered: dict[int, list[Box]] = {}
    for index, word in placed[first : last + 1]:
        covered.setdefault(index, []).append(word.box)
    return tuple(around(boxes) for boxes in covered.values())


def _in_order(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines as the reader takes them; those of a table cell by cell."""
    for region in reading_order(lines):
        if isinstance(region, Table):
            yield from (line for row in region.rows for cell in row for line in cell)
        else:
            yield from region.lines


def _fold(text: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


def _find(text: str, quote: str) -> tuple[int, int] | None:
    """Where the quotation stands in the text of a page, or else the longer of its beginning and its end."""
    if not quote:
        return None
    start = text.find(quote)
    if start >= 0:
        return start, start + len(quote)
    # A beginning that is there has all shorter ones there too: the first length that is not can be searched by halves.
    lengths = range(1, len(quote))
    head = bisect_left(lengths, True, key=lambda length: quote[:length] not in text)
    tail = bisect_left(lengths, True, key=lambda length: quote[-length:] not in text)
    if max(head, tail) < _LEAST_OF_PART:
        return None
    part = quote[:head] if head >= tail else quote[-tail:]
    start = text.find(part)
    return start, start + len(part)
