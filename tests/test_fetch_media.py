"""Under which type a file is kept that was fetched, and what is not kept."""

from __future__ import annotations

import pytest

from ingest.fetch.errors import FetchError
from ingest.fetch.media import ENDINGS, kept_type

PDF, HTML, TEXT, MARKDOWN = "application/pdf", "text/html", "text/plain", "text/markdown"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PAGE = "https://example.org/page"


@pytest.mark.parametrize("found", ENDINGS)
def test_a_type_that_is_read_is_kept_as_its_bytes_show_it(found: str) -> None:
    assert kept_type(found, said=None, declared=None, url=PAGE) == found


@pytest.mark.parametrize("declared", ["application/octet-stream", "application/x-pdf", "text/html", "", "text/plain"])
def test_bytes_of_a_pdf_are_one_whatever_the_site_says(declared: str) -> None:
    assert kept_type(PDF, said=None, declared=declared, url="https://example.org/download?id=3") == PDF


@pytest.mark.parametrize("found", ["image/png", "application/zip", "unknown", ""])
def test_what_no_reader_reads_is_not_kept(found: str) -> None:
    with pytest.raises(FetchError, match="is not read"):
        kept_type(found, said=None, declared=None, url=PAGE)


@pytest.mark.parametrize(
    ("said", "declared", "url", "who"),
    [
        (PDF, "text/html; charset=utf-8", PAGE, "the catalogue says application/pdf"),
        (None, "Application/PDF; name=x", PAGE, "the site says application/pdf"),
        (None, "text/html", "https://example.org/Guide.PDF?v=2", "its address ends as application/pdf"),
        (DOCX, None, PAGE, f"the catalogue says {DOCX}"),
    ],
)
@pytest.mark.parametrize("found", [HTML, TEXT])
def test_a_page_where_a_document_was_expected_is_refused(
    found: str, said: str | None, declared: str | None, url: str, who: str
) -> None:
    with pytest.raises(FetchError) as refused:
        kept_type(found, said=said, declared=declared, url=url)

    assert str(refused.value) == f"what came is {found}, {who}: a login or an error page?"


def test_a_page_where_the_catalogue_has_a_text_is_refused() -> None:
    with pytest.raises(FetchError, match="what came is text/html, the catalogue says text/plain"):
        kept_type(HTML, said=TEXT, declared="text/plain", url=PAGE)


def test_a_page_that_its_site_calls_text_is_kept_as_the_page_it_is() -> None:
    assert kept_type(HTML, said=None, declared="text/plain", url="https://example.org/a.txt") == HTML


@pytest.mark.parametrize(
    ("said", "declared", "url", "kept"),
    [
        (MARKDOWN, "text/plain", PAGE, MARKDOWN),
        (None, "text/markdown; charset=utf-8", PAGE, MARKDOWN),
        (None, "text/plain", "https://example.org/LISEZMOI.md", MARKDOWN),
        (None, "text/html", PAGE, HTML),
        (TEXT, "text/html", PAGE, TEXT),
        (None, "text/plain", PAGE, TEXT),
    ],
)
def test_plain_text_is_what_the_catalogue_then_the_site_then_the_address_says(
    said: str | None, declared: str | None, url: str, kept: str
) -> None:
    assert kept_type(TEXT, said=said, declared=declared, url=url) == kept
