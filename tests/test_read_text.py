"""Bytes of a text file -> Document: what is read, what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.document import Publication
from ingest.errors import ReadError
from ingest.read_text import read_text

BROCHURE = Path(__file__).parent.parent / "corpus" / "files" / "000_896921be2f1e2c9b.txt"


def publication(*page_starts: int) -> Publication:
    return Publication(id="p", title="Titre", publisher="RTES", file="files/p.txt", page_starts=page_starts)


def test_the_brochure_is_read_with_its_seven_pages() -> None:
    document = read_text(BROCHURE.read_bytes(), publication(1, 18, 100, 182, 241, 330, 381))
    assert document.raw == BROCHURE.read_text(encoding="utf-8")
    assert sorted({block.page for block in document.blocks if block.page}) == [1, 2, 3, 4, 5, 6, 7]
    firsts = [next(b for b in document.blocks if b.page == page) for page in range(1, 8)]
    assert [document.text[b.start : b.end].split()[0] for b in firsts] == [
        "Comment", "INSCRIRE", "ADAPTER", "INTÉGRER", "INTÉGRER", "AIDER", "Réseau",
    ]  # fmt: skip


def test_form_feeds_make_pages() -> None:
    document = read_text(b"Un.\n\fDeux.\n\fTrois.", publication())
    assert [(document.text[b.start : b.end], b.page) for b in document.blocks] == [
        ("Un.", 1),
        ("Deux.", 2),
        ("Trois.", 3),
    ]


def test_without_page_starts_or_form_feeds_blocks_have_no_page() -> None:
    assert [block.page for block in read_text("Bonjour à tous.\n\nEncore.".encode(), publication()).blocks] == [
        None,
        None,
    ]


def test_a_sentence_that_runs_on_over_a_page_is_one_block_of_the_page_where_it_begins() -> None:
    text = "La première page dit ceci, et la phrase se poursuit\nsur la seconde page. Fin de la phrase."
    document = read_text(text.encode(), publication(1, 2))
    assert [(document.text[b.start : b.end], b.page) for b in document.blocks] == [(text.replace("\n", " "), 1)]


def test_byte_order_mark_and_windows_line_ends_are_tolerated() -> None:
    document = read_text("\ufeffUn début.\r\n\r\nUne fin.".encode(), publication())
    assert document.raw == "Un début.\n\nUne fin."


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"%PDF-1.7\n\xe2\xe3\xcf\xd3", "is application/pdf, expected a text"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "is image/png, expected a text"),
        (b"abc\0def", "looks like a binary file"),
        (bytes(range(256)) * 4, "looks like a binary file"),
        (b"\xff\xfeUn texte \xd8", "begins like UTF-16 LE"),
        (b"", "is empty"),
        (b" \n\t\n", "is empty"),
    ],
)
def test_what_is_no_text_is_refused_and_says_which_file(data: bytes, message: str) -> None:
    with pytest.raises(ReadError, match=f"files/p.txt.*{message}"):
        read_text(data, publication())


FRENCH = "Les élèves d’Évry-Courcouronnes : 12 € déjà versés, où çà ?\nL’été, la « Maison Cœur » fut créée à Nîmes.\n"


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("cp1252", "Windows-1252"),
        ("utf-16", "UTF-16 LE"),
        ("utf-16-le", "UTF-16 LE"),
        ("utf-16-be", "UTF-16 BE"),
        ("mac-roman", "Mac Roman"),
    ],
)
def test_other_encodings_are_read_with_their_accents_and_a_warning_that_names_them(encoding: str, named: str) -> None:
    document = read_text(FRENCH.encode(encoding), publication())
    assert document.raw == FRENCH
    assert [warning for warning in document.warnings if named in warning]


def test_latin_1_of_one_accent_is_read() -> None:
    document = read_text("Une réunion a lieu.".encode("latin-1"), publication())
    assert document.text == "Une réunion a lieu."


def test_plain_utf_8_brings_no_warning() -> None:
    assert read_text(FRENCH.encode(), publication()).warnings == ()


def test_utf_8_that_is_cut_inside_a_character_is_still_utf_8() -> None:
    document = read_text((FRENCH * 3 + "é").encode()[:-1], publication())
    assert document.raw == FRENCH * 3 + "\ufffd"
    assert "no UTF-8, and were lost: 1" in document.warnings[0]


def test_pages_are_counted() -> None:
    assert [read_text(b"Un.\n\fDeux.\n\fTrois.", publication()).pages, read_text(b"Un.", publication()).pages] == [3, 0]


def test_page_starts_beyond_the_file_are_refused() -> None:
    with pytest.raises(ReadError, match="has 2 lines; page_starts names line 9"):
        read_text(b"un\ndeux", publication(1, 9))


def test_contacts_are_taken_out_on_record_and_pages_move_with_the_text() -> None:
    text = "Un début de page.\nContact : a.martin@rtes.fr\n\fUne autre page."

    document = read_text(text.encode(), Publication(id="b", title="B", publisher="RTES"))

    assert "@" not in document.text
    assert any("contact" in repair.step for repair in document.repairs)
    assert [(document.text[b.start : b.end], b.page) for b in document.blocks] == [
        ("Un début de page.", 1),
        ("Une autre page.", 2),
    ]


def test_a_text_of_contacts_alone_is_refused() -> None:
    with pytest.raises(ReadError, match="nothing but contacts"):
        read_text(b"a.martin@rtes.fr\n", Publication(id="b", title="B", publisher="RTES"))
