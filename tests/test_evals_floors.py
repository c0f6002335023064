"""The floors' file: what is refused, what a run raises, what sinks and on whose word."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from evals.floors import (
    FLOORED,
    SET_ON,
    Floor,
    Floors,
    FloorsError,
    Measured,
    Sunk,
    changed_since_set,
    load_floors,
    renewed,
)
from evals.measures import FIGURE_NAMES

COMMITTED = Path(__file__).resolve().parents[1] / "evals" / "floors.json"
ON = dict.fromkeys(SET_ON, "a")
FLOORS = Floors(
    set_on=ON,
    floors={"hit@5": Floor(value=0.9, run="1.0"), "answerable_refused": Floor(value=0.05, run="1.0")},
    at_least={"hit@5": 0.97},
    at_most={"answerable_refused": 0.05},
)
NOTHING: dict[str, float | None] = dict.fromkeys(FIGURE_NAMES)


def measured(hit_5: float | None = 0.9, refused: float = 0.05, *, on: Mapping[str, str] = ON) -> Measured:
    values = NOTHING | {"hit@5": hit_5, "answerable_refused": refused}
    return Measured(run="2.0", values=values, set_on=on, date="2025-01-31")


@pytest.mark.parametrize(
    ("hit_5", "refused", "names"),
    [
        (0.97, 0.05, []),
        (1.0, 0.0, []),
        (0.9699, 0.05, ["hit@5"]),
        (0.97, 0.0501, ["answerable_refused"]),
        (0.0, 1.0, ["hit@5", "answerable_refused"]),
    ],
)
def test_each_missed_target_is_named_and_no_other(hit_5: float, refused: float, names: list[str]) -> None:
    messages = FLOORS.missed(measured(hit_5, refused).values)
    assert [message.split()[2] for message in messages] == names


def test_the_message_says_what_was_found_and_wanted() -> None:
    assert FLOORS.missed(measured(None, 0.25).values) == [
        "below target: hit@5 is not measured, wanted at least 0.97",
        "below target: answerable_refused is 0.2500, wanted at most 0.05",
    ]


def test_what_the_floors_were_set_on_is_named_with_both_hashes() -> None:
    assert changed_since_set(FLOORS, ON) == []
    (message,) = changed_since_set(FLOORS, ON | {"corpus_sha256": "d"})
    assert "corpus_sha256 is a, found d" in message
    assert len(changed_since_set(FLOORS, dict.fromkeys(SET_ON, "x"))) == 3
    assert changed_since_set(FLOORS, {"questions_sha256": "a"}) == []


def test_floors_rise_to_what_is_better_and_name_the_run_that_has_it() -> None:
    after = renewed(FLOORS, measured(0.95, 0.03), rises=True)
    assert after.floors == {"hit@5": Floor(value=0.95, run="2.0"), "answerable_refused": Floor(value=0.03, run="2.0")}
    assert after.sunk == ()


def test_what_is_the_same_or_worse_within_noise_leaves_its_floor() -> None:
    assert renewed(FLOORS, measured(0.89, 0.05 + 1e-12), rises=True) == FLOORS


def test_without_raise_nothing_rises() -> None:
    assert renewed(FLOORS, measured(0.95, 0.03), rises=False, reason="Rien.") == FLOORS


def test_a_floor_sinks_with_a_reason_only_and_the_reason_is_kept(tmp_path: Path) -> None:
    with pytest.raises(FloorsError, match=r"hit@5 would sink from 0.9000 to 0.7000 .*--allow-regression"):
        renewed(FLOORS, measured(0.7), fallen=["hit@5"], rises=True)

    after = renewed(FLOORS, measured(0.7), fallen=["hit@5"], rises=False, reason="Le lexique est plus petit.")

    why = Sunk(figure="hit@5", before=0.9, after=0.7, run="2.0", reason="Le lexique est plus petit.", date="2025-01-31")
    assert after.sunk == (why,)
    assert after.floors["hit@5"] == Floor(value=0.7, run="2.0")
    assert after.floors["answerable_refused"] == FLOORS.floors["answerable_refused"]
    after.save(tmp_path / "floors.json")
    assert load_floors(tmp_path / "floors.json") == after
    assert [file.name for file in tmp_path.iterdir()] == ["floors.json"]


@pytest.mark.parametrize("changed", SET_ON)
def test_on_others_all_floors_are_set_anew_and_what_sinks_wants_a_reason(changed: str) -> None:
    others = ON | {changed: "b"}
    with pytest.raises(FloorsError, match="only with --raise"):
        renewed(FLOORS, measured(0.95, on=others), rises=False, reason="Rien.")
    with pytest.raises(FloorsError, match=r"hit@5 would sink"):
        renewed(FLOORS, measured(0.89, 0.04, on=others), rises=True)
    with pytest.raises(FloorsError, match=r"hit@5 would sink from 0.9000 to not measured"):
        renewed(FLOORS, measured(None, 0.04, on=others), rises=True)

    after = renewed(FLOORS, measured(0.95, on=others), rises=True)

    assert (after.set_on, {floor.run for floor in after.floors.values()}) == (others, {"2.0"})
    given_up = renewed(FLOORS, measured(None, on=others), rises=True, reason="Plus de telle question.")
    assert "hit@5" not in given_up.floors
    assert given_up.sunk[0].after is None


def test_the_first_floors_are_all_figures_that_are_measured_and_can_be_held() -> None:
    first = renewed(replace(FLOORS, floors={}), measured(), rises=True)
    assert first.floors.keys() == {"hit@5", "answerable_refused"}
    every = Measured(run="2.0", values=dict.fromkeys(FIGURE_NAMES, 0.5), set_on=ON, date="2025-01-31")
    assert tuple(renewed(replace(FLOORS, floors={}), every, rises=True).floors) == FLOORED


SOUND: dict[str, object] = {
    **ON,
    "floors": {"hit@5": {"value": 0.9, "run": "1.0"}},
    "targets": {"at_least": {"hit@5": 0.97}, "at_most": {}},
    "sunk": [],
}
WHY = {"figure": "hit@5", "before": 0.9, "after": None, "run": "1.0", "reason": "Parce que.", "date": "2025-01-31"}


def targets(**changed: object) -> str:
    return json.dumps(SOUND | {"targets": {"at_least": {}, "at_most": {}} | changed})


def test_floors_of_the_form_are_read(tmp_path: Path) -> None:
    path = tmp_path / "floors.json"
    path.write_text(json.dumps(SOUND | {"sunk": [WHY]}), encoding="utf-8")
    floors = load_floors(path)
    assert floors.floors == {"hit@5": Floor(value=0.9, run="1.0")}
    assert floors.sunk == (Sunk(**WHY),)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("{", "cannot be read"),
        ("[]", "expected an object with exactly"),
        (json.dumps(SOUND | {"floor": 1}), "expected an object with exactly"),
        (json.dumps({"questions_sha256": "a", "at_least": {}, "at_most": {}}), "expected an object with exactly"),
        (targets(at_least={"hit@7": 1}), "no figure is called 'hit@7'"),
        (targets(at_most={"hit@5": "0.9"}), "hit@5 is '0.9', expected a number"),
        (targets(at_most={"hit@5": True}), "expected a number"),
        (targets(at_most=0.9), "expected an object of figure: number"),
        (json.dumps(SOUND | {"targets": {"at_least": {}}}), "expected an object with exactly at_least and at_most"),
        (json.dumps(SOUND | {"questions_sha256": None}), "questions_sha256 is None"),
        (json.dumps(SOUND | {"floors": {"hit@5": 0.9}}), r"expected \{value, run\}"),
        (json.dumps(SOUND | {"floors": {"hit@5": {"value": "1", "run": "1.0"}}}), "expected a number"),
        (json.dumps(SOUND | {"floors": {"words_max": {"value": 1, "run": "1.0"}}}), "'words_max' can have none"),
        (json.dumps(SOUND | {"sunk": [{}]}), "expected a list of objects"),
        (json.dumps(SOUND | {"sunk": [WHY | {"reason": " "}]}), "reason is ' ', expected words"),
        (json.dumps(SOUND | {"sunk": [WHY | {"before": None}]}), "expected a number"),
    ],
)
def test_floors_of_another_form_are_refused(tmp_path: Path, content: str, expected: str) -> None:
    path = tmp_path / "floors.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(FloorsError, match=expected):
        load_floors(path)


def test_missing_floors_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FloorsError, match="cannot be read"):
        load_floors(tmp_path / "none.json")


def test_the_committed_targets_are_those_that_were_agreed() -> None:
    floors = load_floors(COMMITTED)
    assert floors.at_least == {
        "evidence_in_answer": 0.92,
        "hit@5": 0.97,
        "unanswerable_not_answered": 0.85,
        "off_topic_not_answered": 0.9,
        "hostile_not_answered": 1.0,
        "absent_not_answered": 0.75,
        "answerability_auroc": 0.97,
        "territory_first": 0.95,
        "follow_ups_resolved": 0.85,
        "citations_found_again": 1.0,
    }
    assert floors.at_most == {"answerable_refused": 0.05}
    assert floors.at_least.keys() | floors.at_most.keys() <= set(FIGURE_NAMES)
