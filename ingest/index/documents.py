"""The publications of a build, kept in its folder: what offsets point into, and the record of every repair.

`documents/<id>.txt` is the repaired text; `documents/<id>.json` the raw text, the repairs, the words that OCR read, counts of
pages, warnings; `publications.json` the catalogue's facts. Written once.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from ingest.document import Document, Publication
from ingest.document_json import document_from_json, document_to_json, publication_from_json
from ingest.errors import IndexMismatch

_FOLDER = "documents"
_PUBLICATIONS = "publications.json"
# The repaired text is a file of its own, what the passages carry is in the store.
_ELSEWHERE = frozenset({"text", "blocks", "doubtful"})


def write_document(build: Path, document: Document) -> None:
    """Write one document's texts and its record into the folder of a build."""
    home = build / _FOLDER
    home.mkdir(exist_ok=True)
    name = document.publication.id
    # Bytes, so that no platform turns line ends into others and moves the offsets.
    (home / f"{name}.txt").write_bytes(document.text.encode())
    record = {key: value for key, value in document_to_json(document).items() if key not in _ELSEWHERE}
    (home / f"{name}.json").write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")


def write_publications(build: Path, publications: Sequence[Publication]) -> None:
    """Write the catalogue's facts, in its order, into the folder of a build."""
    rows = [asdict(publication) for publication in publications]
    (build / _PUBLICATIONS).write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")


def read_publications(build: Path) -> dict[str, Publication]:
    """The publications of a build by id, in the catalogue's order. Raises IndexMismatch when damaged."""
    path = build / _PUBLICATIONS
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        return {row["id"]: publication_from_json(row) for row in rows}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexMismatch(f"{path}: cannot be read: {error!r} (run: python -m ingest build)") from error


def read_document(build: Path, publication: Publication) -> Document:
    """One publication's texts and record; blocks and doubtful stretches live on in its passages.

    Raises OSError or ValueError when its files are missing or damaged.
    """
    home = build / _FOLDER
    record = json.loads((home / f"{publication.id}.json").read_text(encoding="utf-8"))
    text = (home / f"{publication.id}.txt").read_bytes().decode()
    return document_from_json(publication, {**record, "text": text})
