"""A misspelt question -> the question as it was meant, by the words of the corpus. Refuses nothing.

Only a word that is neither in the corpus nor in the French dictionary is changed, and only into a word of the corpus: one
letter of what is heard off for short words, two for longer ones, accents and case aside; or into an elision that lost its
apostrophe ("less": l'ess).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

from ingest.index.analyser import fold

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
# Shorter words have too many neighbours.
_SHORTEST = 4
_LONG = 7
# In this order, over folded words.
_HEARD = tuple(
    (re.compile(pattern), heard)
    for pattern, heard in (
        (r"(?<=[aeiou])ill?(?=[aeiou])", "y"),
        (r"eau|au", "o"),
        (r"ph", "f"),
        (r"qu|c(?=[aou]|$)|ck", "k"),
        (r"c(?=[eiy])|(?<=[aeiou])t(?=ion)|sc(?=[ei])", "s"),
        (r"(.)\1", r"\1"),
        (r"(?<=.{3})(?:[est]|es)$", ""),
    )
)
_ELIDED = frozenset("cdjlmnst")
_VOWELS = frozenset("aeiouyh")

Knows = Callable[[str], bool]


class Speller:
    """Corrects questions by the words of some texts. `is_word` tells whether French has a word, as it is written."""

    def __init__(self, texts: Iterable[str], is_word: Knows) -> None:
        counts = Counter(match.group().lower() for text in texts for match in _WORD.finditer(text))
        # Of two spellings that fold alike ("financé", "finance") the commoner stands for both.
        self._spelling = {fold(word): word for word, _ in reversed(counts.most_common())}
        self._candidates = {word: sounds(word) for word in self._spelling if len(word) >= _SHORTEST}
        self._is_word = is_word

    def correct(self, question: str) -> str:
        """The question with its unknown words replaced where one word of the corpus is near enough, its names in capitals."""
        return _WORD.sub(lambda match: self._corrected(match.group()), question)

    def is_name(self, word: str) -> bool:
        """Whether a word written small is a name all the same: French knows it with a capital only."""
        return not self._is_word(word.lower()) and self._is_word(word.capitalize())

    def _corrected(self, word: str) -> str:
        folded = fold(word)
        if len(word) < _SHORTEST or folded in self._spelling or self._is_word(word) or self._is_word(word.lower()):
            return word
        if word[0].isupper():
            return word
        if self.is_name(word):
            return word.capitalize()
        if folded[0] in _ELIDED and folded[1] in _VOWELS and folded[1:] in self._spelling:
            return f"{word[0]}'{self._spelling[folded[1:]]}"
        distance = 1 if len(word) < _LONG else 2
        found = process.extractOne(sounds(folded), self._candidates, scorer=OSA.distance, score_cutoff=distance)
        return self._spelling[found[2]] if found else word


def sounds(folded: str) -> str:
    """A folded word by what is heard of it, roughly: "bayeurs" and "bailleurs" are one letter apart."""
    for pattern, heard in _HEARD:
        folded = pattern.sub(heard, folded)
    return folded
