"""`python -m ui feedback export|delete` and `python -m ui gaps`: what was recorded, for editors. Results on stdout.

Exit status: 0, 1 nothing can be read (no file, no log of questions), 2 usage.
"""

from __future__ import annotations

import argparse
import csv
import json
import sqlite3
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from ingest.errors import IngestError
from ingest.offline import keep_offline
from ingest.settings import IngestSettings
from ui import texts
from ui.feedback import FeedbackStore, Kept
from ui.question_log import QuestionLog
from ui.serving_settings import ServingSettings

if TYPE_CHECKING:
    from ui.gaps import Gap, Vectors

COMMANDS = ("feedback", "gaps")
_COLUMNS = ("day", "useful", "comment", "question", "answer", "status", "index_build", "citations")
# What a spreadsheet takes for a formula, or strips to come to one.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def run_command(argv: Sequence[str], serving: ServingSettings, models: IngestSettings) -> int:
    """Run one of COMMANDS; argparse exits with 2 on wrong usage."""
    arguments = _parser().parse_args(argv)
    try:
        if arguments.command == "gaps":
            return _gaps(arguments, serving, models)
        return _feedback(arguments, serving.feedback_file)
    except (sqlite3.Error, OSError) as error:
        print(f"error: what was recorded cannot be read: {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ui")
    commands = parser.add_subparsers(dest="command", required=True)
    feedback = commands.add_parser("feedback", help="what users said of answers")
    what = feedback.add_subparsers(dest="what", required=True)
    export = what.add_parser("export", help="all of it, on stdout")
    export.add_argument("--format", choices=("jsonl", "csv"), default="jsonl", help="(default: jsonl)")
    delete = what.add_parser("delete", help="what came before a day, for good")
    delete.add_argument("--before", type=_day, required=True, metavar="DATE", help="YYYY-MM-DD; that day is kept")
    gaps = commands.add_parser("gaps", help="unanswered questions, those that ask nearly the same together")
    gaps.add_argument("--since", type=_day, metavar="DATE", help="YYYY-MM-DD (default: all that is kept)")
    gaps.add_argument("--min", type=_positive, default=1, metavar="N", help="groups of at least N (default: 1)")
    return parser


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r}: expected a date, YYYY-MM-DD") from None


def _positive(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) > 0):
        raise argparse.ArgumentTypeError(f"{text!r}: expected a number from 1")
    return int(text)


def _feedback(arguments: argparse.Namespace, path: Path) -> int:
    if not path.is_file():
        print(f"error: {path}: no feedback has been kept there (FEEDBACK_FILE names the file)", file=sys.stderr)
        return 1
    store = FeedbackStore(path)
    try:
        if arguments.what == "delete":
            print(f"{store.delete_before(arguments.before)} deleted", file=sys.stderr)
        elif arguments.format == "csv":
            write_csv(store.all(), sys.stdout)
        else:
            for kept in store.all():
                print(json.dumps(asdict(kept), ensure_ascii=False))
    finally:
        store.close()
    return 0


def write_csv(feedback: Iterable[Kept], target: TextIO) -> None:
    """Rows under a head. No cell begins as a formula does: a spreadsheet would run what a stranger sent."""
    writer = csv.writer(target)
    writer.writerow(_COLUMNS)
    for kept in feedback:
        cited = " ".join(f"{one.publication_id}:{one.start}-{one.end}" for one in kept.citations)
        row = asdict(kept) | {"useful": "yes" if kept.useful else "no", "citations": cited}
        writer.writerow([_harmless(str(row[column])) for column in _COLUMNS])


def _harmless(cell: str) -> str:
    return "'" + cell if cell.lstrip(" ").startswith(_FORMULA) else cell


def _gaps(arguments: argparse.Namespace, serving: ServingSettings, models: IngestSettings) -> int:
    if not serving.question_log_days:
        print(texts.GAPS_OFF, file=sys.stderr)
        return 1
    from ui.gaps import gaps_of

    log = QuestionLog(serving.question_log_file, serving.question_log_days)
    try:
        asked = log.unanswered(arguments.since)
    finally:
        log.close()
    gaps = gaps_of(asked, _encoder(models) if asked else None, least=arguments.min)
    print(_markdown(gaps, arguments.since))
    return 0


def _encoder(models: IngestSettings) -> Callable[[Sequence[str]], Vectors] | None:
    """The embedding model's vectors; without a model questions are grouped by their words alone, which is told."""
    from ingest.index.embedder import load_embedder

    keep_offline()
    try:
        return load_embedder(models).encode_queries
    except IngestError as error:
        print(f"grouped by words alone: {error}", file=sys.stderr)
        return None


def _markdown(gaps: Sequence[Gap], since: date | None) -> str:
    """A table that reads as it is, and in any Markdown viewer."""
    if not gaps:
        return texts.GAPS_NONE
    total = sum(gap.count for gap in gaps)
    lines = [
        f"# {texts.GAPS_TITLE}",
        "",
        texts.gaps_summary(total, len(gaps), since.isoformat() if since else None),
        "",
    ]
    lines += [_row(texts.GAPS_COLUMNS), _row(["---:", "---", "---", "---"])]
    lines += [_row([str(gap.count), gap.last_day, ", ".join(gap.terms), " / ".join(gap.examples)]) for gap in gaps]
    return "\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    escaped = (cell.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;") for cell in cells)
    return f"| {' | '.join(escaped)} |"
