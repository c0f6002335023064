"""What a question is: its language, what it asks for, what it names."""

from __future__ import annotations

import pytest

from rag.language import Intent, counted_noun, figures_in, intent_of, is_english, names_in

ASKED = {
    Intent.HOW_TO: """
        Comment mobiliser du foncier ?
        Comment décider avec ceux qui portent le projet ?
        Comment peut-on financer une régie de quartier ?
        Quels leviers pour l'ESS ?
        Quels moyens une commune a-t-elle ?
        Par quelle méthode repérer les besoins ?
        De quelle façon associer les habitants ?
        Que faire d'un bâtiment vide ?
        Que peut faire une commune contre le gaspillage ?
        Que mettre en place pour les vendeuses de rue ?
        À qui s'adresser pour ouvrir une ressourcerie ?
        Quelles étapes pour créer une SCIC ?
        Des pistes pour les rez-de-chaussée vacants ?
        Que nous recommandez-vous pour le foncier ?
        How can a town help?
        How to fund a community garden?
        What can a council do about waste?
        What are the steps to open a shop?
    """,
    Intent.FACT: """
        Combien de territoires sont couverts ?
        conbien de réunions par an
        Qui anime le partenariat ?
        Et qui finance ?
        Où se trouve la ferme urbaine ?
        où est le garage
        Quand la convention prend-elle fin ?
        En quelle année la convention a-t-elle été signée ?
        Depuis quand existe le réseau ?
        À quelle date a eu lieu le séminaire ?
        Quel est le montant de la subvention ?
        Quel budget pour le projet ?
        Quelle est la part des femmes ?
        Quelle proportion des caisses est réparée ?
        Quels sont les chiffres clés de l'ESS ?
        Dans quelles villes la formation a-t-elle eu lieu ?
        Avec qui la ville travaille-t-elle ?
        Par qui le comité est-il présidé ?
        How many jobs were created?
        How much does it cost?
        When was the agreement signed?
        Where is the farm?
        Who chairs the committee?
        What percentage of crates is recycled?
        Which city runs the project?
    """,
    Intent.DEFINITION: """
        Qu’est-ce que la RUI ?
        Qu'est-ce qu'une foncière ?
        c'est quoi un tiers-lieu
        cest quoi l ess
        cest koi une scic
        Que signifie PTCE ?
        Que veut dire VRAC ?
        Définition de l'urbanisme transitoire
        Comment définir l'innovation sociale ?
        Qu'entend-on par commande publique ?
        Qu'appelle-t-on un QPV ?
        En quoi consiste un chantier d'insertion ?
        Que recouvre ce dispositif ?
        Que désigne ce sigle ?
        What is a SCIC?
        What's a priority neighbourhood?
        What is composting?
        What does QPV stand for?
        What does it mean?
        Meaning of ESS
    """,
    Intent.EXAMPLE: """
        Un exemple à Dijon ?
        Avez-vous des exemples de garages ?
        Des retours d'expérience sur le compostage ?
        Quelles initiatives en Bretagne ?
        Un cas concret de foncière ?
        Un cas de ferme en ville ?
        Y a-t-il des cas d'associations qui partagent un local ?
        Des bonnes pratiques d'achat ?
        Une commune l'a-t-elle déjà fait ?
        Connaissez-vous des projets inspirants ?
        Quelles réalisations à Nantes ?
        Des témoignages d'habitants ?
        any examples in Rennes?
        Are there any towns with such a market?
        Case studies about waste
    """,
    Intent.GENERAL: """
        bailleurs sociaux foncier
        urbanisme transitoire
        Le rôle de la Région
        Qu'est-ce que prévoit la loi ?
        Une expérience professionnelle compte-t-elle ?
        social landlords
    """,
}


@pytest.mark.parametrize(
    ("question", "intent"),
    [(question.strip(), intent) for intent, lines in ASKED.items() for question in lines.strip().splitlines()],
)
def test_what_a_question_asks_for(question: str, intent: Intent) -> None:
    assert intent_of(question) is intent


@pytest.mark.parametrize(
    "question",
    [
        "What is the role of the region?",
        "Who helps street vendors in Mayotte?",
        "any examples in Rennes?",
        "what is a SCIC?",
        "social landlords",
        "street vendors Mayotte",
        "temporary use of buildings",
        "waste",
        "how?",
    ],
)
def test_english_is_told_by_its_words(question: str) -> None:
    assert is_english(question)


@pytest.mark.parametrize(
    "question",
    [
        "Que fait la région ?",
        "ESS contrat de ville",
        "on parle de quoi",
        "foncier",
        "renovation urbaine",
        "cooperatives reunion",
        "finansement plurianuel",
        "TAg 35",
        "garage",
        "Wo ist der Garten?",
        "",
        "<script>alert(1)</script> ESS",
        "<b onclick=run()>quartiers</b>",
    ],
)
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


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("une subvention de 20 000 euros", {"20000"}),
        ("une subvention de 20\u00a0000 euros", {"20000"}),
        ("une subvention de 20\u202f000 €", {"20000"}),
        ("20.000 habitants, 1.250.000 euros", {"20000", "1250000"}),
        ("20000 habitants", {"20000"}),
        ("1 500,50 euros", {"1500,50"}),
        ("en 2021 300 entrepreneurs", {"2021", "300"}),
        ("de 2018 à 2019, 12 projets", {"2018", "2019", "12"}),
        ("12.5 %", {"12.5"}),
    ],
)
def test_thousands_are_one_figure_whatever_parts_them(text: str, figures: set[str]) -> None:
    assert figures_in(text) == figures
