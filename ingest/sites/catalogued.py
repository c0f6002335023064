"""What a catalogue's lines say, bad lines included: an address is known also where the line's date is wrong.

In: a corpus folder. Out: every line that is a JSON object with an id. Refused (CatalogueError): no catalogue to be read, and
lines that are no JSON objects, since nobody knows which publications they are and all of them would be proposed again.
"""

from __future__ import annotations

import codecs
from pathlib import Path

from ingest.catalogue import CATALOGUE_NAME, JsonObject, parse_line
from ingest.errors import CatalogueError


def all_lines(corpus: Path) -> list[JsonObject]:
    """The lines in the catalogue's order. Raises CatalogueError, which names all lines that are none."""
    path = corpus / CATALOGUE_NAME
    try:
        data = path.read_bytes().removeprefix(codecs.BOM_UTF8)
    except OSError as error:
        raise CatalogueError(f"{path}: {error.strerror} (a corpus is a folder with a {CATALOGUE_NAME})") from error
    lines: list[JsonObject] = []
    faults: list[str] = []
    for number, raw in enumerate(data.split(b"\n"), start=1):
        if not raw.strip():
            continue
        try:
            lines.append(parse_line(raw))
        except ValueError as error:
            faults.append(f"{path}:{number}: {error}")
    if faults:
        raise CatalogueError("\n".join([*faults, "mend these first: what they stand for would be proposed again"]))
    return lines
