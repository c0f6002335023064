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
from ingest.read_text import read_text

_READERS: Mapping[str, Callable[[bytes, Publication], Document]] = {"text/plain": read_text}
_MEDIA_TYPES = {".txt": "text/plain"}


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
    by_name = _MEDIA_TYPES.get(Path(publication.file).suffix.lower(), "unknown")
    media_type = (publication.media_type or by_name).partition(";")[0].strip().lower()
    reader = _READERS.get(media_type)
    if reader is None:
        raise ReadError(f"{publication.file}: media type is {media_type}, expected {' or '.join(_READERS)}")
    try:
        data = (corpus / publication.file).read_bytes()
    except OSError as error:
        raise ReadError(f"{publication.file}: {error.strerror}") from error
    return reader(data, publication)
