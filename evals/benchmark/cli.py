"""`python -m evals benchmark piaf|beir|faq|speed`: index with the project's own means, rank or time, print the figures.

The same table has what is plainer: each leg alone, reciprocal rank fusion, and what a tutorial gives, when its model is there.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from evals.benchmark.collection import Collection, load_beir, load_piaf
from evals.benchmark.faq import load_faq
from evals.benchmark.figures import as_table, rank_all
from evals.benchmark.misspelling import misspell
from evals.benchmark.speed import build_made, maker_of, measure_speed
from evals.benchmark.tutorial import MISSING, ROW, Tutorial, tutorial_model
from evals.questions import load_questions
from ingest.build import build_index, is_stale
from ingest.index.embedder import Embedder, load_embedder
from ingest.progress import Log
from ingest.settings import IngestSettings
from rag.pipeline import Assistant
from rag.request import AskRequest
from rag.reranker import load_reranker
from rag.settings import RagSettings

QUESTIONS = Path(__file__).resolve().parents[1] / "questions.jsonl"
CORPUS = Path(__file__).resolve().parents[2] / "corpus"


def add_benchmark(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The subcommand `benchmark` and its own."""
    parser = commands.add_parser("benchmark", help="rank a public or a made collection by each leg and fused (minutes)")
    kinds = parser.add_subparsers(dest="benchmark", required=True)
    piaf = kinds.add_parser("piaf", help="PIAF, a French retrieval benchmark")
    piaf.add_argument("source", type=Path, metavar="FILE", help="piaf-v1.0.json")
    beir = kinds.add_parser("beir", help="a BEIR-style folder: corpus.jsonl, queries.jsonl, qrels/*.tsv")
    beir.add_argument("source", type=Path, metavar="DIR")
    faq = kinds.add_parser("faq", help="sections of PDF files, with questions of the project's own")
    faq.add_argument("--pdf", dest="source", type=Path, required=True, metavar="DIR", help="folder of the PDF files")
    faq.add_argument("--beir", type=Path, metavar="DIR", help="also write the collection there, as a BEIR-style folder")
    for kind in (piaf, beir, faq):
        kind.set_defaults(act=_rank)
        kind.add_argument(
            "--keep", type=Path, metavar="DIR", help="keep the index there, and use it while it is current"
        )
        kind.add_argument(
            "--tutorial-model",
            type=Path,
            metavar="DIR",
            help="all-MiniLM-L6-v2, or another model, for what a tutorial gives (default: that of the package that carries it)",
        )
        kind.add_argument("--misspelt", type=int, metavar="SEED", help="also ask each question misspelt, by this seed")
    speed = kinds.add_parser("speed", help="time of a question over made passages, in a warm process")
    speed.set_defaults(act=_speed)
    speed.add_argument("--passages", type=int, default=10_000, metavar="N", help="how many (default: 10000)")
    speed.add_argument("--seed", type=int, default=1, metavar="SEED", help="of the made passages (default: 1)")
    speed.add_argument("--corpus", type=Path, default=CORPUS, metavar="DIR", help="whose sentences they are made of")
    speed.add_argument("--keep", type=Path, metavar="DIR", help="make them there, or use those that are there")


def _speed(options: argparse.Namespace) -> int:
    embedder = load_embedder(IngestSettings(), threads=1)
    questions = [
        question.question for question in load_questions(QUESTIONS) if question.answerable and not question.history
    ]
    with _folder(options.keep) as folder:
        home = folder / f"made-{options.passages}-{options.seed}"
        corpus, index = home / "corpus", home / "index"
        if not corpus.exists() or is_stale(corpus, index, embedder.identity):
            index = build_made(maker_of(options.corpus, options.seed), home, options.passages, embedder, _log)
        print(measure_speed(index, questions, embedder).as_text())
    return 0


def _rank(options: argparse.Namespace) -> int:
    model = tutorial_model(options.tutorial_model)
    collection = _load(options)
    tutorial = Tutorial.load(collection, model, _log) if model else None
    embedder = load_embedder(IngestSettings())
    with _folder(options.keep) as folder:
        reranker = load_reranker(RagSettings(), IngestSettings())
        assistant = Assistant.open(_indexed(collection, folder, embedder, _log), embedder, reranker=reranker)
        asked = [query.text for query in collection.queries]
        print(_table(collection, assistant, tutorial, asked))
        if options.misspelt is not None:
            print(f"\nEach question misspelt (seed {options.misspelt}), mended as the assistant does:\n")
            misspelt = [misspell(text, options.misspelt) for text in asked]
            print(_table(collection, assistant, tutorial, misspelt))
    if model is None:
        print(f"\n{MISSING}")
    return 0


def _table(collection: Collection, assistant: Assistant, tutorial: Tutorial | None, asked: Sequence[str]) -> str:
    """`asked` are the collection's questions as they are typed, in its order. A tutorial mends no question."""
    understood = (assistant.searcher.understand(AskRequest(question=text)).query for text in asked)
    rankings = rank_all(collection, assistant.searcher.retriever, understood, _log)
    return as_table(collection, rankings | ({ROW: tutorial.rank(asked)} if tutorial else {}))


def _load(options: argparse.Namespace) -> Collection:
    if options.benchmark == "piaf":
        return load_piaf(options.source)
    if options.benchmark == "beir":
        return load_beir(options.source)
    collection = load_faq(options.source, _log)
    if options.beir:
        collection.write_beir(options.beir)
    return collection


def _indexed(collection: Collection, folder: Path, embedder: Embedder, log: Log) -> Path:
    """The collection's index in `folder`, built if there is none of these documents by this code."""
    corpus, index = folder / f"corpus-{collection.digest[:12]}", folder / f"index-{collection.digest[:12]}"
    if not corpus.exists() or is_stale(corpus, index, embedder.identity):
        collection.write_corpus(corpus)
        build_index(corpus, index, embedder, log=log)
    return index


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep
        return
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        yield Path(folder)


def _log(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
