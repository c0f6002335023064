"""Each rule of the repair by its cases: what it mends, and what it must leave alone."""

from __future__ import annotations

import pytest

from ingest.repair import context, elisions, grave, words
from ingest.repair.edits import apply_edits
from ingest.repair.junk import doubtful_stretches, remove_junk
from ingest.repair.layout import lay_out
from ingest.repair.lexicon import Lexicon, default_lexicon
from ingest.repair.pipeline import STEPS, Step, allowed
from ingest.repair.reading import Reading
from ingest.repair.spelling import mend


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return default_lexicon()


def after(step: Step, text: str, lexicon: Lexicon) -> str:
    reading = Reading(text)
    return apply_edits(text, allowed(reading, lexicon, step))


MENDED = {
    "developpement": "développement",
    "Ministeres": "Ministères",
    "INTEGRER": "INTÉGRER",
    "Etat": "État",
    "Economie": "Économie",
    "méme": "même",
    "maniére": "manière",
    "étre": "être",
    "éte": "été",
    "geres": "gérés",
    "debouches": "débouchés",
    "modeles": "modèles",
    "experimentee": "expérimentée",
    "elu.e.s": "élu.e.s",
    "chargeé": "chargé",
    "journéee": "journée",
    "difféerents": "différents",
    "creéation": "création",
    "armeée": "armée",
    "paralléele": "parallèle",
    "Meétropole": "Métropole",
    "limplantation": "l'implantation",
    "daffaires": "d'affaires",
    "dacter": "d'acter",
    "dun": "d'un",
    "lactivite": "l'activité",
    "lEconomie": "l'Économie",
    "quil": "qu'il",
    "eny": "en y",
    "temmitoires": "territoires",
    "temitoires": "territoires",
    "colits": "coûts",
    "colt": "coût",
    "goQter": "goûter",
    "ceuvre": "œuvre",
    "POLITIOQUE": "POLITIQUE",
}


@pytest.mark.parametrize(("read", "written"), MENDED.items())
def test_a_damaged_word_becomes_the_one_word_that_it_can_have_been(read: str, written: str, lexicon: Lexicon) -> None:
    assert mend(read, lexicon) == written


@pytest.mark.parametrize(
    "word",
    # Right words, spellings of 1990, sigles, names, foreign words: none has a repair.
    """engage marche finance dune ou a connaitre maraichage aout apparait Mamoudzou Etienne Ecossolies RTES
    CEMEA QPV Vilogia compostage où citoyen.ne.s coconstruction Murat Jeju Shakespeare weekend ANCT""".split(),
)
def test_a_right_word_or_a_name_is_left_alone(word: str, lexicon: Lexicon) -> None:
    assert mend(word, lexicon) is None


@pytest.mark.parametrize(
    ("read", "written"),
    [
        ("la visibilité de U'ESS", "la visibilité de l'ESS"),
        ("les acteurs de UESS.", "les acteurs de l'ESS."),
        ("de I'ESS et de LESS", "de l'ESS et de l'ESS"),
        ("chargé de ’ESS et", "chargé de l’ESS et"),
        ("soutenir 'implantation et le reste", "soutenir l'implantation et le reste"),
        ("bailleurs et TANRU pour", "bailleurs et l'ANRU pour"),
        ("avec UANCT, le RTES", "avec l'ANCT, le RTES"),
        ("soutient U'Adie et UAdie", "soutient l'Adie et l'Adie"),
        ("les services de UEtat", "les services de l'Etat"),
        ("LIREV, centre de ressources", "L'IREV, centre de ressources"),
        ("FESS est une économie", "L'ESS est une économie"),
        ("a mobilisé L'outil commun", "a mobilisé l'outil commun"),
        ("passage à LUéconomie formelle", "passage à l'économie formelle"),
        ("collectivité et de ['Etat, entre", "collectivité et de l'Etat, entre"),
        ("quartier, de [Association des gens", "quartier, de l'Association des gens"),
        ("Rennes, 'laménageur de la ville", "Rennes, l'aménageur de la ville"),
    ],
)
def test_a_misread_elision_is_restored(read: str, written: str, lexicon: Lexicon) -> None:
    assert after(elisions.misread_elisions, read, lexicon) == written


@pytest.mark.parametrize(
    "text",
    [
        "citée par L'Équipe et L'Oréal",
        "il dit 'attention' et part",
        "L'outil est prêt. L'objectif aussi.",
        "l'UNESCO, l'Urssaf et LAVUE",
        "un texte [Avant la loi] et la suite",
        "TVA, IAE, USA, LED et UES",
    ],
)
def test_what_is_no_misread_elision_stays(text: str, lexicon: Lexicon) -> None:
    assert after(elisions.misread_elisions, text, lexicon) == text


def test_apostrophes_become_one(lexicon: Lexicon) -> None:
    read = "d’'une, l'’aménagement, n‘ayant, d'une et 'ceci'"
    assert after(elisions.single_apostrophes, read, lexicon) == "d’une, l'aménagement, n’ayant, d'une et 'ceci'"


@pytest.mark.parametrize(
    ("read", "written"),
    [
        ("la transition €conomique", "la transition économique"),
        ("filieres @conomiques", "filieres économiques"),
        ("réduction des co(ts\ndu projet", "réduction des coûts\ndu projet"),
        ("LES MODALITE§ DE", "LES MODALITÉS DE"),
        ("avec |la ville", "avec la ville"),
        ("environ 100\nm? entierement", "environ 100\nm² entierement"),
        ("le(s) mot(s), 20 €, @rtes, est-ce 5 m ?", "le(s) mot(s), 20 €, @rtes, est-ce 5 m ?"),
    ],
)
def test_odd_signs_become_letters(read: str, written: str, lexicon: Lexicon) -> None:
    assert after(words.odd_signs, read, lexicon) == written


A_GRAVE = [
    ("le RTES s'attache a faire connaitre", "le RTES s'attache à faire connaitre"),
    ("un séminaire a donné lieu a plusieurs publications", "un séminaire a donné lieu à plusieurs publications"),
    ("le ministre délégué a la ville a contribué", "le ministre délégué à la ville a contribué"),
    ("ces opérations consistent a soutenir", "ces opérations consistent à soutenir"),
    ("permettre a des personnes", "permettre à des personnes"),
    ("il répond a une demande", "il répond à une demande"),
    ("propice a une analyse", "propice à une analyse"),
    ("expérimentée a Toulouse", "expérimentée à Toulouse"),
    ("de 2021 a 2023", "de 2021 à 2023"),
    ("ont recours a la mécanique", "ont recours à la mécanique"),
    ("refait a neuf, a moindre frais", "refait à neuf, à moindre frais"),
    ("des cagettes a peu a peu émergé", "des cagettes a peu à peu émergé"),
    ("il fait appel a TAg 35", "il fait appel à TAg 35"),
    ("un contrat a durée limitée", "un contrat à durée limitée"),
    ("c'est-a-dire vis-a-vis", "c'est-à-dire vis-à-vis"),
    ("jusqu'a demain", "jusqu'à demain"),
]
AVOIR = [
    "il a une dune",
    "elle a des crédits",
    "il y a trois ans",
    "cette rencontre a pour objectif",
    "la ville a lieu d'y croire",
    "Stains a une antenne",
    "le RTES a développé un bouquet",
    "la démarche a également permis",
    "le projet a été anticipé",
    "l'a-t-il dit, n'a rien dit",
    "la structure a 20 ans, dit-on",
    "on a le choix, qui a la parole",
    "un établissement a posteriori",
    "cette dune que la mer a façonnée",
]


@pytest.mark.parametrize(("read", "written"), A_GRAVE)
def test_a_is_read_as_a_grave_where_the_text_has_lost_them(read: str, written: str, lexicon: Lexicon) -> None:
    assert after(grave.certain_a, after(grave.lost_a, read, lexicon), lexicon) == written


@pytest.mark.parametrize("text", AVOIR)
def test_the_verb_avoir_stays(text: str, lexicon: Lexicon) -> None:
    assert after(grave.certain_a, after(grave.lost_a, text, lexicon), lexicon) == text


def test_a_text_that_kept_its_graves_is_only_mended_where_it_is_certain(lexicon: Lexicon) -> None:
    read = "à Lyon, à Nantes et a Rennes, prêt a partir"
    assert after(grave.lost_a, read, lexicon) == read
    assert after(grave.certain_a, read, lexicon) == "à Lyon, à Nantes et a Rennes, prêt à partir"


@pytest.mark.parametrize(
    ("read", "written"),
    [
        ("A Rennes, on a ri. A ce titre, oui.", "À Rennes, on a ri. À ce titre, oui."),
        ("le plan A et la vitamine A, puis A.", "le plan A et la vitamine A, puis A."),
    ],
)
def test_a_sentence_opens_with_a_grave(read: str, written: str, lexicon: Lexicon) -> None:
    assert after(grave.opening_a, read, lexicon) == written


@pytest.mark.parametrize(
    ("read", "written"),
    [
        ("Le Grand Narbonne est engage dans", "Le Grand Narbonne est engagé dans"),
        ("le RTES a développe un bouquet", "le RTES a développé un bouquet"),
        ("ils ont identifie les cibles", "ils ont identifié les cibles"),
        ("la collectivité a finance une étude", "la collectivité a financé une étude"),
        ("chacun sera reloge sur place", "chacun sera relogé sur place"),
        ("un travail a été mene sur", "un travail a été mené sur"),
        ("le coût est divise par trois", "le coût est divisé par trois"),
        ("la décision a été prise par la ville", "la décision a été prise par la ville"),
        ("il engage, elle finance une étude", "il engage, elle finance une étude"),
        ("c'est marche ou crève", "c'est marche ou crève"),
        ("la ville a cause des dégâts", "la ville a cause des dégâts"),
        ("elle est membre de droit", "elle est membre de droit"),
        ("il est possible, il est rapide", "il est possible, il est rapide"),
    ],
)
def test_a_participle_gets_its_accent_after_its_auxiliary(read: str, written: str, lexicon: Lexicon) -> None:
    assert after(context.participles, read, lexicon) == written


@pytest.mark.parametrize(
    ("read", "written"),
    [
        ("des salaries en insertion, mobiliers adaptes", "des salariés en insertion, mobiliers adaptés"),
        ("3 d’entres elles", "3 d’entres elles"),
        ("tu salaries trop de monde", "tu salaries trop de monde"),
        ("des partages et des marches", "des partages et des marches"),
    ],
)
def test_a_form_said_to_no_one_is_a_participle(read: str, written: str, lexicon: Lexicon) -> None:
    assert after(context.second_person, read, lexicon) == written


@pytest.mark.parametrize(
    ("step", "read", "written"),
    [
        (context.dune, "au sein dune collectivité", "au sein d'une collectivité"),
        (context.dune, "il a une dune au bord, la dune du Pilat", "il a une dune au bord, la dune du Pilat"),
        (context.where, "au moment ou les habitants, d'ou vient-il", "au moment où les habitants, d'où vient-il"),
        (context.where, "la ville ou il vit", "la ville où il vit"),
        (context.where, "un atelier ou un restaurant", "un atelier ou un restaurant"),
        (context.where, "la ville ou la région", "la ville ou la région"),
        (context.near, "Prés de 190 communes", "Près de 190 communes"),
        (context.near, "les prés de la Loire", "les prés de la Loire"),
        (context.since, "mobiliser des l'amont, des lors", "mobiliser dès l'amont, dès lors"),
        (context.since, "des lieux et des logements", "des lieux et des logements"),
        (words.terms, "labellisé Cite de l'emploi", "labellisé Cité de l'emploi"),
        (words.terms, "un APPEL A PROJETS", "un APPEL À PROJETS"),
        (words.terms, "elle cite de grands auteurs", "elle cite de grands auteurs"),
    ],
)  # fmt: skip
def test_words_right_by_themselves_are_mended_by_their_neighbours(
    step: Step, read: str, written: str, lexicon: Lexicon
) -> None:
    assert after(step, read, lexicon) == written


@pytest.mark.parametrize("line", ["En /amﬁque :", "En /9mﬁque ;", "En /amhque :", "En /9mhque :"])
def test_every_garbled_form_of_en_pratique_is_mended(line: str, lexicon: Lexicon) -> None:
    assert after(words.headings, line, lexicon) == "En pratique :"


@pytest.mark.parametrize("line", ["En Afrique :", "En politique :", "En pratique :", "En physique"])
def test_a_line_that_is_no_garbled_heading_stays(line: str, lexicon: Lexicon) -> None:
    assert after(words.headings, line, lexicon) == line


def test_junk_and_stamps_go_and_text_stays(lexicon: Lexicon) -> None:
    read = "llllllllllllll\n*\n - O :  Pour aller plus loin :\n=0 i Le reste sublioue 7 suit ? =\n- un point\ny\npartagés.. L"
    taken = after(remove_junk, read, lexicon)
    assert [line.strip() for line in taken.split("\n")] == [
        "", "", "Pour aller plus loin :", "Le reste suit ?", "- un point", "", "partagés..",
    ]  # fmt: skip


def test_columns_read_across_each_other_are_doubtful_to_the_end_of_their_run() -> None:
    run = "- O :  Pour aller\n=0 i L'éco des\nEt pourquoi pas ? =\nla suite"
    text = f"Un début net.\n\n\n{run}\n\n\nUne fin nette."
    assert [text[start:end] for start, end in doubtful_stretches(Reading(text))] == [run]
    assert doubtful_stretches(Reading("Un début net.\n*\nUne fin nette.")) == ()


@pytest.mark.parametrize(
    ("read", "laid_out"),
    [
        ("une phrase assez longue qui va\nà la ligne sans façon", "une phrase assez longue qui va à la ligne sans façon"),
        ("un comité de pilotage co-\nprésidé par le préfet", "un comité de pilotage co-présidé par le préfet"),
        ("il faut du dévelop-\npement partout ici", "il faut du développement partout ici"),
        ("AIDER AU DÉVELOPPEMENT DE\nFILIÈRES LOCALES", "AIDER AU DÉVELOPPEMENT DE FILIÈRES LOCALES"),
        ("INSCRIRE LA VILLE\n\nAU NIVEAU LOCAL", "INSCRIRE LA VILLE AU NIVEAU LOCAL"),
        ("- un point\n- deux points", "- un point\n- deux points"),
        ("# Titre\nDu texte ici.", "# Titre\nDu texte ici."),
        ("Un bloc.\n\nUn autre.", "Un bloc.\n\nUn autre."),
        ("En soutenant l'emploi\nEn aidant la ville", "En soutenant l'emploi\nEn aidant la ville"),
        ("Anne MARTIN\nchargée de mission\nanne@exemple.fr", "Anne MARTIN\nchargée de mission\nanne@exemple.fr"),
    ],
)  # fmt: skip
def test_lines_of_a_block_are_joined_and_blocks_stay_apart(read: str, laid_out: str, lexicon: Lexicon) -> None:
    assert after(lay_out, read, lexicon) == laid_out


def test_no_step_touches_addresses_or_names(lexicon: Lexicon) -> None:
    text = (
        "https://www.rtes.fr/l-approche-quebecoise-integree www.exemple.fr/developpement alfederici@economie.fr "
        "03 20 97 17 97 Saint-Etienne Reynerie FEDERICI Compost in situ"
    )
    for step in STEPS:
        assert after(step, text, lexicon) == text
