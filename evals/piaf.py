"""PIAF, a French retrieval benchmark (SQuAD format, MIT licence, not in this repository): how each leg and their fusion rank.

In: the file `piaf-v1.0.json`. Out: MRR@10 and success at 1 and 5 of its questions, each of which has one relevant paragraph.
Refused: a file of another form (ValueError).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.build import Embedder, build_index
from ingest.index.index import Index
from ingest.territories import Gazetteer
from rag.retrieval import Ranked, Retriever

Log = Callable[[str], None]

_LEGS: Mapping[str, Callable[[Ranked], float]] = {
    "passages": lambda ranked: ranked.dense,
    "windows": lambda ranked: ranked.window,
    "BM25": lambda ranked: ranked.lexical,
    "fused": lambda ranked: ranked.score,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """Paragraphs, and for each question the number of its paragraph."""

    paragraphs: tuple[str, ...]
    questions: tuple[tuple[str, int], ...]

    @classmethod
    def load(cls, path: Path) -> Benchmark:
        """Raises ValueError when the file is not in SQuAD's format."""
        try:
            articles = json.loads(path.read_text(encoding="utf-8"))["data"]
            entries = [entry for article in articles for entry in article["paragraphs"]]
            questions = [(qa["question"], number) for number, entry in enumerate(entries) for qa in entry["qas"]]
            return cls(paragraphs=tuple(entry["context"] for entry in entries), questions=tuple(questions))
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{path}: expected SQuAD's data/paragraphs/context/qas: {error!r}") from error


def rank_all(benchmark: Benchmark, folder: Path, embedder: Embedder, log: Log) -> dict[str, list[int]]:
    """For each leg and for their fusion, the rank of every question's paragraph; 0 when it is not among the candidates."""
    corpus = _write_corpus(benchmark, folder)
    build_index(corpus, folder / "index", embedder, log=log)
    retriever = Retriever(Index.open(folder / "index", embedder), embedder, Gazetteer(territories=()))
    ranks: dict[str, list[int]] = {name: [] for name in _LEGS}
    for number, (question, paragraph) in enumerate(benchmark.questions, start=1):
        results = retriever.search(question, k=len(retriever.index.passages)).results
        for name, score in _LEGS.items():
            ranks[name].append(_rank(results, score, f"p{paragraph}"))
        if number % 500 == 0:
            log(f"{number} of {len(benchmark.questions)} questions")
    return ranks


def as_table(ranks: Mapping[str, Sequence[int]]) -> str:
    """One line a leg: MRR@10, success at 1, success at 5."""
    lines = [f"{'':10}{'MRR@10':>8}{'hit@1':>8}{'hit@5':>8}"]
    for name, found in ranks.items():
        reciprocal = sum(1 / rank for rank in found if 0 < rank <= 10) / len(found)
        hits = [sum(0 < rank <= k for rank in found) / len(found) for k in (1, 5)]
        lines.append(f"{name:10}{reciprocal:8.3f}{hits[0]:8.3f}{hits[1]:8.3f}")
    return "\n".join(lines)


def _rank(results: Sequence[Ranked], score: Callable[[Ranked], float], publication: str) -> int:
    best = max((score(ranked) for ranked in results if ranked.passage.publication_id == publication), default=None)
    if best is None:
        return 0
    others = {r.passage.publication_id for r in results if score(r) > best}
    return 1 + len(others - {publication})


def _write_corpus(benchmark: Benchmark, folder: Path) -> Path:
    lines = []
    for number, paragraph in enumerate(benchmark.paragraphs):
        (folder / f"{number}.txt").write_text(paragraph, encoding="utf-8")
        row = {"id": f"p{number}", "title": "PIAF", "publisher": "Etalab", "file": f"{number}.txt"}
        lines.append(json.dumps(row) + "\n")
    (folder / "catalogue.jsonl").write_text("".join(lines), encoding="utf-8")
    return folder
