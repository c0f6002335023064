"""French text -> the terms that the lexical leg matches. Pure; refuses nothing.

Unicode and apostrophes are normalised, what is not seen dropped (soft hyphens, zero-width characters), elisions cut
("l'ESS", "lESS" -> "ess"), inclusive endings dropped ("habitant.e.s"), figures made one ("2 500" -> "2500"), compounds kept
whole and in parts ("co-construction" -> "coconstruction", "construction": so "co construction" and "coconstruction" find it),
pronouns that hang on a verb cut off ("existe-t-il" -> "existe"), stop words dropped, lemmas taken and stemmed, accents folded.
Terms are of letters and digits, without capitals and accents.

BM25 alone on every second question of PIAF, MRR@10: lemmas stemmed 0.761, stems 0.762, lemmas 0.757, words as they are
0.745. Lemmas bring irregular forms together, which stems cannot ("yeux", "œil"), and they cost nothing there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import simplemma
import Stemmer

# Recorded in the manifest: an index analysed another way cannot be searched. tests/test_analyser.py holds it to its output.
ANALYSER = "fr-5"

_APOSTROPHES = str.maketrans(dict.fromkeys("’‘‛ʼʹ′`´＇", "'"))
# Soft hyphens, zero-width characters, marks of direction, byte order marks: seen by nobody, and within words.
_UNSEEN = dict.fromkeys([0xAD, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), 0xFEFF])
# An elision whose apostrophe was lost, before a sigle ("lESS", "dANRU").
_LOST_APOSTROPHE = re.compile(r"(?<!\w)(?:[dln]|[Qq]u)(?=[A-ZÀ-Þ]{2})")
_ELISION = re.compile(r"\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu|quelqu)'(?=\w)")
_FEMININE = r"(?:e|ne|le|trice|euse|ve|rice)"
_INCLUSIVE = re.compile(rf"(?<=\w{{2}})(?:[.·•⋅]{_FEMININE}(?:[.·•⋅]?s)?\b|\({_FEMININE}s?\)s?|-{_FEMININE}-s\b)")
_THOUSANDS = re.compile(r"(?<![\d,.])\d{1,3}(?: \d{3})+(?!\d)")
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
# Pronouns and particles that hang on a word: "existe-t-il", "parlez-moi", "cet homme-là". Whole, such words would be terms that
# no text holds, of the greatest weight.
_ENCLITIC = re.compile(
    r"(?<=[^\W\d_]{2})(?<!\brendez)(?:-t)?-(?:ils?|elles?|on|je|tu|nous|vous|ce|moi|toi|lui|leur|y|en|les?|la|ci|là)$"
)
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
    return list(_analysed(text))


# A question's answer looks at the same sentences several times over: 40 ms of 110 went into analysing them anew.
@lru_cache(maxsize=4096)
def _analysed(text: str) -> tuple[str, ...]:
    return tuple(term for word in _words(text) for term in _terms(word) if term)


def fold(text: str) -> str:
    """Lower case without accents; ligatures opened."""
    decomposed = unicodedata.normalize("NFKD", text.lower().replace("œ", "oe").replace("æ", "ae"))
    # Lower case once more: what is opened may be a capital ("ℌ").
    return "".join(char for char in decomposed if not unicodedata.combining(char)).lower()


def _words(text: str) -> Iterator[str]:
    # Apostrophes first: NFKC makes a space and an accent of "´".
    seen = unicodedata.normalize("NFKC", text.translate(_APOSTROPHES).translate(_UNSEEN))
    normalised = _ELISION.sub(" ", _LOST_APOSTROPHE.sub(" ", seen).lower())
    whole = _THOUSANDS.sub(lambda match: match.group().replace(" ", ""), _INCLUSIVE.sub("", normalised))
    for match in _WORD.finditer(whole):
        yield _ENCLITIC.sub("", match.group())


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
    # Folding can open signs that are no letters ("¨" within a word): they are left out.
    return "".join(filter(str.isalnum, fold(_stemmer.stemWord(lemma))))
