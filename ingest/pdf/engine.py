"""The only owner of pdfium: bytes of a PDF -> words with their places and sizes, pages as pictures, boxes of a stretch.

pdfium is not thread-safe: one lock of this module is held around every call into it. Places are in points from the top
left corner of the page as it is seen, turned and cropped. Refused (ReadError): bytes that pdfium cannot open, pages that it
cannot load. A call into pdfium cannot be interrupted: forms that draw each other without end are stopped by the bounds on the
reading process.
"""

from __future__ import annotations

import ctypes
import re
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
from ingest.pdf.text_layer import Place, words_of

MAX_PIXELS = 40_000_000  # a page of A2 at 300 dpi; 120 MB of colours
MAX_BOOKMARKS = 10_000
_MAX_IMAGES = 200
_MOST_OF_PAGE = 0.75
_GLANCE_DPI = 40.0
_HEAD = 1024  # bytes in which readers look for the mark of a PDF, and for that of its end
_HTML = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|body|\?xml)", re.I)
_LOCK = threading.RLock()


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
            place = Place(page)
            text_page = page.get_textpage()
            try:
                words = tuple(words_of(text_page, place))
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

    def is_picture(self, number: int) -> bool:
        """Whether one picture covers most of a page, as in a scan."""
        with _LOCK, self._page(number) as page:
            left, bottom, right, top = page.get_bbox()
            least = _MOST_OF_PAGE * abs((right - left) * (top - bottom))
            images = islice(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=2), _MAX_IMAGES)
            return any((box[2] - box[0]) * (box[3] - box[1]) >= least for box in (im.get_bounds() for im in images))

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
            raise ReadError(f"cannot be loaded: {error}") from error
        try:
            yield page
        except pdfium.PdfiumError as error:
            raise ReadError(f"cannot be read: {error}") from error
        finally:
            page.close()


@contextmanager
def open_pdf(data: bytes, where: str, password: str = "") -> Iterator[Pdf]:
    """Open a PDF for as long as the context lasts. Raises ReadError."""
    with _LOCK:
        try:
            document = pdfium.PdfDocument(data, password=password)
        except pdfium.PdfiumError as error:
            raise ReadError(f"{where}: {_why(error, data)}") from error
    try:
        yield Pdf(document)
    finally:
        with _LOCK:
            document.close()


def _why(error: pdfium.PdfiumError, data: bytes) -> str:
    if "password" in str(error).lower():
        return "needs a password; expected a PDF that anyone can open (ask its publisher for one without)"
    if _HTML.match(data[:_HEAD]):
        return (
            "is a web page, expected a PDF (the address may lead to a notice: fetch it again, or save the PDF by hand)"
        )
    if b"%PDF-" not in data[:_HEAD]:
        return f"begins with {data[:8]!r}, expected %PDF- (fetch or save it again)"
    if b"%%EOF" not in data[-_HEAD:]:
        return f"is cut off after {len(data)} bytes: there is no %%EOF at its end (fetch or save it again)"
    return f"is a damaged PDF: {error} (fetch or save it again)"


def _links(document: pdfium.PdfDocument, page: pdfium.PdfPage, place: Place) -> Iterator[LinkArea]:
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
    try:
        return buffer.value.decode("utf-8").strip()
    except UnicodeDecodeError:
        return buffer.value.decode("cp1252", "replace").strip()
