"""Bytes of a file -> its media type, from what they are and not from what they are called. Pure; refuses nothing.

Known: what ingestion reads (PDF, HTML, text, DOCX, ODT) and what is often found in its place (pictures, other office files).
Markdown is text: only its name tells it apart. What is none of these is `application/octet-stream`.
"""

from __future__ import annotations

import io
import re
import zipfile

from ingest.decoding import looks_like_text

PDF = "application/pdf"
HTML = "text/html"
TEXT = "text/plain"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"
EMPTY = "application/x-empty"
UNKNOWN = "application/octet-stream"

_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"{\\rtf", "application/rtf"),
    (b"\x1f\x8b", "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    # Word before 2007, and a DOCX under a password.
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"\x7fELF", "application/x-executable"),
)
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_HEAD = 1024  # readers of PDF accept its mark anywhere in the first kilobyte
_OPENING = re.compile(
    r"(?:\s|<\?xml[^>]*>|<!--.*?-->)*"
    r"<(?:!doctype\s+html|(?:html|head|body|title|meta|script|frameset|div|p|h[1-6]|article|section|main|table|ul|ol)\b)",
    re.IGNORECASE | re.DOTALL,
)
_MEMBERS = (
    ("word/document.xml", DOCX),
    ("xl/workbook.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("ppt/presentation.xml", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
)


def sniff(data: bytes) -> str:
    """The media type of `data`, without parameters."""
    if not data:
        return EMPTY
    if data.startswith(_ZIP):
        return _zipped(data)
    return _by_magic(data) or _by_opening(data) or (TEXT if looks_like_text(data) else UNKNOWN)


def _by_magic(data: bytes) -> str | None:
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "image/webp"
    return next((media_type for magic, media_type in _MAGIC if data.startswith(magic)), None)


def _by_opening(data: bytes) -> str | None:
    # A page may speak of "%PDF-" in its first kilobyte; a PDF may begin with junk, but not with a page's.
    if _is_html(data):
        return HTML
    return PDF if b"%PDF-" in data[:_HEAD] else None


def _zipped(data: bytes) -> str:
    """What a zip holds; of a broken one, what its first bytes say it was."""
    # In an OpenDocument the first member is `mimetype`, stored as it is: its content stands at the same place in all.
    opening = data[30:128]
    if opening.startswith(b"mimetypeapplication/vnd.oasis.opendocument."):
        return (
            ODT if opening[8:].startswith(ODT.encode()) and opening[8 + len(ODT) :][:1] != b"-" else "application/zip"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return DOCX if b"word/" in data else "application/zip"
    if {"content.xml", "META-INF/manifest.xml"} <= names:
        return ODT
    return next((media_type for member, media_type in _MEMBERS if member in names), "application/zip")


def _is_html(data: bytes) -> bool:
    head = data[: 4 * _HEAD]
    encoding = "utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "latin-1"
    return _OPENING.match(head.decode(encoding, errors="replace").removeprefix("\xef\xbb\xbf")) is not None
