"""Figures and dates of a text compare, however they are written."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.support.figures import Day, Figure, figures_of

UNITS = "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize".split()
TENS = {2: "vingt", 3: "trente", 4: "quarante", 5: "cinquante", 6: "soixante", 8: "quatre-vingt"}


def in_words(number: int) -> str:
    """As French writes it, below a million."""
    if number >= 1000:
        thousands, rest = divmod(number, 1000)
        before = "mille" if thousands == 1 else f"{in_words(thousands)} mille"
        return f"{before} {in_words(rest)}" if rest else before
    if number >= 100:
        hundreds, rest = divmod(number, 100)
        before = "cent" if hundreds == 1 else f"{UNITS[hundreds]} cent"
        return f"{before} {in_words(rest)}" if rest else before + ("s" if hundreds > 1 else "")
    if number < 20:
        return UNITS[number] if number < 17 else f"dix-{UNITS[number - 10]}"
    tens = number // 10 - (number // 10 in {7, 9})
    rest = number - 10 * tens
    if not rest:
        return TENS[tens] + ("s" if tens == 8 else "")
    joint = " et " if rest in {1, 11} and tens != 8 else "-"
    return f"{TENS[tens]}{joint}{in_words(rest)}"


def compared(one: str, other: str, language: str = "fr") -> tuple[Any, Any]:
    return figures_of(one, language), figures_of(other)


@given(st.integers(2, 999_999))
def test_a_number_in_words_is_the_number_in_digits(number: int) -> None:
    words, digits = compared(f"La ville compte {in_words(number)} euros.", f"La ville compte {number} euros.")

    assert words == digits
    assert words.figures == {Figure(str(number), "€")}


@given(st.integers(1000, 9_999_999), st.sampled_from([" ", "\u00a0", "\u202f", "."]))
def test_thousands_are_grouped_as_one_likes(number: int, between: str) -> None:
    grouped, plain = compared(f"{number:,} euros".replace(",", between), f"{number} euros")
    assert grouped == plain


@given(st.integers(2, 99), st.integers(2, 99))
def test_a_figure_that_is_not_told_is_missing(said: int, told: int) -> None:
    missing = figures_of(f"On y compte {said} lieux.").missing_from(figures_of(f"On y compte {told} lieux."))
    assert bool(missing) is (said != told)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("40 % des foyers", "quarante pour cent des foyers"),
        ("40\u202f% des foyers", "40% des foyers"),
        ("quatre foyers sur dix", "40 % des foyers"),
        ("un foyer sur quatre", "un quart des foyers"),
        ("la moitié", "50 %"),
        ("2 M€", "deux millions d’euros"),
        ("1,5 million d'euros", "1 500 000 €"),
        ("3 milliards d'euros", "3 Md€"),
        ("120 k€", "120 000 euros"),
        ("entre 10 et 20 %", "entre 10 % et 20 %"),
        ("de 3 à 5 millions d’euros", "de 3 millions à 5 millions d'euros"),
        ("le 4 avril 2021", "04/04/2021"),
        ("le 1er mai 2020", "le premier mai 2020"),
        ("de 2019-2022", "de 2019 et 2022"),
        ("une douzaine de lieux", "douzaine de lieux"),
        ("un an et demi", "dix-huit mois"),
        ("deux ans et demi", "30 mois"),
        ("trois à quatre ans", "de 36 à 48 mois"),
        ("cinq semaines", "35 jours"),
        ("trois jours sur sept", "trois jours par semaine"),
        ("dans les années 80", "dans les années 1980"),
        ("1,5 an", "18 mois"),
        ("deux trimestres", "six mois"),
        ("quinze jours", "deux semaines"),
        ("les 16-25 ans", "de 16 à 25 ans"),
        ("les 16/25 ans", "entre 16 et 25 ans"),
    ],
)
def test_what_says_the_same_is_the_same(one: str, other: str) -> None:
    first, second = compared(one, other)
    assert first == second
    assert first.figures or first.days


@pytest.mark.parametrize(
    ("english", "french"),
    [
        ("sixty percent of shops", "60 % des commerces"),
        ("1,250 residents", "1 250 résidents"),
        ("two million euros", "2 millions d'euros"),
        ("on 14 March 2022", "le 14 mars 2022"),
        ("March 14, 2022", "le 14 mars 2022"),
        ("two thirds of the space", "deux tiers de la surface"),
        ("half of the members", "la moitié des membres"),
        ("less than five years old", "de moins de cinq ans"),
        ("a third place for eleven firms", "un tiers-lieu de onze entreprises"),
    ],
)
def test_english_says_what_french_says(english: str, french: str) -> None:
    first, second = compared(english, french, "en")
    assert not first.missing_from(second)
    assert first.figures or first.days


@pytest.mark.parametrize(
    "text",
    [
        "un quartier et une ville",
        "d'une part, c'est le premier",
        "vous pouvez, et on le peut",
        "un tiers-lieu",
        "les uns des autres",
        "l'un des quartiers",
    ],
)
def test_an_article_is_no_figure(text: str) -> None:
    assert figures_of(text) == figures_of("")


@pytest.mark.parametrize(
    ("said", "told", "missing"),
    [
        ("30 %", "30 lieux", {Figure("30", "%")}),
        ("30 lieux", "30 %", set()),
        ("en 2021", "le 3 mai 2021", set()),
        ("le 3 mai 2021", "en 2021", {Day(2021, 5, 3)}),
        ("le 3 mai", "le 3 mai 2021", set()),
        ("en mai 2022", "en mai 2021", {Day(2022, 5)}),
        ("2 025 habitants", "en 2025", {Figure("2025")}),
        ("une vingtaine de jardins", "vingt jardins", set()),
        ("vingt jardins", "une vingtaine de jardins", set()),
        ("une soixantaine de jardins", "64 jardins", set()),
        ("une soixantaine de jardins", "46 jardins", {Figure("60", "~")}),
        ("une soixantaine de jardins", "64 %", {Figure("60", "~")}),
        ("douze mois", "un an", set()),
        ("un an", "une fois", set()),
        ("quinze mois", "un an", {Figure("15", "mois")}),
        ("sept mois", "un an", {Figure("7", "mois")}),
        ("tous les trois mois", "une fois par trimestre", set()),
        ("une fois par trimestre", "une fois", set()),
        ("tous les trois mois", "au premier trimestre", {Figure("3", "mois")}),
        ("36 salariés", "trois ans", {Figure("36")}),
        ("12 locaux", "un an", {Figure("12")}),
        ("trois fois", "chaque trimestre", {Figure("3")}),
        ("24 jours", "deux ans", {Figure("24", "jours")}),
        ("deux ans", "24 quartiers", {Figure("24", "mois")}),
        ("7 ans", "84 %", {Figure("84", "mois")}),
        ("2,5 ans", "2,60 euros", {Figure("30", "mois")}),
        ("1 500 ans", "1 500 ans", set()),
        ("en 2022", "avant le 1er janvier 2023", {Day(2022)}),
        ("à la fin de 2022", "avant le 1er janvier 2023", set()),
        ("à la fin de 2021", "avant le 1er janvier 2023", {Day(2021)}),
    ],
)
def test_a_source_may_say_more_and_not_less(said: str, told: str, missing: set[Figure | Day]) -> None:
    found = figures_of(said).missing_from(figures_of(told))
    assert found == missing
