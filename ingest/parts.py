"""What a reader finds in a file, in reading order -> a Document: text, repairs on record, blocks with their heading paths.

Readers of PDF, web pages, Markdown, DOCX and ODT give `Part`s; `assemble` does the rest, alike for all. A part's edits and
removals become the document's repairs, what OCR read goes through the OCR repair, contacts of staff are removed, field
examples are marked, links are kept. Refused (ReadError): parts that hold no text at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from ingest.contacts import contact_removals
from ingest.document import Block, BlockKind, Document, OcrWord, Publication, Repair, Span
from ingest.errors import ReadError
from ingest.examples import mark_examples
from ingest.links import attach_links
from ingest.repair.edits import Edit, apply_edits, compose, text_offset, to_repairs
from ingest.repair.lexicon import Lexicon, default_lexicon
from ingest.repair.pipeline import repair_text
from ingest.sentences import strip_span
from ingest.structure import POINTER, heading_title

_GAP = "\n\n"  # between two parts of the raw text


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A heading, paragraph, list item, table or caption as a reader found it; not blank.

    `raw` is its text as the file has it, its line breaks included. `edits` are offsets into `raw`, sorted and disjoint:
    what makes it readable (lines joined, hyphens undone), each with the step that made it. `removed` names why the part is
    no text of the publication ("running header"): it stays in the document's raw text alone. A table is one part, a row
    a line, cells parted by " | ", its header first. `level` ranks headings, 1 the outermost; None is no heading. `words`
    and `doubtful` (offsets into `raw`) are given where OCR read the part: `ocr` makes it go through the OCR repair.
    """

    kind: BlockKind
    raw: str
    page: int | None = None
    level: int | None = None
    links: tuple[str, ...] = ()
    edits: tuple[Edit, ...] = ()
    removed: str | None = None
    ocr: bool = False
    words: tuple[OcrWord, ...] = ()
    doubtful: tuple[Span, ...] = ()


def assemble(
    publication: Publication,
    parts: Sequence[Part],
    *,
    pages: int = 0,
    warnings: Sequence[str] = (),
    lexicon: Lexicon | None = None,
) -> Document:
    """The document that `parts` make, in their order. `lexicon` is the project's own if none is given. Raises ReadError."""
    parts = [part for part in parts if part.raw.strip()]
    if all(part.removed for part in parts):
        where = publication.file or publication.id
        raise ReadError("; ".join([f"{where}: holds no text that could be read", *warnings]))
    starts = _starts(parts)
    raw = _GAP.join(part.raw for part in parts)
    text, repairs = _repaired(raw, parts, starts, lexicon or default_lexicon())
    if not text.strip():
        raise ReadError(f"{publication.file or publication.id}: holds nothing but contacts; expected a text")
    return Document(
        publication=publication,
        raw=raw,
        text=text,
        repairs=repairs,
        blocks=_blocks(text, repairs, parts, starts),
        doubtful=_doubtful(text, repairs, parts, starts),
        pages=pages,
        ocr_pages=tuple(sorted({part.page for part in parts if part.ocr and part.page is not None})),
        ocr_words=tuple(
            replace(word, start=word.start + start, end=word.end + start)
            for part, start in zip(parts, starts, strict=True)
            for word in part.words
        ),
        warnings=tuple(warnings),
    )


def _starts(parts: Sequence[Part]) -> list[int]:
    """Where each part begins in the raw text."""
    starts, position = [], 0
    for part in parts:
        starts.append(position)
        position += len(part.raw) + len(_GAP)
    return starts


def _repaired(
    raw: str, parts: Sequence[Part], starts: Sequence[int], lexicon: Lexicon
) -> tuple[str, tuple[Repair, ...]]:
    """The text after the parts' own edits, the OCR repair and the removal of contacts, and the record of all."""
    own = list(_own_edits(parts, starts))
    text, changes = apply_edits(raw, own), compose((), own)
    if any(part.ocr for part in parts):
        by_ocr = list(_ocr_edits(text, to_repairs(raw, text, changes), parts, starts, lexicon))
        text, changes = apply_edits(text, by_ocr), compose(changes, by_ocr)
    contacts = contact_removals(text)
    text, changes = apply_edits(text, contacts), compose(changes, contacts)
    return text, to_repairs(raw, text, changes)


def _own_edits(parts: Sequence[Part], starts: Sequence[int]) -> Iterator[Edit]:
    """The edits of parts that stay, and the removals of the others, each with one of the gaps beside it."""
    last_kept = max(index for index, part in enumerate(parts) if not part.removed)
    for index, (part, start) in enumerate(zip(parts, starts, strict=True)):
        if part.removed is None:
            yield from (replace(edit, start=edit.start + start, end=edit.end + start) for edit in part.edits)
        elif index < last_kept:
            yield Edit(start=start, end=starts[index + 1], replacement="", step=part.removed)
        else:
            yield Edit(start=start - len(_GAP), end=start + len(part.raw), replacement="", step=part.removed)


def _ocr_edits(
    text: str, repairs: Sequence[Repair], parts: Sequence[Part], starts: Sequence[int], lexicon: Lexicon
) -> Iterator[Edit]:
    """The OCR repair of each page that OCR read, by itself: noise on one page says nothing of the next."""
    for (ocr, _page), run in groupby(range(len(parts)), key=lambda index: (parts[index].ocr, parts[index].page)):
        kept = [index for index in run if parts[index].removed is None]
        if not ocr or not kept:
            continue
        page = _moved(repairs, Span(starts[kept[0]], starts[kept[-1]] + len(parts[kept[-1]].raw)))
        for repair in repair_text(text[page.start : page.end], lexicon).repairs:
            yield Edit(
                start=page.start + repair.raw_start,
                end=page.start + repair.raw_end,
                replacement=repair.after,
                step=repair.step,
            )


def _moved(repairs: Sequence[Repair], raw: Span) -> Span:
    """Where a stretch of the raw text stands in the repaired text."""
    return Span(text_offset(repairs, raw.start), text_offset(repairs, raw.end, at_end=True))


def _blocks(text: str, repairs: Sequence[Repair], parts: Sequence[Part], starts: Sequence[int]) -> tuple[Block, ...]:
    """A block for each part that is left, under its path of headings."""
    blocks: list[Block] = []
    path: list[tuple[int, str]] = []
    reached = 0
    for part, start in zip(parts, starts, strict=True):
        if part.removed is not None:
            continue
        span = _moved(repairs, Span(start, start + len(part.raw)))
        # The OCR repair may have joined two parts: what the first took with it is not the second's.
        span = strip_span(text, Span(max(span.start, reached), span.end))
        if span.start >= span.end:
            continue
        reached = span.end
        path = path if part.level is None else [entry for entry in path if entry[0] < part.level]
        blocks.append(
            Block(
                kind=part.kind,
                start=span.start,
                end=span.end,
                page=part.page,
                headings=tuple(title for _level, title in path),
                links=part.links,
            )
        )
        if part.level is not None:
            path = [*path, (part.level, heading_title(" ".join(text[span.start : span.end].split())))]
    return mark_examples(text, attach_links(text, blocks, POINTER))


def _doubtful(text: str, repairs: Sequence[Repair], parts: Sequence[Part], starts: Sequence[int]) -> tuple[Span, ...]:
    """Doubtful stretches of parts that stay, sorted; those that touch or overlap are one."""
    found = [
        _moved(repairs, Span(span.start + start, span.end + start))
        for part, start in zip(parts, starts, strict=True)
        if part.removed is None
        for span in part.doubtful
    ]
    stripped = (strip_span(text, span) for span in _merged(sorted(found)))
    return tuple(span for span in stripped if span.start < span.end)


def _merged(spans: Iterable[Span]) -> Iterator[Span]:
    last: Span | None = None
    for span in spans:
        if last is not None and span.start <= last.end:
            last = Span(last.start, max(last.end, span.end))
            continue
        if last is not None:
            yield last
        last = span
    if last is not None:
        yield last
