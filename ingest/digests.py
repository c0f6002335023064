"""SHA-256 of files, read again only when size or modification time changed; and what of our code makes a document.

In: paths. Out: hex digests, empty for a file that is not there. Refused: nothing; a damaged note is made anew.
"""

from __future__ import annotations

import hashlib
import json
import stat
import subprocess
from collections.abc import Iterable
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from time import time

from ingest.index.builds import write_synced
from ingest.index.unpacked import sha256_of
from ingest.repair.lexicon import LEXICON

PACKAGE = Path(__file__).resolve().parent
# A file changed so shortly before it was looked at may change again without a new modification time.
_FRESH_SECONDS = 2.0
# Rooms whose code comes after a document, or before its file: what they do changes no reading.
_NOT_READING = frozenset({"bench", "fetch", "index"})
# Libraries whose next version may read the same bytes otherwise.
LIBRARIES = ("chunspell", "markdown-it-py", "odfdo", "pypdfium2", "python-docx", "simplemma", "trafilatura")


class Digests:
    """Digests of files, remembered in the file `note`, if one is given, between runs when `save` is called."""

    def __init__(self, note: Path | None = None) -> None:
        self._note = note
        self._known = _read(note) if note else {}
        self._used: dict[str, list[object]] = {}

    def of(self, path: Path) -> str:
        """The file's digest, empty when there is none that can be read."""
        name = str(path.resolve())
        try:
            status = path.stat()
            if not stat.S_ISREG(status.st_mode):  # a pipe would keep us waiting
                return ""
            stamp = [status.st_size, status.st_mtime_ns]
            known = self._known.get(name)
            digest = str(known[2]) if known and known[:2] == stamp else sha256_of(path)
        except OSError:
            return ""
        if time() - status.st_mtime > _FRESH_SECONDS:
            self._used[name] = [*stamp, digest]
        return digest

    def save(self) -> None:
        """Remember what was asked for since the start; a folder that cannot be written to costs time, not the build."""
        if self._note and self._used != self._known:
            with suppress(OSError):
                write_synced(self._note, json.dumps(self._used) + "\n")


def code_digest(paths: Iterable[Path]) -> str:
    """One digest over files of our own, by their names in the package and what they hold."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        content = path.read_bytes()
        digest.update(f"{path.name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def package_files() -> list[Path]:
    """The code of `ingest` and the dictionaries that lie beside it."""
    return sorted(path for path in PACKAGE.rglob("*") if path.suffix in {".py", ".aff", ".dic"})


def reading_digest() -> str:
    """What, besides its bytes and its line, a document depends on: code, lexicon, libraries, OCR as it is installed."""
    code = [path for path in package_files() if path.relative_to(PACKAGE).parts[0] not in _NOT_READING]
    return hashlib.sha256("\n".join([code_digest([*code, LEXICON]), libraries(), _ocr()]).encode()).hexdigest()


def libraries() -> str:
    """Names and versions of the libraries that read."""
    return " ".join(f"{name}=={version(name)}" for name in LIBRARIES)


def _ocr() -> str:
    """Which tesseract there is, and its languages: a page that had to be left out is read once they are installed."""
    texts = []
    for option in ("--version", "--list-langs"):
        try:
            # The program of the operator's own path, with options of ours.
            done = subprocess.run(["tesseract", option], capture_output=True, check=False, timeout=20)  # noqa: S603, S607
        except (OSError, subprocess.TimeoutExpired):
            return "no tesseract"
        texts.append((done.stdout or done.stderr).decode(errors="replace"))
    return "\n".join(texts)


def _read(note: Path) -> dict[str, list[object]]:
    try:
        rows = json.loads(note.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(rows, dict):
        return {}
    return {name: row for name, row in rows.items() if isinstance(row, list) and len(row) == 3}
