"""`python -m evals run|gate|compare|report|validate|add|calibrate|on-page|planted|chat|benchmark|release`.

Results on stdout, progress on stderr. Exit status 0: nothing stands against the release or build (`gate`), the question set is
sound (`validate`), the question is in it (`add`), the models are written (`calibrate`), the figures printed (the others);
1: not so, or it could not be found out; 2: usage, for `report` a run of which none can be made, for `chat` no chat model named.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from evals.add.command import run_add
from evals.asking import CORPORA, HOME, add_options, asked_of, keep_it, log, made, runs_of, tell, write_table
from evals.benchmark.cli import add_benchmark
from evals.benchmark.collection import CollectionError
from evals.chat_model.command import add_chat_options, run_chat
from evals.comparison import add_compare
from evals.floors import FloorsError, load_floors
from evals.further import NAME as FURTHER
from evals.further import load_further
from evals.gate import add_gate
from evals.kept_lines import RunError
from evals.on_page import run_on_page
from evals.planted_sentences import add_planted
from evals.questions import QuestionsError, load_questions
from evals.release import ReleaseError, add_release
from evals.release_report.command import add_report
from evals.report import ReadmeError
from evals.runner import Asked, fit_models
from evals.runs import check_name
from evals.validation import run_validate
from ingest.errors import IngestError
from ingest.index.embedder import load_embedder
from ingest.settings import IngestSettings
from rag.answerability import MODEL_FILE
from rag.compose.fitness import MODEL_FILE as FITNESS_FILE


def main(argv: Sequence[str]) -> int:
    """Run the command; returns the exit status."""
    try:
        options = _parser().parse_args(argv)
        return int(options.act(options))
    except SystemExit as stop:  # argparse has said why; 0 after --help
        return int(stop.code or 0)
    except (
        CollectionError,
        QuestionsError,
        FloorsError,
        ReadmeError,
        ReleaseError,
        RunError,
        IngestError,
        OSError,
    ) as error:
        print(error, file=sys.stderr)
        return 1


def _run(options: argparse.Namespace) -> int:
    if options.keep:
        check_name(options.keep, home=runs_of(options), replace=options.replace)
    floors = load_floors(options.floors)
    run = made(options, asked_of(options))
    tell(run, options)
    print("", *floors.missed(run.report.groups["all"].to_json()), sep="\n")
    if options.keep:
        keep_it(run, options)
    if options.readme:
        write_table(run, options, floors)
    return 0


def _calibrate(options: argparse.Namespace) -> int:
    questions = load_questions(options.questions)
    embedder = load_embedder(IngestSettings(), threads=1)
    further = options.questions.with_name(FURTHER)
    asked = Asked(
        file=options.questions,
        questions=questions,
        further=load_further(further, questions) if further.exists() else (),
    )
    fitted, found = fit_models(options.corpus, asked, embedder, log)
    fitted.model.save(options.fitness)
    print(f"{options.fitness}: fitted on {fitted.model.fitted_on}")
    print(
        f"ten-fold, {fitted.questions} questions: evidence in the first sentence {fitted.first:.3f}, "
        f"first three {fitted.first_3:.3f}, first five {fitted.first_5:.3f}"
    )
    found.model.save(options.model)
    print(f"{options.model}: threshold {found.model.threshold}, fitted on {found.model.fitted_on}")
    print(
        f"leave one out: AUROC {found.auroc:.3f}, answerable refused {found.refused_wrongly:.3f}, "
        f"unanswerable answered {found.answered_wrongly:.3f}"
    )
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evals", description="Question set, measures and release gate.")
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="build the corpus, ask every question, print the figures")
    add_options(run)
    validate = commands.add_parser("validate", help="check the question set against its schema and the corpus")
    validate.add_argument("--follow-ups", type=Path, default=HOME / "follow_ups.jsonl", help="the follow-up questions")
    add = commands.add_parser("add", help="add a question and its evidence to the set, asked for in French")
    add.add_argument("--index", type=Path, metavar="DIR", help="ask this index (default: one made of the corpora)")
    calibrate = commands.add_parser(
        "calibrate", help="fit when a question is answered and by which sentences, on the dev questions alone"
    )
    calibrate.add_argument("--model", type=Path, default=MODEL_FILE, help="file to write (default: the one in use)")
    calibrate.add_argument("--fitness", type=Path, default=FITNESS_FILE, help="file of the weights of sentences")
    on_page = commands.add_parser("on-page", help="ask every question on the page of its publication and of another")
    chat = commands.add_parser("chat", help="ask with the chat model that CHAT_MODEL names, beside the extracts")
    add_chat_options(chat)
    acts = (_run, run_validate, run_add, _calibrate, run_on_page, run_chat)
    for command, act in zip((run, validate, add, calibrate, on_page, chat), acts, strict=True):
        command.set_defaults(act=act)
        command.add_argument(
            "--corpus",
            type=Path,
            nargs="+",
            default=list(CORPORA),
            metavar="DIR",
            help="folders of catalogues, read as one (default: the project's corpus and the fixtures of the evals)",
        )
        command.add_argument("--questions", type=Path, default=HOME / "questions.jsonl", help="the question set")
    add_benchmark(commands)
    add_compare(commands)
    add_gate(commands)
    add_planted(commands, CORPORA)
    add_release(commands)
    add_report(commands)
    return parser
