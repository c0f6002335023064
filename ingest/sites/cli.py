"""`python -m ingest discover SITE [--since DATE] [--write]`: what a site has that the catalogue has not.

What was found goes to stdout, in lines for readers or as one JSON object; progress and what could not be walked to stderr.
`--write` adds new lines with `"access": "proposed"`, which is never indexed before an editor makes it "public" (or, for
publishers that are trusted, as public), marks what is gone, and closes what is for members by now. Exit status: 0 all was
walked, 1 something was not, or needs a person, 2 usage: a wrong date, no contact address.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.commands import ended
from ingest.sites.site import SITES, Site

if TYPE_CHECKING:
    from ingest.sites.checks import Note
    from ingest.sites.discover import Discovery

PROPOSED, PUBLIC, MEMBERS = "proposed", "public", "private"


def add_discover(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the parser's commands; its arguments go to `run_discover`."""
    parser = commands.add_parser("discover", help="look for publications on a site that the catalogue has not")
    parser.add_argument("site", choices=[site.name for site in SITES], help="the site to walk")
    parser.add_argument(
        "--corpus", type=Path, default=Path("corpus"), help="folder of catalogue.jsonl (default: corpus)"
    )
    parser.add_argument("--since", type=day, metavar="DATE", help="only what was published or changed since YYYY-MM-DD")
    parser.add_argument(
        "--write", action="store_true", help="add new lines to the catalogue, as proposed; mark gone ones"
    )
    parser.add_argument(
        "--trust",
        action="append",
        default=[],
        metavar="PUBLISHER",
        help="with --write: its new lines are public at once",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=run_discover)


def run_discover(arguments: argparse.Namespace, *, sites: Sequence[Site] = SITES) -> int:
    """Look for what the arguments name. `sites` are where the sites are."""
    site = next(each for each in sites if each.name == arguments.site)
    if arguments.trust and not arguments.write:
        print("error: --trust says how lines are written, it needs --write", file=sys.stderr)
        return 2
    publishers = {each.publisher for each in SITES}
    if strangers := sorted(set(arguments.trust) - publishers):
        expected = " or ".join(sorted(publishers))
        print(f"error: --trust {', '.join(strangers)}: expected {expected}", file=sys.stderr)
        return 2
    return ended(lambda: _discover(arguments, site), interrupted="lines that were written stay, ask again for the rest")


def _discover(arguments: argparse.Namespace, site: Site) -> int:
    # Imported here, so that --help and a wrong option answer at once.
    from ingest.fetch.client import Client
    from ingest.settings import FetchSettings
    from ingest.sites.catalogued import all_lines
    from ingest.sites.discover import discover
    from ingest.sites.walk import Search

    lines = all_lines(arguments.corpus)
    with Client(FetchSettings()) as client:
        found = discover(Search(site=site, get=client.page, log=_log, since=arguments.since), lines)
    _print(found, as_json=arguments.json)
    if arguments.write:
        _write(arguments.corpus, found, access=PUBLIC if site.publisher in arguments.trust else PROPOSED)
    return 1 if found.faults or any(note.needs_person for note in found.changed) else 0


def _write(corpus: Path, found: Discovery, *, access: str) -> None:
    """Add the new lines and mark the others. Raises CatalogueError."""
    from ingest.catalogue_write import append_lines, edit_line

    append_lines(corpus, [{**proposal.line, "access": access} for proposal in found.new])
    today = datetime.now(UTC).date().isoformat()
    for note in found.gone:
        edit_line(corpus, note.id, lambda _: {"gone": today})
    closed = [note for note in found.changed if note.private]
    for note in closed:
        edit_line(corpus, note.id, lambda _: {"access": MEMBERS})
    print(
        f"{corpus}: {len(found.new)} lines added as {access}, {len(found.gone)} marked gone, {len(closed)} made private",
        file=sys.stderr,
    )


def _print(found: Discovery, *, as_json: bool) -> None:
    for fault in found.faults:
        print(f"error: {fault}", file=sys.stderr)
    for note in found.notes:
        print(f"note: {note}", file=sys.stderr)
    print(json.dumps(_as_json(found), ensure_ascii=False, indent=1) if as_json else "\n".join(_rows(found)))


def _rows(found: Discovery) -> list[str]:
    """NEW, CHANGED, GONE in columns, what belongs to a row indented under it, then the counts."""
    rows: list[str] = []
    for proposal in found.new:
        line = proposal.line
        rows.append(f"{'NEW':<9}{line.get('date') or '':<12}{line['id']}")
        rows += [f"{'':<21}{each}" for each in (line["title"], line["url"], *(f"PDF {pdf}" for pdf in proposal.pdfs))]
    for kind, notes in (("CHANGED", found.changed), ("GONE", found.gone)):
        for note in notes:
            rows += [f"{kind:<9}{'':<12}{note.id}: {note.detail}", f"{'':<21}{note.url}"]
    counts = {"new": len(found.new), "changed": len(found.changed), "gone": len(found.gone)}
    told = ", ".join(f"{count} {kind}" for kind, count in counts.items())
    return [*rows, f"{told}; {found.known} listed are in the catalogue, {found.private} for members left out"]


def _as_json(found: Discovery) -> Mapping[str, object]:
    def told(notes: Sequence[Note]) -> list[dict[str, str]]:
        return [{"id": note.id, "url": note.url, "detail": note.detail} for note in notes]

    return {
        "new": [{**proposal.line, "pdfs": list(proposal.pdfs)} for proposal in found.new],
        "changed": told(found.changed),
        "gone": told(found.gone),
        "known": found.known,
        "private": found.private,
        "faults": list(found.faults),
    }


def day(text: str) -> str:
    """A day as an option gives it. Raises ArgumentTypeError, which argparse tells."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day, expected YYYY-MM-DD") from None


def _log(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
