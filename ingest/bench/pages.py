"""Marked pages of PDFs -> how much of their text reaches passages, and which headings are found and right.

Refused (ValueError): a folder that holds none of the marked files, or another version of one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from ingest.bench.figures import Figure
from ingest.bench.gold import NOTHING, PageMarks, Share, characters_kept, headings_found, load_pages, marked_file
from ingest.document import BlockKind, Document, Publication
from ingest.passages import cut_passages
from ingest.pdf.engine import open_pdf
from ingest.pdf.reader import read_pdf
from ingest.territories import Gazetteer


def measure_pages(pdfs: Path, marks: Path) -> tuple[Figure, ...]:
    """The three figures over all marked pages. `marks` is a file as `tests/fixtures/pdf/pages.jsonl`."""
    pages = load_pages(marks)
    kept, found, right = NOTHING, NOTHING, NOTHING
    for _page, of_kept, of_found, of_right in page_shares(pdfs, pages):
        kept, found, right = kept + of_kept, found + of_found, right + of_right
    note = f"{len(pages)} pages, {found.whole} headings"
    return (
        Figure(name="characters of the text layer that reach passages", value=kept.value, at_least=0.98, note=note),
        Figure(name="headings found", value=found.value, at_least=0.85, note=note),
        Figure(name="headings right", value=right.value, at_least=0.85, note=note),
    )


def page_shares(pdfs: Path, pages: Sequence[PageMarks]) -> Iterator[tuple[PageMarks, Share, Share, Share]]:
    """For each marked page what was kept of its text, and of its headings those found and those right."""
    for name in dict.fromkeys(page.file for page in pages):
        data = marked_file(pdfs, name, {page.sha256 for page in pages if page.file == name})
        document = read_pdf(data, Publication(id="bench", title=name, publisher="", file=name), ocr=None)
        with open_pdf(data, name) as pdf:
            for page in (page for page in pages if page.file == name):
                text = _passages_of(document, page.page)
                found, right = headings_found(page, _headings_of(document, page.page))
                yield page, characters_kept(page, pdf.plain_text(page.page), text), found, right


def _passages_of(document: Document, page: int) -> str:
    """The text of the passages of a page, and of those before it: a paragraph stands on the page where it starts."""
    passages = cut_passages(document, Gazetteer(territories=()))
    return "\n".join(passage.text for passage in passages if passage.page in {page - 1, page})


def _headings_of(document: Document, page: int) -> list[str]:
    return [
        document.text[block.start : block.end]
        for block in document.blocks
        if block.kind is BlockKind.HEADING and block.page == page
    ]
