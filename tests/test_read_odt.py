"""ODT -> Documents: structure as OpenDocument writes it, and what is refused."""

from __future__ import annotations

import io

import odfdo
import pytest

from ingest.document import Block, BlockKind, Document, Publication
from ingest.errors import ReadError
from ingest.read_odt import read_odt
from tests.office import odt, zipped

PUBLICATION = Publication(id="p", title="Titre", publisher="RTES", file="files/p.odt")
STYLES = (
    '<style:style style:name="T1" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style>'
    '<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Title"/>'
)


def read(body: str) -> Document:
    return read_odt(odt(body, styles=STYLES), PUBLICATION)


def found(document: Document) -> list[tuple[str, str]]:
    return [(block.kind.value, document.text[block.start : block.end]) for block in document.blocks]


def block(document: Document, text: str) -> Block:
    return next(each for each in document.blocks if document.text[each.start : each.end] == text)


def test_a_document_that_a_library_writes_is_read_with_its_structure() -> None:
    written = odfdo.Document("text")
    written.body.clear()
    written.body.append(odfdo.Header(1, "Les leviers"))
    written.body.append(odfdo.List(["Le foncier", "L’emploi"]))
    paragraph = odfdo.Paragraph("Avec une note")
    paragraph.insert_note(after="note", note_id="n1", citation="1", body="Le corps de la note.")
    written.body.append(paragraph)
    target = io.BytesIO()
    written.save(target)
    document = read_odt(target.getvalue(), PUBLICATION)
    assert found(document) == [
        ("heading", "Les leviers"),
        ("list_item", "Le foncier"),
        ("list_item", "L’emploi"),
        ("paragraph", "Avec une note"),
        ("caption", "Le corps de la note."),
    ]


def test_headings_have_the_levels_of_the_outline_below_the_title() -> None:
    document = read(
        '<text:p text:style-name="P1">Le guide</text:p><text:h text:outline-level="1">Partie</text:h>'
        '<text:h text:outline-level="2">Section</text:h><text:p>Le texte.</text:p>'
    )
    assert block(document, "Le texte.").headings == ("Le guide", "Partie", "Section")


def test_spaces_tabs_spans_and_links_make_one_text() -> None:
    document = read(
        '<text:p>L’<text:span text:style-name="T1">éco</text:span>nomie<text:s text:c="3"/>sociale<text:tab/>et'
        '<text:line-break/>solidaire : <text:a xlink:href="https://a.example/?utm_medium=x">le guide</text:a>.</text:p>'
    )
    assert found(document) == [("paragraph", "L’économie sociale et solidaire : le guide.")]
    assert document.blocks[0].links == ("https://a.example/",)


def test_nested_lists_and_tables_with_merged_cells_are_read() -> None:
    document = read(
        "<text:list><text:list-item><text:p>Un</text:p><text:list><text:list-item><text:p>Deux</text:p></text:list-item>"
        "</text:list></text:list-item></text:list><table:table><table:table-header-rows><table:table-row><table:table-cell>"
        "<text:p>Commune</text:p></table:table-cell><table:table-cell><text:p>Aide</text:p></table:table-cell></table:table-row>"
        '</table:table-header-rows><table:table-row><table:table-cell table:number-rows-spanned="2"><text:p>Lille</text:p>'
        "</table:table-cell><table:table-cell><text:p>10 €</text:p></table:table-cell></table:table-row><table:table-row>"
        "<table:covered-table-cell/><table:table-cell><text:p>5 €</text:p></table:table-cell></table:table-row></table:table>"
    )
    assert found(document) == [
        ("list_item", "Un"),
        ("list_item", "Deux"),
        ("table", "Commune | Aide\nLille | 10 €\nLille | 5 €"),
    ]


def test_deletions_comments_and_contents_are_left_out_and_text_boxes_are_not() -> None:
    document = read(
        '<text:tracked-changes><text:changed-region text:id="c"><text:deletion><text:p>Supprimé.</text:p></text:deletion>'
        "</text:changed-region></text:tracked-changes><text:table-of-content><text:index-body><text:p>Partie 3</text:p>"
        '</text:index-body></text:table-of-content><text:p>Un <text:change text:change-id="c"/>texte<office:annotation>'
        "<text:p>Un commentaire.</text:p></office:annotation>.<draw:frame><draw:text-box><text:p>Dans la boîte.</text:p>"
        "</draw:text-box></draw:frame></text:p><text:section><text:p>Dans une section.</text:p></text:section>"
    )
    assert found(document) == [
        ("paragraph", "Un texte."),
        ("paragraph", "Dans la boîte."),
        ("paragraph", "Dans une section."),
    ]


def test_a_line_in_bold_type_heads_what_follows() -> None:
    document = read(
        '<text:p><text:span text:style-name="T1">En pratique :</text:span></text:p><text:p>Rennes Métropole soutient.</text:p>'
    )
    assert [(block.kind, block.title) for block in document.blocks] == [
        (BlockKind.HEADING, None),
        (BlockKind.EXAMPLE, "Rennes Métropole"),
    ]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b" ", "is empty"),
        (b"PK\x03\x04 et rien", "is a broken ODT"),
        (odt("<text:p>Un texte.</text:p>")[:-40], "is a broken ODT"),
        (zipped({"mimetype": "application/vnd.oasis.opendocument.text"}), "is no ODT: it lacks content.xml"),
        (odt(""), "holds no text"),
        (odt("<text:p>Un texte"), "content.xml in it is no sound XML"),
        (odt("", manifest="<manifest:encryption-data/>"), "needs a password"),
        (odt("<text:p>" + " " * 5_000_000 + "</text:p>"), "times larger, at most 200"),
    ],
)
def test_what_is_no_document_is_refused_in_one_line(data: bytes, message: str) -> None:
    with pytest.raises(ReadError, match=rf"^files/p\.odt: .*{message}"):
        read_odt(data, PUBLICATION)


def test_entities_are_refused_and_never_read_a_file() -> None:
    content = b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]><office>&x;</office>'
    with pytest.raises(ReadError, match="declares entities"):
        read_odt(zipped({"content.xml": content, "META-INF/manifest.xml": b"<m/>"}), PUBLICATION)
