"""Building again costs what changed, and what is gone is gone; the report says so for each publication."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest

from ingest.build import BuildOptions, BuildReport, build_index, is_stale
from ingest.document import BlockKind, Box, Document, OcrWord, Passage, Publication, Repair, Span
from ingest.document_cache import DocumentCache
from ingest.errors import BuildError
from ingest.index.builds import Verdict, current_build
from ingest.index.documents import read_document, write_document
from ingest.index.embedder import Embedder
from ingest.index.index import Index
from ingest.index.store import Contents, Title, Window, read_store, write_store
from ingest.report import table
from ingest.windows import WindowKind
from tests.corpora import TEXTS, write_corpus

MONTH = 31 * 86_400


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return write_corpus(tmp_path / "corpus")


def build(corpus: Path, embedder: Embedder, windows: WindowKind = WindowKind.SENTENCE) -> BuildReport:
    options = BuildOptions(cache=corpus.parent / "cache", windows=windows)
    return build_index(corpus, corpus.parent / "index", embedder, options=options)


def entries(corpus: Path) -> list[Path]:
    return [path for path in (corpus.parent / "cache").rglob("*") if path.is_file()]


def test_nothing_changed_nothing_read_nothing_embedded(corpus: Path, embedder: Embedder) -> None:
    first = build(corpus, embedder)
    second = build(corpus, embedder)

    assert (first.read, first.cached) == (2, 0)
    assert first.texts > 0
    assert first.tokens > first.texts
    assert (second.read, second.cached, second.texts, second.tokens, second.embedded) == (0, 2, 0, 0, 0)
    assert second.passages == first.passages


def test_a_cached_document_is_the_one_that_was_read(corpus: Path, embedder: Embedder) -> None:
    build(corpus, embedder)
    first = current_build(corpus.parent / "index")
    texts = {path.name: path.read_bytes() for path in (first / "documents").iterdir()}
    build(corpus, embedder)
    second = current_build(corpus.parent / "index")

    assert second != first
    assert {path.name: path.read_bytes() for path in (second / "documents").iterdir()} == texts


def test_only_the_changed_file_and_the_changed_line_are_read_again(corpus: Path, embedder: Embedder) -> None:
    build(corpus, embedder)

    write_corpus(corpus, {**TEXTS, "foncier": "Le foncier reste public."})
    assert (build(corpus, embedder).read, build(corpus, embedder).cached) == (1, 2)
    write_corpus(corpus, {**TEXTS, "foncier": "Le foncier reste public."}, date="2024")
    assert build(corpus, embedder).read == 2
    assert Index.open(corpus.parent / "index", embedder).publications["foncier"].date == "2024"


def test_a_removed_publication_disappears(corpus: Path, embedder: Embedder) -> None:
    build(corpus, embedder)
    write_corpus(corpus, {"jardin": TEXTS["jardin"]})

    build(corpus, embedder)

    index = Index.open(corpus.parent / "index", embedder)
    assert set(index.publications) == {passage.publication_id for passage in index.passages} == {"jardin"}
    assert not (index.folder / "documents" / "foncier.txt").exists()
    assert index.lexical.scores({"fonci": 1.0}).max() == 0


def test_damaged_entries_of_the_cache_are_read_anew(corpus: Path, embedder: Embedder) -> None:
    build(corpus, embedder)
    one, two = entries(corpus)
    one.write_bytes(b"")
    two.write_bytes(two.read_bytes()[:-5])

    assert build(corpus, embedder).read == 2
    assert build(corpus, embedder).cached == 2


def test_what_nobody_asked_for_in_a_month_leaves_the_cache(corpus: Path, embedder: Embedder) -> None:
    build(corpus, embedder)
    write_corpus(corpus, {"jardin": TEXTS["jardin"]})
    for path in entries(corpus):
        os.utime(path, (path.stat().st_mtime - MONTH, path.stat().st_mtime - MONTH))

    build(corpus, embedder)

    assert len(entries(corpus)) == 1
    assert build(corpus, embedder).cached == 1


def test_a_file_that_cannot_be_read_is_tried_again_each_time(corpus: Path, embedder: Embedder) -> None:
    (corpus / "foncier.txt").unlink()
    assert build(corpus, embedder).unread[0].publication == "foncier"
    (corpus / "foncier.txt").write_text(TEXTS["foncier"], encoding="utf-8")

    assert build(corpus, embedder).publications == 2


def test_one_window_a_passage_embeds_each_text_once_and_is_searched_alike(corpus: Path, embedder: Embedder) -> None:
    report = build(corpus, embedder, WindowKind.PASSAGE)

    # Each of the two publications has a title besides.
    assert report.texts - report.publications == report.passages == report.windows
    index = Index.open(corpus.parent / "index", embedder)
    query = embedder.encode_query("Qui cultive des légumes ?")
    assert [index.best_window_scores(index.window_scores(query)).tolist()] == [index.passage_scores(query).tolist()]
    assert index.manifest.windows_kind == "passage"
    stale = {kind: is_stale(corpus, corpus.parent / "index", embedder.identity, windows=kind) for kind in WindowKind}
    assert stale == {WindowKind.PASSAGE: False, WindowKind.SENTENCE: True}


def test_the_report_tells_of_each_publication(tmp_path: Path, embedder: Embedder) -> None:
    garden = TEXTS["jardin"]
    corpus = write_corpus(tmp_path / "corpus", {**TEXTS, "copie": garden, "latin": "x"})
    (corpus / "latin.txt").write_bytes("Une régie de quartier emploie à Nîmes.".encode("latin-1"))

    report = build(corpus, embedder)

    written = json.loads((current_build(tmp_path / "index") / "report.json").read_text(encoding="utf-8"))
    by_id = {entry["id"]: entry for entry in written["entries"]}
    assert list(by_id) == ["jardin", "foncier", "copie", "latin"]
    assert (by_id["jardin"]["passages"], by_id["jardin"]["merged"]) == (1, 0)
    assert (by_id["copie"]["passages"], by_id["copie"]["merged"]) == (0, 1)
    assert by_id["jardin"]["territories"] == 1
    assert by_id["latin"]["warnings"]
    assert set(written["seconds"]) >= {"reading", "cutting", "embedding", "writing", "checking"}
    assert written["served"] is True
    lines = list(table(report))
    assert [line.split()[0] for line in lines[1:6]] == ["jardin", "foncier", "copie", "latin", "all"]
    assert any(line.startswith("warning: latin: ") for line in lines)


def test_a_file_under_two_ids_is_indexed_once(tmp_path: Path, embedder: Embedder) -> None:
    corpus = write_corpus(tmp_path / "corpus")
    with (corpus / "catalogue.jsonl").open("a", encoding="utf-8") as catalogue:
        catalogue.write(json.dumps({"id": "bis", "title": "bis", "publisher": "RNCRPV", "file": "jardin.txt"}) + "\n")

    build(corpus, embedder)

    index = Index.open(tmp_path / "index", embedder)
    assert {p.publication_id: p.also_in for p in index.passages} == {"jardin": ("bis",), "foncier": ()}
    assert set(index.publications) == {"jardin", "foncier", "bis"}


def test_what_ocr_read_is_kept_with_the_build_and_with_the_cache(tmp_path: Path) -> None:
    publication = Publication(id="scan", title="Scan", publisher="RTES", themes=("emploi",), page_starts=(1, 4))
    document = Document(
        publication=publication,
        raw="Le jardm",
        text="Le jardin",
        repairs=(Repair(before="m", after="in", step="ocr", raw_start=7, raw_end=8, start=7, end=9),),
        doubtful=(Span(3, 9),),
        pages=2,
        ocr_pages=(2,),
        ocr_words=(OcrWord(start=3, end=8, page=2, box=Box(1.0, 2.0, 3.0, 4.5), confidence=61.5),),
        warnings=("page 1: nothing on it",),
    )
    cache = DocumentCache(tmp_path / "cache", "code")
    key = cache.key(publication, "digest")
    cache.put(key, document)
    write_document(tmp_path, document)

    assert cache.get(key) == document
    kept = read_document(tmp_path, publication)
    assert (kept.ocr_words, kept.pages, kept.ocr_pages) == (document.ocr_words, 2, (2,))
    assert (kept.raw, kept.text, kept.repairs, kept.warnings) == (
        document.raw,
        document.text,
        document.repairs,
        document.warnings,
    )


def test_a_cache_that_cannot_be_written_to_is_named(corpus: Path, embedder: Embedder) -> None:
    (corpus.parent / "cache").write_text("a file where the folder should be")

    with pytest.raises(BuildError, match=r"cache: .*READ_CACHE"):
        build(corpus, embedder)


def test_what_the_gate_refused_need_not_be_embedded_again(corpus: Path, embedder: Embedder) -> None:
    index = corpus.parent / "index"
    build(corpus, embedder)
    write_corpus(corpus, {**TEXTS, "foncier": "Le foncier reste public."})
    refused = BuildOptions(gate=lambda _index, _build: Verdict(green=False, lines=()))
    assert build_index(corpus, index, embedder, options=refused).embedded > 0

    again = build_index(corpus, index, embedder, options=refused)

    assert (again.embedded, again.served) == (0, False)


def test_every_field_of_a_passage_comes_back_from_the_store(tmp_path: Path) -> None:
    passage = Passage(
        id="p:1",
        publication_id="p",
        text="L'association Pistyles emploie.",
        start=3,
        end=34,
        page=2,
        kind=BlockKind.EXAMPLE,
        headings=("Emploi",),
        context="Exemple",
        title="Dijon",
        links=("https://example.org",),
        territories=("Dijon",),
        actors=("Pistyles",),
        sentences=(Span(3, 34),),
        doubtful=(Span(5, 9),),
        also_in=("q",),
    )
    window = Window(passage_id="p:1", span=Span(3, 34), key="w")
    contents = Contents(
        passages=(passage,), passage_keys=("k",), windows=(window,), titles=(Title(text="Guide - Emploi", key="t"),)
    )
    vectors = {"k": [1.0, 0.0], "w": [0.0, 1.0], "t": [0.6, 0.8]}

    write_store(tmp_path / "s", contents, lambda keys: np.array([vectors[k] for k in keys], np.float32))

    stored = read_store(tmp_path / "s")
    assert stored.titles == contents.titles
    assert {key: vector.tolist() for key, vector in stored.vectors().items()} == {
        key: pytest.approx(vector) for key, vector in vectors.items()
    }
    assert (stored.passages, stored.windows, stored.passage_keys) == ((passage,), (window,), ("k",))
    assert (stored.passage_vectors.tolist(), stored.window_vectors.tolist()) == ([[1.0, 0.0]], [[0.0, 1.0]])
