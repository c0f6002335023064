"""`python -m rag ask` and `python -m rag search`: results on stdout, messages on stderr.

Exit status: 0 whatever the answers' statuses, 1 when the index cannot be opened (or a file read or written), 2 usage.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.offline import keep_offline

if TYPE_CHECKING:
    from rag.answer import Answer
    from rag.pipeline import Assistant


def main(argv: Sequence[str]) -> int:
    """Run one command; argparse exits with 2 on wrong usage."""
    parser = _parser()
    arguments = parser.parse_args(argv)
    if arguments.command == "ask" and (arguments.question is None) == (arguments.batch is None):
        parser.error("ask takes a question or --batch FILE, one of them")
    if arguments.command == "search" and arguments.k < 1:
        parser.error("--k must be 1 or more")
    keep_offline()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # Half a surrogate pair, which JSON may carry, comes out as the escape that it went in as.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    return _run(arguments)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m rag", description="Ask the index.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    ask = commands.add_parser("ask", help="answer a question, or each line of a JSON lines file")
    ask.add_argument("question", nargs="?")
    ask.add_argument(
        "--batch",
        type=Path,
        metavar="FILE",
        help='lines {"id", "question", "history"?, "on_page"?}; answers as JSON lines',
    )
    ask.add_argument("--json", action="store_true", help="print the whole answer as JSON")
    search = commands.add_parser("search", help="write a TREC run of the passages found")
    search.add_argument("--batch", type=Path, metavar="FILE", required=True, help='lines {"id", "question"}')
    search.add_argument("--k", type=int, default=100, help="results a question (default: 100)")
    search.add_argument("--run", type=Path, metavar="FILE", required=True, help="the TREC run to write")
    search.add_argument("--level", choices=("passage", "publication"), default="passage")
    for command in (ask, search):
        command.add_argument(
            "--index", type=Path, default=Path("var/index"), help="folder of builds (default: var/index)"
        )
    return parser


def _run(arguments: argparse.Namespace) -> int:
    # Imported here, so that --help and a wrong option answer at once.
    from ingest.errors import IngestError
    from ingest.index.embedder import load_embedder
    from ingest.settings import IngestSettings
    from rag.chat.client import open_chat_model
    from rag.chat.settings import ChatSettings
    from rag.pipeline import Assistant
    from rag.reranker import load_reranker
    from rag.settings import RagSettings
    from rag.support.inference import load_infer

    try:
        lines = _lines(arguments.batch) if arguments.batch else []
        ingest, answering, chat = IngestSettings(), RagSettings(), open_chat_model(ChatSettings())
        assistant = Assistant.open(
            arguments.index,
            load_embedder(ingest),
            reranker=load_reranker(answering, ingest),
            chat=chat,
            infer=load_infer(answering, ingest, chat) if chat else None,
        )
        if arguments.command == "search":
            _write_run(assistant, lines, arguments)
        elif arguments.batch:
            for answer in _answers(assistant, lines):
                print(json.dumps(answer.to_json(), ensure_ascii=False), flush=True)
        else:
            _print(assistant.ask(arguments.question), as_json=arguments.json)
    except (IngestError, OSError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def _answers(assistant: Assistant, lines: Sequence[bytes]) -> Iterator[Answer]:
    """One answer for every line, in order; a line that is no request gets an answer of status `error`."""
    from rag.errors import RequestError
    from rag.request import error_answer, parse_request

    for line in lines:
        row = _row(line)
        identifier = row.get("id") if isinstance(row, dict) else None
        try:
            names = ("question", "history", "on_page")
            wanted = {name: row[name] for name in names if name in row} if isinstance(row, dict) else row
            answer = assistant.reply(parse_request(wanted))
        except RequestError as error:
            question = row.get("question") if isinstance(row, dict) else None
            refused = error_answer(question if isinstance(question, str) else "", str(error))
            answer = replace(refused, index_build=assistant.index.manifest.build)
        yield answer.with_id(identifier)


def _lines(path: Path) -> list[bytes]:
    """The lines of a file, parted by line feeds alone; what follows the last is no line."""
    lines = path.read_bytes().removeprefix(b"\xef\xbb\xbf").split(b"\n")
    return lines[:-1] if not lines[-1] else lines


def _row(line: bytes) -> object:
    """The JSON value of a line; None when it is none (NaN is no JSON) or nested beyond reason."""
    try:
        return json.loads(line, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return None


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON")


def _write_run(assistant: Assistant, lines: Sequence[bytes], arguments: argparse.Namespace) -> None:
    from rag.run import passage_lines, publication_lines

    by_publication = arguments.level == "publication"
    k = len(assistant.index.passages) if by_publication else arguments.k
    with arguments.run.open("w", encoding="utf-8") as run:
        for number, line in enumerate(lines, start=1):
            row = _row(line)
            identifier = str(row.get("id", "")) if isinstance(row, dict) else ""
            if not isinstance(row, dict) or not isinstance(row.get("question"), str) or len(identifier.split()) != 1:
                print(
                    f"{arguments.batch}:{number}: expected an object with id (no space in it) and question; left out",
                    file=sys.stderr,
                )
                continue
            results = assistant.searcher.search(row["question"], k=k)
            identifier = identifier.strip()
            found = (
                publication_lines(identifier, results, arguments.k)
                if by_publication
                else passage_lines(identifier, results)
            )
            run.writelines(f"{entry}\n" for entry in found)


def _print(answer: Answer, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(answer.to_json(), ensure_ascii=False))
        return
    print(answer.text)
    for citation in answer.citations:
        page = f", p. {citation.page}" if citation.page else ""
        print(f"[{citation.n}] {citation.publisher}, {citation.title}{page}. {citation.url or ''}".rstrip())
    for example in answer.examples:
        print(f"Exemple : {example.title} — « {example.quote} »")
    for nearest in answer.nearest:
        print(f"Proche : « {nearest.quote} » ({nearest.title}{f', p. {nearest.page}' if nearest.page else ''})")
