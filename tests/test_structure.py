"""Blocks over repaired text: the brochure's parts, and the shapes of other texts."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.document import Block, BlockKind, Document, Publication
from ingest.read_text import read_text
from ingest.structure import find_blocks
from ingest.titles import example_title

FILE = Path(__file__).parent.parent / "corpus" / "files" / "000_896921be2f1e2c9b.txt"


@pytest.fixture(scope="module")
def brochure() -> Document:
    starts = (1, 18, 100, 182, 241, 330, 381)
    return read_text(FILE.read_bytes(), Publication(id="b", title="B", publisher="RTES", page_starts=starts))


def of_kind(document: Document, kind: BlockKind) -> list[Block]:
    return [block for block in document.blocks if block.kind is kind]


def texts(text: str) -> list[tuple[str, str]]:
    return [(block.kind.value, text[block.start : block.end]) for block in find_blocks(text)]


def test_six_propositions_each_have_their_levers_and_examples(brochure: Document) -> None:
    levers, examples = of_kind(brochure, BlockKind.LIST_ITEM), of_kind(brochure, BlockKind.EXAMPLE)
    parts = list(dict.fromkeys(example.headings[0] for example in examples))
    assert [part.split()[0] for part in parts] == "INSCRIRE FAVORISER ADAPTER INTÉGRER INTÉGRER AIDER".split()
    assert parts[2] == (
        "ADAPTER LES MODALITÉS DE FINANCEMENTS POUR FAVORISER L'ÉMERGENCE ET LA PÉRENNISATION D’INITIATIVES SOLIDAIRES"
    )
    assert [sum(lever.headings == (part,) for lever in levers) for part in parts] == [3, 3, 5, 5, 3, 4]
    assert [sum(example.headings == (part, "En pratique") for example in examples) for part in parts] == [
        3,
        3,
        3,
        2,
        3,
        4,
    ]


def test_examples_are_called_by_their_territory_or_actor(brochure: Document) -> None:
    assert [example.title for example in of_kind(brochure, BlockKind.EXAMPLE)] == [
        "La signature d’une convention d’objectifs pour…",
        "Toulouse Métropole",
        "Le Grand Narbonne",
        "RTES",
        "Saint-Etienne Métropole",
        "Plaine Commune",
        "Rennes Métropole",
        "Hauts-de-France",
        "Québec",
        "Maurepas-Gailleul",
        "Chêne des Anglais à Nantes",
        "La Ville de Mamoudzou",
        "Stains et Plaine Commune",
        "Le ministère de la ville",
        "VRAC",
        "Dijon",
        "Nantes Métropole",
        "Les Régies de quartier de Plaine Commune",
    ]


def test_links_belong_to_the_part_they_refer_to(brochure: Document) -> None:
    linked = {block.title: block.links for block in of_kind(brochure, BlockKind.EXAMPLE) if block.links}
    assert {title: links[0].split("/")[2:4] for title, links in linked.items()} == {
        "Québec": [
            "www.rtes.fr",
            "l-approche-quebecoise-de-la-revitalisation-urbaine-integree-conference-en-ligne-novembre-2021",
        ],
        "La Ville de Mamoudzou": [
            "www.rtes.fr",
            "economie-informelle-ess-l-enjeu-de-l-amenagement-urbain-retour-sur-le-webinaire-du-1er-mars-2023",
        ],
        "Nantes Métropole": ["www.reflex-bioressources.fr", ""],
    }
    levers = [block for block in of_kind(brochure, BlockKind.LIST_ITEM) if block.links]
    assert [lever.links for lever in levers] == [("https://fabriqueainitiatives.org/les-projets/",)]


def test_the_back_page_is_a_list_under_the_networks_name(brochure: Document) -> None:
    last = [block for block in brochure.blocks if block.page == 7]
    assert [block.kind.value for block in last] == ["heading"] + ["paragraph"] * 3 + ["list_item"] * 4 + [
        "paragraph"
    ] * 2
    assert brochure.text[last[-1].start : last[-1].end] == "déléguée générale du RTES"
    assert "@" not in brochure.text


def test_markdown_and_numbered_headings_make_a_path() -> None:
    text = "# Guide\n\n## Pourquoi ?\n\nUn texte.\n\n## Comment\n\n- un\n- deux\n\nFin."
    blocks = find_blocks(text)
    assert [(b.kind.value, b.headings) for b in blocks] == [
        ("heading", ()),
        ("heading", ("Guide",)),
        ("paragraph", ("Guide", "Pourquoi ?")),
        ("heading", ("Guide",)),
        ("list_item", ("Guide", "Comment")),
        ("list_item", ("Guide", "Comment")),
        ("paragraph", ("Guide", "Comment")),
    ]
    numbered = "Le texte commence ici.\n\n1. Les acteurs\n\nUn texte.\n\n1.1 Les communes\n\nUn autre."
    assert [b.headings for b in find_blocks(numbered)][-1] == ("1. Les acteurs", "1.1 Les communes")


def test_numbered_lines_in_a_row_are_a_list() -> None:
    assert texts("Il faut :\n1. Lire le guide\n2. Écrire au réseau") == [
        ("paragraph", "Il faut :"),
        ("list_item", "1. Lire le guide"),
        ("list_item", "2. Écrire au réseau"),
    ]


@pytest.mark.parametrize("bullet", ["-", "•", "–", "o", "e", "*"])
def test_every_bullet_makes_a_list_item(bullet: str) -> None:
    text = f"Il agit pour :\n{bullet} Promouvoir les initiatives,\n{bullet} Valoriser les actions."
    assert [kind for kind, _text in texts(text)] == ["paragraph", "list_item", "list_item"]


def test_paragraphs_of_prose_that_open_like_levers_stay_paragraphs() -> None:
    text = "Tout va bien ici.\n\nEn développant le vélo, la ville a gagné des clients.\n\nPuis tout change."
    assert [kind for kind, _text in texts(text)] == ["paragraph"] * 3


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("En pratique :", "Lens"),
        ("EN PRATIQUE", "Lens"),
        ("Exemples", "Lens"),
        ("Zoom sur la Drôme", "la Drôme"),
        ("Expérience n° 3 : la régie de Lens", "la régie de Lens"),
        ("Témoignage", "Lens"),
        ("Ils l’ont fait", "Lens"),
        ("Retour d’expérience", "Lens"),
        ("Déniché pour vous n° 12", "Lens"),
    ],
)
def test_what_follows_the_networks_example_headings_are_examples(heading: str, title: str) -> None:
    text = f"Un début en une phrase.\n\n{heading}\n\nÀ Lens, la ville a ouvert une régie."
    blocks = find_blocks(text)
    expected = ["heading", "example"]
    assert [block.kind.value for block in blocks][1:] == expected
    assert blocks[2].title == title


def test_a_line_that_gives_an_example_in_passing_is_no_heading_over_examples() -> None:
    assert texts("Un début en une phrase.\n\nExemple : une aide de la ville aux associations\n\nUne suite ici.")[1] == (
        "paragraph",
        "Exemple : une aide de la ville aux associations",
    )


def test_one_huge_paragraph_is_one_block() -> None:
    text = "Une phrase assez courte. " * 4000
    (block,) = find_blocks(text)
    assert (block.kind, block.end) == (BlockKind.PARAGRAPH, len(text.rstrip()))


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("À Dijon, pour favoriser l'accès", "Dijon"),
        ("Dans les Hauts-de-France, le dialogue", "Hauts-de-France"),
        ("Depuis les années 80, le Québec développe", "Québec"),
        ("La Ville de Lille a signé", "La Ville de Lille"),
        ("VRAC - Vers un Réseau", "VRAC"),
        ("Une association a ouvert un jardin partagé au pied des tours.", "Une association a ouvert un jardin…"),
        ("Rien.", "Rien."),
    ],
)
def test_an_example_is_called_by_its_first_name_or_words(text: str, title: str) -> None:
    assert example_title(text) == title


@given(st.text(alphabet=st.sampled_from(list("aB É.:#-•1\n\f \tEnrt/")), max_size=200))
def test_every_character_that_is_not_blank_is_in_exactly_one_block(text: str) -> None:
    blocks = find_blocks(text)
    covered = [index for block in blocks for index in range(block.start, block.end)]
    assert len(covered) == len(set(covered))
    assert covered == sorted(covered)
    assert {index for index, character in enumerate(text) if not character.isspace()} <= set(covered)
    assert all(text[block.start : block.end].strip() == text[block.start : block.end] != "" for block in blocks)


def test_the_brochures_blocks_cover_its_text(brochure: Document) -> None:
    covered = {index for block in brochure.blocks for index in range(block.start, block.end)}
    assert {index for index, character in enumerate(brochure.text) if not character.isspace()} <= covered
