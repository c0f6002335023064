"""Markdown -> Documents."""

from __future__ import annotations

import pytest

from ingest.document import Block, BlockKind, Document, Publication
from ingest.errors import ReadError
from ingest.read_markdown import read_markdown

PUBLICATION = Publication(
    id="p", title="Titre", publisher="RTES", file="files/p.md", url="https://www.rtes.fr/textes/p.md"
)


def read(text: str) -> Document:
    return read_markdown(text.encode(), PUBLICATION)


def found(document: Document) -> list[tuple[str, str]]:
    return [(block.kind.value, document.text[block.start : block.end]) for block in document.blocks]


def block(document: Document, text: str) -> Block:
    return next(each for each in document.blocks if document.text[each.start : each.end] == text)


def test_headings_lists_quotations_and_tables_are_read() -> None:
    document = read(
        "# Titre *fort*\n\nUne ligne\net sa suite.\n\n## Les leviers\n\n- un\n  - deux\n- trois\n\n"
        "1. premier\n\n> Une citation.\n\n"
        "| Commune | Aide |\n|---|---|\n| Lille | 10 € |\n"
    )
    assert found(document) == [
        ("heading", "Titre fort"),
        ("paragraph", "Une ligne et sa suite."),
        ("heading", "Les leviers"),
        *[("list_item", text) for text in ("un", "deux", "trois", "premier")],
        ("paragraph", "Une citation."),
        ("table", "Commune | Aide\nLille | 10 €"),
    ]
    assert block(document, "deux").headings == ("Titre fort", "Les leviers")


def test_links_are_absolute_and_without_tracking() -> None:
    document = read("Voir [le guide](../guide.pdf?utm_source=x) et <https://a.example/b>.\n\nSans lien.")
    assert block(document, "Voir le guide et https://a.example/b.").links == (
        "https://www.rtes.fr/guide.pdf",
        "https://a.example/b",
    )
    assert block(document, "Sans lien.").links == ()


def test_raw_html_gives_its_text_and_never_its_scripts() -> None:
    document = read(
        "Avant.\n\n<div onclick='x()'>\n<script>alert('script')</script>\n<p>Dedans.</p>\n</div>\n\nAprès<br>tout."
    )
    assert [text for _kind, text in found(document)] == ["Avant.", "Dedans.", "Après tout."]
    assert "script" not in document.raw


def test_a_line_in_bold_type_heads_what_follows() -> None:
    document = read("**En pratique :**\n\nRennes Métropole soutient une conciergerie.")
    assert block(document, "Rennes Métropole soutient une conciergerie.").kind is BlockKind.EXAMPLE


def test_front_matter_fills_the_publication_and_is_no_text() -> None:
    document = read(
        "---\ntitle: Le guide\ndate: 18 octobre 2018\nlang: fr-FR\nseries: 'Kit MunicipalESS'\n"
        "tags:\n  - emploi\n  - insertion\n---\n\nLe texte."
    )
    publication = document.publication
    assert found(document) == [("paragraph", "Le texte.")]
    assert (publication.date, publication.language, publication.series) == ("2018-10-18", "fr", "Kit MunicipalESS")
    assert publication.themes == ("emploi", "insertion")


def test_a_rule_between_two_lines_is_no_front_matter() -> None:
    assert [text for _kind, text in found(read("Un.\n\n---\n\nDeux.\n\n---\n"))] == ["Un.", "Deux."]


def test_lists_nested_thirty_deep_keep_their_text() -> None:
    document = read("\n".join("  " * depth + f"- point {depth}" for depth in range(30)))
    assert [text for _kind, text in found(document)] == [f"point {depth}" for depth in range(30)]


def test_other_encodings_bring_a_warning() -> None:
    document = read_markdown("# L'été à Nîmes\n\nDéjà créé.".encode("cp1252"), PUBLICATION)
    assert found(document) == [("heading", "L'été à Nîmes"), ("paragraph", "Déjà créé.")]
    assert "Windows-1252" in document.warnings[0]


@pytest.mark.parametrize(
    ("data", "message"), [(b" \n", "is empty"), (b"---\na: b\n---\n", "holds no text"), (b"a\0b", "binary")]
)
def test_what_holds_no_text_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(ReadError, match=rf"^files/p\.md: .*{message}"):
        read_markdown(data, PUBLICATION)
