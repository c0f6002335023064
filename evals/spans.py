"""Where a segment stands in a text, whatever its typography.

In: a publication's text and a verbatim segment. Out: spans into that text, in code points. Compared are the folded
forms of both: NFKC, apostrophes and quotation marks each of one kind, white space runs as one space. Nothing else is
forgiven: a wrong accent or letter finds nothing. `rag.verify` has a normalisation of its own, on which evals must not
lean.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cached_property

from ingest.document import Span

_SAME = str.maketrans(dict.fromkeys("’‘ʼ′`´", "'") | dict.fromkeys("“”„‟″", '"'))


@dataclass(frozen=True)
class FoldedText:
    """A text and its folded form; `folded[i]` came from `text[starts[i]:ends[i]]`."""

    text: str

    @cached_property
    def _map(self) -> tuple[str, list[int], list[int]]:
        pieces: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        for start, end in _clusters(self.text):
            piece = unicodedata.normalize("NFKC", self.text[start:end].translate(_SAME)).translate(_SAME)
            for char in piece:
                if char.isspace() and pieces and pieces[-1] == " ":
                    ends[-1] = end
                    continue
                pieces.append(" " if char.isspace() else char)
                starts.append(start)
                ends.append(end)
        return "".join(pieces), starts, ends

    @property
    def folded(self) -> str:
        """The folded form."""
        return self._map[0]

    def find_all(self, segment: str) -> list[Span]:
        """Every stretch of `text` whose folded form is that of `segment`, in order. A blank segment stands nowhere."""
        needle = FoldedText(segment).folded.strip()
        folded, starts, ends = self._map
        spans: list[Span] = []
        at = folded.find(needle) if needle else -1
        while at >= 0:
            spans.append(Span(starts[at], ends[at + len(needle) - 1]))
            at = folded.find(needle, at + 1)
        return spans


def shared(one: Span, other: Span) -> int:
    """How many code points the two spans have in common."""
    return max(0, min(one.end, other.end) - max(one.start, other.start))


def _clusters(text: str) -> list[tuple[int, int]]:
    """Each character with the combining marks behind it: NFKC may compose them."""
    clusters: list[tuple[int, int]] = []
    for at, char in enumerate(text):
        if clusters and unicodedata.combining(char):
            clusters[-1] = (clusters[-1][0], at + 1)
        else:
            clusters.append((at, at + 1))
    return clusters


def shares_half(one: Span, other: Span) -> bool:
    """Whether both have half of the shorter of them in common; an empty span shares nothing."""
    shorter = min(one.end - one.start, other.end - other.start)
    return shorter > 0 and 2 * shared(one, other) >= shorter
