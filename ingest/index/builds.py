"""Builds are folders: `<index>/<build>/` is written whole, then named by the text file `<index>/current`.

A text file and not a symbolic link: Chroma caches a client per path string and would go on serving the old build. The pointer
is written to a temporary name, synced and renamed, so that a build killed at any point leaves the old one serving. Refused:
a pointer to what is not there, a manifest that cannot be read, a second builder at the same time.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from ingest.errors import BuildError, IndexMismatch, IndexMissing
from ingest.locks import held

POINTER = "current"
MANIFEST = "manifest.json"
# When it was made, what it was made from, and which of one second it is.
NAME = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}(?:\.\d+)?")
# What a folder of a build holds, and in which shape; a build of another format is built anew.
FORMAT = 3
_VERDICT = "gate.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a build is made of. `inputs` hashes everything that a build depends on: stale when it differs.

    `windows_kind` is by what passages are found.
    """

    build: str
    created: str
    embedder: str
    dimension: int
    analyser: str
    inputs: str
    publications: int
    passages: int
    windows: int
    windows_kind: str
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the gate said of a build, line by line; `forced` is the reason for which it is served all the same."""

    green: bool
    lines: tuple[str, ...]
    forced: str | None = None

    @property
    def admits(self) -> bool:
        """Whether the build may be served."""
        return self.green or self.forced is not None

    def write(self, folder: Path) -> None:
        """Keep the verdict with its build."""
        write_synced(folder / _VERDICT, json.dumps(asdict(self), ensure_ascii=False, indent=2) + "\n")

    @classmethod
    def read(cls, folder: Path) -> Verdict | None:
        """The verdict on the build in `folder`; None when it was never asked for, or cannot be read."""
        try:
            row = json.loads((folder / _VERDICT).read_text(encoding="utf-8"))
            return cls(green=row["green"], lines=tuple(row["lines"]), forced=row["forced"])
        except (OSError, ValueError, TypeError, KeyError):
            return None


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
    with held(index, BuildError, f"{index}: another build is running there; wait for it to end"):
        yield


def served_name(index: Path) -> str:
    """The name of the build that is served, empty when there is none."""
    try:
        return current_build(index).name
    except IndexMissing:
        return ""


def build_folders(index: Path) -> list[Path]:
    """Builds are known by their names: other folders are left alone."""
    return [folder for folder in index.iterdir() if folder.is_dir() and NAME.fullmatch(folder.name)]


def build_age(folder: Path) -> tuple[float, str]:
    """What sorts builds by when it was finished: names tell seconds only, and a clock may have been set back."""
    try:
        return (folder / MANIFEST).stat().st_mtime, folder.name
    except OSError:
        return folder.stat().st_mtime, folder.name


def remove_cut_off(index: Path) -> None:
    """Remove builds without a manifest: who holds the index for writing knows that nobody is at work on them."""
    for folder in build_folders(index):
        if not (folder / MANIFEST).is_file() and folder.name != served_name(index):
            shutil.rmtree(folder)


def sweep(index: Path, *, refused: str | None = None) -> None:
    """Remove builds that were cut off, and all but the served one and the one before it (a chat may still be opening it).

    A build that the gate refused stays to be looked at until the next build: `refused` names the one of now.
    """
    served = served_name(index)
    folders = sorted((folder for folder in build_folders(index) if folder.name not in {served, refused}), key=build_age)
    fit = [folder for folder in folders if (folder / MANIFEST).is_file() and admitted(folder)]
    for folder in folders:
        if folder not in fit[-1:]:
            shutil.rmtree(folder)


def admitted(folder: Path) -> bool:
    """Whether no gate refuses the build in `folder`."""
    verdict = Verdict.read(folder)
    return verdict is None or verdict.admits
