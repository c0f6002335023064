"""Words of a page -> its lines in the order in which they are read: columns one after the other, tables row by row. Pure.

A page is cut where a gutter runs down between lines; lines that cross the gutter (a heading over two columns) part the page
into bands. Refuses nothing: a page that fits no pattern is read from top to bottom.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from ingest.pdf.callouts import callout
from ingest.pdf.lines import LEVEL, Line, Word, around, rows_of
from ingest.pdf.tables import Table, tables_of

_BULLET = re.compile(r"(?:[^\w\s\"'(«»\[\]€$%@&#+=/]{1,2}|[oO]|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})[.)°])$")
_GUTTER = 7.0  # points: narrower gaps are between words
_WORD_GAP = 1.1  # of the size: wider gaps part cells or columns
_PROSE_WORDS = 3.5  # of a line, on average, where columns hold sentences
# Times the usual size: a number as high as a paragraph, whose baseline falls between two lines of it. Smaller ones may be
# part of what is said ("Les 4 grandes étapes", "10 000 adresses").
_GIANT = 5.0
_MIN_COLUMN = 3  # lines


@dataclass(frozen=True, slots=True)
class Column:
    """Lines that are read one after the other, top to bottom, fragments of one baseline left to right."""

    lines: tuple[Line, ...]


def lines_of(words: Iterable[Word], page: int) -> tuple[Line, ...]:
    """The words as lines, words far apart on one baseline in lines of their own. Turned words make lines at the end."""
    words = list(words)
    usual = median(word.size for word in words) if words else 0.0
    turned = [word for word in words if word.turned]
    ornaments = [word for word in words if not word.turned and _is_ornament(word, usual)]
    aside = {id(word) for word in (*turned, *ornaments)}
    fragments = [Line(words=run, page=page) for run in _level_runs([word for word in words if id(word) not in aside])]
    margins = (Line(words=tuple(run), page=page) for run in _turned_runs(turned))
    return (*_joined(fragments), *(Line(words=(word,), page=page) for word in ornaments), *margins)


def reading_order(lines: Sequence[Line]) -> tuple[Column | Table, ...]:
    """The regions of a page in the order in which they are read; giant numbers beside the text come last."""
    usual = median(word.size for line in lines for word in line.words) if lines else 0.0
    ornaments = [line for line in lines if len(line.words) == 1 and _is_ornament(line.words[0], usual, times=_GIANT)]
    text = [line for line in lines if line not in ornaments]
    return (*_regions(sorted(text, key=_corner)), *(Column(lines=(line,)) for line in ornaments))


def _is_ornament(word: Word, usual: float, times: float = 1.5) -> bool:
    """A large number beside a heading: it stands on no line of it."""
    return word.text.isdigit() and len(word.text) <= 2 and word.size >= times * usual


def _corner(line: Line) -> tuple[float, float]:
    return line.box.top, line.box.left


def _level_runs(words: Sequence[Word]) -> list[tuple[Word, ...]]:
    """Words that follow each other on one baseline, in the order of the file."""
    runs: list[list[Word]] = []
    for word in words:
        if runs and _follows(runs[-1][-1], word):
            runs[-1].append(word)
        else:
            runs.append([word])
    return [tuple(run) for run in runs]


def _turned_runs(words: Sequence[Word]) -> list[list[Word]]:
    """Words that run up or down the page, those in one line of them together, in the order of the file."""
    runs: list[list[Word]] = []
    for word in words:
        last = runs[-1][-1] if runs else None
        if last is not None and abs(last.box.right - word.box.right) < LEVEL * last.size:
            runs[-1].append(word)
        else:
            runs.append([word])
    return runs


def _follows(before: Word, word: Word) -> bool:
    size = min(before.size, word.size)
    gap = word.box.left - before.box.right
    return _is_level(before, word) and -0.5 * size < gap < _WORD_GAP * max(size, 1.0)


def _is_level(one: Word, other: Word) -> bool:
    size = min(one.size, other.size)
    lower = abs(one.box.bottom - other.box.bottom)
    if lower <= LEVEL * size:
        return True
    # An exponent or an index stands higher or lower, but within its neighbour.
    large, small = (one, other) if one.size >= other.size else (other, one)
    inside = (
        large.box.top - 0.2 * large.size <= small.box.top and small.box.bottom <= large.box.bottom + 0.2 * large.size
    )
    return inside and small.size < 0.8 * large.size and large.size < 3 * small.size


def _joined(fragments: Sequence[Line]) -> list[Line]:
    """Fragments of one baseline that stand close together are one line; a bullet is one with what follows it."""
    joined: list[Line] = []
    for fragment in sorted(fragments, key=lambda line: (round(line.box.bottom), line.box.left)):
        index = next(
            (i for i in range(len(joined) - 1, max(-1, len(joined) - 12), -1) if _one_line(joined[i], fragment)), None
        )
        if index is None:
            joined.append(fragment)
        else:
            words = sorted((*joined[index].words, *fragment.words), key=lambda word: word.box.left)
            joined[index] = Line(words=tuple(words), page=fragment.page)
    return joined


def _one_line(left: Line, right: Line) -> bool:
    if left.box.left > right.box.left:
        left, right = right, left
    if not _is_level(left.words[-1], right.words[0]):
        return False
    size = max(min(left.words[-1].size, right.words[0].size), 1.0)
    gap = right.box.left - left.box.right
    reach = 4 * size if _BULLET.match(left.text) else _WORD_GAP * size
    return -0.5 * size < gap < reach


def _regions(lines: Sequence[Line]) -> Iterable[Column | Table]:
    if not lines:
        return
    box = callout(lines)
    if box:
        # After the text beside it, which would be cut in the middle of a sentence.
        inside = set(map(id, box))
        yield from _regions([line for line in lines if id(line) not in inside])
        yield Column(lines=box)
        return
    tables = tables_of(lines)
    if tables:
        yield from _around_tables(lines, tables)
        return
    gutter = _gutter(lines)
    if gutter is None:
        yield Column(lines=tuple(_by_rows(lines)))
        return
    for band in _bands(lines, gutter):
        if any(_crosses(line, gutter) for line in band):
            yield Column(lines=tuple(_by_rows(band)))
            continue
        yield from _regions([line for line in band if line.box.right <= gutter + 1])
        yield from _regions([line for line in band if line.box.left >= gutter - 1])


def _around_tables(lines: Sequence[Line], tables: Sequence[Table]) -> Iterable[Column | Table]:
    """What stands above a table, the table, what stands below it."""
    rest = list(lines)
    for table in tables:
        members = {id(line) for row in table.rows for cell in row for line in cell}
        top = min(line.box.top for row in table.rows for cell in row for line in cell)
        yield from _regions([line for line in rest if id(line) not in members and line.box.top < top])
        yield table
        rest = [line for line in rest if id(line) not in members and line.box.top >= top]
    yield from _regions(rest)


def _by_rows(lines: Sequence[Line]) -> list[Line]:
    return [line for row in rows_of(lines) for line in row]


def _crosses(line: Line, gutter: float) -> bool:
    return line.box.left < gutter - 1 and line.box.right > gutter + 1


def _gutter(lines: Sequence[Line]) -> float | None:
    """Where a gutter runs between two columns; None when there is none that parts more than it cuts."""
    best: tuple[float, float] | None = None
    for gutter in sorted({line.box.left - 1 for line in lines}):
        left = [line for line in lines if line.box.right <= gutter + 1]
        right = [line for line in lines if line.box.left >= gutter - 1]
        smaller = min(len(left), len(right))
        if smaller < _MIN_COLUMN:
            continue
        crossing = _crossing(lines, left, right, gutter)
        if smaller < _MIN_COLUMN or crossing > smaller or not _side_by_side(left, right, gutter):
            continue
        score = smaller - crossing
        if best is None or score > best[0]:
            best = (score, gutter)
    return best[1] if best else None


def _crossing(lines: Sequence[Line], left: Sequence[Line], right: Sequence[Line], gutter: float) -> int:
    """How many lines a gutter would cut: where both sides are prose, of those that stand as high as both; else of all.

    Two short columns in a box stand on a page of full lines, none of which is beside them.
    """
    crossing = [line for line in lines if _crosses(line, gutter)]
    one, other = around(line.box for line in left), around(line.box for line in right)
    top, bottom = max(one.top, other.top), min(one.bottom, other.bottom)
    for side in (left, right):
        beside = [len(line.words) for line in side if line.box.bottom > top and line.box.top < bottom]
        if len(beside) < _MIN_COLUMN or sum(beside) < _PROSE_WORDS * len(beside):
            return len(crossing)
    return sum(line.box.bottom > top and line.box.top < bottom for line in crossing)


def _side_by_side(left: Sequence[Line], right: Sequence[Line], gutter: float) -> bool:
    """Whether the two stand beside each other over some height, with a clear gap between them."""
    one, other = around(line.box for line in left), around(line.box for line in right)
    beside = [line for line in left if line.box.bottom > other.top and line.box.top < other.bottom]
    opposite = [line for line in right if line.box.bottom > one.top and line.box.top < one.bottom]
    if len(beside) < 2 or len(opposite) < 2:
        return False
    return min(line.box.left for line in opposite) - max(line.box.right for line in beside) >= _GUTTER and gutter > 0


def _bands(lines: Sequence[Line], gutter: float) -> list[list[Line]]:
    """Runs, from top to bottom, of lines that belong to both columns and of lines that belong to one."""
    bands: list[list[Line]] = []
    wide_before = False
    for line in sorted(lines, key=_corner):
        wide = _crosses(line, gutter) or (wide_before and _ends_paragraph(bands[-1][-1], line, lines))
        if bands and wide == wide_before:
            bands[-1].append(line)
        else:
            bands.append([line])
        wide_before = wide
    return bands


def _ends_paragraph(above: Line, line: Line, lines: Sequence[Line]) -> bool:
    """Whether a short line goes on with the wide one above it: set like it, close below, small letter or nothing beside."""
    close = 0 < line.box.bottom - above.box.bottom < 1.5 * line.size and abs(line.size - above.size) < 0.6
    if not close or abs(line.box.left - above.box.left) > 2 * line.size:
        return False
    if line.text[:1].islower():
        return True
    beside = (other for other in lines if other is not line and other is not above)
    return not any(other.box.bottom > line.box.top + 2 and other.box.top < line.box.bottom - 2 for other in beside)
