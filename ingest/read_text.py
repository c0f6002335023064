"""Bytes of a text file -> Document: decoded, repaired, contacts of staff taken out, cut into blocks. Pure.

Pages come from the catalogue's `page_starts` (1-based line numbers) and from form feeds; without either no block has one.
A byte order mark and Windows line ends are tolerated; what is not UTF-8 is read with a warning that names its encoding.
Refused (ReadError): bytes that are no text, a text that holds nothing, page starts beyond its last line.
"""

from __future__ import annotations

from ingest.contacts import contact_removals
from ingest.decoding import decode_text
from ingest.document import Document, Publication
from ingest.errors import ReadError
from ingest.repair.lexicon import Lexicon, default_lexicon
from ingest.repair.pipeline import edited, repair_text
from ingest.sniff import EMPTY, HTML, TEXT, UNKNOWN, sniff
from ingest.structure import find_blocks


def read_text(data: bytes, publication: Publication, *, lexicon: Lexicon | None = None) -> Document:
    """The document in `data`. `lexicon` is the project's own if none is given. Raises ReadError."""
    raw, warnings = _decoded(data, publication)
    starts = _page_offsets(raw, publication)
    whole = repair_text(raw, lexicon or default_lexicon(), starts)
    repaired = edited(raw, whole, contact_removals(whole.text))
    if not repaired.text.strip():
        raise ReadError(f"{publication.file or publication.id}: holds nothing but contacts; expected a text")
    return Document(
        publication=publication,
        raw=raw,
        text=repaired.text,
        repairs=repaired.repairs,
        blocks=find_blocks(repaired.text, page_offsets=repaired.page_starts),
        doubtful=repaired.doubtful,
        pages=len(starts),
        warnings=warnings,
    )


def _decoded(data: bytes, publication: Publication) -> tuple[str, tuple[str, ...]]:
    """The characters, lines ended as on Unix, and what the operator should know of their encoding."""
    where = publication.file or publication.id
    found = sniff(data)
    if found not in {TEXT, HTML, EMPTY, UNKNOWN}:
        raise ReadError(f"{where}: is {found}, expected a text (correct its media_type, or save it as text)")
    decoded = decode_text(data, where)
    if not decoded.text.strip():
        raise ReadError(f"{where}: is empty; expected a text")
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n")
    return text, (decoded.warning,) if decoded.warning else ()


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
