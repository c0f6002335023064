"""Judged questions -> how sure a figure is, and whether a difference between two runs is more than chance.

In: what each question counts for a figure (`evals.measures.counts_of`) and the probabilities behind the AUROC. Out: 95 %
percentile bootstrap intervals, resampling questions; of a difference between two runs of the same questions also the p-value
of a permutation test that swaps both runs' results of a question (a sign flip of its difference). Seeded: same in, same out.
Nothing to measure gives no interval. An interval of a share that is 1 on every question is [1, 1]: the bootstrap knows
only what was seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evals.measures import SHARES, Counts, Judged, counts_of

# With 2,000 resamples the bounds of a share of 150 questions move by less than 0.005 from seed to seed.
RESAMPLES = 2000
SEED = 20240917
_TAILS = (2.5, 97.5)
# Floats summed in another order differ by less than this.
_SAME = 1e-9

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What one question counts for: its shares, and for the AUROC its probability and label."""

    counts: Counts
    probability: float
    answerable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """Bounds of 95 %, both included."""

    low: float
    high: float

    def to_json(self) -> list[float]:
        """Low and high."""
        return [self.low, self.high]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A figure of two runs over the same questions. `interval` is of `after - before`; `p_value` is two-sided."""

    before: float
    after: float
    interval: Interval
    p_value: float

    @property
    def change(self) -> float:
        """What was gained (a loss is negative)."""
        return self.after - self.before


def intervals(judged: Sequence[Judged], follow_ups: Sequence[bool] = ()) -> dict[str, Interval]:
    """By figure, for each share that has one and the AUROC. `follow_ups`: whether each was resolved."""
    weights = _weights(len(judged))
    items = [counted(entry) for entry in judged]
    samples = {name: _ratios(weights, *_columns(name, items)) for name in SHARES}
    samples["answerability_auroc"] = _aurocs(weights, _probabilities(items), _labels(items))
    samples["follow_ups_resolved"] = _ratios(
        _weights(len(follow_ups)), np.array(follow_ups, dtype=float), np.ones(len(follow_ups))
    )
    return {name: _interval(values) for name, values in samples.items() if not np.isnan(values).all()}


def counted(entry: Judged) -> Counted:
    """What a judged question counts for."""
    outcome = entry.outcome
    return Counted(counts=counts_of(entry), probability=outcome.probability, answerable=outcome.question.answerable)


def differences(before: Sequence[Counted], after: Sequence[Counted]) -> dict[str, Difference]:
    """By figure; both are the same questions in the same order. A figure that one of them lacks is left out."""
    found = {name: ratio_difference(_columns(name, before), _columns(name, after)) for name in SHARES}
    found["answerability_auroc"] = _auroc_difference(_probabilities(before), _probabilities(after), _labels(before))
    return {name: difference for name, difference in found.items() if difference is not None}


def ratio_difference(before: tuple[Vector, Vector], after: tuple[Vector, Vector]) -> Difference | None:
    """Of two shares, each given as the numerators and the denominators of the same items."""
    if not before[1].sum() or not after[1].sum():
        return None
    weights = _weights(len(before[0]))
    swapped = _swaps(len(before[0]))

    def exchanged(mine: tuple[Vector, Vector], theirs: tuple[Vector, Vector]) -> Vector:
        sums = [one.sum() + swapped @ (other - one) for one, other in zip(mine, theirs, strict=True)]
        return _divided(sums[0], sums[1])

    return _difference(
        float(before[0].sum() / before[1].sum()),
        float(after[0].sum() / after[1].sum()),
        _ratios(weights, *after) - _ratios(weights, *before),
        exchanged(after, before) - exchanged(before, after),
    )


def _auroc_difference(before: Vector, after: Vector, labels: Vector) -> Difference | None:
    everyone = np.ones((1, len(labels)))
    if np.isnan(_aurocs(everyone, before, labels)).all():
        return None
    weights, swaps = _weights(len(labels)), _swaps(len(labels))
    exchanged = [
        _aurocs(everyone, np.where(swap, before, after), labels)[0]
        - _aurocs(everyone, np.where(swap, after, before), labels)[0]
        for swap in swaps
    ]
    return _difference(
        float(_aurocs(everyone, before, labels)[0]),
        float(_aurocs(everyone, after, labels)[0]),
        _aurocs(weights, after, labels) - _aurocs(weights, before, labels),
        np.array(exchanged),
    )


def _difference(before: float, after: float, resampled: Vector, exchanged: Vector) -> Difference:
    known = exchanged[~np.isnan(exchanged)]
    as_far = np.abs(known) >= abs(after - before) - _SAME
    return Difference(
        before=before,
        after=after,
        interval=_interval(resampled),
        # The runs as they are count as one permutation, so that p is never 0.
        p_value=float((1 + as_far.sum()) / (1 + len(known))),
    )


def _weights(count: int) -> Vector:
    """How often each of `count` items is drawn, a row a resample."""
    if not count:
        return np.zeros((RESAMPLES, 0))
    drawn = np.random.default_rng(SEED).multinomial(count, np.full(count, 1 / count), size=RESAMPLES)
    return drawn.astype(np.float64)


def _swaps(count: int) -> Vector:
    return np.random.default_rng(SEED + 1).integers(2, size=(RESAMPLES, count)).astype(float)


def _columns(name: str, items: Sequence[Counted]) -> tuple[Vector, Vector]:
    pairs = np.array([item.counts.get(name, (0.0, 0.0)) for item in items], dtype=np.float64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


def _probabilities(items: Sequence[Counted]) -> Vector:
    return np.array([item.probability for item in items], dtype=np.float64)


def _labels(items: Sequence[Counted]) -> Vector:
    return np.array([item.answerable for item in items], dtype=np.float64)


def _ratios(weights: Vector, parts: Vector, wholes: Vector) -> Vector:
    return _divided(weights @ parts, weights @ wholes)


def _aurocs(weights: Vector, probabilities: Vector, labels: Vector) -> Vector:
    """A value a row of `weights`: nan where one of both sides was not drawn."""
    yes, no = labels > 0, labels == 0
    distance = np.subtract.outer(probabilities[yes], probabilities[no])
    ordered = (distance > 0) + 0.5 * (distance == 0)
    sums = ((weights[:, yes] @ ordered) * weights[:, no]).sum(axis=1)
    return _divided(sums, weights[:, yes].sum(axis=1) * weights[:, no].sum(axis=1))


def _divided(parts: Vector, wholes: Vector) -> Vector:
    """nan where there is nothing to take a share of."""
    shares: Vector = np.divide(parts, wholes, out=np.full(len(parts), np.nan), where=wholes > 0)
    return shares


def _interval(samples: Vector) -> Interval:
    low, high = np.nanpercentile(samples, _TAILS)
    return Interval(low=round(float(low), 6), high=round(float(high), 6))
