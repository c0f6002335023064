"""Bytes of a text file -> Document: decoded, repaired, cut into blocks. Pure.

Pages come from the catalogue's `page_starts` (1-based line numbers) and from form feeds; without either no block has one.
A byte order mark and Windows line ends are tolerated. Refused (ReadError): bytes that are no UTF-8 text, a text that holds
nothing, page starts beyond its last line.
"""

from __future__ import annotations

from ingest.document import Document, Publication
from ingest.errors import ReadError
from ingest.repair.lexicon import Lexicon, default_lexicon
from ingest.repair.pipeline import repair_text
from ingest.structure import find_blocks


def read_text(data: bytes, publication: Publication, *, lexicon: Lexicon | None = None) -> Document:
    """The document in `data`. `lexicon` is the project's own if none is given. Raises ReadError."""
    raw = _decoded(data, publication)
    starts = _page_offsets(raw, publication)
    repaired = repair_text(raw, lexicon or default_lexicon(), starts)
    return Document(
        publication=publication,
        raw=raw,
        text=repaired.text,
        repairs=repaired.repairs,
        blocks=find_blocks(repaired.text, page_offsets=repaired.page_starts),
        doubtful=repaired.doubtful,
    )


def _decoded(data: bytes, publication: Publication) -> str:
    where = publication.file or publication.id
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ReadError(
            f"{where}: byte {error.start} is no UTF-8; expected a UTF-8 text (save it again as UTF-8)"
        ) from error
    if "\0" in text:
        raise ReadError(f"{where}: holds NUL characters; expected a text, found what looks like a binary file")
    if not text.strip():
        raise ReadError(f"{where}: is empty; expected a text")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _page_offsets(raw: str, publication: Publication) -> tuple[int, ...]:
    """Where pages begin, rising; what stands before the first is on the first page."""
    line_starts = [0, *(index + 1 for index, character in enumerate(raw) if character == "\n")]
    beyond = [number for number in publication.page_starts if not 1 <= number <= len(line_starts)]
    if beyond:
        where = publication.file or publication.id
        raise ReadError(
            f"{where}: has {len(line_starts)} lines; page_starts names line {beyond[0]} (correct the catalogue)"
        )
    offsets = {line_starts[number - 1] for number in publication.page_starts}
    feeds = {index + 1 for index, character in enumerate(raw) if character == "\f"}
    return tuple(sorted(offsets | feeds | ({0} if feeds and not offsets else set())))
