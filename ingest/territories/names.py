"""The reviewed list over the official gazetteer: which places a key may stand for, and which place a label names. Pure.

A reviewed row of the same name and kind as an official place is that place: it gives its label, variants and, if it says so,
what holds it. Other official places of that label get their department's name in brackets.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ingest.territories.places import OVERSEAS, Official, Place, Territory, key_of, lengths_of

# Of a place that is only known as holding others: questions name it, `find` does not.
HOLDER = "holder"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Names:
    """Looks up places. `lengths`: how many words the longest name that begins with a word has."""

    lengths: Mapping[str, int]
    reviewed: Mapping[str, tuple[Place, ...]]
    labels: Mapping[str, Place]
    renamed: Mapping[str, Place]
    official: Official | None

    @property
    def departments(self) -> Mapping[str, str]:
        """Names of departments by their code."""
        return self.official.departments if self.official else {}

    def lookup(self, key: str) -> tuple[Place, ...]:
        """The places that `key` may stand for, reviewed ones first."""
        own = self.reviewed.get(key, ())
        if not self.official:
            return own
        places = self.official.by_key.get(key, ())
        if not places:
            return own
        seen = {place.label for place in own}
        renamed = (self._current(place) for place in places)
        return (*own, *(place for place in renamed if place.label not in seen))

    def by_label(self, label: str) -> Place | None:
        """The place that is shown as `label`."""
        found = self.labels.get(label)
        if found is None and self.official and label not in self.renamed:
            found = self.official.by_label.get(label)
        return found

    def intercommunality(self, place: Place) -> Place | None:
        """The innermost EPCI that holds `place`: a suburb of Paris has two."""
        return next((held for label in place.within if (held := self.by_label(label)) and held.kind == "epci"), None)

    def _current(self, place: Place) -> Place:
        new = self.renamed.get(place.label)
        if new is None:
            return place
        return new._replace(typed=place.typed, article=place.article)


def names_of(territories: Sequence[Territory], official: Official | None) -> Names:
    """The reviewed `territories` over `official`. A variant that begins with "=" needs its type before it ("région Sud")."""
    labels: dict[str, Place] = {}
    renamed: dict[str, Place] = {}
    reviewed: dict[str, list[Place]] = {}
    for territory in territories:
        same = _same(territory, official)
        place = _reviewed(territory, same)
        labels[place.label] = place
        if same:
            renamed[same.label] = place
        _set_aside(place, same, official, labels, renamed)
        for form in dict.fromkeys((territory.name, *territory.variants)):
            key, article = key_of(form)
            own = "" if place.kind == "epci" else article
            reviewed.setdefault(key, []).append(place._replace(article=own, typed=form[0] == "="))
    for place in _holders(territories, labels, official):
        labels[place.label] = place
        reviewed.setdefault(key_of(place.label)[0], []).append(place)
    return Names(
        lengths=_lengths(reviewed, official),
        reviewed={key: tuple(places) for key, places in reviewed.items()},
        labels=labels,
        renamed=renamed,
        official=official,
    )


def _same(territory: Territory, official: Official | None) -> Place | None:
    """The official place that `territory` is, if it is one: of two of a name, the one in the same department."""
    places = official.by_key.get(key_of(territory.name)[0], ()) if official else ()
    alike = [p for p in places if p.kind == territory.kind and key_of(_base(p.label)) == key_of(territory.name)]
    held = [p for p in alike if not territory.within or set(p.within) & set(territory.within)]
    return max(held, key=lambda p: (len(set(p.within) & set(territory.within)), p.population), default=None)


def _reviewed(territory: Territory, same: Place | None) -> Place:
    place = same or Place(label=territory.name, kind=territory.kind)
    within = territory.within or place.within
    return place._replace(label=territory.name, within=within, trusted=True, common=False, typed=False, article="")


def _set_aside(
    place: Place, same: Place | None, official: Official | None, labels: dict[str, Place], renamed: dict[str, Place]
) -> None:
    """An official place that has the label of a reviewed one, and is another, gets its department in brackets."""
    other = official.by_label.get(place.label) if official else None
    if official and other and other is not same and other.label not in renamed:
        label = f"{other.label} ({official.departments.get(other.department, other.kind)})"
        renamed[other.label] = labels[label] = other._replace(label=label)


def _holders(
    territories: Sequence[Territory], labels: Mapping[str, Place], official: Official | None
) -> Iterator[Place]:
    """What holds a territory and is none of them: questions name it ("outre-mer"), publications rarely."""
    known = official.by_label if official else {}
    holders = dict.fromkeys(holder for territory in territories for holder in territory.within)
    for holder in (*holders, *([OVERSEAS] if official else [])):
        if holder not in labels and holder not in known:
            yield Place(label=holder, kind=HOLDER)


def _base(label: str) -> str:
    return label.partition(" (")[0]


def _lengths(reviewed: Iterable[str], official: Official | None) -> Mapping[str, int]:
    lengths = dict(official.lengths) if official else {}
    for first, count in lengths_of(reviewed).items():
        lengths[first] = max(lengths.get(first, 0), count)
    return lengths
