"""Bytes of an ODT -> Document: headings with their levels, lists, tables, links, notes, text boxes.

The text becomes a small tree of elements, which is read as a page's is. Left out: headers and footers, tables of contents and
indexes, comments, tracked deletions. Refused (ReadError): a broken zip, a password, zip bombs, a document without text.
"""

from __future__ import annotations

import io

from lxml import etree, html  # type: ignore[import-untyped]  # comes without types
from odfdo import Container
from odfdo.security import SecurityError

from ingest.document import Document, Publication
from ingest.errors import ReadError
from ingest.html.tables import place_table
from ingest.html.walk import tree_parts
from ingest.parts import assemble
from ingest.zipped import BROKEN, check_zip, safe_xml

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_XLINK = "{http://www.w3.org/1999/xlink}"
_MANIFEST = "{urn:oasis:names:tc:opendocument:xmlns:manifest:1.0}"
_LEFT_OUT = {_TEXT + "tracked-changes", _OFFICE + "annotation", _TEXT + "sequence-decls", _OFFICE + "forms"} | {
    f"{_TEXT}{name}"
    for name in (
        "table-of-content illustration-index table-index object-index user-index alphabetical-index "
        "variable-decls user-field-decls hidden-text hidden-paragraph"
    ).split()
}
_MOST_SPACES = 100
_MOST_REPEATED = 50


def read_odt(data: bytes, publication: Publication) -> Document:
    """The document in `data`. Raises ReadError."""
    where = publication.file or publication.id
    if not data.strip():
        raise ReadError(f"{where}: is empty; expected an ODT (fetch or save it again)")
    check_zip(data, where, "ODT", ["content.xml", "META-INF/manifest.xml"])
    content = safe_xml(_part(data, "content.xml", where), where, "content.xml")
    body = content.find(f"{_OFFICE}body/{_OFFICE}text")
    if body is None:
        raise ReadError(f"{where}: is an OpenDocument, but no text (save it as ODT)")
    root = html.Element("body")
    _Reading(content).blocks(body, root)
    return assemble(publication, tree_parts(root, base=publication.url, keep=lambda _block: True))


def _part(data: bytes, name: str, where: str) -> bytes:
    container = Container()
    try:
        container.open(io.BytesIO(data))
        manifest = container.get_part("META-INF/manifest.xml")
        part = container.get_part(name)
    except (SecurityError, KeyError, TypeError, *BROKEN) as error:
        raise ReadError(f"{where}: is a broken ODT ({error}); open it and save it again") from error
    if _MANIFEST + "encryption-data" in {
        element.tag for element in safe_xml(_bytes(manifest), where, "its manifest").iter()
    }:
        raise ReadError(f"{where}: needs a password (save it without one)")
    return _bytes(part)


def _bytes(part: str | bytes | None) -> bytes:
    return part.encode() if isinstance(part, str) else part or b"<empty/>"


class _Reading:
    """An ODT on its way to a tree of elements."""

    def __init__(self, content: etree._Element) -> None:
        self._bold: set[str] = set()
        self._parents: dict[str, str] = {}
        for style in content.iter(_STYLE + "style"):
            name = style.get(_STYLE + "name") or ""
            self._parents[name] = style.get(_STYLE + "parent-style-name") or ""
            if any(p.get(_FO + "font-weight") == "bold" for p in style.iter(_STYLE + "text-properties")):
                self._bold.add(name)
        self._titled = any(self._is_style(paragraph, "Title") for paragraph in content.iter(_TEXT + "p"))
        self._pending: list[html.HtmlElement] = []

    def blocks(self, source: etree._Element, target: html.HtmlElement) -> None:
        """Put what stands in `source` into `target`."""
        for child in source:
            if child.tag in {_TEXT + "p", _TEXT + "h"}:
                self._paragraph(child, target)
            elif child.tag == _TEXT + "list":
                self._list(child, target)
            elif child.tag == _TABLE + "table":
                self._table(child, target)
            elif child.tag.startswith(_DRAW):
                self._drawing(child)
                self._settle(target)
            elif child.tag not in _LEFT_OUT:
                self.blocks(child, target)

    def _paragraph(self, source: etree._Element, target: html.HtmlElement) -> None:
        element = html.Element(self._tag(source))
        holder = element
        if element.tag == "p" and source.get(_TEXT + "style-name") in self._bold:
            holder = etree.SubElement(element, "strong")
        self._inline(source, holder)
        target.append(element)
        self._settle(target)

    def _tag(self, source: etree._Element) -> str:
        if source.tag == _TEXT + "h":
            level = source.get(_TEXT + "outline-level") or "1"
            return f"h{min((int(level) if level.isdecimal() else 1) + self._titled, 6)}"
        if self._is_style(source, "Title"):
            return "h1"
        return "figcaption" if self._is_style(source, "Caption") or self._is_style(source, "Illustration") else "p"

    def _is_style(self, source: etree._Element, name: str) -> bool:
        style = source.get(_TEXT + "style-name") or ""
        return name in {style, self._parents.get(style, "")}

    def _settle(self, target: html.HtmlElement) -> None:
        """Put notes and boxes behind the paragraph to which they are tied."""
        pending, self._pending = self._pending, []
        target.extend(pending)

    def _list(self, source: etree._Element, target: html.HtmlElement) -> None:
        items = etree.SubElement(target, "ul")
        for child in source:
            if child.tag == _TEXT + "list-item":
                self.blocks(child, etree.SubElement(items, "li"))
            elif child.tag == _TEXT + "list-header":
                self.blocks(child, target)

    def _inline(self, source: etree._Element, target: html.HtmlElement) -> None:
        _append(target, source.text)
        for child in source:
            self._inline_element(child, target)
            _append(target, child.tail)

    def _inline_element(self, child: etree._Element, target: html.HtmlElement) -> None:
        if child.tag == _TEXT + "s":
            count = child.get(_TEXT + "c") or "1"
            _append(target, " " * min(int(count) if count.isdecimal() else 1, _MOST_SPACES))
        elif child.tag == _TEXT + "tab":
            _append(target, " ")
        elif child.tag == _TEXT + "line-break":
            etree.SubElement(target, "br")
        elif child.tag == _TEXT + "a":
            self._inline(child, etree.SubElement(target, "a", href=child.get(_XLINK + "href") or ""))
        elif child.tag == _TEXT + "span":
            bold = child.get(_TEXT + "style-name") in self._bold
            self._inline(child, etree.SubElement(target, "strong" if bold else "span"))
        elif child.tag == _TEXT + "note":
            self._note(child)
        elif child.tag.startswith(_DRAW):
            self._drawing(child)
        elif child.tag not in _LEFT_OUT:
            self._inline(child, target)

    def _note(self, source: etree._Element) -> None:
        body = source.find(_TEXT + "note-body")
        if body is not None:
            outer, self._pending = self._pending, []
            caption = html.Element("figcaption")
            for paragraph in body.iter(_TEXT + "p"):
                self._inline(paragraph, caption)
                _append(caption, " ")
            self._pending = [*outer, caption]

    def _drawing(self, source: etree._Element) -> None:
        """Text boxes, and frames in frames; pictures have no text."""
        boxes = [source] if source.tag == _DRAW + "text-box" else list(source.iterchildren())
        for child in boxes:
            if child.tag == _DRAW + "text-box":
                box = html.Element("aside")
                outer, self._pending = self._pending, []
                self.blocks(child, box)
                self._pending = [*outer, *self._pending, box]
            elif child.tag.startswith(_DRAW):
                self._drawing(child)

    def _table(self, source: etree._Element, target: html.HtmlElement) -> None:
        table = html.Element("table")
        for row in source.iter(_TABLE + "table-row"):
            if next(row.iterancestors(_TABLE + "table")) is source:
                self._row(row, etree.SubElement(table, "tr"))
        place_table(table, target)

    def _row(self, source: etree._Element, row: html.HtmlElement) -> None:
        for cell in source.iterchildren(_TABLE + "table-cell"):
            repeated = cell.get(_TABLE + "number-columns-repeated") or "1"
            for _ in range(min(int(repeated) if repeated.isdecimal() else 1, _MOST_REPEATED)):
                element = etree.SubElement(row, "td")
                for theirs, ours in (("number-columns-spanned", "colspan"), ("number-rows-spanned", "rowspan")):
                    element.set(ours, cell.get(_TABLE + theirs) or "1")
                self.blocks(cell, element)


def _append(target: html.HtmlElement, text: str | None) -> None:
    """Add text behind what an element holds."""
    if not text:
        return
    if len(target):
        target[-1].tail = (target[-1].tail or "") + text
    else:
        target.text = (target.text or "") + text
