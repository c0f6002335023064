"""Running headers, running footers and page numbers among the lines of a publication's pages. Pure; refuses nothing.

A line is furniture when it stands near the upper or lower edge and stands there, digits aside, on several pages; a number
alone at an edge when it counts the pages. Nothing else is: a line that stands on one page alone is kept.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ingest.pdf.lines import Line

HEADER, FOOTER, NUMBER = "running header", "running footer", "page number"
_EDGE = 0.11  # of the page's height
_STEP = 8.0  # points within which lines of several pages stand at one height
_PAGE_NUMBER = re.compile(r"(?:page|p\.)?\s*[-–—|]?\s*(?P<number>\d{1,4})\s*[-–—|]?(?:\s*(?:/|sur)\s*\d{1,4})?", re.I)
_MIN_PAGES = 3


@dataclass(frozen=True, slots=True)
class PageLines:
    """The lines of one page, and its height in points."""

    number: int
    height: float
    lines: tuple[Line, ...]


def find_furniture(pages: Sequence[PageLines]) -> Mapping[int, Mapping[int, str]]:
    """For each page the indexes of its lines that are furniture, and which it is."""
    least = _MIN_PAGES if len(pages) >= _MIN_PAGES else max(2, len(pages))
    places: Counter[tuple[str, int, bool]] = Counter()
    offsets: Counter[int] = Counter()
    for page in pages:
        edges = [line for line in page.lines if _edge(line, page) is not None]
        places.update({_place(line, page) for line in edges})
        offsets.update({offset for line in edges if (offset := _offset(line, page)) is not None})
    counted = {offset for offset, count in offsets.items() if count >= least}
    found: dict[int, dict[int, str]] = defaultdict(dict)
    for page in pages:
        for index, line in enumerate(page.lines):
            edge = _edge(line, page)
            if edge is None:
                continue
            if _offset(line, page) in counted:
                found[page.number][index] = NUMBER
            elif places[_place(line, page)] >= least and any(character.isalnum() for character in line.text):
                found[page.number][index] = edge
    return found


def _edge(line: Line, page: PageLines) -> str | None:
    if line.box.bottom <= _EDGE * page.height:
        return HEADER
    return FOOTER if line.box.top >= (1 - _EDGE) * page.height else None


def _place(line: Line, page: PageLines) -> tuple[str, int, bool]:
    """What makes two lines of several pages one: text without digits, height."""
    text = re.sub(r"\d+", "#", line.text.casefold())
    return text, round(line.box.bottom / _STEP), line.box.bottom <= _EDGE * page.height


def _offset(line: Line, page: PageLines) -> int | None:
    """What the number that a line consists of is ahead of the physical page."""
    match = _PAGE_NUMBER.fullmatch(line.text.strip())
    return int(match["number"]) - page.number if match else None
