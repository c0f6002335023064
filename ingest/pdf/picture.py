"""Bytes of a PDF and the number of a page -> its picture for a screen, and its words with their places.

E-mail addresses and telephone numbers of staff, which are taken out of the texts, are painted over here as well. `masks` are
further places to paint over: what OCR read is known to the caller alone. Refused (ReadError): no PDF, a page that is not
there or cannot be drawn. What it takes in time and memory is bounded by the process it runs in.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from math import sqrt

from PIL import Image, ImageDraw

from ingest.document import Box
from ingest.errors import ReadError
from ingest.pdf.boxes import placed_words
from ingest.pdf.engine import Pdf, open_pdf
from ingest.pdf.masks import contact_boxes
from ingest.pdf.packed import PagePicture

# A4 at 170 dpi, twice as wide as a reader's column; WebP holds 16,383 pixels a side.
_WIDTH, _MOST_PIXELS, _MOST_SIDE, _MOST_DPI = 1400.0, 4_000_000.0, 8_000.0, 220.0
_MOST_WORDS = 20_000  # ten times the fullest page of a newspaper
_QUALITY = 80  # of WebP: 60 to 250 kB a page; text at 70 has visible halos
_PAPER = (214, 214, 210)


def draw_page(data: bytes, number: int, masks: Sequence[Box] = ()) -> PagePicture:
    """The page of that number, counted from 1. Raises ReadError."""
    with open_pdf(data, "picture") as pdf:
        if not 1 <= number <= pdf.pages:
            raise ReadError(f"page {number}: there is no such page; expected 1 to {pdf.pages}")
        return _drawn(pdf, number, masks)


def _drawn(pdf: Pdf, number: int, masks: Sequence[Box]) -> PagePicture:
    page = pdf.read_page(number)
    if page.width <= 0 or page.height <= 0:
        raise ReadError(f"page {number}: is {page.width:g} by {page.height:g} points; expected a page with a surface")
    words = placed_words(page.words, number) if len(page.words) <= _MOST_WORDS else ()
    picture, dpi = pdf.render(number, _dpi(page.width, page.height))
    _paint_over(picture, [*masks, *contact_boxes(words)], dpi / 72)
    out = BytesIO()
    picture.save(out, "WEBP", quality=_QUALITY)
    return PagePicture(webp=out.getvalue(), width=page.width, height=page.height, words=words)


def _dpi(width: float, height: float) -> float:
    """As fine as a screen needs, and no more pixels than the bounds."""
    scale = min(
        _WIDTH / width,
        sqrt(_MOST_PIXELS / (width * height)),
        _MOST_SIDE / max(width, height),
        _MOST_DPI / 72,
    )
    return scale * 72


def _paint_over(picture: Image.Image, boxes: Sequence[Box], scale: float) -> None:
    pen = ImageDraw.Draw(picture)
    for box in boxes:
        pen.rectangle([edge * scale for edge in box], fill=_PAPER)
