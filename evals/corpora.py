"""Several corpus folders -> one, so that the evals ask an index of all of them.

In: folders that each have a catalogue, the project's own and the fixtures' by default. Out: a folder with one catalogue and
the files that it names, and a hash of both. Data files (scope, contacts, ...) are the first folder's. Refused
(CatalogueError): a folder without catalogue. An id that two of them use is a fault of the joined catalogue's second line, and
listed by the build as such.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ingest.catalogue import CATALOGUE_NAME, load_catalogue
from ingest.document import Publication


def joined(folders: Sequence[Path], target: Path) -> Path:
    """Write the publications of `folders` and their files into `target`, which is made. Raises CatalogueError, OSError."""
    target.mkdir(parents=True, exist_ok=True)
    for data in sorted(folders[0].glob("*.json")):
        shutil.copyfile(data, target / data.name)
    lines = [
        _line(_copied(publication, folder, target, f"files/{number}"))
        for number, folder in enumerate(folders)
        for publication in load_catalogue(folder).publications
    ]
    (target / CATALOGUE_NAME).write_text("".join(lines), encoding="utf-8")
    return target


def corpus_sha256(folder: Path) -> str:
    """Of a joined corpus: its catalogue and the files that it names, hexadecimal."""
    digest = hashlib.sha256((folder / CATALOGUE_NAME).read_bytes())
    for publication in load_catalogue(folder).publications:
        if publication.file:
            digest.update(hashlib.sha256((folder / publication.file).read_bytes()).digest())
    return digest.hexdigest()


def _copied(publication: Publication, folder: Path, target: Path, home: str) -> Publication:
    """The publication, its file copied under `home`; one whose file is missing keeps its line, so that the build names it."""
    if publication.file is None or not (folder / publication.file).is_file():
        return publication
    file = f"{home}/{publication.file}"
    (target / file).parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(folder / publication.file, target / file)
    return replace(publication, file=file)


def _line(publication: Publication) -> str:
    row = {name: getattr(publication, name) for name in publication.__slots__}
    return (
        json.dumps({name: value for name, value in row.items() if value not in (None, ())}, ensure_ascii=False) + "\n"
    )
