"""Bytes of a file -> its media type."""

from __future__ import annotations

import io
import zipfile

import pytest

from ingest.sniff import DOCX, EMPTY, HTML, ODT, PDF, TEXT, UNKNOWN, sniff


def zipped(**members: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/"), data)
    return target.getvalue()


WORD = zipped(**{"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"})
OPEN = zipped(mimetype=ODT.encode(), **{"content.xml": b"<office/>", "META-INF/manifest.xml": b"<m/>"})


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (b"", EMPTY),
        (b"%PDF-1.7\n%\xe2\xe3", PDF),
        (b"\x00\x01junk before it\n%PDF-1.4\n", PDF),
        (b"<!DOCTYPE html><title>%PDF-1.7, le format</title>", HTML),
        (b"\xef\xbb\xbf\n <!-- un commentaire -->\n<HTML lang=fr>", HTML),
        ("<html><p>Été</p></html>".encode("utf-16"), HTML),
        (b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">', HTML),
        (b"<div>Un fragment de page</div>", HTML),
        ("L’économie sociale".encode(), TEXT),
        ("Déjà l'été à Orléans".encode("cp1252"), TEXT),
        ("Déjà l'été".encode("utf-16"), TEXT),
        (b"# Un titre\n\nDu *Markdown*, et 3 < 4.", TEXT),
        (WORD, DOCX),
        (WORD[:-30], DOCX),
        (OPEN, ODT),
        (OPEN[:-30], ODT),
        (zipped(**{"xl/workbook.xml": b"<x/>"}), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (zipped(**{"notes.txt": b"x"}), "application/zip"),
        (zipped(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "application/zip"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "image/png"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00", "application/x-ole-storage"),
        (bytes(range(256)) * 8, UNKNOWN),
    ],
)
def test_the_media_type_comes_from_the_bytes(data: bytes, media_type: str) -> None:
    assert sniff(data) == media_type
