"""Document <-> plain JSON values, and back the same. Pure.

What a reader process hands over, what the cache keeps and what a build keeps of a document are all this one form. Refused
(ValueError): values that no document of this code gave.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from ingest.document import Block, BlockKind, Box, Document, OcrWord, Publication, Repair, Span


def document_to_json(document: Document) -> dict[str, Any]:
    """Everything of the document but its publication's facts, which the caller keeps where it wants them."""
    return {
        "raw": document.raw,
        "text": document.text,
        "repairs": [asdict(repair) for repair in document.repairs],
        "blocks": [asdict(block) for block in document.blocks],
        "doubtful": [list(span) for span in document.doubtful],
        "pages": document.pages,
        "ocr_pages": list(document.ocr_pages),
        "ocr_words": [asdict(word) for word in document.ocr_words],
        "warnings": list(document.warnings),
    }


def document_from_json(publication: Publication, row: Mapping[str, Any]) -> Document:
    """The document that `document_to_json` described; what the row leaves out is empty. Raises ValueError."""
    try:
        return Document(
            publication=publication,
            raw=row["raw"],
            text=row["text"],
            repairs=tuple(Repair(**repair) for repair in row.get("repairs", ())),
            blocks=tuple(_block(block) for block in row.get("blocks", ())),
            doubtful=tuple(Span(*span) for span in row.get("doubtful", ())),
            pages=row.get("pages", 0),
            ocr_pages=tuple(row.get("ocr_pages", ())),
            ocr_words=tuple(OcrWord(**{**word, "box": Box(*word["box"])}) for word in row.get("ocr_words", ())),
            warnings=tuple(row.get("warnings", ())),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{publication.id}: not a document: {error!r}") from error


def publication_from_json(row: Mapping[str, Any]) -> Publication:
    """The publication that `asdict` described. Raises ValueError."""
    try:
        facts: dict[str, Any] = {name: tuple(fact) if isinstance(fact, list) else fact for name, fact in row.items()}
        return Publication(**facts)
    except (TypeError, AttributeError) as error:
        raise ValueError(f"not a publication: {error!r}") from error


def _block(row: Mapping[str, Any]) -> Block:
    lists = {name: tuple(row[name]) for name in ("headings", "links")}
    return Block(**{**row, **lists, "kind": BlockKind(row["kind"])})
