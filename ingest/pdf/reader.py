"""Bytes of a PDF -> Document: columns in reading order, furniture out, headings, lists, tables, captions, links.

A page without text that shows ink, or whose text is rubbish (fonts without Unicode map), is given to `ocr`; where OCR cannot
run, the page is named in the document's warnings. Refused (ReadError): no PDF, one that needs a password, one that holds no
text that could be read.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from PIL import Image

from ingest.document import BlockKind, Document, Publication
from ingest.errors import ReadError
from ingest.parts import Part, assemble
from ingest.pdf.engine import PageText, Pdf, open_pdf
from ingest.pdf.furniture import PageLines, find_furniture
from ingest.pdf.kinds import is_contents, kind_of, level_key
from ingest.pdf.layout import lines_of, reading_order
from ingest.pdf.lines import Line
from ingest.pdf.ocr import OcrMissing, ocr_page
from ingest.pdf.paragraphs import Habits, Paragraph, habits_of, on_page, paragraphs_of, runs_on
from ingest.pdf.rubbish import is_rubbish
from ingest.pdf.tables import Table
from ingest.pdf.wording import removed_part, table_part, worded_part

# Physical pages are numbered from 1; the third argument is the picture's pixels per inch; lines come back in points.
OcrPage = Callable[[Image.Image, int, float], tuple[Line, ...]]

MAX_PAGES = 2000
OCR_DPI = 300.0  # what tesseract's documentation asks for
_LITTLE_TEXT = 20  # characters: less is a page number or a stray mark
_STAMP, _STAMP_TIMES = 150, 2  # characters of a page number, date and address stamped on a scan; OCR must find more
_MIN_ENTRIES = 5  # with leader dots, that make a page a table of contents
_MOST_NOTES = 6  # footnotes of one page
_SHOWN = 12  # pages that a warning names


@dataclass(slots=True)
class _Read:
    """What reading the pages has given so far."""

    pages: list[PageText] = field(default_factory=list)
    lines: list[PageLines] = field(default_factory=list)
    unread: dict[str, list[int]] = field(default_factory=dict)

    def not_read(self, number: int, reason: str) -> None:
        self.unread.setdefault(reason, []).append(number)


def read_pdf(data: bytes, publication: Publication, *, ocr: OcrPage | None = ocr_page) -> Document:
    """The document in `data`. With `ocr=None` pages without text are left out, and named. Raises ReadError."""
    where = publication.file or publication.id
    if not data.strip():
        raise ReadError(f"{where}: is empty; expected a PDF (fetch or save it again)")
    with open_pdf(data, where) as pdf:
        count = min(pdf.pages, MAX_PAGES)
        read = _Read()
        for number in range(1, count + 1):
            _read_page(pdf, number, read, ocr)
        titles = pdf.outline()
    warnings = [_warning(reason, pages) for reason, pages in read.unread.items()]
    if pdf.pages > count:
        warnings.append(f"has {pdf.pages} pages, the first {count} were read (split the file)")
    return assemble(publication, list(_parts(read, titles)), pages=pdf.pages, warnings=warnings)


def _read_page(pdf: Pdf, number: int, read: _Read, ocr: OcrPage | None) -> None:
    try:
        page = pdf.read_page(number)
        characters = sum(len(word.text) for word in page.words)
        bare = characters < _LITTLE_TEXT
        to_ocr = pdf.has_ink(number) if bare else is_rubbish(page.text)
        stamped = not bare and characters < _STAMP and ocr is not None and pdf.is_picture(number)
    except ReadError as error:
        read.not_read(number, f"not read ({error})")
        return
    lines = lines_of(page.words, number)
    if to_ocr:
        lines = _by_ocr(pdf, number, read, ocr, "no text" if bare else "text without Unicode map") or (
            lines if bare else ()
        )
    elif stamped:
        seen = _by_ocr(pdf, number, read, ocr, "a picture with few words on it")
        # A slide on a picture has its words in the text layer; a scan with a stamp has most of them in the picture.
        lines = seen if sum(len(line.text) for line in seen) > _STAMP_TIMES * characters else lines
    inside = [line for line in lines if _is_on(line, page)]
    read.pages.append(page)
    read.lines.append(PageLines(number, page.height, tuple(inside)))


def _by_ocr(pdf: Pdf, number: int, read: _Read, ocr: OcrPage | None, why: str) -> tuple[Line, ...]:
    if ocr is None:
        read.not_read(number, f"not read ({why}, and OCR is off)")
        return ()
    try:
        picture, dpi = pdf.render(number, OCR_DPI)
        return ocr(picture, number, dpi)
    except OcrMissing as error:
        read.not_read(number, f"not read ({why}; {error})")
    except ReadError as error:
        read.not_read(number, f"not read ({why}; OCR failed: {error})")
    return ()


def _is_on(line: Line, page: PageText) -> bool:
    """Whether a line can be seen: some of it lies on the page."""
    box = line.box
    return box.right > 0 and box.left < page.width and box.bottom > 0 and box.top < page.height


def _warning(reason: str, pages: Sequence[int]) -> str:
    shown = ", ".join(map(str, pages[:_SHOWN])) + (f" and {len(pages) - _SHOWN} more" if len(pages) > _SHOWN else "")
    return f"page{'s' if len(pages) > 1 else ''} {shown}: {reason}"


def _parts(read: _Read, titles: Sequence[str]) -> Iterator[Part]:
    """The parts of all pages, in reading order, furniture among them."""
    furniture = find_furniture(read.lines)
    kept = [
        PageLines(p.number, p.height, tuple(x for i, x in enumerate(p.lines) if i not in furniture.get(p.number, {})))
        for p in read.lines
    ]
    habits = habits_of((line for page in kept for line in page.lines), titles)
    links = {page.number: page.links for page in read.pages}
    of_page = {page.number: on_page(habits, page.lines) for page in kept}
    items = _merged([item for page in kept for item in _items(page, of_page[page.number])])
    kinds = _kinds(items, of_page)
    levels = _levels(items, kinds)
    waiting = deque(read.lines)
    for item in items:
        while waiting and waiting[0].number <= item.page:
            yield from _removed(waiting.popleft(), furniture)
        if isinstance(item, _Tabled):
            yield table_part(item.table, item.page, links[item.page])
        else:
            kind = kinds[id(item)]
            yield worded_part(item, kind, levels.get(level_key(item)) if kind is BlockKind.HEADING else None, links)
    for page in waiting:
        yield from _removed(page, furniture)


@dataclass(frozen=True, slots=True)
class _Tabled:
    """A table and its page."""

    table: Table
    page: int


def _items(page: PageLines, habits: Habits) -> Iterator[Paragraph | _Tabled]:
    if any(line.ocr for line in page.lines):
        # OCR has seen the columns itself: its paragraphs stay together, in its order.
        for _group, lines in groupby(page.lines, key=lambda line: line.group):
            yield from paragraphs_of(tuple(lines), habits)
        return
    for region in reading_order(page.lines):
        if isinstance(region, Table):
            yield _Tabled(region, page.number)
        else:
            yield from paragraphs_of(region.lines, habits)


def _merged(items: Sequence[Paragraph | _Tabled]) -> list[Paragraph | _Tabled]:
    """Paragraphs that run on over a column or a page are one, on the page where they start."""
    merged: list[Paragraph | _Tabled] = []
    for item in items:
        index = _begun(merged, item) if isinstance(item, Paragraph) else None
        begun = merged[index] if index is not None else None
        if index is not None and isinstance(begun, Paragraph) and isinstance(item, Paragraph):
            merged[index] = Paragraph(begun.lines + item.lines)
        else:
            merged.append(item)
    return merged


def _begun(items: Sequence[Paragraph | _Tabled], item: Paragraph) -> int | None:
    """Which of the paragraphs before it `item` goes on with: the last, or over a page break the one above its footnotes."""
    for index in range(len(items) - 1, max(len(items) - 2 - _MOST_NOTES, -1), -1):
        before = items[index]
        if not isinstance(before, Paragraph):
            return None
        if runs_on(before, item):
            return index
        if before.page >= item.page or before.size >= item.size - 0.5:
            return None
    return None


def _kinds(items: Sequence[Paragraph | _Tabled], habits: Mapping[int, Habits]) -> dict[int, BlockKind]:
    """What each paragraph is, by its identity. A table of contents has one heading, its own: the rest are entries."""
    entries = Counter(item.page for item in items if isinstance(item, Paragraph) and is_contents(item.text))
    kinds: dict[int, BlockKind] = {}
    titled: set[int] = set()
    for item in items:
        if isinstance(item, Paragraph):
            kind = kind_of(item, habits[item.page])
            if kind is BlockKind.HEADING and entries[item.page] >= _MIN_ENTRIES:
                kind = BlockKind.LIST_ITEM if item.page in titled else kind
                titled.add(item.page)
            kinds[id(item)] = kind
    return kinds | dict.fromkeys(_bare_titles(items, kinds), BlockKind.PARAGRAPH)


def _bare_titles(items: Sequence[Paragraph | _Tabled], kinds: Mapping[int, BlockKind]) -> list[int]:
    """Paragraphs of scanned pages that would hold headings alone, which are never quoted: bubbles and captions set large."""
    told = {item.page for item in items if kinds.get(id(item)) is not BlockKind.HEADING}
    return [id(item) for item in items if isinstance(item, Paragraph) and item.ocr and item.page not in told]


def _levels(
    items: Sequence[Paragraph | _Tabled], kinds: Mapping[int, BlockKind]
) -> dict[tuple[float, bool, bool], int]:
    """Headings by how they are set, 1 the outermost."""
    headings = (x for x in items if isinstance(x, Paragraph) and kinds[id(x)] is BlockKind.HEADING)
    return {key: min(rank, 6) for rank, key in enumerate(sorted(set(map(level_key, headings)), reverse=True), start=1)}


def _removed(page: PageLines, furniture: Mapping[int, Mapping[int, str]]) -> Iterator[Part]:
    """The furniture of a page."""
    for index, reason in furniture.get(page.number, {}).items():
        yield removed_part(page.lines[index], reason)
