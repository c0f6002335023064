"""`python -m ingest check|list|rollback|prune`: what lies in an index, and whether it is sound.

Exit status: 0 done, or nothing is wrong; 1 something is wrong (`check`: a line each on stdout), or cannot be done; 2 usage.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ingest.index.history import Listed

# A chat may be opening the build before the served one.
_KEPT = 1


def add_builds(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands to the parser's."""
    check = _add(commands, "check", "hold catalogue, files and the served build against each other", _check)
    check.add_argument(
        "--corpus", type=Path, default=Path("corpus"), help="folder of catalogue.jsonl (default: corpus)"
    )
    _add(commands, "list", "list the builds, oldest first, and which one is served", _list)
    rollback = _add(commands, "rollback", "serve an earlier build again", _rollback)
    rollback.add_argument("build", nargs="?", metavar="BUILD", help="its name (default: the one before the served one)")
    prune = _add(commands, "prune", "remove builds that are not served", _prune)
    prune.add_argument(
        "--keep", type=_count, default=_KEPT, metavar="N", help=f"besides the served one, keep the N newest ({_KEPT})"
    )


def _add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    purpose: str,
    act: Callable[[argparse.Namespace], int],
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=purpose)
    parser.add_argument("--index", type=Path, default=Path("var/index"), help="folder of builds (default: var/index)")
    parser.set_defaults(run=_refusing(act))
    return parser


def _refusing(act: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    """The command, with what it refuses told on stderr."""

    def run(arguments: argparse.Namespace) -> int:
        # Imported here, so that --help and a wrong option answer at once.
        from ingest.errors import IngestError

        try:
            return act(arguments)
        except (IngestError, OSError) as error:
            print(f"error: {error}", file=sys.stderr)
            return 1

    return run


def _check(arguments: argparse.Namespace) -> int:
    from ingest.build_settings import BuildSettings
    from ingest.check import check
    from ingest.index.embedder import embedder_identity
    from ingest.settings import IngestSettings

    identity = embedder_identity(IngestSettings())
    faults = check(arguments.corpus, arguments.index, identity, windows=BuildSettings().index_windows)
    for fault in faults:
        print(fault)
    print(
        f"{len(faults)} {'fault' if len(faults) == 1 else 'faults'}"
        if faults
        else f"{arguments.corpus} and {arguments.index} agree"
    )
    return 1 if faults else 0


def _list(arguments: argparse.Namespace) -> int:
    from ingest.index.history import list_builds

    builds = list_builds(arguments.index)
    print("\n".join(_lines(builds)) if builds else f"{arguments.index}: no builds")
    return 0


def _lines(builds: Sequence[Listed]) -> Iterator[str]:
    yield f"  {'build':30}{'made':28}{'publications':>13}{'passages':>10}{'windows':>9}"
    for build in builds:
        mark = "*" if build.served else " "
        if build.manifest is None:
            yield f"{mark} {build.name:30}{build.fault}"
            continue
        made = build.manifest
        counts = f"{made.publications:>13}{made.passages:>10}{made.windows:>9}"
        yield f"{mark} {build.name:30}{made.created:28}{counts}{_verdict(build)}"
    yield "* is served"


def _verdict(build: Listed) -> str:
    if build.verdict is None:
        return ""
    if build.verdict.green:
        return "  gate: green"
    return "  gate: red" + (f", forced: {build.verdict.forced}" if build.verdict.forced else "")


def _rollback(arguments: argparse.Namespace) -> int:
    from ingest.index.history import roll_back

    print(
        f"{arguments.index}: {roll_back(arguments.index, arguments.build)} is served now; running chats must be restarted"
    )
    return 0


def _prune(arguments: argparse.Namespace) -> int:
    from ingest.index.history import prune

    gone = prune(arguments.index, keep=arguments.keep)
    for name in gone:
        print(f"removed {name}")
    print(f"{len(gone)} builds removed")
    return 0


def _count(text: str) -> int:
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError(f"{text} is less than 0")
    return number
