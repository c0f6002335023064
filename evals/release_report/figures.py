"""A summary, and its comparison with an earlier run -> rows of tables: every measure, and every kind of question. Pure.

Differences, their intervals, p-values and verdicts are those of `python -m evals compare`, of a kind over its questions alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from evals.comparison import Comparison, compare, verdict
from evals.kept_lines import RunError
from evals.measures import Judged
from evals.questions import Kind
from evals.report import LABELS
from evals.resampling import Difference, Interval
from evals.runs import KeptRun
from evals.summary import Group, Summary

# What is told of a kind, the most telling measure first: it is the one that is compared.
OF_ANSWERABLE = ("evidence_in_answer", "hit@5", "answerable_refused")
OF_OTHERS = ("unanswerable_not_answered", "expected_status")
# In the tables of `run` these go on from the row above; a row that is read by itself says what it is of.
_WHOLE_LABELS = {
    "expected_status": "unanswerable questions with the status expected of them",
    "absent_not_answered": "absent questions not answered",
    "off_topic_not_answered": "off-topic questions not answered",
    "hostile_not_answered": "hostile questions not answered",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A measure over some questions. None: nothing to measure, or no interval can be given."""

    value: float | None
    interval: Interval | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A difference to the earlier run, and whether that is `better` or `worse`; empty where it may be chance."""

    difference: Difference
    verdict: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureRow:
    """A measure over all questions and over both halves."""

    label: str
    whole: Measured
    dev: float | None
    test: float | None
    changed: Changed | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KindRow:
    """A kind of question. `measured` are those of OF_ANSWERABLE or of OF_OTHERS; `ended` counts by status."""

    kind: str
    count: int
    measured: tuple[Measured, ...]
    changed: Changed | None
    ended: Mapping[str, int]


def measure_rows(summary: Summary, found: Comparison | None) -> tuple[MeasureRow, ...]:
    """In the order of the tables of `run`; what no question measures is left out."""
    whole, dev, test = (summary.groups[name] for name in ("all", "dev", "test"))
    halves = [half.figures.to_json() for half in (dev, test)]
    rows = [
        MeasureRow(
            label=_WHOLE_LABELS.get(name, label),
            whole=_measured(whole, name),
            dev=halves[0][name],
            test=halves[1][name],
            changed=_changed(name, found),
        )
        for name, label in LABELS.items()
    ]
    return tuple(row for row in rows if row.whole.value is not None)


def kind_rows(
    summary: Summary, judged: Sequence[Judged], runs: tuple[KeptRun, KeptRun] | None, *, answerable: bool
) -> tuple[KindRow, ...]:
    """Kinds that were asked and are answerable or not. `runs`: the earlier one and this one, if they are compared."""
    names = OF_ANSWERABLE if answerable else OF_OTHERS
    rows = []
    for kind in Kind:
        ids = [e.outcome.question.id for e in judged if e.outcome.question.kind is kind]
        group = summary.kinds[kind.value]
        if not ids or answerable != bool(group.figures.answerable):
            continue
        rows.append(
            KindRow(
                kind=kind.value.replace("_", " "),
                count=len(ids),
                measured=tuple(_measured(group, name) for name in names),
                changed=_changed(names[0], _compared(runs, ids)),
                ended=summary.statuses[kind.value],
            )
        )
    return tuple(rows)


def _measured(group: Group, name: str) -> Measured:
    return Measured(value=group.figures.to_json()[name], interval=group.intervals.get(name))


def _changed(name: str, found: Comparison | None) -> Changed | None:
    difference = found.differences.get(name) if found else None
    return Changed(difference=difference, verdict=verdict(name, difference)) if difference else None


def _compared(runs: tuple[KeptRun, KeptRun] | None, ids: Sequence[str]) -> Comparison | None:
    """Over these questions alone; None where the runs share none of them."""
    if runs is None:
        return None
    before, after = (
        replace(run, lines={name: run.lines[name] for name in ids if name in run.lines}, resolved={}) for run in runs
    )
    try:
        return compare(before, after)
    except RunError:  # every line was read when the whole runs were compared, so nothing is shared
        return None
