"""A kept run, judged again, and the run before it -> all that a report says, before it is laid out. Pure.

Refused (RunError): figures that the run's own answers do not give, times that are none, a run before that shares no question.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evals.comparison import Comparison, compare
from evals.kept_lines import RunError, counted_line
from evals.measures import Judged
from evals.release_report.facts import Fact, Latency, facts_of, latency_of
from evals.release_report.figures import KindRow, MeasureRow, kind_rows, measure_rows
from evals.release_report.worst import WORST, Worst, worst_of
from evals.reliability import Bin, reliability
from evals.resampling import Interval
from evals.runs import KeptRun, as_kept
from evals.summary import Summary
from ingest.document import Passage

# Figures are kept with all their digits; sums on another machine may differ in the last ones.
_SAME = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """The reliability curve and what it comes to; `auroc` is None where one side was not asked."""

    curve: tuple[Bin, ...]
    auroc: float | None
    interval: Interval | None
    error: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Previous:
    """The run before: how it compares, its reliability curve and times."""

    name: str
    comparison: Comparison
    curve: tuple[Bin, ...]
    latency: Latency


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What the report of run `name` says. `texts_at_hand`: whether the corpora are those that were asked.

    `wrong` is how many questions have a fault, `worst` the worst of them.
    """

    name: str
    previous: Previous | None
    facts: tuple[Fact, ...]
    answerable: int
    unanswerable: int
    measures: tuple[MeasureRow, ...]
    answerable_kinds: tuple[KindRow, ...]
    other_kinds: tuple[KindRow, ...]
    calibration: Calibration
    latency: Latency
    wrong: int
    worst: tuple[Worst, ...]
    texts_at_hand: bool

    def verdicts(self, word: str) -> list[str]:
        """The measures that are `better`, `worse` or, by an empty word, neither."""
        return [row.label for row in self.measures if row.changed and row.changed.verdict == word]


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """A kept run with what its files give anew: its judged questions, their summary, and the texts of passages by id."""

    run: KeptRun
    judged: Sequence[Judged]
    summary: Summary
    passages: Mapping[str, Passage]
    texts_at_hand: bool = True


def contents_of(again: Again, before: KeptRun | None) -> Contents:
    """Everything. Raises RunError."""
    run, summary = again.run, again.summary
    _check_kept(run, summary)
    found = compare(before, run) if before else None
    both = (before, run) if before else None
    whole = summary.groups["all"]
    wrong = worst_of(again.judged, again.passages, len(again.judged))
    return Contents(
        name=run.name,
        previous=_previous(before, found) if before and found else None,
        facts=facts_of(run, before),
        answerable=whole.figures.answerable,
        unanswerable=whole.figures.unanswerable,
        measures=measure_rows(summary, found),
        answerable_kinds=kind_rows(summary, again.judged, both, answerable=True),
        other_kinds=kind_rows(summary, again.judged, both, answerable=False),
        calibration=Calibration(
            curve=whole.reliability,
            auroc=whole.figures.answerability_auroc,
            interval=whole.intervals.get("answerability_auroc"),
            error=whole.figures.calibration_error,
        ),
        latency=latency_of(run),
        wrong=len(wrong),
        worst=wrong[:WORST],
        texts_at_hand=again.texts_at_hand,
    )


def _previous(before: KeptRun, found: Comparison) -> Previous:
    where = before.folder / "answers.jsonl"
    counted = [counted_line(row, f"{where}: {name}") for name, row in before.lines.items()]
    return Previous(
        name=before.name,
        comparison=found,
        curve=reliability([(one.probability, one.answerable) for one in counted]),
        latency=latency_of(before),
    )


def _check_kept(run: KeptRun, summary: Summary) -> None:
    """What `figures.json` says is what the answers give; a figure that only one of both has is none's fault."""
    again = as_kept(summary)
    for part in ("groups", "kinds"):
        for name, group in again[part].items():
            fresh = group["figures"]
            kept = _figures(run.figures, part, name)
            if kept is None and fresh["answerable"] + fresh["unanswerable"]:
                raise RunError(f"{run.folder / 'figures.json'}: lacks {part}: {name}: figures (keep the run again)")
            for figure in sorted(fresh.keys() & (kept or {}).keys()):
                if kept and not _same(kept[figure], fresh[figure]):
                    raise RunError(
                        f"{run.folder / 'figures.json'}: {part}: {name}: {figure} is {kept[figure]!r}, "
                        f"the run's answers give {fresh[figure]!r} (keep the run again)"
                    )


def _figures(figures: Mapping[str, Any], part: str, name: str) -> Mapping[str, Any] | None:
    value: Any = figures
    for key in (part, name, "figures"):
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else None


def _same(kept: object, value: object) -> bool:
    if isinstance(kept, int | float) and isinstance(value, int | float):
        return abs(kept - value) < _SAME
    return kept == value
