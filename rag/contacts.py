"""Whom to ask where the corpus is silent: data (contacts.json of a build), by the territories that they serve.

Refused: a file that is not of the form {"contacts": [{"name", "url", "territories"}]} (ValueError, naming it).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Who helps, and where: regions or departments as the gazetteer names them, none for the whole country."""

    name: str
    url: str
    territories: frozenset[str]

    @classmethod
    def load_all(cls, path: Path) -> tuple[Contact, ...]:
        """Raises ValueError when the file is not of its form."""
        try:
            rows = json.loads(path.read_text(encoding="utf-8"))["contacts"]
            return tuple(
                cls(name=str(row["name"]), url=str(row["url"]), territories=frozenset(map(str, row["territories"])))
                for row in rows
            )
        except (OSError, KeyError, TypeError, ValueError) as error:
            raise ValueError(f'{path}: expected {{"contacts": [{{name, url, territories}}]}}: {error!r}') from error


def who_serves(contacts: Iterable[Contact], around: frozenset[str]) -> tuple[Contact, ...]:
    """Those for the whole country, and those for one of the territories `around`."""
    return tuple(one for one in contacts if not one.territories or not one.territories.isdisjoint(around))
