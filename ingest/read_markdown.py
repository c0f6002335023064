"""Bytes of a Markdown file -> Document: headings, lists, tables and links by markdown-it; raw HTML in it as in a page.

What stands before the text between two lines `---` is not text: its date, series, language and themes fill what the catalogue
leaves open. Refused (ReadError): bytes that are no text, a file without text.
"""

from __future__ import annotations

import re
from dataclasses import replace

from lxml import etree, html  # type: ignore[import-untyped]  # comes without types
from markdown_it import MarkdownIt

from ingest.decoding import decode_text
from ingest.document import Document, Publication
from ingest.errors import ReadError
from ingest.french_dates import french_date
from ingest.html.tree import MAX_BYTES, UNSEEN
from ingest.html.walk import tree_parts
from ingest.parts import assemble

_FRONT = re.compile(r"---[ \t]*\n(?P<lines>.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)
_FIELD = re.compile(r"(?P<name>[\w-]+)[ \t]*:[ \t]*(?P<value>.*(?:\n[ \t]*-[ \t].*)*)", re.MULTILINE)
_THEMES = frozenset("themes thèmes tags keywords categories mots-clés".split())
_NESTING = 200  # below markdown-it's own bound of 20 for strict CommonMark, text of nested lists would be dropped


def read_markdown(data: bytes, publication: Publication) -> Document:
    """The document in `data`; links are relative to the publication's address. Raises ReadError."""
    where = publication.file or publication.id
    if len(data) > MAX_BYTES:
        raise ReadError(f"{where}: has {len(data) / 1e6:.0f} MB, at most {MAX_BYTES / 1e6:.0f} MB are read (split it)")
    if not data.strip():
        raise ReadError(f"{where}: is empty; expected a text")
    decoded = decode_text(data, where)
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n")
    front = _FRONT.match(text.lstrip("\n"))
    body = text.lstrip("\n")[front.end() :] if front else text
    known = _with_front(publication, front["lines"]) if front else publication
    parts = tree_parts(_tree(body), base=publication.url, keep=lambda _block: True)
    return assemble(known, parts, warnings=[decoded.warning] if decoded.warning else [])


def _tree(text: str) -> html.HtmlElement:
    """The text as a tree of elements, without what is no text."""
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": _NESTING}).enable(["table", "strikethrough"])
    # Without a body of its own lxml makes text of the first element.
    rendered = f"<html><body>{parser.render(text)}</body></html>".encode()
    root = html.document_fromstring(
        rendered, parser=html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    )
    for element in list(root.iter(*UNSEEN)):
        if element.getparent() is not None:
            element.drop_tree()
    etree.strip_attributes(root, "class")
    return root


def _with_front(publication: Publication, lines: str) -> Publication:
    """The publication, what its line leaves open filled with what the file says of itself."""
    said = {match["name"].lower(): match["value"] for match in _FIELD.finditer(lines)}
    date = _value(said.get("date", ""))
    themes = tuple(theme for name in said if name in _THEMES for theme in _values(said[name]))
    return replace(
        publication,
        date=publication.date or french_date(date) or (date if re.fullmatch(r"\d{4}(?:-\d\d)?", date) else None),
        series=publication.series or _value(said.get("series", "")) or None,
        language=publication.language or _value(said.get("lang", said.get("language", "")))[:2].lower() or None,
        themes=publication.themes or themes,
    )


def _value(text: str) -> str:
    return text.strip().strip("\"'").strip()


def _values(text: str) -> list[str]:
    """A list as YAML writes it: in brackets, one a line, or with commas."""
    return [value for item in re.split(r"[,;]|\n[ \t]*-[ \t]", text.strip(" []")) if (value := _value(item))]
