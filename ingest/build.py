"""A corpus folder -> a build of the index that serves it.

Every publication is read on its own: one that cannot be read is listed with the reason (log and `<build>/report.json`) and
the build goes on. Vectors of unchanged texts are taken over from the build before. Refused: a corpus without catalogue
(CatalogueError), and one of which nothing can be read (BuildError); then nothing changes.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import numpy as np

from ingest.catalogue import load_catalogue
from ingest.document import Document
from ingest.errors import BuildError, IndexMismatch, IndexMissing
from ingest.index.analyser import ANALYSER
from ingest.index.builds import Manifest, current_build, only_builder, point_to, sweep, write_synced
from ingest.index.documents import write_documents
from ingest.index.index import Index, QueryEmbedder
from ingest.index.lexical import LexicalIndex
from ingest.index.store import Stored, Vectors, Window, read_store, write_store
from ingest.passages import collapse_copies, cut_passages
from ingest.read import Unread, read_all
from ingest.repair.lexicon import LEXICON
from ingest.territories import Gazetteer
from ingest.windows import cut_windows, embedded_text, indexed_text

# Data that every build carries for those who answer from it. A corpus may bring its own; otherwise the project's serves.
DATA_FILES = ("scope.json", "contacts.json", "territories.json")
# What every build has besides its manifest.
_PARTS = ("chroma", "lexical", "documents", "publications.json", *DATA_FILES)
PROJECT_CORPUS = Path(__file__).resolve().parent.parent / "corpus"

Log = Callable[[str], None]


class Embedder(QueryEmbedder, Protocol):
    """What building needs of an embedder."""

    @property
    def dimension(self) -> int:
        """Length of its vectors."""

    def encode_passages(self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None) -> Vectors:
        """Normalised vectors, shape (n, d), in the order of `texts`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stamp:
    """What names a build: its folder's name, when it was made, and the hash of what it was made from."""

    name: str
    created: datetime
    inputs: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildReport:
    """What a build made: counts, vectors embedded anew and taken over, and what was left out."""

    build: str
    publications: int
    passages: int
    windows: int
    embedded: int
    reused: int
    unread: tuple[Unread, ...]


def build_index(
    corpus: Path, index: Path, embedder: Embedder, *, log: Log = lambda _line: None, now: datetime | None = None
) -> BuildReport:
    """Build from `corpus` into a new folder of `index` and serve it. Raises CatalogueError, BuildError."""
    documents, unread = read_all(corpus, load_catalogue(corpus))
    for entry in unread:
        log(f"not in the index: {entry.publication or '?'}: {entry.reason}")
    if not documents:
        raise BuildError(f"{corpus}: none of {len(unread)} publications could be read; nothing was built")
    inputs = inputs_hash(corpus, embedder.identity)
    created = now or datetime.now(UTC)
    with only_builder(index):
        name = _free_name(index, f"{created:%Y%m%dT%H%M%SZ}-{inputs[:8]}")
        stored, reused = _embed(corpus, documents, embedder, _old_vectors(index, embedder.identity), log)
        report = _report(name, documents, stored, reused, unread)
        stamp = _Stamp(name=name, created=created, inputs=inputs)
        _write(index / name, corpus, documents, stored, report)
        _manifest(stamp, report, embedder).write(index / name)
        Index.open_build(index / name, embedder)
        point_to(index, name)
        sweep(index)
    return report


def is_stale(corpus: Path, index: Path, embedder_identity: str) -> bool:
    """Whether `index` serves no build of this corpus by this code and this embedder."""
    try:
        folder = current_build(index)
        whole = all((folder / part).exists() for part in _PARTS)
        return not whole or Manifest.read(folder).inputs != inputs_hash(corpus, embedder_identity)
    except (IndexMissing, IndexMismatch):
        return True


def inputs_hash(corpus: Path, embedder_identity: str) -> str:
    """SHA-256 over all that a build depends on: corpus files, the code of `ingest`, the embedder. Takes milliseconds."""
    digest = hashlib.sha256(f"{embedder_identity}\n{ANALYSER}\n".encode())
    package = Path(__file__).parent
    code = sorted(path for path in package.rglob("*") if path.suffix in {".py", ".aff", ".dic"})
    data = [_data_file(corpus, name) for name in DATA_FILES]
    named = [corpus / p.file for p in load_catalogue(corpus).publications if p.file]
    words = [LEXICON, PROJECT_CORPUS / "catalogue.schema.json"]
    for path in [*code, corpus / "catalogue.jsonl", *words, *data, *named]:
        content = path.read_bytes() if path.is_file() else b""
        digest.update(f"{path.name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def _embed(
    corpus: Path, documents: Sequence[Document], embedder: Embedder, old: Mapping[str, Vectors], log: Log
) -> tuple[Stored, int]:
    """Passages and windows with their vectors, those of unchanged texts taken from `old`; and how many were."""
    gazetteer = Gazetteer.load(_data_file(corpus, "territories.json"))
    passages = collapse_copies(passage for document in documents for passage in cut_passages(document, gazetteer))
    windows = [(passage, span) for passage in passages for span in cut_windows(passage)]
    titles = _titles(documents)
    texts = [embedded_text(titles[p.publication_id], p) for p in passages]
    texts += [embedded_text(titles[p.publication_id], p, span) for p, span in windows]
    keys = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
    new = {key: text for key, text in zip(keys, texts, strict=True) if key not in old}
    log(f"embedding {len(new)} texts, {len(set(keys)) - len(new)} taken over from the build before")
    fresh = (
        embedder.encode_passages(list(new.values()), progress=_progress(len(new), log))
        if new
        else np.zeros((0, embedder.dimension), np.float32)
    )
    known = {**old, **dict(zip(new, fresh, strict=True))}
    vectors = np.stack([known[key] for key in keys])
    count = len(passages)
    stored = Stored(
        passages=passages,
        passage_keys=tuple(keys[:count]),
        passage_vectors=vectors[:count],
        windows=tuple(
            Window(passage_id=passage.id, span=span, key=key)
            for (passage, span), key in zip(windows, keys[count:], strict=True)
        ),
        window_vectors=vectors[count:],
    )
    return stored, sum(key in old for key in keys)


def _progress(total: int, log: Log) -> Callable[[int], None]:
    """Tells `log` at each tenth of a long job; short ones stay silent."""
    step = max(total // 10, 500)
    told = 0

    def progress(done: int) -> None:
        nonlocal told
        if done - told >= step:
            told = done
            log(f"{done} of {total} texts embedded")

    return progress


def _write(folder: Path, corpus: Path, documents: Sequence[Document], stored: Stored, report: BuildReport) -> None:
    """Everything of a build but its manifest, which comes last."""
    titles = _titles(documents)
    folder.mkdir()
    write_store(folder / "chroma", stored)
    indexed = [indexed_text(titles[passage.publication_id], passage) for passage in stored.passages]
    LexicalIndex.build(indexed).save(folder / "lexical")
    write_documents(folder, documents)
    for name in DATA_FILES:
        shutil.copyfile(_data_file(corpus, name), folder / name)
    write_synced(folder / "report.json", json.dumps(asdict(report), ensure_ascii=False, indent=2) + "\n")


def _report(
    name: str, documents: Sequence[Document], stored: Stored, reused: int, unread: Sequence[Unread]
) -> BuildReport:
    return BuildReport(
        build=name,
        publications=len(documents),
        passages=len(stored.passages),
        windows=len(stored.windows),
        embedded=len(stored.windows) + len(stored.passages) - reused,
        reused=reused,
        unread=tuple(unread),
    )


def _manifest(stamp: _Stamp, report: BuildReport, embedder: Embedder) -> Manifest:
    return Manifest(
        build=stamp.name,
        created=stamp.created.isoformat(timespec="seconds"),
        embedder=embedder.identity,
        dimension=embedder.dimension,
        analyser=ANALYSER,
        inputs=stamp.inputs,
        publications=report.publications,
        passages=report.passages,
        windows=report.windows,
    )


def _titles(documents: Sequence[Document]) -> dict[str, str]:
    return {document.publication.id: document.publication.title for document in documents}


def _old_vectors(index: Path, embedder_identity: str) -> dict[str, Vectors]:
    """Vectors of the served build by the hash of what was embedded; none when another embedder made them, or it is damaged.

    Read from a copy: opening a Chroma folder writes to it, and this one is being served.
    """
    try:
        folder = current_build(index)
        if Manifest.read(folder).embedder != embedder_identity:
            return {}
        with tempfile.TemporaryDirectory() as copy:
            stored = read_store(Path(shutil.copytree(folder / "chroma", Path(copy) / "chroma")))
    except (IndexMissing, IndexMismatch, FileNotFoundError):
        return {}
    passages = zip(stored.passage_keys, stored.passage_vectors, strict=True)
    windows = zip((window.key for window in stored.windows), stored.window_vectors, strict=True)
    return {**dict(passages), **dict(windows)}


def _data_file(corpus: Path, name: str) -> Path:
    own = corpus / name
    return own if own.is_file() else PROJECT_CORPUS / name


def _free_name(index: Path, name: str) -> str:
    """Two builds within one second get two folders."""
    number = 1
    while (index / (name if number == 1 else f"{name}.{number}")).exists():
        number += 1
    return name if number == 1 else f"{name}.{number}"
