"""A place and the words around its name -> what it needs to be believed, and what they give. Pure; refuses nothing.

What a place needs (0 to 3, 6 more in an organisation's or a person's name) grows with how easily its name is something else: a
word, a river, a surname, an unknown hamlet. What a preposition, "ville de", a postcode or "(35)" gives is 0 to 3.
"""

from __future__ import annotations

import re

from ingest.territories import vocabulary as words_of
from ingest.territories.context import Context
from ingest.territories.names import Names
from ingest.territories.places import Place, key_of, plain

# Towns above the first are known to a reader without their department; below the second, to few outside of it.
KNOWN_POPULATION = 10_000
LITTLE_POPULATION = 1_500
# A town that is also a word is meant where a capital stands inside a sentence, if it is at least this large.
WORD_POPULATION = 20_000
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz")
_OF = frozenset("de d".split())


def is_told(place: Place, context: Context, names: Names) -> bool:
    """Whether a postcode before the name or a bracket after it says which place it is."""
    if context.postcode and place.kind == "commune" and _in_department(context.postcode, place.department):
        return True
    parts = [part.strip() for part in re.split(r"[,;/]", context.bracketed)] if context.bracketed else []
    told = {names.departments[part] for part in parts if part in names.departments}
    told |= {held.label for part in parts for held in names.lookup(key_of(part)[0]) if held.kind != "commune"}
    return bool(told & {place.label, *place.within}) or (place.department == "75" and "75" in parts)


def _in_department(postcode: str, department: str) -> bool:
    return postcode.startswith("20" if department in {"2A", "2B"} else department)


def need(place: Place, context: Context) -> int:
    """How much must speak for `place`; more than 5, nothing can."""
    # More than what else is in the text can make up for: "US Tourcoing" is a club, in Tourcoing too.
    capitals = 6 * (context.after_capital or (_followed(context) and place.kind != "departement"))
    if place.kind == "commune" and not place.trusted:
        return _town_need(place, context) + capitals
    key, _ = key_of(place.label)
    landscape = key in words_of.LANDSCAPES or (key in words_of.UNHYPHENATED and not context.hyphenated)
    if place.kind == "departement" and landscape:
        return 2 + capitals
    # "La réunion" is a meeting at the head of a sentence or in capitals.
    if key == "reunion" and (context.upper or context.opens):
        return 3
    return capitals


def _followed(context: Context) -> bool:
    """Whether a capital right after makes another name of it: "Paris Habitat", but "à Paris Habitat 17"."""
    placed = context.has(words_of.LOCATIVE) or context.head in words_of.TOWNS or context.postcode or context.bracketed
    return context.before_capital and not placed


def _town_need(place: Place, context: Context) -> int:
    name = place.label.partition(" (")[0]
    key, _ = key_of(name)
    strict = place.population < KNOWN_POPULATION
    if key in words_of.ELSEWHERE | words_of.FIRST_NAMES or _otherwise_accented(name, context.spelt, strict=strict):
        return 3
    words = key.split()
    # Hyphens tell "Saint-Pierre" from a saint and "Pont-du-Château" from a bridge.
    if place.common and not (context.hyphenated and len(words) > 1):
        return _word_need(place, context)
    if place.population >= KNOWN_POPULATION or (len(words) > 2 and (context.hyphenated or not place.common)):
        return 0
    if len(words) > 1 and place.population >= LITTLE_POPULATION:
        return 0 if context.hyphenated else 1
    if context.upper and len(key) <= 4:
        return 3  # "EU", "AY": sigles
    return 1 if place.population >= LITTLE_POPULATION else 2


def _word_need(place: Place, context: Context) -> int:
    """Of a town whose name is a word."""
    if place.population < WORD_POPULATION:
        return 2 if place.population >= KNOWN_POPULATION else 3
    # "De la Garde" and "du Port" are seldom towns, "du Mans" is.
    return 2 if place.article and not context.capital_link and place.population < 5 * WORD_POPULATION else 1


def _otherwise_accented(name: str, spelt: str, *, strict: bool) -> bool:
    """Whether `spelt` has an accent that `name` lacks ("Bär" is not Bar); `strict`, also one less in small letters."""
    one, other = (re.sub(r"[\W_]+", "", form.replace("œ", "oe")).lower() for form in (name, spelt))
    one = one[len(one) - len(other) :]
    if len(one) != len(other) or spelt.isupper():
        return False
    pairs = [(a, b) for a, b in list(zip(one, other, strict=True))[1:] if a != b]
    return any(b not in _LETTERS or strict for _, b in pairs) and plain(one) == plain(other)


def said(place: Place, context: Context) -> int:
    """What the words before the name say for it."""
    if place.kind == "departement":
        return _said_of_department(context)
    if place.kind in {"region", "collectivite"}:
        return 2 if context.head in words_of.REGIONS or context.has(words_of.WITHIN | words_of.LOCATIVE) else 0
    return _said_of_town(place, context)


def _said_of_department(context: Context) -> int:
    if context.head in words_of.DEPARTMENTS:
        return 3
    if context.has(words_of.WITHIN):
        return 2
    # Without an article it is no river: "Loire : 12 projets", not "bords de Loire".
    return int(not context.links and context.opens)


def _said_of_town(place: Place, context: Context) -> int:
    if context.head in words_of.QUARTERS and not place.trusted and place.population < WORD_POPULATION:
        return -2
    if context.head in words_of.TOWNS and context.links and all(link in words_of.LINKS for link in context.links):
        return 3
    if context.has(words_of.LOCATIVE):
        # In capitals "À SENS UNIQUE" is no place.
        return 0 if place.common and context.upper else 2 + context.capital_link
    if place.common:
        return int(not context.opens and not context.upper and place.population >= WORD_POPULATION)
    return int(context.has(words_of.RELATION) or (context.has(_OF) and not context.person))
