"""The only owner of pdfium: bytes of a PDF -> words with their places and sizes, pages as pictures, boxes of a stretch.

pdfium is not thread-safe: one lock of this module is held around every call into it. Places are in points from the top
left corner of the page as it is seen, turned and cropped. Refused (ReadError): bytes that pdfium cannot open.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice

import pypdfium2 as pdfium
from PIL import Image
from pypdfium2 import raw

from ingest.document import Box
from ingest.errors import ReadError
from ingest.pdf.lines import Word

MAX_PIXELS = 40_000_000  # a page of A2 at 300 dpi; 120 MB of colours
MAX_BOOKMARKS = 10_000
_GLANCE_DPI = 40.0
_LOCK = threading.RLock()
_NAME_BYTES = 200
_BOLD = 600
_BOLD_NAMES = (b"bold", b"black", b"heavy", b"demi")
_WIDE_GAP = 0.7  # of the size: wider is another word, whether a space was written or not
_TALL = 1.6


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkArea:
    """Where on a page a link to an address can be clicked."""

    url: str
    box: Box


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """The text layer of one page: its size in points as it is seen, its words in the order of the file, its links."""

    number: int
    width: float
    height: float
    words: tuple[Word, ...]
    links: tuple[LinkArea, ...]

    @property
    def text(self) -> str:
        """The words, parted by spaces."""
        return " ".join(word.text for word in self.words)


class Pdf:
    """An open PDF. Pages are numbered from 1. All calls take turns."""

    def __init__(self, document: pdfium.PdfDocument) -> None:
        self._document = document
        with _LOCK:
            self.pages = len(document)

    def read_page(self, number: int) -> PageText:
        """The text layer and links of a page. Raises ReadError when pdfium cannot load it."""
        with _LOCK, self._page(number) as page:
            width, height = page.get_size()
            place = _Place(page)
            text_page = page.get_textpage()
            try:
                words = tuple(_words(text_page, place))
            finally:
                text_page.close()
            return PageText(
                number=number,
                width=width,
                height=height,
                words=words,
                links=tuple(_links(self._document, page, place)),
            )

    def plain_text(self, number: int) -> str:
        """The text layer of a page as pdfium gives it."""
        with _LOCK, self._page(number) as page:
            text_page = page.get_textpage()
            try:
                return str(text_page.get_text_range())
            finally:
                text_page.close()

    def boxes(self, number: int, first: int, count: int) -> tuple[Box, ...]:
        """The rectangles of `count` characters of the text layer from index `first`, one a line of them."""
        with _LOCK, self._page(number) as page:
            place = _Place(page)
            text_page = page.get_textpage()
            try:
                rects = [text_page.get_rect(i) for i in range(text_page.count_rects(first, count))]
            finally:
                text_page.close()
            return tuple(place.box(*rect) for rect in rects)

    def render(self, number: int, dpi: float) -> tuple[Image.Image, float]:
        """A picture of a page, and its pixels per inch: fewer than `dpi` where it would have over MAX_PIXELS."""
        with _LOCK, self._page(number) as page:
            width, height = page.get_size()
            scale = dpi / 72
            pixels = width * height * scale**2
            if pixels > MAX_PIXELS:
                scale *= (MAX_PIXELS / pixels) ** 0.5
            return page.render(scale=scale).to_pil().convert("RGB"), scale * 72

    def has_ink(self, number: int) -> bool:
        """Whether anything is drawn on a page: a thousandth of a small picture of it is not of its commonest grey."""
        picture, _dpi = self.render(number, _GLANCE_DPI)
        shades = picture.convert("L").histogram()
        return sum(shades) - max(shades) > sum(shades) / 1000

    def outline(self) -> tuple[str, ...]:
        """Titles of the bookmarks, at most MAX_BOOKMARKS."""
        with _LOCK:
            found = (bookmark.get_title() for bookmark in islice(self._document.get_toc(), MAX_BOOKMARKS))
            return tuple(title for title in found if title)

    @contextmanager
    def _page(self, number: int) -> Iterator[pdfium.PdfPage]:
        try:
            page = self._document[number - 1]
        except pdfium.PdfiumError as error:
            raise ReadError(f"page {number}: cannot be loaded: {error}") from error
        try:
            yield page
        finally:
            page.close()


@contextmanager
def open_pdf(data: bytes, where: str, password: str = "") -> Iterator[Pdf]:
    """Open a PDF for as long as the context lasts. Raises ReadError."""
    with _LOCK:
        try:
            document = pdfium.PdfDocument(data, password=password)
        except pdfium.PdfiumError as error:
            raise ReadError(f"{where}: {_why(error)}") from error
    try:
        yield Pdf(document)
    finally:
        with _LOCK:
            document.close()


def _why(error: pdfium.PdfiumError) -> str:
    if "password" in str(error).lower():
        return "needs a password; expected a PDF that anyone can open (ask its publisher for one without)"
    return f"is no PDF that can be opened: {error} (fetch or save it again)"


class _Place:
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


def _words(text_page: pdfium.PdfTextPage, place: _Place) -> Iterator[Word]:
    """Words in the order of the file. What is drawn twice on one spot is given once."""
    handle = text_page.raw
    seen: set[tuple[str, int, int]] = set()
    for word in _runs(handle, place):
        where = (word.text, round(word.box.left), round(word.box.top))
        if where not in seen:
            seen.add(where)
            yield word


def _runs(handle: raw.FPDF_TEXTPAGE, place: _Place) -> Iterator[Word]:
    current: _Open | None = None
    for index in range(raw.FPDFText_CountChars(handle)):
        character = _character(handle, index)
        if not character or character.isspace():
            if current:
                yield _closed(current)
            current = None
            continue
        box = place.box(*_char_box(handle, index))
        if current and not _adjoins(current, box):
            yield _closed(current)
            current = None
        if current is None:
            current = _opened(handle, index, place, box)
        else:
            current.left, current.right = min(current.left, box.left), max(current.right, box.right)
            current.top, current.bottom = min(current.top, box.top), max(current.bottom, box.bottom)
        current.text += character
    if current:
        yield _closed(current)


def _character(handle: raw.FPDF_TEXTPAGE, index: int) -> str:
    code = raw.FPDFText_GetUnicode(handle, index)
    if code in {0xFFFE, 2}:  # a hyphen at a line's end that parts a word
        return "-"
    if 0xD800 <= code < 0xDC00:
        low = raw.FPDFText_GetUnicode(handle, index + 1)
        return chr(0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)) if 0xDC00 <= low < 0xE000 else "\ufffd"
    # A half of a character alone was given with the other; a soft hyphen says nothing.
    return "" if 0xDC00 <= code < 0xE000 or code in {0, 0xAD, 0x200B, 0xFEFF} else chr(code)


def _char_box(handle: raw.FPDF_TEXTPAGE, index: int) -> tuple[float, float, float, float]:
    """Left, bottom, right, top of what a character inks."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    raw.FPDFText_GetCharBox(handle, index, left, right, bottom, top)
    return left.value, bottom.value, right.value, top.value


def _opened(handle: raw.FPDF_TEXTPAGE, index: int, place: _Place, box: Box) -> _Open:
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


def _adjoins(word: _Open, box: Box) -> bool:
    """Whether a character goes on with the word: on its line, and no further off than letters stand."""
    if word.turned:
        return box.left < word.right + word.size and box.right > word.left - word.size
    near = -word.size < box.left - word.right < _WIDE_GAP * word.size
    return near and box.top < word.baseline + word.size / 2 and box.bottom > word.baseline - _TALL * word.size


def _closed(word: _Open) -> Word:
    """The word, as high as its font is: what letters ink says little of the line that they stand on."""
    if word.turned:
        box = Box(word.left, word.top, word.right, word.bottom)
    else:
        box = Box(word.left, word.baseline - 0.8 * word.size, word.right, word.baseline + 0.2 * word.size)
    return Word(text=word.text, box=box, size=word.size, bold=word.bold, turned=word.turned, first=word.first)


def _links(document: pdfium.PdfDocument, page: pdfium.PdfPage, place: _Place) -> Iterator[LinkArea]:
    """Links to addresses on the web; those inside the document and to e-mail are left out."""
    position, link = ctypes.c_int(0), raw.FPDF_LINK()
    while raw.FPDFLink_Enumerate(page.raw, position, link):
        url = _address(document, raw.FPDFLink_GetAction(link))
        rect = raw.FS_RECTF()
        if url.lower().startswith(("http://", "https://")) and raw.FPDFLink_GetAnnotRect(link, rect):
            yield LinkArea(url=url, box=place.box(rect.left, rect.bottom, rect.right, rect.top))


def _address(document: pdfium.PdfDocument, action: raw.FPDF_ACTION) -> str:
    if not action or raw.FPDFAction_GetType(action) != raw.PDFACTION_URI:
        return ""
    length = raw.FPDFAction_GetURIPath(document.raw, action, None, 0)
    if length <= 1:
        return ""
    buffer = ctypes.create_string_buffer(length)
    raw.FPDFAction_GetURIPath(document.raw, action, buffer, length)
    return buffer.value.decode("utf-8", "replace").strip()
