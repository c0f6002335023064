"""Which field examples are shown beside an answer, in which order, and which links lead on from it."""

from __future__ import annotations

import pytest

from rag.compose.boilerplate import announces
from rag.compose.guillemets import left_open
from rag.compose.leaning import leans
from rag.examples import MAX_EXAMPLES
from rag.pipeline import Assistant


@pytest.mark.parametrize(
    ("question", "territory"),
    [
        ("Un exemple d'urbanisme transitoire à Rennes ?", "Rennes"),
        ("Avez-vous un exemple d'alimentation solidaire à Dijon ?", "Dijon"),
        ("Des exemples autour de l'économie informelle à Mamoudzou ?", "Mamoudzou"),
    ],
)
def test_the_first_example_is_of_the_territory_that_is_asked_about(
    assistant: Assistant, question: str, territory: str
) -> None:
    examples = assistant.ask(question).examples

    assert 1 <= len(examples) <= MAX_EXAMPLES
    assert territory in " ".join(examples[0].territories)
    there = [territory in " ".join(example.territories) for example in examples]
    assert there == sorted(there, reverse=True)


def test_a_fact_about_one_case_shows_no_other_case(assistant: Assistant) -> None:
    answer = assistant.ask("Combien d'entretiens ont été conduits pendant l'enquête sur la mécanique de rue ?")

    assert {example.title for example in answer.examples} <= {"Stains et Plaine Commune"}


def test_a_card_begins_with_a_sentence_that_stands_on_its_own(assistant: Assistant) -> None:
    questions = (
        "Que fait Toulouse pour l'ESS ?",
        "Un exemple de compost de quartier ?",
        "Comment soutenir les filières ?",
    )

    for example in (example for question in questions for example in assistant.ask(question).examples):
        assert not leans(example.quote), example.quote


def test_a_card_closes_what_it_opens_and_says_something_new_where_the_case_has_more(assistant: Assistant) -> None:
    answer = assistant.ask("Qu'est-ce que la RUI au Québec ?")

    (card,) = [example for example in answer.examples if example.title == "Québec"]
    assert left_open(card.quote) == (0, 0)
    assert not announces(card.quote)
    assert card.quote not in {citation.quote for citation in answer.citations}


def test_a_link_that_bears_on_the_answer_is_called_by_its_title(assistant: Assistant) -> None:
    answer = assistant.ask("Comment prendre en compte l'économie informelle dans le contrat de ville ?")

    titles = {link.url: link.title for link in answer.links}
    of_the_network = next(title for url, title in titles.items() if "reperess-economie-informelle" in url)
    assert of_the_network.startswith("Économie informelle & ESS, enjeux et leviers d'action")


def test_links_of_the_same_page_that_are_about_something_else_are_left_out(assistant: Assistant) -> None:
    answer = assistant.ask("Comment mobiliser les bailleurs sociaux ?")

    assert not any("reperess-economie-informelle" in link.url for link in answer.links)
