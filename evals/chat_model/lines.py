"""Counts and times -> the lines that `python -m evals chat` prints. Pure; refuses nothing: a share of nothing is "-"."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from evals.measures import percentile

# How a half is named, and what the names of its splits begin with.
HALVES = {"dev": "dev", "test": "test", "all": ""}
WIDTH = 52


def share(name: str, part: int, whole: int) -> str:
    """So many of so many."""
    return f"{name:{WIDTH}}{part:4} of {whole:4} {f'{part / whole:.3f}' if whole else '-'}"


def time(name: str, values: Sequence[float]) -> str:
    """Median and 95th percentile."""
    if not values:
        return f"{name:{WIDTH}}-"
    median, late = (percentile(values, at) for at in (Fraction(1, 2), Fraction(95, 100)))
    return f"{name:{WIDTH}}median {median:.0f}, p95 {late:.0f}"
