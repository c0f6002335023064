"""What `run` and `gate` share: the options of a run that is made anew, making it, and telling of it."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from evals.environment import environment_of
from evals.floors import Floors
from evals.follow_ups import load_follow_ups
from evals.questions import load_questions
from evals.report import as_markdown, as_text, failures, misunderstood, with_table
from evals.runner import Asked, Run, run_evals
from evals.runs import keep
from ingest.index.embedder import load_embedder
from ingest.settings import IngestSettings

HOME = Path(__file__).parent
ROOT = HOME.parent
CORPORA = [ROOT / "corpus", HOME / "fixtures"]


def add_options(parser: argparse.ArgumentParser) -> None:
    """What is asked, what it is held against, and what is written of it; the corpora apart."""
    parser.add_argument("--follow-ups", type=Path, default=HOME / "follow_ups.jsonl", help="the follow-up questions")
    parser.add_argument("--floors", type=Path, default=HOME / "floors.json", help="floors and targets")
    parser.add_argument("--keep", metavar="VERSION", help="keep the run with its answers under this name")
    parser.add_argument("--replace", action="store_true", help="keep it even where one of that name is kept")
    parser.add_argument(
        "--runs", type=Path, metavar="DIR", help="where runs are kept (default: `runs` beside the floors)"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures and versions")
    parser.add_argument(
        "--readme",
        type=Path,
        nargs="?",
        const=ROOT / "README.md",
        metavar="FILE",
        help="rewrite the quality table of the README (or of FILE)",
    )
    # Without a word only `dev`: whoever reads what went wrong tunes on it, and `test` is never tuned on.
    parser.add_argument(
        "--failures",
        nargs="?",
        choices=("dev", "test", "all"),
        const="dev",
        help="list what went wrong, question by question (default: dev)",
    )


def runs_of(options: argparse.Namespace) -> Path:
    """The folder of kept runs."""
    return Path(options.runs or options.floors.parent / "runs")


def asked_of(options: argparse.Namespace) -> Asked:
    """The question set and the follow-ups. Raises QuestionsError."""
    return Asked(
        file=options.questions,
        questions=load_questions(options.questions),
        follow_ups=load_follow_ups(options.follow_ups),
    )


def made(options: argparse.Namespace, asked: Asked) -> Run:
    """Build the corpora and ask every question."""
    # One thread, as when serving, for the latency; the build, which otherwise takes all cores, is measured on one too.
    return run_evals(options.corpus, asked, load_embedder(IngestSettings(), threads=1), log)


def tell(run: Run, options: argparse.Namespace) -> None:
    """Print the figures and what went wrong, and write the figures as JSON."""
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


def keep_it(run: Run, options: argparse.Namespace) -> None:
    """Keep the run under the version asked for."""
    environment = environment_of(run, options.corpus, ROOT, datetime.now(UTC))
    log(f"kept: {keep(run, environment, options.keep, home=runs_of(options), replace=options.replace)}")


def write_table(run: Run, options: argparse.Namespace, floors: Floors) -> None:
    """Put the quality table into the README. Raises ReadmeError."""
    readme = options.readme.read_text(encoding="utf-8")
    options.readme.write_text(with_table(readme, as_markdown(run.report, floors)), encoding="utf-8")


def log(line: str) -> None:
    """Progress, on stderr."""
    print(line, file=sys.stderr, flush=True)
