"""Paragraphs and tables -> parts: text with hyphens undone and ligatures resolved, each change on record, and links.

Pure; refuses nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from ingest.document import BlockKind, Box, OcrWord, Span
from ingest.parts import Part
from ingest.pdf.engine import LinkArea
from ingest.pdf.lines import Line, Word
from ingest.pdf.ocr import DOUBTFUL_BELOW
from ingest.pdf.paragraphs import Paragraph
from ingest.pdf.tables import Table
from ingest.repair.edits import Edit
from ingest.repair.lexicon import Lexicon, default_lexicon

_LIGATURE = re.compile("[\ufb00-\ufb06]")
_SPLIT_ACCENT = re.compile(r"[^\W\d_][\u0300-\u036f]+")
_PARTED_ADDRESS = re.compile(r"\W?(?:https?://|www\.)\S*[/._?=&]$")
_HEAD = re.compile(r"[^\W_]+(?=[-\u2010]$)")  # before the hyphen at a line's end
_TAIL = re.compile(r"[^\W_]+")


def worded_part(
    paragraph: Paragraph, kind: BlockKind, level: int | None, links: Mapping[int, Sequence[LinkArea]]
) -> Part:
    """A paragraph as a part. `links` are the link areas of each page."""
    raw = " ".join(word.text for word in paragraph.words)
    starts = _starts(paragraph.words)
    edits = sorted([*_hyphens(paragraph, starts), *_glyphs(raw)], key=lambda edit: edit.start)
    placed = [(line.page, word) for line in paragraph.lines for word in line.words]
    return Part(
        kind=kind,
        raw=raw,
        page=paragraph.page,
        level=level,
        links=_covering(placed, links),
        edits=tuple(_disjoint(edits)),
        ocr=paragraph.ocr,
        words=tuple(_ocr_words(placed, starts)),
        doubtful=tuple(_doubtful(paragraph.words, starts)),
    )


def table_part(table: Table, page: int, links: Sequence[LinkArea]) -> Part:
    """A table as a part: a row a line, cells parted by a bar."""
    rows = [" | ".join(" ".join(line.text for line in cell) for cell in row) for row in table.rows]
    raw = "\n".join(rows)
    words = [(page, word) for row in table.rows for cell in row for line in cell for word in line.words]
    return Part(
        kind=BlockKind.TABLE, raw=raw, page=page, links=_covering(words, {page: links}), edits=tuple(_glyphs(raw))
    )


def removed_part(line: Line, reason: str) -> Part:
    """A line of furniture: in the document's raw text, and no further."""
    return Part(kind=BlockKind.CAPTION, raw=line.text, page=line.page, removed=reason)


def _starts(words: Sequence[Word]) -> list[int]:
    starts, position = [], 0
    for word in words:
        starts.append(position)
        position += len(word.text) + 1
    return starts


def _hyphens(paragraph: Paragraph, starts: Sequence[int]) -> Iterator[Edit]:
    """A word or address parted at a line's end is joined; a hyphen that is the word's own stays."""
    index = -1
    for line, following in zip(paragraph.lines, paragraph.lines[1:], strict=False):
        index += len(line.words)
        last, first = line.words[-1].text, following.words[0].text
        if _PARTED_ADDRESS.match(last) and first[0].isalnum() and not first[0].isupper():
            yield Edit(start=starts[index + 1] - 1, end=starts[index + 1], replacement="", step="join")
            continue
        head, tail = _HEAD.search(last), _TAIL.match(first)
        if head is None or tail is None:
            continue
        gap = starts[index + 1] - 1
        if _is_cut(head.group(), tail.group(), default_lexicon()):
            yield Edit(start=gap - 1, end=gap + 1, replacement="", step="hyphen")
        else:
            yield Edit(start=gap, end=gap + 1, replacement="", step="join")


def _is_cut(head: str, tail: str, lexicon: Lexicon) -> bool:
    """Whether the hyphen between `head` and `tail` parts a word: both together are one, or apart they are none.

    That the dictionary knows `head-tail` says nothing: it knows any two words with a hyphen between them (trans-formation).
    """
    if not tail[0].islower():
        return False
    if lexicon.known(head + tail):
        return True
    # What ends with an o is the first half of a compound in its own right (socio-économique).
    apart = lexicon.known(head) and lexicon.known(tail)
    return head.islower() and not head.endswith("o") and not apart and not lexicon.known(f"{head}-{tail}")


def _glyphs(raw: str) -> Iterator[Edit]:
    for pattern, form, step in ((_LIGATURE, "NFKC", "ligature"), (_SPLIT_ACCENT, "NFC", "unicode")):
        for match in pattern.finditer(raw):
            whole = unicodedata.normalize(form, match.group())  # type: ignore[arg-type]  # one of the two forms above
            if whole != match.group():
                yield Edit(start=match.start(), end=match.end(), replacement=whole, step=step)


def _disjoint(edits: Sequence[Edit]) -> Iterator[Edit]:
    end = 0
    for edit in edits:
        if edit.start >= end:
            yield edit
            end = edit.end


def _covering(words: Sequence[tuple[int, Word]], links: Mapping[int, Sequence[LinkArea]]) -> tuple[str, ...]:
    """Addresses whose area lies on one of the words, in the order of the words."""
    return tuple(
        dict.fromkeys(link.url for page, word in words for link in links.get(page, ()) if _covers(link.box, word.box))
    )


def _covers(area: Box, word: Box) -> bool:
    x, y = (word.left + word.right) / 2, (word.top + word.bottom) / 2
    return area.left - 1 <= x <= area.right + 1 and area.top - 1 <= y <= area.bottom + 1


def _ocr_words(words: Sequence[tuple[int, Word]], starts: Sequence[int]) -> Iterator[OcrWord]:
    for (page, word), start in zip(words, starts, strict=True):
        if word.confidence is not None:
            end = start + len(word.text)
            yield OcrWord(start=start, end=end, page=page, box=word.box, confidence=word.confidence)


def _doubtful(words: Sequence[Word], starts: Sequence[int]) -> Iterator[Span]:
    for word, start in zip(words, starts, strict=True):
        if word.confidence is not None and word.confidence < DOUBTFUL_BELOW:
            yield Span(start, start + len(word.text))
