"""The publications of a build, kept in its folder: what offsets point into, and the record of every repair.

`documents/<id>.txt` is the repaired text, `documents/<id>.json` the raw text and the repairs, `publications.json` the
catalogue's facts. Written once; a file that is missing raises OSError.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from ingest.document import Document, Publication, Repair

_FOLDER = "documents"
_PUBLICATIONS = "publications.json"


def write_documents(build: Path, documents: Sequence[Document]) -> None:
    """Write texts, repairs and catalogue facts into the folder of a build."""
    home = build / _FOLDER
    home.mkdir()
    for document in documents:
        name = document.publication.id
        # Bytes, so that no platform turns line ends into others and moves the offsets.
        (home / f"{name}.txt").write_bytes(document.text.encode())
        record = {"raw": document.raw, "repairs": [asdict(repair) for repair in document.repairs]}
        (home / f"{name}.json").write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
    rows = [asdict(document.publication) for document in documents]
    (build / _PUBLICATIONS).write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")


def read_publications(build: Path) -> dict[str, Publication]:
    """The publications of a build by id, in the catalogue's order."""
    rows = json.loads((build / _PUBLICATIONS).read_text(encoding="utf-8"))
    return {row["id"]: _publication(row) for row in rows}


def read_document(build: Path, publication: Publication) -> Document:
    """One publication's texts and repairs; blocks and doubtful stretches live on in its passages."""
    home = build / _FOLDER
    record = json.loads((home / f"{publication.id}.json").read_text(encoding="utf-8"))
    return Document(
        publication=publication,
        raw=record["raw"],
        text=(home / f"{publication.id}.txt").read_bytes().decode(),
        repairs=tuple(Repair(**row) for row in record["repairs"]),
    )


def _publication(row: dict[str, object]) -> Publication:
    lists = {name: tuple(value) for name, value in row.items() if isinstance(value, list)}
    return Publication(**{**row, **lists})  # type: ignore[arg-type]  # written by write_documents from a Publication
