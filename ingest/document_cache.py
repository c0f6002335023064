"""Documents as they were read, kept between builds: an unchanged publication is not read again.

An entry's name is the hash of the file's bytes, of the catalogue line's facts and of all that reads (`reading_digest`): what
would read otherwise has another name. Entries are written beside and renamed; one that is damaged is as good as none.
Refusals are not kept: what a file lacks (a password, a system package) may be there the next time.
"""

from __future__ import annotations

import hashlib
import json
import os
import zlib
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from time import time

from ingest.document import Document, Publication
from ingest.document_json import document_from_json, document_to_json, publication_from_json
from ingest.errors import BuildError
from ingest.set_aside import write_aside

_DAY = 86_400.0
# The folder may serve several corpora: what none of them asked for in a month goes.
_KEPT_DAYS = 30.0


class DocumentCache:
    """Entries under `folder`; `reading` is the digest of everything that reads."""

    def __init__(self, folder: Path, reading: str) -> None:
        self._folder = folder
        self._reading = reading

    def key(self, publication: Publication, digest: str) -> str:
        """The name under which the document of this line and a file of this digest is kept."""
        facts = json.dumps(asdict(publication), sort_keys=True)
        return hashlib.sha256(f"{self._reading}\n{digest}\n{facts}".encode()).hexdigest()

    def get(self, key: str) -> Document | None:
        """The document, if it is there and whole; it is kept for another month."""
        path = self._path(key)
        try:
            row = json.loads(zlib.decompress(path.read_bytes()))
            document = document_from_json(publication_from_json(row["publication"]), row["document"])
            os.utime(path)
        except (OSError, ValueError, zlib.error, KeyError, TypeError):
            return None
        return document

    def put(self, key: str, document: Document) -> None:
        """Keep the document. Raises BuildError when the folder cannot be written to."""
        try:
            self._put(key, document)
        except OSError as error:
            message = (
                f"{self._folder}: {error.strerror or error}; nothing was changed "
                "(see READ_CACHE; is there room, and may it be written to?)"
            )
            raise BuildError(message) from error

    def _put(self, key: str, document: Document) -> None:
        row = {"publication": asdict(document.publication), "document": document_to_json(document)}
        packed = zlib.compress(json.dumps(row, ensure_ascii=False).encode(), 1)
        write_aside(self._path(key), packed)

    def prune(self) -> int:
        """Remove what nobody asked for in a month, and what a killed writer left; how many."""
        before = time() - _KEPT_DAYS * _DAY
        removed = 0
        for path in self._folder.glob("*/*"):
            with suppress(OSError):  # another build may be pruning too
                if path.is_file() and path.stat().st_mtime < before:
                    path.unlink()
                    removed += 1
        return removed

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / key
