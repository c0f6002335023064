"""What filters are read out of a question, and what is left alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ingest.repair.lexicon import default_lexicon
from ingest.territories import Gazetteer
from rag.asked_filters import FilterReader

CORPUS = Path(__file__).resolve().parents[1] / "corpus"


@pytest.fixture(scope="module")
def reader() -> FilterReader:
    return FilterReader(
        publishers=("RTES", "RNCRPV"),
        themes=("politique de la ville", "économie informelle", "emploi"),
        sigles=default_lexicon().sigles,
        gazetteer=Gazetteer.load(CORPUS / "territories.json"),
    )


@pytest.mark.parametrize(
    ("question", "filters"),
    [
        ("Que dit le RTES sur le foncier ?", {"publisher": "RTES"}),
        ("Selon le RNCRPV, comment évaluer un projet ?", {"publisher": "RNCRPV"}),
        ("D’après les publications du RTES, quels leviers pour les bailleurs ?", {"publisher": "RTES"}),
        (
            "guides publiés par le Réseau National des Centres de Ressources Politique de la Ville",
            {"publisher": "RNCRPV"},
        ),
        ("Quelles publications de 2023 parlent de l'ESS ?", {"from": "2023", "to": "2023"}),
        ("Quels documents publiés entre 2019 et 2021 ?", {"from": "2019", "to": "2021"}),
        ("fiches publiées avant 2020 sur l'emploi", {"to": "2019", "themes": ["emploi"]}),
        ("Des exemples depuis mars 2022 en Bretagne", {"from": "2022", "territory": "Bretagne"}),
        ("quels projets après 2021 ?", {"from": "2022"}),
        ("thème : économie informelle, un exemple ?", {"themes": ["économie informelle"]}),
        ("et a nantes", {"territory": "Nantes"}),
        ("Des exemples à Marseille et à Lille ?", {"territory": "Marseille, Lille"}),
        ("exemples en outre-mer", {"territory": "Outre-mer"}),
        ("Que fait Quimper en Bretagne ?", {"territory": "Quimper"}),
        ("exemples à Cayenne en Guyane", {"territory": "Cayenne"}),
        ("Que disait le RTES en 2022 sur les achats ?", {"publisher": "RTES", "from": "2022", "to": "2022"}),
        ("Qu'a publié l'association en 2022 ?", {}),
        ("Que le RNCRPV recommandait-il ?", {"publisher": "RNCRPV"}),
        ("Le RTES a dit quoi sur le foncier ?", {"publisher": "RTES"}),
        ("documents RNCRPV outre-mer", {"publisher": "RNCRPV", "territory": "Outre-mer"}),
        (
            "What do RNCRPV publications say about overseas territories?",
            {"publisher": "RNCRPV", "territory": "Outre-mer"},
        ),
        ("What does RTES recommend on land?", {"publisher": "RTES"}),
        ("Qu'est-ce que le RTES ?", {}),
        ("Combien de collectivités sont membres du RTES ?", {}),
        ("Qu'a signé l'État en 2020 ?", {}),
        ("Depuis quand existe l'économie informelle ?", {}),
        ("Comment favoriser l'emploi ?", {}),
        ("", {}),
    ],
)
def test_filters_are_read_where_the_question_says_so(
    reader: FilterReader, question: str, filters: dict[str, Any]
) -> None:
    assert reader.read(question).filters.to_json() == filters


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("Selon le RNCRPV, comment évaluer un projet ?", "comment évaluer un projet ?"),
        ("Quelles publications du RTES parlent de foncier ?", "Quelles publications parlent de foncier ?"),
        ("Que dit le RTES sur le foncier ?", "Que dit le RTES sur le foncier ?"),
        ("Selon le RTES ?", "Selon le RTES ?"),
        ("Publications de 2021 sur les tiers-lieux", "Publications sur les tiers-lieux"),
        ("Quels guides du RTES publiés entre 2019 et 2021 sur le foncier ?", "Quels guides publiés sur le foncier ?"),
        ("Des exemples de recyclerie depuis 2022", "Des exemples de recyclerie"),
        ("Les tiers-lieux de 2021", "Les tiers-lieux de 2021"),
    ],
)
def test_words_that_only_name_publications_are_not_searched(reader: FilterReader, question: str, rest: str) -> None:
    assert reader.read(question).rest == rest


def test_a_declined_filter_is_not_read_and_its_words_are_searched(reader: FilterReader) -> None:
    asked = reader.read("Selon le RTES, que faire à Rennes ?", without=frozenset({"publisher", "territory"}))

    assert asked.filters.to_json() == {}
    assert asked.rest == "Selon le RTES, que faire à Rennes ?"


def test_the_year_of_a_declined_period_is_searched(reader: FilterReader) -> None:
    question = "Publications de 2021 sur les tiers-lieux"

    assert reader.read(question, without=frozenset({"from", "to"})).rest == question
