"""Text -> the territories it names, from the reviewed list (corpus/territories.json) over the official gazetteer.

A name in a text is one form of one or several places; `readings` judges which is meant, if any. The reviewed list has what
the official one lacks (quartiers, countries, former regions, usual names) and is trusted where names collide. Refused
(GazetteerError): a list that is missing or ill-formed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from ingest.territories.context import Context, Words
from ingest.territories.names import HOLDER, Names, names_of
from ingest.territories.places import OVERSEAS, GazetteerError, Official, Place, Territory, key_of, official
from ingest.territories.readings import Candidate, candidates, intercommunality, judged, typed
from ingest.territories.vocabulary import DEPARTMENTS, LANDSCAPES, LOCATIVE, WITHIN

# In small letters ("a nantes ?") only towns that people ask about without saying where they are.
_ASKED_POPULATION = 20_000
# From here on, a town that is also a word is meant after "à": "à paris", not "à sens unique".
_ASKED_COMMON = 50_000
# "dans le 93", "dans le département 974": departments by their number, where nothing is counted.
_CODE = re.compile(
    r"\b(?:dans (?:le|la)|(?:le|du|au) d[ée]partement(?: n° ?| num[ée]ro )?)\s+(\d[\dAB]\d?)"
    r"(?![\w.,]*\d|\s*(?:%|\w*ème|e\b))",
    re.I,
)
# What an English question calls them.
_OVERSEAS = re.compile(r"\boverseas\b", re.I)


@dataclass(frozen=True, kw_only=True)
class Gazetteer:
    """Finds names of territories in text. Without `official`, only the reviewed `territories` are known."""

    territories: tuple[Territory, ...]
    official: Official | None = field(default=None, repr=False, compare=False)

    @classmethod
    def load(cls, path: Path) -> Gazetteer:
        """The reviewed list of `path` over the project's official gazetteer. Raises GazetteerError."""
        try:
            rows = json.loads(path.read_text(encoding="utf-8"))["territories"]
            return cls(territories=tuple(_territory(row) for row in rows), official=official())
        except (OSError, ValueError, KeyError, TypeError) as error:
            message = f'{path}: expected {{"territories": [{{name, kind, within, variants}}]}}, found {error!r}'
            raise GazetteerError(message) from error

    def find(self, text: str) -> tuple[str, ...]:
        """Names of the territories in `text`, in order of appearance. "Rennes Métropole" does not also give "Rennes"."""
        words = Words(text)
        found = [c for c in candidates(words, self._names) if c.places[0].kind != HOLDER]
        return tuple(dict.fromkeys(place.label for place in judged(words, found, self._names)))

    def asked_about(self, question: str) -> frozenset[str]:
        """Territories that a question names, those included that are known only as holding others ("Outre-mer").

        People write "outre-mer" and "dijon", publications do not: places that are well known, or reviewed, need no capital.
        A town stands for its intercommunality too: what Rennes Métropole does is asked about as "à Rennes".
        """
        words = Words(question)
        small = [place for c in candidates(words, self._names, small=True) for place in self._small(c)]
        places = [*small, *filter(None, map(self._names.by_label, self.find(question)))]
        coded = [place for code in _CODE.findall(question) if (place := self._names.by_label(self._department(code)))]
        places.extend(coded)
        if _OVERSEAS.search(question) and (overseas := self._names.by_label(OVERSEAS)):
            places.append(overseas)
        epci = [held for place in places if (held := self._names.intercommunality(place))]
        return frozenset(place.label for place in (*places, *epci))

    def called(self, name: str) -> frozenset[str]:
        """What a name typed by itself stands for: the territory of that label if there is one, else what a question of that
        one name asks about. A town stands for its intercommunality too.
        """
        place = self._names.by_label(name)
        if place is None:
            return self.asked_about(name)
        epci = self._names.intercommunality(place)
        return frozenset({place.label, *([epci.label] if epci else [])})

    def around(self, names: Iterable[str]) -> frozenset[str]:
        """The territories `names` and all that hold them: Maurepas is in Rennes, Rennes Métropole and Bretagne."""
        named = frozenset(names)
        places = [place for name in named if (place := self._names.by_label(name))]
        held = named | {holder for place in places for holder in place.within}
        return held | {group for group, holds in self._groups.items() if not holds.isdisjoint(held)}

    def shown(self, form: str, *, among: Iterable[str] = ()) -> str:
        """The name shown for what is written as `form`, one `among` the given if it may be that; else `form` as it is."""
        labels = [place.label for place in self._names.lookup(key_of(form)[0])]
        chosen = {*among} & {form, *labels, *self.find(form)}
        return min(chosen, default=form if form in labels or not labels else labels[0])

    def kind_of(self, name: str) -> str | None:
        """commune, epci, quartier, departement, region, collectivite or pays, of a name that `find` gives; None of others."""
        place = self._names.by_label(name)
        return place.kind if place and place.kind != HOLDER else None

    def is_abroad(self, name: str) -> bool:
        """Whether `name` is a country, or a place held by one."""
        around = map(self._names.by_label, self.around([name]))
        return any(place is not None and place.kind == "pays" for place in around)

    def _department(self, code: str) -> str:
        return self._names.departments.get(code.upper(), "")

    @cached_property
    def _names(self) -> Names:
        return names_of(self.territories, self.official)

    @cached_property
    def _groups(self) -> Mapping[str, frozenset[str]]:
        """What reviewed places hold that are in none of them officially: former regions, groups of islands."""
        return {one.name: frozenset(one.holds) for one in self.territories if one.holds}

    def _small(self, candidate: Candidate) -> list[Place]:
        """The places that a name in a question stands for, were it in small letters."""
        if typed(candidate.context):
            holder = intercommunality(candidate, self._names)
            return [holder] if holder else []
        known = [place for place in candidate.places if _known_small(place, candidate.context)]
        return known[:1]


def _known_small(place: Place, context: Context) -> bool:
    """Whether `place`, written without capital in a question, is meant."""
    if place.typed:
        return False
    if place.trusted or place.kind == HOLDER:
        return True
    if place.kind == "commune":
        if place.common:
            return place.population >= _ASKED_COMMON and context.has(LOCATIVE)
        return place.population >= _ASKED_POPULATION or place.seat
    if place.kind == "departement" and key_of(place.label)[0] in LANDSCAPES:
        return context.has(WITHIN) or context.head in DEPARTMENTS
    # "à la réunion" is a meeting unless it is written as the island.
    return key_of(place.label)[0] not in {"reunion", "la reunion"}


def _territory(row: Mapping[str, object]) -> Territory:
    name, kind = row["name"], row["kind"]
    lists = [row.get(key, []) for key in ("within", "variants", "holds")]
    if not (isinstance(name, str) and isinstance(kind, str)):
        raise TypeError(row)
    within, variants, holds = (_texts(value) for value in lists)
    return Territory(name=name, kind=kind, within=within, variants=variants, holds=holds)


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError(value)
    return tuple(map(str, value))
