"""Near-duplicates between the halves: what is one, what is none, and that both sets refuse them by name."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.duplicates import Said, near_duplicates
from evals.follow_ups import load_follow_ups
from evals.questions import load_questions
from tests import test_evals_follow_ups as follow_ups
from tests import test_evals_questions as questions

ASKED = "Comment associer les bailleurs sociaux à un projet de tiers-lieu ?"


def said(*texts: str, name: str = "q001") -> Said:
    return Said(id=name, where=f"set:{name}", key=name, texts=texts)


def are_near(one: Said, other: Said) -> bool:
    return bool(list(near_duplicates([one], [Said(id="x", where="", key="x", texts=other.texts)])))


@pytest.mark.parametrize(
    "text",
    [
        "COMMENT ASSOCIER LES BAILLEURS SOCIAUX A UN PROJET DE TIERS LIEU",
        "À un projet de tiers-lieu, comment les bailleurs sociaux peuvent-ils être associés ?",
        "Comment associer les bailleurs sociaux à des projets de tiers-lieux ?",
        "Comment bien associer les bailleurs sociaux à un projet de tiers-lieu ?",
        "Comment asocier les bailleurs sociaux à un projé de tiers-lieu ?",
    ],
)
def test_case_accents_order_small_words_endings_and_typing_faults_make_no_other_question(text: str) -> None:
    assert are_near(said(ASKED), said(text))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # The nearest of the committed set.
        (
            "Combien de familles se servent à l'épicerie solidaire de Saint-Laurent-du-Maroni ?",
            "épicerie solidaire à saint-laurent-du-maroni",
        ),
        ("Urbanisme transitoire en Bretagne", "urbanisme transitoire Rennes ESS"),
        ("Quels tiers-lieux dans les quartiers de Dijon ?", "Quels tiers-lieux dans les quartiers de Brest ?"),
        ("Qui es-tu ?", "Et vous ?"),
    ],
)
def test_the_same_subject_asked_about_otherwise_is_another_question(one: str, other: str) -> None:
    assert not are_near(said(one), said(other))


@given(st.lists(st.sampled_from("jardin foncier vélo épicerie de la qui et".split()), max_size=6))
def test_every_text_is_near_to_itself_and_near_is_mutual(words: list[str]) -> None:
    one, other = said(" ".join(words)), said(ASKED)
    assert are_near(one, one)
    assert are_near(one, other) == are_near(other, one)


def test_all_texts_must_be_near_and_the_same_key_is_left_alone() -> None:
    assert not are_near(said(ASKED, "et à Nantes ?"), said(ASKED, "et à Brest ?"))
    assert not list(near_duplicates([said(ASKED)], [said(ASKED)]))


def test_a_dev_and_a_test_question_that_say_the_same_are_refused_by_their_ids(tmp_path: Path) -> None:
    path = questions.written(
        tmp_path,
        questions.row(question=ASKED),
        questions.row(id="q007", question=ASKED.replace("Comment", "Comment bien"), split="test"),
    )
    assert questions.problems_of(path) == (
        f"{path}:2: q007 (test) says nearly what q001 (dev) says at {path}:1, "
        "expected both in one split, or another question",
    )


def test_within_one_half_they_are_let_be(tmp_path: Path) -> None:
    again = questions.row(id="q002", question=ASKED.replace("Comment", "Comment bien"))
    other = questions.row(id="q003", question="Où ouvre le garage ?", split="test")
    path = questions.written(tmp_path, questions.row(question=ASKED), again, other)
    assert len(load_questions(path)) == 3


def test_follow_ups_are_compared_with_what_was_asked_before_and_what_they_mean(tmp_path: Path) -> None:
    history = [{"question": "Quels tiers-lieux à Brest ?", "text": "Un seul."}]
    elsewhere = follow_ups.row(id="f002", history=history, split="test")
    assert len(load_follow_ups(follow_ups.written(tmp_path, follow_ups.row(), elsewhere))) == 2

    other_place = follow_ups.row(
        id="f002", question="et à Lyon ?", reading="Quels tiers-lieux à Lyon ?", holds=[["tiers-lieu"]], split="test"
    )
    assert len(load_follow_ups(follow_ups.written(tmp_path, follow_ups.row(), other_place))) == 2

    again = follow_ups.row(id="f002", question="Et donc à Nantes ?", split="test")
    path = follow_ups.written(tmp_path, follow_ups.row(), again)
    assert follow_ups.problems_of(path)[0].startswith(f"{path}:2: f002 (test) says nearly what f001 (dev) says at")
