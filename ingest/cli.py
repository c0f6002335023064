"""`python -m ingest COMMAND`: results on stdout, progress and what was left out on stderr.

Exit status of `build`: 0 built and served (or fresh, with --if-stale), 1 nothing could be built or the gate refused it,
2 usage. The other commands say theirs in their own modules.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.bench.cli import add_bench
from ingest.builds_cli import add_builds
from ingest.commands import ended
from ingest.fetch.cli import add_fetch
from ingest.offline import keep_offline
from ingest.sites.cli import add_discover
from ingest.update import add_update

if TYPE_CHECKING:
    pass


def main(argv: Sequence[str]) -> int:
    """Run one command; argparse exits with 2 on wrong usage."""
    arguments = _parser().parse_args(argv)
    keep_offline()
    return int(arguments.run(arguments))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ingest", description="Build the index from a corpus folder.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_build(commands)
    add_builds(commands)
    add_discover(commands)
    add_fetch(commands)
    add_update(commands, main)
    add_bench(commands)
    return parser


def _add_build(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    build = commands.add_parser("build", help="read the corpus and build the index that serves it")
    build.add_argument(
        "--corpus", type=Path, default=Path("corpus"), help="folder of catalogue.jsonl (default: corpus)"
    )
    build.add_argument("--index", type=Path, default=Path("var/index"), help="folder of builds (default: var/index)")
    build.add_argument(
        "--if-stale", action="store_true", help="do nothing when the served build is of this very corpus"
    )
    build.add_argument("--gate", action="store_true", help="serve the build only if the evals' gate lets it")
    build.add_argument(
        "--force", metavar="REASON", help="with --gate: serve it all the same; the reason is kept with the build"
    )
    build.add_argument("--questions", type=Path, help="question set of the gate (default: the project's)")
    build.add_argument("--floors", type=Path, help="floors of the gate (default: the project's)")
    build.set_defaults(run=run_build, parser=build)


def run_build(arguments: argparse.Namespace) -> int:
    """Build what the arguments say."""
    if not arguments.gate and (arguments.force is not None or arguments.questions or arguments.floors):
        arguments.parser.error("--force, --questions and --floors are for --gate")
    if arguments.force is not None and not arguments.force.strip():
        arguments.parser.error("--force needs a reason")
    return ended(lambda: _build(arguments), interrupted="nothing was changed; what was read is read no second time")


def _build(arguments: argparse.Namespace) -> int:
    # Imported here, so that --help and a wrong option answer at once.
    from ingest.build import BuildOptions, build_index, is_stale
    from ingest.build_settings import BuildSettings
    from ingest.gate import evals_gate
    from ingest.index.lazy import LazyEmbedder
    from ingest.progress import bars
    from ingest.report import table
    from ingest.settings import IngestSettings

    settings = BuildSettings()
    index: Path = arguments.index
    embedder = LazyEmbedder(IngestSettings())
    windows = settings.index_windows
    if arguments.if_stale and not is_stale(arguments.corpus, index, embedder.identity, windows=windows):
        print(f"{index}: up to date")
        return 0
    options = BuildOptions(
        limits=settings.limits,
        cache=settings.read_cache,
        windows=windows,
        gate=evals_gate(questions=arguments.questions, floors=arguments.floors) if arguments.gate else None,
        force=arguments.force,
        progress=bars(sys.stderr) if sys.stderr.isatty() else None,
    )
    report = build_index(arguments.corpus, index, embedder, options=options, log=_log)
    print("\n".join(table(report)))
    counts = f"{report.publications} publications, {report.passages} passages, {report.windows} windows"
    print(f"{index / report.build}: {counts}; {report.embedded} embedded, {report.reused} taken over")
    if report.served:
        return 0
    for line in report.verdict.lines if report.verdict else ():
        _log(line)
    print(f"error: {index / report.build}: not served, the gate refused it (see its gate.json)", file=sys.stderr)
    return 1


def _log(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
