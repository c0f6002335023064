"""Pictures of pages on disk, by key: a folder that never holds more than a bound, the longest unused going first.

Entries are written beside and renamed; one that is damaged is as good as none. A folder that cannot be written to costs the
cache, not the picture. Keys are hex digests and nothing else: no caller can name a path.
"""

from __future__ import annotations

import logging
import os
import re
from contextlib import suppress
from pathlib import Path

from ingest.pdf.packed import PagePicture, unpack
from ingest.set_aside import write_aside

_KEY = re.compile(r"[0-9a-f]{64}")
_log = logging.getLogger(__name__)


class PictureCache:
    """Packed pictures under `folder`, `most_bytes` of them together."""

    def __init__(self, folder: Path, most_bytes: int) -> None:
        self._folder = folder
        self._most = most_bytes

    def get(self, key: str) -> PagePicture | None:
        """The picture, if it is there and whole; it counts as used now."""
        path = self._path(key)
        try:
            picture = unpack(path.read_bytes())
            os.utime(path)
        except (OSError, ValueError):
            return None
        return picture

    def put(self, key: str, packed: bytes) -> None:
        """Keep what `pack` gave, and let go what is too much."""
        try:
            write_aside(self._path(key), packed)
            self._let_go()
        except OSError as error:
            _log.warning("%s: a picture is not kept: %s", self._folder, error.strerror or error)

    def _let_go(self) -> None:
        """Remove what was not used for longest until the rest is within the bound; what a killed writer left is old too."""
        entries = []
        for entry in os.scandir(self._folder):
            with suppress(OSError):  # another thread may be letting go too
                status = entry.stat()
                entries.append((status.st_mtime, status.st_size, entry.path))
        total = sum(size for _, size, _ in entries)
        for _, size, path in sorted(entries):
            if total <= self._most:
                return
            Path(path).unlink(missing_ok=True)
            total -= size

    def _path(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise ValueError(f"{key!r} is no key of a picture, expected 64 hex digits")
        return self._folder / key
