"""Builds the corpus into a temporary index, puts the questions to the assistant, judges what came back.

In: a corpus folder, the questions, a loaded embedder. Out: a Report and the judged outcomes, or a calibration. What the
figures are about is therefore always the code and the corpus at hand, never an index that was built earlier. Refused:
evidence that no longer stands in the corpus (QuestionsError), a corpus that cannot be built (IngestError).
"""

from __future__ import annotations

import os
import platform
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from importlib.metadata import version
from pathlib import Path
from time import perf_counter

from evals.calibrate import Calibration, calibrate
from evals.floors import sha256_of
from evals.measures import Judged, Outcome, judge, percentile, summarise
from evals.questions import Kind, Question, Source, Split, locate
from evals.report import Report
from evals.spans import FoldedText
from ingest.build import Embedder, build_index
from ingest.catalogue import load_catalogue
from ingest.document import Passage, Span
from ingest.index.index import Index
from ingest.read import read_all
from rag.answerability import Answerability
from rag.pipeline import Assistant
from rag.request import AskRequest
from rag.signals import FEATURES

# As deep as the deepest measure (MRR@10, nDCG@10).
_DEPTH = 10
_WARM_UP = "Comment associer les habitants à un projet ?"
_PACKAGES = ("bm25s", "chromadb", "ir-measures", "numpy", "sentence-transformers", "torch")

_ANSWERS_ALL = Answerability(
    weights=(0.0,) * len(FEATURES),
    means=(0.0,) * len(FEATURES),
    spreads=(1.0,) * len(FEATURES),
    bias=0.0,
    threshold=0.0,
    fitted_on="nothing",
)

Log = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A report, and what it rests on."""

    report: Report
    judged: tuple[Judged, ...]
    passages: tuple[Passage, ...]


def sources_of_corpus(corpus: Path) -> dict[str, Source]:
    """The repaired text and pages of every publication that can be read, without an index."""
    documents, _ = read_all(corpus, load_catalogue(corpus))
    return {
        document.publication.id: Source(
            text=FoldedText(document.text),
            pages=tuple((Span(block.start, block.end), block.page) for block in document.blocks),
        )
        for document in documents
    }


def run_evals(corpus: Path, questions_file: Path, questions: Sequence[Question], embedder: Embedder, log: Log) -> Run:
    """Everything between the question set and its figures."""
    gold = locate(questions, sources_of_corpus(corpus))
    with tempfile.TemporaryDirectory(prefix="evals-") as folder:
        start = perf_counter()
        build_index(corpus, Path(folder), embedder, log=log)
        build_seconds = perf_counter() - start
        assistant = Assistant.open(Path(folder), embedder)
        outcomes = ask_all(assistant, questions, log)
        texts = _texts(assistant)
    passages = assistant.index.passages
    judged = judge(outcomes, gold, passages, texts)
    milliseconds = [outcome.milliseconds for outcome in outcomes]
    report = Report(
        groups={
            "all": summarise(judged),
            **{split: summarise([e for e in judged if e.outcome.question.split is split]) for split in Split},
        },
        kinds={kind: summarise([e for e in judged if e.outcome.question.kind is kind]) for kind in Kind},
        latency_median_ms=percentile(milliseconds, Fraction(1, 2)),
        latency_p95_ms=percentile(milliseconds, Fraction(95, 100)),
        build_seconds=build_seconds,
        versions=_versions(corpus, questions_file, assistant),
    )
    return Run(report=report, judged=tuple(judged), passages=passages)


def calibrate_answerability(
    corpus: Path, questions_file: Path, questions: Sequence[Question], embedder: Embedder, log: Log
) -> Calibration:
    """Fit on the dev questions that get as far as a search. Raises ValueError unless both kinds are among them."""
    with tempfile.TemporaryDirectory(prefix="evals-") as folder:
        build_index(corpus, Path(folder), embedder, log=log)
        # Not Assistant.open: it loads the very model that is to be fitted, and refuses one of other features.
        assistant = Assistant(Index.open(Path(folder), embedder), embedder, answerability=_ANSWERS_ALL)
        dev = [q for q in questions if q.split is Split.DEV and assistant.is_searched(q.question)]
        understood = [assistant.understand(AskRequest(question=question.question)) for question in dev]
        rankings = [assistant.rank(text) for text in understood]
        signals = [assistant.signals(text, ranking) for text, ranking in zip(understood, rankings, strict=True)]
    fitted_on = f"{questions_file.name}@{sha256_of(questions_file)[:12]}: {len(dev)} dev questions"
    return calibrate(signals, [question.answerable for question in dev], fitted_on)


def ask_all(assistant: Assistant, questions: Sequence[Question], log: Log) -> list[Outcome]:
    """Put each question once, after one that warms up and is not counted."""
    assistant.ask(_WARM_UP)
    outcomes = []
    for number, question in enumerate(questions, start=1):
        start = perf_counter()
        answer = assistant.ask(question.question)
        milliseconds = 1000 * (perf_counter() - start)
        ranking = tuple(ranked.passage.id for ranked in assistant.search(question.question, k=_DEPTH))
        outcomes.append(Outcome(question=question, answer=answer, ranking=ranking, milliseconds=milliseconds))
        if number % 50 == 0 or number == len(questions):
            log(f"{number} of {len(questions)} questions asked")
    return outcomes


def _texts(assistant: Assistant) -> dict[str, str]:
    """The texts that the build keeps for offsets to point into; bytes, so that no line end is changed."""
    home = assistant.index.folder / "documents"
    return {name: (home / f"{name}.txt").read_bytes().decode() for name in assistant.index.publications}


def _versions(corpus: Path, questions_file: Path, assistant: Assistant) -> Mapping[str, str]:
    return {
        "questions_sha256": sha256_of(questions_file),
        "catalogue_sha256": sha256_of(corpus / "catalogue.jsonl"),
        "inputs_sha256": assistant.index.manifest.inputs,
        "embedder": assistant.index.manifest.embedder,
        "analyser": assistant.index.manifest.analyser,
        "python": platform.python_version(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        **{name: version(name) for name in _PACKAGES},
    }
