"""DOCX -> Documents: structure by styles and numbering, and what is refused."""

from __future__ import annotations

import io
import random
import zipfile
from contextlib import suppress

import docx as python_docx
import pytest

from ingest.document import Block, BlockKind, Document, Publication
from ingest.errors import ReadError
from ingest.read_docx import read_docx
from tests.office import docx, zipped

PUBLICATION = Publication(id="p", title="Titre", publisher="RTES", file="files/p.docx")
STYLES = (
    '<w:style w:type="paragraph" w:styleId="Titre1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Chapitre"><w:name w:val="Chapitre RTES"/><w:basedOn w:val="Base"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Base"><w:name w:val="Base"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Puces"><w:name w:val="Puces"/>'
    '<w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Legende"><w:name w:val="caption"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="TM1"><w:name w:val="toc 1"/></w:style>'
)


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def p(content: str, style: str = "", properties: str = "") -> str:
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{properties}</w:pPr>{content if content.startswith('<') else run(content)}</w:p>"


def read(body: str, **more: object) -> Document:
    return read_docx(docx(body, styles=STYLES, **more), PUBLICATION)  # type: ignore[arg-type]  # passed on to docx


def found(document: Document) -> list[tuple[str, str]]:
    return [(block.kind.value, document.text[block.start : block.end]) for block in document.blocks]


def block(document: Document, text: str) -> Block:
    return next(each for each in document.blocks if document.text[each.start : each.end] == text)


def test_a_document_that_word_styles_is_read_with_its_structure() -> None:
    word = python_docx.Document()
    word.add_heading("Le guide", 0)
    word.add_heading("Les leviers", 1)
    paragraph = word.add_paragraph("L’éco")
    paragraph.add_run("nomie").bold = True
    paragraph.add_run(" solidaire")
    word.add_paragraph("Le foncier", style="List Bullet")
    word.sections[0].header.paragraphs[0].text = "En-tête"
    target = io.BytesIO()
    word.save(target)
    document = read_docx(target.getvalue(), PUBLICATION)
    assert found(document) == [
        ("heading", "Le guide"),
        ("heading", "Les leviers"),
        ("paragraph", "L’économie solidaire"),
        ("list_item", "Le foncier"),
    ]
    assert block(document, "Le foncier").headings == ("Le guide", "Les leviers")


def test_headings_come_from_names_outline_levels_and_styles_that_others_are_based_on() -> None:
    document = read(
        p("Partie", "Titre1")
        + p("Chapitre", "Chapitre")
        + p("Section", "", '<w:outlineLvl w:val="2"/>')
        + p("Le texte.")
    )
    assert block(document, "Le texte.").headings == ("Partie", "Chapitre", "Section")


def test_lists_come_from_numbering_of_the_paragraph_or_of_its_style() -> None:
    document = read(p("Un", "", '<w:numPr><w:numId w:val="1"/></w:numPr>') + p("Deux", "Puces") + p("Trois"))
    assert [kind for kind, _text in found(document)] == ["list_item", "list_item", "paragraph"]


def test_links_by_relationship_and_by_field_stay_on_their_paragraph() -> None:
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>'
        ' HYPERLINK "https://b.example/?utm_source=x&amp;v=1" </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run("le champ")}'
        f'<w:r><w:fldChar w:fldCharType="end"/></w:r>{run(" et la suite")}'
    )
    document = read(
        p(run("Voir ") + f'<w:hyperlink r:id="rLink">{run("le guide")}</w:hyperlink>{run(".")}') + p(field),
        links={"rLink": "https://a.example/guide.pdf"},
    )
    assert block(document, "Voir le guide.").links == ("https://a.example/guide.pdf",)
    assert block(document, "le champ et la suite").links == ("https://b.example/?v=1",)


def test_tables_keep_merged_cells_and_a_table_of_one_cell_is_a_box() -> None:
    def cell(text: str, properties: str = "") -> str:
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(text)}</w:tc>"

    begun = '<w:vMerge w:val="restart"/>'
    rows = (
        f"<w:tr>{cell('Commune')}{cell('Aide')}</w:tr>"
        f"<w:tr>{cell('Lille', begun)}{cell('10 €')}</w:tr>"
        f"<w:tr>{cell('', '<w:vMerge/>')}{cell('5 €')}</w:tr>"
    )
    box = f"<w:tbl><w:tr><w:tc>{p('Zoom sur la régie', 'Chapitre')}{p('À Rennes, elle emploie.')}</w:tc></w:tr></w:tbl>"
    document = read(p("Partie", "Titre1") + box + p("Le texte reprend.") + f"<w:tbl>{rows}</w:tbl>")
    assert ("table", "Commune | Aide\nLille | 10 €\nLille | 5 €") in found(document)
    assert block(document, "À Rennes, elle emploie.").kind is BlockKind.EXAMPLE
    assert block(document, "Le texte reprend.").headings == ("Partie",)


def test_notes_and_text_boxes_follow_their_paragraph_once() -> None:
    box = (
        "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx><w:txbxContent>"
        f"{p('Dans la boîte.')}</w:txbxContent></wps:txbx></w:drawing></mc:Choice>"
        "<mc:Fallback><w:pict><v:textbox><w:txbxContent>"
        f"{p('Dans la boîte.')}</w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    note = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    document = read(
        p(run("Un texte") + note + run(" avec une note.") + box) + p("La suite."),
        footnotes=f'<w:footnote w:id="2">{p("Le corps de la note.")}</w:footnote>',
    )
    assert found(document) == [
        ("paragraph", "Un texte avec une note."),
        ("caption", "Le corps de la note."),
        ("paragraph", "Dans la boîte."),
        ("paragraph", "La suite."),
    ]


def test_insertions_stay_and_deletions_hidden_text_and_contents_go() -> None:
    document = read(
        p("Introduction\t3", "TM1")
        + p(
            run("Un ")
            + f"<w:ins>{run('bon ')}</w:ins><w:del><w:r><w:delText>mauvais </w:delText></w:r></w:del>{run('texte')}"
        )
        + p(run("visible") + run(" caché", "<w:vanish/>"))
        + f"<w:sdt><w:sdtContent>{p('Dans un contrôle.')}</w:sdtContent></w:sdt>"
        + p("Figure 1 : le marché", "Legende")
    )
    assert found(document) == [
        ("paragraph", "Un bon texte"),
        ("paragraph", "visible"),
        ("paragraph", "Dans un contrôle."),
        ("caption", "Figure 1 : le marché"),
    ]


def test_a_line_in_bold_type_heads_what_follows() -> None:
    document = read(p(run("En pratique :", "<w:b/>")) + p("Rennes Métropole soutient une conciergerie."))
    assert [(block.kind, block.title) for block in document.blocks] == [
        (BlockKind.HEADING, None),
        (BlockKind.EXAMPLE, "Rennes Métropole"),
    ]


def members() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(docx(p("Un texte.")))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_zip_bombs_are_refused_before_they_are_unpacked() -> None:
    with pytest.raises(ReadError, match=r"word/document\.xml in it unpacks \d+ times larger, at most 200"):
        read_docx(zipped({**members(), "word/document.xml": b" " * 20_000_000}), PUBLICATION)
    with pytest.raises(ReadError, match="unpacks to 10006 files"):
        read_docx(zipped({**members(), **{f"x/{i}": b"" for i in range(10_000)}}), PUBLICATION)


def test_a_declared_size_over_the_bound_is_refused() -> None:
    data = bytearray(zipped({**members(), "word/media/1.bin": bytes(range(256))}))
    at = data.rindex(b"word/media/1.bin") - 46  # the last member in the zip's directory
    data[at + 24 : at + 28] = (210_000_000).to_bytes(4, "little")
    with pytest.raises(ReadError, match="and 210 MB, at most"):
        read_docx(bytes(data), PUBLICATION)


def test_xml_that_declares_entities_is_refused() -> None:
    entities = b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + members()["word/document.xml"]
    with pytest.raises(ReadError, match=r"word/document\.xml in it declares entities"):
        read_docx(zipped({**members(), "word/document.xml": entities}), PUBLICATION)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04 et rien", "is a broken DOCX"),
        (docx(p("Un texte."))[:-40], "is a broken DOCX"),
        (zipped({"a.txt": b"x"}), "is no DOCX: it lacks"),
        (docx(""), "holds no text"),
        (zipped({**members(), "word/document.xml": b"<w:document"}), "is a broken DOCX"),
        (zipped({name: data for name, data in members().items() if name != "word/document.xml"}), "is a broken DOCX"),
    ],
)
def test_what_is_no_document_is_refused_in_one_line(data: bytes, message: str) -> None:
    with pytest.raises(ReadError, match=rf"^files/p\.docx: .*{message}"):
        read_docx(data, PUBLICATION)


def test_a_password_is_named() -> None:
    data = bytearray(docx(p("Un texte.")))
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1  # the flag of the first member in the zip's directory
    with pytest.raises(ReadError, match="needs a password"):
        read_docx(bytes(data), PUBLICATION)


def test_damaged_documents_are_read_or_refused_and_nothing_else() -> None:
    chance = random.Random(7)  # noqa: S311  # damage that is the same in each run
    sound = members()
    for _ in range(60):
        name = chance.choice(list(sound))
        damaged = bytearray(sound[name])
        for _ in range(chance.randint(1, 6)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(32, 127)
        with suppress(ReadError):
            assert read_docx(zipped({**sound, name: bytes(damaged)}), PUBLICATION).text
