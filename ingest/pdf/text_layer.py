"""The text layer of one page of pdfium -> words with their places, sizes and weights, in the order of the file.

Called by `ingest.pdf.engine` alone, which holds the lock that pdfium needs. Refuses nothing: characters without a place or a
meaning are left out, or given as U+FFFD.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2 as pdfium
from pypdfium2 import raw

from ingest.document import Box
from ingest.pdf.lines import Word

_NAME_BYTES = 200
_BOLD = 600
_BOLD_NAMES = (b"bold", b"black", b"heavy", b"demi")
_WIDE_GAP = 0.7  # of the size: wider is another word, whether a space was written or not
_DWARF = (
    0.15  # of the size: a letter that inks less is of another, far smaller font; a small letter inks half of its own
)
_TALL = 1.6
_SOFT_HYPHEN = "\u00ad"


class Place:
    """From pdfium's coordinates, upwards from the page's own corner, to points from the top left as the page is seen."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        width, height = page.get_size()
        corners = [self._device(page, width, height, x, y) for x, y in ((0, 0), (1000, 0), (0, 1000))]
        (self._x0, self._y0), (xx, xy), (yx, yy) = corners
        self._xx, self._xy = (xx - self._x0) / 1000, (xy - self._y0) / 1000
        self._yx, self._yy = (yx - self._x0) / 1000, (yy - self._y0) / 1000

    @staticmethod
    def _device(page: pdfium.PdfPage, width: float, height: float, x: float, y: float) -> tuple[float, float]:
        # Device units are whole: a hundredth of a point is fine enough.
        device_x, device_y = ctypes.c_int(), ctypes.c_int()
        raw.FPDF_PageToDevice(page.raw, 0, 0, round(width * 100), round(height * 100), 0, x, y, device_x, device_y)
        return device_x.value / 100, device_y.value / 100

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        x1, y1 = self._x0 + left * self._xx + bottom * self._yx, self._y0 + left * self._xy + bottom * self._yy
        x2, y2 = self._x0 + right * self._xx + top * self._yx, self._y0 + right * self._xy + top * self._yy
        return Box(x1 if x1 < x2 else x2, y1 if y1 < y2 else y2, x2 if x1 < x2 else x1, y2 if y1 < y2 else y1)


@dataclass(slots=True)
class _Open:
    """A word that is being gathered: its characters, and the corners of what it covers."""

    first: int
    text: str
    left: float
    right: float
    baseline: float
    size: float
    bold: bool
    turned: bool
    top: float
    bottom: float


def words_of(text_page: pdfium.PdfTextPage, place: Place) -> Iterator[Word]:
    """Words in the order of the file. What is drawn twice on one spot is given once."""
    handle = text_page.raw
    seen: set[tuple[str, int, int]] = set()
    for word in _runs(handle, place):
        where = (word.text, round(word.box.left), round(word.box.top))
        if where not in seen:
            seen.add(where)
            yield word


def _runs(handle: raw.FPDF_TEXTPAGE, place: Place) -> Iterator[Word]:
    current: _Open | None = None
    soft = False  # whether a soft hyphen stands before the next character: at a line's end it can be seen
    for index in range(raw.FPDFText_CountChars(handle)):
        character = _character(handle, index)
        if character == _SOFT_HYPHEN:
            soft = current is not None
        if not character or character == _SOFT_HYPHEN:
            continue
        blank = character.isspace()
        box = None if blank else place.box(*_char_box(handle, index))
        if current and (box is None or not _adjoins(current, character, box)):
            current.text += "-" if soft else ""
            yield _closed(current)
            current = None
        soft = False
        if box is None:
            continue
        if current is None:
            current = _opened(handle, index, place, box)
        else:
            current.left, current.right = min(current.left, box.left), max(current.right, box.right)
            current.top, current.bottom = min(current.top, box.top), max(current.bottom, box.bottom)
        current.text += character
    if current:
        current.text += "-" if soft else ""
        yield _closed(current)


def _character(handle: raw.FPDF_TEXTPAGE, index: int) -> str:
    code = raw.FPDFText_GetUnicode(handle, index)
    if code in {0xFFFE, 2}:  # a hyphen at a line's end that parts a word
        return "-"
    if 0xD800 <= code < 0xDC00:
        low = raw.FPDFText_GetUnicode(handle, index + 1)
        return chr(0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)) if 0xDC00 <= low < 0xE000 else "\ufffd"
    # A half of a character alone was given with the other.
    return "" if 0xDC00 <= code < 0xE000 or code in {0, 0x200B, 0xFEFF} else chr(code)


def _char_box(handle: raw.FPDF_TEXTPAGE, index: int) -> tuple[float, float, float, float]:
    """Left, bottom, right, top of what a character inks."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    raw.FPDFText_GetCharBox(handle, index, left, right, bottom, top)
    return left.value, bottom.value, right.value, top.value


def _opened(handle: raw.FPDF_TEXTPAGE, index: int, place: Place, box: Box) -> _Open:
    x, y, matrix = ctypes.c_double(), ctypes.c_double(), raw.FS_MATRIX()
    raw.FPDFText_GetCharOrigin(handle, index, x, y)
    raw.FPDFText_GetMatrix(handle, index, matrix)
    # The font size alone is 1.0 throughout in half of such files: what is seen is size times matrix.
    size = raw.FPDFText_GetFontSize(handle, index) * (matrix.c**2 + matrix.d**2) ** 0.5
    origin = place.box(x.value, y.value, x.value + 1000 * matrix.a, y.value + 1000 * matrix.b)
    return _Open(
        first=index,
        text="",
        left=box.left,
        right=box.right,
        baseline=place.box(x.value, y.value, x.value, y.value).top,
        size=size,
        bold=_is_bold(handle, index),
        turned=origin.bottom - origin.top > origin.right - origin.left,
        top=box.top,
        bottom=box.bottom,
    )


def _is_bold(handle: raw.FPDF_TEXTPAGE, index: int) -> bool:
    if raw.FPDFText_GetFontWeight(handle, index) >= _BOLD:
        return True
    name, flags = ctypes.create_string_buffer(_NAME_BYTES), ctypes.c_int()
    raw.FPDFText_GetFontInfo(handle, index, name, _NAME_BYTES, flags)
    return any(weight in name.value.lower() for weight in _BOLD_NAMES)


def _adjoins(word: _Open, character: str, box: Box) -> bool:
    """Whether a character goes on with the word: on its line, and no further off than letters stand."""
    if word.turned:
        apart = max(box.top - word.bottom, word.top - box.bottom)
        level = box.left < word.right + 0.2 * word.size and box.right > word.left - 0.2 * word.size
        return level and apart < _WIDE_GAP * word.size
    # A letter of running text after a number that is set ten times as large: "2Coup".
    dwarf = character.isalpha() and word.text.isdigit() and box.bottom - box.top < _DWARF * word.size
    near = -word.size < box.left - word.right < _WIDE_GAP * word.size
    return (
        near
        and not dwarf
        and box.top < word.baseline + word.size / 2
        and box.bottom > word.baseline - _TALL * word.size
    )


def _closed(word: _Open) -> Word:
    """The word, as high as its font is: what letters ink says little of the line that they stand on."""
    if word.turned:
        box = Box(word.left, word.top, word.right, word.bottom)
    else:
        box = Box(word.left, word.baseline - 0.8 * word.size, word.right, word.baseline + 0.2 * word.size)
    return Word(text=word.text, box=box, size=word.size, bold=word.bold, turned=word.turned, first=word.first)
