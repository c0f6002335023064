"""Sigles in questions, short and in full."""

from __future__ import annotations

import pytest

from ingest.repair.lexicon import default_lexicon
from rag.sigles import Sigles


@pytest.fixture(scope="module")
def sigles() -> Sigles:
    lexicon = default_lexicon()
    return Sigles(lexicon.sigles, lexicon.common)


@pytest.mark.parametrize(
    ("question", "sigle"),
    [
        ("Quels QPV sont concernés ?", "QPV"),
        ("les QPVs", "QPV"),
        ("deux SCICs", "SCIC"),
        ("les scop", "SCOP"),
        ("la scic", "SCIC"),
        ("Scic et collectivités", "SCIC"),
        ("cest quoi l ess", "ESS"),
        ("l’ESS", "ESS"),
        ("l'E.S.S. locale", "ESS"),
        ("répondre à un AMI", "AMI"),
        ("VRAC", "VRAC"),
        ("une ZFU-TE", "ZFU-TE"),
        ("LE QPV", "QPV"),
        ("créer une EA", "EA"),
        ("un quartier prioritaire de la politique de la ville", "QPV"),
        ("les pôles territoriaux de coopération économique", "PTCE"),
        ("les sociétés coopératives d'intérêt collectif", "SCIC"),
        ("chambre régionale de l'économie sociale et solidaire", "CRESS"),
    ],
)
def test_a_sigle_is_found_however_it_is_written(sigles: Sigles, question: str, sigle: str) -> None:
    assert [expansion.sigle.sigle for expansion in sigles.expansions(question)] == [sigle]


@pytest.mark.parametrize(
    "question",
    [
        "mon ami",
        "Ami des jardins",
        "je l'ai vu",
        "en vrac",
        "MON AMI",
        "une ea",
        "le sel",
        "il a plu",
        "mes voisins",
        "pre vert",
    ],
)
def test_another_word_is_no_sigle(sigles: Sigles, question: str) -> None:
    assert sigles.expansions(question) == ()


def test_in_english_two_letters_are_no_sigle_of_the_field(sigles: Sigles) -> None:
    assert sigles.expansions("What about AI?", french=False) == ()
    assert [e.sigle.sigle for e in sigles.expansions("What is a SCIC?", french=False)] == ["SCIC"]


def test_an_expansion_says_where_it_is_and_what_else_it_is_called(sigles: Sigles) -> None:
    (short,) = sigles.expansions("Un PTCE ?")
    (in_full,) = sigles.expansions("Un pôle territorial de coopération économique ?")

    assert (short.start, short.end, short.others[0]) == (3, 7, "pôle territorial de coopération économique")
    assert in_full.others == ("PTCE",)


def test_the_lexicon_names_each_sigle_once_and_says_what_it_means() -> None:
    sigles = default_lexicon().sigles

    assert len(sigles) >= 90
    assert len({sigle.sigle.upper() for sigle in sigles}) == len(sigles)
    assert all(" " in sigle.meaning for sigle in sigles)
