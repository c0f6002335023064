"""The weights of sentences: fitted so that those with evidence come first, on questions left out as well."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from evals.fit import Listed, fit_fitness
from rag.compose.fitness import MODEL_FILE, Fitness
from rag.compose.traits import TRAITS, Traits


def traits(near: float, terms: float = 0.0, *, acts: bool = False) -> Traits:
    return Traits(
        near=near,
        passage_near=0.0,
        fused=0.0,
        terms=terms,
        above=0.0,
        in_form=False,
        tells=False,
        defines=False,
        acts=acts,
        prescribes=False,
        follows=0.0,
        example=False,
        short=0.0,
        asks=False,
    )


def lists(count: int) -> list[Listed]:
    """For each question ten sentences: the one with most of its terms is right, how near each lies says nothing."""
    noise = np.random.default_rng(7)
    found = []
    for _ in range(count):
        shares = noise.uniform(0, 1, 10)
        found.append(
            Listed(
                traits=[traits(-near, share) for near, share in zip(noise.uniform(0, 2, 10), shares, strict=True)],
                right=[bool(share == shares.max()) for share in shares],
            )
        )
    return found


def test_what_tells_right_sentences_from_others_weighs_most() -> None:
    fitted = fit_fitness(lists(40), "forty lists")
    weights = dict(zip(TRAITS, fitted.model.weights, strict=True))

    assert weights["terms"] > 5
    assert abs(weights["near"]) < 1
    assert fitted.model.fitted_on == "forty lists"
    assert fitted.questions == 40


def test_shares_are_of_questions_that_the_fit_has_not_seen() -> None:
    noise = np.random.default_rng(3)
    blind = [
        Listed(
            traits=[traits(near) for near in noise.uniform(-2, 0, 10)],
            right=[n == 0 for n in noise.permutation(10)],
        )
        for _ in range(60)
    ]
    told, untold = fit_fitness(lists(40), ""), fit_fitness(blind, "")

    assert told.first > 0.9
    assert told.first <= told.first_3 <= told.first_5
    assert untold.first < 0.4, "what cannot be told is not told"


def test_a_question_without_evidence_found_is_left_out_and_fewer_than_two_are_refused() -> None:
    unfound = Listed(traits=[traits(0.0)], right=[False])

    assert fit_fitness([*lists(12), unfound], "").questions == 12
    assert fit_fitness(lists(2), "").questions == 2
    for few in ([unfound], [*lists(1), unfound]):
        with pytest.raises(ValueError, match="expected at least 2"):
            fit_fitness(few, "")


def test_a_fit_is_the_same_twice_and_survives_its_file(tmp_path: Path) -> None:
    one, other = fit_fitness(lists(20), "twenty"), fit_fitness(lists(20), "twenty")
    one.model.save(tmp_path / "fitness.json")

    assert one == other
    assert Fitness.load(tmp_path / "fitness.json") == one.model


def test_weights_of_other_traits_are_refused_with_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "fitness.json"
    file.write_text(MODEL_FILE.read_text(encoding="utf-8").replace('"near"', '"nearer"'), encoding="utf-8")

    with pytest.raises(ValueError, match="python -m evals calibrate"):
        Fitness.load(file)


def test_a_weight_is_the_sum_of_weighted_traits() -> None:
    model = Fitness(weights=tuple(float(n) for n in range(len(TRAITS))), fitted_on="")

    assert model.weight(traits(-1.0, 0.5, acts=True)) == pytest.approx(
        -TRAITS.index("near") + 0.5 * TRAITS.index("terms") + TRAITS.index("acts")
    )
