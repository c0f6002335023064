"""The lexical leg's terms."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.index.analyser import ANALYSER, analyse, fold

SAMPLE = (
    "L’ESS dans les quartiers : qu'est-ce que la co-construction ? Les habitant.e.s, élu·e·s et citoyen.ne.s coopèrent "
    "sans moyens, jusqu'à 1 200 euros. « Œuvres » d'intérêt général ; rez-de-chaussée, tiers-lieux, SCIC et "
    "micro-ateliers coopératifs. Existe-t-il un rendez-vous ?"
)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("l’ESS", "ess"),
        ("l'économie", "Economie"),
        ("coopératives", "coopérative"),
        ("habitant.e.s", "habitants"),
        ("citoyen·ne·s", "citoyens"),
        ("financements", "financement"),
        ("œuvre", "oeuvres"),
        ("coconstruction", "co-construction"),
        ("tiers-lieux", "tiers-lieu"),
        ("tiers lieux", "tiers-lieu"),
        ("rez de chaussée", "rez-de-chaussée"),
        ("micro ateliers", "micro-atelier"),
        ("co construction", "co-construction"),
        ("lESS", "l'ESS"),
        ("quESS", "ESS"),
        ("l′ESS", "ess"),
        ("l´ESS", "ess"),
        ("ﬁlière", "filières"),
        ("quar\u00adtier", "quartier"),
        ("quar\u200btier", "quartier"),
        ("e\u0301tude", "étude"),
        ("habitant(e)s", "habitants"),
        ("habitant-e-s", "habitants"),
        ("2 500", "2500"),
        ("2\u202f500", "2 500"),
        ("60 %", "60%"),
        ("existe-t-il", "existe"),
        ("parlez-moi", "parlez"),
        ("doivent-ils", "doivent"),
        ("cet homme-là", "homme"),
        ("prend rendez-vous", "prend rendez-vous"),
    ],
)
def test_forms_of_one_word_share_a_term(left: str, right: str) -> None:
    assert set(analyse(left)) & set(analyse(right))


def test_negations_stay_and_function_words_go() -> None:
    assert analyse("sans les associations") == [*analyse("sans"), *analyse("associations")]
    assert analyse("sans") != []
    assert analyse("qu'est-ce que c'est ?") == []


@pytest.mark.parametrize("word", ["sans", "hors", "non", "pas", "contre", "moins"])
def test_words_that_turn_a_question_stay(word: str) -> None:
    assert len(analyse(f"un quartier {word} association")) == 3


@pytest.mark.parametrize(
    ("text", "terms"), [("d une l association", 1), ("la laine", 1), ("en 1998 1200", 2), ("du 2 au 500", 2)]
)
def test_what_is_apart_stays_apart(text: str, terms: int) -> None:
    assert len(analyse(text)) == terms


@given(st.text())
def test_terms_are_letters_and_digits_folded_whatever_the_text(text: str) -> None:
    terms = analyse(text)

    assert all(term.isalnum() and term == fold(term) for term in terms)
    assert terms == analyse(f" {text}\n")


@given(st.text(alphabet="abcdeéèlqu'’-. ·()ESS0123456789\u00ad\u200b\u202f%|~_#\n", max_size=60))
def test_ocr_residue_gives_terms_like_any_text(text: str) -> None:
    assert all(term.isalnum() and term == fold(term) for term in analyse(text))


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_fold_drops_accents_and_case() -> None:
    assert fold("À l'Œuvre, où ?") == "a l'oeuvre, ou ?"


def test_a_change_of_the_terms_changes_the_analysers_name() -> None:
    """The manifest carries the name: when this fails, give ANALYSER a new number and record the new digest."""
    digest = hashlib.sha256(" ".join(analyse(SAMPLE)).encode()).hexdigest()[:12]

    assert (ANALYSER, digest) == ("fr-5", "f6ae09c8609e")
