"""Repaired text -> its blocks: headings, levers and list items, field examples, captions, paragraphs.

Pure; refuses nothing. A line of the repaired text is a block. Every non-blank character is in exactly one.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.document import Block, BlockKind
from ingest.examples import examples_opening, mark_examples
from ingest.links import attach_links
from ingest.repair.lexicon import fold
from ingest.repair.lines import BULLET, LEVER, MARKDOWN, URL_LINE, is_capitals, is_contact

POINTER = re.compile(r"(?:en cliquant|cliquez)\s+ici", re.IGNORECASE)
_NUMBERED = re.compile(r"(?P<number>\d{1,2}(?:\.\d{1,2})*|[IVX]{1,4})[.)]?\s+(?=[«“\"]?[A-ZÀÂÇÉÈÊÎÔÛŒ])")
_STOPS = (".", "!", "?", "…", ":", ";", ",")
_LONGEST_HEADING = 16  # words
_LEVEL_CAPITALS = 1
_LEVEL_EXAMPLES = 9  # under whatever heading stands above


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    text: str
    page: int | None
    opens_page: bool


def find_blocks(text: str, *, page_offsets: Sequence[int] = ()) -> tuple[Block, ...]:
    """The blocks of `text`, in order, with pages counted from `page_offsets` (rising offsets at which pages begin)."""
    lines = _lines(text, page_offsets)
    kinds = [_heading_level(lines, index) for index in range(len(lines))]
    blocks: list[Block] = []
    path: list[tuple[int, str]] = []
    for index, line in enumerate(lines):
        level = kinds[index]
        if level is not None:
            path = [entry for entry in path if entry[0] < level]
        headings = tuple(title for _level, title in path)
        block = _block(lines, index, headings, is_heading=level is not None, levers=_in_levers(lines, kinds, index))
        blocks.append(block)
        if level is not None:
            path.append((level, heading_title(line.text)))
    return mark_examples(text, attach_links(text, blocks, POINTER))


def heading_title(text: str) -> str:
    """A heading's text as it stands in a path: no marks before it, no colon after it."""
    return re.sub(r"\s*[:;]$", "", MARKDOWN.sub("", text)).strip(" #")


def _lines(text: str, page_offsets: Sequence[int]) -> list[_Line]:
    lines: list[_Line] = []
    for match in re.finditer(r"\S(?:[^\n\f]*\S)?", text):
        page = max(bisect_right(page_offsets, match.start()), 1) if page_offsets else None
        lines.append(_Line(match.start(), match.group(), page, not lines or page != lines[-1].page))
    return lines


def _heading_level(lines: Sequence[_Line], index: int) -> int | None:
    """The level of the heading that the line is; None if it is none. Levels are compared, never shown."""
    text = lines[index].text
    if MARKDOWN.match(text):
        return len(text) - len(text.lstrip("#"))
    if URL_LINE.match(text) or is_contact(text) or len(text.split()) > 2 * _LONGEST_HEADING:
        return None
    if _announces_examples(text):
        return _LEVEL_EXAMPLES
    if is_capitals(text) and not text.endswith((",", ";")):
        return _LEVEL_CAPITALS
    if len(text.split()) > _LONGEST_HEADING or index + 1 == len(lines):
        return None
    return _numbered_level(lines, index) if _NUMBERED.match(text) else _opening_level(lines[index])


def _announces_examples(text: str) -> bool:
    """Whether a line is a heading over examples; one that says more than a title ("Exemple : une aide de ...") is none."""
    opening = examples_opening(text)
    if opening is None or opening.title is None:
        return opening is not None
    short = len(text.split()) <= _LONGEST_HEADING and not text.endswith(tuple(set(_STOPS) - {"?", "!"}))
    return short and not fold(text).startswith("exemple")


def _numbered_level(lines: Sequence[_Line], index: int) -> int | None:
    """`1.2 Les acteurs` is a heading, unless the line before or after it is numbered like it: then they are a list."""
    number = _NUMBERED.match(lines[index].text)
    if number is None or lines[index].text.endswith(_STOPS):
        return None
    near = [_NUMBERED.match(lines[i].text) for i in (index - 1, index + 1) if 0 <= i < len(lines)]
    depth = number["number"].count(".")
    return None if any(other and other["number"].count(".") == depth for other in near) else 2 + depth


def _opening_level(line: _Line) -> int | None:
    """A short line that opens a page and ends no sentence is its title."""
    ends = line.text.endswith(tuple(set(_STOPS) - {"?", "!"}))
    titled = line.opens_page and line.text[0].isupper() and not ends
    return _LEVEL_CAPITALS if titled and not BULLET.match(line.text) and not LEVER.match(line.text) else None


def _in_levers(lines: Sequence[_Line], levels: Sequence[int | None], index: int) -> bool:
    """Whether the line stands among the levers: under a heading that examples follow, no full sentence before it."""
    first = index
    while first > 0 and levels[first - 1] is None:
        first -= 1
    if first == 0 or levels[first - 1] == _LEVEL_EXAMPLES:
        return False
    last = index
    while last < len(lines) and levels[last] is None:
        last += 1
    if last == len(lines) or levels[last] != _LEVEL_EXAMPLES:
        return False
    return not any(_is_sentence(line.text) for line in lines[first : index + 1])


def _is_sentence(text: str) -> bool:
    return not LEVER.match(text) and not URL_LINE.match(text) and (text.endswith(_STOPS) or not text[0].isupper())


def _block(lines: Sequence[_Line], index: int, headings: tuple[str, ...], *, is_heading: bool, levers: bool) -> Block:
    line = lines[index]
    block = Block(
        kind=BlockKind.PARAGRAPH, start=line.start, end=line.start + len(line.text), page=line.page, headings=headings
    )
    if is_heading:
        return replace(block, kind=BlockKind.HEADING)
    if URL_LINE.match(line.text) or (POINTER.search(line.text) and len(line.text.split()) <= _LONGEST_HEADING):
        return replace(block, kind=BlockKind.CAPTION)
    near = [lines[i].text for i in (index - 1, index + 1) if 0 <= i < len(lines)]
    in_examples = bool(headings) and examples_opening(headings[-1]) is not None
    parallel = LEVER.match(line.text) and (not line.text.endswith(".") or any(map(LEVER.match, near)))
    if BULLET.match(line.text) or _NUMBERED.match(line.text) or levers or (parallel and not in_examples):
        return replace(block, kind=BlockKind.LIST_ITEM)
    return block
