"""`python -m ingest bench`: the figures of ingestion on files that the operator names, as a Markdown table on stdout.

Exit status 0 when all that was measured reaches what is asked, 1 when something falls short or cannot be measured, 2 usage.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from ingest.bench.figures import Figure, table
from ingest.errors import IngestError

_MARKS = Path(__file__).resolve().parents[2] / "tests" / "fixtures"
_DAMAGES = 300
PARTS = ("reading", "marks", "ocr", "places", "building", "memory", "damage")


def add_bench(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register the command."""
    bench = commands.add_parser("bench", help="measure reading and building on a folder of PDFs")
    bench.add_argument("--pdf", type=Path, required=True, metavar="DIR", help="folder of PDFs")
    bench.add_argument(
        "--marks", type=Path, default=_MARKS, metavar="DIR", help="hand-made marks of pages (default: the project's)"
    )
    bench.add_argument("--piaf", type=Path, metavar="FILE", help="PIAF 1.0, for more territories")
    bench.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), help="what to measure (default: all)")
    bench.set_defaults(run=run_bench)


def run_bench(arguments: argparse.Namespace) -> int:
    """Measure what the arguments name, and print it as it comes."""
    from ingest.bench.speed import cores_of_this_machine

    cores = cores_of_this_machine()
    figures: list[Figure] = []
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        for part in arguments.only:
            print(f"measuring: {part}", file=sys.stderr, flush=True)
            try:
                figures += _measure(part, arguments, Path(folder), cores)
            except (ValueError, OSError, IngestError) as error:
                print(f"error: {part}: {error}", file=sys.stderr)
                failed = True
    print(f"{cores} cores")
    print("\n".join(table(figures)))
    return int(failed or not all(figure.reached for figure in figures))


def _measure(part: str, arguments: argparse.Namespace, work: Path, cores: int) -> Iterable[Figure]:
    parts: dict[str, Callable[[argparse.Namespace, Path, int], Iterable[Figure]]] = {
        "reading": _reading,
        "marks": _marks,
        "ocr": _ocr,
        "places": _places,
        "building": _building,
        "memory": _memory,
        "damage": _damage,
    }
    return parts[part](arguments, work, cores)


def _reading(arguments: argparse.Namespace, _work: Path, cores: int) -> Iterator[Figure]:
    from ingest.bench.speed import measure_reading, readable

    yield measure_reading(readable(arguments.pdf), cores)


def _marks(arguments: argparse.Namespace, _work: Path, _cores: int) -> Iterable[Figure]:
    from ingest.bench.pages import measure_pages

    return measure_pages(arguments.pdf, arguments.marks / "pdf" / "pages.jsonl")


def _ocr(arguments: argparse.Namespace, _work: Path, _cores: int) -> Iterator[Figure]:
    from ingest.bench.scans import Transcription, measure_scans

    # Page 1 is an infographic: its figures and their captions have no reading order to be held to.
    pages = sorted((arguments.marks / "pdf").glob("champigny-p[2-9].json"))
    yield measure_scans(arguments.pdf, [Transcription.load(page) for page in pages])


def _places(arguments: argparse.Namespace, _work: Path, _cores: int) -> Iterator[Figure]:
    from ingest.bench.places import measure_places
    from ingest.inputs import PROJECT_CORPUS
    from ingest.territories import Gazetteer
    from ingest.territories.measure import read_sample

    gazetteer = Gazetteer.load(PROJECT_CORPUS / "territories.json")
    sample = read_sample(arguments.marks / "territories.jsonl", arguments.pdf)
    yield from measure_places(sample, gazetteer, "brochure and PDFs")
    if arguments.piaf:
        piaf = read_sample(arguments.marks / "territories-piaf.jsonl", arguments.piaf.parent)
        yield from measure_places(piaf, gazetteer, "PIAF")
        yield from measure_places([*sample, *piaf], gazetteer, "all")


def _building(arguments: argparse.Namespace, work: Path, cores: int) -> Iterable[Figure]:
    from ingest.bench.speed import measure_building, readable
    from ingest.index.embedder import load_embedder
    from ingest.settings import IngestSettings

    return measure_building(readable(arguments.pdf), load_embedder(IngestSettings()), work, cores)


def _memory(arguments: argparse.Namespace, work: Path, _cores: int) -> Iterator[Figure]:
    from ingest.bench.speed import measure_memory, readable

    yield measure_memory(readable(arguments.pdf), work)


def _damage(arguments: argparse.Namespace, work: Path, cores: int) -> Iterable[Figure]:
    from ingest.bench.damage import measure_damage

    return measure_damage(sorted(arguments.pdf.glob("*.pdf")), work, count=_DAMAGES, workers=cores)
