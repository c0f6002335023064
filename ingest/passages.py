"""Document -> passages that follow its structure. Pure; refuses nothing.

A passage never crosses a heading or a page, keeps sentences whole (those of up to LONGEST words), and holds 60 to 180 words
where the text allows. A run of headings opens the passage that follows it. A field example stands alone; a list keeps the
sentence that introduces it, a table its header, and pieces of one too long for one passage carry that as context. Every
non-blank character of the text is in exactly one passage.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from ingest.actors import find_actors
from ingest.document import Block, BlockKind, Document, Passage, Span
from ingest.examples import as_sheet
from ingest.sentences import cut_long, split_sentences, strip_span
from ingest.territories import Gazetteer

MIN_WORDS = 60
MAX_WORDS = 180
_TOLD_PLAIN = frozenset({BlockKind.PARAGRAPH, BlockKind.LIST_ITEM})
# What says where to click and nothing else: it goes with what it is about, and is not quoted.
_POINTER = re.compile(
    r"(?:plus d['’]informations?|en savoir plus|voir aussi|cliquer? ici|en cliquant ici|https?://\S+|[\s.:,→>])+", re.I
)
# Numbers that stand alone in a drawing, or that number a footnote, say nothing.
_WORD = re.compile(r"[^\W\d_]{2}")
_BULLET = re.compile(r"[•●▪◦‣*–—-]\s+(?=\S)")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """Blocks, or a part of one block, that will be one passage."""

    span: Span
    blocks: tuple[Block, ...]
    sentences: tuple[Span, ...]
    context: str = ""

    def words(self, text: str) -> int:
        return sum(len(text[start:end].split()) for start, end in self.sentences)


def cut_passages(document: Document, gazetteer: Gazetteer) -> tuple[Passage, ...]:
    """Passages of `document` in reading order. Territories are those that a passage names, or its example's title."""
    document = as_sheet(document, gazetteer)
    pieces = [piece for section in _sections(document.blocks) for piece in _cut_section(document.text, section)]
    passages = [_passage(document, piece, gazetteer) for piece in pieces]
    return tuple(_with_ids(document.publication.id, passages))


def _sections(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Runs of blocks that no heading and no page break divides; a run of headings opens its section."""
    section: list[Block] = []
    for block in blocks:
        opens = block.kind is BlockKind.HEADING and any(b.kind is not BlockKind.HEADING for b in section)
        if section and (opens or block.page != section[-1].page):
            yield section
            section = []
        section.append(block)
    if section:
        yield section


def _cut_section(text: str, section: list[Block]) -> list[_Piece]:
    """One section -> pieces; its headings belong to the first of them."""
    groups = [_piece(text, group) for group in _groups(text, section)]
    merged = _merge_small(text, groups)
    return [part for piece in merged for part in _split_long(text, piece)]


def _groups(text: str, section: list[Block]) -> Iterator[list[Block]]:
    """Blocks that must not be parted: headings with what follows, an introduction with its list, captions with theirs."""
    group: list[Block] = []
    for block in section:
        if group and not _belongs(text, group[-1], block):
            yield group
            group = []
        group.append(block)
    if group:
        yield group


def _belongs(text: str, before: Block, block: Block) -> bool:
    if before.kind is BlockKind.HEADING or block.kind is BlockKind.CAPTION:
        return True
    if _POINTER.fullmatch(text, block.start, block.end):
        return True
    if block.kind is BlockKind.LIST_ITEM:
        introduces = text[before.start : before.end].rstrip().endswith(":")
        return before.kind is BlockKind.LIST_ITEM or (before.kind is BlockKind.PARAGRAPH and introduces)
    return False


def _piece(text: str, blocks: Sequence[Block]) -> _Piece:
    body = [block for block in blocks if block.kind is not BlockKind.HEADING]
    sentences = tuple(span for block in body for span in _quotable(text, block))
    return _Piece(span=Span(blocks[0].start, blocks[-1].end), blocks=tuple(blocks), sentences=sentences)


def _quotable(text: str, block: Block) -> Iterator[Span]:
    """The block's sentences without their bullets, and without what only says where to click."""
    for start, end in split_sentences(text[block.start : block.end]):
        span = Span(block.start + start, block.start + end)
        bullet = _BULLET.match(text, *span)
        span = Span(bullet.end(), span.end) if bullet else span
        if not _POINTER.fullmatch(text, *span):
            yield from cut_long(text, span)


def _merge_small(text: str, pieces: Iterable[_Piece]) -> list[_Piece]:
    """Neighbours of one section are put together while they stay within MAX_WORDS; tables and each example stand alone."""
    merged: list[_Piece] = []
    for piece in pieces:
        last = merged[-1] if merged else None
        if last is not None and _mergeable(text, last, piece):
            merged[-1] = _Piece(
                span=Span(last.span.start, piece.span.end),
                blocks=last.blocks + piece.blocks,
                sentences=last.sentences + piece.sentences,
            )
        else:
            merged.append(piece)
    return merged


def _mergeable(text: str, left: _Piece, right: _Piece) -> bool:
    blocks = left.blocks + right.blocks
    examples = {block.title for block in blocks if block.kind is BlockKind.EXAMPLE}
    mixed = examples and any(block.kind in _TOLD_PLAIN for block in blocks)
    if mixed or len(examples) > 1 or any(block.kind is BlockKind.TABLE for block in blocks):
        return False
    words = (left.words(text), right.words(text))
    return sum(words) <= MAX_WORDS and min(words) < MIN_WORDS


def _split_long(text: str, piece: _Piece) -> list[_Piece]:
    """A piece over MAX_WORDS -> pieces of about equal length, cut between sentences; a longer sentence stays whole."""
    total = piece.words(text)
    if total <= MAX_WORDS or len(piece.sentences) < 2:
        return [piece]
    target = total / -(-total // MAX_WORDS)
    runs: list[list[Span]] = [[]]
    filled = 0
    for sentence in piece.sentences:
        words = len(text[sentence.start : sentence.end].split())
        if runs[-1] and (filled + words / 2 > target or filled + words > MAX_WORDS):
            runs.append([])
            filled = 0
        runs[-1].append(sentence)
        filled += words
    return _cut_at(text, piece, runs)


def _cut_at(text: str, piece: _Piece, runs: Sequence[Sequence[Span]]) -> list[_Piece]:
    context = _introduction(text, piece)
    starts = [piece.span.start, *(run[0].start for run in runs[1:])]
    ends = [*starts[1:], piece.span.end]
    parts = []
    for number, (start, end, run) in enumerate(zip(starts, ends, runs, strict=True)):
        span = strip_span(text, Span(start, end))
        blocks = tuple(block for block in piece.blocks if Span(block.start, block.end).overlaps(span))
        parts.append(
            _Piece(span=span, blocks=blocks, sentences=tuple(run), context=context if number > 0 else ""),
        )
    return parts


def _introduction(text: str, piece: _Piece) -> str:
    """The sentence that introduces the piece's list; a table's header; an example's title; else nothing."""
    table = next((block for block in piece.blocks if block.kind is BlockKind.TABLE), None)
    if table is not None:
        return text[table.start : table.end].partition("\n")[0]
    for before, block in zip(piece.blocks, piece.blocks[1:], strict=False):
        if block.kind is BlockKind.LIST_ITEM and before.kind is BlockKind.PARAGRAPH:
            start, end = split_sentences(text[before.start : before.end])[-1]
            return text[before.start + start : before.start + end]
    return next((block.title for block in piece.blocks if block.title), "")


def _passage(document: Document, piece: _Piece, gazetteer: Gazetteer) -> Passage:
    text = document.text
    body = [block for block in piece.blocks if block.kind is not BlockKind.HEADING] or list(piece.blocks)
    lengths = Counter({body[0].kind: 0})
    for block in body:
        if block.kind is not BlockKind.CAPTION:
            lengths[block.kind] += block.end - block.start
    title = next((block.title for block in body if block.title), None)
    named = "\n\n".join(filter(None, (title, text[piece.span.start : piece.span.end])))
    return Passage(
        id="",
        publication_id=document.publication.id,
        text=text[piece.span.start : piece.span.end],
        start=piece.span.start,
        end=piece.span.end,
        page=piece.blocks[0].page,
        kind=lengths.most_common(1)[0][0],
        headings=body[0].headings,
        context=piece.context,
        title=title,
        links=tuple(dict.fromkeys(link for block in piece.blocks for link in block.links)),
        territories=gazetteer.find(named),
        actors=find_actors(named) if title else (),
        sentences=tuple(span for span in piece.sentences if _WORD.search(text, *span)),
        doubtful=tuple(span for span in document.doubtful if span.overlaps(piece.span)),
    )


def _with_ids(publication_id: str, passages: Sequence[Passage]) -> Iterator[Passage]:
    """Ids come from the text, so that an insertion elsewhere changes none; the n-th copy of a text is numbered."""
    seen: Counter[str] = Counter()
    for passage in passages:
        digest = hashlib.sha256(passage.text.encode()).hexdigest()[:12]
        seen[digest] += 1
        suffix = f".{seen[digest]}" if seen[digest] > 1 else ""
        yield replace(passage, id=f"{publication_id}:{digest}{suffix}")


def collapse_copies(passages: Iterable[Passage]) -> tuple[Passage, ...]:
    """A text that stands in several publications keeps one home (the first); it lists the others in `also_in`."""
    ordered = list(passages)
    by_text = groupby(
        sorted(range(len(ordered)), key=lambda i: (_folded(ordered[i]), i)), lambda i: _folded(ordered[i])
    )
    homes: dict[int, tuple[str, ...]] = {}
    for _, group in by_text:
        first, *copies = group
        own = ordered[first].publication_id
        others = dict.fromkeys(ordered[i].publication_id for i in copies)
        homes[first] = tuple(name for name in others if name != own)
    return tuple(replace(ordered[i], also_in=homes[i]) for i in sorted(homes))


def _folded(passage: Passage) -> str:
    return " ".join(passage.text.split())
