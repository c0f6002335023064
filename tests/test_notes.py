"""What is said besides quotations is true of the index, not only of what is shown; figures differ only about one thing."""

from __future__ import annotations

import json

import pytest

from ingest.build import build_index
from ingest.index.embedder import Embedder
from rag.answer import Status
from rag.phrases import FRENCH
from rag.pipeline import Assistant
from tests.corpora import write_corpus

COUNCIL = "Le budget annuel médian d'un conseil citoyen est de 3 200 euros, versé par une association porteuse."
GROCERY = (
    "CONSEILS AUX COLLECTIVITÉS\n\nPrévoir un budget de départ de 48 000 euros, dont la moitié pour la chambre froide."
)
PUBLICATIONS = {
    "r": ("2023", "En pratique : Rennes\n\nÀ Rennes, un tiers-lieu réunit des artisans du quartier."),
    "m": ("2022", "En pratique : Rennes Métropole\n\nRennes Métropole réunit les financeurs du quartier."),
    "c": ("2020", COUNCIL),
    "g": ("2022", GROCERY),
}


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Assistant:
    folder = tmp_path_factory.mktemp("places")
    corpus = write_corpus(folder / "corpus", {name: text for name, (_, text) in PUBLICATIONS.items()})
    rows = [json.loads(line) for line in (corpus / "catalogue.jsonl").read_text(encoding="utf-8").splitlines()]
    dated = [json.dumps(row | {"date": PUBLICATIONS[row["id"]][0]}) + "\n" for row in rows]
    (corpus / "catalogue.jsonl").write_text("".join(dated), encoding="utf-8")
    build_index(corpus, folder / "index", embedder)
    return Assistant.open(folder / "index", embedder)


@pytest.mark.parametrize("question", ["Des exemples à Rennes", "Quelles initiatives à Rennes ?"])
def test_nothing_there_is_not_said_of_a_town_that_a_publication_is_about(places: Assistant, question: str) -> None:
    answer = places.ask(question)
    assert answer.status is Status.ANSWERED
    assert FRENCH.nothing_but_around("Rennes", "Rennes Métropole") not in answer.text


def test_figures_of_two_things_are_not_set_against_each_other(places: Assistant) -> None:
    answer = places.ask("Quel budget pour un conseil citoyen ?")
    assert "3 200" in answer.text.replace("\u202f", " ")
    assert "48 000" not in answer.text
    assert "différents" not in answer.text
