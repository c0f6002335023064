"""Words and lines on a page, from the text layer or from OCR. Values only; refuses nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from ingest.document import Box

LEVEL = 0.45  # of the smaller size: how far baselines of one line lie apart, at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word as it stands on a page: `size` is the effective font size in points, `confidence` OCR's, 0 to 100.

    `turned` words run upwards or downwards. `first` is the index of its first character in the page's text layer, -1 for OCR.
    """

    text: str
    box: Box
    size: float
    bold: bool = False
    turned: bool = False
    first: int = -1
    confidence: float | None = None


# No slots: what a line is asked for a hundred times is kept once it is known.
@dataclass(frozen=True, kw_only=True)
class Line:
    """Words that stand on one baseline, left to right, with no wide gap between them.

    `group` numbers the paragraph in which OCR saw the line; None for a text layer.
    """

    words: tuple[Word, ...]
    page: int
    ocr: bool = False
    group: int | None = None

    @cached_property
    def text(self) -> str:
        """The words, parted by spaces."""
        return " ".join(word.text for word in self.words)

    @cached_property
    def box(self) -> Box:
        """The smallest rectangle around the words."""
        return around(word.box for word in self.words)

    @cached_property
    def size(self) -> float:
        """The size in which most of its characters are set."""
        return _most(self.words, [round(word.size * 2) / 2 for word in self.words])

    @cached_property
    def bold(self) -> bool:
        """Whether most of its characters are bold."""
        return bool(_most(self.words, [float(word.bold) for word in self.words]))


def around(boxes: Iterable[Box]) -> Box:
    """The smallest rectangle that holds all of `boxes`, at least one."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return Box(min(lefts), min(tops), max(rights), max(bottoms))


def rows_of(lines: Sequence[Line]) -> list[tuple[Line, ...]]:
    """Lines of one baseline together, left to right, rows from top to bottom."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: (line.box.bottom, line.box.left)):
        if rows and abs(rows[-1][0].box.bottom - line.box.bottom) <= LEVEL * min(rows[-1][0].size, line.size):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [tuple(sorted(row, key=lambda line: line.box.left)) for row in rows]


def _most(words: Sequence[Word], values: Sequence[float]) -> float:
    weights: dict[float, int] = {}
    for word, value in zip(words, values, strict=True):
        weights[value] = weights.get(value, 0) + len(word.text)
    return max(weights, key=lambda value: (weights[value], value))
