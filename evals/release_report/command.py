"""`python -m evals report RUN [--against OTHER]`: a kept run -> the report of a release, as a page, as Markdown, or both.

Exit status 0: written; 2: one line says what is wrong with the run, the run before it, the question set or a place to write to,
and nothing is written; 1: what draws the plots is not installed.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evals.corpora import corpus_sha256, joined
from evals.floors import sha256_of
from evals.follow_ups import FollowUp, load_follow_ups, resolved
from evals.kept_lines import RunError
from evals.questions import Question, QuestionsError, load_questions
from evals.release_report.contents import Again, Contents, contents_of
from evals.release_report.earlier import last_before
from evals.runs import RUNS, KeptRun, judged_again, load_run
from evals.summary import summary_of
from ingest.catalogue import load_catalogue
from ingest.document import Passage
from ingest.errors import IngestError
from ingest.inputs import data_file
from ingest.passages import cut_passages
from ingest.read import read_all
from ingest.territories import Gazetteer

_EVALS = Path(__file__).resolve().parents[1]
_PAGE, _NOTES = ".html", ".md"


def add_report(commands: Any) -> None:  # noqa: ANN401
    """The sub-command, for the parser of `python -m evals`."""
    parser = commands.add_parser("report", help="a kept run as a page or as Markdown, against the run before it")
    parser.add_argument("run", metavar="RUN", help="a kept run: its version, or its folder")
    parser.add_argument("--against", metavar="OTHER", help="the run to compare with (default: the last one before RUN)")
    parser.add_argument(
        "--output",
        type=_output,
        action="append",
        metavar="FILE",
        help="FILE.html for the page, FILE.md for Markdown; may be given twice (default: report-RUN.html, here)",
    )
    parser.add_argument("--runs", type=Path, default=RUNS, metavar="DIR", help="where runs are kept")
    parser.add_argument("--questions", type=Path, default=_EVALS / "questions.jsonl", help="the set that RUN was asked")
    parser.add_argument("--follow-ups", type=Path, default=_EVALS / "follow_ups.jsonl", help="its follow-up questions")
    parser.add_argument(
        "--corpus",
        type=Path,
        nargs="+",
        default=[_EVALS.parent / "corpus", _EVALS / "fixtures"],
        metavar="DIR",
        help="where the texts of passages are looked up (default: the project's corpus and the fixtures of the evals)",
    )
    parser.set_defaults(act=_report)


def _output(text: str) -> Path:
    path = Path(text)
    if path.suffix not in {_PAGE, _NOTES}:
        raise argparse.ArgumentTypeError(f"{text}: expected a name that ends in {_PAGE} or {_NOTES}")
    return path


def _report(options: argparse.Namespace) -> int:
    try:
        outputs = _written(options)
    except ModuleNotFoundError as error:
        print(f"error: {error.name} is not installed (it is one of requirements-dev.lock)", file=sys.stderr)
        return 1
    except (RunError, QuestionsError, IngestError, OSError) as error:
        print(f"error: {str(error).partition(chr(10))[0]}", file=sys.stderr)
        return 2
    print("\n".join(map(str, outputs)))
    return 0


def _written(options: argparse.Namespace) -> list[Path]:
    """The files, once they are whole. Raises RunError, QuestionsError, IngestError, OSError, and then none is there."""
    run = load_run(options.run, home=options.runs)
    outputs = options.output or [Path(f"report-{run.name}{_PAGE}")]
    for output in outputs:
        if output.is_dir() or not output.parent.is_dir():
            raise RunError(f"{output}: expected a file in a folder that is there")
    before = _before(run, options)
    contents = contents_of(_again(run, options), before)
    _write({output: _laid_out(contents, output) for output in outputs})
    return list(outputs)


def _before(run: KeptRun, options: argparse.Namespace) -> KeptRun | None:
    name = options.against or last_before(run, run.folder.parent)
    if name is None:
        return None
    before = load_run(name, home=options.runs if options.against else run.folder.parent)
    if before.folder.resolve() == run.folder.resolve():
        raise RunError(f"--against {name}: is the run itself, expected another one")
    return before


def _again(run: KeptRun, options: argparse.Namespace) -> Again:
    questions = _questions(run, options.questions)
    follow_ups = _follow_ups(run, options.follow_ups)
    judged = judged_again(run, questions)
    asked_there = _kept_hash(run, "corpus")
    return Again(
        run=run,
        judged=judged,
        summary=summary_of(judged, follow_ups, run.understood),
        passages=_passages(options.corpus),
        texts_at_hand=_corpus_sha256(options.corpus) == asked_there,
    )


def _questions(run: KeptRun, path: Path) -> tuple[Question, ...]:
    """The set that the run was asked, by its hash: a report shows evidence that the run did not keep."""
    asked = _kept_hash(run, "questions")
    try:
        found = sha256_of(path)
    except OSError as error:
        raise RunError(f"{path}: cannot be read: {error} (name the question set: --questions)") from error
    if found != asked:
        raise RunError(
            f"{path}: is not the question set that {run.name} was asked: its SHA-256 is {found[:12]}…, "
            f"expected {asked[:12]}… (name the one of then: --questions)"
        )
    return load_questions(path)


def _follow_ups(run: KeptRun, path: Path) -> tuple[FollowUp, ...]:
    items = load_follow_ups(path) if run.understood else ()
    again = {item.id: resolved(item, run.understood[item.id]) for item in items if item.id in run.understood}
    if len(again) != len(items) or again != run.resolved:
        raise RunError(f"{path}: are not the follow-ups that {run.name} was asked (name those of then: --follow-ups)")
    return items


def _kept_hash(run: KeptRun, what: str) -> str:
    row = run.environment.get(what)
    value = row.get("sha256") if isinstance(row, dict) else None
    if not isinstance(value, str):
        raise RunError(
            f"{run.folder / 'environment.json'}: {what}: sha256 is {value!r}, expected text (keep the run again)"
        )
    return value


def _passages(corpora: list[Path]) -> dict[str, Passage]:
    """By id. An id holds the hash of its text, so what is found here is what was found then, whatever the corpora are."""
    gazetteer = Gazetteer.load(data_file(corpora[0], "territories.json"))
    documents = (document for corpus in corpora for document in read_all(corpus, load_catalogue(corpus))[0])
    return {passage.id: passage for document in documents for passage in cut_passages(document, gazetteer)}


def _corpus_sha256(corpora: list[Path]) -> str:
    with tempfile.TemporaryDirectory(prefix="evals-") as folder:
        return corpus_sha256(joined(corpora, Path(folder) / "corpus"))


def _laid_out(contents: Contents, output: Path) -> str:
    # Not above: what draws and lays out a page is only needed here.
    if output.suffix == _NOTES:
        from evals.release_report.notes import as_notes

        return as_notes(contents)
    from evals.release_report.page import as_page

    return as_page(contents)


def _write(texts: Mapping[Path, str]) -> None:
    """Every file whole, and the first one not before the last is written."""
    temporary = {output: output.with_name(f".{output.name}.{os.getpid()}") for output in texts}
    try:
        for output, text in texts.items():
            temporary[output].write_text(text, encoding="utf-8", newline="\n")
        for output, fresh in temporary.items():
            fresh.replace(output)
    finally:
        for fresh in temporary.values():
            fresh.unlink(missing_ok=True)
