"""The picture of a page -> the lines of text that tesseract reads on it, in reading order. The only user of pytesseract.

A page is read as it is. Where it has a dark or coloured panel it is read again by its palest parts, at two smaller sizes, so
that white words on a panel or a photograph come out; where readings overlap, the surer one stays. `ocr_lines` leaves out
what is no text and puts paragraphs together.
Refused (OcrMissing): a machine without tesseract or its French data; (ReadError): a page that takes longer than `SECONDS`,
or on which tesseract fails.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, reduce
from itertools import groupby
from typing import Any

import pytesseract
from PIL import Image, ImageChops, ImageOps

from ingest.document import Box
from ingest.errors import ReadError
from ingest.pdf.lines import Line, Word
from ingest.pdf.ocr_lines import Seen, choose, grouped, without_marks
from ingest.repair.lexicon import default_lexicon

LANGUAGE = "fra"
SECONDS = 120.0
# Words of which tesseract is less sure are doubtful. On ten pages with a text layer, drawn at 200 dpi with noise and blur, of
# 11 words at 35 to 50 seven were right, of 61 at 50 to 80 fifty-two, of 2,336 above nearly all.
DOUBTFUL_BELOW = 50.0
# Automatic layout. On the scans tried, 4 reads the same with more marks of pictures, 11 parts every line from the next.
_CONFIG = "--psm 3 --dpi {dpi:.0f}"
_WORD_LEVEL = 5
# Share of patches of a twelfth of an inch that are darker than half in one colour at least: strokes of letters disappear in
# them, panels and photographs do not. Of 17 pages, those of black text alone had at most 0.01, the others at least 0.07.
_PATCHES_PER_INCH = 12
_DARK_SHARE = 0.02
# Photographs make fewer marks in a smaller picture, and large words are seen whole. On geothermie_champigny.pdf and
# PUB-PANNEAU.pdf (211 words) one more reading at full size lost 5 words, at a half 3, at a half and at a third 1.
_SMALLER = (1 / 2, 1 / 3)
_INSTALL = "install the Debian packages tesseract-ocr and tesseract-ocr-fra"


class OcrMissing(ReadError):
    """tesseract or its French data is not installed."""


def ocr_page(image: Image.Image, page: int, dpi: float, *, seconds: float = SECONDS) -> tuple[Line, ...]:
    """The lines on a page's picture of `dpi` pixels per inch, in reading order, `group` numbering their paragraphs.

    Boxes and sizes are in points from the top left corner of the picture. `seconds` bounds each reading of the page.
    Raises OcrMissing, ReadError.
    """
    missing = _what_is_missing()
    if missing:
        raise OcrMissing(missing)
    lexicon = default_lexicon()
    readings = (
        without_marks(_read(picture, page, dpi * share, turn, seconds), lexicon)
        for turn, (picture, share) in enumerate(_pictures(image, dpi))
    )
    return grouped(reduce(choose, readings), page)


@cache
def _what_is_missing() -> str:
    """What the operator is told, empty when tesseract can read French. Looked up once."""
    try:
        pytesseract.get_tesseract_version()
        languages = pytesseract.get_languages()
    except OSError:
        return f"tesseract is not installed ({_INSTALL})"
    except SystemExit as error:  # pytesseract's way of saying that the program is older than 3.05, or no tesseract
        return f"tesseract cannot be used: {error} ({_INSTALL})"
    if LANGUAGE not in languages:
        return f"tesseract has no data for French, only {', '.join(languages) or 'none'} ({_INSTALL})"
    return ""


def _pictures(image: Image.Image, dpi: float) -> Iterator[tuple[Image.Image, float]]:
    """The page in grey and, where it has dark panels, what is white on it in black, each with its share of the size."""
    colours = image.convert("RGB")
    yield colours.convert("L"), 1.0
    red, green, blue = colours.split()
    # Any colour but a pale one has at least one dark channel.
    dark = ImageOps.invert(ImageChops.darker(ImageChops.darker(red, green), blue))
    shades = dark.reduce(max(1, round(dpi / _PATCHES_PER_INCH))).histogram()
    if sum(shades[128:]) > _DARK_SHARE * sum(shades):
        for share in _SMALLER:
            size = (max(1, round(dark.width * share)), max(1, round(dark.height * share)))
            yield dark.resize(size, Image.Resampling.LANCZOS), share


def _read(picture: Image.Image, page: int, dpi: float, turn: int, seconds: float) -> list[Seen]:
    """The lines that tesseract sees in a grey picture."""
    picture.format = (
        "PPM"  # handed over as it is; packing a page of 20 million pixels as PNG takes as long as reading it
    )
    try:
        table = pytesseract.image_to_data(
            picture,
            lang=LANGUAGE,
            config=_CONFIG.format(dpi=dpi),
            output_type=pytesseract.Output.DICT,
            timeout=seconds,
        )
    except pytesseract.TesseractError as error:
        raise ReadError(f"page {page}: tesseract failed with status {error.status}: {error.message}") from error
    except RuntimeError as error:
        raise ReadError(f"page {page}: tesseract was stopped after {seconds:.0f} s ({error})") from error
    except OSError as error:
        raise ReadError(f"page {page}: tesseract left no reading: {error}") from error
    return list(_seen(table, dpi, turn))


def _seen(table: Mapping[str, Sequence[Any]], dpi: float, turn: int) -> Iterator[Seen]:
    """The rows of tesseract's table that are words, line by line."""
    rows = [
        index
        for index, level in enumerate(table.get("level", ()))
        if level == _WORD_LEVEL and str(table["text"][index]).strip()
    ]

    def place(index: int) -> tuple[int, int, int, int]:
        return (turn, table["block_num"][index], table["par_num"][index], table["line_num"][index])

    for key, row in groupby(rows, key=place):
        yield Seen(words=tuple(_word(table, index, dpi) for index in row), paragraph=key[:3])


def _word(table: Mapping[str, Sequence[Any]], index: int, dpi: float) -> Word:
    left, top = table["left"][index], table["top"][index]
    box = Box(left, top, left + table["width"][index], top + table["height"][index])
    scale = 72 / dpi
    return Word(
        text=str(table["text"][index]).strip(),
        box=Box(*(edge * scale for edge in box)),
        size=(box.bottom - box.top) * scale,
        confidence=float(table["conf"][index]),
    )
