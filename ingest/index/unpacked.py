"""Folders made once and kept: each is written aside, carries the checksums of its files, and appears by a rename.

In: a cache folder, a name, a function that fills a folder. Out: the folder's path, its files as they were made.
Refused: nothing; a folder that does not agree with its checksums is made again, and what a killed maker left behind is
removed. Several processes may ask at once: one makes, the others wait for it.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CHECKSUMS = "checksums.json"


def made_once(cache: Path, name: str, make: Callable[[Path], None], *, fully: bool = False) -> Path:
    """`cache/name`, filled by `make` unless it is there and whole.

    A file counts as whole while size and modification time are those recorded when its checksum was; otherwise, or when
    `fully`, its bytes are read. The common case costs a few `stat` calls.
    """
    folder = cache / name
    if not fully and _stamps_agree(folder):
        return folder
    with _locked(cache, name):
        if _checksums_agree(folder):
            return folder
        for leftover in cache.glob(f".{name}.*.part"):
            shutil.rmtree(leftover)
        aside = Path(tempfile.mkdtemp(prefix=f".{name}.", suffix=".part", dir=cache))
        make(aside)
        _write_record(aside)
        if folder.exists():
            shutil.rmtree(folder)
        aside.chmod(0o755)  # mkdtemp makes it private; the cache may be filled by one account and read by another
        aside.rename(folder)
    return folder


def sha256_of(path: Path) -> str:
    """The file's SHA-256 in hexadecimal, read in pieces."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def remembered_sha256(path: Path, note: Path) -> str:
    """The SHA-256 of `path`, read again only when its size or modification time is not the one noted beside it."""
    try:
        noted = json.loads(note.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        noted = None
    stamp = _stamp(path)
    if isinstance(noted, dict) and noted == stamp | {"sha256": noted.get("sha256")}:
        return str(noted["sha256"])
    digest = sha256_of(path)
    _write_json(note, stamp | {"sha256": digest})
    return digest


@contextmanager
def _locked(cache: Path, name: str) -> Iterator[None]:
    """Hold `cache/.name.lock`; the kernel lets go of it when its holder dies."""
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / f".{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _files(folder: Path) -> list[Path]:
    """Everything but the record, and what a killed writer of the record left."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and CHECKSUMS not in path.name)


def _stamp(path: Path) -> dict[str, int]:
    status = path.stat()
    return {"size": status.st_size, "mtime_ns": status.st_mtime_ns}


def _write_record(folder: Path) -> None:
    """Record every file's stamp and checksum."""
    record = {
        path.relative_to(folder).as_posix(): _stamp(path) | {"sha256": sha256_of(path)} for path in _files(folder)
    }
    _write_json(folder / CHECKSUMS, record)


def _write_json(path: Path, value: dict[str, Any]) -> None:
    """Write beside and rename, so that nobody reads half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.parent / f".{path.name}.{os.getpid()}"
    aside.write_text(json.dumps(value, indent=1), encoding="utf-8")
    aside.replace(path)


def _read_record(folder: Path) -> dict[str, dict[str, Any]] | None:
    """What was recorded, or None when there is no record that names exactly the files that are there."""
    try:
        record = json.loads((folder / CHECKSUMS).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    names = {path.relative_to(folder).as_posix() for path in _files(folder)}
    well_formed = isinstance(record, dict) and all(isinstance(entry, dict) for entry in record.values())
    return record if well_formed and record.keys() == names else None


def _stamps_agree(folder: Path) -> bool:
    try:
        record = _read_record(folder)
        return record is not None and all(
            entry == _stamp(folder / name) | {"sha256": entry.get("sha256")} for name, entry in record.items()
        )
    except FileNotFoundError:  # another process is making it again at this very moment
        return False


def _checksums_agree(folder: Path) -> bool:
    """Whether every file has its recorded checksum; stamps that a copy or a restore changed are recorded anew."""
    record = _read_record(folder)
    if record is None or any(entry.get("sha256") != sha256_of(folder / name) for name, entry in record.items()):
        return False
    if not _stamps_agree(folder):
        _write_record(folder)
    return True
