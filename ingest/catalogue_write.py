"""Changes to a catalogue, made so that nothing else in it changes and nobody's work is lost.

In: a corpus folder, and what a line shall say. Out: the same `catalogue.jsonl` with the values of some keys replaced, added
or removed, or with new lines at its end; all other lines, keys, their order and white space stay byte for byte as they were.
Writers wait for each other (a lock on the folder itself), the file is renamed into place whole, and what an editor saves in
the meantime is read again before anything is written over it. Refused (CatalogueError): a line that is not there, an id that
is there already, a line that the catalogue's rules refuse, a folder that cannot be written to.
"""

from __future__ import annotations

import codecs
import fcntl
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ingest.catalogue import CATALOGUE_NAME, JsonObject, line_faults, parse_line
from ingest.errors import CatalogueError

SAVED_MEANWHILE = 20  # times that a file changed under our hands is read again before we say so
SPACE = re.compile(r"[ \t\r\n]*")

# From what a line says now to the keys that shall change; None removes a key.
Edit = Callable[[JsonObject], Mapping[str, object]]


def find_line(corpus: Path, identifier: str) -> JsonObject | None:
    """What the line of this id says: the first without faults, as `load_catalogue` takes it. Raises CatalogueError."""
    found = _found(_read(corpus / CATALOGUE_NAME).split(b"\n"), identifier, corpus)
    return None if found is None else found[1]


def edit_line(corpus: Path, identifier: str, edit: Edit) -> bool:
    """Change the line of this id as `edit` says of what it says now; whether anything had to be written.

    Raises CatalogueError where there is no such line, or the changed one would be refused.
    """

    def rewritten(data: bytes) -> bytes:
        lines = data.split(b"\n")
        found = _found(lines, identifier, corpus)
        if found is None:
            raise CatalogueError(f'{corpus / CATALOGUE_NAME}: no good line has the "id" {identifier!r}')
        number, line = found
        changes = {key: value for key, value in edit(line).items() if line.get(key) != value}
        _refuse_faults({**line, **changes}, corpus, f"{corpus / CATALOGUE_NAME}:{number + 1}")
        lines[number] = changed_line(lines[number], changes)
        return b"\n".join(lines)

    return _rewrite(corpus, rewritten)


def append_lines(corpus: Path, lines: Sequence[JsonObject]) -> None:
    """Add lines at the end, all or none. Raises CatalogueError where an id is there already or a line is not good."""
    for line in lines:
        _refuse_faults(line, corpus, f"{corpus / CATALOGUE_NAME}: a new line")

    def rewritten(data: bytes) -> bytes:
        known = {identifier for raw in data.split(b"\n") if (identifier := _id(raw)) is not None}
        for line in lines:
            if line["id"] in known:
                raise CatalogueError(f'{corpus / CATALOGUE_NAME}: the "id" {line["id"]!r} is there already')
            known.add(str(line["id"]))
        new = b"".join(json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in lines)
        return data + (b"\n" if data and new and not data.endswith(b"\n") else b"") + new

    _rewrite(corpus, rewritten)


def changed_line(raw: bytes, changes: Mapping[str, object]) -> bytes:
    """A line that `parse_line` takes, with some values replaced, added at its end, or removed (None)."""
    mark = codecs.BOM_UTF8 if raw.startswith(codecs.BOM_UTF8) else b""
    text = raw.removeprefix(mark).decode()
    for key, value in changes.items():
        text = _without(text, key) if value is None else _with(text, key, json.dumps(value, ensure_ascii=False))
    return mark + text.encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Member:
    """One key of an object and its value, by their places in the line's text."""

    key: str
    start: int
    value: int
    end: int


def _members(text: str) -> list[_Member]:
    """The outermost keys of the object that is the whole of `text`, in order."""
    found: list[_Member] = []
    decoder = json.JSONDecoder()
    at = _skip(text, _skip(text, 0) + 1)  # after "{"
    while text[at] != "}":
        start = at
        key, at = decoder.raw_decode(text, start)
        value = _skip(text, _skip(text, at) + 1)  # after ":"
        _, end = decoder.raw_decode(text, value)
        found.append(_Member(key=key, start=start, value=value, end=end))
        at = _skip(text, end)
        if text[at] == ",":
            at = _skip(text, at + 1)
    return found


def _skip(text: str, at: int) -> int:
    space = SPACE.match(text, at)
    return at if space is None else space.end()


def _with(text: str, key: str, value: str) -> str:
    members = _members(text)
    for member in members:
        if member.key == key:
            return text[: member.value] + value + text[member.end :]
    new = f"{json.dumps(key, ensure_ascii=False)}: {value}"
    if not members:
        raise ValueError("a line without any key has no id to be found by")
    end = members[-1].end
    return f"{text[:end]}, {new}{text[end:]}"


def _without(text: str, key: str) -> str:
    members = _members(text)
    for index, member in enumerate(members):
        if member.key != key:
            continue
        if index:  # with the comma before it
            return text[: members[index - 1].end] + text[member.end :]
        following = members[1].start if len(members) > 1 else member.end
        return text[: member.start] + text[following:]
    return text


def _found(lines: Sequence[bytes], identifier: str, corpus: Path) -> tuple[int, JsonObject] | None:
    for number, raw in enumerate(lines):
        if _id(raw) == identifier:
            line = parse_line(raw.removeprefix(codecs.BOM_UTF8))
            if not any(line_faults(line, corpus)):
                return number, line
    return None


def _id(raw: bytes) -> str | None:
    """The id that a line gives, None where it gives none or is no JSON object: such lines are left as they are."""
    try:
        identifier = parse_line(raw.removeprefix(codecs.BOM_UTF8)).get("id")
    except ValueError:
        return None
    return identifier if isinstance(identifier, str) else None


def _refuse_faults(line: JsonObject, corpus: Path, where: str) -> None:
    present = {key: value for key, value in line.items() if value is not None}
    faults = "; ".join(line_faults(present, corpus))
    if faults:
        raise CatalogueError(f"{where}: not written: {faults}")


def _rewrite(corpus: Path, rewritten: Callable[[bytes], bytes]) -> bool:
    """Put `rewritten(bytes now)` in the catalogue's place; whether that was anything new."""
    # A symbolic link stays one: what it leads to is replaced.
    path = (corpus / CATALOGUE_NAME).resolve()
    with _locked(path.parent):
        for _ in range(SAVED_MEANWHILE):
            before = _read(path)
            after = rewritten(before)
            if after == before:
                return False
            if _replaced(path, before, after):
                return True
    raise CatalogueError(f"{path}: changes while it is written to; nothing was written (try again)")


def _replaced(path: Path, before: bytes, after: bytes) -> bool:
    """Whether the file still was `before`, and is `after` now."""
    temporary = path.with_name(f".{path.name}.new")  # one name for all: the lock lets one writer in
    try:
        with temporary.open("wb") as file:
            file.write(after)
            file.flush()
            os.fsync(file.fileno())
        shutil.copymode(path, temporary)
        if path.read_bytes() != before:
            return False
        temporary.replace(path)
    except OSError as error:
        raise CatalogueError(f"{path}: not written: {error.strerror}; it is as it was") from error
    finally:
        temporary.unlink(missing_ok=True)
    return True


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CatalogueError(f"{path}: {error.strerror} (a corpus is a folder with a {CATALOGUE_NAME})") from error


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Alone among those who write here, other processes included; the lock goes with the process that holds it."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise CatalogueError(f"{folder}: {error.strerror} (a corpus is a folder with a {CATALOGUE_NAME})") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
