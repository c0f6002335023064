"""A quotation -> a short seal by which it is known again in a text that was read anew; and where it stands there. Pure.

A seal is the number of the quotation's letters and digits and a hash of them ("182.k3f9x2ma"): compared is what
`ingest.pdf.quoted.fold` leaves (NFKC, without case; punctuation, white space, hyphens and apostrophes make no difference), so
that it holds no word of what was read, and nothing like it passes for it. What is no seal is found nowhere.
"""

from __future__ import annotations

import base64
import hashlib
import re
from bisect import bisect_left
from functools import cached_property
from itertools import accumulate

from ingest.document import Span
from ingest.pdf.quoted import fold

# Five bytes: among a million stretches of a text one is taken for another once in a million times.
_BYTES = 5
SEAL = re.compile(r"[1-9][0-9]{0,4}\.[a-z2-7]{8}")
# Letters and digits with their combining marks. A quotation begins and ends at the edges of such words.
_WORD = re.compile(r"(?:[^\W_][\u0300-\u036f]*)+")
_MOST = 1_000_000  # characters of a text that are searched: a second, some 300 pages


def seal_of(quote: str) -> str:
    """The quotation's seal; empty when it has no letter or digit, or more than five digits' worth of them."""
    folded = fold(quote)
    seal = f"{len(folded)}.{_hash(folded)}"
    return seal if SEAL.fullmatch(seal) else ""


class SealedText:
    """A text in which seals are looked for; what is made of it once is kept for the next seal."""

    def __init__(self, text: str) -> None:
        self.text = text

    def find(self, seal: str, *, near: int = 0) -> Span | None:
        """Where a stretch has that seal: of several the one that begins nearest to the offset `near`."""
        if not SEAL.fullmatch(seal):
            return None
        length, wanted = int(seal.partition(".")[0]), seal.partition(".")[2]
        spans, starts, folded = self._words
        found: Span | None = None
        for index, start in enumerate(starts[:-1]):
            if start + length > len(folded):
                break
            if _hash(folded[start : start + length]) != wanted:
                continue
            last = bisect_left(starts, start + length) - 1
            span = Span(spans[index].start, spans[last].end)
            nearer = found is None or abs(span.start - near) < abs(found.start - near)
            found = span if starts[last + 1] == start + length and nearer else found
        return found

    @cached_property
    def _words(self) -> tuple[list[Span], list[int], str]:
        """Each word's place in the text, and in all words folded and joined (one start more than words); these."""
        words = [(Span(*match.span()), fold(match.group())) for match in _WORD.finditer(self.text, 0, _MOST)]
        starts = list(accumulate((len(word) for _, word in words), initial=0))
        return [span for span, _ in words], starts, "".join(word for _, word in words)


def _hash(folded: str) -> str:
    digest = hashlib.blake2b(folded.encode(), digest_size=_BYTES).digest()
    return base64.b32encode(digest).decode().lower()
