"""PDF files beside the project -> a FAQ-like collection with titles: each section under a heading is a document.

The questions are the project's own (faq_queries.jsonl): what a practitioner would ask, in other words than the text's. Each
names its section by file, page and a hash of the heading, so that nothing of the files is in this repository. A section's
title is its heading and its publication's first heading. Refused (CollectionError): a folder in which no section is found.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from pathlib import Path

from evals.benchmark.collection import Collection, CollectionError, Item, Query
from ingest.document import Block, BlockKind, Document, Publication
from ingest.index.analyser import fold
from ingest.progress import Log
from ingest.read import read_publication

QUERIES = Path(__file__).with_name("faq_queries.jsonl")
# A section of fewer words is a slide's label or a figure's, and answers nothing.
_FEWEST_WORDS = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """What stands under one heading of a PDF file, from page `page` on. `heading` is the innermost."""

    file: str
    page: int
    heading: str
    publication: str
    text: str

    @property
    def heading_hash(self) -> str:
        """Of the heading as it reads whatever its case, accents and spaces."""
        return sha256(" ".join(fold(self.heading).split()).encode()).hexdigest()[:12]

    @property
    def name(self) -> str:
        """File, page and heading, by which a question names the section."""
        return f"{self.file}:{self.page}:{self.heading_hash}"


def load_faq(folder: Path, log: Log, queries: Path = QUERIES) -> Collection:
    """The sections of the PDF files in `folder`, and the questions on them. Raises CollectionError, ReadError, OSError.

    Questions on files that are not there are left out, and counted in the log.
    """
    sections = [section for path in sorted(folder.glob("*.pdf")) for section in _sections(path, log)]
    if not sections:
        raise CollectionError(f"{folder}: no PDF file with a section under a heading")
    known = {section.name for section in sections}
    rows = [json.loads(line) for line in queries.read_text(encoding="utf-8").splitlines()]
    asked = [
        Query(id=row["id"], text=row["question"], relevant=(f"{row['file']}:{row['page']}:{row['heading']}",))
        for row in rows
    ]
    found = [query for query in asked if query.relevant[0] in known]
    log(f"{len(sections)} sections; {len(found)} of {len(asked)} questions have theirs among them")
    items = [Item(id=s.name, title=f"{s.heading} - {s.publication}", text=s.text) for s in sections]
    return Collection(name="FAQ", items=tuple(items), queries=tuple(found))


def _sections(path: Path, log: Log) -> list[Section]:
    log(f"reading {path.name}")
    publication = Publication(id="faq", title=path.stem, publisher="FAQ", file=path.name)
    document = read_publication(path.parent, publication)
    title = next((_words(document, block) for block in document.blocks if block.kind is BlockKind.HEADING), path.stem)
    merged: dict[str, Section] = {}
    for section in _runs(document, path.name, title):
        merged.setdefault(section.name, section)
    return list(merged.values())


def _runs(document: Document, file: str, title: str) -> Iterator[Section]:
    """Runs of blocks under one heading path, long enough to say something."""
    body = [block for block in document.blocks if block.kind is not BlockKind.HEADING and block.headings]
    for headings, group in groupby(body, key=lambda block: block.headings):
        blocks: Sequence[Block] = list(group)
        text = "\n\n".join(document.text[block.start : block.end] for block in blocks)
        if len(text.split()) >= _FEWEST_WORDS:
            yield Section(file=file, page=blocks[0].page or 0, heading=headings[-1], publication=title, text=text)


def _words(document: Document, block: Block) -> str:
    return " ".join(document.text[block.start : block.end].split())
