"""What turns a sentence round, says more than its evidence, or ties together what it does not."""

from __future__ import annotations

import pytest

from rag.support.bonds import left_off, moved_figures, of_another_row, swapped
from rag.support.modality import overstated
from rag.support.polarity import turned
from rag.support.sequence import turned_round


@pytest.mark.parametrize(
    ("sentence", "evidence", "signs"),
    [
        ("Le jardin n'est pas ouvert aux voisins.", "Le jardin est ouvert aux voisins.", {"negation"}),
        ("Le jardin est ouvert aux voisins.", "Le jardin n’est pas ouvert aux voisins.", {"negation"}),
        ("Le jardin est ouvert sans réservation.", "Le jardin est ouvert sur réservation.", {"negation"}),
        ("Le jardin n'est jamais fermé.", "Le jardin n'est pas fermé.", {"none"}),
        ("Le jardin n'est pas fermé.", "Le jardin n’est pas fermé.", set()),
        ("Le nombre de jardins a augmenté.", "Le nombre de jardins a diminué.", {"opposite"}),
        ("Le prêt est gratuit.", "Le prêt est payant.", {"opposite"}),
        ("Tous les jardins ont un puits.", "Des jardins ont un puits.", {"all"}),
        ("La plupart des jardins ont un puits.", "Des jardins ont un puits.", {"most"}),
        ("Il faut au moins trois voisins.", "Il faut trois voisins.", {"at_least"}),
        ("Il faut au plus trois voisins.", "Il faut au moins trois voisins.", {"at_most"}),
        ("Le puits ne doit pas être à plus de dix pas.", "Le puits doit être à moins de dix pas.", set()),
        ("Les voisins ne paient que l'eau.", "Les voisins paient l'eau.", {"only"}),
        ("Seule l'eau est payée par les voisins.", "Les voisins ne paient que l’eau.", set()),
        ("Les voisins paient l'eau et un loyer.", "Les voisins ne paient que l'eau.", {"widened"}),
        ("Une petite ville peut louer le jardin.", "Rien n'empêche une petite ville de louer le jardin.", set()),
        ("Une ville ne peut louer le jardin.", "Une ville peut louer le jardin.", {"forbidden"}),
        ("Une ville ne peut louer le jardin que vide.", "Une ville peut louer le seul jardin vide.", set()),
        ("Chaque voisin paie toujours l'eau.", "Les voisins paient obligatoirement l'eau.", set()),
        ("La plupart des jardins ont un puits.", "60 % des jardins ont un puits.", set()),
        ("La plupart des jardins ont un puits.", "30 % des jardins ont un puits.", {"most"}),
        (
            "La plupart des voisins sont des jeunes.",
            "Le taux de réussite est de 60 % en deux ans, et douze voisins sont jeunes.",
            {"most"},
        ),
        ("Tous les voisins sont consultés.", "Tout commence par un bilan ; des voisins sont consultés.", {"all"}),
        ("Le bail dure au maximum un an.", "Le bail dure plus d'un an, dans un délai annoncé.", {"at_most"}),
        ("Le bail dure au maximum un an.", "Le bail limité à la cour dure plus d'un an.", {"at_most"}),
        ("Le bail dure au maximum un an.", "Le bail est limité à un an.", set()),
        ("Aucun loyer n'est dû.", "Le jardin est prêté sans loyer.", set()),
        ("Il faut trois jours au plus.", "La réponse vient sous trois jours.", set()),
        ("Les voisins sont moins nombreux.", "Le nombre de voisins a baissé.", set()),
        ("Les voisins sont moins nombreux.", "Le nombre de voisins est connu.", {"less"}),
        ("La part des voisins au loyer le moins élevé est connue.", "Ils ont le loyer le plus bas.", set()),
        ("Le jardin n'est nullement ouvert aux voisins.", "Le jardin est ouvert aux voisins.", {"negation"}),
        ("Les voisins sont exclus du vote.", "Les voisins ne prennent pas part au vote.", set()),
        ("Les voisins sont chargés du vote.", "Les voisins ne prennent pas part au vote.", {"negation"}),
        ("Les voisins sont libres de toute cotisation.", "Les voisins ne paient pas de cotisation.", set()),
        ("Le jardin ferme tant que le puits est sec.", "Le jardin ne vit pas quand le puits est sec.", set()),
        ("L'accord allège la gestion.", "L'accord alourdit la gestion.", {"opposite"}),
    ],
)
def test_signs_that_a_sentence_is_turned_round(sentence: str, evidence: str, signs: set[str]) -> None:
    assert turned(sentence, [evidence]) == signs


def test_a_word_that_may_deny_counts_only_beside_what_is_denied() -> None:
    sentence = "Le bilan est rédigé sans être publié."

    assert turned(sentence, ["Le bilan est publié.", "Il est obligatoire."]) == {"negation"}
    assert turned(sentence, ["Il est difficile d'obtenir que le bilan soit publié."]) == set()


@pytest.mark.parametrize(
    ("sentence", "evidence", "signs"),
    [
        ("Les voisins doivent nommer un trésorier.", "Les voisins nomment un trésorier.", {"must"}),
        ("Les voisins doivent nommer un trésorier.", "Les voisins peuvent nommer un trésorier.", {"must"}),
        (
            "Ils doivent nommer un trésorier.",
            "Ils doivent tenir une caisse et peuvent nommer un trésorier.",
            {"must"},
        ),
        ("Il faut un trésorier, faute de caisse.", "Un trésorier est obligatoire.", set()),
        ("La ville détient le terrain.", "La ville peut détenir le terrain.", {"fact"}),
        ("La ville peut détenir le terrain.", "La ville peut détenir le terrain.", set()),
        ("Détenir le terrain aide la ville.", "La ville peut détenir le terrain, ce qui l'aide.", set()),
        ("Le puits a été creusé.", "Le puits sera creusé.", {"done"}),
        ("Le puits a été creusé.", "Le terrain a été acheté et le puits sera creusé.", {"done"}),
        ("Le puits a été creusé.", "Le puits a été creusé en mai.", set()),
        ("Le puits sert à la fois aux jardins et aux écoles.", "Le puits sera utile aux deux.", set()),
        ("Le puits était annoncé pour mai.", "Le puits sera creusé en mai.", set()),
    ],
)
def test_signs_that_a_sentence_says_more_than_its_evidence(sentence: str, evidence: str, signs: set[str]) -> None:
    assert overstated(sentence, evidence) == signs


@pytest.mark.parametrize(
    ("sentence", "text", "nouns"),
    [
        ("Trois ateliers emploient dix jeunes.", "Dix ateliers emploient trois jeunes.", {"ateli", "emploi", "jeun"}),
        ("Trois ateliers emploient dix jeunes.", "Trois ateliers emploient dix jeunes.", set()),
        ("3 ateliers pour 10 jeunes", "trois\u00a0ateliers, ouverts à dix jeunes", set()),
        ("20 % des élèves sont partis.", "50 élèves, dont 20 % sont partis.", set()),
    ],
)
def test_a_figure_counts_what_it_counts_in_the_text(sentence: str, text: str, nouns: set[str]) -> None:
    assert bool(moved_figures(sentence, [text])) is bool(nouns)
    assert moved_figures(sentence, [text]) <= nouns


@pytest.mark.parametrize(
    ("sentence", "figure"),
    [
        ("Les ateliers sont équipés d'un four.", "2"),
        ("Deux ateliers sont équipés d'un four.", ""),
        ("La ville a des ateliers équipés d'un four.", ""),
        ("Les ateliers sont loués.", ""),
    ],
)
def test_a_part_is_not_told_of_the_whole(sentence: str, figure: str) -> None:
    assert left_off(sentence, "La ville a neuf lieux. Deux ateliers sont équipés d'un four.") == figure


@pytest.mark.parametrize(
    ("sentence", "figures"),
    [
        ("Pour la peinture, il faut 20 % d'heures.", {"20"}),
        ("Pour la peinture, il faut 15 % d'heures.", set()),
        ("Pour la peinture, il faut un quota.", set()),
    ],
)
def test_a_figure_is_one_of_its_row(sentence: str, figures: set[str]) -> None:
    assert of_another_row(sentence, "Peinture | 15 % des heures | 6 mois") == figures


@pytest.mark.parametrize(
    ("sentence", "text", "verb"),
    [
        ("Le maire a confié la clé à un voisin.", "Un voisin a confié la clé au maire.", "confi"),
        ("Le maire prête la clé au voisin.", "Le voisin prête la clé au maire.", "pret"),
        ("Le maire prête la clé au voisin.", "Le maire prête la clé au voisin.", ""),
        ("La clé est prêtée par le maire au voisin.", "Le maire prête la clé au voisin.", ""),
        ("Au voisin, le maire prête la clé.", "Le maire prête la clé au voisin.", ""),
    ],
)
def test_who_does_it_stays_on_his_side_of_the_verb(sentence: str, text: str, verb: str) -> None:
    assert swapped(sentence, text) == verb


@pytest.mark.parametrize(
    ("sentence", "evidence", "kinds"),
    [
        ("La fuite vient du gel.", "Le gel vient de la fuite.", {"cause"}),
        ("La fuite vient du gel.", "La fuite vient surtout du gel.", set()),
        ("La fuite du puits vient du gel.", "Le gel du matin vient du nord.", set()),
        ("La fuite du puits vient du gel.", "Le maire a permis le gel.", set()),
        ("La fuite s’explique par le gel.", "Le gel a entraîné la fuite.", set()),
        ("Le gel s'explique par la fuite.", "Le gel a entraîné la fuite.", {"cause"}),
        ("Grâce au puits, le jardin a été agrandi.", "Le jardin a été agrandi grâce au puits.", set()),
        ("Grâce au jardin, le puits a été agrandi.", "Le puits a permis d'agrandir le jardin.", {"cause"}),
        ("Le jardin ferme parce que le puits est sec.", "Le puits est sec. Le jardin ferme.", set()),
        ("Le vote a lieu après le bilan.", "Le bilan est fait après le vote.", {"order"}),
        (
            "Le vote du maire a lieu après le bilan.",
            "Le bilan du maire a lieu après un très long débat sur le vote.",
            {"order"},
        ),
        (
            "Le vote du maire a lieu après le bilan.",
            "Le vote du maire se tient après le bilan. Le bilan suit le premier vote, puis le bilan est revu.",
            set(),
        ),
        ("Le vote a lieu après le bilan.", "Le bilan est fait avant le vote.", set()),
        ("Avant le vote, le bilan est fait.", "Le vote a lieu, puis le bilan est fait.", {"order"}),
        ("Une fois le bilan fait, le vote a lieu.", "Le bilan est fait, puis le vote a lieu.", set()),
        ("Le bilan est fait une fois par an, avant le vote.", "Le bilan a lieu avant le vote.", set()),
        (
            "Les voisins sont consultés avant et après les travaux.",
            "Les voisins sont consultés avant et après les travaux.",
            set(),
        ),
        ("La ville, après avoir racheté le local, l'a loué.", "La ville a racheté le local puis l'a loué.", set()),
        ("La ville, après avoir loué le local, l'a racheté.", "La ville a racheté le local puis l'a loué.", {"order"}),
        ("Le jardin renforce le lien.", "Le lien est renforcé par le jardin.", set()),
        ("Le lien renforce le jardin.", "Le lien est renforcé par le jardin.", {"cause"}),
        ("Le lien a renforcé le jardin.", "Le jardin renforce le lien.", {"cause"}),
        (
            "Signés une première fois jusqu'à la fin de 2022, puis une seconde fois jusqu'à la fin de 2023.",
            "Signés une première fois jusqu'à la fin de 2022, puis une seconde fois jusqu'à la fin de 2023.",
            set(),
        ),
    ],
)
def test_what_comes_first_is_not_told_as_what_follows(sentence: str, evidence: str, kinds: set[str]) -> None:
    assert turned_round(sentence, [evidence]) == kinds
