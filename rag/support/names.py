"""The proper names and sigles of a sentence, and whether what it rests on names them too. Pure; refuses nothing.

A capital within a sentence names something, and so does a sigle anywhere; the first word does when no dictionary has it or
when it is a place. A sigle and its meaning are one name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ingest.index.analyser import fold
from ingest.repair.lexicon import Lexicon, Sigle
from ingest.territories import Gazetteer

_ELIDED = re.compile(r"^(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)['’ʼ](?=\w)", re.IGNORECASE)
_TOKEN = re.compile(r"[^\W_](?:[\w&]|[-'’.](?=\w))*")
_ENDS = re.compile(r"[.!?:…]\s*[«\"“(]*\s*$|^[«\"“(\s-]*$")
_DOES = re.compile(r"\s+(?:s['’](?:est|était)|n['’](?:a|est)|a|avait|est|était|et)\b")
# Capitals of English that French has not, and what French says for them.
_ENGLISH = {
    "state": "etat", "social": "social", "solidarity": "solidaire", "economy": "economie", "french": "francais",
    "city": "ville", "council": "conseil", "region": "region", "department": "departement", "sse": "ess", "the": "le",
    "i": "je", "france": "france", "european": "europeen", "europe": "europe", "union": "union",
}  # fmt: skip
# Dates are compared by rag.support.figures; "in mainland France" says where all of this is.
_NO_NAMES = frozenset(
    "january february march april may june july august september october november december monday tuesday wednesday thursday "
    "friday saturday sunday france french english".split()
)


class Names:
    """What is a name, by dictionary and gazetteer; sigles by their meaning."""

    def __init__(self, lexicon: Lexicon, gazetteer: Gazetteer) -> None:
        self._lexicon = lexicon
        self._gazetteer = gazetteer
        abbreviated = [("ht", ("hors taxes", "hors taxe")), ("ttc", ("toutes taxes comprises",))]
        self._meanings = abbreviated + [(fold(one.sigle), tuple(map(_phrase, _forms(one)))) for one in lexicon.sigles]

    def missing(self, sentence: str, sources: Iterable[str], *, english: bool = False) -> frozenset[str]:
        """Names of `sentence` that none of the `sources` has."""
        text = " ".join(sources)
        held = {word for token in _TOKEN.findall(text) for word in _parts(token)}
        held |= self._expanded(held, _phrase(text))
        return frozenset(
            name
            for name in self._named(sentence, english=english)
            if not any(form in held for form in _inflected(name, english=english)) and not set(_parts(name)[1:]) <= held
        )

    def _expanded(self, held: set[str], phrase: str) -> set[str]:
        """Sigles of what is written out, and the words of what a sigle means."""
        more: set[str] = set()
        for sigle, forms in self._meanings:
            if sigle in held:
                more.update(word for form in forms for word in form.split())
            elif any(f" {form} " in f" {phrase} " for form in forms):
                more.add(sigle)
        return more

    def _named(self, sentence: str, *, english: bool) -> Iterator[str]:
        for match in _TOKEN.finditer(sentence):
            token = _ELIDED.sub("", match.group())
            if not token[:1].isupper() or len(token) < 2 or (english and fold(token) in _NO_NAMES):
                continue
            is_sigle = sum(char.isupper() for char in token) > 1
            begins = _ENDS.search(sentence[: match.start()]) is not None
            does = not english and _DOES.match(sentence, match.end()) is not None
            if is_sigle or not begins or self._names_at_start(token, does=does, english=english):
                yield token

    def _names_at_start(self, token: str, *, does: bool, english: bool) -> bool:
        """`does`: whether a verb follows at once, as after a place ("Tours a ouvert") and no other noun without article."""
        if english and fold(token) in _ENGLISH:
            return False
        word = token.lower()
        is_word = self._lexicon.known(word) or (english and not self._gazetteer.called(token))
        return not is_word or (bool(self._gazetteer.called(token)) and (does or not self._lexicon.common(word)))


def _forms(sigle: Sigle) -> tuple[str, ...]:
    return (sigle.meaning, *sigle.variants)


def _phrase(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold(text)))


def _parts(token: str) -> list[str]:
    """A token folded, whole and by its parts ("Hauts-de-France", "l'ESS")."""
    folded = fold(_ELIDED.sub("", token))
    return [folded, *re.findall(r"\w+", folded)]


def _inflected(name: str, *, english: bool) -> Iterator[str]:
    folded = fold(name)
    yield folded
    yield from (folded.removesuffix("s"), f"{folded}s", folded.removesuffix("e"), f"{folded}e")
    if english and folded in _ENGLISH:
        yield _ENGLISH[folded]
