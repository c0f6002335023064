"""A publication's heading -> how it is said in a line: "INTÉGRER LE FONCIER AU CONTRAT" -> "Intégrer le foncier au contrat".

Which words stay in capitals (sigles, names) is told by the corpus: those that its texts never write small. Refuses nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import simplemma

from ingest.examples import examples_opening
from ingest.index.analyser import fold

# Longer ones take the room of a quotation.
_WORDS = 10
# Sigles may be words too ("VRAC"), and are shorter than this.
_NO_SIGLE = 6
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"^(?:\d+(?:\.\d+)*[.)]?|[IVX]+[.)]|[A-Za-z][.)]|[•●▪–—-])\s+")


class Headings:
    """Says headings in the way the texts of one index write words."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._small: dict[str, str] = {}
        for text in texts:
            for word in _WORD.findall(text):
                if word.islower():
                    self._small.setdefault(fold(word), word)

    def spoken(self, headings: tuple[str, ...]) -> str:
        """The innermost heading, unnumbered, in small letters where it was all in capitals; empty when it says nothing here."""
        heading = _NUMBER.sub("", " ".join(headings[-1].split())).strip(" :.") if headings else ""
        if (
            len(heading.split()) > _WORDS
            or not _WORD.search(heading)
            or examples_opening(heading)
            or heading.endswith("?")
        ):
            return ""
        if not heading.isupper():
            return heading
        small = _WORD.sub(lambda match: self._as_written(match.group()), heading)
        return small[:1].upper() + small[1:]

    def _as_written(self, word: str) -> str:
        """As the texts write it small; else small if it is a French word too long for a sigle."""
        known = len(word) >= _NO_SIGLE and simplemma.is_known(word.lower(), lang="fr")
        return self._small.get(fold(word), word.lower() if known else word)
