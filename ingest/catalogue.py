"""A corpus folder -> its Publications and the Problems of its catalogue.

In comes a folder with a `catalogue.jsonl` (one JSON object a line, UTF-8, blank lines skipped, a byte-order mark
tolerated). Out go the publications in the catalogue's order, each with what `corpus/catalogue.schema.json` and the
checks below guarantee, and every fault of every other line, all at once: a bad line never stops the others.
Whether a publication's file exists is not asked here, nor whether `access` lets it be indexed: both are the build's.
Refused (CatalogueError): a folder without a catalogue that can be read.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

from jsonschema import Draft202012Validator

from ingest.document import Publication
from ingest.errors import CatalogueError

CATALOGUE_NAME = "catalogue.jsonl"
# The contract is ours, whatever folder is read: the schema does not travel with the corpus.
SCHEMA_PATH = Path(__file__).resolve().parent.parent / "corpus" / "catalogue.schema.json"
SHOWN_VALUE = 80  # code points of a wrong value that a message repeats: enough to find it, short enough for a line

# What a JSON string may escape and no UTF-8 file can hold: it would stop the build where the text is written.
HALF_CHARACTER = re.compile("[\ud800-\udfff]")

JsonObject = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One fault of one line. `line` counts from 1; `id` is the line's own, None where it has none to go by.

    `message` is whole: `corpus/catalogue.jsonl:17: "date" is "mars", expected YYYY, YYYY-MM or YYYY-MM-DD`.
    """

    line: int
    id: str | None
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """What a catalogue says: publications with distinct ids, and what is wrong with the lines that gave none."""

    publications: tuple[Publication, ...]
    problems: tuple[Problem, ...]


def load_catalogue(corpus: Path) -> Catalogue:
    """Everything that `corpus/catalogue.jsonl` says, and everything that is wrong with it. Raises CatalogueError."""
    path = corpus / CATALOGUE_NAME
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CatalogueError(f"{path}: {error.strerror} (a corpus is a folder with a {CATALOGUE_NAME})") from error
    publications: list[Publication] = []
    lines_by_id: dict[str, int] = {}
    problems: list[Problem] = []
    for number, raw in _lines(data):
        identifier, publication, faults = _read_line(raw, corpus)
        if publication is not None and publication.id in lines_by_id:
            kept = lines_by_id[publication.id]
            faults = [f'"id" is {_shown(identifier)}, the id of line {kept} already, which is kept']
        elif publication is not None:
            lines_by_id[publication.id] = number
            publications.append(publication)
        problems += [Problem(line=number, id=identifier, message=f"{path}:{number}: {fault}") for fault in faults]
    return Catalogue(publications=tuple(publications), problems=tuple(problems))


def parse_line(raw: bytes) -> JsonObject:
    """The JSON object on one line. ValueError says what is there instead; a key given twice and NaN are refused too."""
    try:
        line = json.loads(raw.decode("utf-8"), object_pairs_hook=_unique_keys, parse_constant=_no_constant)
        half = HALF_CHARACTER.search(json.dumps(line, ensure_ascii=False))
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8: byte {error.start + 1} of the line is 0x{raw[error.start]:02x}") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg} at column {error.colno}") from None
    except RecursionError:
        raise ValueError("not JSON that can be read: nested too deep") from None
    if not isinstance(line, dict):
        # ValueError, not TypeError: to the caller this is one more way of a line to be bad.
        raise ValueError(f"the line is {_shown(line)}, expected a JSON object {{...}}")  # noqa: TRY004
    if half is not None:
        raise ValueError(f"not text: \\u{ord(half[0]):04x} is half of a character, its other half is missing")
    return line


def line_faults(line: JsonObject, corpus: Path) -> Iterator[str]:
    """What is wrong with a line, in plain sentences: what the schema refuses, then what a schema cannot say."""
    schema = _schema()
    for key in schema.required:
        if key not in line:
            yield f'"{key}" is missing, expected {schema.expected[key]}'
    if line.get("url") is None and line.get("file") is None:
        yield '"url" and "file" are missing, expected one of them at least'
    wrong = {str(error.absolute_path[0]) for error in schema.validator.iter_errors(line) if error.absolute_path}
    for key in sorted(wrong):
        yield f'"{key}" is {_shown(line[key])}, expected {schema.expected[key]}'
    rest = {key: value for key, value in line.items() if key not in wrong}
    for key, fault in _faults_beyond_schema(rest, corpus):
        yield f'"{key}" is {_shown(line[key])}, {fault}'


@dataclass(frozen=True, slots=True, kw_only=True)
class _Schema:
    """The contract of a line; `expected` gives, for each key, the words of a message."""

    validator: Draft202012Validator
    required: tuple[str, ...]
    expected: dict[str, str]


@cache
def _schema() -> _Schema:
    schema = json.loads(SCHEMA_PATH.read_text(encoding="utf-8"))
    return _Schema(
        validator=Draft202012Validator(schema),
        required=tuple(schema["required"]),
        expected={key: rule["description"] for key, rule in schema["properties"].items()},
    )


def _lines(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Numbered lines that are not blank. Only a line feed ends one: JSON may hold the other separators unescaped."""
    for number, raw in enumerate(data.removeprefix(codecs.BOM_UTF8).split(b"\n"), start=1):
        if raw.strip():
            yield number, raw


def _read_line(raw: bytes, corpus: Path) -> tuple[str | None, Publication | None, list[str]]:
    """The line's id where it has one, and its publication or else its faults."""
    try:
        line = parse_line(raw)
    except ValueError as error:
        return None, None, [str(error)]
    faults = list(line_faults(line, corpus))
    return _optional_text(line, "id"), None if faults else _publication(line), faults


def _publication(line: JsonObject) -> Publication:
    """The value of a line without faults. What the line lacks takes the field's default, `access` included."""
    return Publication(
        id=_text(line, "id"),
        title=_text(line, "title"),
        publisher=_text(line, "publisher"),
        url=_optional_text(line, "url"),
        file=_optional_text(line, "file"),
        media_type=_optional_text(line, "media_type"),
        date=_optional_text(line, "date"),
        language=_optional_text(line, "language"),
        licence=_optional_text(line, "licence"),
        themes=tuple(str(theme) for theme in _list(line, "themes")),
        access=_text(line, "access") if "access" in line else "public",
        page_starts=_integers(line, "page_starts"),
        series=_optional_text(line, "series"),
        sha256=_optional_text(line, "sha256"),
    )


def _faults_beyond_schema(line: JsonObject, corpus: Path) -> Iterator[tuple[str, str]]:
    """Keys whose value has the right form and is wrong all the same, each with what is wrong."""
    day, url, file = (_optional_text(line, key) for key in ("date", "url", "file"))
    if day is not None and not _in_calendar(day):
        yield "date", f"which the calendar does not have, expected {_schema().expected['date']}"
    if url is not None and not _has_host(url):
        yield "url", "which names no host"
    if file is not None and (fault := _file_fault(file, corpus)):
        yield "file", fault
    if any(before >= after for before, after in pairwise(_integers(line, "page_starts"))):
        yield "page_starts", f"expected {_schema().expected['page_starts']}"


def _in_calendar(day: str) -> bool:
    year, month, day_of_month = [*(int(part) for part in day.split("-")), 1, 1][:3]
    try:
        date(year, month, day_of_month)
    except ValueError:
        return False
    return True


def _has_host(url: str) -> bool:
    try:
        return bool(urlsplit(url).hostname)
    except ValueError:
        return False


def _file_fault(file: str, corpus: Path) -> str | None:
    """Symbolic links are followed: one inside the folder that leads out of it is outside."""
    try:
        inside = (corpus / file).resolve().is_relative_to(corpus.resolve())
    except (OSError, RuntimeError):  # RuntimeError: what Python before 3.13 raises for links that lead in a circle
        return "a path that cannot be followed"
    return None if inside else f"outside the folder, expected {_schema().expected['file']}"


def _text(line: JsonObject, key: str) -> str:
    value = line[key]
    if not isinstance(value, str):
        raise TypeError(f"{key} is {value!r}, expected a string: line_faults should have said so")
    return value


def _optional_text(line: JsonObject, key: str) -> str | None:
    value = line.get(key)
    return value if isinstance(value, str) else None


def _list(line: JsonObject, key: str) -> list[object]:
    value = line.get(key)
    return value if isinstance(value, list) else []


def _integers(line: JsonObject, key: str) -> tuple[int, ...]:
    """JSON has no integers of its own: 18.0 is as whole as 18, for the schema and here."""
    return tuple(int(value) for value in _list(line, key) if isinstance(value, int | float))


def _shown(value: object) -> str:
    """A wrong value as the line has it, cut when long."""
    try:
        text = json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return "nested too deep"
    return text if len(text) <= SHOWN_VALUE else f"{text[:SHOWN_VALUE]}..."


def _unique_keys(pairs: list[tuple[str, object]]) -> JsonObject:
    line = dict(pairs)
    if len(line) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {_shown(twice)} is given twice")
    return line


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
