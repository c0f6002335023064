"""`python -m ingest.repair`: what the repair does to a publication of the corpus.

    --gold DIR   character error rate before and after on the hand-corrected pages that DIR/gold.json names
    --list       every repair of the publication, one JSON line each (line of the file, step, before, after, context)

Exit status: 0 done, 1 a rate misses its bound or a file cannot be read, 2 usage.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.catalogue import load_catalogue
from ingest.document import Document
from ingest.errors import IngestError
from ingest.read import read_publication
from ingest.repair.measure import error_rate

BROCHURE = "rtes-2023-ess-quartiers-politique-ville"
# What the repair is held to: at most so much is wrong after it, and so much less than before.
HIGHEST_RATE = 0.01
LEAST_GAIN = 0.8
_CONTEXT = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRate:
    """Character error rates of one page, before and after repair."""

    page: str
    before: float
    after: float

    @property
    def holds(self) -> bool:
        """Whether the page keeps both bounds."""
        return self.after <= HIGHEST_RATE and self.after <= (1 - LEAST_GAIN) * self.before


def page_rates(gold: Path, corpus: Path) -> list[PageRate]:
    """Rates of the pages that `gold`/gold.json names. Raises IngestError when a publication cannot be read."""
    entries = json.loads((gold / "gold.json").read_text(encoding="utf-8"))
    rates = []
    for name, entry in entries.items():
        document = read_one(corpus, entry["publication"])
        expected = (gold / name).read_text(encoding="utf-8")
        before, after = _raw_page(document, entry["page"]), _page(document, entry["page"])
        rates.append(PageRate(page=name, before=error_rate(before, expected), after=error_rate(after, expected)))
    return rates


def repair_lines(document: Document) -> Iterator[str]:
    """Every repair of the document as a JSON line, to be read by a person."""
    for repair in document.repairs:
        around = document.text[max(repair.start - _CONTEXT, 0) : repair.end + _CONTEXT]
        entry = {
            "line": document.raw.count("\n", 0, repair.raw_start) + 1,
            "step": repair.step,
            "before": repair.before,
            "after": repair.after,
            "context": " ".join(around.split()),
        }
        yield json.dumps(entry, ensure_ascii=False)


def read_one(corpus: Path, publication_id: str) -> Document:
    """The document of one publication of `corpus`. Raises IngestError."""
    for publication in load_catalogue(corpus).publications:
        if publication.id == publication_id:
            return read_publication(corpus, publication)
    raise IngestError(f"{corpus}/catalogue.jsonl: has no publication {publication_id!r}")


def _raw_page(document: Document, page: int) -> str:
    starts = document.publication.page_starts
    last = starts[page] - 1 if page < len(starts) else None
    return "\n".join(document.raw.split("\n")[starts[page - 1] - 1 : last])


def _page(document: Document, page: int) -> str:
    return "\n\n".join(document.text[block.start : block.end] for block in document.blocks if block.page == page)


def _print_rates(gold: Path, corpus: Path) -> int:
    rates = page_rates(gold, corpus)
    print(f"{'page':<32}{'before':>9}{'after':>9}{'gain':>9}")
    for rate in rates:
        gain = 1 - rate.after / rate.before if rate.before else 0.0
        print(f"{rate.page:<32}{rate.before:>9.2%}{rate.after:>9.2%}{gain:>9.1%}{'' if rate.holds else '  FAILS'}")
    return 0 if all(rate.holds for rate in rates) else 1


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m ingest.repair", description="What the OCR repair does.")
    parser.add_argument("--corpus", type=Path, default=Path("corpus"), help="folder of the catalogue (default: corpus)")
    parser.add_argument("--publication", default=BROCHURE, help="id of the publication to list (default: the brochure)")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--gold", type=Path, metavar="DIR", help="print error rates on the pages of DIR/gold.json")
    what.add_argument("--list", action="store_true", help="print every repair as JSON lines")
    arguments = parser.parse_args(argv)
    try:
        if arguments.gold:
            return _print_rates(arguments.gold, arguments.corpus)
        print("\n".join(repair_lines(read_one(arguments.corpus, arguments.publication))))
    except (IngestError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
