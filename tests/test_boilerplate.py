"""What speaks of a publication is told from what it says of its subject; what only announces, from what says something."""

from __future__ import annotations

import pytest

from rag.compose.boilerplate import announces, is_boilerplate


@pytest.mark.parametrize(
    "text",
    [
        "Cette fiche présente les aides ouvertes aux associations.",
        "Ce guide, conçu avec les CRPV, propose une méthode aux collectivités.",
        "Ce guide pratique s'adresse aux élus.",
        "Le présent document a été rédigé par un groupe de travail.",
        "Dans cette brochure, vous trouverez des exemples.",
        "Retrouvez dans ce document les étapes d'un projet.",
        "Retrouvez l’intégralité de ce webinaire en replay",
        "Téléchargez la fiche complète.",
        "Consultez notre site : www.rtes.fr",
        "Vous trouverez ci-dessous la liste des CRESS.",
        "Pour en savoir plus : la page du projet.",
        "Pour en savoir plus sur le dispositif, consultez le site de l'ANCT.",
        "Pour aller plus loin :",
        "Plus d'informations sur le site de la Halle.",
        "Voir page 12",
        "(Voir l'encadré ci-contre.)",
        "Cf. annexe 3.",
        "→ Voir la page du projet : Le Marché qui roule.",
        "À lire aussi : notre dossier sur les tiers-lieux.",
        "Abonnez-vous à notre newsletter !",
        "Inscrivez-vous à la lettre d'information.",
        "Contactez-nous.",
        "N'hésitez pas à nous écrire.",
        "Crédits photos : Ville de Rennes",
        "© RTES 2023",
        "Source : INSEE, 2020.",
        "Contact pour ce guide : Julie Martin",
        "Fiche de présentation, mars 2019.",
        "Les pages 2 et 3 présentent le schéma et ses étapes.",
        "Ce numéro revient sur dix ans de politique de la ville.",
        "19 septembre 2024 - Publication - Développement économique et emploi",
        "Fiche de présentation, nouvelle version, février 2024.",
        "Guide à l'usage des collectivités. RTES, 2022.",
        "Guide à l'usage des élus, édition d'octobre 2024.",
        "Déniché pour vous n° 27 - 2022",
        "RTES, octobre 2023.",
        "RTES & RNCRPV, 2021",
    ],
)
def test_what_speaks_of_the_publication_is_told(text: str) -> None:
    assert is_boilerplate(text)


@pytest.mark.parametrize(
    "text",
    [
        "Le guide conseille de publier ces trois indicateurs avec le compte administratif.",
        "Ce texte rassemble les enseignements d'une enquête auprès de 46 conseils.",
        "Ce projet présente l'avantage de réunir les bailleurs.",
        "Ce contrat présente les engagements de chaque signataire.",
        "Cette page d'histoire a marqué le quartier.",
        "Pour aller plus loin, la collectivité peut entrer au capital de la SCIC.",
        "Pour en savoir plus sur les besoins, l'association a interrogé les habitants.",
        "Consultez les habitants avant d'écrire le projet.",
        "Consultez le dossier de consultation des entreprises avant de répondre.",
        "Téléchargez le dossier de candidature sur le site de la préfecture.",
        "Contactez la préfecture avant de déposer la demande.",
        "Inscrivez-vous en préfecture avant le 31 mars.",
        "Rendez-vous à la maison des associations le mardi.",
        "Voir les locataires chez eux avant de choisir le local.",
        "N'ouvrez pas la pièce jointe, et prévenez le service informatique.",
        "Sources de financement : le contrat de ville et le bailleur.",
        "Photographier les locaux vacants avec les habitants.",
        "La prochaine rencontre aura lieu à Lens, en novembre 2018.",
        "L'atelier a ouvert dans une ancienne école, en 2019.",
        "Ouverture du tiers-lieu, mars 2019.",
        "Le Fonds d'amorçage est ouvert aux associations depuis mars 2019.",
        "Note : le fonds a été créé en mars 2019.",
        "Promouvoir les initiatives des territoires, à travers ses publications et son site internet",
        "Décrit dès 2014, le dispositif a été étendu.",
        "Le 19 septembre 2024, la publication du décret a ouvert le guichet.",
        "Les pages du site de la ville présentent les associations.",
    ],
)
def test_what_a_publication_says_of_its_subject_is_no_boilerplate(text: str) -> None:
    assert not is_boilerplate(text)


@pytest.mark.parametrize(
    "text",
    [
        "Les objectifs sont les suivants :",
        "Le comité réunit les acteurs suivants.",
        "La démarche est la suivante.",
        "Le projet avance de la manière suivante.",
        "Voici les quatre étapes d'un projet.",
        "Les montants figurent dans le tableau ci-dessous.",
    ],
)
def test_what_only_announces_is_told(text: str) -> None:
    assert announces(text)


@pytest.mark.parametrize(
    "text",
    [
        "Le bilan est rendu l'année suivante.",
        "La convention est reconduite les années suivantes.",
        "L'équipe suivante prend le relais en mai.",
        "SCIC : la société coopérative d'intérêt collectif réunit des associés.",
    ],
)
def test_what_says_something_announces_nothing(text: str) -> None:
    assert not announces(text)
