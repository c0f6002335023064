"""Parts that a reader found -> a document whose offsets, repairs and blocks hold together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.document import Block, BlockKind, Box, Document, OcrWord, Publication, Span
from ingest.errors import ReadError
from ingest.parts import Part, assemble
from ingest.passages import cut_passages
from ingest.repair.edits import Edit, apply_edits
from ingest.territories import Gazetteer

PUBLICATION = Publication(id="guide", title="Un guide", publisher="RTES", file="files/guide.pdf")
LINE_JOIN = Edit(start=8, end=10, replacement="", step="hyphen")


def paragraph(raw: str, **facts: object) -> Part:
    return Part(kind=BlockKind.PARAGRAPH, raw=raw, **facts)  # type: ignore[arg-type]


def heading(raw: str, level: int, page: int = 1) -> Part:
    return Part(kind=BlockKind.HEADING, raw=raw, level=level, page=page)


def texts(document: Document) -> list[str]:
    return [document.text[block.start : block.end] for block in document.blocks]


def redone(document: Document) -> str:
    """The raw text with every recorded repair done."""
    edits = [Edit(start=r.raw_start, end=r.raw_end, replacement=r.after, step=r.step) for r in document.repairs]
    return apply_edits(document.raw, edits)


def test_headings_make_the_paths_of_what_follows() -> None:
    document = assemble(
        PUBLICATION,
        [heading("Partie", 1), heading("Le foncier", 2), paragraph("Un."), heading("L’emploi", 2), paragraph("Deux.")],
    )

    assert [block.headings for block in document.blocks] == [
        (),
        ("Partie",),
        ("Partie", "Le foncier"),
        ("Partie",),
        ("Partie", "L’emploi"),
    ]


def test_what_is_removed_stays_in_the_raw_text_and_on_record() -> None:
    document = assemble(
        PUBLICATION,
        [
            paragraph("RTES 2023", removed="running header", page=1),
            paragraph("Un texte.", page=1),
            paragraph("3", removed="page number", page=1),
        ],
    )

    assert document.text == "Un texte."
    assert document.raw == "RTES 2023\n\nUn texte.\n\n3"
    assert [(repair.before.strip(), repair.step) for repair in document.repairs] == [
        ("RTES 2023", "running header"),
        ("3", "page number"),
    ]


def test_a_parts_edits_are_repairs_of_the_document() -> None:
    document = assemble(PUBLICATION, [paragraph("Avant."), paragraph("Le finan-\ncement.", edits=(LINE_JOIN,))])

    assert texts(document) == ["Avant.", "Le financement."]
    assert [(repair.before, repair.after, repair.step) for repair in document.repairs] == [("-\n", "", "hyphen")]


def test_addresses_and_numbers_of_staff_are_removed_on_record() -> None:
    document = assemble(
        PUBLICATION, [paragraph("Un texte."), paragraph("Anne Martin, chargée de mission, a.martin@rtes.fr")]
    )

    assert "@" not in document.text
    assert "Anne Martin, chargée de mission" in document.text
    assert [repair.step for repair in document.repairs] == ["contact"]


def test_only_pages_read_by_ocr_are_repaired() -> None:
    noisy = (
        "U'ESS est une économie qui favorise le developpement des temitoires et U'emploi. La faisabilite est etudiee."
    )
    document = assemble(
        PUBLICATION, [paragraph(noisy, page=1), paragraph(noisy, page=2, ocr=True), paragraph("Fin.", page=3)]
    )

    assert texts(document)[0] == noisy
    assert texts(document)[1].startswith("L'ESS est une économie qui favorise le développement des territoires")
    assert texts(document)[2] == "Fin."
    assert document.ocr_pages == (2,)


def test_words_that_ocr_read_keep_their_place_in_the_raw_text() -> None:
    word = OcrWord(start=3, end=8, page=1, box=Box(10, 10, 40, 20), confidence=88.0)
    document = assemble(
        PUBLICATION, [paragraph("Avant.", page=1), paragraph("Un texte.", page=1, ocr=True, words=(word,))]
    )

    (found,) = document.ocr_words
    assert document.raw[found.start : found.end] == "texte"


def test_doubtful_stretches_follow_their_text() -> None:
    part = paragraph("Un texte douteux ici.", page=1, ocr=True, doubtful=(Span(3, 8), Span(8, 16)))
    document = assemble(PUBLICATION, [paragraph("Avant.", page=1, removed="running header"), part])

    assert [document.text[start:end] for start, end in document.doubtful] == ["texte douteux"]


def test_links_of_a_part_and_addresses_in_its_text_are_the_blocks() -> None:
    part = paragraph("Voir le guide en cliquant ici ou sur www.rtes.fr.", links=("https://www.rtes.fr/guide",))
    document = assemble(PUBLICATION, [part])

    assert document.blocks[0].links == ("https://www.rtes.fr/guide", "www.rtes.fr")


def test_a_long_table_is_cut_between_rows_and_its_header_goes_with_every_piece() -> None:
    rows = [
        "Aide | Montant",
        *(f"Dispositif numéro {n} pour les associations du quartier | {n} 000 euros" for n in range(40)),
    ]
    document = assemble(PUBLICATION, [Part(kind=BlockKind.TABLE, raw="\n".join(rows), page=1)])

    passages = cut_passages(document, Gazetteer(territories=()))

    assert len(passages) > 1
    assert {passage.context for passage in passages[1:]} == {"Aide | Montant"}
    assert "\n".join(passage.text for passage in passages).split("\n") == rows


def test_nothing_to_read_is_refused_with_what_the_reader_saw() -> None:
    with pytest.raises(ReadError, match=r"files/guide.pdf: holds no text that could be read; page 1: not read"):
        assemble(PUBLICATION, [paragraph("3", removed="page number")], warnings=["page 1: not read"])


_words = st.text(alphabet="abcdé \n-.", min_size=1, max_size=30).filter(str.strip)
_parts = st.builds(
    Part,
    kind=st.sampled_from([BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.CAPTION]),
    raw=_words,
    page=st.integers(1, 3),
    ocr=st.booleans(),
    removed=st.sampled_from([None, None, "running header"]),
)


@given(st.lists(_parts, min_size=1, max_size=8))
def test_whatever_the_parts_blocks_cover_the_text_and_repairs_lead_from_raw_to_text(parts: list[Part]) -> None:
    try:
        document = assemble(PUBLICATION, parts)
    except ReadError:
        assert all(part.removed for part in parts)
        return

    covered = [False] * len(document.text)
    last: Block | None = None
    for block in document.blocks:
        assert last is None or last.end <= block.start
        covered[block.start : block.end] = [True] * (block.end - block.start)
        last = block
    assert all(covered[i] or character.isspace() for i, character in enumerate(document.text))
    assert redone(document) == document.text
