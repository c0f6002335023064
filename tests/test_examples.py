"""What is told as a field example, and what it is called."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.actors import find_actors
from ingest.document import BlockKind, Document, Publication
from ingest.examples import as_sheet, examples_opening
from ingest.parts import Part, assemble
from ingest.passages import cut_passages
from ingest.territories import Gazetteer

GAZETTEER = Gazetteer.load(Path(__file__).parent.parent / "corpus" / "territories.json")


def publication(title: str = "Un guide", *, series: str | None = None) -> Publication:
    return Publication(id="guide", title=title, publisher="RTES", series=series)


def read(*parts: tuple[int | None, str] | str, title: str = "Un guide", series: str | None = None) -> Document:
    """(level or None, text) one after the other: headings and paragraphs; a text alone is an item of a list."""
    made = []
    for part in parts:
        if isinstance(part, str):
            made.append(Part(kind=BlockKind.LIST_ITEM, raw=part))
        else:
            level, text = part
            kind = BlockKind.PARAGRAPH if level is None else BlockKind.HEADING
            made.append(Part(kind=kind, raw=text, level=level))
    return assemble(publication(title, series=series), made)


def examples(document: Document) -> list[tuple[str, str | None]]:
    return [
        (document.text[block.start : block.end], block.title)
        for block in document.blocks
        if block.kind is BlockKind.EXAMPLE
    ]


@pytest.mark.parametrize(
    ("heading", "several", "title"),
    [
        ("En pratique :", True, None),
        ("Exemples", True, None),
        ("Exemples de partenariats", True, None),
        ("Ils l’ont fait", True, None),
        ("Zoom sur la régie de quartier", False, "la régie de quartier"),
        ("FOCUS – L’épicerie de Stains", False, "L’épicerie de Stains"),
        ("EXPÉRIENCE n° 1 : La conciergerie", False, "La conciergerie"),
        ("Déniché pour vous n°12 : un tiers-lieu", False, "un tiers-lieu"),
        ("Zoom sur… la SCIC de Vandœuvre", False, "la SCIC de Vandœuvre"),
        ("Retour d’expérience", False, None),
        ("Témoignage", False, None),
    ],
)
def test_the_networks_headings_announce_one_example_or_several(heading: str, several: bool, title: str | None) -> None:
    opening = examples_opening(heading)

    assert opening is not None
    assert (opening.several, opening.title) == (several, title)


@pytest.mark.parametrize("heading", ["Exemplarité de l’État", "Focalisation", "La pratique du vélo", "Zoomer", ""])
def test_words_that_only_look_like_those_headings_announce_nothing(heading: str) -> None:
    assert examples_opening(heading) is None


def test_under_one_heading_each_sub_heading_is_an_example() -> None:
    document = read(
        (1, "Le foncier"),
        (None, "Un principe."),
        (2, "En pratique"),
        (3, "La Fabrique à Nantes"),
        (None, "Un lieu a ouvert."),
        (None, "Trente emplois y sont nés."),
        (3, "Dijon"),
        (None, "Des légumes sont cultivés."),
        (1, "Le financement"),
        (None, "Un autre principe."),
    )

    assert examples(document) == [
        ("Un lieu a ouvert.", "La Fabrique à Nantes"),
        ("Trente emplois y sont nés.", "La Fabrique à Nantes"),
        ("Des légumes sont cultivés.", "Dijon"),
    ]


def test_without_sub_headings_a_paragraph_is_an_example_and_one_that_goes_on_belongs_to_it() -> None:
    document = read(
        (2, "Exemples"),
        (None, "À Rennes Métropole, un comité se réunit."),
        (None, "Il réunit les élus et les habitants."),
        (None, "Toulouse Métropole a ouvert un fonds."),
    )

    assert [title for _, title in examples(document)] == ["Rennes Métropole", "Rennes Métropole", "Toulouse Métropole"]


def test_items_of_a_list_that_open_with_a_name_are_an_example_each() -> None:
    document = read(
        (2, "Ils l’ont fait"),
        (None, "Quelques collectivités engagées :"),
        "Ville de Poitiers : une maison du vélo.",
        "Département de la Gironde : un appel à projets.",
    )

    assert [(p.title, p.territories) for p in cut_passages(document, GAZETTEER)][-2:] == [
        ("Ville de Poitiers", ("Poitiers",)),
        ("Département de la Gironde", ("Gironde",)),
    ]


def test_items_of_a_list_within_an_example_belong_to_it() -> None:
    document = read(
        (2, "Ils l’ont fait"),
        (None, "Rennes Métropole a lancé deux actions :"),
        "VRAC : un groupement d’achats.",
        "Optima : une régie.",
    )

    assert {title for _, title in examples(document)} == {"Rennes Métropole"}


def test_what_closes_the_page_is_no_example_and_where_to_read_on_belongs_to_the_one_above() -> None:
    document = read(
        (2, "Exemples"),
        (None, "Toulouse Métropole a ouvert un fonds."),
        (None, "Pour en savoir plus : la page du fonds."),
        (None, "Contact : Anne Exemple, chargée de mission"),
    )

    assert [text for text, _ in examples(document)] == [
        "Toulouse Métropole a ouvert un fonds.",
        "Pour en savoir plus : la page du fonds.",
    ]


def test_an_authority_with_its_kind_before_its_name_is_a_name() -> None:
    document = read((2, "Exemples"), (None, "La communauté de communes du Pays de Lumbres a créé une plateforme."))

    assert examples(document)[0][1] == "La communauté de communes du Pays de Lumbres"


def test_a_testimony_is_called_by_who_speaks() -> None:
    document = read((2, "Témoignage"), (None, "« Nous écoutons. Puis nous agissons », explique Marie Durand, élue."))

    assert examples(document)[0][1] == "Marie Durand"


def test_a_heading_gives_no_word_to_the_name_of_an_actor_below_it() -> None:
    document = read((2, "Zoom sur la SCIC Mobicoop"), (None, "Mobicoop partage des trajets."))

    assert cut_passages(document, GAZETTEER)[0].actors == ("Mobicoop",)


def test_numbers_of_a_drawing_are_not_quoted() -> None:
    document = read((1, "Le forage"), (None, "75 %"), (None, "8 1 3"), (None, "Il fait 2 km de profondeur."))

    passage = cut_passages(document, GAZETTEER)[0]

    assert [document.text[start:end] for start, end in passage.sentences] == ["Il fait 2 km de profondeur."]


def test_an_example_of_several_paragraphs_is_one_passage() -> None:
    document = read(
        (2, "Zoom sur Mamoudzou"),
        (None, "La Ville a signé une démarche."),
        (None, "Elle associe les habitants."),
        (2, "Zoom sur Stains"),
        (None, "La commune a ouvert une épicerie."),
    )

    passages = cut_passages(document, GAZETTEER)

    assert [(p.title, p.territories, len(p.sentences)) for p in passages] == [
        ("Mamoudzou", ("Mamoudzou",), 2),
        ("Stains", ("Stains",), 1),
    ]


def test_a_sheet_of_a_series_of_examples_is_one_as_a_whole() -> None:
    document = read((1, "Le projet"), (None, "Une régie naît."), series="Déniché pour vous", title="Une régie à Lens")

    assert examples(as_sheet(document, GAZETTEER)) == [("Une régie naît.", "Une régie à Lens")]


def test_a_short_sheet_that_names_one_town_in_its_title_is_an_example_a_long_study_is_not() -> None:
    short = read((None, "Un puits est foré."), title="Visite d’un chantier à Rennes")
    long = read((None, "Un puits est foré. " * 500), title="Visite d’un chantier à Rennes")
    general = read((None, "Un puits est foré."), title="Le forage en général")

    assert [bool(examples(as_sheet(each, GAZETTEER))) for each in (short, long, general)] == [True, False, False]


def test_actors_are_bodies_with_a_name_and_those_of_the_lexicon() -> None:
    text = (
        "L’association Pistyles et la régie de quartier Optima travaillent avec l'ANCT. "
        "Une association d’habitants s’y joint, Compostri aussi."
    )

    assert find_actors(text) == ("Pistyles", "Optima", "ANCT", "Compostri")
