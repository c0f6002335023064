"""The gate: `floors.json` against the figures of all questions together.

In: the floors, with the hashes of the question set and the corpora that they were set on, and the figures. Out: what
is broken, one message each. Refused (FloorsError): a file of another form, a floor on a figure that is not measured here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.measures import FIGURE_NAMES, Figures

_KEYS = {"questions_sha256", "corpus_sha256", "at_least", "at_most"}


class FloorsError(Exception):
    """The floors cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Floors:
    """Bounds by the figure's name, and the SHA-256 of the question set and of the corpora on which they were set."""

    questions_sha256: str
    corpus_sha256: str
    at_least: Mapping[str, float]
    at_most: Mapping[str, float]


def load_floors(path: Path) -> Floors:
    """Read the floors. Raises FloorsError."""
    try:
        row = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise FloorsError(f"{path}: cannot be read: {error}") from error
    if not isinstance(row, dict) or row.keys() != _KEYS:
        found = sorted(row) if isinstance(row, dict) else type(row).__name__
        raise FloorsError(f"{path}: found {found}, expected an object with exactly {sorted(_KEYS)}")
    for name in ("questions_sha256", "corpus_sha256"):
        if not isinstance(row[name], str):
            raise FloorsError(f"{path}: {name} is {row[name]!r}, expected a SHA-256 in hexadecimal")
    return Floors(
        questions_sha256=row["questions_sha256"],
        corpus_sha256=row["corpus_sha256"],
        at_least=_bounds(path, row, "at_least"),
        at_most=_bounds(path, row, "at_most"),
    )


def sha256_of(path: Path) -> str:
    """The file's SHA-256 in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def changed_since_set(floors: Floors, found: Mapping[str, str]) -> list[str]:
    """Which of the hashes that the floors were set on (`questions_sha256`, `corpus_sha256`) are others now."""
    expected = {"questions_sha256": floors.questions_sha256, "corpus_sha256": floors.corpus_sha256}
    return [
        f"floors were set on others: {name} is {wanted}, found {found[name]} (look at the figures, then set it)"
        for name, wanted in expected.items()
        if name in found and found[name] != wanted
    ]


def broken(floors: Floors, figures: Figures) -> list[str]:
    """The bounds that the figures do not keep. A figure that could not be measured keeps none."""
    values = figures.to_json()
    messages = []
    for bounds, keeps, word in ((floors.at_least, _at_least, "at least"), (floors.at_most, _at_most, "at most")):
        for name, bound in bounds.items():
            value = values[name]
            if value is None or not keeps(value, bound):
                found = "not measured" if value is None else f"{value:.4f}"
                messages.append(f"floor broken: {name} is {found}, expected {word} {bound}")
    return messages


def _bounds(path: Path, row: Mapping[str, Any], key: str) -> dict[str, float]:
    bounds = row[key]
    if not isinstance(bounds, dict):
        raise FloorsError(f"{path}: {key} is {bounds!r}, expected an object of figure: number")
    for name, bound in bounds.items():
        if name not in FIGURE_NAMES:
            raise FloorsError(f"{path}: {key}: no figure is called {name!r}, expected one of {list(FIGURE_NAMES)}")
        if isinstance(bound, bool) or not isinstance(bound, int | float):
            raise FloorsError(f"{path}: {key}: {name} is {bound!r}, expected a number")
    return bounds


def _at_least(value: float, bound: float) -> bool:
    return value >= bound


def _at_most(value: float, bound: float) -> bool:
    return value <= bound
