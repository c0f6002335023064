"""Filters -> which passages of an index pass them. Refuses nothing; what nothing passes gives no passage.

A passage is judged by its home publication alone, which is what a citation names, and by the territories that it names.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from ingest.document import Publication
from ingest.index.analyser import fold
from ingest.index.index import Index
from ingest.territories import Gazetteer
from rag.answer import Filters

Mask = NDArray[np.bool_]


class Filtering:
    """The filters of one index.

    A passage is about the territories that it, its headings or its publication's title name, and about all that hold them.
    """

    def __init__(self, index: Index, gazetteer: Gazetteer) -> None:
        self._index = index
        self._gazetteer = gazetteer
        named = cache(gazetteer.find)
        titles = {name: publication.title for name, publication in index.publications.items()}
        self._places = tuple(
            gazetteer.around(
                {
                    *passage.territories,
                    *(name for text in (titles[passage.publication_id], *passage.headings) for name in named(text)),
                }
            )
            for passage in index.passages
        )

    def allowed(self, filters: Filters) -> Mask:
        """Which passages pass all filters, shape (n,)."""
        passages = self._index.passages
        if filters == Filters():
            return np.ones(len(passages), dtype=np.bool_)
        passes = {name: _passes(publication, filters) for name, publication in self._index.publications.items()}
        of_publications = np.array([passes[passage.publication_id] for passage in passages], dtype=np.bool_)
        return of_publications if filters.territory is None else of_publications & self.about(filters.territory)

    def of_publication(self, publication: str) -> Mask:
        """Which passages have their home in the publication of that id, shape (n,)."""
        return np.array([passage.publication_id == publication for passage in self._index.passages], dtype=np.bool_)

    @cached_property
    def _named(self) -> frozenset[str]:
        return frozenset().union(*self._places)

    def is_known(self, territory: str) -> bool:
        """Whether some passage is about that very territory or what lies in it, as the gazetteer names it."""
        return territory in self._named

    def places_of(self, passage: int) -> frozenset[str]:
        """The territories that the passage of that number is about."""
        return self._places[passage]

    def about(self, territory: str) -> Mask:
        """Which passages name a territory that `territory` names, or one that lies in it, shape (n,)."""
        # A name as the gazetteer gives it is meant as it stands: "Vosges" alone could also be the mountains.
        named = self._named.intersection(territory.split(", "))
        asked = named.union(*map(self._gazetteer.called, territory.split(", "))) if territory else frozenset()
        if not asked:
            return np.zeros(len(self._places), dtype=np.bool_)
        return np.array([not asked.isdisjoint(places) for places in self._places], dtype=np.bool_)


def _passes(publication: Publication, filters: Filters) -> bool:
    return (
        (filters.publisher is None or _same(publication.publisher, filters.publisher))
        and (not filters.themes or any(_same(mine, asked) for mine in publication.themes for asked in filters.themes))
        and _dated(publication.date, filters)
    )


def _same(one: str, other: str) -> bool:
    return " ".join(fold(one).split()) == " ".join(fold(other).split())


def _dated(date: str | None, filters: Filters) -> bool:
    """A date known less exactly than the filter's passes when the two overlap; no date passes no date filter."""
    checks: tuple[tuple[str | None, Callable[[str, str], bool]], ...] = (
        (filters.since, lambda known, bound: known >= bound),
        (filters.until, lambda known, bound: known <= bound),
    )
    for bound, holds in checks:
        if bound is None:
            continue
        if date is None:
            return False
        shared = min(len(bound), len(date))
        if not holds(date[:shared], bound[:shared]):
            return False
    return True
