"""The publications of an index as a reader chooses among them: facts only, no file is read. Pure."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ingest.document import Passage, Publication


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One publication: `pages` is the last page that has text, None where it has no pages; `words` counts those indexed."""

    publication: Publication
    pages: int | None
    words: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """What an index holds, newest first, then by title; and when it was made, ISO."""

    held: tuple[Held, ...]
    index_date: str

    @classmethod
    def of(cls, publications: Mapping[str, Publication], passages: Iterable[Passage], index_date: str) -> Shelf:
        """Of the publications of a build and their passages."""
        pages: dict[str, int] = {}
        words: Counter[str] = Counter()
        for passage in passages:
            words[passage.publication_id] += len(passage.text.split())
            if passage.page is not None:
                pages[passage.publication_id] = max(passage.page, pages.get(passage.publication_id, 0))
        held = [
            Held(publication=publication, pages=pages.get(name), words=words[name])
            for name, publication in publications.items()
        ]
        held.sort(key=lambda one: _in_order(one.publication.title))
        held.sort(key=lambda one: one.publication.date or "", reverse=True)
        return cls(held=tuple(held), index_date=index_date)

    @property
    def publishers(self) -> dict[str, int]:
        """How many publications each has, by name."""
        return _counted(one.publication.publisher for one in self.held)

    @property
    def themes(self) -> dict[str, int]:
        """How many publications each has, by name."""
        return _counted(theme for one in self.held for theme in one.publication.themes)

    def chosen(self, publisher: str, theme: str) -> tuple[Held, ...]:
        """Those of a publisher and a theme, either empty for all."""
        return tuple(
            one
            for one in self.held
            if publisher in {"", one.publication.publisher} and (not theme or theme in one.publication.themes)
        )


def _counted(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items(), key=lambda item: _in_order(item[0])))


def _in_order(name: str) -> str:
    """As a French list orders names: accents and case aside."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))
