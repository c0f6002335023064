"""Sentences are whole, and every character is in one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.sentences import split_sentences


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


@pytest.mark.parametrize(
    "text",
    [
        "L'art. 5 de la loi est abrogé.",
        "Voir le Code Env. Article 12 et suivants.",
        "M. Dupont et Mme. Durand ont signé avec J.-P. Martin.",
        "Le n° 3. et le no. 12 sont parus.",
        "La part est de 3.5 % et de 1.200 euros.",
        "Ex. : une régie de quartier.",
        "Vous trouverez p. 12 la liste (cf. Annexe 2).",
        "Les habitant.e.s sont associé.e.s au projet.",
        "Est-ce possible ?",
    ],
)
def test_abbreviations_numbers_and_inclusive_forms_do_not_end_a_sentence(text: str) -> None:
    assert sentences(text) == [text]


def test_stops_questions_and_quotes_end_sentences() -> None:
    text = "Il a dit : « Oui. » Elle part ! Pourquoi ? Des lycées, associations, etc. Le reste suit… À Rennes, rien."

    assert sentences(text) == [
        "Il a dit : « Oui. »",
        "Elle part !",
        "Pourquoi ?",
        "Des lycées, associations, etc.",
        "Le reste suit…",
        "À Rennes, rien.",
    ]


def test_a_line_break_ends_a_sentence() -> None:
    assert sentences("Commune ; budget\nStains ; 3 000 €") == ["Commune ; budget", "Stains ; 3 000 €"]


@given(st.text(alphabet="aB .!?…«»\n\t'’)(1é", max_size=80))
def test_every_non_blank_character_is_in_exactly_one_sentence(text: str) -> None:
    covered = [index for start, end in split_sentences(text) for index in range(start, end)]

    assert covered == sorted(set(covered))
    assert {i for i, char in enumerate(text) if not char.isspace()} <= set(covered)
