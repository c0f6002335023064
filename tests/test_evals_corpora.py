"""Corpora joined into one: what is kept of each, and when the hash is another."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.corpora import corpus_sha256, joined
from evals.reliability import auroc
from ingest.catalogue import load_catalogue
from ingest.errors import CatalogueError
from tests.corpora import write_corpus


def test_publications_of_all_folders_keep_what_their_lines_say_and_their_files(tmp_path: Path) -> None:
    one = write_corpus(tmp_path / "one", {"a": "Un texte."}, themes=["emploi"], date="2020")
    two = write_corpus(tmp_path / "two", {"b": "Deux textes."}, series="Déniché pour vous")
    (one / "scope.json").write_text("{}", encoding="utf-8")

    both = joined([one, two], tmp_path / "both")

    first, second = load_catalogue(both).publications
    assert (first.id, first.themes, first.date) == ("a", ("emploi",), "2020")
    assert (second.id, second.series) == ("b", "Déniché pour vous")
    assert [(both / str(p.file)).read_text(encoding="utf-8") for p in (first, second)] == ["Un texte.", "Deux textes."]
    assert (both / "scope.json").is_file()


def test_files_of_one_name_in_two_folders_do_not_meet(tmp_path: Path) -> None:
    one, two = write_corpus(tmp_path / "one", {"a": "Un."}), write_corpus(tmp_path / "two", {"a": "Deux."})

    both = joined([one, two], tmp_path / "both")

    assert load_catalogue(both).problems  # one id, given twice
    texts = {path.read_text(encoding="utf-8") for path in both.rglob("*.txt")}
    assert texts == {"Un.", "Deux."}


def test_the_hash_moves_with_catalogue_and_files_and_with_nothing_else(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus", {"a": "Un texte."})
    first = corpus_sha256(joined([corpus], tmp_path / "1"))
    assert corpus_sha256(joined([corpus], tmp_path / "2")) == first

    (corpus / "a.txt").write_text("Un autre texte.", encoding="utf-8")
    assert corpus_sha256(joined([corpus], tmp_path / "3")) != first


def test_a_folder_without_catalogue_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError):
        joined([tmp_path], tmp_path / "both")


def test_auroc_is_the_share_of_pairs_in_the_right_order() -> None:
    assert auroc([0.9, 0.5], [0.5, 0.1]) == pytest.approx(3.5 / 4)
    assert auroc([], [0.1]) is None
    assert auroc([0.1], []) is None
