"""Two publications that give different figures or dates for the same thing. Pure; refuses nothing; in doubt nothing differs.

The same thing: sentences that share most of their words, or that both count what the question counts, of the subject that it
asks about, and name nobody else; of publications of different dates, and not of different territories.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ingest.document import Publication
from ingest.index.analyser import analyse, fold
from rag.answer_type import replies_in_form
from rag.compose.fitness import Extract
from rag.compose.traits import terms_of
from rag.language import asked_for

# Shares of the words of both sentences that they have in common: on their own, and for editions of one title.
_ALIKE, _ALIKE_EDITIONS = 0.5, 0.35
# Share of the words of both titles, years aside, that makes them editions of one.
_EDITIONS = 0.6
# Share of the question's terms that each of two sentences must hold to answer the same question: with 0.6 the 48 000 euros of a
# grocery were set against the 3 200 of a citizens' council ("Quel budget pour un conseil citoyen ?").
_ANSWERS = 0.75
_STEM = 5
_FIGURE = re.compile(r"(?<![\w,.])(\d{1,3}(?:[  .\u00a0\u202f]\d{3})+|\d+)(?:[.,](\d+))?\s*(%)?")
_NAME = re.compile(r"(?<=[\w,;:(»”\"'’] )[(«“\"]?(?:[dlDL]['’])?([A-ZÀ-Ý][\w-]+)|\b([A-ZÀ-Ý]{2,})\b")
_NUMBERS = {
    word: value
    for value, word in enumerate(
        "deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze".split(), 2
    )
}
_WRITTEN = re.compile(rf"\b({'|'.join(_NUMBERS)})\b")
# How much is asked, not of what.
_NUMBER_TERMS = frozenset(
    analyse(" ".join(("combien temps durée délai montant part nombre taux date année", *_NUMBERS)))
)
_MONTHS = frozenset(analyse("janvier février mars avril mai juin juillet août septembre octobre novembre décembre"))
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Differing:
    """Two sentences that differ, and the dates of their publications, the newer first."""

    newer: Extract
    older: Extract
    dates: tuple[str, str]


def differing(
    said: Extract, others: Iterable[Extract], question: str, publications: Mapping[str, Publication]
) -> Differing | None:
    """The best of `others` that gives another figure than `said` for the same thing; None when none does."""
    mine = publications[said.ranked.passage.publication_id]
    if not mine.date or not _by_unit(said.text):
        return None
    for other in others:
        theirs = publications[other.ranked.passage.publication_id]
        if not theirs.date or theirs.date[:4] == mine.date[:4] or not _same_thing(said, other, question, mine, theirs):
            continue
        if _contradicts(said.text, other.text):
            newer, older = (said, other) if mine.date > theirs.date else (other, said)
            dates = sorted((mine.date[:4], theirs.date[:4]), reverse=True)
            return Differing(newer=newer, older=older, dates=(dates[0], dates[1]))
    return None


def _same_thing(one: Extract, other: Extract, question: str, mine: Publication, theirs: Publication) -> bool:
    if not _names(one.text) <= _names(other.text) and not _names(other.text) <= _names(one.text):
        return False
    here, there = (set(extract.ranked.passage.territories) for extract in (one, other))
    if here and there and here.isdisjoint(there):  # an atelier of Grande-Synthe and one of Les Abymes
        return False
    left, right = _words(one.terms), _words(other.terms)
    alike = _share(left, right)
    if alike >= (_ALIKE_EDITIONS if _are_editions(mine, theirs) else _ALIKE):
        return True
    # The subject often stands above a sentence alone: "il faut compter trois ans" of an article on tiers-lieux.
    subject = _words(asked_for(question)) - _NUMBER_TERMS
    if left.isdisjoint(right & subject):
        return False
    told = (left | _above(one, mine), right | _above(other, theirs))
    answers = all(len(subject & terms) >= _ANSWERS * len(subject) for terms in told)
    return bool(subject) and answers and replies_in_form(question, one.text) and replies_in_form(question, other.text)


def _above(extract: Extract, publication: Publication) -> frozenset[str]:
    passage = extract.ranked.passage
    return terms_of(" ".join((*passage.headings, passage.title or "", publication.title)))


def _contradicts(one: str, other: str) -> bool:
    """Whether both count one thing, and not a figure of the one is given by the other."""
    mine, theirs = _by_unit(one), _by_unit(other)
    return any(mine[unit].isdisjoint(theirs[unit]) for unit in mine.keys() & theirs.keys())


def _by_unit(text: str) -> dict[str, set[str]]:
    """What is counted -> the figures it is given: the word after each figure, "%", or a year's own "in"."""
    units: dict[str, set[str]] = {}
    for unit, value in _figures(text):
        units.setdefault(unit, set()).add(value)
    return units


def _figures(text: str) -> Iterator[tuple[str, str]]:
    folded = _WRITTEN.sub(lambda match: str(_NUMBERS[match[1]]), fold(text))
    for match in _FIGURE.finditer(folded):
        whole = re.sub(r"\D", "", match[1])
        value = f"{whole}.{match[2]}" if match[2] else whole
        after = analyse(" ".join(folded[match.end() :].split()[:4]))
        if match[3]:
            yield "%", value
        elif _YEAR.fullmatch(whole):
            before = analyse(" ".join(folded[: match.start()].split()[-4:]))
            if before:
                yield f"year:{before[-1][:_STEM]}", value
        elif after and after[0] in _MONTHS:
            yield "day", f"{value} {after[0]}"
        elif after:
            yield after[0][:_STEM], value


def _names(text: str) -> frozenset[str]:
    return frozenset(fold(match[1] or match[2]) for match in _NAME.finditer(text))


def _are_editions(mine: Publication, theirs: Publication) -> bool:
    return _share(_words(frozenset(analyse(mine.title))), _words(frozenset(analyse(theirs.title)))) >= _EDITIONS


def _words(terms: frozenset[str]) -> frozenset[str]:
    return frozenset(term for term in terms if not any(char.isdigit() for char in term))


def _share(left: frozenset[str], right: frozenset[str]) -> float:
    both = left | right
    return len(left & right) / len(both) if both else 0.0
