"""Pages transcribed by hand -> the word error rate of OCR on them. Needs tesseract with French.

Refused (ValueError): a folder without the transcribed file, or with another version of it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

from ingest.bench.figures import Figure
from ingest.bench.gold import NOTHING, Share, marked_file, word_error_rate
from ingest.document import Document, Publication
from ingest.pdf.reader import read_pdf

# Blocks that stand side by side have no order of their own: all orders are tried up to so many of them.
_FEW_BLOCKS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcription:
    """One page as hashes of its words, in blocks (speech bubbles, paragraphs) of so many words each."""

    file: str
    sha256: str
    page: int
    blocks: tuple[tuple[str, ...], ...]

    @classmethod
    def load(cls, path: Path) -> Transcription:
        """A file as `tests/fixtures/pdf/champigny-p2.json`."""
        row = json.loads(path.read_text(encoding="utf-8"))
        words, start, blocks = row["words"], 0, []
        for length in row["blocks"]:
            blocks.append(tuple(words[start : start + length]))
            start += length
        return cls(file=row["file"], sha256=row["sha256"], page=row["page"], blocks=tuple(blocks))


def measure_scans(pdfs: Path, transcriptions: Sequence[Transcription]) -> Figure:
    """The word error rate over all transcribed pages together."""
    errors = NOTHING
    documents: dict[str, Document] = {}
    for page in transcriptions:
        if page.file not in documents:
            data = marked_file(pdfs, page.file, {page.sha256})
            documents[page.file] = read_pdf(data, Publication(id="bench", title="", publisher="", file=page.file))
        errors += page_errors(page, documents[page.file])
    pages = ", ".join(str(page.page) for page in transcriptions)
    return Figure(
        name="word error rate of OCR",
        value=errors.value,
        at_most=0.08,
        note=f"{errors.whole} words of pages {pages}, {errors.part} wrong",
    )


def page_errors(page: Transcription, document: Document) -> Share:
    """Wrong words of a page, in the order of its blocks that fits best."""
    read = "\n".join(document.text[b.start : b.end] for b in document.blocks if b.page == page.page)
    orders = permutations(page.blocks) if len(page.blocks) <= _FEW_BLOCKS else [page.blocks]
    rates = (word_error_rate([word for block in order for word in block], read) for order in orders)
    return min(rates, key=lambda share: share.part)
