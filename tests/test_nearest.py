"""What is shown where nothing answers, and who is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.document import BlockKind
from rag.answer import Status
from rag.compose.boilerplate import announces
from rag.compose.guillemets import left_open
from rag.compose.leaning import leans
from rag.contacts import Contact, who_serves
from rag.pipeline import Assistant


def test_who_asks_for_an_example_elsewhere_is_shown_the_nearest_example_first(assistant: Assistant) -> None:
    answer = assistant.ask("Existe-t-il un exemple de garage solidaire à Roubaix ?")

    assert answer.status is Status.NO_ANSWER
    assert "mécanicien" in answer.nearest[0].quote
    assert "IREV" in answer.text


def test_examples_of_places_of_the_same_kind_come_first(assistant: Assistant) -> None:
    region, town = assistant.ask("Des exemples en Corse ?"), assistant.ask("Des exemples à Marseille ?")

    assert "Hauts-de-France" in assistant.searcher.places_of(region.nearest[0].passage_id)
    assert region.nearest[0] != town.nearest[0]


def test_no_quotation_and_no_example_is_shown_twice(assistant: Assistant) -> None:
    answer = assistant.ask("Des exemples à Marseille ?")

    titles = [assistant.passage(near.passage_id).title for near in answer.nearest]
    assert len(set(titles)) == len(titles) == 3


@pytest.mark.parametrize(
    "question",
    [
        "Existe-t-il un exemple de garage solidaire à Roubaix ?",
        "Quel budget l'Agence nationale a-t-elle donné à Marseille pour ses régies ?",
        "Combien gagne une conseillère de l'Adie ?",
        "Des exemples de revitalisation intégrée à Lille ?",
    ],
)
def test_what_is_shown_stands_on_its_own_and_is_whole(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)

    assert answer.nearest, answer.text
    for near in answer.nearest:
        item = assistant.passage(near.passage_id).kind is BlockKind.LIST_ITEM
        assert item or not leans(near.quote), near.quote
        assert left_open(near.quote) == (0, 0), near.quote
        assert not announces(near.quote), near.quote


def test_contacts_are_those_of_the_whole_country_and_of_the_region() -> None:
    country = Contact(name="Réseau", url="https://example.org", territories=frozenset())
    region = Contact(name="Centre", url="https://example.org", territories=frozenset({"Bretagne"}))

    assert who_serves((country, region), frozenset({"Rennes", "Bretagne"})) == (country, region)
    assert who_serves((country, region), frozenset({"Occitanie"})) == (country,)
    assert who_serves((country, region), frozenset()) == (country,)


@pytest.mark.parametrize("content", ["", "[]", '{"contacts": [{"name": "x"}]}', '{"contacts": 1}'])
def test_a_file_of_another_form_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "contacts.json"
    path.write_text(content, encoding="utf-8")

    with pytest.raises(ValueError, match=r"contacts\.json"):
        Contact.load_all(path)
