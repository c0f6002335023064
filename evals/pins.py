"""Floors and the kept runs that they name: does each run still have the figure, and is what was measured now worse?

In: floors, the folder of kept runs, the questions and follow-ups at hand, what was judged now. Out: what each run judged, made
anew from its files; a message for each floor, run or file that does not fit; and the floors below which it fell.

Worse is what a paired bootstrap over the same questions says at 95 %. That is all the noise there is: the same code on the same
corpus gives the same bytes, so that from run to run nothing moves but times, and no floor is on those.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from evals.floors import FLOORED, SAME, Floors, is_worse
from evals.follow_ups import FollowUp, which_resolved
from evals.kept_lines import RunError, read_line
from evals.measures import Judged, counts_of
from evals.questions import Question
from evals.resampling import Difference, counted, differences, ratio_difference
from evals.runs import KeptRun, as_kept, judged_again, load_run
from evals.summary import summary_of

_FOLLOW_UPS = "follow_ups_resolved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What a run, kept or of now, says of each question, and of each follow-up by its id."""

    judged: Sequence[Judged]
    resolved: Mapping[str, bool]

    @classmethod
    def of(cls, judged: Sequence[Judged], follow_ups: Sequence[FollowUp], understood: Mapping[str, str]) -> Measure:
        """`understood` is by the follow-up's id; one that lacks there was not asked."""
        asked = [item for item in follow_ups if item.id in understood]
        ends = which_resolved(asked, understood)
        return cls(judged=judged, resolved={item.id: end for item, end in zip(asked, ends, strict=True)})


def pinned(
    floors: Floors, home: Path, questions: Sequence[Question], follow_ups: Sequence[FollowUp] | None, *, same: bool
) -> tuple[dict[str, Measure], list[str]]:
    """What the floors' runs judged, by name, and what is wrong with floors and runs.

    Where questions and follow-ups are not the `same` as those that the floors were set on, figures cannot be made anew: the
    floors are held against the runs' `figures.json` alone, and only questions that did not change come back. Without
    follow-ups that one figure is not looked at.
    """
    measures: dict[str, Measure] = {}
    problems: list[str] = []
    by_run: dict[str, list[str]] = defaultdict(list)
    for name, floor in floors.floors.items():
        by_run[floor.run].append(name)
    for version, names in by_run.items():
        try:
            run = load_run(home / version, home=home)  # there, and nowhere else
            judged = judged_again(run, questions) if same else _unchanged(run, questions)
            figures = as_kept(summary_of(judged, follow_ups or (), run.understood)) if same else run.figures
            left_out = {_FOLLOW_UPS} if follow_ups is None else set()
            problems += _edited(run, figures, left_out)
            problems += _moved(floors, set(names) - left_out, figures["groups"]["all"]["figures"])
            problems += _removed(floors, version, figures["groups"]["all"]["figures"])
        except RunError as error:
            problems.append(f"{', '.join(names)}: cannot be made anew from the run that they name: {error}")
            continue
        except (AttributeError, KeyError, TypeError) as error:
            problems.append(f"{run.folder / 'figures.json'}: is not that of a kept run: {error!r} (keep the run again)")
            continue
        measures[version] = Measure.of(judged, follow_ups or (), run.understood)
    return measures, problems


def fallen(floors: Floors, measures: Mapping[str, Measure], now: Measure) -> dict[str, str]:
    """By figure a message for each floor below which it fell beyond noise; a floor whose run is not there is left aside.

    A figure that the run has over the same questions, and that is not measured now, fell.
    """
    pairs = {version: _Pair.of(measure, now) for version, measure in measures.items()}
    messages = {}
    for name, floor in floors.floors.items():
        pair = pairs.get(floor.run)
        if pair is None or name not in pair.had:
            continue
        found = pair.differences.get(name)
        if found is None:
            messages[name] = f"floor broken: {name} is not measured, run {floor.run} has it over the same questions"
        elif _is_loss(name, found):
            messages[name] = (
                f"floor broken: {name} is {found.after:.4f}, run {floor.run} has {found.before:.4f} over the same "
                f"{pair.asked} questions (difference {found.change:+.4f}, 95 % interval "
                f"[{found.interval.low:+.4f}, {found.interval.high:+.4f}])"
            )
    return messages


def emptied(floors: Floors, home: Path, keeping: str | None) -> list[str]:
    """That there is no floor though runs are kept on the very questions and corpus: taken out by hand, they need no reason.

    The run that is being kept, from which floors may be about to be set, is no such run.
    """
    if floors.floors:
        return []
    kept = [folder.name for folder in sorted(home.glob("[!.]*")) if folder.is_dir() and folder.name != keeping]
    alike = [name for name in kept if _made_on(load_run(name, home=home).environment, floors.set_on)]
    if not alike:
        return []
    return [
        f"floors removed: there is none, though {', '.join(alike)} was kept on these questions and this corpus "
        "(bring floors.json back; before the first floors take that run away)"
    ]


def taken_out(floors: Floors, home: Path, questions: Sequence[Question]) -> list[str]:
    """The questions that the floors' runs were asked and that are there no more, by run; a run that cannot be read is told of
    elsewhere.
    """
    there = {question.id for question in questions}
    messages = []
    for version in sorted({floor.run for floor in floors.floors.values()}):
        try:
            gone = sorted(set(load_run(home / version, home=home).lines) - there)
        except RunError:
            continue
        if gone:
            messages.append(
                f"questions removed: {', '.join(gone)} of run {version} (put them back, or give a reason with "
                "--allow-regression)"
            )
    return messages


def _made_on(environment: Mapping[str, Any], set_on: Mapping[str, str]) -> bool:
    found = [environment.get(what) for what in ("questions", "corpus")]
    wanted = [set_on["questions_sha256"], set_on["corpus_sha256"]]
    return [one.get("sha256") if isinstance(one, dict) else None for one in found] == wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    """Two runs over the questions that both were asked; `had` are the figures that the earlier one has over them."""

    asked: int
    had: frozenset[str]
    differences: Mapping[str, Difference]

    @classmethod
    def of(cls, before: Measure, now: Measure) -> _Pair:
        earlier = {entry.outcome.question.id: entry for entry in before.judged}
        both = [(earlier[name], entry) for entry in now.judged if (name := entry.outcome.question.id) in earlier]
        found = differences([counted(one) for one, _ in both], [counted(other) for _, other in both])
        follow_ups = _follow_ups(before.resolved, now.resolved)
        had = {name for one, _ in both for name in counts_of(one)}
        labels = {one.outcome.question.answerable for one, _ in both}
        return cls(
            asked=len(both),
            had=frozenset(
                had | ({"answerability_auroc"} if len(labels) > 1 else set()) | ({_FOLLOW_UPS} if follow_ups else set())
            ),
            differences=found | ({_FOLLOW_UPS: follow_ups} if follow_ups else {}),
        )


def _follow_ups(before: Mapping[str, bool], now: Mapping[str, bool]) -> Difference | None:
    both = [name for name in before if name in now]
    ones = np.ones(len(both))
    columns = [np.array([ends[name] for name in both], dtype=np.float64) for ends in (before, now)]
    return ratio_difference((columns[0], ones), (columns[1], ones))


def _is_loss(name: str, found: Difference) -> bool:
    """Whether the figure is worse and the interval of the difference is without 0."""
    certain = found.interval.low > 0 or found.interval.high < 0
    return certain and is_worse(name, found.after, than=found.before)


def _unchanged(run: KeptRun, questions: Sequence[Question]) -> list[Judged]:
    """The run's answers to those of `questions` that it was asked with the same words and labels."""
    same = [question for question in questions if _reads(run, question)]
    names = {question.id for question in same}
    rest = replace(
        run,
        lines={name: line for name, line in run.lines.items() if name in names},
        rankings={name: ranking for name, ranking in run.rankings.items() if name in names},
    )
    return judged_again(rest, same)


def _reads(run: KeptRun, question: Question) -> bool:
    if question.id not in run.lines:
        return False
    try:
        read_line(run.lines[question.id], question, run.rankings.get(question.id, ()), "")
    except RunError:
        return False
    return True


def _edited(run: KeptRun, anew: Mapping[str, Any], left_out: Collection[str]) -> Iterator[str]:
    """Figures of the run that its own answers do not give."""
    for group, values in anew["groups"].items():
        kept = run.figures["groups"][group]["figures"]
        for name, value in values["figures"].items():
            if name not in left_out and not _equal(kept[name], value):
                yield (
                    f"{run.folder}: figures.json has {name} {kept[name]} ({group}), its answers give {value}: "
                    "a kept run was edited (bring it back, or keep another one)"
                )


def _moved(floors: Floors, names: Collection[str], figures: Mapping[str, Any]) -> Iterator[str]:
    """Floors that are not the figures of their runs."""
    for name in sorted(names):
        floor = floors.floors[name]
        if not _equal(floor.value, figures[name]):
            yield (
                f"floor edited: {name} is {floor.value}, its run {floor.run} has {figures[name]} "
                "(floors are set by: python -m evals gate --keep VERSION --raise)"
            )


def _removed(floors: Floors, version: str, figures: Mapping[str, Any]) -> Iterator[str]:
    """Figures that a run behind the floors has, and that have no floor though none was given up with a reason."""
    given_up = {one.figure for one in floors.sunk if one.after is None}
    for name in FLOORED:
        if name not in floors.floors and name not in given_up and figures.get(name) is not None:
            yield f"floor removed: {name}, which run {version} has: {figures[name]} (put it back, with the name of that run)"


def _equal(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= SAME
