"""Blocks -> an ODT file: real headings, lists and links, in French, with its title and date among its properties.

The one module of `ui` that knows odfdo.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import date, datetime, time

from odfdo import Document, Header, Link, List, ListItem, Paragraph, Span, Style

from ui import export_blocks as blocks_

# What XML 1.0 cannot hold: control characters, half a surrogate pair, two that are no characters.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINK, _TITLE, _BODY = "Internet_20_link", "Citation", "Text_20_body"
_THUMBNAIL = "Thumbnails/thumbnail.png"


def odt_of(title: str, blocks: Sequence[blocks_.Block], today: date) -> bytes:
    """The bytes of the file."""
    document = Document("text")
    document.body.clear()
    document.language = "fr-FR"
    document.meta.title = _clean(title)
    document.meta.creation_date = datetime.combine(today, time())
    document.insert_style(Style("text", name=_LINK, display_name="Internet link", color="#1d4f73"), automatic=False)
    document.insert_style(Style("text", name=_TITLE, italic=True), automatic=False)
    document.body.append(_heading(1, title))
    for block in blocks:
        document.body.append(_element(block))
    document.del_part(_THUMBNAIL)  # that of odfdo's template
    document.manifest.del_full_path(_THUMBNAIL)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _element(block: blocks_.Block) -> Header | Paragraph | List:
    if isinstance(block, blocks_.Heading):
        return _heading(block.level, block.text)
    if isinstance(block, blocks_.Paragraph):
        return _paragraph(block.line)
    items = List(style="List_20_1")
    for line in block.lines:
        item = ListItem()
        item.append(_paragraph(line))
        items.append(item)
    return items


def _heading(level: int, text: str) -> Header:
    header = Header(level, _clean(text))
    header.style = f"Heading_20_{level}"
    return header


def _paragraph(line: blocks_.Line) -> Paragraph:
    paragraph = Paragraph(style=_BODY)
    for run in line:
        text = _clean(run.text)
        if run.url:
            paragraph.append(Link(_clean(run.url), text=text, style=_LINK, visited_style=_LINK))
        elif run.title:
            paragraph.append(Span(text, style=_TITLE))
        else:
            paragraph.append(text)
    return paragraph


def _clean(text: str) -> str:
    return _NOT_XML.sub("", text)
