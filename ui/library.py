"""The publications of one build as they are read on: their texts, cut into pages.

In: a build's folder, its publications and passages. Out: the `Source` of a publication id, None when the build has none of
that id; the id is only ever looked up, never made into a path. A file that has gone raises OSError.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.document import Document, Passage, Publication, Span
from ingest.index.documents import read_document
from ui.pictures import MAX_PAGE, is_pdf

# Where a publication has no pages: about two printed pages, three screens of a telephone.
_PART = 6000
_PARAGRAPH = re.compile(r"\S(?:[^\n]|\n(?!\s*\n))*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """What is shown at once, `text[start:end]`. `number` is that of the physical page, or counts parts from 1."""

    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A publication to read. `leaves` are in order and cover its text; `paged` tells physical pages from parts.

    `headings` are the texts of its headings, white space folded.
    """

    document: Document
    leaves: tuple[Leaf, ...]
    paged: bool
    headings: frozenset[str] = frozenset()


class Library:
    """Publications by id. Texts are read when asked for, and not kept."""

    def __init__(self, folder: Path, publications: Mapping[str, Publication], passages: Iterable[Passage]) -> None:
        self._folder = folder
        self._publications = publications
        self._passages: dict[str, list[Passage]] = defaultdict(list)
        for passage in passages:
            self._passages[passage.publication_id].append(passage)

    def find(self, publication_id: str) -> Source | None:
        """The publication of that id, if the build has it."""
        publication = self._publications.get(publication_id)
        if publication is None:
            return None
        return source_of(read_document(self._folder, publication), self._passages.get(publication_id, ()))


def source_of(document: Document, passages: Sequence[Passage]) -> Source:
    """A document cut where its passages change page; into parts of whole paragraphs when none of them has a page.

    Every page of a PDF can be turned to: one without text is a leaf that covers nothing.
    """
    headings = frozenset(" ".join(heading.split()) for passage in passages for heading in passage.headings)
    starts = _page_starts(passages)
    paged = bool(starts)
    if paged and is_pdf(document.publication):
        starts = _with_bare_pages(starts, document)
    if not paged:
        starts = dict(enumerate(_part_starts(document.text), start=1))
    # What stands before the first passage is on its page; what is known from no passage is on the page before.
    first = min(starts.values())
    begins = [0 if start == first else start for start in starts.values()]
    leaves = tuple(
        Leaf(number=number, start=start, end=end)
        for number, start, end in zip(starts, begins, [*begins[1:], len(document.text)], strict=True)
    )
    return Source(document=document, leaves=leaves, paged=paged, headings=headings)


def paragraphs(text: str, within: Span) -> Iterator[Span]:
    """What blank lines divide `text[within]` into, without surrounding white space; offsets are into `text`."""
    for match in _PARAGRAPH.finditer(text, *within):
        yield Span(match.start(), match.start() + len(match.group().rstrip()))


def _page_starts(passages: Sequence[Passage]) -> dict[int, int]:
    """Where each page's first passage begins, in reading order."""
    starts: dict[int, int] = {}
    for passage in sorted(passages, key=lambda passage: passage.start):
        if passage.page is not None and passage.page > max(starts, default=0):
            starts[passage.page] = passage.start
    return starts


def _with_bare_pages(starts: Mapping[int, int], document: Document) -> dict[int, int]:
    """The starts of all pages: one without text begins where the next that has some begins, or where the text ends."""
    filled: dict[int, int] = {}
    start = len(document.text)
    for number in range(max(*starts, min(document.pages, MAX_PAGE)), 0, -1):
        start = starts.get(number, start)
        filled[number] = start
    return dict(sorted(filled.items()))


def _part_starts(text: str) -> list[int]:
    starts = [0]
    for paragraph in paragraphs(text, Span(0, len(text))):
        if paragraph.end - starts[-1] > _PART and paragraph.start > starts[-1]:
            starts.append(paragraph.start)
    return starts
