"""Scores of several legs -> one score for each passage. Pure; refuses weights that do not fit (ValueError).

Every leg scores every passage exactly. The hundred best of each leg are the candidates: over them a leg's scores are
z-normalised, so that a leg's spread among what matters counts, and not that among the thousands of passages about nothing of
the kind. The weighted sum of the z-scores is the fused score.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

# The best of each leg, over which its scores are normalised.
CANDIDATES = 100
_FLAT = 1e-9

Legs = NDArray[np.float32]


class Leg(StrEnum):
    """What scores a passage: cosines of the question with it, its best window, its title and headings; BM25 of its text."""

    PASSAGE = "passages"
    WINDOW = "windows"
    TITLE = "titles"
    LEXICAL = "BM25"


LEGS = tuple(Leg)
# Fitted on PIAF's half (its articles' titles as titles, and without) and the FAQ's dev half; the figures are in the README.
# Each of the first, second and last within 0.05 of these, and the third anywhere between 0.05 and 0.20 of their sum, comes
# within 0.01 of MRR@10. A second BM25 leg over titles alone lost from a weight of 0.10 on.
WEIGHTS: Mapping[Leg, float] = {Leg.PASSAGE: 0.17, Leg.WINDOW: 0.43, Leg.TITLE: 0.13, Leg.LEXICAL: 0.27}


def candidates(legs: Legs, allowed: NDArray[np.bool_], depth: int = CANDIDATES) -> NDArray[np.int64]:
    """Numbers of the `depth` best allowed passages of each leg (rows in the order of LEGS), rising.

    A lexical score of 0 is no match. Ties at the border go to the earlier passage.
    """
    numbers = np.flatnonzero(allowed)
    if len(numbers) <= depth:
        return numbers
    best = [numbers[np.argsort(-leg[numbers], kind="stable")[:depth]] for leg in legs]
    lexical = LEGS.index(Leg.LEXICAL)
    best[lexical] = best[lexical][legs[lexical][best[lexical]] > 0]
    return np.unique(np.concatenate(best))


def fuse(legs: Legs, weights: NDArray[np.float64], among: NDArray[np.int64] | None = None) -> NDArray[np.float64]:
    """The weighted sum of z-scores: `legs` (k, n) holds k exact scores of n passages, normalised over those of `among`.

    Without `among`, over all. A leg without spread there adds nothing. Raises ValueError when the number of weights is not k
    or one is negative.
    """
    if len(legs) != len(weights) or (weights < 0).any():
        raise ValueError(f"{len(legs)} legs need as many weights >= 0, found {weights}")
    inner = legs if among is None else legs[:, among]
    spread = inner.std(axis=1, keepdims=True)
    z = (legs - inner.mean(axis=1, keepdims=True)) / np.where(spread > _FLAT, spread, 1.0)
    return np.asarray(weights @ np.where(spread > _FLAT, z, 0.0), dtype=np.float64)


def weights_of(weights: Mapping[Leg, float]) -> NDArray[np.float64]:
    """In the order of LEGS; a leg that is not named weighs nothing."""
    return np.array([weights.get(leg, 0.0) for leg in LEGS])
