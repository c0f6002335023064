"""Judged questions and follow-ups -> everything that is said of a run: figures, intervals, calibration, how each kind ended.

Pure, and without a clock: the same judged questions give the same summary, so that a kept run can be checked by making it anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evals.follow_ups import FollowUp, which_resolved
from evals.measures import Figures, Judged, summarise
from evals.questions import Kind, Split
from evals.reliability import Bin, reliability
from evals.resampling import Interval, intervals


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Some questions' figures, the intervals of those that are shares, and their reliability curve."""

    figures: Figures
    intervals: Mapping[str, Interval]
    reliability: tuple[Bin, ...]

    def to_json(self) -> dict[str, Any]:
        """Figures under the names of floors.json."""
        return {
            "figures": self.figures.to_json(),
            "intervals": {name: interval.to_json() for name, interval in self.intervals.items()},
            "reliability": [one.to_json() for one in self.reliability],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """`groups` are all, dev and test, `kinds` the kinds of question; `statuses` counts by kind how its questions ended."""

    groups: Mapping[str, Group]
    kinds: Mapping[str, Group]
    statuses: Mapping[str, Mapping[str, int]]

    def to_json(self) -> dict[str, Any]:
        """What figures.json of a kept run holds."""
        return {
            "groups": {name: group.to_json() for name, group in self.groups.items()},
            "kinds": {name: group.to_json() for name, group in self.kinds.items()},
            "statuses": {kind: dict(counts) for kind, counts in self.statuses.items()},
        }


def summary_of(judged: Sequence[Judged], follow_ups: Sequence[FollowUp], understood: Mapping[str, str]) -> Summary:
    """`understood` is by the follow-up's id; one that lacks there is not resolved."""
    groups = {"all": _group(judged, which_resolved(follow_ups, understood))}
    for split in Split:
        mine = [entry for entry in judged if entry.outcome.question.split is split]
        groups[split.value] = _group(
            mine, which_resolved([item for item in follow_ups if item.split is split], understood)
        )
    by_kind = {kind.value: [entry for entry in judged if entry.outcome.question.kind is kind] for kind in Kind}
    return Summary(
        groups=groups,
        kinds={kind: _group(mine) for kind, mine in by_kind.items()},
        statuses={
            kind: dict(sorted(Counter(entry.outcome.answer.status.value for entry in mine).items()))
            for kind, mine in by_kind.items()
        },
    )


def _group(judged: Sequence[Judged], follow_ups: Sequence[bool] = ()) -> Group:
    return Group(
        figures=summarise(judged, sum(follow_ups) / len(follow_ups) if follow_ups else None),
        intervals=intervals(judged, follow_ups),
        reliability=reliability([(e.outcome.probability, e.outcome.question.answerable) for e in judged]),
    )
