"""A corpus folder -> a build of the index that serves it.

Every publication is read on its own: one that cannot be read is listed with the reason (log and `<build>/report.json`) and
the build goes on. What is unchanged is neither read nor embedded again. Refused: a corpus without catalogue (CatalogueError),
one of which nothing can be read, and a place that cannot be written to (BuildError); then nothing changes.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from ingest.catalogue import Catalogue, load_catalogue
from ingest.digests import Digests, reading_digest
from ingest.document_cache import DocumentCache
from ingest.embedding import Embedded, Embedder, Planned, embed, plan
from ingest.errors import BuildError, IndexMismatch
from ingest.gather import Gathered, Source, gather
from ingest.index.analyser import ANALYSER
from ingest.index.builds import (
    Manifest,
    Verdict,
    admitted,
    build_folders,
    only_builder,
    point_to,
    remove_cut_off,
    served_name,
    sweep,
    write_synced,
)
from ingest.index.documents import write_publications
from ingest.index.index import Index
from ingest.index.lexical import LexicalIndex
from ingest.index.store import Vectors, read_store, write_store
from ingest.inputs import DATA_FILES, DIGESTS, data_file, inputs_hash, is_stale
from ingest.progress import Log, Progress, lines
from ingest.reading import Limits
from ingest.report import BuildReport
from ingest.territories import Gazetteer
from ingest.windows import WindowKind, indexed_text

# `is_stale` and the types are what callers of `build_index` need with it.
__all__ = ["BuildOptions", "BuildReport", "Embedder", "Gate", "build_index", "is_stale"]

# Which build a lexical index was made for, beside its own files.
LEXICAL_BUILD = "build.txt"

# (index, name of the candidate) -> what the gate says of it.
Gate = Callable[[Path, str], Verdict]


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildOptions:
    """How to build. Without `cache` every file is read anew; without `gate` a whole build is served at once.

    `force` is the reason to serve a build that the gate refuses; it is kept with the build. `created` is the time to write
    into the build, now if none is given.
    """

    limits: Limits = field(default_factory=Limits)
    cache: Path | None = None
    windows: WindowKind = WindowKind.SENTENCE
    gate: Gate | None = None
    force: str | None = None
    progress: Progress | None = None
    created: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stamp:
    """What names a build: its folder's name, when it was made, and the hash of what it was made from."""

    name: str
    created: datetime
    inputs: str


def build_index(
    corpus: Path,
    index: Path,
    embedder: Embedder,
    *,
    options: BuildOptions | None = None,
    log: Log = lambda _line: None,
) -> BuildReport:
    """Build from `corpus` into a new folder of `index`, and serve it if the gate lets it. Raises CatalogueError, BuildError."""
    options = options or BuildOptions()
    catalogue = load_catalogue(corpus)
    with only_builder(index), _in_words(index):
        remove_cut_off(index)
        digests = Digests(index / DIGESTS)
        inputs = inputs_hash(corpus, embedder.identity, windows=options.windows, digests=digests)
        created = options.created or datetime.now(UTC)
        stamp = _Stamp(name=_free_name(index, f"{created:%Y%m%dT%H%M%SZ}-{inputs[:8]}"), created=created, inputs=inputs)
        with _candidate(index / stamp.name) as folder:
            build = _Build(corpus=corpus, folder=folder, stamp=stamp, embedder=embedder, options=options, log=log)
            report = build.make(catalogue, digests)
            digests.save()
        return _serve(index, report, options, log)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Build:
    """One build on its way, stage by stage; each stage's seconds end up in the report."""

    corpus: Path
    folder: Path
    stamp: _Stamp
    embedder: Embedder
    options: BuildOptions
    log: Log
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def progress(self) -> Progress:
        """Lines of the log unless there is something better."""
        return self.options.progress or lines(self.log)

    def make(self, catalogue: Catalogue, digests: Digests) -> BuildReport:
        """Everything of the build, checked, its manifest last."""
        with self._stage("reading"):
            gathered = self._gather(catalogue, digests)
        with self._stage("cutting"):
            titles = {publication.id: publication.title for publication in gathered.publications}
            planned = plan(gathered.passages, titles, self.options.windows)
            self._write_words(gathered, planned)
        vectors = self._embed(planned)
        with self._stage("writing"):
            write_store(self.folder / "chroma", planned.contents, vectors.embedded.of)
            # The manifest comes last: a folder without one is a build that was cut off.
            self._manifest(gathered, planned, vectors).write(self.folder)
        with self._stage("checking"):
            Index.open_build(self.folder, self.embedder)
        return self._report(gathered, planned, vectors)

    @contextmanager
    def _stage(self, name: str) -> Iterator[None]:
        self.log(name)
        start = perf_counter()
        yield
        self.seconds[name] = round(perf_counter() - start, 3)

    def _gather(self, catalogue: Catalogue, digests: Digests) -> Gathered:
        cache = DocumentCache(self.options.cache, reading_digest()) if self.options.cache else None
        source = Source(corpus=self.corpus, digests=digests, limits=self.options.limits, cache=cache)
        gazetteer = Gazetteer.load(data_file(self.corpus, "territories.json"))
        gathered = gather(source, catalogue, gazetteer, self.folder, self.progress)
        for entry in gathered.unread:
            self.log(f"not in the index: {entry.publication or '?'}: {entry.reason}")
        if not gathered.publications:
            count = len(gathered.unread)
            raise BuildError(f"{self.corpus}: none of {count} publications could be read; nothing was built")
        if cache:
            cache.prune()
        return gathered

    def _write_words(self, gathered: Gathered, planned: Planned) -> None:
        """What needs no vector: the lexical index, which refuses a corpus without words, facts and data."""
        texts = [indexed_text(planned.titles[passage.publication_id], passage) for passage in planned.passages]
        LexicalIndex.build(texts).save(self.folder / "lexical")
        (self.folder / "lexical" / LEXICAL_BUILD).write_text(self.stamp.name + "\n", encoding="utf-8")
        write_publications(self.folder, gathered.publications)
        for name in DATA_FILES:
            shutil.copyfile(data_file(self.corpus, name), self.folder / name)

    def _embed(self, planned: Planned) -> _Vectors:
        """Three stages: vectors of the build before, the model if it is needed and loads late, what is new."""
        with self._stage("taking over"):
            old = _old_vectors(self.folder.parent, self.embedder.identity)
        keys = planned.keys
        new = len(set(keys) - old.keys())
        if new:
            with self._stage("loading the model"):
                self.embedder.count_tokens([""])
        self.log(f"{new} texts to embed, {len(set(keys)) - new} taken over from the build before")
        with self._stage("embedding"):
            embedded = embed(planned, old, self.embedder, self.progress)
        return _Vectors(embedded=embedded, reused=sum(key in old for key in keys))

    def _manifest(self, gathered: Gathered, planned: Planned, vectors: _Vectors) -> Manifest:
        return Manifest(
            build=self.stamp.name,
            created=self.stamp.created.isoformat(timespec="seconds"),
            embedder=self.embedder.identity,
            dimension=vectors.embedded.matrix.shape[1],
            analyser=ANALYSER,
            inputs=self.stamp.inputs,
            publications=len(gathered.publications),
            passages=len(planned.passages),
            windows=len(planned.windows),
            windows_kind=self.options.windows,
        )

    def _report(self, gathered: Gathered, planned: Planned, vectors: _Vectors) -> BuildReport:
        return BuildReport(
            build=self.stamp.name,
            publications=len(gathered.publications),
            passages=len(planned.passages),
            windows=len(planned.windows),
            embedded=len(planned.keys) - vectors.reused,
            reused=vectors.reused,
            unread=gathered.unread,
            read=len(gathered.entries) - gathered.cached,
            cached=gathered.cached,
            texts=vectors.embedded.texts,
            tokens=vectors.embedded.tokens,
            seconds=dict(self.seconds),
            entries=gathered.entries,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Vectors:
    """Every vector, and how many passages, windows and titles have theirs from the build before."""

    embedded: Embedded
    reused: int


def _serve(index: Path, report: BuildReport, options: BuildOptions, log: Log) -> BuildReport:
    """Put the build before the gate if there is one, and serve it if it may be."""
    folder = index / report.build
    verdict = None
    start = perf_counter()
    if options.gate:
        log("asking the gate")
        verdict = replace(options.gate(index, report.build), forced=options.force)
        verdict.write(folder)
    served = verdict is None or verdict.admits
    seconds = {**report.seconds, "gate": round(perf_counter() - start, 3)} if verdict else report.seconds
    report = replace(report, seconds=seconds, served=served, verdict=verdict)
    _write_report(folder, report)
    if served:
        point_to(index, report.build)
    sweep(index, refused=None if served else report.build)
    return report


def _write_report(folder: Path, report: BuildReport) -> None:
    write_synced(folder / "report.json", json.dumps(asdict(report), ensure_ascii=False, indent=2) + "\n")


@contextmanager
def _candidate(folder: Path) -> Iterator[Path]:
    """The folder of a build on its way; it goes again when the build does not end well."""
    folder.mkdir()
    try:
        yield folder
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


@contextmanager
def _in_words(index: Path) -> Iterator[None]:
    """A full disk or a folder that is closed to us, as a BuildError."""
    try:
        yield
    except OSError as error:
        where = error.filename or index
        message = f"{where}: {error.strerror or error}; nothing was changed (is there room, and may it be written to?)"
        raise BuildError(message) from error


def _old_vectors(index: Path, embedder_identity: str) -> dict[str, Vectors]:
    """Vectors of the served build and of one that the gate refused, by the hash of what was embedded."""
    served = served_name(index)
    known: dict[str, Vectors] = {}
    for folder in build_folders(index):
        if folder.name == served or not admitted(folder):
            known |= _vectors_of(folder, embedder_identity)
    return known


def _vectors_of(folder: Path, embedder_identity: str) -> dict[str, Vectors]:
    """None when another embedder made them, or the build is damaged.

    Read from a copy: opening a Chroma folder writes to it, and this one may be served.
    """
    try:
        if Manifest.read(folder).embedder != embedder_identity:
            return {}
        with tempfile.TemporaryDirectory() as copy:
            stored = read_store(Path(shutil.copytree(folder / "chroma", Path(copy) / "chroma")))
    except (IndexMismatch, FileNotFoundError):
        return {}
    return stored.vectors()


def _free_name(index: Path, name: str) -> str:
    """Two builds within one second get two folders."""
    number = 1
    while (index / (name if number == 1 else f"{name}.{number}")).exists():
        number += 1
    return name if number == 1 else f"{name}.{number}"
