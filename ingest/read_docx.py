"""Bytes of a DOCX -> Document: headings by style and outline level, lists by numbering, tables, links, notes, text boxes.

The body becomes a small tree of elements, which is read as a page's is. Left out: headers and footers, tables of contents,
hidden text, comments, tracked deletions. Refused (ReadError): a broken zip, a password, zip bombs, a document without text.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import docx as python_docx
from docx.document import Document as DocxDocument
from docx.opc.exceptions import OpcError
from lxml import etree, html  # type: ignore[import-untyped]  # comes without types

from ingest.document import Document, Publication
from ingest.errors import ReadError
from ingest.html.tables import place_table
from ingest.html.walk import tree_parts
from ingest.parts import assemble
from ingest.zipped import BROKEN, check_zip, safe_xml

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
# What only wraps content: content controls, insertions that were tracked, smart tags.
_WRAPPERS = {_W + name for name in ("ins", "moveTo", "smartTag", "sdt", "sdtContent", "customXml", "fldSimple", "body")}
_HEADING = re.compile(r"(?:heading|titre)\s*(?P<level>[1-9])", re.IGNORECASE)
_TITLE = re.compile(r"title|titre|titre principal", re.IGNORECASE)
_CONTENTS = re.compile(
    r"(?:toc|tm|table des mati[èe]res)(?:\s*(?:heading|\d))?|toc heading|en-t[êe]te de table des mati[èe]res", re.I
)
_CAPTION = re.compile(r"caption|l[ée]gende", re.IGNORECASE)
_LIST = re.compile(r"(?:list|liste)\b.*", re.IGNORECASE)
_FIELD_LINK = re.compile(r'\s*HYPERLINK\s+(?:\\\w\s+)*"(?P<url>[^"]+)"')


def read_docx(data: bytes, publication: Publication) -> Document:
    """The document in `data`. Raises ReadError."""
    where = publication.file or publication.id
    if not data.strip():
        raise ReadError(f"{where}: is empty; expected a DOCX (fetch or save it again)")
    check_zip(data, where, "DOCX", ["[Content_Types].xml"])
    try:
        docx = python_docx.Document(io.BytesIO(data))
        root = _Reading(docx, where).tree()
    except (OpcError, KeyError, AttributeError, IndexError, etree.LxmlError, *BROKEN) as error:
        # python-docx meets what a damaged file lacks with whatever error comes first.
        raise ReadError(f"{where}: is a broken DOCX ({error}); open it and save it again") from error
    return assemble(publication, tree_parts(root, base=publication.url, keep=lambda _block: True))


class _Reading:
    """A DOCX on its way to a tree of elements."""

    def __init__(self, docx: DocxDocument, where: str) -> None:
        self._rels = docx.part.rels
        self._styles = {style.style_id: style for style in docx.styles}
        self._body = docx.element.body
        self._notes = {kind: self._notes_of(docx, kind, where) for kind in ("footnote", "endnote")}
        self._pending: list[html.HtmlElement] = []
        self._field: list[str] | None = None
        self._field_url: str | None = None
        self._titled = any(_TITLE.fullmatch(self._style_name(paragraph)) for paragraph in self._body.iter(_W + "p"))

    def tree(self) -> html.HtmlElement:
        root = html.Element("body")
        self._blocks(self._body, root)
        return root

    @staticmethod
    def _notes_of(docx: DocxDocument, kind: str, where: str) -> dict[str, etree._Element]:
        part = next((rel.target_part for rel in docx.part.rels.values() if rel.reltype.endswith(f"/{kind}s")), None)
        if part is None:
            return {}
        root = safe_xml(part.blob, where, str(part.partname))
        return {note.get(_W + "id"): note for note in root.iter(_W + kind) if note.get(_W + "type") is None}

    def _blocks(self, source: etree._Element, target: html.HtmlElement) -> None:
        for child in source:
            if child.tag == _W + "p":
                self._paragraph(child, target)
            elif child.tag == _W + "tbl":
                self._table(child, target)
            elif child.tag in _WRAPPERS:
                self._blocks(child, target)

    def _paragraph(self, source: etree._Element, target: html.HtmlElement) -> None:
        name = self._style_name(source)
        if _CONTENTS.fullmatch(name):
            return
        element = html.Element(self._tag(source, name))
        self._field = self._field_url = None
        self._inline(source, element)
        if element.tag == "li":
            items = html.Element("ul")
            items.append(element)
            target.append(items)
        else:
            target.append(element)
        pending, self._pending = self._pending, []
        target.extend(pending)

    def _tag(self, source: etree._Element, name: str) -> str:
        level = self._level(source, name)
        if level is not None:
            return f"h{min(level + self._titled, 6)}"
        if _TITLE.fullmatch(name):
            return "h1"
        if _CAPTION.fullmatch(name):
            return "figcaption"
        number = source.find(f"{_W}pPr/{_W}numPr/{_W}numId")
        numbered = (
            number.get(_W + "val") != "0" if number is not None else self._in_style(source, f"{_W}numPr") is not None
        )
        return "li" if numbered or _LIST.fullmatch(name) else "p"

    def _level(self, source: etree._Element, name: str) -> int | None:
        """From the outermost, 1, by the paragraph's own outline level, its style's, or its style's name."""
        own = source.find(f"{_W}pPr/{_W}outlineLvl")
        found = own if own is not None else self._in_style(source, f"{_W}outlineLvl")
        value = found.get(_W + "val") if found is not None else None
        if value is not None and value.isdecimal():
            return int(value) + 1 if int(value) < 9 else None
        named = _HEADING.fullmatch(name)
        return int(named["level"]) if named else None

    def _style_id(self, source: etree._Element) -> str:
        style = source.find(f"{_W}pPr/{_W}pStyle")
        return style.get(_W + "val") or "" if style is not None else ""

    def _style_name(self, source: etree._Element) -> str:
        style = self._styles.get(self._style_id(source))
        return (style.name or "").strip() if style is not None else ""

    def _in_style(self, source: etree._Element, what: str) -> etree._Element | None:
        """A property of the paragraph's style, or of one that it is based on."""
        style = self._styles.get(self._style_id(source))
        for _ in range(20):  # styles that are based on each other in a circle
            if style is None:
                return None
            found = style.element.find(f"{_W}pPr/{what}")
            if found is not None:
                return found
            style = getattr(style, "base_style", None)
        return None

    def _inline(self, source: etree._Element, target: html.HtmlElement) -> None:
        for child in source:
            if child.tag == _W + "r":
                self._run(child, target)
            elif child.tag == _W + "hyperlink":
                rel = self._rels.get(child.get(_R + "id") or "")
                link = html.Element("a")
                if rel is not None and rel.is_external:
                    link.set("href", rel.target_ref)
                target.append(link)
                self._inline(child, link)
            elif child.tag in _WRAPPERS:
                self._inline(child, target)
            elif child.tag == _MC + "AlternateContent":
                self._drawing(child)

    def _run(self, source: etree._Element, target: html.HtmlElement) -> None:
        if _is_on(source, "vanish"):
            return
        text = "".join(self._run_text(source))
        if self._field_url is not None and text:
            link = html.Element("a", href=self._field_url)
            target.append(link)
            target = link
        raised = source.find(f"{_W}rPr/{_W}vertAlign")
        if raised is not None and raised.get(_W + "val") == "superscript" and text:
            target = etree.SubElement(target, "sup")
        if _is_on(source, "b") and text:
            target = etree.SubElement(target, "strong")
        _append(target, text)

    def _run_text(self, source: etree._Element) -> Iterator[str]:
        for child in source:
            if child.tag == _W + "t" and self._field is None:
                yield (child.text or "").replace("\n", " ")
            elif child.tag == _W + "tab":
                yield " "
            elif child.tag in {_W + "br", _W + "cr"} and child.get(_W + "type") != "page":
                yield "\n"
            elif child.tag == _W + "noBreakHyphen":
                yield "-"
            elif child.tag in {_W + "fldChar", _W + "instrText"}:
                self._field_step(child)
            elif child.tag in {_W + "footnoteReference", _W + "endnoteReference"}:
                self._note(child)
            elif child.tag in {_MC + "AlternateContent", _W + "drawing", _W + "pict"}:
                self._drawing(child)

    def _field_step(self, source: etree._Element) -> None:
        """Fields written as runs: an instruction, then the text that it gives."""
        step = source.get(_W + "fldCharType")
        if source.tag == _W + "instrText":
            if self._field is not None:
                self._field.append(source.text or "")
        elif step == "begin":
            self._field = []
        elif step == "separate":
            found = _FIELD_LINK.match("".join(self._field or []))
            self._field, self._field_url = None, found["url"] if found else None
        elif step == "end":
            self._field = self._field_url = None

    def _note(self, source: etree._Element) -> None:
        kind = source.tag.removeprefix(_W).removesuffix("Reference")
        note = self._notes[kind].get(source.get(_W + "id"))
        if note is not None:
            caption = html.Element("figcaption")
            for paragraph in note.iter(_W + "p"):
                self._inline(paragraph, caption)
                _append(caption, " ")
            self._pending.append(caption)

    def _drawing(self, source: etree._Element) -> None:
        """A text box, which Word writes twice: for itself, and for programs older than it."""
        choice = source.find(_MC + "Choice")
        for content in (source if choice is None else choice).iter(_W + "txbxContent"):
            box = html.Element("aside")
            outer, self._pending = self._pending, []
            field = (self._field, self._field_url)
            self._blocks(content, box)
            self._field, self._field_url = field
            self._pending = [*outer, *self._pending, box]

    def _table(self, source: etree._Element, target: html.HtmlElement) -> None:
        table = html.Element("table")
        above: dict[int, html.HtmlElement] = {}
        for row in source.iter(_W + "tr"):
            if next(row.iterancestors(_W + "tbl")) is not source:
                continue
            self._row(row, etree.SubElement(table, "tr"), above)
        place_table(table, target)

    def _row(self, source: etree._Element, row: html.HtmlElement, above: dict[int, html.HtmlElement]) -> None:
        """A row; a cell that goes on from the row above makes that one longer."""
        column = 0
        for cell in source.iter(_W + "tc"):
            if next(cell.iterancestors(_W + "tr")) is not source:
                continue
            span = cell.find(f"{_W}tcPr/{_W}gridSpan")
            width = span.get(_W + "val") or "1" if span is not None else "1"
            merged = cell.find(f"{_W}tcPr/{_W}vMerge")
            if merged is not None and merged.get(_W + "val") != "restart" and column in above:
                above[column].set("rowspan", str(int(above[column].get("rowspan", "1")) + 1))
            else:
                element = etree.SubElement(row, "td", colspan=width)
                self._blocks(cell, element)
                above[column] = element
            column += int(width) if width.isdecimal() else 1


def _is_on(run: etree._Element, name: str) -> bool:
    found = run.find(f"{_W}rPr/{_W}{name}")
    return found is not None and found.get(_W + "val") not in {"0", "false", "off"}


def _append(target: html.HtmlElement, text: str) -> None:
    """Add text behind what an element holds; line feeds become `<br>`."""
    first, *rest = text.split("\n")
    if len(target):
        target[-1].tail = (target[-1].tail or "") + first
    else:
        target.text = (target.text or "") + first
    for line in rest:
        etree.SubElement(target, "br").tail = line
