"""How long a question takes in a warm process, over an index of made passages. In: sizes. Out: milliseconds.

The index is a real one, built from made files and opened by the real Assistant with the real model; only the vectors of its
texts are made. Suggestions after an answer are left aside.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from time import perf_counter

from evals.benchmark.made import MadeVectors, Maker
from evals.measures import percentile
from ingest.build import build_index
from ingest.catalogue import load_catalogue
from ingest.index.embedder import Embedder
from ingest.progress import Log
from ingest.read import read_all
from ingest.sentences import split_sentences
from rag.answer import Answer
from rag.pipeline import Assistant

PLACES = (
    "Rennes",
    "Mamoudzou",
    "Lille",
    "Grenoble",
    "Nantes",
    "Dijon",
    "Marseille",
    "Strasbourg",
    "Saint-Denis",
    "Brest",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """Milliseconds of each question, with its answer; `opening` is in seconds."""

    passages: int
    windows: int
    publications: int
    opening: float
    milliseconds: tuple[float, ...]
    answers: tuple[Answer, ...]

    def as_text(self) -> str:
        """Figures, one a line."""
        statuses = Counter(answer.status.value for answer in self.answers)
        stages = {
            stage: percentile([getattr(answer.timings_ms, stage) for answer in self.answers], Fraction(1, 2))
            for stage in ("retrieve", "compose", "verify")
        }
        return "\n".join(
            [
                f"{self.passages} passages, {self.windows} windows, {self.publications} publications; "
                f"opened in {self.opening:.1f} s",
                f"{len(self.answers)} questions: " + ", ".join(f"{n} {name}" for name, n in statuses.most_common()),
                f"median {percentile(self.milliseconds, Fraction(1, 2)):.0f} ms, "
                f"p95 {percentile(self.milliseconds, Fraction(95, 100)):.0f} ms ("
                + ", ".join(f"{stage} {value:.0f} ms" for stage, value in stages.items())
                + " in the median)",
            ]
        )


def maker_of(corpus: Path, seed: int) -> Maker:
    """Makes texts of the sentences of `corpus`."""
    documents, _ = read_all(corpus, load_catalogue(corpus))
    sentences = [
        document.text[block.start + start : block.start + end]
        for document in documents
        for block in document.blocks
        for start, end in split_sentences(document.text[block.start : block.end])
    ]
    return Maker(sentences, PLACES, seed)


def build_made(maker: Maker, folder: Path, passages: int, embedder: Embedder, log: Log) -> Path:
    """An index of `passages` made passages in `folder`."""
    maker.write_corpus(folder / "corpus", passages)
    build_index(folder / "corpus", folder / "index", MadeVectors(maker, embedder), log=log)
    return folder / "index"


def measure_speed(index: Path, questions: Sequence[str], embedder: Embedder) -> Speed:
    """Ask every question once, after one that warms the process up."""
    start = perf_counter()
    assistant = Assistant.open(index, embedder)
    opening = perf_counter() - start
    assistant.ask(questions[0])
    milliseconds, answers = [], []
    for question in questions:
        start = perf_counter()
        answers.append(assistant.ask(question))
        milliseconds.append((perf_counter() - start) * 1000)
    return Speed(
        passages=len(assistant.index.passages),
        windows=len(assistant.index.windows),
        publications=len(assistant.index.publications),
        opening=opening,
        milliseconds=tuple(milliseconds),
        answers=tuple(answers),
    )
