"""PDFs written by hand for tests: text at given places in Helvetica, links, bookmarks, turned pages, passwords, damage.

Places are in points from the top left corner of the page before it is turned; a text's `y` is its baseline. Characters are
those of Windows-1252, and ﬁ, ﬂ, soft hyphen and accent. `pdf_of(Page(texts=column(["Un titre", "Du texte"])))` is a file.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO

from pypdf import PdfReader, PdfWriter

_OUTSIDE = {"\ufb01": b"\x01", "\ufb02": b"\x02", "\u0301": b"\x03", "\u00ad": b"\x04"}
_ENCODING = b"<< /Type /Encoding /BaseEncoding /WinAnsiEncoding /Differences [1 /fi /fl /acutecomb /sfthyphen] >>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One stretch of text. `scale` divides the font size and multiplies the text matrix: the size that is seen stays."""

    x: float
    y: float
    text: str
    size: float = 10.0
    bold: bool = False
    scale: float = 1.0
    upwards: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link annotation: left, top, right, bottom; `url` None makes it lead to the first page of the file."""

    box: tuple[float, float, float, float]
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page. `drawing` holds operators of a content stream, in PDF's own places; `corner` is where its MediaBox begins."""

    texts: Sequence[Text] = ()
    links: Sequence[Link] = ()
    width: float = 595.0
    height: float = 842.0
    rotate: int = 0
    corner: tuple[float, float] = (0.0, 0.0)
    drawing: bytes = b""


def column(
    lines: Iterable[str],
    *,
    x: float = 60.0,
    y: float = 100.0,
    size: float = 10.0,
    leading: float = 12.0,
    bold: bool = False,
) -> list[Text]:
    """Lines under each other, the first on baseline `y`."""
    return [
        Text(x=x, y=y + leading * index, text=line, size=size, bold=bold) for index, line in enumerate(lines) if line
    ]


def pdf_of(*pages: Page, outline: Sequence[tuple[str, int]] = (), info: Sequence[tuple[str, str]] = ()) -> bytes:
    """A PDF of `pages`. `outline` are titles with their physical pages, `info` entries of the document's information."""
    objects = [b"", b"", _font(b"Helvetica"), _font(b"Helvetica-Bold")]
    places = []
    for page in pages:
        contents = _add(objects, _stream(_content(page)))
        links = [_add(objects, _annotation(page, link)) for link in page.links]
        places.append(_add(objects, _page(page, contents, links)))
    kids = b" ".join(b"%d 0 R" % place for place in places)
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(places), kids)
    root = b"<< /Type /Catalog /Pages 2 0 R"
    if outline:
        root += b" /Outlines %d 0 R" % _bookmarks(objects, [(title, places[page - 1]) for title, page in outline])
    objects[0] = root + b" >>"
    trailer = b""
    if info:
        entries = b" ".join(b"/%s %s" % (key.encode(), _string(value)) for key, value in info)
        trailer = b"/Info %d 0 R" % _add(objects, b"<< %s >>" % entries)
    return file_of(objects, trailer)


def file_of(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """A PDF of numbered objects, the first the catalogue, with a true table of their places."""
    data = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    data += b"".join(b"%010d 00000 n \n" % place for place in places)
    data += b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, table)
    return bytes(data)


def encrypted(data: bytes, *, opens_with: str) -> bytes:
    """The same PDF, which asks for a password; an empty one opens for anyone."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(data)))
    writer.encrypt(user_password=opens_with, owner_password=f"{opens_with} and more", algorithm="RC4-128")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def bomb() -> bytes:
    """A page that draws a form that draws the next one ten times, and so on: far more than a second's work."""
    depth, first = 20, 4
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R /Resources << /XObject << /X %d 0 R >> >> >>"
        % (first + depth, first),
    ]
    for level in range(depth):
        content = b"/X Do " * 10 if level + 1 < depth else b"0 0 100 100 re f " * 50
        resources = b"/Resources << /XObject << /X %d 0 R >> >>" % (first + level + 1) if level + 1 < depth else b""
        objects.append(
            b"<< /Type /XObject /Subtype /Form /BBox [0 0 595 842] %s /Length %d >>\nstream\n%s\nendstream"
            % (resources, len(content), content)
        )
    objects.append(b"<< /Length 5 >>\nstream\n/X Do\nendstream")
    return file_of(objects)


def _add(objects: list[bytes], body: bytes) -> int:
    """The number of a new object."""
    objects.append(body)
    return len(objects)


def _font(name: bytes) -> bytes:
    return b"<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding %s >>" % (name, _ENCODING)


def _stream(content: bytes) -> bytes:
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)


def _page(page: Page, contents: int, links: Sequence[int]) -> bytes:
    left, bottom = page.corner
    box = b"[%g %g %g %g]" % (left, bottom, left + page.width, bottom + page.height)
    annotations = b" ".join(b"%d 0 R" % link for link in links)
    return (
        b"<< /Type /Page /Parent 2 0 R /MediaBox %s /Rotate %d /Contents %d 0 R /Annots [%s]"
        b" /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>" % (box, page.rotate, contents, annotations)
    )


def _content(page: Page) -> bytes:
    return b"\n".join([page.drawing, *(_shown(page, text) for text in page.texts)])


def _shown(page: Page, text: Text) -> bytes:
    x, y = page.corner[0] + text.x, page.corner[1] + page.height - text.y
    matrix = (0.0, text.scale, -text.scale, 0.0) if text.upwards else (text.scale, 0.0, 0.0, text.scale)
    font = b"/F2" if text.bold else b"/F1"
    place = b"%g %g %g %g %g %g Tm" % (*matrix, x, y)
    return b"BT %s %g Tf %s %s Tj ET" % (font, text.size / text.scale, place, _string(text.text))


def _string(text: str) -> bytes:
    encoded = b"".join(_OUTSIDE.get(character) or character.encode("cp1252") for character in text)
    return b"(%s)" % encoded.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def _annotation(page: Page, link: Link) -> bytes:
    left, top, right, bottom = link.box
    x, y = page.corner[0], page.corner[1] + page.height
    rect = b"[%g %g %g %g]" % (x + left, y - bottom, x + right, y - top)
    action = b"/S /GoTo /D [0 /Fit]" if link.url is None else b"/S /URI /URI %s" % _string(link.url)
    return b"<< /Type /Annot /Subtype /Link /Rect %s /Border [0 0 0] /A << %s >> >>" % (rect, action)


def _bookmarks(objects: list[bytes], entries: Sequence[tuple[str, int]]) -> int:
    """The number of an outline in which each entry leads to a page object."""
    root = _add(objects, b"")
    numbers = [_add(objects, b"") for _ in entries]
    for index, (title, page) in enumerate(entries):
        beside = b"".join(
            b" /%s %d 0 R" % (key, numbers[other])
            for key, other in ((b"Prev", index - 1), (b"Next", index + 1))
            if 0 <= other < len(numbers)
        )
        objects[numbers[index] - 1] = b"<< /Title %s /Parent %d 0 R /Dest [%d 0 R /Fit]%s >>" % (
            _string(title),
            root,
            page,
            beside,
        )
    ends = (numbers[0], numbers[-1], len(numbers))
    objects[root - 1] = b"<< /Type /Outlines /First %d 0 R /Last %d 0 R /Count %d >>" % ends
    return root
