"""When there is an answer: what is asked of a place alone, names and the kind of thing asked for, and the further questions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals.further import NAME, load_further
from evals.questions import QuestionsError, load_questions
from rag.answer import Status
from rag.pipeline import Assistant
from rag.request import AskRequest

EVALS = Path(__file__).resolve().parents[1] / "evals"


@pytest.mark.parametrize(
    "question",
    [
        "Que se passe-t-il à Rennes ?",
        "Avez-vous une initiative du côté de Toulouse ?",
        "Quels projets d'économie sociale et solidaire à Dijon ?",
        "Rennes",
        "qu'est-ce qui existe a toulouse comme projet",
    ],
)
def test_what_there_is_at_a_place_is_answered_with_an_example_from_there(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)

    assert answer.status is Status.ANSWERED
    assert assistant.searcher.places_of(answer.examples[0].passage_id) & {
        "Rennes",
        "Rennes Métropole",
        "Toulouse Métropole",
        "Dijon",
    }


@pytest.mark.parametrize(
    "question",
    ["Quelle météo à Rennes ?", "Qui est le maire de Rennes ?", "Où manger à Dijon ?", "Que se passe-t-il à Limoges ?"],
)
def test_a_place_with_another_subject_or_without_example_is_not_asked_about_alone(
    assistant: Assistant, question: str
) -> None:
    assert assistant.ask(question).status is not Status.ANSWERED


@pytest.mark.parametrize("question", ["Quel est le budget de l'ANCT ?", "Combien d'euros l'ANRU verse-t-elle par an ?"])
def test_a_sum_that_is_another_s_does_not_answer(assistant: Assistant, question: str) -> None:
    signals = assistant.searcher.signals_for(AskRequest(question=question))

    assert signals is not None
    assert signals.unmet
    assert assistant.ask(question).status is not Status.ANSWERED


def test_what_is_named_beside_what_is_asked_is_met(assistant: Assistant) -> None:
    signals = assistant.searcher.signals_for(AskRequest(question="Combien d'opérations relèvent de l'ESS à Toulouse ?"))

    assert signals is not None
    assert not signals.unmet


def test_a_term_of_the_field_of_which_a_place_says_nothing_is_not_near_enough(assistant: Assistant) -> None:
    said, unsaid = (
        assistant.searcher.signals_for(AskRequest(question=f"Un exemple de {thing} à Rennes ?"))
        for thing in ("comité de pilotage", "garage solidaire")
    )
    assert said is not None
    assert unsaid is not None
    assert said.placed
    assert not unsaid.placed


def test_a_town_typed_by_itself_stands_for_its_intercommunality(assistant: Assistant) -> None:
    assert assistant.searcher.retriever.filtering.about("Rennes").any()
    assert not assistant.searcher.retriever.filtering.about("Limoges").any()


def test_the_committed_further_questions_are_sound() -> None:
    further = load_further(EVALS / NAME, load_questions(EVALS / "questions.jsonl"))
    assert {one.answerable for one in further} == {True, False}


def _line(name: str, question: str) -> str:
    return json.dumps({"id": name, "question": question, "answerable": False}, ensure_ascii=False)


def test_all_faults_of_further_questions_are_told_at_once(tmp_path: Path) -> None:
    questions = load_questions(EVALS / "questions.jsonl")
    held = next(question.question for question in questions if question.split == "test")
    path = tmp_path / NAME
    lines = ["{", _line("a1", held), _line("a2", "Quel temps ?"), _line("a2", "Quel temps ?"), '{"id": "a3"}']
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")

    with pytest.raises(QuestionsError) as error:
        load_further(path, questions)

    told = str(error.value)
    for part in (
        f"{path}:1:",
        f"{path}:5:",
        "'a2' stands 2 times",
        "'Quel temps ?' stands 2 times",
        "a1 says nearly what",
    ):
        assert part in told


@pytest.mark.parametrize("question", ["Quel temps fait-il ?", "Quel temps fera-t-il demain ?", "Quelle heure est-il ?"])
def test_a_word_of_two_meanings_does_not_make_an_everyday_question_one_of_the_field(
    assistant: Assistant, question: str
) -> None:
    """The brochure is full of "temps", as in "temps de sensibilisation"."""
    assert assistant.ask(question).status is not Status.ANSWERED
