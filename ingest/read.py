"""A catalogue's publications -> Documents, each on its own; the reasons why others are not among them.

Refused with a reason (ReadError or Unread): not public, not fetched yet, no reader for the media type, no such file, and
what the reader itself refuses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ingest.catalogue import Catalogue
from ingest.document import Document, Publication
from ingest.errors import ReadError
from ingest.sniff import DOCX, EMPTY, HTML, ODT, PDF, TEXT, UNKNOWN, sniff

MARKDOWN = "text/markdown"


def _pdf(data: bytes, publication: Publication) -> Document:
    from ingest.pdf.reader import read_pdf

    return read_pdf(data, publication)


def _html(data: bytes, publication: Publication) -> Document:
    from ingest.read_html import read_html

    return read_html(data, publication)


def _text(data: bytes, publication: Publication) -> Document:
    from ingest.read_text import read_text

    return read_text(data, publication)


def _markdown(data: bytes, publication: Publication) -> Document:
    from ingest.read_markdown import read_markdown

    return read_markdown(data, publication)


def _docx(data: bytes, publication: Publication) -> Document:
    from ingest.read_docx import read_docx

    return read_docx(data, publication)


def _odt(data: bytes, publication: Publication) -> Document:
    from ingest.read_odt import read_odt

    return read_odt(data, publication)


# Each reader's libraries are imported with the first file of its type: reading texts needs no pdfium.
_READERS: Mapping[str, Callable[[bytes, Publication], Document]] = {
    TEXT: _text,
    PDF: _pdf,
    HTML: _html,
    MARKDOWN: _markdown,
    DOCX: _docx,
    ODT: _odt,
}
_MEDIA_TYPES = {
    ".txt": TEXT,
    ".pdf": PDF,
    ".html": HTML,
    ".htm": HTML,
    ".xhtml": HTML,
    ".md": MARKDOWN,
    ".markdown": MARKDOWN,
    ".docx": DOCX,
    ".odt": ODT,
}
# Names under which sites and catalogues know the same types.
_ALIASES = {"application/xhtml+xml": HTML, "text/x-markdown": MARKDOWN, "application/x-pdf": PDF}
# What the bytes may look like for each type that is said; UNKNOWN is left to the reader, which says what is wrong.
_BYTES: Mapping[str, frozenset[str]] = {
    TEXT: frozenset({TEXT, EMPTY, UNKNOWN}),
    PDF: frozenset({PDF, EMPTY, UNKNOWN}),
    HTML: frozenset({HTML, TEXT, EMPTY, UNKNOWN}),
    MARKDOWN: frozenset({TEXT, HTML, EMPTY, UNKNOWN}),
    DOCX: frozenset({DOCX, EMPTY, UNKNOWN}),
    ODT: frozenset({ODT, EMPTY, UNKNOWN}),
}
_WHAT_TO_DO = {
    HTML: "a login or an error page was saved in its place? fetch it again, or correct media_type",
    "application/x-ole-storage": "Word before 2007, or under a password: save it as DOCX without a password",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A publication, or a line of the catalogue, that is not in the index, and why."""

    publication: str | None
    reason: str


def read_all(corpus: Path, catalogue: Catalogue) -> tuple[tuple[Document, ...], tuple[Unread, ...]]:
    """What could be read, in the catalogue's order, and what could not."""
    documents = []
    unread = [Unread(publication=problem.id, reason=problem.message) for problem in catalogue.problems]
    for publication in catalogue.publications:
        try:
            documents.append(read_publication(corpus, publication))
        except ReadError as error:
            unread.append(Unread(publication=publication.id, reason=str(error)))
    return tuple(documents), tuple(unread)


def read_publication(corpus: Path, publication: Publication) -> Document:
    """Raises ReadError with the reason when the publication cannot or must not be read."""
    if publication.access != "public":
        raise ReadError(f"access is {publication.access!r}; only public publications are indexed")
    if publication.file is None:
        raise ReadError(f"not fetched yet: {publication.url} (save it in the corpus and name it as the line's file)")
    path = corpus / publication.file
    try:
        # Opening a pipe waits for someone to write into it.
        if path.exists() and not (path.is_file() or path.is_dir()):
            raise ReadError(f"{publication.file}: is a pipe or a device, expected a file")
        data = path.read_bytes()
    except OSError as error:
        raise ReadError(f"{publication.file}: {error.strerror}") from error
    reader = _READERS[_media_type(publication, publication.file, sniff(data))]
    return reader(data, publication)


def _media_type(publication: Publication, file: str, found: str) -> str:
    """The type that the catalogue says, or else the name's ending, or else the bytes; `found` is what the bytes look like."""
    by_line = (publication.media_type or "").partition(";")[0].strip().lower()
    by_name = _MEDIA_TYPES.get(Path(file).suffix.lower(), "")
    said = _ALIASES.get(by_line, by_line) or by_name or found
    if said not in _READERS:
        what_to_do = f" ({_WHAT_TO_DO[said]})" if said in _WHAT_TO_DO else ""
        raise ReadError(f"{file}: media type is {said}, expected {' or '.join(_READERS)}{what_to_do}")
    if found not in _BYTES[said]:
        who = "the catalogue says" if by_line else "its name says"
        what_to_do = _WHAT_TO_DO.get(found, "fetch it again, or correct media_type")
        raise ReadError(f"{file}: {who} {said}, but its bytes are {found} ({what_to_do})")
    return said
