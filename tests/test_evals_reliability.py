"""The reliability curve and its error, on pairs that can be counted by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.reliability import Bin, calibration_error, reliability

PAIRS = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40)


def test_bins_are_of_equal_count_by_rising_probability() -> None:
    pairs = [(0.9, True), (0.1, False), (0.3, True), (0.7, True)]
    low, high = reliability(pairs, bins=2)
    assert (low.share_answerable, low.n, high.share_answerable, high.n) == (0.5, 2, 1.0, 2)
    assert [low.mean_probability, high.mean_probability] == pytest.approx([0.2, 0.8])


@given(PAIRS, st.integers(1, 12))
def test_every_question_is_in_one_bin_and_counts_differ_by_one_at_most(
    pairs: list[tuple[float, bool]], bins: int
) -> None:
    counts = [one.n for one in reliability(pairs, bins)]
    assert sum(counts) == len(pairs)
    assert len(counts) == min(bins, len(pairs))
    assert max(counts) - min(counts) <= 1


def test_the_error_is_the_weighted_distance_from_the_diagonal() -> None:
    curve = [
        Bin(mean_probability=0.2, share_answerable=0.5, n=1),
        Bin(mean_probability=0.9, share_answerable=0.8, n=3),
    ]
    assert calibration_error(curve) == pytest.approx((0.3 + 3 * 0.1) / 4)


def test_right_certainty_has_no_error_wrong_certainty_all_of_it_and_nothing_has_none() -> None:
    assert calibration_error(reliability([(1.0, True), (0.0, False)])) == 0.0
    assert calibration_error(reliability([(0.0, True), (1.0, False)])) == 1.0
    assert calibration_error(reliability([])) is None
