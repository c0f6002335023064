"""Territories marked by hand -> precision and recall of the gazetteer, as figures. Refuses what `read_sample` refuses."""

from __future__ import annotations

from collections.abc import Iterable

from ingest.bench.figures import Figure
from ingest.territories import Gazetteer
from ingest.territories.measure import LEAST_PRECISION, LEAST_RECALL, Marked, measure


def measure_places(sample: Iterable[Marked], gazetteer: Gazetteer, note: str) -> tuple[Figure, Figure]:
    """The two figures over the marked texts."""
    result = measure(sample, gazetteer)
    named = f"{note}: {result.expected} names"
    return (
        Figure(name="territories right", value=result.precision, at_least=LEAST_PRECISION, note=named),
        Figure(name="territories found", value=result.recall, at_least=LEAST_RECALL, note=named),
    )
