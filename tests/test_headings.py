"""How a heading is said before what stands under it."""

from __future__ import annotations

import pytest

from rag.compose.headings import Headings, shortened

TEXTS = (
    "La politique de la ville finance avec l'État les associations dans le quartier, pour inscrire et favoriser leurs projets.",
    "Voir https://www.example.fr/economie-informelle-ess-enjeux et www.example.org/anru",
)


@pytest.mark.parametrize(
    ("heading", "spoken"),
    [
        ("1. INSCRIRE L'ESS DANS LA POLITIQUE DE LA VILLE", "Inscrire l'ESS dans la politique de la ville"),
        ("FAVORISER L'ACCULTURATION AVEC L'ANRU", "Favoriser l'acculturation avec l'ANRU"),
        ("Trouver un local", "Trouver un local"),
        (
            "Trouver un local dans le quartier et le louer aux associations de la commune",
            "Trouver un local dans le quartier…",
        ),
        (
            "Aider les associations à se loger dans les locaux et dans les rez-de-chaussée vacants",
            "Aider les associations à se loger…",
        ),
        (
            "Entrer dans le programme « Engagements pour les quartiers prioritaires de la ville »",
            "Entrer dans le programme…",
        ),
        ("Comment trouver un local ?", ""),
    ],
)
def test_a_heading_is_said_in_small_letters_and_a_long_one_is_shortened_where_nothing_hangs(
    heading: str, spoken: str
) -> None:
    assert Headings(TEXTS).spoken(("Sommaire", heading)) == spoken


def test_no_heading_says_nothing() -> None:
    assert Headings(TEXTS).spoken(()) == ""


def test_what_is_short_enough_stays_whole() -> None:
    assert shortened("Les régies de quartier.", 6) == "Les régies de quartier"
