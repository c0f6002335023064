"""Probabilities and what came true -> the AUROC, the reliability curve, and the expected calibration error.

In: pairs of a probability that a question can be answered, and whether it can. Out: bins of as equal a count as can be, by
rising probability (equal widths would leave most bins empty: the probabilities crowd at 0 and 1).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from statistics import fmean
from typing import Any

import numpy as np

# Some 30 questions a bin with 300 questions: a bin's share is then known to +- 0.15.
BINS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Neighbouring probabilities: their mean, the share of questions that are answerable, and how many there are."""

    mean_probability: float
    share_answerable: float
    n: int

    def to_json(self) -> dict[str, Any]:
        """The fields under their names."""
        return asdict(self)


def auroc(answerable: Sequence[float], unanswerable: Sequence[float]) -> float | None:
    """Mann and Whitney's U over the number of pairs: in [0, 1], ties count half; None when one side is empty."""
    if not answerable or not unanswerable:
        return None
    difference = np.subtract.outer(np.asarray(answerable), np.asarray(unanswerable))
    return float((difference > 0).mean() + 0.5 * (difference == 0).mean())


def reliability(pairs: Sequence[tuple[float, bool]], bins: int = BINS) -> tuple[Bin, ...]:
    """The curve: at most `bins` bins, none empty. Equal probabilities may lie in two bins, each with its share of them."""
    ordered = sorted(pairs)
    count = min(bins, len(ordered))
    cuts = [len(ordered) * number // count for number in range(count + 1)] if count else []
    chosen = [ordered[start:end] for start, end in pairwise(cuts)]
    return tuple(
        Bin(
            mean_probability=fmean(probability for probability, _ in some),
            share_answerable=fmean(answerable for _, answerable in some),
            n=len(some),
        )
        for some in chosen
    )


def calibration_error(curve: Sequence[Bin]) -> float | None:
    """Mean distance of a bin's share from its mean probability, weighted by its count; None without bins."""
    total = sum(one.n for one in curve)
    distance = sum(one.n * abs(one.mean_probability - one.share_answerable) for one in curve)
    return distance / total if total else None
