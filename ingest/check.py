"""Catalogue, files and the served build held against each other: everything that does not agree, all at once.

In: a corpus folder, an index, the identity of the embedder in use. Out: faults, each a line that says what, where, what was
found and expected, and what to do; none when all agrees. Nothing is written: the store is read from a copy.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ingest.build import LEXICAL_BUILD
from ingest.catalogue import CATALOGUE_NAME, Catalogue, load_catalogue
from ingest.digests import Digests
from ingest.document import Document, Passage, Publication
from ingest.errors import BuildError, CatalogueError, IndexMismatch, IndexMissing
from ingest.index.analyser import ANALYSER
from ingest.index.builds import Manifest, Verdict, current_build
from ingest.index.documents import read_document, read_publications
from ingest.index.lexical import LexicalIndex
from ingest.index.store import Stored, read_store
from ingest.inputs import DATA_FILES, PARTS, data_file, inputs_hash
from ingest.windows import WindowKind, indexed_text

_AGAIN = "(run: python -m ingest build)"
# Chroma gives back what it was given; what is further off than float32 rounds is not what the model made.
_NORM_TOLERANCE = 1e-3


def check(
    corpus: Path, index: Path, embedder_identity: str, *, windows: WindowKind = WindowKind.SENTENCE
) -> tuple[str, ...]:
    """Every fault of the corpus, then every fault of the served build, then whether the one is still made of the other."""
    digests = Digests()  # every file is read: a date may lie
    try:
        catalogue = load_catalogue(corpus)
    except CatalogueError as error:
        return (str(error), *_index_faults(index, embedder_identity, None))
    faults = [*_corpus_faults(corpus, catalogue, digests), *_index_faults(index, embedder_identity, catalogue)]
    try:
        inputs = Manifest.read(current_build(index)).inputs
    except (IndexMissing, IndexMismatch):
        return tuple(faults)  # which say so
    folder = current_build(index)
    faults += [
        f"{folder}/{name}: is not the one of {data_file(corpus, name).parent} {_AGAIN}"
        for name in DATA_FILES
        if (folder / name).exists() and digests.of(folder / name) != digests.of(data_file(corpus, name))
    ]
    if inputs != inputs_hash(corpus, embedder_identity, windows=windows, digests=digests):
        faults.append(f"{index}: the served build is not of {corpus}, this code and these settings {_AGAIN}")
    return tuple(faults)


def _corpus_faults(corpus: Path, catalogue: Catalogue, digests: Digests) -> Iterator[str]:
    yield from (problem.message for problem in catalogue.problems)
    for publication in catalogue.publications:
        if publication.file is None or publication.access != "public":
            continue
        found = digests.of(corpus / publication.file)
        where = f"{corpus / CATALOGUE_NAME}: {publication.id}: {publication.file}"
        if not found:
            yield f"{where}: no such file, or not to be read (run: python -m ingest fetch {publication.id})"
        elif publication.sha256 is not None and found != publication.sha256:
            yield (
                f"{where}: sha256 is {found[:12]}…, expected {publication.sha256[:12]}… "
                f"(run: python -m ingest fetch {publication.id})"
            )


def _index_faults(index: Path, embedder_identity: str, catalogue: Catalogue | None) -> Iterator[str]:
    try:
        folder = current_build(index)
        manifest = Manifest.read(folder)
    except (IndexMissing, IndexMismatch) as error:
        yield str(error)
        return
    made = (("build", manifest.build, folder.name), ("analyser", manifest.analyser, ANALYSER))
    for name, found, expected in (*made, ("embedder", manifest.embedder, embedder_identity)):
        if found != expected:
            yield f"{folder}/manifest.json: {name} is {found}, expected {expected} {_AGAIN}"
    verdict = Verdict.read(folder)
    if verdict and not verdict.admits:
        yield f"{folder}: served although the gate refused it (run: python -m ingest rollback)"
    missing = [part for part in PARTS if not (folder / part).exists()]
    yield from (f"{folder}/{part}: is missing {_AGAIN}" for part in missing)
    if not missing:
        yield from _parts_faults(folder, manifest, catalogue)


def _parts_faults(folder: Path, manifest: Manifest, catalogue: Catalogue | None) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as copy:
        try:
            publications = read_publications(folder)
            stored = read_store(Path(shutil.copytree(folder / "chroma", Path(copy) / "chroma")))
        except (IndexMismatch, OSError) as error:
            yield str(error).replace(copy, str(folder))
            return
    build = _Opened(folder=folder, manifest=manifest, publications=publications, stored=stored)
    yield from _count_faults(build)
    yield from _lexical_faults(build)
    yield from _vector_faults(build)
    yield from _window_faults(build)
    by_publication: dict[str, list[Passage]] = defaultdict(list)
    for passage in stored.passages:
        by_publication[passage.publication_id].append(passage)
    for publication in publications.values():
        yield from _document_faults(build, publication, by_publication[publication.id])
    for passage in stored.passages:
        for name in sorted({passage.publication_id, *passage.also_in} - publications.keys()):
            yield f"{folder}: passage {passage.id} is of {name}, which the build does not have {_AGAIN}"
    public = {p.id for p in catalogue.publications if p.access == "public"} if catalogue else publications.keys()
    for name in sorted(publications.keys() - public):
        yield f"{folder}: has {name}, which the catalogue has no more, or not as public {_AGAIN}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    """A build whose parts could be read."""

    folder: Path
    manifest: Manifest
    publications: Mapping[str, Publication]
    stored: Stored


def _count_faults(build: _Opened) -> Iterator[str]:
    counts = (
        ("publications", build.manifest.publications, len(build.publications)),
        ("passages", build.manifest.passages, len(build.stored.passages)),
        ("windows", build.manifest.windows, len(build.stored.windows)),
    )
    for name, said, found in counts:
        if said != found:
            yield f"{build.folder}/manifest.json: says {said} {name}, found {found} {_AGAIN}"


def _lexical_faults(build: _Opened) -> Iterator[str]:
    home = build.folder / "lexical"
    try:
        made_for = (home / LEXICAL_BUILD).read_text(encoding="utf-8").strip()
        indexed = json.loads((home / "params.index.json").read_text(encoding="utf-8")).get("num_docs")
    except (OSError, ValueError, AttributeError) as error:
        yield f"{home}: cannot be read: {error!r} {_AGAIN}"
        return
    if made_for != build.manifest.build:
        yield f"{home}: was made for {made_for}, expected {build.manifest.build} {_AGAIN}"
    if indexed != len(build.stored.passages):
        yield f"{home}: has {indexed} passages, expected {len(build.stored.passages)} {_AGAIN}"
        return
    titles = {publication.id: publication.title for publication in build.publications.values()}
    texts = [indexed_text(titles.get(passage.publication_id, ""), passage) for passage in build.stored.passages]
    try:
        if not LexicalIndex.open(home, len(texts)).agrees(LexicalIndex.build(texts)):
            yield f"{home}: does not hold the words of the passages {_AGAIN}"
    except (IndexMismatch, BuildError) as error:
        yield str(error)


def _vector_faults(build: _Opened) -> Iterator[str]:
    stored = build.stored
    all_vectors = {"passages": stored.passage_vectors, "windows": stored.window_vectors, "titles": stored.title_vectors}
    for name, vectors in all_vectors.items():
        if vectors.shape[1] != build.manifest.dimension:
            yield f"{build.folder}: vectors of {name} have {vectors.shape[1]} numbers, expected {build.manifest.dimension}"
        wrong = int(np.sum(~(np.abs(np.linalg.norm(vectors, axis=1) - 1) < _NORM_TOLERANCE)))
        if wrong:
            yield f"{build.folder}: {wrong} vectors of {name} are not of length 1 {_AGAIN}"


def _window_faults(build: _Opened) -> Iterator[str]:
    passages = {passage.id: passage for passage in build.stored.passages}
    without = passages.keys() - {window.passage_id for window in build.stored.windows}
    yield from (f"{build.folder}: passage {name} has no window {_AGAIN}" for name in sorted(without))
    for window in build.stored.windows:
        passage = passages.get(window.passage_id)
        if passage is None:
            yield f"{build.folder}: a window is of passage {window.passage_id}, which is not there {_AGAIN}"
        elif not passage.start <= window.span.start < window.span.end <= passage.end:
            yield f"{build.folder}: a window of {passage.id} is {tuple(window.span)}, outside its passage {_AGAIN}"


def _document_faults(build: _Opened, publication: Publication, passages: Sequence[Passage]) -> Iterator[str]:
    try:
        document = read_document(build.folder, publication)
    except (OSError, ValueError) as error:
        yield f"{build.folder}/documents: {publication.id}: cannot be read: {error} {_AGAIN}"
        return
    yield from _repair_faults(build, document)
    for passage in passages:
        if not _stands(passage, document):
            yield f"{build.folder}: passage {passage.id} is not what stands in its document's text {_AGAIN}"


def _repair_faults(build: _Opened, document: Document) -> Iterator[str]:
    wrong = sum(
        document.raw[repair.raw_start : repair.raw_end] != repair.before
        or document.text[repair.start : repair.end] != repair.after
        for repair in document.repairs
    )
    if wrong:
        yield f"{build.folder}: {document.publication.id}: {wrong} repairs do not fit its texts {_AGAIN}"


def _stands(passage: Passage, document: Document) -> bool:
    return document.text[passage.start : passage.end] == passage.text and all(
        passage.start <= sentence.start < sentence.end <= passage.end for sentence in passage.sentences
    )
