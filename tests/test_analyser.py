"""The lexical leg's terms."""

from __future__ import annotations

import hashlib

import pytest

from ingest.index.analyser import ANALYSER, analyse, fold

SAMPLE = (
    "L’ESS dans les quartiers : qu'est-ce que la co-construction ? Les habitant.e.s, élu·e·s et citoyen.ne.s coopèrent "
    "sans moyens, jusqu'à 1 200 euros. « Œuvres » d'intérêt général ; rez-de-chaussée, tiers-lieux, SCIC et "
    "micro-ateliers coopératifs."
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
    ],
)
def test_forms_of_one_word_share_a_term(left: str, right: str) -> None:
    assert set(analyse(left)) & set(analyse(right))


def test_negations_stay_and_function_words_go() -> None:
    assert analyse("sans les associations") == [*analyse("sans"), *analyse("associations")]
    assert analyse("sans") != []
    assert analyse("qu'est-ce que c'est ?") == []


def test_fold_drops_accents_and_case() -> None:
    assert fold("À l'Œuvre, où ?") == "a l'oeuvre, ou ?"


def test_a_change_of_the_terms_changes_the_analysers_name() -> None:
    """The manifest carries the name: when this fails, give ANALYSER a new number and record the new digest."""
    digest = hashlib.sha256(" ".join(analyse(SAMPLE)).encode()).hexdigest()[:12]

    assert (ANALYSER, digest) == ("fr-3", "14b327b89286")
