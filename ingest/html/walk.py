"""A pruned tree -> the parts of the publication: headings, paragraphs, items, tables, captions, with their links.

Refuses nothing. The tree is walked by events, not by recursion.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from lxml import etree, html  # type: ignore[import-untyped]  # comes without types

from ingest.document import BlockKind
from ingest.html.boxes import Placed, boxes_last
from ingest.html.tables import is_data_table, table_rows
from ingest.html.tree import BLOCKS, HEADINGS, TextLine
from ingest.html.words import BULLET, Buffer, Link, segments
from ingest.markup import (
    BOLD_LEVEL,
    bold_level,
    defined_part,
    folded,
    is_bold_heading,
    link_target,
    settled_headings,
    table_part,
    text_part,
)
from ingest.parts import Part

FACTS = "page facts"
_BOX_CLASS = re.compile(r"(?:.*-)?(?:encadres?|encarts?|box|callout|focus|zoom|highlight|exergue)(?:-\d+)?")
# What leads from a note back to its call; the arrow may carry a sign that asks for it in colour.
_BACK = re.compile("[↩↑⬆↵^][\ufe0e\ufe0f]?")
# Characters of one block; a page that is a single line of 20 MB is cut into as many paragraphs as it takes.
_LONGEST = 20_000
_RAISED = {"2": "²", "3": "³"}


def tree_parts(
    root: html.HtmlElement,
    *,
    base: str | None,
    facts: Collection[TextLine] = (),
    keep: Callable[[html.HtmlElement], bool],
) -> list[Part]:
    """The parts under `root` whose innermost block is one to `keep`. Lines that state `facts` become removed parts."""
    walk = _Walk(base=base, facts=facts, keep=keep)
    skipped: html.HtmlElement | None = None
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if skipped is None and event == "start":
            skipped = element if walk.start(element) else None
        elif event == "end" and (skipped is None or skipped is element):
            if skipped is None:
                walk.end(element)
            skipped = None
            if element is not root:
                walk.buffer.add(element.tail or "")
        if len(walk.buffer.text) > _LONGEST:
            walk.flush()
    walk.flush()
    return settled_headings(boxes_last(walk.placed))


class _Walk:
    """What is open while the tree is walked, and the parts that were found."""

    def __init__(
        self, *, base: str | None, facts: Collection[TextLine], keep: Callable[[html.HtmlElement], bool]
    ) -> None:
        self.placed: list[Placed] = []
        self.buffer = Buffer()
        self._base, self._keep = base, keep
        self._facts = {(line.text, line.block) for line in facts}
        self._blocks: list[html.HtmlElement] = []
        self._boxes: list[tuple[html.HtmlElement, int]] = []
        self._boxes_seen = 0
        self._link: tuple[int, str] | None = None
        self._raised = 0
        self._term: tuple[str, list[str]] | None = None
        self._headed: set[html.HtmlElement] = set()

    def start(self, element: html.HtmlElement) -> bool:
        """Open an element; True when all of it was read at once."""
        if element.tag in BLOCKS:
            self.flush()
            if element.tag == "table" and is_data_table(element):
                self._table(element)
                return True
            self._blocks.append(element)
            self._open_box(element)
        elif element.tag == "br":
            self.buffer.text = self.buffer.text.rstrip(" ") + "\n"
        elif element.tag == "a":
            if _BACK.fullmatch("".join(element.itertext()).strip()):
                return True
            self._open_link(element)
        elif element.tag in {"b", "strong"}:
            self.buffer.bold_from.append(len(self.buffer.text))
        elif element.tag in {"sup", "sub"}:
            self._raised = len(self.buffer.text)
        elif element.tag == "q":
            self.buffer.add("« ")
        self.buffer.add(element.text or "")
        return False

    def end(self, element: html.HtmlElement) -> None:
        """Close an element."""
        if element.tag in BLOCKS:
            self.flush()
            if element.tag in {"dl", "dd"}:
                self._flush_term()
            self._blocks.pop()
            if self._boxes and self._boxes[-1][0] is element:
                self._boxes.pop()
        elif element.tag == "a" and self._link is not None:
            self._close_link(element)
        elif element.tag in {"b", "strong"} and self.buffer.bold_from:
            self.buffer.bold_spans.append((self.buffer.bold_from.pop(), len(self.buffer.text)))
        elif element.tag == "sup":
            self._close_raised(element)
        elif element.tag == "q":
            self.buffer.add(" »")

    def flush(self) -> None:
        """Make parts of the words that were gathered; a link or bold type that is still open goes on."""
        buffer, self.buffer = self.buffer, Buffer()
        self.buffer.bold_from = [0 for _ in buffer.bold_from]
        if self._link is not None:
            buffer.links.append(Link(self._link[0], len(buffer.text), self._link[1]))
            self._link = (0, self._link[1])
        if not buffer.text.strip() or not (self._blocks and self._keep(self._blocks[-1])):
            return
        facts = {text for text, block in self._facts if block is self._blocks[-1]}
        for start, end in segments(buffer, facts):
            text = folded(buffer.text[start:end])
            if text:
                urls = [link.url for link in buffer.links if link.start < end and link.end > start]
                self._emit(text, urls, bold=buffer.is_bold(start, end), item=BULLET.match(text) is not None)

    def _emit(self, text: str, links: list[str], *, bold: bool, item: bool) -> None:
        if (text, self._blocks[-1]) in self._facts and self._level() is None:
            self._place(text_part(BlockKind.CAPTION, text, links=links, removed=FACTS))
            return
        if self._blocks[-1].tag == "dt":
            self._flush_term()
            self._term = (text, links)
            return
        if self._term is not None:
            term, term_links = self._term
            self._term = None
            if self._level() is None:
                self._place(defined_part(term, text, [*term_links, *links]))
                return
            self._place(text_part(BlockKind.LIST_ITEM, term, links=term_links))
        level = self._level()
        kind = BlockKind.HEADING if level else self._kind()
        if kind is BlockKind.PARAGRAPH and item:
            kind = BlockKind.LIST_ITEM
        if kind is BlockKind.PARAGRAPH and bold and is_bold_heading(text):
            kind, level = BlockKind.HEADING, bold_level(text)
        if kind is BlockKind.HEADING:
            self._headed |= {block for block in self._blocks if block.tag == "li"}
        self._place(text_part(kind, text, level=level, links=links))

    def _level(self) -> int | None:
        for block in reversed(self._blocks):
            if block.tag in HEADINGS:
                return HEADINGS[block.tag]
            if block.tag in {"summary", "legend"}:
                return BOLD_LEVEL + 1
        return None

    def _kind(self) -> BlockKind:
        for block in reversed(self._blocks):
            if block.tag in {"figcaption", "caption"}:
                return BlockKind.CAPTION
            if block.tag in {"li", "dd"}:
                # A list of cards: below its heading an item holds text like any other.
                return BlockKind.PARAGRAPH if block in self._headed else BlockKind.LIST_ITEM
            if block.tag in {"td", "th", "blockquote", "ul", "ol"}:
                break
        return BlockKind.PARAGRAPH

    def _place(self, part: Part) -> None:
        self.placed.append(Placed(part, self._boxes[-1][1] if self._boxes else None))

    def _flush_term(self) -> None:
        if self._term is not None:
            self._place(text_part(BlockKind.LIST_ITEM, self._term[0], links=self._term[1]))
            self._term = None

    def _open_box(self, element: html.HtmlElement) -> None:
        names = (element.get("class") or "").lower().replace("_", "-").split()
        is_box = element.tag in {"aside", "details"} or any(map(_BOX_CLASS.fullmatch, names))
        if is_box and not self._boxes and element.tag not in HEADINGS:
            self._boxes_seen += 1
            self._boxes.append((element, self._boxes_seen))

    def _open_link(self, element: html.HtmlElement) -> None:
        url = link_target(element.get("href"), self._base)
        before = element.getprevious()
        if before is not None and before.tag == "a" and not before.tail and self.buffer.text:
            self.buffer.add(" ")
        self._link = (len(self.buffer.text), url) if url else None

    def _close_link(self, element: html.HtmlElement) -> None:
        assert self._link is not None  # noqa: S101  # the caller asked
        start, url = self._link
        self._link = None
        if self.buffer.text[start:].strip():
            self.buffer.links.append(Link(start, len(self.buffer.text), url))
        elif "".join(element.itertext()).strip():
            return  # its words are in blocks of their own, which have the link already
        elif self.buffer.text:
            # A picture leads there: the link is that of the words before it.
            self.buffer.links.append(Link(max(start - 2, 0), start, url))
        elif self.placed:
            part = self.placed[-1].part
            if part.removed is None and not part.links:
                self.placed[-1].part = text_part(part.kind, part.raw, level=part.level, links=[url])

    def _close_raised(self, element: html.HtmlElement) -> None:
        """Calls of notes go, squares and cubes stay: "m2" is no measure."""
        text = "".join(element.itertext()).strip()
        href = next((link.get("href") or "" for link in element.iter("a")), "")
        start = min(self._raised, len(self.buffer.text))
        if href.startswith("#"):
            self.buffer.text = self.buffer.text[:start]
        elif text in _RAISED and self.buffer.text[:start].endswith("m"):
            self.buffer.text = self.buffer.text[:start] + _RAISED[text]

    def _table(self, element: html.HtmlElement) -> None:
        if not any(self._keep(block) for block in element.iter("table", "caption", "td", "th", "p", "div", "li")):
            return
        caption = element.find("caption")
        if caption is not None and (text := folded("".join(caption.itertext()))):
            self._place(text_part(BlockKind.CAPTION, text))
        rows = table_rows(element)
        cells = [folded(cell) for row in rows for cell in row if cell.strip()]
        if not cells:
            return
        facts = {text for text, block in self._facts if element in block.iterancestors()}
        if all(cell in facts for cell in cells):
            self._place(text_part(BlockKind.CAPTION, " | ".join(cells), removed=FACTS))
            return
        links = [url for link in element.iter("a") if (url := link_target(link.get("href"), self._base))]
        self._place(table_part(rows, links))
