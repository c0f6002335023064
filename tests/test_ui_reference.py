"""A reference to copy, and the way to the original: to the page of a PDF, to the passage of a web page."""

from __future__ import annotations

from datetime import date
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.document import Box, Document, OcrWord, Publication, Span
from ingest.pdf.quoted import line_boxes, placed_by_ocr
from ui import texts
from ui.library import source_of
from ui.reference import original_of, reference_html, text_fragment
from ui.sheets import masks_of

DAY = date(2026, 11, 30)
TEXT = "Un jardin partagé, à Dijon."


def publication(**facts: str | None) -> Publication:
    return Publication(**{"id": "b", "title": "Titre", "publisher": "RTES"} | facts)  # type: ignore[arg-type]


def href(pages: tuple[int, ...] = (), quotation: Span | None = None, **facts: str | None) -> str | None:
    source = source_of(Document(publication=publication(**facts), raw=TEXT, text=TEXT), [])
    original = original_of(source, pages, quotation)
    return original.href if original else None


@pytest.mark.parametrize(
    ("facts", "pages", "expected"),
    [
        ({"date": "2023-05", "url": "https://a.fr/x"}, (3,),
         "RTES, <cite>Titre</cite>, mai 2023, p.\u00a03. Disponible sur\u00a0: https://a.fr/x (consulté le 30 novembre 2026)."),
        ({"date": "2018-06-14"}, (3, 4),
         "RTES, <cite>Titre</cite>, 14 juin 2018, p.\u00a03-4. Lu dans «\u00a0Assistant ESS et quartiers\u00a0» "
         "(consulté le 30 novembre 2026)."),
        ({"title": "<b>", "publisher": "A&B"}, (),
         "A&amp;B, <cite>&lt;b&gt;</cite>. Lu dans «\u00a0Assistant ESS et quartiers\u00a0» (consulté le 30 novembre 2026)."),
    ],
)  # fmt: skip
def test_a_reference_tells_who_what_when_where_and_the_day_it_was_read(
    facts: dict[str, str], pages: tuple[int, ...], expected: str
) -> None:
    assert reference_html(publication(**facts), pages, DAY) == expected


def test_a_pdf_is_opened_at_its_page_only_where_its_address_is_one() -> None:
    assert href((7,), url="https://a.fr/x.pdf?v=2#y", file="x.pdf") == "https://a.fr/x.pdf?v=2#page=7"
    assert href((7,), url="https://a.fr/notice", file="x.pdf") == "https://a.fr/notice"
    assert href((7,), url="https://a.fr/x.pdf", file="x.txt") == "https://a.fr/x.pdf"


def test_a_web_page_is_opened_at_the_passage_and_keeps_its_own_anchor() -> None:
    said = "#:~:text=Un%20jardin%20partag%C3%A9%2C%20%C3%A0%20Dijon."
    assert href(quotation=Span(0, len(TEXT)), url="https://a.fr/x", file="x.html") == f"https://a.fr/x{said}"
    anchored = href(quotation=Span(0, len(TEXT)), url="https://a.fr/x#y", file="x.html")
    assert anchored == f"https://a.fr/x#y{said[1:]}"
    assert href(url="https://a.fr/x", file="x.html") == "https://a.fr/x"


@pytest.mark.parametrize("url", [None, "http://a.fr/x", "javascript:alert(1)", "https://u@a.fr", "https://a.fr/\nx"])
def test_an_address_that_is_not_https_is_no_link_and_a_file_of_ours_is_not_served(url: str | None) -> None:
    assert href((1,), quotation=Span(0, 5), url=url, file="x.html") is None
    assert href((1,), quotation=Span(0, 5), url=url, file="x.pdf") is None


def test_a_long_passage_is_named_by_its_first_and_last_words() -> None:
    passage = "- Un jardin partagé entre les habitants, l'école et la ville.\n- Il produit - depuis peu - des légumes."
    fragment = text_fragment(passage)
    start, end = fragment.removeprefix("text=").split(",")
    assert unquote(start) == "Un jardin partagé entre les"
    assert unquote(end) == "depuis peu - des légumes."
    assert "-" not in fragment
    assert text_fragment(" – \n ") == ""


@given(st.text(max_size=80))
def test_a_fragment_has_no_character_that_means_something_in_an_address(passage: str) -> None:
    fragment = text_fragment(passage).removeprefix("text=")
    assert fragment.count(",") <= 1
    assert not set(fragment) & set("-&#?\"'<> \n")


def scanned(*lines: tuple[str, float]) -> Document:
    """A scan of one page: lines of words with their height on it, every letter six points wide."""
    words, raw = [], ""
    for line, top in lines:
        left = 50.0
        for word in line.split():
            box = Box(left, top, left + 6 * len(word), top + 10)
            words.append(OcrWord(start=len(raw), end=len(raw) + len(word), page=1, box=box, confidence=90.0))
            raw += f"{word} "
            left = box.right + 4
    return Document(publication=publication(), raw=raw, text=raw, pages=1, ocr_pages=(1,), ocr_words=tuple(words))


def test_words_that_ocr_read_are_taken_line_by_line() -> None:
    document = scanned(("Un jardin", 100), ("partagé à Dijon", 114), ("pour tous", 128))
    start = document.raw.index("jardin")
    boxes = line_boxes(placed_by_ocr(document, 1, within=Span(start, document.raw.index("Dijon"))))
    assert [(box.left, box.top) for box in boxes] == [(66.0, 100.0), (50.0, 114.0)]
    assert placed_by_ocr(document, 2) == ()


def test_contacts_on_a_scan_are_painted_over_whether_they_are_in_its_text_or_not() -> None:
    document = scanned(
        ("Le foncier est rare", 100), ("Contact : anne.martin@rtes.fr", 120), ("Tél. 03 20 97 17 97", 140)
    )
    assert {box.top for box in masks_of(document, 1)} == {120.0, 140.0}
    assert len(masks_of(document, 1)) == 6
    assert masks_of(document, 2) == ()


def test_a_day_is_told_as_one() -> None:
    told = [texts.published(day) for day in ("2018-06-14", "2018-06", "2018", "v. 1900")]
    assert told == ["publié le 14 juin 2018", "publié en juin 2018", "publié en 2018", "publié en v. 1900"]
