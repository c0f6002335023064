"""Texts marked by hand -> precision and recall of the names found in them.

In: lines {"text", "names", "either"}, or in place of the text {"file", "page", "start", "end"} (lines of a PDF's page) or
{"file", "title", "paragraph"} (a paragraph of PIAF), with the text's sha256. A name counts once a text, under any of its forms
("Grand Lyon" for "Métropole de Lyon"); those of `either` are doubtful and count neither way; what is abroad is not measured.
Refused (GazetteerError): a line of another shape, a text that is not the one that was marked.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.errors import IngestError
from ingest.pdf.engine import open_pdf
from ingest.territories.gazetteer import Gazetteer
from ingest.territories.places import GazetteerError

LEAST_PRECISION = 0.92
LEAST_RECALL = 0.90


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A text, the names that it has, and those that may be left or taken."""

    text: str
    names: tuple[str, ...]
    either: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """Counts of names over all texts, and what was wrongly found (+) or not found (-), with its text."""

    found: int
    expected: int
    right: int
    misses: tuple[str, ...]

    @property
    def precision(self) -> float:
        """Share of what was found that is marked."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Share of what is marked that was found."""
        return self.right / self.expected if self.expected else 1.0

    @property
    def holds(self) -> bool:
        """Whether both reach their bounds."""
        return self.precision >= LEAST_PRECISION and self.recall >= LEAST_RECALL


def measure(sample: Iterable[Marked], gazetteer: Gazetteer) -> Measure:
    """Compare what `gazetteer` finds in each text with the names expected there."""
    counts, misses = [0, 0, 0], []
    for marked in sample:
        named = {name for name in gazetteer.find(marked.text) if not gazetteer.is_abroad(name)}
        expected = {gazetteer.shown(name, among=named) for name in marked.names}
        doubtful = {gazetteer.shown(name, among=named) for name in marked.either} - expected
        found = named - doubtful
        counts = [n + len(part) for n, part in zip(counts, (found, expected, found & expected), strict=True)]
        line = " ".join(marked.text.split())
        misses += [f"+ {name}: {line}" for name in sorted(found - expected)]
        misses += [f"- {name}: {line}" for name in sorted(expected - found)]
    return Measure(found=counts[0], expected=counts[1], right=counts[2], misses=tuple(misses))


def read_sample(path: Path, files: Path | None = None) -> list[Marked]:
    """The marked texts of `path`; those of a file come from the folder `files`, without one they are left out.

    Raises GazetteerError.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise GazetteerError(f"{path}: cannot be read: {error}") from error
    marked = (_marked(f"{path}:{number}", line, files) for number, line in enumerate(lines, start=1) if line.strip())
    return [each for each in marked if each]


def _marked(where: str, line: str, files: Path | None) -> Marked | None:
    try:
        row = json.loads(line)
        names, either = tuple(map(str, row["names"])), tuple(map(str, row.get("either", ())))
        if "text" in row:
            return Marked(text=str(row["text"]), names=names, either=either)
        if files is None:
            return None
        text = " ".join((_paragraph(files, row) if "paragraph" in row else _lines_of_page(files, row)).split())
        found = hashlib.sha256(text.encode()).hexdigest()
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        message = f'{where}: expected {{"text" or "file", "names": ["..."]}}, found {error!r}'
        raise GazetteerError(message) from error
    except (OSError, IngestError) as error:
        raise GazetteerError(f"{where}: its file cannot be read: {error}") from error
    if found != row["sha256"]:
        raise GazetteerError(
            f"{where}: the text's sha256 is {found}, expected {row['sha256']}: another edition of the file?"
        )
    return Marked(text=text, names=names, either=either)


def _paragraph(files: Path, row: Mapping[str, Any]) -> str:
    titles = json.loads((files / row["file"]).read_text(encoding="utf-8"))["data"]
    return str(titles[row["title"]]["paragraphs"][row["paragraph"]]["context"])


def _lines_of_page(files: Path, row: Mapping[str, Any]) -> str:
    with open_pdf((files / row["file"]).read_bytes(), row["file"]) as pdf:
        return " ".join(pdf.plain_text(row["page"]).splitlines()[row["start"] : row["end"]])
