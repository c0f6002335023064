"""`python -m ingest check`: each part of a corpus and its index that is tampered with is named, all at once."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from ingest.build import build_index
from ingest.check import check
from ingest.errors import IndexMismatch
from ingest.index.builds import current_build
from ingest.index.embedder import Embedder
from ingest.index.index import Index
from ingest.index.store import Contents, read_store, write_store
from tests.corpora import TEXTS, write_corpus


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Path:
    """A folder with a corpus and its index; tests work on copies."""
    folder = tmp_path_factory.mktemp("checked")
    build_index(write_corpus(folder / "corpus"), folder / "index", embedder)
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "copy"))


def faults(folder: Path, embedder: Embedder) -> tuple[str, ...]:
    return check(folder / "corpus", folder / "index", embedder.identity)


def edit(path: Path, **changes: object) -> None:
    row = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**row, **changes}), encoding="utf-8")


def add_line(folder: Path, **row: object) -> None:
    with (folder / "corpus" / "catalogue.jsonl").open("a", encoding="utf-8") as catalogue:
        catalogue.write(json.dumps({"title": "T", "publisher": "RTES", **row}) + "\n")


def test_what_was_just_built_agrees_and_checking_writes_nothing(folder: Path, embedder: Embedder) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    assert faults(folder, embedder) == ()
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def _store_of_others(build: Path) -> None:
    stored = read_store(build / "chroma")
    shutil.rmtree(build / "chroma")
    write_store(
        build / "chroma",
        Contents(
            passages=stored.passages,
            passage_keys=stored.passage_keys,
            windows=stored.windows[-1:],
            titles=stored.titles,
        ),
        lambda keys: np.full((len(keys), 384), 0.5, np.float32),
    )


def _alter(path: Path, *, first: int, step: int) -> None:
    """Turn every `step`-th byte from `first` on."""
    data = bytearray(path.read_bytes())
    for place in range(first, len(data), step):
        data[place] ^= 255
    path.write_bytes(data)


TAMPERED: dict[str, tuple[Callable[[Path], object], str]] = {
    "a text": (lambda b: (b / "documents" / "jardin.txt").write_text("Autre."), "is not what stands in its document"),
    "a record": (lambda b: (b / "documents" / "jardin.json").write_text("{"), "documents: jardin: cannot be read"),
    "a record lost": (lambda b: (b / "documents" / "foncier.json").unlink(), "documents: foncier: cannot be read"),
    "publications": (lambda b: (b / "publications.json").write_text("[]"), "says 2 publications, found 0"),
    "publications damaged": (lambda b: (b / "publications.json").write_text("["), "publications.json: cannot be read"),
    "counts": (lambda b: edit(b / "manifest.json", passages=7), "says 7 passages, found 2"),
    "name": (lambda b: edit(b / "manifest.json", build="20200101T000000Z-00000000"), "build is 20200101"),
    "embedder": (lambda b: edit(b / "manifest.json", embedder="autre"), "embedder is autre"),
    "analyser": (lambda b: edit(b / "manifest.json", analyser="autre"), "analyser is autre"),
    "dimension": (lambda b: edit(b / "manifest.json", dimension=3), "have 384 numbers, expected 3"),
    "manifest": (lambda b: (b / "manifest.json").write_text("{"), "not a manifest"),
    "lexical of another": (lambda b: (b / "lexical" / "build.txt").write_text("x"), "lexical: was made for x"),
    "lexical size": (lambda b: edit(b / "lexical" / "params.index.json", num_docs=9), "has 9 passages, expected 2"),
    "lexical lost": (lambda b: shutil.rmtree(b / "lexical"), "lexical: is missing"),
    "lexical words": (
        lambda b: (b / "lexical" / "vocab.index.json").write_text("{}"),
        "lexical: does not hold the words",
    ),
    "lexical words lost": (lambda b: (b / "lexical" / "vocab.index.json").unlink(), "lexical: cannot be read"),
    "lexical figures": (
        lambda b: _alter(b / "lexical" / "data.csc.index.npy", first=130, step=7),
        "lexical: does not hold the words",
    ),
    "lexical places": (
        lambda b: _alter(b / "lexical" / "indptr.csc.index.npy", first=130, step=7),
        "lexical: does not hold the words",
    ),
    "lexical figures lost": (lambda b: (b / "lexical" / "data.csc.index.npy").unlink(), "lexical: cannot be read"),
    "publications of another shape": (
        lambda b: (b / "publications.json").write_text("[1]"),
        "publications.json: cannot be read",
    ),
    "data damaged": (lambda b: (b / "contacts.json").write_text("x"), "contacts.json: is not the one of"),
    "store altered": (
        lambda b: _alter(b / "chroma" / "chroma.sqlite3", first=5000, step=97),
        "the store cannot be read",
    ),
    "store": (lambda b: (b / "chroma" / "chroma.sqlite3").write_bytes(b"x"), "the store cannot be read"),
    "vectors": (_store_of_others, "are not of length 1"),
    "windows": (_store_of_others, "has no window"),
    "data": (lambda b: (b / "scope.json").unlink(), "scope.json: is missing"),
    "verdict": (
        lambda b: (b / "gate.json").write_text('{"green": false, "lines": [], "forced": null}'),
        "although the gate refused it",
    ),
}


@pytest.mark.parametrize("case", TAMPERED)
def test_each_part_of_a_build_that_is_tampered_with_is_named(folder: Path, embedder: Embedder, case: str) -> None:
    tamper, expected = TAMPERED[case]
    tamper(current_build(folder / "index"))

    found = faults(folder, embedder)
    assert any(expected in fault for fault in found)
    assert all(fault.startswith(str(folder)) for fault in found)


def test_faults_of_the_corpus_are_told_all_at_once(folder: Path, embedder: Embedder) -> None:
    add_line(folder, id="absente", file="absente.txt")
    add_line(folder, id="autre", file="jardin.txt", sha256="0" * 64)
    add_line(folder, id="pareil", file="jardin.txt", sha256=sha256(TEXTS["jardin"].encode()).hexdigest())
    add_line(folder, id="dehors", file="../dehors.txt")
    add_line(folder, id="jardin", file="foncier.txt")
    add_line(folder, id="membres", file="absente.txt", access="members")
    with (folder / "corpus" / "catalogue.jsonl").open("a", encoding="utf-8") as catalogue:
        catalogue.write("{\n")

    found = faults(folder, embedder)

    for expected in ("absente.txt: no such file", "sha256 is", "outside the folder", "the id of line 1", "not JSON"):
        assert sum(expected in fault for fault in found) == 1, expected
    assert not any("pareil" in fault or "membres" in fault for fault in found)
    assert any("the served build is not of" in fault for fault in found)


def test_a_publication_that_left_the_catalogue_is_named(folder: Path, embedder: Embedder) -> None:
    write_corpus(folder / "corpus", {"jardin": TEXTS["jardin"]})

    found = faults(folder, embedder)

    assert any("has foncier, which the catalogue has no more" in fault for fault in found)


def test_no_corpus_and_no_index_are_faults(tmp_path: Path, embedder: Embedder) -> None:
    found = check(tmp_path / "corpus", tmp_path / "index", embedder.identity)

    assert len(found) == 2
    assert "catalogue.jsonl" in found[0]
    assert "no index here" in found[1]


def test_a_file_altered_without_a_new_date_is_found(folder: Path, embedder: Embedder) -> None:
    path = folder / "corpus" / "jardin.txt"
    add_line(folder, id="pareil", file="jardin.txt", sha256=sha256(path.read_bytes()).hexdigest())
    build_index(folder / "corpus", folder / "index", embedder)
    long_ago = 1_700_000_000
    os.utime(path, (long_ago, long_ago))
    build_index(folder / "corpus", folder / "index", embedder)
    _alter(path, first=3, step=10_000)
    os.utime(path, (long_ago, long_ago))

    assert any("pareil: jardin.txt: sha256 is" in fault for fault in faults(folder, embedder))


@pytest.mark.parametrize("part", ["chroma/chroma.sqlite3", "lexical/vocab.index.json", "publications.json"])
def test_a_damaged_build_says_so_when_it_is_opened_and_is_built_anew(
    folder: Path, embedder: Embedder, part: str
) -> None:
    _alter(current_build(folder / "index") / part, first=len(part), step=97)

    with pytest.raises(IndexMismatch, match=r"python -m ingest build\)$"):
        Index.open(folder / "index", embedder)
    build_index(folder / "corpus", folder / "index", embedder)
    assert faults(folder, embedder) == ()
