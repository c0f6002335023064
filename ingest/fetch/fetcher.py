"""A catalogue's publications -> their files, and what their lines say of them.

In: a corpus folder, a client, ids or none for all. Out: one Outcome for each publication, as soon as it is known: fetched,
unchanged, gone, failed or left alone; `files/<id>.<ending>` and the line are written before the next is asked for, so that
what is finished stays finished. Left alone: lines that are not public, have no address, or whose file an editor gave (unless
named). Refused: a second fetch in the same corpus (FetchError), an id that no line has (UnknownId), a missing catalogue.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from ingest.catalogue import JsonObject, load_catalogue
from ingest.catalogue_write import edit_line, find_line
from ingest.errors import CatalogueError, IngestError
from ingest.fetch.client import Client
from ingest.fetch.download import Received, discard, download, usable
from ingest.fetch.errors import FetchError, UnknownId
from ingest.fetch.lock import only_fetcher
from ingest.fetch.media import kept_type
from ingest.fetch.stored import linked_documents, store
from ingest.fetch.urls import shown
from ingest.sniff import sniff

# Where Drupal, WordPress and the like send those who may not see a page.
_LOGIN = re.compile(r"/(wp-login\.php|log-?in|sign-?in|connexion|se-connecter)(/|$)", re.IGNORECASE)


class Status(StrEnum):
    """What became of one publication."""

    FETCHED = "fetched"
    UNCHANGED = "unchanged"
    GONE = "gone"
    FAILED = "failed"
    LEFT_ALONE = "left alone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one publication, and in `detail` where its file is, or why there is none; `notes` are for the editor."""

    id: str
    status: Status
    detail: str
    notes: tuple[str, ...] = ()


def fetch_publications(corpus: Path, client: Client, ids: Sequence[str] = ()) -> Iterator[Outcome]:
    """Fetch the publications with these ids, or all, in the catalogue's order. Raises UnknownId, FetchError, CatalogueError."""
    catalogue = load_catalogue(corpus)
    known = [publication.id for publication in catalogue.publications]
    if unknown := [identifier for identifier in ids if identifier not in known]:
        raise UnknownId(f"{corpus}: no good line of the catalogue has the id {', '.join(map(repr, unknown))}")
    with only_fetcher(corpus) as parts:
        _sweep(parts, known)
        for identifier in known:
            if identifier in ids or not ids:
                yield _outcome(corpus, client, parts / f"{identifier}.part", identifier, named=identifier in ids)
    if not ids:
        for problem in catalogue.problems:
            yield Outcome(id=problem.id or f"line {problem.line}", status=Status.FAILED, detail=problem.message)


def _sweep(parts: Path, known: Collection[str]) -> None:
    """Forget parts of publications that the catalogue no longer has."""
    for part in parts.glob("*.part"):
        if part.stem not in known:
            discard(part)


def _outcome(corpus: Path, client: Client, part: Path, identifier: str, *, named: bool) -> Outcome:
    try:
        # Read again, not taken from the start: a run over a whole catalogue takes as many seconds as it has lines.
        line = find_line(corpus, identifier)
        if line is None:
            return Outcome(id=identifier, status=Status.LEFT_ALONE, detail="its line was removed meanwhile")
        if reason := _left_alone(line, named=named):
            return Outcome(id=identifier, status=Status.LEFT_ALONE, detail=reason)
        return _fetch(corpus, client, part, line)
    except IngestError as error:
        return Outcome(id=identifier, status=Status.FAILED, detail=str(error))
    except OSError as error:
        return Outcome(id=identifier, status=Status.FAILED, detail=f"{error.filename or corpus}: {error.strerror}")


def _left_alone(line: JsonObject, *, named: bool) -> str | None:
    """Why a line is not fetched, if it is not."""
    access = line.get("access", "public")
    if access != "public":
        return f"access is {access!r}: only public publications are fetched"
    if line.get("url") is None:
        return "its line has no address"
    if line.get("file") is not None and "fetched" not in line and not named:
        return f"{line['file']} was given by an editor (name the id to fetch it all the same)"
    return None


def _fetch(corpus: Path, client: Client, part: Path, line: JsonObject) -> Outcome:
    identifier, url = str(line["id"]), str(line["url"])
    conditions = _conditions(corpus, line)
    received = download(client, url, part, conditions=conditions)
    if received.status == 304 and conditions:
        return Outcome(id=identifier, status=Status.UNCHANGED, detail=str(line["file"]))
    if received.status in {404, 410}:
        return _mark_gone(corpus, client, line, received.status)
    if received.status != 200:
        raise FetchError(f"{shown(received.url)} answers {received.status}, expected 200")
    try:
        return _keep(corpus, client, part, line, received)
    finally:
        discard(part)  # moved to its place, or refused


def _conditions(corpus: Path, line: JsonObject) -> Mapping[str, str]:
    """Headers of a conditional request, if the file that they speak of is here as it was fetched."""
    file = line.get("file")
    if not isinstance(file, str) or "gone" in line or line.get("sha256") != _sha256(corpus / file):
        return {}
    said = {"If-None-Match": usable(line.get("etag")), "If-Modified-Since": usable(line.get("last_modified"))}
    return {name: value for name, value in said.items() if value is not None}


def _keep(corpus: Path, client: Client, part: Path, line: JsonObject, received: Received) -> Outcome:
    """Move what was downloaded to its place and record it, unless it is what is there already."""
    identifier, url, file = str(line["id"]), str(line["url"]), line.get("file")
    _refuse_other_page(url, received.url)
    data = part.read_bytes()
    if not data:
        raise FetchError(f"{shown(received.url)} answers with nothing: 0 bytes")
    sha256 = hashlib.sha256(data).hexdigest()
    notes = [f"its address leads to {shown(received.url)}"] if _elsewhere(url, received.url) else []
    changes: dict[str, object] = {"etag": received.etag, "last_modified": received.last_modified, "gone": None}
    if isinstance(file, str) and line.get("sha256") == sha256 == _sha256(corpus / file):
        status = Status.UNCHANGED
    else:
        status = Status.FETCHED
        said = line.get("media_type")
        media_type = kept_type(
            sniff(data), said=said if isinstance(said, str) else None, declared=received.media_type, url=received.url
        )
        # Before anything is moved: a download may take minutes, in which an editor may have given a file of this name.
        _refuse_changed(line, find_line(corpus, identifier) or {})
        former, file = file, store(corpus, identifier, part, media_type)
        if former not in {None, file}:
            notes.append(f"its former file, {former}, stays until an editor removes it")
        kept = {"file": file, "media_type": media_type, "sha256": sha256}
        same = line.get("sha256") == sha256  # the file was lost or altered here, its content is of the day it was
        changes = kept | changes | ({} if same else {"fetched": f"{client.clock.now():%Y-%m-%d}"})
        if media_type == "text/html":
            notes += [f"its page links to {shown(link)}" for link in linked_documents(data, received.url)]
    _record(corpus, line, changes)
    return Outcome(id=identifier, status=status, detail=f"{file} ({len(data):,} bytes)", notes=tuple(notes))


def _refuse_other_page(asked: str, reached: str) -> None:
    """Sites send what they no longer show to their first page or a login, with status 200: that is not the publication."""
    before, after = urlsplit(asked), urlsplit(reached)
    if before.path == after.path:
        return
    if after.path in {"", "/"} and before.path not in {"", "/"} and not after.query:
        raise FetchError(f"{shown(asked)} leads to the site's first page, {shown(reached)}, and not to the publication")
    if _LOGIN.search(after.path):
        raise FetchError(f"{shown(asked)} leads to {shown(reached)}, a login, and not to the publication")


def _mark_gone(corpus: Path, client: Client, line: JsonObject, status: int) -> Outcome:
    since = line.get("gone") or f"{client.clock.now():%Y-%m-%d}"
    _record(corpus, line, {"gone": since})
    kept = "" if line.get("file") is None else f"; {line['file']} stays until an editor removes it"
    detail = f"{shown(str(line['url']))} answers {status}, first seen on {since}{kept}"
    return Outcome(id=str(line["id"]), status=Status.GONE, detail=detail)


def _record(corpus: Path, line: JsonObject, changes: Mapping[str, object]) -> None:
    """Change the line, unless what was fetched is no longer what it asks for. Raises CatalogueError."""

    def edit(now: JsonObject) -> Mapping[str, object]:
        _refuse_changed(line, now)
        return changes

    edit_line(corpus, str(line["id"]), edit)


def _refuse_changed(line: JsonObject, now: JsonObject) -> None:
    for key in ("url", "file"):
        if now.get(key) != line.get(key):
            raise CatalogueError(
                f'"{key}" of its line was changed while it was fetched; nothing is recorded (fetch it again)'
            )


def _elsewhere(asked: str, reached: str) -> bool:
    """Whether a redirect leads to another page, and not only from http to https."""
    return shown(asked).partition("://")[2].rstrip("/") != shown(reached).partition("://")[2].rstrip("/")


def _sha256(path: Path) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None
