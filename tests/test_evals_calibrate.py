"""Fitting when a question is answered: what parts the two kinds, what must be refused."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from evals.calibrate import MAX_REFUSED, Labelled, calibrate
from rag.signals import Signals


def signal(closeness: float, *missing: str) -> Signals:
    return Signals(
        closeness=closeness,
        passage_closeness=closeness - 0.01,
        window=0.85,
        margin=0.03,
        lexical=0.4,
        agreement=0.5,
        coverage=0.5,
        typed_coverage=0.5,
        passage_coverage=0.6,
        fact=False,
        missing=missing,
        untyped=False,
    )


def labelled(answerable: Iterable[Signals], others: Iterable[Signals]) -> list[Labelled]:
    return [*(Labelled(one, True) for one in answerable), *(Labelled(one, False) for one in others)]


def test_questions_that_a_signal_parts_are_parted() -> None:
    near = [signal(0.08 + step / 1000) for step in range(20)]
    far = [signal(-0.02 - step / 1000) for step in range(20)]

    found = calibrate(labelled(near, far), "set@1")

    assert (found.auroc, found.refused_wrongly, found.answered_wrongly) == (1.0, 0.0, 0.0)
    assert all(found.model.answers(one) for one in near)
    assert not any(found.model.answers(one) for one in far)
    assert found.model.fitted_on == "set@1"


def test_a_name_that_no_passage_holds_speaks_against_an_answer() -> None:
    known = [signal(0.05 + step / 1000) for step in range(12)]
    unknown = [signal(0.05 + step / 1000, "Roubaix") for step in range(12)]

    model = calibrate(labelled(known, unknown), "").model

    assert model.probability(signal(0.055)) > model.threshold > model.probability(signal(0.055, "Roubaix"))


def test_few_answerable_questions_are_refused_even_where_the_kinds_overlap() -> None:
    answerable = [signal(step / 100) for step in range(40)]
    others = [signal(step / 100 - 0.1) for step in range(40)]

    found = calibrate(labelled(answerable, others), "")

    assert found.refused_wrongly <= MAX_REFUSED
    assert 0.5 < found.auroc < 1.0


def test_signals_that_say_nothing_refuse_no_one() -> None:
    found = calibrate([Labelled(signal(step % 10 / 100), step < 20) for step in range(40)], "")
    assert found.auroc <= 0.5
    assert found.refused_wrongly <= MAX_REFUSED


@pytest.mark.parametrize("answerable", [True, False])
def test_questions_of_one_kind_are_refused(answerable: bool) -> None:
    with pytest.raises(ValueError, match="two dev questions of either kind"):
        calibrate([Labelled(signal(0.1), answerable), Labelled(signal(0.2), answerable)], "")
    with pytest.raises(ValueError, match="two dev questions of either kind"):
        calibrate([], "")


@pytest.mark.parametrize("answerable", [True, False])
def test_the_only_question_of_its_kind_is_refused_by_name_and_two_are_fitted(answerable: bool) -> None:
    others = [Labelled(signal(step / 100), answerable) for step in range(8)]
    one, another = (Labelled(signal(-0.03 - step / 100), not answerable) for step in range(2))
    with pytest.raises(ValueError, match="two dev questions of either kind"):
        calibrate([*others, one], "")
    assert calibrate([*others, one, another], "").auroc == 1.0


def test_further_questions_move_the_weights_but_not_what_is_said_of_dev() -> None:
    dev = labelled(
        [signal(0.05 + step / 1000) for step in range(12)], [signal(-0.05 - step / 1000) for step in range(12)]
    )
    further = labelled([], [signal(0.05 + step / 1000, "ANCT") for step in range(12)])

    alone, together = calibrate(dev, ""), calibrate(dev, "", further)

    named = signal(0.055, "ANCT")
    assert together.model.probability(named) < alone.model.probability(named)
    assert (together.auroc, together.refused_wrongly, together.answered_wrongly) == (1.0, 0.0, 0.0)
