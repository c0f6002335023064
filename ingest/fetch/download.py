"""One address -> its bytes in a file beside where they will stay, gone on with after a break where the site lets us.

In: an address and the name of a partial file. Out: what was answered; with status 200 the partial file is whole and on disk.
Beside it stands, until then, by what to know the same bytes again (a strong ETag, or a date that is old enough): a later try,
or a later run, asks for the rest of exactly these (Range, If-Range; RFC 9110, 13.1.5) and starts anew where they changed.
Refused (FetchError): more bytes than the settings allow, a disk that takes no more.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

from ingest.fetch.client import Answer, Client
from ingest.fetch.errors import FetchError, Temporary
from ingest.fetch.urls import shown

CONTENT_RANGE = re.compile(r"bytes ([0-9]{1,15})-[0-9]{1,15}/([0-9]{1,15}|\*)", re.ASCII)
# Within this time a file may change twice and keep its date (RFC 9110, 8.8.2.2).
DATE_IS_OLD = timedelta(seconds=60)
SHOWABLE = re.compile(r"[!-~](?:[ -~]{0,498}[!-~])?")  # what may be kept in a catalogue and sent back as a header


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What came of it: `url` after redirects, and what the site says of the bytes, None where it says nothing usable."""

    url: str
    status: int
    media_type: str | None = None
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Begun:
    """Bytes that are there already, and by what the site knows them."""

    length: int
    validator: str


def download(client: Client, url: str, part: Path, *, conditions: Mapping[str, str]) -> Received:
    """Ask for `url` under `conditions` (headers such as If-None-Match), the body into `part`. Raises FetchError."""

    def attempt() -> Received:
        begun = _begun(part, url)
        headers = dict(conditions)
        if begun is not None:
            headers |= {"Range": f"bytes={begun.length}-", "If-Range": begun.validator}
        with client.ask(url, headers=headers) as answer:
            return _taken(answer, url, part, begun, client.settings.max_bytes)

    return client.retried(attempt)


def discard(part: Path) -> None:
    """Remove a partial file and what stands beside it. Raises FetchError."""
    try:
        part.unlink(missing_ok=True)
        _note(part).unlink(missing_ok=True)
    except OSError as error:
        raise FetchError(f"{part}: {error.strerror}") from error


def usable(value: object) -> str | None:
    """A header's value where it can be kept and sent back as it is."""
    return value if isinstance(value, str) and SHOWABLE.fullmatch(value) else None


def _taken(answer: Answer, url: str, part: Path, begun: _Begun | None, max_bytes: int) -> Received:
    if begun is not None and answer.status in {206, 416}:
        total = _total_of_rest(answer, begun)
        if total is None:  # another range or other bytes than were asked for
            discard(part)
            raise Temporary(f"{shown(answer.url)} cannot go on after {begun.length:,} bytes", wait=0)
        _save(answer, part, had=begun.length, max_bytes=max_bytes)
        _check_total(answer, part, total)
    elif answer.status == 200:
        _remember(answer, url, part)
        _save(answer, part, had=0, max_bytes=max_bytes)
    else:
        discard(part)
        return Received(url=answer.url, status=answer.status)
    return Received(
        url=answer.url,
        status=200,
        media_type=answer.headers.get("content-type"),
        etag=usable(answer.headers.get("etag")),
        last_modified=usable(answer.headers.get("last-modified")),
    )


def _save(answer: Answer, part: Path, *, had: int, max_bytes: int) -> None:
    """The body at the end of the `had` bytes that are there. What is too big, or fills the disk, is not kept."""
    try:
        with part.open("ab" if had else "wb") as file:
            for piece in answer.pieces(max_bytes=max_bytes, had=had):
                file.write(piece)
                file.flush()  # what has arrived is there to be gone on with when the process is killed
            os.fsync(file.fileno())
    except Temporary:
        raise
    except FetchError:
        discard(part)
        raise
    except OSError as error:
        discard(part)
        raise FetchError(f"{part}: not written: {error.strerror}") from error


def _total_of_rest(answer: Answer, begun: _Begun) -> str | None:
    """The size of the whole as a 206 gives it ("*" where it does not know), None where it is not the rest we asked for."""
    said = CONTENT_RANGE.fullmatch(answer.headers.get("content-range", ""))
    tag = answer.headers.get("etag")
    other = tag is not None and begun.validator.startswith('"') and tag != begun.validator
    if answer.status != 206 or answer.encoded or other or said is None or int(said[1]) != begun.length:
        return None
    return said[2]


def _check_total(answer: Answer, part: Path, total: str) -> None:
    size = part.stat().st_size
    if total == "*" or size == int(total):
        return
    if size > int(total):
        discard(part)
    raise Temporary(f"{shown(answer.url)}: {size:,} bytes came, {total} were announced")


def _remember(answer: Answer, url: str, part: Path) -> None:
    """Note by what these bytes are known, or that nothing is: then a break means to start anew."""
    validator = _validator(answer.headers)
    try:
        _note(part).unlink(missing_ok=True)
        part.write_bytes(b"")  # before the note: it must never stand beside bytes of another answer
        if validator is not None and not answer.encoded:
            _note(part).write_text(json.dumps({"url": url, "validator": validator}), encoding="ascii")
    except OSError as error:
        raise FetchError(f"{part}: not written: {error.strerror}") from error


def _validator(headers: Mapping[str, str]) -> str | None:
    tag = usable(headers.get("etag"))
    if tag is not None:
        return tag if tag.startswith('"') else None
    modified = usable(headers.get("last-modified"))
    try:
        age = parsedate_to_datetime(headers["date"]) - parsedate_to_datetime(modified or "")
    except (KeyError, ValueError, TypeError, OverflowError):  # no date, no date that is one, or dates of two kinds
        return None
    return modified if age >= DATE_IS_OLD else None


def _begun(part: Path, url: str) -> _Begun | None:
    try:
        note = json.loads(_note(part).read_text(encoding="ascii"))
        length = part.stat().st_size
    except (OSError, ValueError):
        return None
    if not length or not isinstance(note, dict) or note.get("url") != url:
        return None
    validator = usable(note.get("validator"))
    return None if validator is None else _Begun(length=length, validator=validator)


def _note(part: Path) -> Path:
    return part.with_name(f"{part.name}.json")
