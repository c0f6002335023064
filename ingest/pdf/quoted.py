"""Words of a page in reading order and a quotation -> where the quotation stands among them. Pure; refuses nothing.

Compared are letters and digits alone: hyphens undone, ligatures, cell bars and white space of the repaired text make no
difference. A quotation that runs on over a page break gives what stands on this page. Not found is no box.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from ingest.document import Box, Document, Span
from ingest.pdf.lines import around

_LEAST_OF_PART = 24  # letters and digits, some five words: fewer may stand on a page by chance
_HEAD_OF_PAGE = (
    400  # letters and digits: a running title and a few lines, in which a sentence from the page before ends
)


class PlacedWord(NamedTuple):
    """A word of a page: the number of its line, counted in reading order, and where it stands."""

    line: int
    text: str
    box: Box


@dataclass(frozen=True, slots=True, kw_only=True)
class OnPage:
    """What of a quotation stands on a page: boxes, one a line, in reading order; none where it is not there.

    `whole` tells that no part of it stands elsewhere; `rest` is what is still to come, folded, where its beginning is here.
    """

    boxes: tuple[Box, ...] = ()
    whole: bool = False
    rest: str = ""


def find_on_page(placed: Sequence[PlacedWord], quote: str, *, occurrence: int = 0, rest: str = "") -> OnPage:
    """Where `quote` stands among the words of a page.

    Of several places that say the same it is the one of number `occurrence`, from 0; the first where there are fewer. `rest` is
    what the page before has left of it: however short, it is taken where a page goes on with it.
    """
    folded = [fold(word.text) for word in placed]
    text, wanted = "".join(folded), fold(quote)
    start = text.find(rest) if rest else -1
    goes_on = 0 <= start <= _HEAD_OF_PAGE
    found = (start, start + len(rest)) if goes_on else _find(text, wanted, occurrence)
    if found is None:
        return OnPage()
    starts = list(accumulate((len(text) for text in folded), initial=0))
    first, last = bisect_right(starts, found[0]) - 1, bisect_right(starts, found[1] - 1) - 1
    length = found[1] - found[0]
    begins = not goes_on and wanted.startswith(text[found[0] : found[1]])
    return OnPage(
        boxes=line_boxes(placed[first : last + 1]),
        whole=length == len(wanted),
        rest=wanted[length:] if begins else "",
    )


def placed_by_ocr(document: Document, page: int, within: Span | None = None) -> tuple[PlacedWord, ...]:
    """The words that OCR read on a page, in its order; those alone that share a character with `within`, of the raw text."""
    placed: list[PlacedWord] = []
    for word in document.ocr_words:
        if word.page != page or (within and not within.overlaps(Span(word.start, word.end))):
            continue
        line = placed[-1].line + (not _goes_on(placed[-1].box, word.box)) if placed else 0
        placed.append(PlacedWord(line, document.raw[word.start : word.end], word.box))
    return tuple(placed)


def line_boxes(words: Iterable[PlacedWord]) -> tuple[Box, ...]:
    """One box for the words of each line."""
    covered: dict[int, list[Box]] = {}
    for word in words:
        covered.setdefault(word.line, []).append(word.box)
    return tuple(around(boxes) for boxes in covered.values())


def fold(text: str) -> str:
    """Letters and digits alone, in NFKC and without case: what is compared."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


def _goes_on(before: Box, box: Box) -> bool:
    """Whether a word stands on the line of the one before it: further right, and half of the lower one beside the other."""
    beside = min(before.bottom, box.bottom) - max(before.top, box.top)
    return box.left >= before.left and beside > min(before.bottom - before.top, box.bottom - box.top) / 2


def _find(text: str, quote: str, occurrence: int) -> tuple[int, int] | None:
    """Where the quotation stands in the text of a page, or else the longer of its beginning and its end."""
    if not quote:
        return None
    start = first = text.find(quote)
    for _ in range(occurrence if first >= 0 else 0):
        start = text.find(quote, start + 1)
        if start < 0:
            start = first
            break
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
