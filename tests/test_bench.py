"""The bench command: what it prints, and that it measures what it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.bench.damage import measure_damage
from ingest.bench.figures import Figure, table
from ingest.bench.gold import hash_of, marked_file
from ingest.bench.mutations import mutated
from ingest.bench.scans import Transcription, page_errors
from ingest.bench.speed import measure_reading, readable
from ingest.cli import main
from ingest.document import Block, BlockKind, Document, Publication
from tests.pdfs import Page, column, pdf_of

SENTENCE = "La collectivité soutient les associations du quartier depuis deux ans."


@pytest.fixture(scope="module")
def pdfs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pdfs")
    for number in range(3):
        page = Page(texts=column([f"{SENTENCE} {line}" for line in range(number + 3)]))
        (folder / f"{number}.pdf").write_bytes(pdf_of(page, page))
    (folder / "empty.pdf").write_bytes(b"")
    return folder


def test_a_figure_that_falls_short_is_said_to() -> None:
    lines = list(
        table(
            [
                Figure(name="pages read", value=59.4, unit="pages/s", at_least=60),
                Figure(name="memory", value=1.25, unit="GB", at_most=1.5, note="1,000 pages"),
                Figure(name="passages", value=12345),
            ]
        )
    )

    assert lines[2:] == [
        "| pages read | 59.4 pages/s | >= 60 | **falls short** |",
        "| memory (1,000 pages) | 1.25 GB | <= 1.5 | reached |",
        "| passages | 12,345 | - |  |",
    ]


def test_reading_counts_every_page_of_the_files_that_have_text(pdfs: Path) -> None:
    files = readable(pdfs)

    assert [(file.path.name, file.pages) for file in files] == [("0.pdf", 2), ("1.pdf", 2), ("2.pdf", 2)]
    assert measure_reading(files, 1).note.startswith("24 pages")


def test_a_folder_without_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="expected PDFs with a text layer"):
        readable(tmp_path)


@pytest.mark.parametrize("number", range(21))
def test_a_damage_changes_the_file_and_is_the_same_each_time(pdfs: Path, number: int) -> None:
    data = (pdfs / "0.pdf").read_bytes()

    assert mutated(data, number) != data
    assert mutated(data, number) == mutated(data, number)


def test_every_damaged_file_ends_in_a_document_or_a_reason(pdfs: Path, tmp_path: Path) -> None:
    (figure,) = measure_damage([pdfs / "2.pdf"], tmp_path, count=14, workers=2)

    assert figure.reached
    counts = [int(word) for word in figure.note.split() if word.isdigit()]
    assert sum(counts) == 14
    assert counts[0] > 0


def test_a_marked_file_of_another_edition_is_refused(pdfs: Path) -> None:
    with pytest.raises(ValueError, match="sha256 is"):
        marked_file(pdfs, "0.pdf", {"0" * 64})


def test_blocks_that_stand_side_by_side_may_be_read_in_either_order() -> None:
    words = [tuple(hash_of(word) for word in text.split()) for text in ("un deux", "trois quatre")]
    page = Transcription(file="x.pdf", sha256="", page=1, blocks=tuple(words))
    text = "trois quatre\n\nun deux faux"
    blocks = (
        Block(kind=BlockKind.PARAGRAPH, start=0, end=12, page=1),
        Block(kind=BlockKind.PARAGRAPH, start=14, end=len(text), page=1),
    )
    document = Document(publication=Publication(id="x", title="x", publisher="x"), raw=text, text=text, blocks=blocks)

    assert (page_errors(page, document).part, page_errors(page, document).whole) == (1, 4)


def test_the_command_prints_its_table_and_says_what_it_could_not_measure(
    pdfs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(["bench", "--pdf", str(pdfs), "--only", "reading", "marks"])

    out, err = capsys.readouterr()
    assert status == 1
    assert "| PDF pages read (24 pages, " in out
    assert "error: marks: " in err
    assert "no such file" in err
