"""The only owner of Chroma: passages, windows and titles of one build, written once, read whole.

Three collections: `passages` (text, fields as JSON, the vector of the whole), `windows` (a sentence of a passage, its vector)
and `titles` (a publication's title and headings that passages stand under, and its vector). Space `ip` on normalised
vectors: with `cosine` stored vectors come back changed in the last bits (chromadb 1.5.9).
Refused: what Chroma cannot write (BuildError) or read (IndexMismatch).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import chromadb
import numpy as np
from chromadb.config import Settings
from chromadb.errors import ChromaError
from numpy.typing import NDArray

from ingest.document import BlockKind, Passage, Span
from ingest.errors import BuildError, IndexMismatch

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection

_PASSAGES, _WINDOWS, _TITLES = "passages", "windows", "titles"
# The largest batch that chromadb 1.5.9 accepts is 5,461.
_BATCH = 5000

Vectors = NDArray[np.float32]
# The vectors of these keys, in their order, shape (n, d).
VectorsOf = Callable[[Sequence[str]], Vectors]


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A stretch of a passage, embedded on its own: `span` in the document's text, `key` the hash of what was embedded."""

    passage_id: str
    span: Span
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """The title field of one passage or of many, embedded once: `key` is the hash of `text`."""

    text: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What is stored, each with the hash of what was embedded for it; no two titles are the same."""

    passages: tuple[Passage, ...]
    passage_keys: tuple[str, ...]
    windows: tuple[Window, ...]
    titles: tuple[Title, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored(Contents):
    """All that a build's store holds. Vectors are (n, d), row i belonging to item i."""

    passage_vectors: Vectors
    window_vectors: Vectors
    title_vectors: Vectors

    def vectors(self) -> dict[str, Vectors]:
        """By the hash of what was embedded."""
        embedded = (
            (self.passage_keys, self.passage_vectors),
            ([window.key for window in self.windows], self.window_vectors),
            ([title.key for title in self.titles], self.title_vectors),
        )
        return {key: vector for keys, found in embedded for key, vector in zip(keys, found, strict=True)}


@contextmanager
def _client(folder: Path) -> Iterator[Client]:
    settings = Settings(anonymized_telemetry=False, is_persistent=True, persist_directory=str(folder))
    client = cast("Client", chromadb.PersistentClient(path=str(folder), settings=settings))
    try:
        yield client
    finally:
        client.close()


def write_store(folder: Path, contents: Contents, vectors: VectorsOf) -> None:
    """Write a new store into `folder`, which must not hold one, batch by batch. Raises BuildError when Chroma cannot."""
    try:
        with _client(folder) as client:
            _add_passages(_new_collection(client, _PASSAGES), contents.passages, contents.passage_keys, vectors)
            _add_windows(_new_collection(client, _WINDOWS), contents.windows, vectors)
            _add_titles(_new_collection(client, _TITLES), contents.titles, vectors)
    except ChromaError as error:
        raise BuildError(f"{folder}: the store cannot be written: {error} (is there room on the disk?)") from error


def read_store(folder: Path) -> Stored:
    """All that the store in `folder` holds, in the order in which it was written. Raises IndexMismatch when damaged."""
    try:
        _check_database(folder / "chroma.sqlite3")
        return _read(folder)
    except (ChromaError, sqlite3.Error, ValueError, KeyError, TypeError, OSError) as error:
        message = f"{folder}: the store cannot be read: {error} (is the folder writable? else: python -m ingest build)"
        raise IndexMismatch(message) from error


def _check_database(path: Path) -> None:
    """A damaged database aborts the whole process inside Chroma (1.5.9), so it is looked through first: 0.1 s for 120 MB."""
    if not path.is_file():  # Chroma would make one
        raise FileNotFoundError(f"no {path.name}")
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
        (found,) = database.execute("PRAGMA integrity_check(1)").fetchone()
    if found != "ok":
        raise ValueError(f"{path.name} is damaged: {found}")


def _read(folder: Path) -> Stored:
    with _client(folder) as client:
        passages = sorted(_rows(client, _PASSAGES), key=lambda row: cast("int", row[1]["order"]))
        windows = sorted(_rows(client, _WINDOWS), key=lambda row: row[0])
        titles = sorted(_rows(client, _TITLES), key=lambda row: row[0])
    return Stored(
        passages=tuple(_from_json(identifier, text, meta["fields"]) for identifier, meta, text, _ in passages),
        passage_keys=tuple(meta["key"] for _, meta, _, _ in passages),
        passage_vectors=_matrix(vector for *_, vector in passages),
        windows=tuple(
            Window(passage_id=meta["passage"], span=Span(meta["start"], meta["end"]), key=meta["key"])
            for _, meta, _, _ in windows
        ),
        window_vectors=_matrix(vector for *_, vector in windows),
        titles=tuple(Title(text=text, key=meta["key"]) for _, meta, text, _ in titles),
        title_vectors=_matrix(vector for *_, vector in titles),
    )


def _new_collection(client: Client, name: str) -> Collection:
    # embedding_function=None: Chroma's default is an English model that it would download.
    return client.create_collection(name, embedding_function=None, configuration={"hnsw": {"space": "ip"}})


def _add_passages(collection: Collection, passages: Sequence[Passage], keys: Sequence[str], vectors: VectorsOf) -> None:
    for start in range(0, len(passages), _BATCH):
        batch, batch_keys = passages[start : start + _BATCH], keys[start : start + _BATCH]
        collection.add(
            ids=[passage.id for passage in batch],
            embeddings=vectors(batch_keys),
            documents=[passage.text for passage in batch],
            metadatas=[
                {"order": start + number, "key": key, "fields": _to_json(passage)}
                for number, (passage, key) in enumerate(zip(batch, batch_keys, strict=True))
            ],
        )


def _add_windows(collection: Collection, windows: Sequence[Window], vectors: VectorsOf) -> None:
    for start in range(0, len(windows), _BATCH):
        batch = windows[start : start + _BATCH]
        collection.add(
            ids=[f"{start + number:08d}" for number in range(len(batch))],
            embeddings=vectors([window.key for window in batch]),
            metadatas=[
                {"passage": w.passage_id, "start": w.span.start, "end": w.span.end, "key": w.key} for w in batch
            ],
        )


def _add_titles(collection: Collection, titles: Sequence[Title], vectors: VectorsOf) -> None:
    for start in range(0, len(titles), _BATCH):
        batch = titles[start : start + _BATCH]
        collection.add(
            ids=[f"{start + number:08d}" for number in range(len(batch))],
            embeddings=vectors([title.key for title in batch]),
            documents=[title.text for title in batch],
            metadatas=[{"key": title.key} for title in batch],
        )


def _rows(client: Client, name: str) -> Iterable[tuple[str, dict[str, Any], str, Vectors]]:
    collection = client.get_collection(name, embedding_function=None)
    for offset in range(0, collection.count(), _BATCH):
        page = collection.get(limit=_BATCH, offset=offset, include=["embeddings", "metadatas", "documents"])
        # What was asked for in `include` is there; the type of the answer cannot say so.
        metadatas, documents = page["metadatas"] or (), page["documents"] or ()
        vectors = np.asarray(page["embeddings"], dtype=np.float32)
        for identifier, meta, text, vector in zip(page["ids"], metadatas, documents, vectors, strict=True):
            yield identifier, dict(meta), text or "", vector


def _matrix(vectors: Iterable[Vectors]) -> Vectors:
    rows = list(vectors)
    return np.stack(rows) if rows else np.zeros((0, 0), dtype=np.float32)


def _to_json(passage: Passage) -> str:
    fields = asdict(passage)
    del fields["id"], fields["text"]
    return json.dumps(fields, ensure_ascii=False)


def _from_json(identifier: str, text: str, fields: str) -> Passage:
    row = json.loads(fields)
    for name in ("sentences", "doubtful"):
        row[name] = tuple(Span(*pair) for pair in row[name])
    for name in ("headings", "links", "territories", "actors", "also_in"):
        row[name] = tuple(row[name])
    row["kind"] = BlockKind(row["kind"])
    return Passage(id=identifier, text=text, **row)
