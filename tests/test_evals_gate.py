"""The gate itself: what breaks a floor, what a changed file does, and what is no floor at all."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from evals.floors import Floors, FloorsError, broken, changed_since_set, load_floors
from evals.measures import FIGURE_NAMES, summarise

COMMITTED = Path(__file__).resolve().parents[1] / "evals" / "floors.json"
FLOORS = Floors(questions_sha256="q", corpus_sha256="c", at_least={"hit@5": 0.97}, at_most={"answerable_refused": 0.05})
NOTHING = summarise([])


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
def test_each_broken_floor_is_named_and_no_other(hit_5: float, refused: float, names: list[str]) -> None:
    messages = broken(FLOORS, replace(NOTHING, hit_5=hit_5, answerable_refused=refused))
    assert [message.split()[2] for message in messages] == names


def test_the_message_says_what_was_found_and_expected() -> None:
    messages = broken(FLOORS, replace(NOTHING, hit_5=0.5, answerable_refused=0.25))
    assert messages == [
        "floor broken: hit@5 is 0.5000, expected at least 0.97",
        "floor broken: answerable_refused is 0.2500, expected at most 0.05",
    ]


def test_a_figure_that_could_not_be_measured_keeps_no_floor() -> None:
    assert len(broken(FLOORS, NOTHING)) == 2


def test_what_the_floors_were_set_on_is_named_with_both_hashes() -> None:
    same = {"questions_sha256": "q", "corpus_sha256": "c"}
    assert changed_since_set(FLOORS, same) == []
    (message,) = changed_since_set(FLOORS, same | {"corpus_sha256": "d"})
    assert "corpus_sha256 is c, found d" in message
    assert len(changed_since_set(FLOORS, {"questions_sha256": "x", "corpus_sha256": "y"})) == 2
    assert changed_since_set(FLOORS, {"questions_sha256": "q"}) == []


SOUND = {"questions_sha256": "q", "corpus_sha256": "c", "at_least": {"hit@5": 0.97}, "at_most": {}}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("{", "cannot be read"),
        ("[]", "expected an object with exactly"),
        (json.dumps(SOUND | {"floor": 1}), "expected an object with exactly"),
        (json.dumps(SOUND | {"at_least": {"hit@7": 1}}), "no figure is called 'hit@7'"),
        (json.dumps(SOUND | {"at_most": {"hit@5": "0.9"}}), "hit@5 is '0.9', expected a number"),
        (json.dumps(SOUND | {"at_most": {"hit@5": True}}), "expected a number"),
        (json.dumps(SOUND | {"at_most": 0.9}), "expected an object of figure: number"),
        (json.dumps(SOUND | {"questions_sha256": None}), "questions_sha256 is None"),
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


def test_the_committed_floors_are_those_that_were_agreed() -> None:
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
