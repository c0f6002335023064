"""Files that are no good PDF: each is refused with one clear reason, or read as far as it goes and says what was not."""

from __future__ import annotations

import time
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.bench.mutations import mutated
from ingest.document import Document, Publication
from ingest.errors import ReadError
from ingest.pdf.reader import MAX_PAGES, read_pdf
from tests.pdfs import Page, column, encrypted, file_of, pdf_of

LINES = ["La commune réserve du foncier aux structures de l'économie sociale.", "Les habitants cultivent le jardin."]
GOOD = pdf_of(*[Page(texts=column(LINES))] * 3)
CATALOGUE = b"<< /Type /Catalog /Pages 2 0 R >>"


def read(data: bytes) -> Document:
    return read_pdf(data, Publication(id="x", title="X", publisher="RTES", file="files/x.pdf"), ocr=None)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"<!DOCTYPE html>\n<html><body>Introuvable</body></html>", "is a web page, expected a PDF"),
        (b"PK\x03\x04 no PDF", r"begins with b'PK.*expected %PDF-"),
        (GOOD[: len(GOOD) // 2], f"is cut off after {len(GOOD) // 2} bytes"),
        (b"%PDF-1.7\n%%EOF\n", "is a damaged PDF"),
        (encrypted(GOOD, opens_with="secret"), "needs a password"),
    ],
    ids=["nothing", "blank", "web page", "zip", "cut off", "no objects", "password"],
)
def test_what_is_no_readable_pdf_is_refused_with_its_file_and_the_reason(data: bytes, reason: str) -> None:
    with pytest.raises(ReadError, match=f"files/x.pdf: {reason}"):
        read(data)


def test_a_file_that_an_empty_password_opens_is_read() -> None:
    assert "cultivent le jardin" in read(encrypted(GOOD, opens_with="")).text


def test_a_page_tree_that_leads_back_to_itself_is_refused() -> None:
    loop = b"<< /Type /Pages /Count 3 /Kids [2 0 R 2 0 R] >>"
    with pytest.raises(ReadError, match="pages 1, 2, 3: not read"):
        read(file_of([CATALOGUE, loop]))


def test_pages_that_cannot_be_loaded_are_named_and_the_others_read() -> None:
    document = read(GOOD.replace(b"/Count 3", b"/Count 5"))
    assert document.text.count("cultivent le jardin") == 3
    (warning,) = document.warnings
    assert warning.startswith("pages 4, 5: not read (cannot be loaded")


@pytest.mark.parametrize("count", [b"-3", b"2000000000"])
def test_a_count_of_pages_that_cannot_be_is_not_believed(count: bytes) -> None:
    assert read(GOOD.replace(b"/Count 3", b"/Count " + count)).pages == 3


def test_a_stream_that_claims_to_be_longer_than_the_file_is_read() -> None:
    assert "jardin" in read(GOOD.replace(b"/Length ", b"/Length 99999999")).text


def test_objects_nested_a_hundred_thousand_deep_are_refused() -> None:
    deep = b"[" * 100_000 + b"]" * 100_000
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /X %s >>" % deep
    with pytest.raises(ReadError, match="holds no text"):
        read(file_of([CATALOGUE, b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>", page]))


def test_a_stream_packed_twice_is_not_unpacked_without_end() -> None:
    packed = zlib.compress(zlib.compress(b" " * 100_000_000, 9), 9)
    stream = b"<< /Length %d /Filter [/FlateDecode /FlateDecode] >>\nstream\n%s\nendstream" % (len(packed), packed)
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>"
    start = time.monotonic()
    with pytest.raises(ReadError, match="holds no text"):
        read(file_of([CATALOGUE, b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>", page, stream]))
    assert time.monotonic() - start < 20


def test_a_page_of_ten_metres_is_read() -> None:
    assert "jardin" in read(pdf_of(Page(texts=column(LINES), width=28346, height=28346))).text


def test_a_drawing_of_ten_metres_without_text_is_named_as_not_read() -> None:
    poster = Page(drawing=b"100 100 20000 20000 re f", width=28346, height=28346)
    (warning,) = read(pdf_of(Page(texts=column(LINES)), poster)).warnings
    assert warning == "page 2: not read (no text, and OCR is off)"


@pytest.mark.parametrize("size", [(0.0, 0.0), (-595.0, -842.0)])
def test_a_page_without_size_stops_nothing(size: tuple[float, float]) -> None:
    flat = Page(texts=column(LINES), width=size[0], height=size[1])
    assert "jardin" in read(pdf_of(Page(texts=column(LINES)), flat)).text


def test_bookmarks_in_a_circle_come_to_an_end() -> None:
    data = pdf_of(Page(texts=column(LINES)), outline=[("Un", 1), ("Deux", 1)])
    assert "jardin" in read(data.replace(b"/Next", b"/Prev")).text


def test_of_five_thousand_pages_the_first_are_read_and_the_report_says_how_many() -> None:
    pages = [Page(texts=column([f"La page {number} parle de la commune."])) for number in range(1, 5001)]
    document = read(pdf_of(*pages))
    assert document.pages == 5000
    assert f"La page {MAX_PAGES} parle" in document.text
    assert document.warnings == (f"has 5000 pages, the first {MAX_PAGES} were read (split the file)",)


@settings(max_examples=300, deadline=None)
@given(st.integers(min_value=0, max_value=100_000))
def test_damage_gives_a_document_or_a_reason_and_nothing_else(number: int) -> None:
    try:
        said = read(mutated(GOOD, number)).text
    except ReadError as error:
        said = str(error).removeprefix("files/x.pdf: ")
        assert said != str(error)  # noqa: PT017 - both outcomes are right
    assert said.strip()
