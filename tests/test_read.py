"""What the catalogue or a file's name says, held against its bytes, before a reader is chosen."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ingest.document import Publication
from ingest.errors import ReadError
from ingest.read import read_publication
from ingest.sniff import DOCX
from tests.office import docx, odt

PAGE = b"<!DOCTYPE html><html><body><h1>Connexion</h1><p>Identifiez-vous pour lire ce document du centre.</p></body></html>"
WORD = docx("<w:p><w:r><w:t>Un texte.</w:t></w:r></w:p>")


def publication(file: str, media_type: str | None = None) -> Publication:
    return Publication(id="p", title="T", publisher="RTES", file=file, media_type=media_type)


def test_a_pdf_that_is_a_page_is_refused_with_what_is_said_found_and_to_be_done(tmp_path: Path) -> None:
    (tmp_path / "guide.pdf").write_bytes(PAGE)
    expected = r"guide\.pdf: its name says application/pdf, but its bytes are text/html \(a login .* fetch it again"
    with pytest.raises(ReadError, match=expected):
        read_publication(tmp_path, publication("guide.pdf"))
    with pytest.raises(ReadError, match="the catalogue says application/pdf, but its bytes are text/html"):
        read_publication(tmp_path, publication("guide.pdf", "application/pdf"))


@pytest.mark.parametrize(
    ("name", "media_type", "data"),
    [
        ("guide.txt", None, b"%PDF-1.7\n"),
        ("guide.txt", None, PAGE),
        ("guide.html", None, b"%PDF-1.7\n"),
        ("guide.docx", None, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ("guide.pdf", DOCX, b"%PDF-1.7\n"),
        ("guide.odt", None, WORD),
    ],
)
def test_other_disagreements_are_refused_too(tmp_path: Path, name: str, media_type: str | None, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(ReadError, match=rf"{name}: .* says .*, but its bytes are "):
        read_publication(tmp_path, publication(name, media_type))


@pytest.mark.parametrize(
    ("name", "media_type", "data", "text"),
    [
        ("a.txt", None, b"Un texte.", "Un texte."),
        ("a.md", None, b"<div>Un texte.</div>", "Un texte."),
        ("a.htm", None, PAGE, "Connexion"),
        ("a.html", "text/html; charset=utf-8", b"Un fragment <b>sans</b> balise.", "Un fragment sans balise."),
        ("a", "application/xhtml+xml", PAGE, "Connexion"),
        ("a.docx", None, WORD, "Un texte."),
        ("a.odt", None, odt("<text:p>Un texte.</text:p>"), "Un texte."),
        ("a", None, WORD, "Un texte."),
    ],
)
def test_each_type_finds_its_reader(tmp_path: Path, name: str, media_type: str | None, data: bytes, text: str) -> None:
    (tmp_path / name).write_bytes(data)
    assert read_publication(tmp_path, publication(name, media_type)).text.startswith(text)


def test_a_type_without_a_reader_names_those_that_have_one(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    with pytest.raises(ReadError, match=r"a\.png: media type is image/png, expected text/plain or application/pdf"):
        read_publication(tmp_path, publication("a.png"))


def test_a_word_file_of_before_2007_is_refused_with_what_is_to_be_done(tmp_path: Path) -> None:
    (tmp_path / "fiche.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    with pytest.raises(ReadError, match="save it as DOCX"):
        read_publication(tmp_path, publication("fiche.doc"))


def test_a_pipe_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "guide.txt")
    with pytest.raises(ReadError, match=r"guide\.txt: is a pipe or a device, expected a file"):
        read_publication(tmp_path, publication("guide.txt"))
