"""The sigles of a question and what they mean, both ways: "QPV" and "quartier prioritaire de la politique de la ville".

In: the lexicon's sigles and a test of French words; then questions. Out: expansions, in the order of the question. Refuses
nothing.

When is a written word the sigle? In capitals, in dots ("E.S.S.") or with a small plural ("QPVs"), always, unless all of the
question is in capitals. Written otherwise ("scic", "Scic"), when French has no such word ("mon ami", "en vrac" are words),
accents that were left out counted in ("pre": pré), and when it has three letters or more ("ai", "ei" are not).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import product

from ingest.index.analyser import analyse
from ingest.repair.lexicon import Sigle

_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}[^\W\d_]?(?![\w.])")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
# Shorter ones written small are too often something else.
_SHORTEST_SMALL = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Expansion:
    """A sigle that a question writes (`written`, at `start`:`end`), short or in full (`in_full`, where it has no place)."""

    sigle: Sigle
    written: str
    start: int
    end: int
    in_full: bool = False

    @property
    def others(self) -> tuple[str, ...]:
        """The forms of the same thing that the question does not write."""
        return (self.sigle.sigle,) if self.in_full else (self.sigle.meaning, *self.sigle.variants)


class Sigles:
    """Finds sigles in questions. `is_word` tells whether French has a word, written small."""

    def __init__(self, sigles: Iterable[Sigle], is_word: Callable[[str], bool]) -> None:
        self._is_word = is_word
        self._by_name = {sigle.sigle.upper(): sigle for sigle in sigles}
        forms = ((form, sigle) for sigle in self._by_name.values() for form in (sigle.meaning, *sigle.variants))
        analysed = ((tuple(analyse(form)), sigle) for form, sigle in forms)
        # Of one term alone ("intercommunalité") too little is said; longest first, so that CRESS's name is not ESS's.
        self._forms = sorted((f for f in analysed if len(f[0]) > 1), key=lambda found: -len(found[0]))

    def expansions(self, question: str, *, french: bool = True) -> tuple[Expansion, ...]:
        """Its sigles, each once; in a question that is not French only those in capitals, of three letters or more."""
        found: dict[str, Expansion] = {}
        words = _words(question)
        shouted = question.isupper() and len(words) > 1
        for start, written in words:
            sigle = self._read(written, shouted=shouted, french=french)
            if sigle:
                end = start + len(written)
                found.setdefault(sigle.sigle, Expansion(sigle=sigle, written=written, start=start, end=end))
        for sigle in self._in_full(question):
            whole = Expansion(sigle=sigle, written=question, start=0, end=len(question), in_full=True)
            found.setdefault(sigle.sigle, whole)
        return tuple(found.values())

    def _read(self, written: str, *, shouted: bool, french: bool) -> Sigle | None:
        bare = written.replace(".", "")
        sigle = self._named(bare)
        if sigle is None:
            return None
        in_capitals = sum(letter.isupper() for letter in bare) >= max(2, len(bare) - 1)
        if in_capitals and not shouted:
            return sigle if french or len(sigle.sigle) >= _SHORTEST_SMALL else None
        small = len(bare) >= _SHORTEST_SMALL and (french or shouted)
        return sigle if small and not self._is_french(bare.lower()) else None

    def _named(self, bare: str) -> Sigle | None:
        upper = bare.upper()
        return self._by_name.get(upper) or (self._by_name.get(upper[:-1]) if upper.endswith("S") else None)

    def _is_french(self, small: str) -> bool:
        readings = product(*(("e", "é", "è") if letter == "e" else (letter,) for letter in small))
        return any(self._is_word("".join(reading)) for reading in readings)

    def _in_full(self, question: str) -> Iterable[Sigle]:
        # A space before and after each term, so that terms match whole and what is found can be taken out.
        rest = f" {'  '.join(analyse(question))} "
        for form, sigle in self._forms:
            sought = f" {'  '.join(form)} "
            if sought in rest:
                rest = rest.replace(sought, " | ")
                yield sigle


def _words(question: str) -> list[tuple[int, str]]:
    dotted = [(match.start(), match.group()) for match in _DOTTED.finditer(question)]
    masked = _DOTTED.sub(lambda match: " " * len(match.group()), question)
    return sorted(dotted + [(match.start(), match.group()) for match in _WORD.finditer(masked)])
