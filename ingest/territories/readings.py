"""Forms found in a text -> the places that are meant, in order. A name is believed when its evidence reaches what it needs.

What a place needs (0 to 4) grows with how easily its name is something else: a word, a river, a surname, an unknown hamlet.
What speaks for it (0 to 3 each): a preposition, "ville de", a postcode, "(35)", its department or EPCI in the same text, a
neighbour in an enumeration. Homonyms go to the one that the text supports, else the most populous, if it is not small.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.territories import context as around
from ingest.territories.context import Context, Words, beside, context_of
from ingest.territories.names import Names
from ingest.territories.places import Place, key_of

# Towns above the first are known to a reader without their department; below the second, to few outside of it.
KNOWN_POPULATION = 10_000
LITTLE_POPULATION = 1_500
# A town that is also a word is meant where a capital stands inside a sentence, if it is at least this large.
WORD_POPULATION = 20_000
# Rivers, mountains, seas, points of the compass: also departments, which are meant "en Isère", "dans le Nord", "(42)".
LANDSCAPES = frozenset(
    """ain aisne allier ardeche ardennes ariege aude aveyron calvados charente cher correze creuse dordogne doubs drome
    essonne eure gard gers gironde herault indre isere jura landes loire loiret lot manche marne mayenne meuse moselle
    nievre nord oise orne rhone sarthe somme tarn var vaucluse vienne vosges yonne""".split()
)
_OWN_ARTICLES = {"le": {"le", "au", "du"}, "la": {"la"}, "les": {"les", "aux", "des"}, "l": {"l"}, "": {""}}
_ARTICLES = frozenset("le la les l du des au aux".split())
# Within a name these are written small, whatever the name's own spelling.
_SMALL = frozenset(
    "de du des d la le les l a au aux en et sur sous les lez pres devant metropole agglomeration agglo".split()
)
_REFUSED = 9


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
        places = tuple(place for place in names.lookup(key) if _takes(place, context, last - i))
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


def judged(words: Words, found: Sequence[Candidate], names: Names) -> list[Place]:
    """The places that `found` stand for, in order; a candidate that is not believed gives none."""
    certain = _believed(words, found, names, frozenset())
    # What is named for certain, and the department and the EPCI of each town that is, speak for other names.
    near = frozenset(
        label for place in certain.values() for label in (place.label, *_near(place, names)) if label != "Outre-mer"
    )
    believed = _believed(words, found, names, near)
    return [believed[i] for i in sorted(believed)]


def _near(place: Place, names: Names) -> list[str]:
    return [label for label in place.within if (held := names.by_label(label)) and held.kind in {"epci", "departement"}]


def _believed(words: Words, found: Sequence[Candidate], names: Names, near: frozenset[str]) -> dict[int, Place]:
    readings = [_best(candidate, names, near) for candidate in found]
    believed = {i: r.place for i, r in enumerate(readings) if r and r.evidence >= r.need}
    pairs = [i for i in range(len(found) - 1) if beside(words, found[i].last, found[i + 1].first)]
    for order in (pairs, pairs[::-1]):
        for i in order:
            for known, other in ((i, i + 1), (i + 1, i)):
                reading = readings[other]
                if known in believed and other not in believed and reading and reading.need < _REFUSED:
                    bonus = 2 if _alike(believed[known], reading.place) else 0
                    if reading.evidence + bonus >= reading.need:
                        believed[other] = reading.place
    return believed


def _alike(known: Place, other: Place) -> bool:
    return known.kind == other.kind or {known.kind, other.kind} <= {"commune", "epci"}


def _best(candidate: Candidate, names: Names, near: frozenset[str]) -> _Reading | None:
    """The reading that the context supports most; None if small homonyms cannot be told apart."""
    context = candidate.context
    if typed(context):
        holder = intercommunality(candidate, names, near)
        return _Reading(holder, 0, 3, True) if holder else None
    region = context.head in around.REGIONS
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


def _weight(reading: _Reading) -> tuple[int, int]:
    return (reading.evidence - reading.need, reading.place.population)


def typed(context: Context) -> bool:
    """Whether the words before a name say that it is an intercommunality's."""
    return context.head in around.INTERCOMMUNALITIES and all(link in around.LINKS for link in context.links)


def intercommunality(candidate: Candidate, names: Names, near: frozenset[str] = frozenset()) -> Place | None:
    """What "métropole de Lille" names: the EPCI of that name, else that of the town. `near` are labels named beside it."""

    def likely(place: Place) -> tuple[bool, bool, int]:
        return bool(near & {place.label, *place.within}), place.trusted, place.population

    places = sorted(candidate.places, key=likely, reverse=True)
    own = next((place for place in places if place.kind == "epci"), None)
    towns = [place for place in places if place.kind == "commune" and place.population >= LITTLE_POPULATION]
    return own or next((holder for town in towns if (holder := names.intercommunality(town))), None)


def _read(place: Place, context: Context, names: Names, near: frozenset[str], readings: int) -> _Reading:
    specific = _specific(place, context, names)
    support = 2 if near & ({*_near(place, names)} - {place.label}) else 1 if near & {*place.within} else 0
    evidence = max(3 * specific, _said(place, context)) + support
    return _Reading(place, _need(place, context), evidence, specific or (support > 0 and readings > 1))


def _specific(place: Place, context: Context, names: Names) -> bool:
    """Whether a postcode before the name or a bracket after it says which place it is."""
    if context.postcode and place.kind == "commune" and _in_department(context.postcode, place.department):
        return True
    parts = [part.strip() for part in re.split(r"[,;/]", context.bracketed)] if context.bracketed else []
    told = {names.departments[part] for part in parts if part in names.departments}
    told |= {held.label for part in parts for held in names.lookup(key_of(part)[0]) if held.kind != "commune"}
    return bool(told & {place.label, *place.within}) or (place.department == "75" and "75" in parts)


def _in_department(postcode: str, department: str) -> bool:
    return postcode.startswith("20" if department in {"2A", "2B"} else department)


def _need(place: Place, context: Context) -> int:
    capitals = 2 * (context.after_capital or (context.before_capital and place.kind not in {"epci", "departement"}))
    if place.kind == "commune" and not place.trusted:
        return _town_need(place, context) + capitals
    key, _ = key_of(place.label)
    if place.kind == "departement" and key in LANDSCAPES:
        return 2 + capitals
    # "La réunion" is a meeting at the head of a sentence or in capitals.
    if key == "reunion" and (context.upper or context.opens):
        return 3
    return capitals


def _town_need(place: Place, context: Context) -> int:
    words = key_of(place.label.partition(" (")[0])[0].split()
    # Hyphens tell "Saint-Pierre" from a saint and "Pont-du-Château" from a bridge.
    if place.common and not (context.hyphenated and len(words) > 1):
        return 1 if place.population >= WORD_POPULATION else 3
    if place.population >= KNOWN_POPULATION or (len(words) > 2 and (context.hyphenated or not place.common)):
        return 0
    if len(words) > 1 and place.population >= LITTLE_POPULATION:
        return 0 if context.hyphenated else 1
    if context.upper and len(words) == 1 and len(words[0]) <= 4:
        return 3
    return 1 if place.population >= LITTLE_POPULATION else 2


def _said(place: Place, context: Context) -> int:
    """What the words before the name say for it."""
    if place.kind == "departement":
        return _said_of_department(context)
    if place.kind in {"region", "collectivite"}:
        return 2 if context.head in around.REGIONS or context.has(around.WITHIN | around.LOCATIVE) else 0
    return _said_of_town(place, context)


def _said_of_department(context: Context) -> int:
    if context.head in around.DEPARTMENTS:
        return 3
    if context.has(around.WITHIN):
        return 2
    # Without an article it is no river: "Loire : 12 projets", not "bords de Loire".
    return int(not context.links and context.opens)


def _said_of_town(place: Place, context: Context) -> int:
    if context.head in around.QUARTERS and not place.trusted and place.population < WORD_POPULATION:
        return -2
    if context.head in around.TOWNS and context.links and all(link in around.LINKS for link in context.links):
        return 3
    if context.has(around.LOCATIVE):
        # In capitals "À SENS UNIQUE" is no place.
        return 0 if place.common and context.upper else 2
    if place.common:
        return int(not context.opens and not context.upper and place.population >= WORD_POPULATION)
    return int(context.has(around.RELATION | frozenset("de d".split())))
