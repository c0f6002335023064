"""Builds are folders: `<index>/<build>/` is written whole, then named by the text file `<index>/current`.

A text file and not a symbolic link: Chroma caches a client per path string and would go on serving the old build. The pointer
is written to a temporary name, synced and renamed, so that a build killed at any point leaves the old one serving. Refused:
a pointer to what is not there, a manifest that cannot be read, a second builder at the same time.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from ingest.errors import BuildError, IndexMismatch, IndexMissing

POINTER = "current"
MANIFEST = "manifest.json"
# When it was made, what it was made from, and which of one second it is.
NAME = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}(?:\.\d+)?")
# What a folder of a build holds, and in which shape; a build of another format is built anew.
FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a build is made of. `inputs` hashes everything that a build depends on: stale when it differs."""

    build: str
    created: str
    embedder: str
    dimension: int
    analyser: str
    inputs: str
    publications: int
    passages: int
    windows: int
    format: int = FORMAT

    def write(self, folder: Path) -> None:
        """Write the manifest into the build's folder; it comes last, so a folder without one is a build that was cut off."""
        write_synced(folder / MANIFEST, json.dumps(asdict(self), indent=2) + "\n")

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Raises IndexMismatch when the manifest is missing, damaged or of another format."""
        path = folder / MANIFEST
        try:
            row = json.loads(path.read_text(encoding="utf-8"))
            found = row.get("format")
            if found != FORMAT:
                raise IndexMismatch(f"{path}: format is {found!r}, expected {FORMAT} (run: python -m ingest build)")
            return cls(**row)
        except (OSError, ValueError, TypeError, AttributeError) as error:
            raise IndexMismatch(f"{path}: not a manifest: {error} (run: python -m ingest build)") from error


def current_build(index: Path) -> Path:
    """The folder that `<index>/current` names. Raises IndexMissing when there is none."""
    pointer = index / POINTER
    try:
        name = pointer.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise IndexMissing(f"{pointer}: no index here (run: python -m ingest build --index {index})") from error
    folder = index / name
    if not name or folder.parent != index or not folder.is_dir():
        raise IndexMissing(
            f"{pointer}: names {name!r}, which is not a build (run: python -m ingest build --index {index})"
        )
    return folder


def point_to(index: Path, build: str) -> None:
    """Make `build` the one that is served. Atomic: a reader sees the old name or the new one."""
    write_synced(index / POINTER, build + "\n")


def write_synced(path: Path, text: str) -> None:
    """Write a file so that after a crash it holds the old text or the new one, never a part."""
    temporary = path.with_name(path.name + ".new")
    with temporary.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def only_builder(index: Path) -> Iterator[None]:
    """Hold the index for writing. Raises BuildError when another process builds there. A killed builder leaves no lock."""
    try:
        index.mkdir(parents=True, exist_ok=True)
        lock = (index / ".lock").open("w")
    except OSError as error:
        raise BuildError(f"{index}: expected a folder that can be written to, found: {error.strerror}") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BuildError(f"{index}: another build is running there; wait for it to end") from error
        yield


def sweep(index: Path) -> None:
    """Remove builds that were cut off, and all but the served one and the one before it (a chat may still be opening it).

    Builds are known by their names: other folders are left alone.
    """
    served = current_build(index).name
    builds = [folder for folder in index.iterdir() if folder.is_dir() and NAME.fullmatch(folder.name)]
    folders = [folder for folder in builds if folder.name != served]
    cut_off = [folder for folder in folders if not (folder / MANIFEST).is_file()]
    older = sorted(set(folders) - set(cut_off), key=lambda folder: (folder / MANIFEST).stat().st_mtime)
    for folder in [*cut_off, *older[:-1]]:
        shutil.rmtree(folder)
