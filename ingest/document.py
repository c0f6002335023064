"""What ingestion passes from room to room: Publication, Document, Block, Passage.

Values only: nothing here reads a file, and nothing refuses more than its own invariants (ValueError).
All offsets count code points. `text` offsets are into the repaired text, `raw` offsets into the text as it was read.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

# Steps of a repair that change where words stand or what belongs to the text, and no word of it.
OUTWARD_STEPS = frozenset(
    {
        "contact",
        "definition",
        "hyphen",
        "invisible",
        "join",
        "layout",
        "ligature",
        "page facts",
        "page number",
        "running footer",
        "running header",
        "unicode",
    }
)


class BlockKind(StrEnum):
    """What a block is. `EXAMPLE` is one field example, told about a territory."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    EXAMPLE = "example"
    TABLE = "table"
    CAPTION = "caption"


class Span(NamedTuple):
    """A half-open stretch [start, end) of code points."""

    start: int
    end: int

    def overlaps(self, other: Span) -> bool:
        """Whether the two share at least one code point."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """One line of the catalogue. `date` is YYYY, YYYY-MM or YYYY-MM-DD; `access` other than "public" is never indexed.

    `page_starts` are 1-based line numbers of a text file's pages, rising, or empty. `series` is the collection in which
    the publication appeared ("Déniché pour vous"). `sha256` is the hex digest of the file as it was fetched; in a build,
    of the file that was read. Where the line says nothing, a reader may fill in `date`, `themes`, `series` and `language`
    from the file.
    """

    id: str
    title: str
    publisher: str
    url: str | None = None
    file: str | None = None
    media_type: str | None = None
    date: str | None = None
    language: str | None = None
    licence: str | None = None
    themes: tuple[str, ...] = ()
    access: str = "public"
    page_starts: tuple[int, ...] = ()
    series: str | None = None
    sha256: str | None = None


class Box(NamedTuple):
    """A rectangle on a page in points (1/72 inch) from its top left corner as it is seen: left < right, top < bottom."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OcrWord:
    """A word that OCR read: `raw[start:end]` of its document, where it stands, and how sure OCR was, 0 to 100."""

    start: int
    end: int
    page: int
    box: Box
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """One recorded change: `raw[raw_start:raw_end] == before`, `text[start:end] == after` (empty when removed).

    `step` names what made it; changes by several steps that touch are one Repair whose steps are joined with "+".
    """

    before: str
    after: str
    step: str
    raw_start: int
    raw_end: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A structural unit of a document's repaired text, `text[start:end]`, without surrounding white space.

    `page` is physical and 1-based, None where there are none (HTML). `headings` is the path from the outermost
    heading to the innermost above the block (for a heading: the path above it). `links` are the targets attached to
    this block. `title` names an example ("Rennes Métropole"), None elsewhere; blocks of one example share it.
    """

    kind: BlockKind
    start: int
    end: int
    page: int | None
    headings: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A publication as read: raw text, repaired text, every change between the two, and blocks over the repaired text.

    `repairs` are sorted and disjoint in both texts; outside them the two texts are equal. `blocks` are sorted,
    disjoint, and cover every non-blank character of `text`. `doubtful` stretches can be found but are never quoted.
    `pages` counts the physical pages (0 where there are none), `ocr_pages` are those that OCR read, `ocr_words` their
    words. `warnings` are for the operator: what was not read, and why.
    """

    publication: Publication
    raw: str
    text: str
    repairs: tuple[Repair, ...] = ()
    blocks: tuple[Block, ...] = ()
    doubtful: tuple[Span, ...] = ()
    pages: int = 0
    ocr_pages: tuple[int, ...] = ()
    ocr_words: tuple[OcrWord, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def is_corrected(self) -> bool:
        """Whether words of it were read by OCR or corrected."""
        return bool(self.ocr_pages) or any(set(repair.step.split("+")) - OUTWARD_STEPS for repair in self.repairs)

    def raw_span(self, span: Span) -> Span:
        """The smallest stretch of `raw` that gave `text[span]`; a stretch inside a repair gives the whole repair."""
        return Span(self._raw_offset(span.start, at_end=False), self._raw_offset(span.end, at_end=True))

    def _raw_offset(self, offset: int, *, at_end: bool) -> int:
        index = bisect_right(self.repairs, offset, key=lambda repair: repair.start) - 1
        # An end that stands exactly where a repair begins belongs to what precedes it.
        while index >= 0 and at_end and self.repairs[index].start == offset:
            index -= 1
        if index < 0:
            return offset
        repair = self.repairs[index]
        if offset < repair.end or (offset == repair.end and at_end and repair.start < offset):
            return repair.raw_end if at_end else repair.raw_start
        return repair.raw_end + (offset - repair.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A stretch of one document, the unit that is retrieved and cited.

    `text == document.text[start:end]`; offsets count code points; `page` is physical and 1-based, None for HTML.
    `context` is the sentence that introduces a list, carried by the pieces that follow its first: embedded, never quoted
    as theirs. `sentences` are spans into the document's text, sorted and disjoint: what may be quoted (headings and bare
    links are left out). `actors` are the organisations that an example names. `also_in` names other publications in which
    the same text stands.
    """

    id: str
    publication_id: str
    text: str
    start: int
    end: int
    page: int | None
    kind: BlockKind
    headings: tuple[str, ...] = ()
    context: str = ""
    title: str | None = None
    links: tuple[str, ...] = ()
    territories: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    sentences: tuple[Span, ...] = ()
    doubtful: tuple[Span, ...] = ()
    also_in: tuple[str, ...] = field(default=())
