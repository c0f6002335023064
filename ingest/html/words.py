"""The words of one block as they are gathered, and the paragraphs that they make. Pure; refuses nothing."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from ingest.markup import folded, is_bold_heading

BULLET = re.compile(r"[-–—•*▪◦‣·►]\s+(?=\S)")
_SPACE = re.compile(r"[ \t\n\r\f\v]+")
_BOLD_LINE = 200  # characters: a longer line is no heading, whatever its type


@dataclass(frozen=True, slots=True)
class Link:
    """A link over `text[start:end]` of a block's words."""

    start: int
    end: int
    url: str


@dataclass(slots=True)
class Buffer:
    """The words of the block that is being read, white space folded, `<br>` a line feed; where links and bold type are."""

    text: str = ""
    links: list[Link] = field(default_factory=list)
    bold_from: list[int] = field(default_factory=list)
    bold_spans: list[tuple[int, int]] = field(default_factory=list)

    def add(self, words: str) -> None:
        """Put words behind those that are there."""
        words = _SPACE.sub(" ", words)
        self.text += words.lstrip(" ") if self.text.endswith((" ", "\n")) or not self.text else words

    def is_bold(self, start: int, end: int) -> bool:
        """Whether all of a short stretch is in bold type."""
        if end - start > _BOLD_LINE:
            return False
        spans = [*self.bold_spans, *((begun, len(self.text)) for begun in self.bold_from)]
        return all(any(a <= i < b for a, b in spans) for i in range(start, end) if not self.text[i].isspace())


def segments(buffer: Buffer, facts: Collection[str]) -> Iterator[tuple[int, int]]:
    """Where the paragraphs of a block begin and end: parted by two `<br>`, or by one where the lines are things apart.

    Those are items of a list that dashes make, a heading in bold type with its text, and facts.
    """
    lines = [(m.start(), m.end()) for m in re.finditer(r"[^\n]+", buffer.text)]
    start: int | None = None
    previous: tuple[int, int] | None = None
    for line in lines:
        if start is None or previous is None:
            start = line[0]
        elif buffer.text[previous[1] : line[0]].count("\n") > 1 or _are_apart(buffer, previous, line, facts):
            yield start, previous[1]
            start = line[0]
        previous = line
    if start is not None and previous is not None:
        yield start, previous[1]


def _are_apart(buffer: Buffer, one: tuple[int, int], other: tuple[int, int], facts: Collection[str]) -> bool:
    texts = [folded(buffer.text[start:end]) for start, end in (one, other)]
    if any(text in facts or BULLET.match(text) for text in texts):
        return True
    if buffer.is_bold(*one) != buffer.is_bold(*other):
        return any(
            buffer.is_bold(*line) and is_bold_heading(text) for line, text in zip((one, other), texts, strict=True)
        )
    return False
