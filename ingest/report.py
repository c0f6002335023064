"""What a build did, by publication and by stage: `report.json`, and a table for people. Values and their text; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ingest.document import BlockKind, Document, Passage
from ingest.index.builds import Verdict
from ingest.read import Unread

_COLUMNS = ("pages", "OCR", "passages", "merged", "examples", "territories", "links", "warnings", "seconds")
_ID_WIDTH = 44


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationReport:
    """One publication. `passages` have their home in it, `merged` stand in another that came first.

    `examples`, `territories` and `links` count distinct ones. `seconds` is what reading took: nothing, or nearly, when it
    was `cached`.
    """

    id: str
    pages: int
    ocr_pages: int
    passages: int
    merged: int
    examples: int
    territories: int
    links: int
    warnings: tuple[str, ...]
    seconds: float
    cached: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildReport:
    """What a build made: counts, vectors embedded anew and taken over, and what was left out.

    `embedded` and `reused` count passages and windows; `texts` were embedded, each once, of `tokens` together. `seconds`
    are by stage. `entries` are by publication, in the catalogue's order. `served` says whether `current` names it now,
    `verdict` what the gate said, if it was asked.
    """

    build: str
    publications: int
    passages: int
    windows: int
    embedded: int
    reused: int
    unread: tuple[Unread, ...]
    read: int = 0
    cached: int = 0
    texts: int = 0
    tokens: int = 0
    seconds: Mapping[str, float] = field(default_factory=dict)
    entries: tuple[PublicationReport, ...] = ()
    served: bool = True
    verdict: Verdict | None = None


def publication_report(
    document: Document, cut: Sequence[Passage], homes: int, *, seconds: float, cached: bool
) -> PublicationReport:
    """The line of one publication: `cut` are all its passages, of which `homes` have no earlier home."""
    return PublicationReport(
        id=document.publication.id,
        pages=document.pages,
        ocr_pages=len(document.ocr_pages),
        passages=homes,
        merged=len(cut) - homes,
        examples=len({passage.title for passage in cut if passage.kind is BlockKind.EXAMPLE}),
        territories=len({name for passage in cut for name in passage.territories}),
        links=len({link for passage in cut for link in passage.links}),
        warnings=document.warnings,
        seconds=round(seconds, 3),
        cached=cached,
    )


def table(report: BuildReport) -> Iterator[str]:
    """The report for a terminal: a line for each publication, their warnings, what the stages took."""
    yield f"{'publication':{_ID_WIDTH}}" + "".join(f"{name:>{len(name) + 2}}" for name in _COLUMNS)
    for entry in report.entries:
        yield _row(_shortened(entry.id), entry, f"{entry.seconds:.1f}{'*' if entry.cached else ''}")
    if len(report.entries) > 1:
        yield _row("all", _sum(report.entries), f"{sum(entry.seconds for entry in report.entries):.1f}")
    if report.cached:
        yield f"* {report.cached} unchanged, taken as they were read before"
    for entry in report.entries:
        yield from (f"warning: {entry.id}: {warning}" for warning in entry.warnings)
    yield "; ".join(f"{stage} {seconds:.1f} s" for stage, seconds in report.seconds.items())


def _row(name: str, entry: PublicationReport, seconds: str) -> str:
    counts = (
        entry.pages,
        entry.ocr_pages,
        entry.passages,
        entry.merged,
        entry.examples,
        entry.territories,
        entry.links,
    )
    cells = (*counts, len(entry.warnings), seconds)
    return f"{name:{_ID_WIDTH}}" + "".join(
        f"{cell:>{len(column) + 2}}" for column, cell in zip(_COLUMNS, cells, strict=True)
    )


def _sum(entries: Sequence[PublicationReport]) -> PublicationReport:
    """Sums; of territories and links those of each publication, so one named in two counts twice."""
    return PublicationReport(
        id="all",
        pages=sum(entry.pages for entry in entries),
        ocr_pages=sum(entry.ocr_pages for entry in entries),
        passages=sum(entry.passages for entry in entries),
        merged=sum(entry.merged for entry in entries),
        examples=sum(entry.examples for entry in entries),
        territories=sum(entry.territories for entry in entries),
        links=sum(entry.links for entry in entries),
        warnings=tuple(warning for entry in entries for warning in entry.warnings),
        seconds=sum(entry.seconds for entry in entries),
        cached=False,
    )


def _shortened(name: str) -> str:
    return name if len(name) < _ID_WIDTH else f"{name[: _ID_WIDTH - 4]}..."
