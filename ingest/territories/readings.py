"""Forms found in a text -> the places that are meant, in order. A name is believed when its evidence reaches what it needs.

What it needs, and what the words around it give, is for `evidence`; here the rest of the text adds to that: its department or
EPCI named too, a neighbour in an enumeration. Homonyms go to the one that the text supports, else the most populous, if that
is not small.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.territories import vocabulary as words_of
from ingest.territories.context import Context, Words, beside, context_of
from ingest.territories.evidence import KNOWN_POPULATION, LITTLE_POPULATION, is_told, need, said
from ingest.territories.names import Names
from ingest.territories.places import OVERSEAS, Place

_OWN_ARTICLES = {"le": {"le", "au", "du"}, "la": {"la"}, "les": {"les", "aux", "des"}, "l": {"l"}, "": {""}}
_ARTICLES = frozenset("le la les l du des au aux".split())
# Within a name these are written small, whatever the name's own spelling.
_SMALL = frozenset(
    """de du des d la le les l a au aux en et sur sous les lez pres devant metropole agglomeration agglo urbaine communes
    francaise""".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A form of one or several places at words `first` to `last` (included) of a text."""

    first: int
    last: int
    places: tuple[Place, ...]
    context: Context


@dataclass(frozen=True, slots=True)
class _Reading:
    place: Place
    need: int
    evidence: int
    specific: bool


def candidates(words: Words, names: Names, *, small: bool = False) -> list[Candidate]:
    """Names in `words`, longest first, none inside another; with `small`, capitals are not asked for."""
    found, i = [], 0
    while i < len(words):
        last = _longest(words, i, names, small=small)
        if last < i:
            i += 1
            continue
        key = " ".join(words.key(j) for j in range(i, last + 1))
        context = context_of(words, i, last)
        places = tuple(
            place for place in names.lookup(key) if _takes(place, context, last - i) and _stands(place, context)
        )
        if places and not context.blocked:
            found.append(Candidate(first=i, last=last, places=places, context=context))
        i = last + 1
    return found


def _longest(words: Words, i: int, names: Names, *, small: bool) -> int:
    """The last word of the longest name that begins at word i; i - 1 if none does."""
    most = names.lengths.get(words.key(i), 0) if small or words.word(i)[:1].isupper() else 0
    if not most or _glued(words, i, -1):
        return i - 1
    end = i
    while end + 1 < len(words) and end - i + 1 < most and words.joined(end):
        end += 1
    for last in range(end, i - 1, -1):
        known = names.lookup(" ".join(words.key(j) for j in range(i, last + 1)))
        if known and not _glued(words, last, 1) and (small or _proper(words, i, last)):
            return last
    return i - 1


def _glued(words: Words, i: int, side: int) -> bool:
    """Whether word i is tied to what stands outside of a name: a hyphen, an address of mail or of the web."""
    start, end = words.spans[i]
    if side < 0:
        return start > 0 and words.text[start - 1] in "-‐‑@_/." and words.text[start - 2 : start - 1].strip() != ""
    return bool(re.match(r"[-‐‑@_][^\W_]|\.[a-z]{2}", words.text[end : end + 3]))


def _proper(words: Words, first: int, last: int) -> bool:
    """Whether the words have their capitals; those tied by hyphens are not held to it ("Saint-étienne")."""
    for j in range(first + 1, last + 1):
        word = words.word(j)
        tied = words.gap(j - 1) in {"-", "-\n"}
        if word[0].islower() and not tied and words.key(j) not in _SMALL:
            return False
    return True


def _takes(place: Place, context: Context, more: int) -> bool:
    """Whether the article before the name is the place's own: Le Mans has one, Sens has none ("le sens")."""
    nearest = context.links[0] if context.links else ""
    if place.kind in {"commune", "quartier"}:
        own = place.article or ""
        if own:
            # Of a long name the article may be lost in a list: "Gières, Pont de Claix".
            return nearest in _OWN_ARTICLES[own] or (more > 0 and nearest not in _ARTICLES) or place.trusted
        return nearest not in _ARTICLES or place.trusted
    return not place.article or nearest in _OWN_ARTICLES[place.article]


def _stands(place: Place, context: Context) -> bool:
    """Streets are called after towns, not after quarters or intercommunalities; services of the State after their area."""
    if context.service and place.kind in {"region", "departement"}:
        return False
    return not context.namesake or place.kind == "epci" or (place.trusted and place.kind == "quartier")


def judged(words: Words, found: Sequence[Candidate], names: Names) -> list[Place]:
    """The places that `found` stand for, in order; a candidate that is not believed gives none."""
    certain = _believed(words, found, names, frozenset())
    # What is named for certain, and the department and the EPCI of each town that is, speak for other names.
    near = frozenset(
        label
        for i, place in certain.items()
        # Which of two homonyms is meant, the other's department cannot tell.
        if len(found[i].places) == 1 or place.kind not in {"commune", "quartier"}
        for label in (place.label, *_near(place, names))
    )
    believed = _believed(words, found, names, near)
    return [believed[i] for i in sorted(believed)]


def _near(place: Place, names: Names) -> list[str]:
    """Its EPCI and its department; overseas, its region, which is its department."""
    held = [names.by_label(label) for label in place.within]
    return [p.label for p in held if p and (p.kind in {"epci", "departement"} or p.within == (OVERSEAS,))]


def _believed(words: Words, found: Sequence[Candidate], names: Names, near: frozenset[str]) -> dict[int, Place]:
    readings = [_best(candidate, names, near) for candidate in found]
    believed = {i: r.place for i, r in enumerate(readings) if r and r.evidence >= r.need}
    pairs = [i for i in range(len(found) - 1) if beside(words, found[i].last, found[i + 1].first)]
    for order in (pairs, pairs[::-1]):
        for i in order:
            for known, other in ((i, i + 1), (i + 1, i)):
                reading = readings[other]
                if known in believed and other not in believed and reading:
                    bonus = 2 if _alike(believed[known], reading.place) else 0
                    if reading.evidence + bonus >= reading.need:
                        believed[other] = reading.place
    return believed


def _alike(known: Place, other: Place) -> bool:
    # "Thun-Saint-Amand, Nord" is a town in its department.
    return other.label in known.within or known.kind == other.kind or {known.kind, other.kind} <= {"commune", "epci"}


def _best(candidate: Candidate, names: Names, near: frozenset[str]) -> _Reading | None:
    """The reading that the context supports most; None if small homonyms cannot be told apart."""
    context = candidate.context
    if typed(context):
        holder = intercommunality(candidate, names, near)
        return _Reading(holder, 0, 3, True) if holder else None
    region = context.head in words_of.REGIONS
    open_places = [place for place in candidate.places if not place.typed or (region and place.kind == "region")]
    readings = [_read(place, context, names, near, len(candidate.places)) for place in open_places]
    if not readings:
        return None
    readings.sort(key=lambda r: (r.evidence >= r.need, r.specific, r.place.trusted, _weight(r)), reverse=True)
    best, *rest = readings
    rivals = [r.place for r in rest if r.place.kind == "commune"]
    alone = best.specific or best.place.trusted or best.place.kind != "commune"
    if (
        not alone
        and best.place.population < KNOWN_POPULATION
        and any(rival.population * 5 > best.place.population for rival in rivals)
    ):
        return None
    return best


def _weight(reading: _Reading) -> tuple[bool, int, int]:
    place = reading.place
    known = place.kind != "commune" or place.population >= KNOWN_POPULATION
    return (known, reading.evidence - reading.need, place.population)


def typed(context: Context) -> bool:
    """Whether the words around a name say that it is an intercommunality's: "métropole de Lille", "Nevers agglo"."""
    before = context.head in words_of.INTERCOMMUNALITIES and all(link in words_of.LINKS for link in context.links)
    return before or context.after in words_of.ENDINGS


def intercommunality(candidate: Candidate, names: Names, near: frozenset[str] = frozenset()) -> Place | None:
    """What "métropole de Lille" names: the EPCI of that name, else that of the town. `near` are labels named beside it."""

    def likely(place: Place) -> tuple[bool, bool, int]:
        return bool(near & {place.label, *place.within}), place.trusted, place.population

    places = sorted(candidate.places, key=likely, reverse=True)
    own = next((place for place in places if place.kind == "epci"), None)
    towns = [place for place in places if place.kind == "commune" and place.population >= LITTLE_POPULATION]
    return own or next((holder for town in towns if (holder := names.intercommunality(town))), None)


def _read(place: Place, context: Context, names: Names, near: frozenset[str], readings: int) -> _Reading:
    specific = is_told(place, context, names)
    support = 2 if near & ({*_near(place, names)} - {place.label}) else 1 if near & {*place.within} else 0
    evidence = max(3 * specific, said(place, context)) + support
    return _Reading(place, need(place, context), evidence, specific or (support > 1 and readings > 1))
