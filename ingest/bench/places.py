"""Stretches in which territories were marked by hand -> precision and recall of the gazetteer.

The stretches are in `tests/fixtures/territories.jsonl` and `territories-piaf.jsonl`; the brochure's have their text, the others
say where it stands. Names that may count either way are left out. Refused (ValueError): a stretch whose text is not found.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from ingest.bench.figures import Figure
from ingest.bench.gold import folded
from ingest.pdf.engine import open_pdf
from ingest.territories import Gazetteer
from ingest.territories.measure import LEAST_PRECISION, LEAST_RECALL

Stretch = tuple[str, tuple[str, ...], tuple[str, ...]]


def measure_places(stretches: list[Stretch], gazetteer: Gazetteer, note: str) -> tuple[Figure, Figure]:
    """Precision and recall over the stretches (text, marked names, names that count either way)."""
    found = marked = right = 0
    for text, names, either in stretches:
        ours, theirs = compared(text, names, either, gazetteer)
        found, marked, right = found + len(ours), marked + len(theirs), right + len(ours & theirs)
    return (
        Figure(
            name="territories right",
            value=right / max(found, 1),
            at_least=LEAST_PRECISION,
            note=f"{note}, {found} found",
        ),
        Figure(
            name="territories found",
            value=right / max(marked, 1),
            at_least=LEAST_RECALL,
            note=f"{note}, {marked} marked",
        ),
    )


def compared(
    text: str, names: tuple[str, ...], either: tuple[str, ...], gazetteer: Gazetteer
) -> tuple[set[str], set[str]]:
    """What was found and what was marked, under the names that the gazetteer shows, folded; doubtful ones in neither."""
    # Places abroad are no mentions by the marks' definition; the project's list knows some that the brochure tells of.
    ours = {name for name in gazetteer.find(text) if not gazetteer.is_abroad(name)}
    doubtful = {_bare(_shown(name, ours, gazetteer)) for name in either}
    theirs = {_bare(_shown(name, ours, gazetteer)) for name in names}
    return {_bare(name) for name in ours} - (doubtful - theirs), theirs


def _shown(name: str, ours: set[str], gazetteer: Gazetteer) -> str:
    """A marked name as the gazetteer shows it: "métropole de Grenoble" is Grenoble-Alpes Métropole."""
    shown = gazetteer.shown(name, among=ours)
    alone = gazetteer.find(name)
    return alone[0] if shown not in ours and len(alone) == 1 and alone[0] in ours else shown


def load_stretches(path: Path, *, pdfs: Path | None = None, piaf: Path | None = None) -> Iterator[Stretch]:
    """The stretches of a file of marks whose text is at hand: their own, or in a folder of PDFs, or in PIAF's file."""
    articles = json.loads(piaf.read_text(encoding="utf-8"))["data"] if piaf else []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if "file" in row and pdfs is not None:
            text = _of_pdf(pdfs / row["file"], row["page"], row["start"], row["end"])
        elif "paragraph" in row and piaf is not None:
            text = " ".join(articles[row["title"]]["paragraphs"][row["paragraph"]]["context"].split())
        elif "text" in row:
            text = row["text"]
        else:
            continue
        if "sha256" in row and hashlib.sha256(text.encode()).hexdigest() != row["sha256"]:
            raise ValueError(f"{path}: {line[:80]}...: the text found there is another one than was marked")
        yield text, tuple(row["names"]), tuple(row.get("either", ()))


def _of_pdf(path: Path, page: int, start: int, end: int) -> str:
    with open_pdf(path.read_bytes(), str(path)) as pdf:
        return " ".join(" ".join(pdf.plain_text(page).splitlines()[start:end]).split())


def _bare(name: str) -> str:
    """A name as two spellings of it are compared: no article, accents, hyphens or case."""
    first, _, rest = name.replace("’", "'").partition(" ")
    plain = rest if rest and first.lower() in {"le", "la", "les"} else name.replace("’", "'")
    return folded(plain.removeprefix("l'").removeprefix("L'"))
