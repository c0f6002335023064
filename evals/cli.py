"""`python -m evals run|compare|validate|add|calibrate|benchmark`.

Results on stdout, progress on stderr. Exit status 0: all floors hold (`run`), the question set is sound (`validate`), the
question is in it (`add`), the model is written (`calibrate`), the table printed (`benchmark`, `compare`); 1: not so, or it
could not be found out; 2: usage.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from evals.add.command import run_add
from evals.benchmark.cli import add_benchmark
from evals.benchmark.collection import CollectionError
from evals.comparison import add_compare
from evals.environment import environment_of
from evals.floors import FloorsError, broken, changed_since_set, load_floors, sha256_of
from evals.follow_ups import load_follow_ups
from evals.further import NAME as FURTHER
from evals.further import load_further
from evals.kept_lines import RunError
from evals.questions import QuestionsError, load_questions, locate
from evals.report import ReadmeError, as_markdown, as_text, failures, misunderstood, with_table
from evals.runner import Asked, fit_models, run_evals, sources_of_corpus
from evals.runs import RUNS, check_name, keep
from evals.served import against, build_folder, judge_build, measured
from ingest.errors import IngestError
from ingest.index.embedder import load_embedder
from ingest.settings import IngestSettings
from rag.answerability import MODEL_FILE
from rag.compose.fitness import MODEL_FILE as FITNESS_FILE

_HOME = Path(__file__).parent
_ROOT = _HOME.parent


def main(argv: Sequence[str]) -> int:
    """Run the command; returns the exit status."""
    try:
        options = _parser().parse_args(argv)
    except SystemExit as stop:  # argparse has said why; 0 after --help
        return int(stop.code or 0)
    try:
        return int(options.act(options))
    except (CollectionError, QuestionsError, FloorsError, ReadmeError, RunError, IngestError, OSError) as error:
        print(error, file=sys.stderr)
        return 1


def _run(options: argparse.Namespace) -> int:
    if options.keep:
        check_name(options.keep, home=options.runs, replace=options.replace)
    questions = load_questions(options.questions)
    floors = load_floors(options.floors)
    # One thread, as when serving, for the latency; the build, which otherwise takes all cores, is measured on one too.
    embedder = load_embedder(IngestSettings(), threads=1)
    asked = Asked(file=options.questions, questions=questions, follow_ups=load_follow_ups(options.follow_ups))
    run = run_evals(options.corpus, asked, embedder, _log)
    print(as_text(run.report))
    print(f"index: {run.index_bytes / 1e6:.1f} MB")
    if options.failures:
        chosen = [e for e in run.judged if options.failures in ("all", e.outcome.question.split)]
        print("\n" + failures(chosen, run.passages))
        unresolved = [entry for entry in run.unresolved if options.failures in ("all", entry[0].split)]
        print("\n" + misunderstood(unresolved))
    if options.json:
        text = json.dumps(run.report.to_json(), ensure_ascii=False, indent=2) + "\n"
        options.json.write_text(text, encoding="utf-8")
    if options.keep:
        environment = environment_of(run, options.corpus, _ROOT)
        _log(f"kept: {keep(run, environment, options.keep, home=options.runs, replace=options.replace)}")
    if options.readme:
        readme = options.readme.read_text(encoding="utf-8")
        options.readme.write_text(with_table(readme, as_markdown(run.report, floors)), encoding="utf-8")
    problems = changed_since_set(floors, run.report.versions)
    problems += broken(floors, run.report.groups["all"])
    print("\ngate: " + ("\n      ".join(problems) if problems else "all floors hold"))
    return 1 if problems else 0


def _gate(options: argparse.Namespace) -> int:
    folder = build_folder(options.index, options.build)
    embedder = load_embedder(IngestSettings(), threads=1)
    floors = load_floors(options.floors)
    found = judge_build(folder, load_questions(options.questions), embedder, _log)
    held = measured(floors, found)
    problems = changed_since_set(floors, {"questions_sha256": sha256_of(options.questions)}) + broken(held, found)
    print("\n".join(against(held, found)))
    print("gate: " + ("\n      ".join(problems) if problems else "all floors hold"))
    return 1 if problems else 0


def _validate(options: argparse.Namespace) -> int:
    questions = load_questions(options.questions)
    locate(questions, sources_of_corpus(options.corpus))
    counts = Counter((question.kind, question.split) for question in questions)
    for (kind, split), count in sorted(counts.items()):
        print(f"{kind:12}{split:6}{count:4}")
    print(f"{len(questions)} questions, all evidence stands in the corpus")
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
    fitted, found = fit_models(options.corpus, asked, embedder, _log)
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
    run = commands.add_parser("run", help="build the corpus, ask every question, print the figures, hold the floors")
    gate = commands.add_parser("gate", help="put the questions to a build as it lies there, hold the floors")
    gate.add_argument("--index", type=Path, required=True, metavar="DIR", help="the folder that holds `current`")
    gate.add_argument("--build", metavar="NAME", help="which of its builds (default: the one that `current` names)")
    gate.add_argument("--questions", type=Path, default=_HOME / "questions.jsonl", help="the question set")
    gate.set_defaults(act=_gate)
    validate = commands.add_parser("validate", help="check the question set against its schema and the corpus")
    add = commands.add_parser("add", help="add a question and its evidence to the set, asked for in French")
    add.add_argument("--index", type=Path, metavar="DIR", help="ask this index (default: one made of the corpora)")
    calibrate = commands.add_parser(
        "calibrate", help="fit when a question is answered and by which sentences, on the dev questions alone"
    )
    calibrate.add_argument("--model", type=Path, default=MODEL_FILE, help="file to write (default: the one in use)")
    calibrate.add_argument("--fitness", type=Path, default=FITNESS_FILE, help="file of the weights of sentences")
    for command, act in ((run, _run), (validate, _validate), (add, run_add), (calibrate, _calibrate)):
        command.set_defaults(act=act)
        command.add_argument(
            "--corpus",
            type=Path,
            nargs="+",
            default=[_ROOT / "corpus", _HOME / "fixtures"],
            metavar="DIR",
            help="folders of catalogues, read as one (default: the project's corpus and the fixtures of the evals)",
        )
        command.add_argument("--questions", type=Path, default=_HOME / "questions.jsonl", help="the question set")
    add_benchmark(commands)
    add_compare(commands)
    for command in (run, gate):
        command.add_argument(
            "--floors", type=Path, default=_HOME / "floors.json", help="bounds that make the command fail"
        )
    run.add_argument("--follow-ups", type=Path, default=_HOME / "follow_ups.jsonl", help="the follow-up questions")
    run.add_argument("--keep", metavar="VERSION", help="keep the run with its answers under this name")
    run.add_argument("--replace", action="store_true", help="keep it even where one of that name is kept")
    run.add_argument("--runs", type=Path, default=RUNS, metavar="DIR", help="where runs are kept (default: evals/runs)")
    run.add_argument("--json", type=Path, metavar="FILE", help="write all figures and versions")
    run.add_argument(
        "--readme",
        type=Path,
        nargs="?",
        const=_ROOT / "README.md",
        metavar="FILE",
        help="rewrite the quality table of the README (or of FILE)",
    )
    # Without a word only `dev`: whoever reads what went wrong tunes on it, and `test` is never tuned on.
    run.add_argument(
        "--failures",
        nargs="?",
        choices=("dev", "test", "all"),
        const="dev",
        help="list what went wrong, question by question (default: dev)",
    )
    return parser


def _log(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
