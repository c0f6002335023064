"""A box of text beside the text of a page, over some of its height: its lines are told from those that they stand beside.

Pure; refuses nothing. Columns over most of a page and the cells of tables are `ingest.pdf.layout`'s.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from ingest.pdf.lines import Line

_MIN_LINES = 4
_GUTTER = 7.0  # points between the box and what stands beside it
_EDGE = 3.0  # points by which left edges of one box differ
_LEADING = 1.7  # times the size: lines further apart are not of one box
_PROSE_WORDS = 5.0  # a line, of the text beside: cells of a table have fewer
_LOWER_SHARE = 0.4  # of the lines of a box go on with a sentence


def callout(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines of the first box on the right of running text, top to bottom; empty when there is none."""
    for box in _stacks(lines):
        top, bottom, left = box[0].box.top, box[-1].box.bottom, min(line.box.left for line in box)
        inside = set(map(id, box))
        beside = [line for line in lines if id(line) not in inside and line.box.bottom > top and line.box.top < bottom]
        if (
            len(beside) >= _MIN_LINES - 1
            and all(line.box.right < left - _GUTTER for line in beside)
            and sum(len(line.words) for line in beside) >= _PROSE_WORDS * len(beside)
            and _is_one_column(beside)
        ):
            return box
    return ()


def _stacks(lines: Sequence[Line]) -> Iterable[tuple[Line, ...]]:
    """Runs of lines under each other with one left edge that read like a text."""
    stacks: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: (line.box.top, line.box.left)):
        for stack in reversed(stacks):
            if _is_under(stack[-1], line):
                stack.append(line)
                break
        else:
            stacks.append([line])
    for stack in stacks:
        lower = sum(line.text[:1].islower() for line in stack)
        if len(stack) >= _MIN_LINES and lower >= _LOWER_SHARE * len(stack):
            yield tuple(stack)


def _is_under(above: Line, line: Line) -> bool:
    return abs(above.box.left - line.box.left) < _EDGE and 0 < line.box.bottom - above.box.bottom < _LEADING * line.size


def _is_one_column(lines: Sequence[Line]) -> bool:
    """Whether no two of the lines stand side by side."""
    ordered = sorted(lines, key=lambda line: line.box.bottom)
    return all(below.box.bottom - above.box.bottom > 0.5 * below.size for above, below in pairwise(ordered))
