"""Lines in reading order -> paragraphs, by leading, size, weight and indents; how a publication is set (`Habits`). Pure.

Refuses nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from statistics import median

from ingest.document import Box
from ingest.pdf.lines import Line, Word, around, rows_of

_SIGNS = "-‐‑‒–—―•*·‣◦→\u25a0-\u25ff\u2700-\u27bf\ue000-\uf8ff"
BULLET = re.compile(rf"(?:[{_SIGNS}]|[>›»](?=\s)|o(?=\s+[A-ZÀÂÇÉÈÊÎÔÛ]))\s*(?=\S)")
NUMBERED = re.compile(r"\(?(?:\d{1,2}|[a-zA-Z])(?:[.)°]|\s*/)\s+(?=\S)")
CONTENTS = re.compile(r"(?:[.…_]\s?){4,}\s*\d{0,4}\s*$")
_ENDS = (".", "!", "?", "…", ":", ";", "»")
_CUT_SENTENCE = re.compile(r"[^.!?…:;»)\]\d]$")
_PAGE_SHARE, _PAGE_CHARACTERS = 0.4, 150  # what makes a size the usual one of a page
LARGER = 1.35  # times the body size: set as a title is
_ALIKE, _ALIKE_LARGE = 0.12, 0.3  # how far sizes of one paragraph lie apart, and of one large title


@dataclass(frozen=True)
class Paragraph:
    """Lines that belong together; `rows` are its baselines. `page` is where it starts."""

    lines: tuple[Line, ...]

    @property
    def page(self) -> int:
        return self.lines[0].page

    @property
    def ocr(self) -> bool:
        return any(line.ocr for line in self.lines)

    @cached_property
    def words(self) -> tuple[Word, ...]:
        return tuple(word for line in self.lines for word in line.words)

    @cached_property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @cached_property
    def box(self) -> Box:
        return around(line.box for line in self.lines)

    @cached_property
    def size(self) -> float:
        """The size in which most of its characters are set, in half points."""
        return _most((round(word.size * 2) / 2, len(word.text)) for word in self.words)

    @cached_property
    def bold_share(self) -> float:
        """Share of its characters that are bold."""
        return sum(len(w.text) for w in self.words if w.bold) / max(sum(len(w.text) for w in self.words), 1)


@dataclass(frozen=True, slots=True)
class Habits:
    """How a publication is set: the size of its running text, and the titles of its outline."""

    body: float
    bold_body: bool
    titles: frozenset[str] = frozenset()


def habits_of(lines: Iterable[Line], titles: Iterable[str] = ()) -> Habits:
    """The size that most characters have; bold is no sign where most of those are bold."""
    sizes: Counter[float] = Counter()
    bold: Counter[float] = Counter()
    for line in lines:
        for word in line.words:
            size = round(word.size * 2) / 2
            sizes[size] += len(word.text)
            bold[size] += len(word.text) * word.bold
    body = max(sizes, key=lambda size: (sizes[size], size), default=10.0)
    return Habits(body=body, bold_body=bold[body] > sizes[body] / 2, titles=frozenset(map(plain, titles)))


def on_page(habits: Habits, lines: Sequence[Line]) -> Habits:
    """The habits for one page: what most of a page is set in is no heading there, however large (slides, covers)."""
    sizes: Counter[float] = Counter()
    for line in lines:
        for word in line.words:
            sizes[round(word.size * 2) / 2] += len(word.text)
    usual = max(sizes, key=lambda size: (sizes[size], size), default=habits.body)
    if usual <= habits.body or sizes[usual] < _PAGE_SHARE * sizes.total() or sizes.total() < _PAGE_CHARACTERS:
        return habits
    return replace(habits, body=usual)


def paragraphs_of(lines: Sequence[Line], habits: Habits) -> list[Paragraph]:
    """The paragraphs of one column, in order."""
    rows = _with_signs(rows_of(lines))
    right = max((line.box.right for line in lines), default=0.0)
    setting = _Setting(_leading(rows), right, habits)
    found: list[list[Line]] = []
    last: list[Line] = []
    for row in rows:
        if found and _goes_on(found[-1], last, row, setting):
            found[-1] += row
        else:
            found.append(list(row))
        last = list(row)
    return [Paragraph(tuple(lines)) for lines in found]


def _with_signs(rows: Sequence[Sequence[Line]]) -> list[tuple[Line, ...]]:
    """The rows, a bullet that stands half-way down beside an item of two lines before it, other such signs at the end."""
    placed: list[tuple[Line, ...]] = []
    stray: list[tuple[Line, ...]] = []
    for index, row in enumerate(rows):
        sign = len(row) == 1 and not any(character.isalnum() for character in row[0].text)
        above, below = placed[-1] if placed else None, rows[index + 1] if index + 1 < len(rows) else None
        if not sign or above is None or below is None or not _is_between(row[0], above[0], below[0]):
            placed.append(tuple(row))
        elif BULLET.match(f"{row[0].text} x") and row[0].box.right < above[0].box.left:
            placed[-1] = (*row, *above)
        else:
            stray.append(tuple(row))
    return placed + stray


def _is_between(sign: Line, above: Line, below: Line) -> bool:
    """Whether a sign is as high as parts of two lines that are one under the other."""
    return sign.box.top < above.box.bottom and sign.box.bottom > below.box.top


def runs_on(before: Paragraph, after: Paragraph) -> bool:
    """Whether a sentence goes on from one column or page to the next: it was not ended, and a small letter follows."""
    alike = abs(before.size - after.size) <= 0.5
    first = after.text[:1]
    return alike and len(before.words) > 3 and bool(_CUT_SENTENCE.search(before.text)) and first.islower()


@dataclass(frozen=True, slots=True)
class _Setting:
    """How a column is set: the usual distance between its baselines, its right edge, the publication's habits."""

    leading: float
    right: float
    habits: Habits


def _goes_on(paragraph: Sequence[Line], above: Sequence[Line], row: Sequence[Line], setting: _Setting) -> bool:
    """Whether a row belongs to the paragraph whose last row is `above`."""
    if row[0].ocr:
        return row[0].group == above[-1].group
    return (
        _is_set_alike(above, row, setting)
        and not _changes_weight(paragraph, above, row, setting)
        and not _begins_anew(paragraph, above[-1], row, setting)
    )


def _is_set_alike(above: Sequence[Line], row: Sequence[Line], setting: _Setting) -> bool:
    """Whether a row stands as far below the other, and is as large, as lines of one paragraph are."""
    first, last = row[0], above[-1]
    size = max(first.size, last.size)
    if abs(first.size - last.size) > (_ALIKE_LARGE if _both_large(first, last, setting.habits) else _ALIKE) * size:
        return False
    gap = min(line.box.bottom for line in row) - max(line.box.bottom for line in above)
    return -0.5 * size <= gap <= max(1.25 * setting.leading, 1.45 * size)


def _changes_weight(paragraph: Sequence[Line], above: Sequence[Line], row: Sequence[Line], setting: _Setting) -> bool:
    """Whether a bold heading ends above the row or begins with it; within a sentence the weight may change."""
    first, last = row[0], above[-1]
    if last.bold == first.bold or _all_bold(above) == _all_bold(row):
        return False
    if _all_bold(row):
        return last.text.endswith(_ENDS)
    short = last.box.right < setting.right - 6 * max(first.size, last.size) or last.text.endswith(_ENDS)
    return short and not setting.habits.bold_body and _all_bold(paragraph) and opens_large(first.text)


def _begins_anew(paragraph: Sequence[Line], last: Line, row: Sequence[Line], setting: _Setting) -> bool:
    """Whether a row begins a list item, an entry of a table of contents, or a paragraph after a full stop."""
    first = row[0]
    if BULLET.match(" ".join(line.text for line in row)) or CONTENTS.search(last.text) or CONTENTS.search(first.text):
        return True
    size = max(first.size, last.size)
    short = last.box.right < setting.right - 8 * size
    if NUMBERED.match(first.text):
        listed = NUMBERED.match(paragraph[0].text) is not None
        return listed or short or last.text.endswith((*_ENDS, ","))
    ended = last.text.endswith((".", "!", "?", ":", "…")) and opens_large(first.text)
    return ended and (short or first.box.left > min(line.box.left for line in paragraph) + 0.9 * size)


def _both_large(one: Line, other: Line, habits: Habits) -> bool:
    """Whether both are set as a title is, which may change its size from line to line."""
    return min(one.size, other.size) >= LARGER * habits.body and not other.text.endswith(_ENDS)


def _all_bold(row: Sequence[Line]) -> bool:
    return all(word.bold for line in row for word in line.words)


def _leading(rows: Sequence[Sequence[Line]]) -> float:
    """The usual distance between baselines."""
    gaps = [
        below[0].box.bottom - above[0].box.bottom
        for above, below in pairwise(rows)
        if abs(above[0].size - below[0].size) < 1
    ]
    sizes = [row[0].size for row in rows]
    usual = [gap for gap in gaps if gap < 2 * median(sizes)] if sizes else []
    return median(usual) if usual else 0.0


def opens_large(text: str) -> bool:
    """Whether its first letter is a capital, or it begins with a digit."""
    match = re.search(r"[^\W_]", text)
    return match is not None and not match.group().islower()


def plain(text: str) -> str:
    """Letters and digits alone, small: what titles are compared by."""
    return "".join(character for character in text.lower() if character.isalnum())


def _most(weighted: Iterable[tuple[float, int]]) -> float:
    weights: Counter[float] = Counter()
    for value, weight in weighted:
        weights[value] += weight
    return max(weights, key=lambda value: (weights[value], value))
