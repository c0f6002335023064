"""Figures with what they are to reach, as a table. Pure; refuses nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measurement. `at_least` and `at_most` are what it is to reach, None where nothing is asked; `note` says on what."""

    name: str
    value: float
    unit: str = ""
    at_least: float | None = None
    at_most: float | None = None
    note: str = ""

    @property
    def reached(self) -> bool:
        """Whether the value is within what is asked."""
        return (self.at_least is None or self.value >= self.at_least) and (
            self.at_most is None or self.value <= self.at_most
        )


def table(figures: Iterable[Figure]) -> Iterator[str]:
    """The figures as lines of a Markdown table."""
    yield "| measure | figure | to reach | |"
    yield "|---|---|---|---|"
    for figure in figures:
        unit = f" {figure.unit}" if figure.unit else ""
        verdict = "" if _asked(figure) == "-" else ("reached" if figure.reached else "**falls short**")
        note = f" ({figure.note})" if figure.note else ""
        yield f"| {figure.name}{note} | {_number(figure.value)}{unit} | {_asked(figure)} | {verdict} |"


def _asked(figure: Figure) -> str:
    if figure.at_least is not None:
        return f">= {_number(figure.at_least)}"
    return "-" if figure.at_most is None else f"<= {_number(figure.at_most)}"


def _number(value: float) -> str:
    """Three significant digits, thousands parted, no trailing zeros."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"
