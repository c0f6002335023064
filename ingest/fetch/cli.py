"""`python -m ingest fetch [ID...]`: one line for each publication on stdout, then a summary; errors on stderr.

Exit status: 0 all well (a publication that is gone is marked, which is well), 1 something could not be fetched, or a named
line must not be, 2 usage: no contact address, a setting that is wrong, an id that no line has.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.commands import ended

if TYPE_CHECKING:
    from ingest.fetch.fetcher import Outcome


def add_fetch(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the parser's commands; its arguments go to `run_fetch`."""
    parser = commands.add_parser("fetch", help="fetch the files of publications from their addresses")
    parser.add_argument("ids", nargs="*", metavar="ID", help="ids of publications (default: all that have an address)")
    parser.add_argument(
        "--corpus", type=Path, default=Path("corpus"), help="folder of catalogue.jsonl (default: corpus)"
    )
    parser.set_defaults(run=run_fetch)


def run_fetch(arguments: argparse.Namespace) -> int:
    """Fetch what the arguments name."""
    return ended(lambda: _fetch(arguments), interrupted="what is finished stays, the rest is gone on with next time")


def _fetch(arguments: argparse.Namespace) -> int:
    # Imported here, so that --help and a wrong option answer at once.
    from ingest.fetch.client import Client
    from ingest.fetch.fetcher import fetch_publications
    from ingest.settings import FetchSettings

    with Client(FetchSettings()) as client:
        return _told(fetch_publications(arguments.corpus, client, arguments.ids), named=bool(arguments.ids))


def _told(outcomes: Iterable[Outcome], *, named: bool) -> int:
    """Print each outcome as it comes, and the summary."""
    from ingest.fetch.fetcher import Status

    counts: Counter[Status] = Counter()
    for outcome in outcomes:
        counts[outcome.status] += 1
        print(f"{outcome.status:<10}  {outcome.id}: {outcome.detail}", flush=True)
        for note in outcome.notes:
            print(f"{'':<12}{note}", flush=True)
    print(", ".join(f"{counts[status]} {status}" for status in Status if counts[status]) or "nothing to fetch")
    return 1 if counts[Status.FAILED] or (named and counts[Status.LEFT_ALONE]) else 0
