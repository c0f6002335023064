"""What kind of thing a question asks for, and which texts give one."""

from __future__ import annotations

import pytest

from rag.answer_type import AnswerType, asked_type, gives
from rag.language import counted_noun


@pytest.mark.parametrize(
    ("question", "kind", "gives_it", "does_not"),
    [
        (
            "Quel est le budget ?",
            AnswerType.MONEY,
            "Le budget est de 96 000 euros par an.",
            "Le budget est voté en 2022.",
        ),
        ("Combien coûte la collecte ?", AnswerType.MONEY, "un montant de 22 500 €", "deux salariés"),
        ("Quelle part des crédits ?", AnswerType.SHARE, "il a reçu 14 % des crédits", "il a reçu 14 euros"),
        ("Quelle proportion de familles ?", AnswerType.SHARE, "un tiers des familles", "les familles"),
        ("Quelle surface a la halle ?", AnswerType.SURFACE, "une halle de 850 m²", "une halle de 850 places"),
        ("En combien de temps ?", AnswerType.DURATION, "en six semaines", "six personnes"),
        (
            "Sur combien d'années ?",
            AnswerType.DURATION,
            "pour la période 2024 à 2030, soit six ans",
            "les années passent",
        ),
        ("À quelle fréquence se réunit-il ?", AnswerType.FREQUENCY, "chaque mois, un comité", "un comité de sélection"),
        ("Combien de réunions par an ?", AnswerType.FREQUENCY, "se réunit 3 fois par an", "trois réunions"),
        ("Depuis quand ?", AnswerType.DATE, "Démarrée en 2007", "Démarrée par les régies"),
        ("Jusqu'à quel âge ?", AnswerType.AGE, "moins de trois ans", "moins de trois projets"),
        ("Combien de vélos ?", AnswerType.COUNT, "a remis en état 340 vélos", "40 % des vélos"),
        ("Combien d'heures d'insertion ?", AnswerType.COUNT, "120 000 heures d'insertion", "les heures d'insertion"),
        ("Combien y a-t-il de SCIC ?", AnswerType.COUNT, "on compte 1 200 SCIC", "50 % du capital d'une SCIC"),
        ("Combien de salariés ?", AnswerType.COUNT, "Seize salariés en insertion", "Les salariés en insertion"),
        ("What share of the capital?", AnswerType.SHARE, "la moitié du capital", "le capital"),
    ],
)
def test_a_text_gives_what_is_asked_for_or_does_not(
    question: str, kind: AnswerType, gives_it: str, does_not: str
) -> None:
    assert asked_type(question) is kind
    assert gives(gives_it, kind, counted_noun(question))
    assert not gives(does_not, kind, counted_noun(question))


@pytest.mark.parametrize(
    "question", ["Comment associer les bailleurs ?", "Qu'est-ce qu'une SCIC ?", "Un exemple à Rennes ?", "Quel loyer ?"]
)
def test_other_questions_ask_for_nothing_that_has_a_form(question: str) -> None:
    assert asked_type(question) is None
