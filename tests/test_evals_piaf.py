"""The benchmark command on a benchmark small enough to check by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals.piaf import Benchmark, as_table, rank_all
from ingest.index.embedder import Embedder

PARAGRAPHS = {
    "La tour Eiffel fut achevée en 1889 à Paris par l'entreprise de Gustave Eiffel.": "Quand la tour Eiffel fut-elle achevée ?",
    "Le maraîchage collectif produit des légumes vendus sur les marchés.": "Où vend-on les légumes du maraîchage ?",
    "Une coopérative appartient à ses membres, qui votent à voix égales.": "À qui appartient une coopérative ?",
}


@pytest.fixture
def benchmark_file(tmp_path: Path) -> Path:
    entries = [{"context": text, "qas": [{"question": question}]} for text, question in PARAGRAPHS.items()]
    path = tmp_path / "piaf.json"
    path.write_text(json.dumps({"data": [{"paragraphs": entries}]}), encoding="utf-8")
    return path


def test_each_paragraph_is_found_first_by_its_own_question(
    benchmark_file: Path, tmp_path: Path, embedder: Embedder
) -> None:
    folder = tmp_path / "work"
    folder.mkdir()

    ranks = rank_all(Benchmark.load(benchmark_file), folder, embedder, lambda _line: None)

    assert ranks["fused"] == [1, 1, 1]
    assert set(ranks) == {"passages", "windows", "BM25", "fused"}


def test_a_paragraph_that_is_not_found_counts_nothing() -> None:
    row = as_table({"fused": [1, 0, 4, 20]}).splitlines()[1].split()

    assert row == ["fused", "0.312", "0.250", "0.500"]


def test_another_file_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "autre.json"
    path.write_text("{}", encoding="utf-8")

    with pytest.raises(ValueError, match=r"autre\.json"):
        Benchmark.load(path)
