"""The follow-up set: what the loader refuses, all at once, and what counts as resolved. The committed set is held to it too."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from evals.follow_ups import FollowUp, Kind, carried, folded, load_follow_ups, resolved, which_resolved
from evals.questions import QuestionsError, Split

COMMITTED = Path(__file__).resolve().parents[1] / "evals" / "follow_ups.jsonl"
HISTORY = [{"question": "Quels tiers-lieux à Rennes ?", "text": "En bref\n- « Une poste accueille des artisans. » [1]"}]


def row(**changes: object) -> dict[str, object]:
    return {
        "id": "f001",
        "history": HISTORY,
        "question": "et à Nantes ?",
        "reading": "Quels tiers-lieux à Nantes ?",
        "holds": [["tiers-lieu", "tierslieu"], ["Nantes"]],
        "lacks": ["Rennes"],
        "new_subject": False,
        "kind": "place",
        "split": "dev",
        "note": "",
    } | changes


def fresh(question: str = "Qu'est-ce qu'un SPASER ?", **changes: object) -> dict[str, object]:
    new = {"id": "f002", "question": question, "reading": question, "holds": [["spaser"]], "lacks": []}
    return row(**new, new_subject=True, kind="new_subject") | changes


def written(folder: Path, *lines: Mapping[str, object] | str) -> Path:
    path = folder / "follow_ups.jsonl"
    texts = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines]
    path.write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
    return path


def item(folder: Path, line: Mapping[str, object]) -> FollowUp:
    (loaded,) = load_follow_ups(written(folder, line))
    return loaded


def problems_of(path: Path) -> tuple[str, ...]:
    with pytest.raises(QuestionsError) as caught:
        load_follow_ups(path)
    return caught.value.problems


@pytest.fixture(scope="module")
def committed() -> tuple[FollowUp, ...]:
    return load_follow_ups(COMMITTED)


def test_a_sound_set_is_read(tmp_path: Path) -> None:
    place, new = load_follow_ups(written(tmp_path, row(), fresh(split="test")))
    assert (place.kind, place.split, place.holds) == (Kind.PLACE, Split.DEV, (("tiers-lieu", "tierslieu"), ("Nantes",)))
    assert place.history[0].question == "Quels tiers-lieux à Rennes ?"
    assert (new.new_subject, new.where.endswith("follow_ups.jsonl:2")) == (True, True)


def test_all_errors_are_given_at_once_each_with_its_line(tmp_path: Path) -> None:
    broken = row(id="g1", history=[])
    problems = problems_of(written(tmp_path, "{not json", row(kind="riddle"), broken, row(holds=[]), row(extra=1)))
    assert [problem.split(": ")[0].rsplit(":", 1)[1] for problem in problems] == ["1", "2", "3", "3", "4", "5"]
    assert "one object" in problems[0]
    assert "riddle" in problems[1]
    assert any("One to five turns" in problem for problem in problems)


def test_more_than_five_turns_are_refused(tmp_path: Path) -> None:
    (problem,) = problems_of(written(tmp_path, row(history=HISTORY * 6)))
    assert "One to five turns" in problem


@pytest.mark.parametrize("line", [row(kind="new_subject"), fresh(kind="place")])
def test_kind_and_new_subject_must_agree(tmp_path: Path, line: Mapping[str, object]) -> None:
    (problem,) = problems_of(written(tmp_path, line))
    assert "expected: the kind of a" in problem


def test_an_id_or_conversation_given_twice_is_refused(tmp_path: Path) -> None:
    again = row(question="Et a NANTES", split="test")
    id_twice, talk_twice = problems_of(written(tmp_path, row(), again))
    assert "id 'f001' stands at" in id_twice
    assert "conversation" in talk_twice


def test_the_same_follow_up_after_another_history_is_no_repetition(tmp_path: Path) -> None:
    other = [{"question": "Quels tiers-lieux à Lille ?", "text": "Un seul."}]
    assert len(load_follow_ups(written(tmp_path, row(), row(id="f002", history=other, split="test")))) == 2


def test_uneven_halves_are_refused(tmp_path: Path) -> None:
    other = [{"question": "Quels tiers-lieux à Lille ?", "text": "Un seul."}]
    (problem,) = problems_of(written(tmp_path, row(), row(id="f002", history=other)))
    assert "kind place: 2 dev and 0 test" in problem


def test_an_empty_or_absent_set_is_refused(tmp_path: Path) -> None:
    assert "is empty" in problems_of(written(tmp_path))[0]
    assert "cannot be read" in problems_of(tmp_path / "none.jsonl")[0]


def test_a_reading_that_does_not_pass_its_own_line_is_refused(tmp_path: Path) -> None:
    (problem,) = problems_of(written(tmp_path, row(reading="Quels tiers-lieux à Rennes et à Nantes ?")))
    assert "does not pass its own holds and lacks" in problem


def test_a_follow_up_that_passes_as_typed_is_refused(tmp_path: Path) -> None:
    (problem,) = problems_of(written(tmp_path, row(holds=[["nantes"]])))
    assert "passes as typed" in problem


def test_a_new_subject_that_fails_as_typed_is_refused(tmp_path: Path) -> None:
    (problem,) = problems_of(written(tmp_path, fresh(reading="Qu'est-ce qu'un SPASER au juste ?", holds=[["juste"]])))
    assert "expected holds and lacks that it does pass" in problem


@pytest.mark.parametrize(
    "understood",
    [
        "Quels tiers-lieux à Nantes ?",
        "QUELS TIERS LIEUX A NANTES",
        "un tiers‑lieu près de Nantes",
        "tierslieux nantes",
    ],
)
def test_accents_case_hyphens_and_endings_do_not_matter(tmp_path: Path, understood: str) -> None:
    assert resolved(item(tmp_path, row()), understood)


@pytest.mark.parametrize(
    ("understood", "why"),
    [
        ("et à Nantes ?", "the subject is missing"),
        ("Quels tiers-lieux ?", "the place is missing"),
        ("Quels tiers-lieux à Rennes ? et à Nantes ?", "the replaced place is still there"),
        ("Quels multitiers-lieux à Nantes ?", "a term stands at the beginning of a word only"),
        ("", "nothing was understood"),
    ],
)
def test_a_missing_or_a_left_over_term_is_not_resolved(tmp_path: Path, understood: str, why: str) -> None:
    assert not resolved(item(tmp_path, row()), understood), why


def test_lacks_are_whole_words(tmp_path: Path) -> None:
    follow_up = item(tmp_path, row(lacks=["poste", "bureau de poste"]))
    assert resolved(follow_up, "Quels tiers-lieux aux postes vacants à Nantes ?")
    assert not resolved(follow_up, "Quels tiers-lieux dans une poste à Nantes ?")


def test_a_sigle_is_a_whole_word_and_may_be_plural(tmp_path: Path) -> None:
    follow_up = item(tmp_path, row(reading="L'ESS à Nantes ?", holds=[["ESS", "QPV"], ["nantes"]]))
    assert resolved(follow_up, "Les QPVs de Nantes ?")
    assert not resolved(follow_up, "Un essaimage essentiel à Nantes ?")


def test_a_new_subject_stays_as_it_is(tmp_path: Path) -> None:
    new = item(tmp_path, fresh())
    assert resolved(new, "qu'est-ce qu'un spaser")
    assert not resolved(new, "Qu'est-ce qu'un SPASER à Rennes ?")
    assert not resolved(new, "Qu'est-ce qu'un SPASER ? artisans"), "words of an answer are history too"


def test_a_new_subject_may_be_corrected_and_may_repeat_what_it_shares(tmp_path: Path) -> None:
    new = item(tmp_path, fresh("Les artizans de Rennes ont-ils un SPASER ?"))
    assert resolved(new, "Les artisans de Rennes ont-ils un SPASER ?")
    assert carried(new, "Les artisans de Rennes ont-ils un SPASER en tiers-lieux ?") == ("tiers", "lieux")


def test_what_was_not_understood_is_not_resolved(tmp_path: Path) -> None:
    items = load_follow_ups(written(tmp_path, row(), fresh(split="test")))
    assert which_resolved(items, {"f001": "Quels tiers-lieux à Nantes ?"}) == [True, False]
    assert which_resolved(items, {each.id: each.reading for each in items}) == [True, True]
    assert which_resolved([], {}) == []


def test_folding_keeps_words_and_figures() -> None:
    assert folded("L’ESS, c'est  œuvrer\nà 100 %_!") == "l ess c est oeuvrer a 100"


def test_the_committed_set_is_large_and_its_halves_are_even(committed: tuple[FollowUp, ...]) -> None:
    kinds = Counter(each.kind for each in committed)
    splits = Counter(each.split for each in committed)
    assert len(committed) >= 60
    assert min(kinds[kind] for kind in Kind) >= 6
    assert kinds[Kind.NEW_SUBJECT] >= 14
    assert abs(splits[Split.DEV] - splits[Split.TEST]) <= len(Kind)
    assert len({each.id for each in committed}) == len(committed)


def test_every_term_asked_for_is_in_the_conversation(committed: tuple[FollowUp, ...]) -> None:
    """A reader cannot know more than was said: of each group, one term stands in the history or in the follow-up."""
    for each in committed:
        said = " ".join([f"{turn.question} {turn.text}" for turn in each.history] + [each.question])
        unknown = [group for group in each.holds if not any(f" {folded(term)}" in f" {folded(said)}" for term in group)]
        assert not unknown, f"{each.id}: {unknown}"


def test_chains_need_more_than_the_last_turn(committed: tuple[FollowUp, ...]) -> None:
    for each in committed:
        if each.kind is Kind.CHAIN:
            assert not resolved(each, f"{each.history[-1].question} {each.question}"), each.id


def test_pasting_the_history_resolves_few(committed: tuple[FollowUp, ...]) -> None:
    pasted = {each.id: " ".join([*(turn.question for turn in each.history), each.question]) for each in committed}
    assert sum(which_resolved(committed, pasted)) < len(committed) / 2
