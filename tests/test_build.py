"""From a corpus folder to a build that is served, and what happens when something goes wrong on the way."""

from __future__ import annotations

import hashlib
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from ingest.build import BuildOptions, BuildReport, build_index, is_stale
from ingest.document import Publication
from ingest.errors import BuildError, IndexMismatch, IndexMissing
from ingest.index.builds import Manifest, current_build, only_builder
from ingest.index.documents import read_document
from ingest.index.embedder import Embedder
from ingest.index.index import Index
from tests.corpora import TEXTS, write_corpus

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return write_corpus(tmp_path / "corpus", TEXTS)


def build(corpus: Path, index: Path, embedder: Embedder) -> BuildReport:
    return build_index(corpus, index, embedder)


def test_a_build_is_opened_and_finds_a_passage_by_both_legs(corpus: Path, tmp_path: Path, embedder: Embedder) -> None:
    report = build(corpus, tmp_path / "index", embedder)

    index = Index.open(tmp_path / "index", embedder)

    assert index.manifest.build == report.build
    assert (report.publications, report.passages) == (2, 2)
    garden = next(i for i, p in enumerate(index.passages) if p.publication_id == "jardin")
    dense = index.passage_scores(embedder.encode_query("Où cultiver des légumes ?"))
    assert int(np.argmax(dense)) == garden
    assert int(np.argmax(index.lexical.scores({"legum": 1.0}))) == garden
    assert index.lexical.scores({"zzz": 1.0}).max() == 0
    for number, passage in enumerate(index.passages):
        windows = [index.windows[i] for i in index.windows_of(number)]
        assert windows
        assert all(passage.start <= start < end <= passage.end for start, end in windows)


def test_what_offsets_point_into_is_kept_with_the_build(corpus: Path, tmp_path: Path, embedder: Embedder) -> None:
    build(corpus, tmp_path / "index", embedder)
    index = Index.open(tmp_path / "index", embedder)

    for passage in index.passages:
        text = (index.folder / "documents" / f"{passage.publication_id}.txt").read_bytes().decode()
        assert text[passage.start : passage.end] == passage.text
        document = read_document(index.folder, index.publications[passage.publication_id])
        assert document.text == text
        assert document.raw == TEXTS[passage.publication_id]


def test_unreadable_publications_are_listed_and_do_not_stop_the_others(
    corpus: Path, tmp_path: Path, embedder: Embedder
) -> None:
    (corpus / "binaire.txt").write_bytes(b"\x89\x00\x01\x02\xff\x00" * 20)
    with (corpus / "catalogue.jsonl").open("a", encoding="utf-8") as catalogue:
        catalogue.write("not json\n")
        for row in (
            {"id": "absente", "file": "absente.txt"},
            {"id": "binaire", "file": "binaire.txt"},
            {"id": "ailleurs", "url": "https://example.org/a"},
            {"id": "membres", "file": "jardin.txt", "access": "members"},
            {"id": "image", "file": "jardin.txt", "media_type": "image/png"},
            {"id": "jardin", "file": "foncier.txt"},
        ):
            catalogue.write(json.dumps({"title": "T", "publisher": "RTES", **row}) + "\n")
    logged: list[str] = []

    report = build_index(corpus, tmp_path / "index", embedder, log=logged.append)

    assert report.publications == 2
    unread = {entry.publication for entry in report.unread}
    assert unread >= {"absente", "binaire", "ailleurs", "membres", "image"}
    assert len(report.unread) == 7
    assert all(any(entry.reason in line for line in logged) for entry in report.unread)
    written = json.loads((current_build(tmp_path / "index") / "report.json").read_text(encoding="utf-8"))
    assert len(written["unread"]) == 7


def test_nothing_readable_changes_nothing(corpus: Path, tmp_path: Path, embedder: Embedder) -> None:
    index = tmp_path / "index"
    build(corpus, index, embedder)
    before = current_build(index)
    for name in TEXTS:
        (corpus / f"{name}.txt").unlink()

    with pytest.raises(BuildError, match="none of 2 publications"):
        build(corpus, index, embedder)

    assert current_build(index) == before
    Index.open(index, embedder)


def test_vectors_of_unchanged_texts_are_taken_over(corpus: Path, tmp_path: Path, embedder: Embedder) -> None:
    index = tmp_path / "index"
    first = build(corpus, index, embedder)
    write_corpus(corpus, {**TEXTS, "emploi": "Une recyclerie crée des emplois d'insertion."})

    second = build(corpus, index, embedder)

    assert first.reused == 0
    assert second.reused == first.embedded
    assert second.embedded == (second.passages + second.windows + second.publications) - second.reused
    assert second.embedded > 0


def test_two_builds_of_one_corpus_rank_alike(corpus: Path, tmp_path: Path, embedder: Embedder) -> None:
    build(corpus, tmp_path / "one", embedder)
    build(corpus, tmp_path / "two", embedder)

    one, two = (Index.open(tmp_path / name, embedder) for name in ("one", "two"))

    query = embedder.encode_query("foncier")
    assert [p.id for p in one.passages] == [p.id for p in two.passages]
    np.testing.assert_array_equal(one.window_scores(query), two.window_scores(query))


def test_folders_that_are_no_builds_are_left_alone(corpus: Path, tmp_path: Path, embedder: Embedder) -> None:
    precious = tmp_path / "index" / "precious"
    precious.mkdir(parents=True)
    for _ in range(3):
        build(corpus, tmp_path / "index", embedder)

    assert precious.is_dir()


def test_a_damaged_store_is_named_and_the_next_build_mends_it(corpus: Path, tmp_path: Path, embedder: Embedder) -> None:
    index = tmp_path / "index"
    build(corpus, index, embedder)
    (current_build(index) / "chroma" / "chroma.sqlite3").write_bytes(b"garbage")

    with pytest.raises(IndexMismatch, match="cannot be read"):
        Index.open(index, embedder)
    build(corpus, index, embedder)

    assert len(Index.open(index, embedder).passages) == 2


def test_a_build_that_lost_a_part_is_stale(corpus: Path, tmp_path: Path, embedder: Embedder) -> None:
    index = tmp_path / "index"
    build(corpus, index, embedder)
    shutil.rmtree(current_build(index) / "documents")

    assert is_stale(corpus, index, embedder.identity)


@pytest.mark.parametrize("name", ["scope.json", "territories.json", "contacts.json"])
def test_a_corpus_that_brings_its_own_data_is_stale_when_it_changes(
    corpus: Path, tmp_path: Path, embedder: Embedder, name: str
) -> None:
    index = tmp_path / "index"
    build(corpus, index, embedder)

    shutil.copyfile(ROOT / "corpus" / name, corpus / name)
    assert not is_stale(corpus, index, embedder.identity)
    with (corpus / name).open("a", encoding="utf-8") as file:
        file.write("\n")

    assert is_stale(corpus, index, embedder.identity)


def test_an_index_that_is_a_file_and_a_corpus_without_words_are_refused(
    corpus: Path, tmp_path: Path, embedder: Embedder
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(BuildError, match="expected a folder"):
        build(corpus, tmp_path / "file", embedder)
    with pytest.raises(BuildError, match="no publication has a word"):
        build(write_corpus(tmp_path / "mute", {"a": "?! ... ;"}), tmp_path / "index", embedder)


def test_stale_when_a_file_or_the_embedder_changes(corpus: Path, tmp_path: Path, embedder: Embedder) -> None:
    index = tmp_path / "index"
    assert is_stale(corpus, index, embedder.identity)
    build(corpus, index, embedder)
    assert not is_stale(corpus, index, embedder.identity)
    assert is_stale(corpus, index, "another")

    (corpus / "jardin.txt").write_text("Autre chose.", encoding="utf-8")

    assert is_stale(corpus, index, embedder.identity)


@pytest.mark.parametrize(("field", "name"), [("embedder", "embedder"), ("analyser", "analyser")])
def test_an_index_made_otherwise_is_refused_by_name(
    corpus: Path, tmp_path: Path, embedder: Embedder, field: str, name: str
) -> None:
    index = tmp_path / "index"
    build(corpus, index, embedder)
    path = current_build(index) / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**manifest, field: "autre-1"}), encoding="utf-8")

    with pytest.raises(IndexMismatch, match=rf"{name} is autre-1, expected .*python -m ingest build"):
        Index.open(index, embedder)


def test_no_index_and_a_pointer_to_nothing_are_errors_that_say_what_to_do(tmp_path: Path, embedder: Embedder) -> None:
    with pytest.raises(IndexMissing, match="python -m ingest build"):
        Index.open(tmp_path, embedder)
    (tmp_path / "current").write_text("../elsewhere\n", encoding="utf-8")
    with pytest.raises(IndexMissing, match="not a build"):
        Index.open(tmp_path, embedder)


def test_two_builders_at_once_are_refused(corpus: Path, tmp_path: Path, embedder: Embedder) -> None:
    with only_builder(tmp_path / "index"), pytest.raises(BuildError, match="another build"):
        build(corpus, tmp_path / "index", embedder)


def test_old_builds_go_but_the_last_stays_for_a_chat_that_is_opening_it(
    corpus: Path, tmp_path: Path, embedder: Embedder
) -> None:
    index = tmp_path / "index"
    names = []
    for minute in range(3):
        now = datetime(2026, 1, 1, 12, minute, tzinfo=UTC)
        names.append(build_index(corpus, index, embedder, options=BuildOptions(created=now)).build)

    assert sorted(path.name for path in index.iterdir() if path.is_dir()) == names[1:]
    assert current_build(index).name == names[2]


def test_a_copy_in_a_second_publication_has_one_home(tmp_path: Path, embedder: Embedder) -> None:
    corpus = write_corpus(tmp_path / "corpus", {"un": TEXTS["foncier"], "deux": TEXTS["foncier"]})

    build(corpus, tmp_path / "index", embedder)

    (passage,) = Index.open(tmp_path / "index", embedder).passages
    assert (passage.publication_id, passage.also_in) == ("un", ("deux",))


def test_catalogue_facts_come_back_as_they_went_in(tmp_path: Path, embedder: Embedder) -> None:
    corpus = write_corpus(tmp_path / "corpus", {"un": "Une phrase entière."}, date="2023-05", themes=["foncier"])

    build(corpus, tmp_path / "index", embedder)

    index = Index.open(tmp_path / "index", embedder)
    read = hashlib.sha256("Une phrase entière.".encode()).hexdigest()
    assert index.publications["un"] == Publication(
        id="un", title="un", publisher="RTES", file="un.txt", date="2023-05", themes=("foncier",), sha256=read
    )


def test_a_build_tells_by_its_digest_which_file_it_read_whatever_the_catalogue_says(
    tmp_path: Path, embedder: Embedder
) -> None:
    corpus = write_corpus(tmp_path / "corpus", {"un": "Une phrase entière."}, sha256="0" * 64)

    build(corpus, tmp_path / "index", embedder)

    (publication,) = Index.open(tmp_path / "index", embedder).publications.values()
    assert publication.sha256 == hashlib.sha256("Une phrase entière.".encode()).hexdigest()


def test_a_damaged_manifest_is_a_mismatch_not_a_crash(corpus: Path, tmp_path: Path, embedder: Embedder) -> None:
    index = tmp_path / "index"
    build(corpus, index, embedder)
    folder = current_build(index)
    (folder / "manifest.json").write_text("{", encoding="utf-8")

    with pytest.raises(IndexMismatch, match=r"manifest\.json"):
        Manifest.read(folder)
    assert is_stale(corpus, index, embedder.identity)
    shutil.rmtree(folder)
    assert is_stale(corpus, index, embedder.identity)
