"""What is read of a PDF, and how: order, paragraphs, headings, lists, tables, furniture, links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from PIL import Image

from ingest.document import Block, BlockKind, Box, Document, Publication
from ingest.errors import ReadError
from ingest.pdf.lines import Line, Word
from ingest.pdf.ocr import OcrMissing
from ingest.pdf.reader import OcrPage, read_pdf
from tests.pdfs import Link, Page, Text, column, pdf_of

PUBLICATION = Publication(id="x", title="X", publisher="RTES", file="files/x.pdf")
BODY = [
    "La commune réserve du foncier aux structures de l'économie sociale et",
    "solidaire, et les accompagne de la conception à l'ouverture. Les habitants",
    "ont été consultés à chaque étape du projet.",
]


def read(*pages: Page, outline: Sequence[tuple[str, int]] = (), ocr: OcrPage | None = None) -> Document:
    return read_pdf(pdf_of(*pages, outline=outline), PUBLICATION, ocr=ocr)


def texts(document: Document, kind: BlockKind | None = None) -> list[str]:
    return [shown(document, block) for block in document.blocks if kind in {None, block.kind}]


def shown(document: Document, block: Block) -> str:
    return document.text[block.start : block.end]


def test_lines_of_a_paragraph_are_joined_and_a_wider_gap_parts_two() -> None:
    document = read(Page(texts=[*column(BODY, y=100), *column(BODY[:2], y=160)]))
    assert texts(document) == [" ".join(BODY), " ".join(BODY[:2])]


def test_a_word_parted_at_a_lines_end_is_joined_on_record_and_a_hyphen_of_its_own_stays() -> None:
    lines = ["Les collectivités soutiennent la trans-", "formation des quartiers, et un rendez-", "vous est pris."]
    document = read(Page(texts=column(lines)))
    assert document.text == "Les collectivités soutiennent la transformation des quartiers, et un rendez-vous est pris."
    assert ("hyphen", "- ", "") in {(repair.step, repair.before, repair.after) for repair in document.repairs}
    assert not document.is_corrected


def test_a_soft_hyphen_is_seen_at_a_lines_end_alone() -> None:
    document = read(Page(texts=column(["Une coopé\u00adrative de terri\u00ad", "toire."])))
    assert document.text == "Une coopérative de territoire."


def test_ligatures_and_accents_written_apart_are_read_as_letters() -> None:
    document = read(Page(texts=column(["Un ﬁnancement ﬂéché et de\u0301ja\u0301 prévu."])))
    assert document.text == "Un financement fléché et déjá prévu."


def test_two_columns_are_read_one_after_the_other_under_the_heading_above_both() -> None:
    left = [f"la colonne de gauche dit, ligne {word}," for word in ("un", "deux", "trois", "quatre", "cinq", "six")]
    right = [f"la colonne de droite dit, ligne {word}," for word in ("un", "deux", "trois", "quatre", "cinq", "six")]
    both = [line for pair in zip(column(left, x=60, y=140), column(right, x=320, y=140), strict=True) for line in pair]
    heading = Text(x=60, y=90, text="Un titre qui couvre toute la largeur de la page", size=18, bold=True)
    document = read(Page(texts=[*both, heading]))
    assert texts(document)[0] == heading.text
    assert document.text.index("gauche dit, ligne six") < document.text.index("droite dit, ligne un")


def test_a_sentence_that_goes_on_over_a_page_break_is_one_paragraph_on_the_page_where_it_starts() -> None:
    document = read(
        Page(texts=column(["La métropole soutient les projets qui créent", "des emplois durables dans les"], y=760)),
        Page(texts=column(["quartiers prioritaires et les communes rurales."])),
    )
    (block,) = document.blocks
    assert block.page == 1
    assert shown(document, block).endswith("dans les quartiers prioritaires et les communes rurales.")


def test_headings_make_paths_by_their_size_even_where_the_font_size_is_one_throughout() -> None:
    page = [
        Text(x=60, y=80, text="Financer la transition", size=20, scale=20),
        *(replace(line, scale=10.0) for line in column(BODY, y=110)),
        Text(x=60, y=170, text="Les aides de l'État", size=14, scale=14),
        *(replace(line, scale=10.0) for line in column(BODY, y=195)),
    ]
    document = read(Page(texts=page))
    assert texts(document, BlockKind.HEADING) == ["Financer la transition", "Les aides de l'État"]
    assert document.blocks[-1].headings == ("Financer la transition", "Les aides de l'État")


def test_a_bold_line_above_its_text_is_a_heading_and_bold_words_within_a_sentence_are_not() -> None:
    within = [
        Text(x=60, y=220, text="Le mot"),
        Text(x=93, y=220, text="important", bold=True),
        Text(x=145, y=220, text="ici."),
    ]
    document = read(
        Page(texts=[Text(x=60, y=85, text="Les leviers d'action", bold=True), *column(BODY, y=100), *within])
    )
    assert texts(document, BlockKind.HEADING) == ["Les leviers d'action"]
    assert "Le mot important ici." in document.text


def test_a_heading_over_two_lines_is_one() -> None:
    title = column(["Favoriser l'implication", "des habitants"], size=18, leading=22, bold=True)
    document = read(Page(texts=[*title, *column(BODY, y=160)]))
    assert texts(document, BlockKind.HEADING) == ["Favoriser l'implication des habitants"]


def test_a_title_of_the_outline_is_a_heading_though_it_is_set_like_the_text() -> None:
    document = read(
        Page(texts=[*column(["Le cadre juridique"], y=80), *column(BODY, y=110)]), outline=[("Le cadre juridique", 1)]
    )
    assert texts(document, BlockKind.HEADING) == ["Le cadre juridique"]


def test_bullets_and_numbers_make_list_items_with_the_lines_that_hang_from_them() -> None:
    lines = [
        "Elle peut :",
        "• réserver du foncier pour les structures",
        "• financer",
        "1. Recenser les besoins",
        "2. Décider",
    ]
    texts_of_page = [*column(lines[:2]), Text(x=68, y=124, text="qui en font la demande ;"), *column(lines[2:], y=136)]
    document = read(Page(texts=texts_of_page))
    assert texts(document, BlockKind.LIST_ITEM) == [
        "• réserver du foncier pour les structures qui en font la demande ;",
        "• financer",
        "1. Recenser les besoins",
        "2. Décider",
    ]


def test_a_table_is_read_row_by_row_with_its_header_first() -> None:
    rows = [("Commune", "Habitants", "Aide"), ("Dijon", "159 000", "12 000 €"), ("Rennes", "222 000", "8 000 €")]
    cells = [
        Text(x=60 + 150 * place, y=200 + 20 * line, text=cell)
        for line, row in enumerate([*rows, ("Brest", "140 000", "9 500 €")])
        for place, cell in enumerate(row)
    ]
    document = read(Page(texts=[*column(BODY), *cells]))
    (table,) = texts(document, BlockKind.TABLE)
    assert table.splitlines() == [
        "Commune | Habitants | Aide",
        "Dijon | 159 000 | 12 000 €",
        "Rennes | 222 000 | 8 000 €",
        "Brest | 140 000 | 9 500 €",
    ]


@pytest.mark.parametrize("caption", ["Figure 3 : la part des énergies", "Source : Cerema, 2020", "© Ville de Dijon"])
def test_captions_are_told_from_text(caption: str) -> None:
    document = read(Page(texts=[*column(BODY), *column([caption], y=300, size=9)]))
    assert texts(document, BlockKind.CAPTION) == [caption]


def test_running_headers_footers_and_page_numbers_are_out_and_what_stands_once_stays() -> None:
    def page(number: int) -> Page:
        own = column([f"Le chapitre {'abcd'[number]} traite de {'foncier achats emploi santé'.split()[number]}."])
        edge = [Text(x=60, y=30, text=f"Guide des élus – édition {number + 1}", size=8)]
        foot = [
            Text(x=60, y=815, text="RTES, tous droits réservés", size=8),
            Text(x=500, y=815, text=str(number + 9), size=8),
        ]
        once = [Text(x=60, y=40, text="Une note unique en haut de page.")] if number == 2 else []
        return Page(texts=[*edge, *once, *own, *foot])

    document = read(*map(page, range(4)))
    assert "Guide des élus" not in document.text
    assert "droits réservés" not in document.text
    assert "Une note unique en haut de page." in document.text
    steps = {step for repair in document.repairs for step in repair.step.split("+")}
    assert steps == {"running header", "running footer", "page number"}
    assert document.raw.count("RTES, tous droits réservés") == 4


def test_a_link_belongs_to_the_text_that_it_covers() -> None:
    page = Page(
        texts=[*column(["Le guide se lit en cliquant ici."], y=100), *column(BODY, y=140)],
        links=[
            Link(box=(58, 90, 220, 103), url="https://www.rtes.fr/guide"),
            Link(box=(58, 130, 220, 143), url="mailto:contact@rtes.fr"),
            Link(box=(58, 130, 220, 143), url=None),
        ],
    )
    document = read(page)
    assert [block.links for block in document.blocks] == [("https://www.rtes.fr/guide",), ()]


def test_a_turned_page_whose_corner_is_elsewhere_is_read_as_it_is_seen() -> None:
    lines = [Text(x=60 + 12 * index, y=742, text=line, upwards=True) for index, line in enumerate(BODY)]
    document = read(Page(texts=lines, rotate=90, corner=(-30, 50)))
    assert texts(document) == [" ".join(BODY)]


def test_what_is_printed_twice_on_one_spot_is_read_once() -> None:
    document = read(Page(texts=[*column(BODY), *column(BODY)]))
    assert texts(document) == [" ".join(BODY)]


def test_what_lies_beside_the_page_is_not_read() -> None:
    document = read(Page(texts=[*column(BODY), Text(x=900, y=100, text="Repères de coupe")]))
    assert "Repères" not in document.text


def test_when_a_file_was_made_is_not_when_it_was_published() -> None:
    data = pdf_of(Page(texts=column(BODY)), info=[("CreationDate", "D:20230412101500+02'00'")])
    assert read_pdf(data, PUBLICATION, ocr=None).publication.date is None


INK = Page(drawing=b"100 100 300 300 re f")


def scanned(image: Image.Image, page: int, dpi: float) -> tuple[Line, ...]:
    """What an OCR reads that finds one line wherever there is ink."""
    assert abs(image.width - 595 * dpi / 72) <= 1
    words = [("Une", 96.0), ("page", 30.0), ("numérisée.", 91.0)]
    placed = [
        Word(text=text, box=Box(50 + 60 * at, 90, 100 + 60 * at, 102), size=12, confidence=sure)
        for at, (text, sure) in enumerate(words)
    ]
    return (Line(words=tuple(placed), page=page, ocr=True, group=1),)


def test_a_page_with_ink_and_no_text_goes_to_ocr_alone_and_its_words_keep_their_place() -> None:
    document = read(Page(texts=column(BODY)), INK, ocr=scanned)
    assert document.ocr_pages == (2,)
    assert document.text.endswith("Une page numérisée.")
    word = document.ocr_words[-1]
    assert document.raw[word.start : word.end] == "numérisée."
    assert (word.page, word.box) == (2, Box(170, 90, 220, 102))
    assert [document.text[span.start : span.end] for span in document.doubtful] == ["page"]


def test_a_page_without_ink_is_not_given_to_ocr() -> None:
    assert read(Page(texts=column(BODY)), Page(), ocr=scanned).ocr_pages == ()


def test_a_page_of_signs_without_meaning_goes_to_ocr() -> None:
    # An alphabet shifted by three: what a font without Unicode map gives.
    shifted = ["".join(chr(ord(c) + 3) if c.isascii() and c.isalpha() else c for c in line) for line in BODY]
    document = read(Page(texts=column(shifted)), ocr=scanned)
    assert document.text == "Une page numérisée."


def test_without_tesseract_the_page_is_named_with_what_to_install() -> None:
    def missing(_image: Image.Image, _page: int, _dpi: float) -> tuple[Line, ...]:
        raise OcrMissing("install tesseract-ocr")

    (warning,) = read(Page(texts=column(BODY)), INK, ocr=missing).warnings
    assert warning == "page 2: not read (no text; install tesseract-ocr)"
    with pytest.raises(ReadError, match=r"holds no text.*page 1: not read \(no text; install tesseract-ocr\)"):
        read(INK, ocr=missing)


def test_a_box_beside_the_text_is_read_after_it_and_cuts_no_sentence_of_it() -> None:
    body = [
        "La collectivité qui met en place un jardin",
        "partagé en choisit le lieu avec les habitants",
        "du quartier, avec les associations qui y sont",
        "nées et avec les services de la ville, et elle",
        "le confie à qui s'engage à le cultiver tous",
        "les jours de l'année, sans rien en vendre.",
    ]
    box = ["Une commune peut", "confier un terrain à", "une association qui", "le cultive."]
    wide = ["Le règlement est voté par le conseil municipal, qui le relit chaque année avec les jardiniers eux-mêmes."]
    rows = [*column(wide, y=100), *column(body, y=130), *column(box, x=400, y=135), *column(wide, y=230)]
    document = read(Page(texts=sorted(rows, key=lambda text: text.y)))
    assert texts(document) == [wide[0], " ".join(body), wide[0], " ".join(box)]


def test_an_arrow_half_way_down_beside_two_lines_is_their_bullet() -> None:
    item = [
        Text(x=80, y=130, text="Réserver du foncier dans les documents"),
        Text(x=80, y=142, text="qui disent l'urbanisme."),
    ]
    document = read(Page(texts=[*column(BODY), *item, Text(x=60, y=136, text=">")]))
    assert texts(document)[-1] == "> Réserver du foncier dans les documents qui disent l'urbanisme."


def test_an_address_parted_at_a_lines_end_is_whole() -> None:
    document = read(
        Page(texts=column(["Le texte se lit sur le site de l'État (https://www.", "legifrance.gouv.fr) depuis 2020."]))
    )
    assert "(https://www.legifrance.gouv.fr)" in document.text


def test_the_short_last_line_of_a_paragraph_above_two_columns_stays_with_it() -> None:
    wide = [
        "Le règlement est voté par le conseil municipal, qui le relit chaque année avec tous les jardiniers. À",
        "Dijon.",
    ]
    left = [f"La colonne de gauche dit, ligne {word}," for word in ("un", "deux", "trois", "quatre", "cinq", "six")]
    right = [f"La colonne de droite dit, ligne {word}," for word in ("un", "deux", "trois", "quatre", "cinq", "six")]
    both = [line for pair in zip(column(left, y=160), column(right, x=330, y=160), strict=True) for line in pair]
    document = read(Page(texts=[*column(wide, y=100), *both]))
    assert texts(document)[0] == " ".join(wide)


def test_a_sentence_goes_on_over_a_page_break_though_footnotes_stand_between() -> None:
    notes = column(["1. Loi du 31 juillet 2014.", "2. Décret du 23 juin 2015."], y=790, size=7, leading=9)
    cut = column([*BODY, "La métropole soutient les projets qui créent des emplois dans les"], y=720)
    document = read(Page(texts=[*cut, *notes]), Page(texts=column(["quartiers prioritaires.", *BODY])))
    assert "des emplois dans les quartiers prioritaires." in document.text
    assert "1. Loi du 31 juillet 2014." in document.text


def test_a_scan_that_carries_a_stamp_goes_to_ocr_and_a_slide_on_a_picture_keeps_its_words() -> None:
    picture = b"q 595 0 0 842 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x00 EI Q"
    stamp = Page(texts=column(["Recueil des actes, page 3"], y=800), drawing=picture)
    long = Word(text="délibération" * 5, box=Box(50, 90, 500, 102), size=12, confidence=95.0)

    def much(image: Image.Image, page: int, dpi: float) -> tuple[Line, ...]:
        return (replace(scanned(image, page, dpi)[0], words=(long,)),)

    assert read(stamp, ocr=much).ocr_pages == (1,)
    assert read(stamp, ocr=scanned).text == "Recueil des actes, page 3"


def test_a_scanned_page_of_large_words_alone_is_text_that_can_be_quoted() -> None:
    ink = Page(drawing=b"0 0 0 rg 100 100 300 300 re f")

    def two_sizes(_image: Image.Image, page: int, _dpi: float) -> tuple[Line, ...]:
        size = 10.0 if page == 1 else 30.0
        words = [
            Word(text=text, box=Box(50, 90, 90, 102), size=size, confidence=95.0) for text in ("Le", "puits", "fume")
        ]
        return tuple(
            Line(words=tuple(words), page=page, ocr=True, group=group) for group in range(3 if page == 1 else 1)
        )

    document = read(ink, ink, ocr=two_sizes)

    assert [block.kind for block in document.blocks if block.page == 2] == [BlockKind.PARAGRAPH]


def test_two_short_columns_in_a_box_on_a_page_of_full_lines_are_read_one_after_the_other() -> None:
    wide = "Une ligne entière de la page, qui va d’un bord à l’autre de la colonne."
    left = [
        "Il est rare, mais pourtant",
        "possible de raccorder des",
        "logements individuels à un",
        "réseau de chaleur.",
    ]
    right = [
        "Pour un groupe de maisons,",
        "un lotissement par exemple,",
        "demandez à votre mairie les",
        "conditions de raccordement.",
    ]
    texts_of_page = [
        *column([wide] * 8, y=100),
        *column(left, x=70, y=230, size=8, leading=9),
        *column(right, x=230, y=230, size=8, leading=9),
        *column([wide] * 6, y=300),
    ]
    text = " ".join(read(Page(texts=texts_of_page)).text.split())

    assert "raccorder des logements individuels à un réseau de chaleur." in text
    assert "un lotissement par exemple, demandez à votre mairie les conditions de raccordement." in text


def test_a_giant_number_beside_a_paragraph_cuts_no_sentence_of_it() -> None:
    lines = [
        "La commune effectue une prise de",
        "contact dès la phase amont du projet,",
        "puis elle réunit les habitants.",
    ]
    giant = Text(x=300, y=284, text="2", size=120)
    document = read(Page(texts=[*column(lines, y=300), giant]))
    assert " ".join(lines) in " ".join(document.text.split())
    assert texts(document)[-1] == "2"


def test_small_letters_after_a_giant_number_are_a_word_of_their_own() -> None:
    giant = Text(x=60, y=200, text="2", size=120)
    document = read(
        Page(texts=[*column(BODY, y=300), giant, Text(x=122, y=190, text="Coup de pouce"), *column(BODY, y=500)])
    )
    assert "Coup de pouce" in texts(document)
