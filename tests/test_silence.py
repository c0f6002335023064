"""What the publications are said to pass over: only what none of them has."""

from __future__ import annotations

import pytest

from ingest.repair.lexicon import default_lexicon
from rag.answer import Status
from rag.phrases import FRENCH
from rag.pipeline import Assistant
from rag.rarity import Rarity
from rag.silence import Silence


@pytest.fixture(scope="module")
def silence(assistant: Assistant) -> Silence:
    index = assistant.index
    return Silence(index, Rarity(index.passages, index.publications), default_lexicon().sigles)


def test_what_any_passage_has_is_said(silence: Silence) -> None:
    assert silence.of(["Vilogia", "300", "quartier prioritaire de la politique de la ville"]) == ()


def test_what_no_passage_has_in_any_form_is_not(silence: Silence) -> None:
    absent = ("Zorglub", "987654", "pôle territorial de coopération économique")

    assert silence.of(absent) == absent


def test_what_is_only_not_told_of_a_place_is_not_said_to_be_passed_over(assistant: Assistant) -> None:
    answer = assistant.ask("Un appel à projets au Québec ?")

    assert answer.status is Status.NO_ANSWER
    assert answer.text.splitlines()[0] == FRENCH.nothing_of_it_there("Québec")


def test_a_figure_that_no_passage_has_is_named_as_it_was_written(assistant: Assistant) -> None:
    answer = assistant.ask("Faut-il une convention pour une subvention de 20 000 euros ?")

    assert answer.text.splitlines()[0] == FRENCH.no_answer_about(["20 000"])
