"""The command itself: index, conversation, confirmation, one line more.

Exit status 0: the question is in the set; 1: it is not (declined, cut off by Ctrl-C or the end of input, refused by the
validator), and nothing was written.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from io import TextIOWrapper
from pathlib import Path

from evals.add import texts
from evals.add.append import append, line_of, next_id
from evals.add.conversation import converse
from evals.add.desk import Desk
from evals.add.terminal import Terminal
from evals.floors import sha256_of
from evals.questions import QuestionsError, load_questions
from evals.runner import built
from ingest.index.embedder import load_embedder
from ingest.settings import IngestSettings
from rag.pipeline import Assistant


def run_add(options: argparse.Namespace) -> int:
    """Read the set, ask at the terminal, write. Raises QuestionsError when the set is unsound before anything is asked."""
    terminal = _terminal()
    try:
        load_questions(options.questions)
        terminal.say(texts.INTRODUCTION)
        with _assistant(options.corpus, options.index, terminal) as assistant:
            return add_question(terminal, assistant, options.questions)
    except (EOFError, KeyboardInterrupt):
        terminal.say(f"\n{texts.STOPPED}")
        return 1


def add_question(terminal: Terminal, assistant: Assistant, path: Path) -> int:
    """One question, from the first prompt to its line in `path`; the exit status."""
    questions = load_questions(path)
    desk = Desk(assistant, questions)
    question = replace(converse(terminal, desk), id=next_id(questions))
    terminal.say(texts.LINE)
    terminal.say(line_of(question))
    if not terminal.agrees(texts.confirm(path)):
        terminal.say(texts.STOPPED)
        return 1
    try:
        written = append(path, question, desk.sources)
    except QuestionsError as error:
        terminal.say(texts.NOT_WRITTEN)
        terminal.say(str(error))
        return 1
    if written.id != question.id:
        terminal.say(texts.renumbered(question.id, written.id))
    terminal.say(texts.added(written.id, path))
    terminal.say(texts.reminder(sha256_of(path), written.split))
    return 0


def _terminal() -> Terminal:
    """The real one: bytes that are no UTF-8 come in as halves of pairs, which are refused where they are read."""
    for stream, errors in ((sys.stdin, "surrogateescape"), (sys.stdout, "backslashreplace")):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors=errors)
    with suppress(ImportError):
        import readline  # noqa: F401  (line editing: without it a pasted segment is cut at 4,096 bytes)
    return Terminal(ask=input, say=lambda text: print(text, flush=True))


@contextmanager
def _assistant(corpora: Sequence[Path], index: Path | None, terminal: Terminal) -> Iterator[Assistant]:
    """Over the index given, or over one of the corpora, which goes at the end."""
    embedder = load_embedder(IngestSettings(), threads=1)
    if index:
        yield Assistant.open(index, embedder)
        return
    terminal.say(texts.BUILDING)
    with built(corpora, embedder, _dot) as (_, folder, _):
        assistant = Assistant.open(folder, embedder)
        print(file=sys.stderr)
        terminal.say(texts.READY)
        yield assistant


def _dot(_line: str) -> None:
    print(".", end="", file=sys.stderr, flush=True)
