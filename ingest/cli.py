"""`python -m ingest build`: results on stdout, progress and what was left out on stderr.

Exit status: 0 built (or fresh, with --if-stale), 1 nothing could be built, 2 usage.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from ingest.offline import keep_offline


def main(argv: Sequence[str]) -> int:
    """Run one command; argparse exits with 2 on wrong usage."""
    arguments = _parser().parse_args(argv)
    keep_offline()
    return _build(arguments.corpus, arguments.index, if_stale=arguments.if_stale)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ingest", description="Build the index from a corpus folder.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    build = commands.add_parser("build", help="read the corpus and build the index that serves it")
    build.add_argument(
        "--corpus", type=Path, default=Path("corpus"), help="folder of catalogue.jsonl (default: corpus)"
    )
    build.add_argument("--index", type=Path, default=Path("var/index"), help="folder of builds (default: var/index)")
    build.add_argument(
        "--if-stale", action="store_true", help="do nothing when the served build is of this very corpus"
    )
    return parser


def _build(corpus: Path, index: Path, *, if_stale: bool) -> int:
    # Imported here, so that --help and a wrong option answer at once.
    from ingest.build import build_index, is_stale
    from ingest.errors import IngestError
    from ingest.index.embedder import embedder_identity, load_embedder
    from ingest.settings import IngestSettings

    try:
        settings = IngestSettings()
        if if_stale and not is_stale(corpus, index, embedder_identity(settings)):
            print(f"{index}: up to date")
            return 0
        report = build_index(corpus, index, load_embedder(settings), log=lambda line: print(line, file=sys.stderr))
    except IngestError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    counts = f"{report.publications} publications, {report.passages} passages, {report.windows} windows"
    print(f"{index / report.build}: {counts}; {report.embedded} embedded, {report.reused} taken over")
    return 0
