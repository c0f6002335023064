"""Misspelt questions, mended by the words of a corpus."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.repair.lexicon import default_lexicon
from ingest.territories import Gazetteer
from rag.spelling import Speller, sounds

CORPUS = """
    Le financement pluriannuel des associations et les bailleurs sociaux : le renouvellement urbain, l'urbanisme transitoire,
    le contrat de ville et les quartiers prioritaires. Un quartier prioritaire, une initiative, la Fabrique à initiatives.
    Un restaurant pédagogique à Narbonne ; la mécanique de rue à Stains, le commerce à Mamoudzou. L'ESS et les financeurs, une
    feuille de route, le rôle de la Région, l'économie sociale et solidaire, la comptabilité, les prisons, la ville.
    Les personnes, les personnes et les personnes. Museveni. Martin.
"""


@pytest.fixture(scope="module")
def speller() -> Speller:
    gazetteer = Gazetteer.load(Path(__file__).resolve().parent.parent / "corpus" / "territories.json")
    return Speller([CORPUS], default_lexicon().known, lambda word: bool(gazetteer.asked_about(f"à {word}")))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("finansement plurianuel", "financement pluriannuel"),
        ("bayeurs sociaux", "bailleurs sociaux"),
        ("renouvelement urbin", "renouvellement urbain"),
        ("lurbanisme transitoire", "l'urbanisme transitoire"),
        ("less", "l'ess"),
        ("contratde ville", "contrat de ville"),
        ("quartierprioritaire", "quartier prioritaire"),
        ("un quar tier prioritaire", "un quartier prioritaire"),
        ("quar tier prioritaire", "quartier prioritaire"),
        ("une inisiative", "une initiative"),
        ("finaceurs", "financeurs"),
        ("fniancement", "financement"),
        ("financeement", "financement"),
        ("economie", "économie"),
        ("uelle ville", "quelle ville"),
        ("conbien de restauran", "combien de restaurant"),
        ("Finansement des associations", "Financement des associations"),
        ("les prsonnes", "les personnes"),
        ("Mamoudzu", "Mamoudzou"),
        ("le président Musevein", "le président Museveni"),
    ],
)
def test_a_word_that_is_none_becomes_the_likeliest_near_one(speller: Speller, typed: str, meant: str) -> None:
    assert speller.correct(typed) == meant


@pytest.mark.parametrize(
    "question",
    [
        "le financement des quartiers",
        "une comparaison",
        "la scic et les SCICs",
        "les QPVs",
        "Johanna Rolland",
        "monsieur Martine",
        "à Marseille, à Lorient et à Trappes",
        "a lorient",
        "blockchain et métavers",
        "un rezo",
        "co-construction",
        "2023 : 60 %",
        "",
    ],
)
def test_what_is_known_or_a_name_or_like_nothing_stays(speller: Speller, question: str) -> None:
    assert speller.correct(question) == question


def test_of_two_words_as_near_the_commoner_is_meant() -> None:
    often_first = Speller(["banque banque banque banque manque"], lambda _: False)
    often_last = Speller(["banque manque manque manque manque"], lambda _: False)

    assert (often_first.correct("nanque"), often_last.correct("nanque")) == ("banque", "manque")


def test_of_the_forms_of_a_word_the_nearest_is_meant() -> None:
    speller = Speller(
        ["sociale sociale sociale sociale sociales pluriannuelle pluriannuelle pluriannuel"], lambda _: False
    )

    assert speller.correct("clauses sosiales") == "clauses sociales"
    assert speller.correct("un plurianuel") == "un pluriannuel"


def test_words_that_sound_alike_are_near() -> None:
    assert sounds("bayeurs") == sounds("bailleurs")


@given(st.text(max_size=40))
def test_any_question_can_be_corrected_and_stays_as_it_is_then(speller: Speller, question: str) -> None:
    once = speller.correct(question)

    assert speller.correct(once) == once
