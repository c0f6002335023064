"""`python -m ingest update`: discover, fetch, build behind the gate, for a timer; one summary at the end.

Each step is the command of that name. One that fails does not stop those after it: what is there is built. Where nothing
changed nothing is built, so that the build before stays one to go back to. Exit status:
0 all is well, 1 something needs a person (a step that failed, a build that the gate refused, proposed lines that wait for an
editor), 2 usage.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from ingest.sites.cli import day

# The sites that can be walked, and whose publications they have.
SITES = {"rtes": "RTES", "rncrpv": "RNCRPV"}
PROPOSED = "proposed"

# A command line -> its exit status.
Run = Callable[[Sequence[str]], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One command that was run."""

    name: str
    status: int
    seconds: float


def add_update(commands: argparse._SubParsersAction[argparse.ArgumentParser], run: Run) -> None:
    """Add the command to the parser's; `run` runs the others."""
    parser = commands.add_parser("update", help="discover, fetch and build behind the gate, for a timer")
    parser.add_argument(
        "--corpus", type=Path, default=Path("corpus"), help="folder of catalogue.jsonl (default: corpus)"
    )
    parser.add_argument("--index", type=Path, default=Path("var/index"), help="folder of builds (default: var/index)")
    parser.add_argument(
        "--trust",
        action="append",
        default=[],
        choices=sorted(SITES.values()),
        help="publish what is discovered of this publisher without waiting for an editor (may be given again)",
    )
    parser.add_argument("--since", type=day, metavar="DATE", help="discover only what is not older than YYYY-MM-DD")
    parser.add_argument("--force", metavar="REASON", help="serve the build even if the gate refuses it")
    parser.add_argument("--questions", type=Path, help="question set of the gate (default: the project's)")
    parser.add_argument("--floors", type=Path, help="floors of the gate (default: the project's)")
    parser.set_defaults(run=lambda arguments: run_update(arguments, run))


def run_update(arguments: argparse.Namespace, run: Run) -> int:
    """Run every step, then sum up."""
    steps = [_timed(command, run) for command in _commands(arguments)]
    waiting = proposals(arguments.corpus)
    for step in steps:
        print(
            f"{step.name}: {'done' if step.status == 0 else f'needs a person (exit status {step.status})'}, "
            f"{step.seconds:.0f} s"
        )
    if waiting:
        print(f"{waiting} proposed lines wait for an editor: set their access to public, or remove them")
    well = not waiting and all(step.status == 0 for step in steps)
    print("update: all is well" if well else "update: something needs a person")
    return 0 if well else 1


def proposals(corpus: Path) -> int:
    """How many lines of the catalogue an editor has yet to approve; none when it cannot be read, which the build says."""
    from ingest.catalogue import load_catalogue
    from ingest.errors import CatalogueError

    try:
        return sum(publication.access == PROPOSED for publication in load_catalogue(corpus).publications)
    except CatalogueError:
        return 0


def _commands(arguments: argparse.Namespace) -> Iterator[list[str]]:
    corpus = ["--corpus", str(arguments.corpus)]
    for site, publisher in SITES.items():
        since = ["--since", arguments.since] if arguments.since else []
        trust = ["--trust", publisher] if publisher in arguments.trust else []
        yield ["discover", site, "--write", *corpus, *since, *trust]
    yield ["fetch", *corpus]
    build = ["build", "--gate", "--if-stale", *corpus, "--index", str(arguments.index)]
    for name in ("force", "questions", "floors"):
        value = getattr(arguments, name)
        build += [f"--{name}", str(value)] if value else []
    yield build


def _timed(command: Sequence[str], run: Run) -> Step:
    start = perf_counter()
    try:
        status = run(command)
    except SystemExit as stop:  # argparse has said why
        status = stop.code if isinstance(stop.code, int) else 1
    name = " ".join(command[:2]) if command[0] == "discover" else command[0]
    return Step(name=name, status=status, seconds=perf_counter() - start)
