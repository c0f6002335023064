"""`python -m evals compare A B`: two kept runs -> what changed from A to B, and whether that is more than chance.

Compared are the questions that both have with the same words and the same label; how many are left out is said. Out: each
figure over those, its difference with a 95 % paired bootstrap interval and the p-value of a permutation test, and the questions
whose result changed, with both answers side by side. Exit status 0, or 1 for a run that cannot be read.
"""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

import numpy as np

from evals.kept_lines import RunError, counted_line
from evals.measures import LOWER_IS_BETTER
from evals.resampling import Counted, Difference, differences, ratio_difference
from evals.runs import RUNS, KeptRun, load_run

_COLUMN = 60
_SIGNIFICANT = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A question whose result changed: in which ways, and its line in each run."""

    what: tuple[str, ...]
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """`left_out`: how many questions only A has, only B has, and have other words or another label."""

    names: tuple[str, str]
    compared: int
    left_out: tuple[int, int, int]
    differences: Mapping[str, Difference]
    changes: tuple[Change, ...]


def compare(before: KeptRun, after: KeptRun) -> Comparison:
    """Raises RunError for a line that counts nothing, and for runs that share no question."""
    both = [name for name in before.lines if name in after.lines]
    same = [name for name in both if _asked(before.lines[name]) == _asked(after.lines[name])]
    if not same:
        raise RunError(f"{before.folder} and {after.folder} share no question, so there is nothing to compare")
    found = differences(_counted(before, same), _counted(after, same))
    follow_ups = _follow_ups(before, after)
    return Comparison(
        names=(before.name, after.name),
        compared=len(same),
        left_out=(len(before.lines) - len(both), len(after.lines) - len(both), len(both) - len(same)),
        differences=found | ({"follow_ups_resolved": follow_ups} if follow_ups else {}),
        changes=tuple(_changes((before.lines[name], after.lines[name]) for name in same)),
    )


def as_text(found: Comparison) -> str:
    """Tables and answers for a terminal."""
    one, other = found.names
    only_before, only_after, otherwise = found.left_out
    lines = [
        f"{found.compared} questions compared; left out: {only_before} only in {one}, {only_after} only in {other}, "
        f"{otherwise} with other words or another label",
        "",
        f"{'figure':28}{one[:12]:>13}{other[:12]:>13}{'change':>9}   {'95 % interval':18}{'p':>7}",
    ]
    lines += [_row(name, difference) for name, difference in found.differences.items()]
    lines += ["", f"{len(found.changes)} questions changed"]
    for change in found.changes:
        lines += ["", f"{change.before['id']} {', '.join(change.what)}: {change.before['question']}"]
        lines += _side_by_side(_shown(one, change.before), _shown(other, change.after))
    return "\n".join(lines)


def verdict(name: str, found: Difference) -> str:
    """Whether the figure is `better` or `worse`; empty where the difference may be chance, by its interval or by its test.

    Both, for where few questions changed, all one way, resampling hardly ever draws none of them: 4 of 24 gained give an
    interval above 0, and p = 0.12.
    """
    if found.interval.low <= 0 <= found.interval.high or found.p_value >= _SIGNIFICANT:
        return ""
    return "better" if (found.change > 0) != (name in LOWER_IS_BETTER) else "worse"


def add_compare(commands: Any) -> None:  # noqa: ANN401
    """The sub-command, for the parser of `python -m evals`."""
    parser = commands.add_parser("compare", help="what changed from one kept run to another, and is it chance")
    parser.add_argument("before", metavar="A", help="a kept run: its version, or its folder")
    parser.add_argument("after", metavar="B", help="the one to compare with it")
    parser.add_argument("--runs", type=Path, default=RUNS, metavar="DIR", help="where runs are kept")
    parser.set_defaults(act=_compare)


def _compare(options: argparse.Namespace) -> int:
    before, after = (load_run(name, home=options.runs) for name in (options.before, options.after))
    print(as_text(compare(before, after)))
    return 0


def _asked(line: Mapping[str, Any]) -> tuple[object, object]:
    return line.get("question"), line.get("answerable")


def _counted(run: KeptRun, names: Iterable[str]) -> list[Counted]:
    return [counted_line(run.lines[name], f"{run.folder / 'answers.jsonl'}: {name}") for name in names]


def _follow_ups(before: KeptRun, after: KeptRun) -> Difference | None:
    same = [name for name in before.resolved if name in after.resolved]
    ones = np.ones(len(same))
    columns = [np.array([run.resolved[name] for name in same], dtype=np.float64) for run in (before, after)]
    return ratio_difference((columns[0], ones), (columns[1], ones))


def _changes(pairs: Iterable[tuple[Mapping[str, Any], Mapping[str, Any]]]) -> Iterator[Change]:
    for before, after in pairs:
        what = []
        if before["status"] != after["status"]:
            what.append(f"{before['status']} -> {after['status']}")
        for name in ("evidence_in_answer", "figures_correct", "territory_first"):
            held = [line["counts"].get(name, [0.0])[0] for line in (before, after)]
            if held[0] != held[1]:
                what.append(f"{name} {'gained' if held[1] > held[0] else 'lost'}")
        if what:
            yield Change(what=tuple(what), before=before, after=after)


def _row(name: str, found: Difference) -> str:
    bounds = f"[{found.interval.low:+.3f}, {found.interval.high:+.3f}]"
    figures = f"{found.before:>13.3f}{found.after:>13.3f}{found.change:>+9.3f}"
    return f"{name:28}{figures}   {bounds:18}{found.p_value:>7.3f}  {verdict(name, found)}".rstrip()


def _shown(name: str, line: Mapping[str, Any]) -> list[str]:
    """One run's answer, wrapped to its column."""
    parts = [f"{name}: {line['status']}", *str(line["text"]).split("\n")]
    parts += [f"[{one['n']}] {one['publication']}, p. {one['page']}" for one in line["citations"]]
    return [row for part in parts for row in textwrap.wrap(" ".join(part.split()), _COLUMN)]


def _side_by_side(left: list[str], right: list[str]) -> list[str]:
    return [f"  {one:{_COLUMN}} | {other}".rstrip() for one, other in zip_longest(left, right, fillvalue="")]
