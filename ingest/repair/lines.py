"""The lines of a reading, and what kinds of line there are. Pure; refuses nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.document import Span
from ingest.repair.lexicon import Lexicon, fold
from ingest.repair.reading import Reading

BULLET = re.compile(r"(?:[-–—•*▪◦‣·►]|[eo¢](?=\s+[A-ZÀÂÇÉÈÊÎÔÛ]))\s+(?=\S)|\(?(?:\d{1,2}|[a-z])[.)]\s+(?=\S)")
MARKDOWN = re.compile(r"#{1,6}\s+(?=\S)")
URL_LINE = re.compile(r"(?:https?://|www\.)\S+$")
LEVER = re.compile(r"En (?:s['’‘])?[^\W\d_]+ant\b")
_PRACTICE = re.compile(r"En\s+(?P<word>\S{4,10})\s*[:;.]?$")
_CONTACT = re.compile(r"[\w.+-]+@[\w-]+\.\w|(?<!\w)0\d(?:[ .]?\d{2}){4}(?!\d)")


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank, without its surrounding white space; `blanks` lines before it are."""

    span: Span
    text: str
    blanks: int
    opens_page: bool


def lines_of(reading: Reading) -> tuple[Line, ...]:
    """The lines of `reading` that hold something."""
    found, blanks, seen = [], 0, 0
    for match in re.finditer(r"[^\n\f]+|[\n\f]", reading.text):
        text = match.group().strip()
        if text:
            start = match.start() + match.group().index(text)
            opens = any(seen < page <= start for page in reading.page_starts) or "\f" in reading.text[seen:start]
            found.append(Line(Span(start, start + len(text)), text, max(blanks - 1, 0), opens))
            blanks, seen = 0, start
        elif match.group() in "\n\f":
            blanks += 1
    return tuple(found)


def runs(lines: Sequence[Line], *, blanks: int) -> Iterator[tuple[int, int]]:
    """Index ranges [first, last) of lines parted by no more than so many blank lines and by no page."""
    first = 0
    for index in range(1, len(lines) + 1):
        if index == len(lines) or lines[index].blanks > blanks or lines[index].opens_page:
            yield first, index
            first = index


def is_capitals(text: str) -> bool:
    """Whether a line is set in capitals as headings are: two words or more, a letter in ten may be small."""
    letters = [character for character in text if character.isalpha()]
    small = sum(character.islower() for character in letters)
    return len(letters) >= 6 and len(text.split()) >= 2 and small * 10 <= len(letters)


def is_contact(text: str) -> bool:
    """Whether a line holds an e-mail address or a telephone number."""
    return _CONTACT.search(text) is not None


def practice_word(text: str, lexicon: Lexicon) -> Span | None:
    """Where "pratique" stands in a line that says "En pratique :", as it may be read: `En /amﬁque :`, `En /9mhque ;`."""
    match = _PRACTICE.match(text)
    if not match or not match["word"].endswith("que"):
        return None
    plain = fold(match["word"]) == "pratique"
    return Span(*match.span("word")) if plain or not lexicon.known(match["word"]) else None
