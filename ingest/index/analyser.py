"""French text -> the terms that the lexical leg matches. Pure; refuses nothing.

Unicode and apostrophes are normalised, elisions cut ("l'ESS" -> "ess"), inclusive endings dropped ("habitant.e.s"),
compounds kept whole and in parts ("co-construction" -> "coconstruction", "construction"), stop words dropped, lemmas taken
and accents folded.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import simplemma
import Stemmer

# Recorded in the manifest: an index analysed another way cannot be searched. tests/test_analyser.py holds it to its output.
ANALYSER = "fr-3"

_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "\u00ad": None})
_ELISION = re.compile(r"\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu|quelqu)'(?=\w)")
_INCLUSIVE = re.compile(r"(?<=\w{2})[.·•](?:e|ne|le|trice|euse|ve|rice)(?:[.·•]?s)?\b")
_WORD = re.compile(r"\w+(?:-\w+)*")
# Negations ("sans", "hors", "non", "pas") stay: they are what a question may turn on.
_STOP = frozenset(
    """
    a à ai ainsi alors as au aucun aussi autre autres aux avaient avait avec avez avoir avons ayant c ça car ce
    ceci cela celle celles celui ces cet cette ceux chaque chez ci comme comment d dans de des donc dont du elle
    elles en encore entre es est et étaient était étant été être eu eux fait faire faut il ils j je l la là
    laquelle le les lesquels leur leurs lui m ma mais me même mes moi mon n ne ni nos notre nous on ont ou où par
    parce pas peu peut peuvent plus pour pourquoi pouvez qu quand que quel quelle quelles quels qui quoi s sa se
    sera ses si soit son sont sur t ta te tel telle tels tes toi ton tous tout toute toutes tu un une va vers
    voici vos votre vous y
    """.split()
) - {"pas"}
_stemmer = Stemmer.Stemmer("french")


def analyse(text: str) -> list[str]:
    """The terms of `text` in order, repeated as often as they occur."""
    return [term for word in _words(text) for term in _terms(word)]


def fold(text: str) -> str:
    """Lower case without accents; ligatures opened."""
    decomposed = unicodedata.normalize("NFKD", text.lower().replace("œ", "oe").replace("æ", "ae"))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def _words(text: str) -> Iterator[str]:
    normalised = unicodedata.normalize("NFKC", text).translate(_APOSTROPHES).lower()
    for match in _WORD.finditer(_INCLUSIVE.sub("", _ELISION.sub(" ", normalised))):
        yield match.group()


@lru_cache(maxsize=65536)
def _terms(word: str) -> tuple[str, ...]:
    if word in _STOP:
        return ()
    if "-" not in word:
        return (_term(word),)
    parts = [part for part in word.split("-") if part not in _STOP]
    if not parts:  # "est-ce", "vas-y"
        return ()
    # The last part in its own form first: "tiers-lieux" is several "tiers-lieu".
    *first, last = word.split("-")
    whole = _term("".join(first) + simplemma.lemmatize(last, lang="fr").lower())
    return tuple(dict.fromkeys([whole, *(_term(part) for part in parts if len(part) > 2)]))


def _term(word: str) -> str:
    lemma = simplemma.lemmatize(word, lang="fr").lower()
    return fold(_stemmer.stemWord(lemma))
