"""A text under repair: its pages, its words, what must not be touched, and whether OCR has been at it.

Pure; refuses nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from ingest.document import Span
from ingest.repair.lexicon import Lexicon
from ingest.repair.spelling import mend

# A word: letters, with the endings of inclusive writing (habitant.e.s, mécanicien·ne·s).
WORD = re.compile(
    r"[^\W\d_]+(?:[.·](?:e|ne|le|te|fe|ve|se|ère|euse|rice|trice|es|nes)(?![^\W\d_])(?:[.·]?s(?![^\W\d_]))?)?",
    re.UNICODE,
)
_ADDRESS = re.compile(
    r"""(?:https?://|www\.)\S+
      | [\w.+-]+@[\w-]+(?:\.[\w-]+)+
      | \b[\w-]+(?:\.[\w-]+)*\.(?:fr|org|com|eu|net|gouv|info|coop)\b(?:/\S*)?
      | (?<![\w])(?:\+\d{2}[ .]?\(?0?\)?|0)\d?(?:[ .-]?\d){7,9}(?!\d)""",
    re.VERBOSE,
)
_GARBLED = re.compile(
    r"\b[UIF]['’]+[^\W\d_]|[^\W\d_]’'[^\W\d_]|[^\W\d_]'’[^\W\d_]|[€@][^\W\d_]{3}|\[['’]|[^\W\d_]§|(?<=\s)['’][^\W\d_]"
)
# Words that say that what stands around them is not French.
_FOREIGN = frozenset("the of and for with from to el los las der die das und dei degli della".split())
_FOREIGN_REACH = 3
# Share of words that OCR has damaged, two distinct ones at least. Measured: the brochure 0.07, its pages 0.04 to 0.08;
# of the 761 clean paragraphs of PIAF none has two.
NOISE_SHARE = 0.015
NOISE_WORDS = 2


@dataclass(frozen=True)
class Reading:
    """A text, and the offsets at which its pages begin (empty when unknown)."""

    text: str
    page_starts: tuple[int, ...] = ()

    @cached_property
    def words(self) -> tuple[re.Match[str], ...]:
        """All words, in order."""
        return tuple(WORD.finditer(self.text))

    def addresses(self) -> list[Span]:
        """Stretches of URLs, e-mail addresses, domains and telephone numbers."""
        return [Span(*match.span()) for match in _ADDRESS.finditer(self.text)]

    def protected(self, lexicon: Lexicon) -> list[Span]:
        """What no step may change: addresses, and the lexicon's names."""
        names = "|".join(re.escape(name) for name in sorted(lexicon.names, key=len, reverse=True))
        found = [Span(*match.span()) for match in re.finditer(rf"(?<!\w)(?:{names})(?!\w)", self.text)] if names else []
        return sorted(found + self.addresses())

    @cached_property
    def french(self) -> tuple[re.Match[str], ...]:
        """The words that may be mended: not in an address, not beside words of another language."""
        addresses = self.addresses()
        foreign = {
            near
            for index, word in enumerate(self.words)
            if word.group().lower() in _FOREIGN
            for near in range(index - _FOREIGN_REACH, index + _FOREIGN_REACH + 1)
        }
        return tuple(
            word
            for index, word in enumerate(self.words)
            if index not in foreign and not any(Span(*word.span()).overlaps(address) for address in addresses)
        )

    def noise(self, lexicon: Lexicon) -> tuple[int, float]:
        """How many distinct damages OCR has left that can be told, and the share of damaged words.

        Words with a capital do not count: they may be names.
        """
        damaged = [w.group() for w in self.french if w.group().islower() and mend(w.group(), lexicon) is not None]
        addresses = self.addresses()
        garbled = [
            match.group()
            for match in _GARBLED.finditer(self.text)
            if not any(Span(*match.span()).overlaps(address) for address in addresses)
        ]
        return len({*damaged, *garbled}), (len(damaged) + len(garbled)) / max(len(self.words), 1)

    def is_noisy(self, lexicon: Lexicon) -> bool:
        """Whether OCR has been at this text, so that rules meant for its damage may be applied."""
        count, share = self.noise(lexicon)
        return share >= NOISE_SHARE and count >= NOISE_WORDS
