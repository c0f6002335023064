"""Hand-made marks of pages -> how much of a page a reader kept, which headings it found, how many words OCR missed. Pure.

The marks are in `tests/fixtures/pdf/` (its README says how they were made). They hold hashes instead of text, because the
marked files are not the project's. Refused (ValueError): marks of another file than the one that is read.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz.distance import Levenshtein

HASH = 10  # hex digits of a SHA-256 that a mark keeps


@dataclass(frozen=True, slots=True, kw_only=True)
class PageMarks:
    """One page as a careful reader sees it: lines that are no text of it, its headings, and what may count either way.

    `aside` are hashes of lines of the text layer that are left out of a count, running headers and footers first of all.
    A heading is the set of hashes under which it is right, `either` are hashes of what may be called a heading or not.
    """

    file: str
    sha256: str
    page: int
    aside: tuple[str, ...]
    headings: tuple[frozenset[str], ...]
    either: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """`part` of `whole`; a share of nothing is 1."""

    part: int
    whole: int

    @property
    def value(self) -> float:
        """Between 0 and 1."""
        return self.part / self.whole if self.whole else 1.0

    def __add__(self, other: Share) -> Share:
        return Share(part=self.part + other.part, whole=self.whole + other.whole)


NOTHING = Share(part=0, whole=0)


def hash_of(text: str) -> str:
    """What a mark keeps of a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:HASH]


def folded(text: str) -> str:
    """Letters and digits alone, lower case, without accents: what a heading is compared by."""
    plain = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).lower())
    return "".join(character for character in plain if character.isalnum())


def words_of(text: str) -> list[str]:
    """Words as the transcription counts them: NFKC, lower case, straight apostrophes, no punctuation around them."""
    plain = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    stripped = (re.sub(r"^[\W_]+|[\W_]+$", "", word) for word in plain.split())
    return [word for word in stripped if word]


def sha256_of(data: bytes) -> str:
    """The digest by which a mark names its file."""
    return hashlib.sha256(data).hexdigest()


def word_error_rate(reference: Sequence[str], text: str) -> Share:
    """Words to insert, delete or replace in `text` to get the reference (hashes of words), of the reference's words."""
    read = [hash_of(word) for word in words_of(text)]
    return Share(part=Levenshtein.distance(list(reference), read), whole=len(reference))


def headings_found(marks: PageMarks, headings: Iterable[str]) -> tuple[Share, Share]:
    """Of the marked headings those that were found, and of those found the ones that are right, borderline cases aside."""
    found = [mark for mark in map(hash_of, map(folded, headings)) if mark not in marks.either]
    left = list(marks.headings)
    for mark in found:
        known = next((heading for heading in left if mark in heading), None)
        if known is not None:
            left.remove(known)
    both = len(marks.headings) - len(left)
    return Share(part=both, whole=len(marks.headings)), Share(part=both, whole=len(found))


def characters_kept(marks: PageMarks, layer: str, text: str) -> Share:
    """Letters and digits of the page's text layer, what is marked as aside left out, that stand in `text`.

    A line is looked for as a whole, white space and hyphens aside, then word by word, each copy in `text` serving once.
    """
    whole = folded(text)
    words = Counter(map(folded, text.split()))
    kept = total = 0
    aside = Counter(marks.aside)
    for line in layer.splitlines():
        mark = hash_of(folded(line))
        if aside[mark]:
            aside[mark] -= 1
            continue
        plain = folded(line)
        total += len(plain)
        kept += len(plain) if plain in whole else _words_kept(line, words)
    return Share(part=kept, whole=total)


def load_pages(path: Path) -> tuple[PageMarks, ...]:
    """The marked pages, in the file's order."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return tuple(
        PageMarks(
            file=row["file"],
            sha256=row["sha256"],
            page=row["page"],
            aside=tuple(line["hash"] for line in (*row["furniture"], *row["optional"])),
            headings=tuple(frozenset((each["hash"], *each.get("also", ()))) for each in row["headings"]),
            either=frozenset(each["hash"] for each in row["either"]),
        )
        for row in rows
    )


def _words_kept(line: str, words: Counter[str]) -> int:
    kept = 0
    for word in map(folded, line.split()):
        if words[word]:
            words[word] -= 1
            kept += len(word)
    return kept


def marked_file(pdfs: Path, name: str, digests: set[str]) -> bytes:
    """The bytes of a marked file. Raises ValueError when it is not there, or is another version than was marked."""
    path = pdfs / name
    if not path.is_file():
        raise ValueError(f"{path}: no such file, and pages of it are marked (give the folder that holds it)")
    data = path.read_bytes()
    if {sha256_of(data)} != digests:
        raise ValueError(f"{path}: sha256 is {sha256_of(data)}, expected {' and '.join(sorted(digests))}")
    return data
