"""What a question is: its language, what it asks for, what it names."""

from __future__ import annotations

import pytest

from rag.language import Intent, counted_noun, figures_in, intent_of, is_english, names_in


@pytest.mark.parametrize(
    ("question", "intent"),
    [
        ("Comment mobiliser du foncier ?", Intent.HOW_TO),
        ("Comment décider avec ceux qui portent le projet ?", Intent.HOW_TO),
        ("Quels leviers pour l'ESS ?", Intent.HOW_TO),
        ("Combien de territoires sont couverts ?", Intent.FACT),
        ("Qui anime le partenariat ?", Intent.FACT),
        ("En quelle année la convention a-t-elle été signée ?", Intent.FACT),
        ("Qu’est-ce que la RUI ?", Intent.DEFINITION),
        ("Un exemple à Dijon ?", Intent.EXAMPLE),
        ("How can a town help?", Intent.HOW_TO),
        ("bailleurs sociaux foncier", Intent.GENERAL),
    ],
)
def test_what_a_question_asks_for(question: str, intent: Intent) -> None:
    assert intent_of(question) is intent


@pytest.mark.parametrize("question", ["What is the role of the region?", "Who helps street vendors in Mayotte?"])
def test_english_is_told_by_its_function_words(question: str) -> None:
    assert is_english(question)


@pytest.mark.parametrize("question", ["Que fait la région ?", "ESS contrat de ville", "on parle de quoi", "foncier"])
def test_anything_else_is_taken_for_french(question: str) -> None:
    assert not is_english(question)


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("Un garage solidaire à Roubaix ?", ("Roubaix",)),
        ("Comment faire ?", ()),
        ("ESUS : comment l'obtenir ?", ("ESUS",)),
        ("QUE FAIT LA RÉGION ?", ()),
        ("Que fait la Région pour les QPV en Seine-Saint-Denis ?", ("QPV", "Seine-Saint-Denis")),
    ],
)
def test_names_are_words_with_a_capital_inside_a_question(question: str, names: tuple[str, ...]) -> None:
    assert names_in(question) == names


@pytest.mark.parametrize(
    ("question", "noun"),
    [
        ("Combien d'emplois le projet a-t-il créés ?", "emplois"),
        ("Combien y a-t-il de quartiers prioritaires ?", "quartiers"),
        ("Quel est le taux de chômage ?", "chomage"),
        ("Combien de personnes ont participé ?", None),
        ("Combien coûte un local ?", None),
        ("Comment compter les emplois ?", None),
    ],
)
def test_what_is_counted(question: str, noun: str | None) -> None:
    assert counted_noun(question) == noun


def test_figures_are_two_digits_or_more() -> None:
    assert figures_in("La loi de 2014, 3 fois, 3,5 % et 60 %, art. L12") == {"2014", "60"}
