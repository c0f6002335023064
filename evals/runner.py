"""Builds the corpora into a temporary index, puts the questions to the assistant, judges what came back.

In: corpus folders (read as one), the questions, a loaded embedder. Out: a Report and judged outcomes, or the fitted models.
So the figures are about the code and the corpora at hand, never about an index that was built earlier. Refused: evidence that
no longer stands in the corpora (QuestionsError), a corpus that cannot be built (IngestError).
"""

from __future__ import annotations

import os
import platform
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from importlib.metadata import version
from pathlib import Path
from time import perf_counter

from evals.calibrate import Calibration, Labelled, calibrate
from evals.corpora import corpus_sha256, joined
from evals.fit import Fitted, Listed, fit_fitness
from evals.floors import sha256_of
from evals.follow_ups import FollowUp, resolved
from evals.further import Further
from evals.measures import Judged, Outcome, judge, percentile
from evals.questions import GoldSpan, Question, QuestionsError, Source, Split, locate
from evals.rankings import RANKING_DEPTH
from evals.report import Report
from evals.spans import FoldedText, shares_half
from evals.summary import Summary, summary_of
from ingest.build import Embedder, build_index
from ingest.catalogue import load_catalogue
from ingest.document import Passage, Span
from ingest.index.index import Index
from ingest.read import read_all
from rag.answer import Answer
from rag.answerability import Answerability
from rag.compose.fitness import Extract, Fitness
from rag.compose.traits import TRAITS
from rag.pipeline import Assistant
from rag.request import AskRequest
from rag.signals import FEATURES

WARM_UP = "Comment associer les habitants à un projet ?"
_PACKAGES = ("bm25s", "chromadb", "ir-measures", "numpy", "sentence-transformers", "torch")

_ANSWERS_ALL = Answerability(
    weights=(0.0,) * len(FEATURES),
    means=(0.0,) * len(FEATURES),
    spreads=(1.0,) * len(FEATURES),
    bias=0.0,
    threshold=0.0,
    fitted_on="nothing",
)

_FITS_ALIKE = Fitness(weights=(0.0,) * len(TRAITS), fitted_on="nothing")

Log = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is put to the assistant: the questions with their file, and the follow-ups. `further` are for the fit alone."""

    file: Path
    questions: Sequence[Question]
    follow_ups: Sequence[FollowUp] = ()
    further: Sequence[Further] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A report and what it rests on. `understood`, of each follow-up, is by its id; `index_bytes` is the size of the index."""

    report: Report
    summary: Summary
    judged: tuple[Judged, ...]
    passages: tuple[Passage, ...]
    asked: Asked
    understood: Mapping[str, str]
    index_bytes: int

    @property
    def unresolved(self) -> list[tuple[FollowUp, str]]:
        """The follow-ups that were not resolved, with what was understood instead."""
        pairs = [(item, self.understood[item.id]) for item in self.asked.follow_ups]
        return [(item, text) for item, text in pairs if not resolved(item, text)]


def sources_of_corpus(corpora: Sequence[Path]) -> dict[str, Source]:
    """The repaired text and pages of every publication that can be read, without an index."""
    read = [document for corpus in corpora for document in read_all(corpus, load_catalogue(corpus))[0]]
    return {
        document.publication.id: Source(
            text=FoldedText(document.text),
            pages=tuple((Span(block.start, block.end), block.page) for block in document.blocks),
        )
        for document in read
    }


def run_evals(corpora: Sequence[Path], asked: Asked, embedder: Embedder, log: Log) -> Run:
    """Everything between the question set and its figures."""
    sources = sources_of_corpus(corpora)
    gold = locate(asked.questions, sources)
    with built(corpora, embedder, log) as (corpus, index, seconds):
        assistant = Assistant.open(index, embedder)
        outcomes = ask_all(assistant, asked.questions, log)
        understood = {item.id: _completed(assistant, item) for item in asked.follow_ups}
        versions = _versions(corpus, asked.file, assistant)
        index_bytes = sum(file.stat().st_size for file in index.rglob("*") if file.is_file())
    passages = assistant.index.passages
    # The corpora's own texts, read beside the build: one that wrote others would find its quotations in those.
    judged = judge(outcomes, gold, passages, {name: source.text.text for name, source in sources.items()})
    summary = summary_of(judged, asked.follow_ups, understood)
    milliseconds = [outcome.milliseconds for outcome in outcomes]
    report = Report(
        groups={name: group.figures for name, group in summary.groups.items()},
        kinds={name: group.figures for name, group in summary.kinds.items()},
        latency_median_ms=percentile(milliseconds, Fraction(1, 2)),
        latency_p95_ms=percentile(milliseconds, Fraction(95, 100)),
        build_seconds=seconds,
        versions=versions,
    )
    return Run(
        report=report,
        summary=summary,
        judged=tuple(judged),
        passages=passages,
        asked=asked,
        understood=understood,
        index_bytes=index_bytes,
    )


def fit_models(corpora: Sequence[Path], asked: Asked, embedder: Embedder, log: Log) -> tuple[Fitted, Calibration]:
    """Fit both models on the dev questions: which sentences fit, and, with the further ones, when there is an answer.

    Raises QuestionsError when evidence of too few is found, or the model decides on questions of one kind only.
    """
    dev = [question for question in asked.questions if question.split is Split.DEV]
    gold = locate([question for question in dev if question.answerable], sources_of_corpus(corpora))
    with built(corpora, embedder, log) as (_, index, _):
        # Not Assistant.open: it loads the very models that are to be fitted, and refuses those of other features.
        assistant = Assistant(Index.open(index, embedder), embedder, answerability=_ANSWERS_ALL)
        lists = [_listed(assistant.found_sentences(q.request, _FITS_ALIKE), gold[q.id]) for q in dev if q.answerable]
        labelled = _labelled(assistant, [(one.request, one.answerable) for one in dev])
        further = _labelled(assistant, [(AskRequest(question=one.question), one.answerable) for one in asked.further])
    name = f"{asked.file.name}@{sha256_of(asked.file)[:12]}"
    counts = f"{len(labelled)} dev questions" + (f" and {len(further)} further ones" if further else "")
    try:
        return (
            fit_fitness(lists, f"{name}: {len(lists)} dev questions"),
            calibrate(labelled, f"{name}: {counts}", further),
        )
    except ValueError as error:
        raise QuestionsError([f"{asked.file}: {error}"]) from error


def _labelled(assistant: Assistant, requests: Iterable[tuple[AskRequest, bool]]) -> list[Labelled]:
    """Those of the requests that words do not settle."""
    found = [(assistant.searcher.signals_for(request), answerable) for request, answerable in requests]
    return [
        Labelled(signals, answerable) for signals, answerable in found if signals and signals.settled_by_words is None
    ]


def _listed(extracts: Sequence[Extract], gold: Sequence[GoldSpan]) -> Listed:
    """The sentences found, and which of them hold evidence of the highest grade."""
    top = max(entry.grade for entry in gold)
    return Listed(
        traits=[extract.traits for extract in extracts],
        right=[
            any(
                entry.publication == extract.ranked.passage.publication_id
                and shares_half(entry.span, extract.reader.spans[extract.position])
                for entry in gold
                if entry.grade == top
            )
            for extract in extracts
        ],
    )


def ask_all(assistant: Assistant, questions: Sequence[Question], log: Log) -> list[Outcome]:
    """Put each question once, after one that warms up and is not counted."""
    assistant.ask(WARM_UP)
    outcomes = []
    for number, question in enumerate(questions, start=1):
        start = perf_counter()
        answer = assistant.reply(question.request)
        milliseconds = 1000 * (perf_counter() - start)
        found = assistant.searcher.search(question.question, k=RANKING_DEPTH, history=question.history)
        outcomes.append(
            Outcome(
                question=question,
                answer=answer,
                ranking=tuple(ranked.passage.id for ranked in found),
                milliseconds=milliseconds,
                probability=assistant.searcher.probability(question.request),
                places=_first_places(assistant, answer),
            )
        )
        if number % 50 == 0 or number == len(questions):
            log(f"{number} of {len(questions)} questions asked")
    return outcomes


def _first_places(assistant: Assistant, answer: Answer) -> frozenset[str]:
    """What the first example shown is about, or the first citation where none is shown."""
    shown = [
        *(example.passage_id for example in answer.examples[:1]),
        *(citation.passage_id for citation in answer.citations[:1]),
    ]
    return assistant.searcher.places_of(shown[0]) if shown else frozenset()


def _completed(assistant: Assistant, item: FollowUp) -> str:
    return assistant.searcher.understand(AskRequest(question=item.question, history=item.history)).question


def texts_of(index: Index) -> dict[str, str]:
    """The texts that the build keeps for offsets to point into; bytes, so that no line end is changed."""
    home = index.folder / "documents"
    return {name: (home / f"{name}.txt").read_bytes().decode() for name in index.publications}


@contextmanager
def built(corpora: Sequence[Path], embedder: Embedder, log: Log) -> Iterator[tuple[Path, Path, float]]:
    """The corpora joined, an index of them, and the seconds that building took; both folders go at the end."""
    with tempfile.TemporaryDirectory(prefix="evals-") as folder:
        corpus, index = joined(corpora, Path(folder) / "corpus"), Path(folder) / "index"
        start = perf_counter()
        build_index(corpus, index, embedder, log=log)
        yield corpus, index, perf_counter() - start


def _versions(corpus: Path, questions_file: Path, assistant: Assistant) -> Mapping[str, str]:
    return {
        "questions_sha256": sha256_of(questions_file),
        "corpus_sha256": corpus_sha256(corpus),
        "inputs_sha256": assistant.index.manifest.inputs,
        "embedder": assistant.index.manifest.embedder,
        "analyser": assistant.index.manifest.analyser,
        "python": platform.python_version(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        **{name: version(name) for name in _PACKAGES},
    }
