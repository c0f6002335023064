"""A publication's heading -> how it is said in a line: "INTÉGRER LE FONCIER AU CONTRAT" -> "Intégrer le foncier au contrat".

Which words stay in capitals (sigles, names) is told by the corpus: those that its texts never write small. Refuses nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import simplemma

from ingest.examples import examples_opening
from ingest.index.analyser import fold

# Longer ones take the room of a quotation, and are shortened to so many words.
_WORDS, _SHORTENED = 10, 8
# Sigles may be words too ("VRAC"), and are shorter than this.
_NO_SIGLE = 6
_POINTS = " ,:;?.–—-"
# Words after which nothing ends.
_HANGING = re.compile(
    r"(?:[\s,:;–—-]+(?:et|ou|ni|à|aux?|de|des|du|en|le|la|les|l['’]|par|pour|sur|dans|avec|chez|entre|vers|sans|sous|une?|ses?|sa"
    r"|son|leurs?|qui|que|dont|où|comment|d['’]))+$",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+")
# "…/reperess-economie-informelle-ess-enjeux": sigles are small in addresses.
_ADDRESS = re.compile(r"\S*(?:https?:|www\.|\w\.(?:fr|org|com|eu)\b)\S*")
# No sigle and no town ends so.
_COMMON = re.compile(r"\w{3,}(?:tion|ment|isme|ité)s?", re.IGNORECASE)
_NUMBER = re.compile(r"^(?:\d+(?:\.\d+)*[.)]?|[IVX]+[.)]|[A-Za-z][.)]|[•●▪–—-])\s+")


class Headings:
    """Says headings in the way the texts of one index write words."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._small: dict[str, str] = {}
        for text in texts:
            for word in _WORD.findall(_ADDRESS.sub(" ", text)):
                if word.islower():
                    self._small.setdefault(fold(word), word)

    def spoken(self, headings: tuple[str, ...]) -> str:
        """The innermost heading, unnumbered, in small letters where it was all in capitals; empty when it says nothing here.

        A long one is shortened.
        """
        heading = _NUMBER.sub("", " ".join(headings[-1].split())).strip(" :.") if headings else ""
        if not _WORD.search(heading) or examples_opening(heading) or heading.endswith("?"):
            return ""
        if heading.isupper():
            small = _WORD.sub(lambda match: self._as_written(match.group()), heading)
            heading = capitalised(small)
        return shortened(heading, _SHORTENED) if len(heading.split()) > _WORDS else heading

    def _as_written(self, word: str) -> str:
        """As the texts write it small; else small if it is a French word too long for a sigle."""
        known = len(word) >= _NO_SIGLE and (simplemma.is_known(word.lower(), lang="fr") or _COMMON.fullmatch(word))
        return self._small.get(fold(word), word.lower() if known else word)


def capitalised(title: str) -> str:
    """With a capital at its beginning: "à Saint-Nazaire, un conseil" stands after "Zoom sur" in its publication."""
    return title[:1].upper() + title[1:]


def shortened(title: str, words: int) -> str:
    """Its first `words` words, without those that hang at the end or open what is not closed, and "…"; all of a short one."""
    if len(title.split()) <= words:
        return title.rstrip(_POINTS)
    first = " ".join(title.split()[:words])
    for opening, closing in ("«»", "()", "“”"):
        at = first.rfind(opening)
        if at > 0 and closing not in first[at:]:
            first = first[:at]
    return _HANGING.sub("", first.rstrip(_POINTS)).rstrip(_POINTS) + "…"
