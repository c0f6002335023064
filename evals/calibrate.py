"""Fits the answerability model on the questions marked `dev` and further ones: logistic regression with an L2 penalty, by
Newton's method.

In: labelled signals. Out: an Answerability. The threshold is the one that leaves most unanswerable dev questions
unanswered, each judged by a model fitted without it (leave one out), while refusing at most `MAX_REFUSED` of the answerable
ones: a public body would rather say nothing than something wrong. Refused: dev questions of one kind only (ValueError).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from evals.reliability import auroc
from rag.answerability import Answerability
from rag.signals import FEATURES, Signals

# Strength of the penalty on standardised weights: with some 70 questions an unpenalised fit separates them and trusts one
# signal.
_PENALTY = 2.0
# What a further question weighs against one of dev: they lie nearer to each other than what people ask. Leave one out on the
# 160 dev questions of questions.jsonl@faf5367, 0.10 refuses 3 of 136 and leaves 18 of 24 unanswered, 0.25 refuses 4 and leaves
# 17, 0.05 is as 0.10; of the further ones that are answerable all three refuse 1 or 2 of 38.
_FURTHER = 0.1
# Less than the floor of 0.05 allows, for what is fitted on some questions refuses more of others.
MAX_REFUSED = 0.045
_STEPS = 50

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """The model, and what the fit says of itself: AUROC and error shares on dev, leave one out."""

    model: Answerability
    auroc: float
    refused_wrongly: float
    answered_wrongly: float


@dataclass(frozen=True, slots=True)
class Labelled:
    """The signals of a question, and whether the corpora answer it."""

    signals: Signals
    answerable: bool


def calibrate(dev: Sequence[Labelled], fitted_on: str, further: Sequence[Labelled] = ()) -> Calibration:
    """`fitted_on` names the question set and its hash. What is said of the fit, and the threshold, are of `dev` alone, each of
    its questions judged by a model that saw all others and the `further` ones. Raises ValueError unless dev has two of either
    kind: with the only one of its kind left out, the bias, which nothing holds back, would grow without bound.
    """
    if min(sum(one.answerable is kind for one in dev) for kind in (True, False)) < 2:
        raise ValueError("two dev questions of either kind are needed, answerable and not")
    everything = [*dev, *further]
    labels = np.array([one.answerable for one in everything], dtype=np.float64)
    features = np.array([one.signals.vector() for one in everything], dtype=np.float64)
    weights = np.array([1.0] * len(dev) + [_FURTHER] * len(further))
    everyone = np.arange(len(labels))
    model = _fit(features, labels, weights, fitted_on)
    scores = np.array(
        [
            _fit(features[rest], labels[rest], weights[rest], "").probability(one.signals)
            for one, rest in zip(dev, (everyone != number for number in range(len(dev))), strict=True)
        ]
    )
    labels = labels[: len(dev)]
    threshold = _threshold(scores, labels)
    return Calibration(
        model=replace(model, threshold=round(threshold, 4)),
        auroc=auroc(list(scores[labels == 1]), list(scores[labels == 0])) or 0.0,
        refused_wrongly=float((scores[labels == 1] < threshold).mean()),
        answered_wrongly=float((scores[labels == 0] >= threshold).mean()),
    )


def _fit(features: Vector, labels: Vector, each: Vector, fitted_on: str) -> Answerability:
    means = features.mean(axis=0)
    spreads = np.where(features.std(axis=0) > 1e-9, features.std(axis=0), 1.0)
    design = np.column_stack([np.ones(len(labels)), (features - means) / spreads])
    penalty = np.diag([0.0] + [_PENALTY] * features.shape[1])
    weights = np.zeros(design.shape[1])
    for _ in range(_STEPS):
        probability = 1 / (1 + np.exp(-design @ weights))
        gradient = design.T @ (each * (labels - probability)) - penalty @ weights
        hessian = (design.T * (each * probability * (1 - probability))) @ design + penalty
        weights = weights + np.linalg.solve(hessian, gradient)
    return Answerability(
        weights=_rounded(weights[1:]),
        means=_rounded(means),
        spreads=_rounded(spreads),
        bias=round(float(weights[0]), 4),
        threshold=0.5,
        fitted_on=fitted_on,
        features=FEATURES,
    )


def _threshold(scores: Vector, labels: Vector) -> float:
    """Midway between two neighbouring scores: of the cuts that refuse few enough, the lowest that leaves most unanswered.

    0, which answers everything, where every cut refuses too many.
    """
    ordered = np.unique(scores)
    cuts = [0.0, *(ordered[:-1] + ordered[1:]) / 2]
    allowed = [cut for cut in cuts if (scores[labels == 1] < cut).mean() <= MAX_REFUSED]
    return float(max(allowed, key=lambda cut: ((scores[labels == 0] < cut).mean(), -cut)))


def _rounded(values: Vector) -> tuple[float, ...]:
    return tuple(round(float(value), 5) for value in values)
