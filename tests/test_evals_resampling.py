"""Intervals and differences: where they must lie, on shares of which the spread is known."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.reliability import auroc
from evals.resampling import Interval, counted, differences, intervals, ratio_difference
from tests.judged import some_judged

HALF = [True, False] * 50
ONES = np.ones(100)


def test_the_interval_of_a_share_is_as_wide_as_the_binomial_says() -> None:
    found = intervals(some_judged(HALF))["evidence_in_answer"]
    wide = 1.96 * sqrt(0.25 / 100)
    assert [found.low, found.high] == pytest.approx([0.5 - wide, 0.5 + wide], abs=0.015)


def test_more_questions_make_a_narrower_interval() -> None:
    few, many = (intervals(some_judged(HALF * times))["evidence_in_answer"] for times in (1, 4))
    assert many.high - many.low == pytest.approx((few.high - few.low) / 2, rel=0.15)


def test_what_is_the_same_for_every_question_has_no_width_and_what_is_not_measured_no_interval() -> None:
    found = intervals(some_judged([True] * 10))
    assert found["hit@1"] == Interval(low=1.0, high=1.0)
    assert not found.keys() & {"hostile_not_answered", "answerability_auroc", "follow_ups_resolved", "figures_correct"}
    assert intervals([]) == {}


def test_the_interval_of_the_auroc_holds_it_and_that_of_follow_ups_their_share() -> None:
    judged = some_judged(HALF, traps_answered=HALF)
    found = intervals(judged, [True, True, False, True] * 10)
    asked, traps = (
        [e.outcome.probability for e in judged if e.outcome.question.answerable is side] for side in (True, False)
    )
    exact = auroc(asked, traps) or 0.0
    assert exact == pytest.approx(0.75)
    assert 0.6 < found["answerability_auroc"].low < exact < found["answerability_auroc"].high < 0.9
    assert 0.5 < found["follow_ups_resolved"].low < 0.75 < found["follow_ups_resolved"].high < 0.95


def test_the_same_questions_give_the_same_intervals_twice() -> None:
    judged = some_judged(HALF, traps_answered=[True, False])
    assert intervals(judged) == intervals(judged)


def test_two_equal_runs_differ_by_nothing_and_p_is_1() -> None:
    items = [counted(entry) for entry in some_judged(HALF, traps_answered=[True, False])]
    found = differences(items, items)
    assert {"hit@1", "evidence_in_answer", "answerability_auroc", "hostile_not_answered"} <= found.keys()
    for difference in found.values():
        assert (difference.change, difference.p_value) == (0.0, 1.0)
        assert difference.interval == Interval(low=0.0, high=0.0)


def test_a_loss_of_many_questions_is_more_than_chance_and_of_one_is_not() -> None:
    good, many, one = ([True] * 100, [False] * 20 + [True] * 80, [False] + [True] * 99)
    before, worse, nearly = (
        [counted(e) for e in some_judged(of, traps_answered=[False] * 20)] for of in (good, many, one)
    )
    lost = differences(before, worse)
    assert lost["evidence_in_answer"].change == pytest.approx(-0.2)
    assert lost["evidence_in_answer"].interval.high < -0.1
    assert lost["evidence_in_answer"].p_value < 0.01
    assert differences(before, nearly)["evidence_in_answer"].p_value > 0.5
    assert differences(worse, before)["evidence_in_answer"].change == pytest.approx(0.2)


def test_a_lost_order_of_probabilities_shows_in_the_auroc() -> None:
    before = [counted(e) for e in some_judged([True] * 30, traps_answered=[False] * 30)]
    after = [counted(e) for e in some_judged([False] * 30, traps_answered=[True] * 30)]
    found = differences(before, after)["answerability_auroc"]
    assert (found.before, found.after) == (1.0, 0.0)
    assert found.p_value < 0.01


def test_gains_and_losses_that_cancel_out_are_chance() -> None:
    flags = np.array(HALF, dtype=np.float64)
    found = ratio_difference((flags, ONES), (1 - flags, ONES))
    assert found is not None
    assert found.p_value == 1.0
    assert found.interval.low < 0 < found.interval.high


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=30))
def test_the_order_of_two_runs_turns_the_sign_and_nothing_else(pairs: list[tuple[bool, bool]]) -> None:
    ones = np.ones(len(pairs))
    one, other = (np.array(column, dtype=np.float64) for column in zip(*pairs, strict=True))
    forth, back = ratio_difference((one, ones), (other, ones)), ratio_difference((other, ones), (one, ones))
    assert forth is not None
    assert back is not None
    assert forth.change == -back.change
    assert forth.p_value == back.p_value
    turned = [-back.interval.high, -back.interval.low]
    assert [forth.interval.low, forth.interval.high] == pytest.approx(turned)


def test_a_share_of_nothing_has_no_difference() -> None:
    assert ratio_difference((np.zeros(3), np.zeros(3)), (np.ones(3), np.ones(3))) is None
