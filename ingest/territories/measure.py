"""Texts marked by hand -> precision and recall of the names found in them. Pure but for reading the file.

A name counts once a text. A name marked is right under any of its forms ("Grand Lyon" for "Métropole de Lyon").
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ingest.territories.gazetteer import Gazetteer
from ingest.territories.places import GazetteerError

LEAST_PRECISION = 0.92
LEAST_RECALL = 0.90


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """Counts of names over all texts, and what was wrongly found (+) or not found (-), with its text."""

    found: int
    expected: int
    right: int
    misses: tuple[str, ...]

    @property
    def precision(self) -> float:
        """Share of what was found that is marked."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Share of what is marked that was found."""
        return self.right / self.expected if self.expected else 1.0

    @property
    def holds(self) -> bool:
        """Whether both reach their bounds."""
        return self.precision >= LEAST_PRECISION and self.recall >= LEAST_RECALL


def measure(sample: Iterable[tuple[str, Iterable[str]]], gazetteer: Gazetteer) -> Measure:
    """Compare what `gazetteer` finds in each text with the names expected there."""
    totals, misses = [0, 0, 0], []
    for text, names in sample:
        found = set(gazetteer.find(text))
        expected = {gazetteer.shown(name, among=found) for name in names}
        totals = [total + len(part) for total, part in zip(totals, (found, expected, found & expected), strict=True)]
        line = " ".join(text.split())
        misses += [f"+ {name}: {line}" for name in sorted(found - expected)]
        misses += [f"- {name}: {line}" for name in sorted(expected - found)]
    return Measure(found=totals[0], expected=totals[1], right=totals[2], misses=tuple(misses))


def read_sample(path: Path) -> list[tuple[str, tuple[str, ...]]]:
    """Lines {"text": "...", "names": [...]}. Raises GazetteerError."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise GazetteerError(f"{path}: cannot be read: {error}") from error
    return [_marked(f"{path}:{number}", line) for number, line in enumerate(lines, start=1) if line.strip()]


def _marked(where: str, line: str) -> tuple[str, tuple[str, ...]]:
    try:
        row = json.loads(line)
        return str(row["text"]), tuple(map(str, row["names"]))
    except (ValueError, KeyError, TypeError) as error:
        message = f'{where}: expected {{"text": "...", "names": ["..."]}}, found {error!r}'
        raise GazetteerError(message) from error
