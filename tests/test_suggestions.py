"""What is suggested after an answer: answerable, not asked yet, good French."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.build import build_index
from ingest.index.embedder import Embedder
from rag.answer import Answer, Status, Turn
from rag.pipeline import Assistant
from rag.request import AskRequest
from rag.suggestions import MOST
from tests.corpora import write_corpus
from ui.turns import Exchange, Wanted, turns_of
from ui.typography import french

QUESTIONS = (
    "Comment mieux associer les bailleurs sociaux aux projets de l'ESS ?",
    "Un exemple d'urbanisme transitoire à Rennes ?",
    "Comment prendre en compte l'économie informelle dans un contrat de ville ?",
    "Qu'est-ce que la revitalisation urbaine intégrée ?",
)


def click(assistant: Assistant, question: str, page: list[Exchange]) -> Answer:
    """The answer to what a button sends, with the conversation as the page keeps it, to which both are added."""
    answer = assistant.reply(AskRequest(question=french(question), history=turns_of(page)))
    page.append(Exchange(number=len(page) + 1, wanted=Wanted(question=french(question)), answer=answer))
    return answer


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_is_suggested_is_answered_and_was_not_asked(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)

    assert 1 <= len(answer.follow_ups) <= MOST
    assert question not in answer.follow_ups
    for suggested in answer.follow_ups:
        assert assistant.ask(suggested).status is Status.ANSWERED, suggested
        assert suggested.endswith(" ?")
        assert len(suggested) <= 90


@pytest.mark.parametrize(
    "conversation",
    [
        ("Exemples à Rennes",),
        ("Qu'est-ce que l'économie informelle ?",),
        (QUESTIONS[0], "un exemple ?"),
        (QUESTIONS[1],),
    ],
)
def test_every_suggestion_that_is_clicked_is_understood_as_it_is_shown_and_answered(
    assistant: Assistant, conversation: tuple[str, ...]
) -> None:
    page: list[Exchange] = []
    for question in conversation:
        answer = click(assistant, question, page)
    assert answer.follow_ups

    for suggested in answer.follow_ups:
        after = list(page)
        first = click(assistant, suggested, after)
        assert (first.question_understood, first.status) == (suggested, Status.ANSWERED)
        for next_one in first.follow_ups:
            then = click(assistant, next_one, list(after))
            assert (then.question_understood, then.status) == (next_one, Status.ANSWERED)


def test_what_was_asked_earlier_is_not_suggested_again(assistant: Assistant) -> None:
    first = assistant.ask(QUESTIONS[0]).follow_ups
    history = tuple(Turn(question=question, text="-") for question in first)

    again = assistant.reply(AskRequest(question=QUESTIONS[0], history=history)).follow_ups

    assert set(first).isdisjoint(again)


def test_nothing_is_suggested_where_nothing_was_answered(assistant: Assistant) -> None:
    assert assistant.ask("Des exemples à Marseille ?").follow_ups == ()
    assert assistant.ask("Bonjour").follow_ups == ()


@pytest.mark.parametrize(
    ("heading", "suggested"),
    [
        ("Associer les habitants aux jardins", "Comment associer les habitants aux jardins ?"),
        ("Comment arroser un jardin partagé ?", "Comment arroser un jardin partagé ?"),
        ("Atelier vélo du jardin partagé", None),
        ("Quatre étapes pour le jardin partagé", None),
        ("Comment les associer ?", None),
    ],
)
def test_headings_become_questions_where_they_say_what_to_do(
    tmp_path: Path, embedder: Embedder, heading: str, suggested: str | None
) -> None:
    text = (
        "# Jardins\n\n## Histoire\n\nLe jardin partagé de Dijon date de 2010 et produit des légumes.\n\n"
        f"## {heading}\n\nLes habitants arrosent le jardin partagé chaque samedi avec leurs associations."
    )
    corpus = write_corpus(tmp_path / "corpus", {"jardin": text}, media_type="text/markdown")
    build_index(corpus, tmp_path / "index", embedder)

    answer = Assistant.open(tmp_path / "index", embedder).ask("De quand date le jardin partagé de Dijon ?")

    assert answer.status is Status.ANSWERED
    assert [question for question in answer.follow_ups if "Comment" in question] == ([suggested] if suggested else [])


@pytest.mark.parametrize("question", QUESTIONS)
def test_of_sigles_only_those_that_the_answer_has_come_before_all_else(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)

    others = [place for place, suggested in enumerate(answer.follow_ups) if not suggested.startswith("Que signifie")]
    for place, suggested in enumerate(answer.follow_ups):
        if suggested.startswith("Que signifie") and suggested.removeprefix("Que signifie ")[:-2] not in answer.text:
            assert place > max(others, default=-1)
