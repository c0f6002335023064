"""Where a quotation stands on its page."""

from __future__ import annotations

import pytest

from ingest.document import Box
from ingest.errors import ReadError
from ingest.pdf.boxes import quotation_boxes
from tests.pdfs import Page, Text, column, pdf_of

TEXT = [
    "La commune réserve du foncier aux structures de l'écono-",
    "mie sociale et solidaire, et les accompagne de la concep-",
    "tion à l'ouverture. Les habitants ont été consultés.",
]


def is_around(box: Box, *, left: float, baseline: float) -> bool:
    return abs(box.left - left) < 3 and box.top < baseline <= box.bottom < baseline + 4


def test_a_quotation_over_two_lines_has_a_box_for_each_of_them() -> None:
    data = pdf_of(Page(texts=column(TEXT, x=60, y=100)))
    boxes = quotation_boxes(data, 1, "La commune réserve du foncier aux structures de l'économie sociale et solidaire")
    assert len(boxes) == 2
    assert is_around(boxes[0], left=60, baseline=100)
    assert is_around(boxes[1], left=60, baseline=112)
    assert boxes[1].right < boxes[0].right


def test_a_quotation_within_a_line_is_covered_alone() -> None:
    data = pdf_of(Page(texts=column(TEXT, x=60, y=100)))
    (box,) = quotation_boxes(data, 1, "Les habitants ont été consultés.")
    assert is_around(box, left=box.left, baseline=124)
    assert box.left > 120


def test_ligatures_and_white_space_make_no_difference() -> None:
    data = pdf_of(Page(texts=column(["Un ﬁnancement ﬂéché  vers les communes"])))
    assert quotation_boxes(data, 1, "financement fléché\nvers les communes")


def test_a_quotation_that_is_not_there_has_no_box() -> None:
    data = pdf_of(Page(texts=column(TEXT)))
    assert quotation_boxes(data, 1, "La commune refuse") == ()
    assert quotation_boxes(data, 1, " … ") == ()


def test_of_a_quotation_over_a_page_break_each_page_gives_its_part() -> None:
    first = Page(texts=column(["La métropole soutient les projets qui créent", "des emplois durables dans les"], y=780))
    second = Page(texts=column(["quartiers prioritaires et les communes rurales.", "Autre chose suit."], x=200))
    data = pdf_of(first, second)
    quote = (
        "La métropole soutient les projets qui créent des emplois durables dans les quartiers prioritaires et les"
        " communes rurales."
    )
    assert len(quotation_boxes(data, 1, quote)) == 2
    (box,) = quotation_boxes(data, 2, quote)
    assert is_around(box, left=200, baseline=100)


def test_words_of_a_column_are_found_though_the_file_writes_line_by_line() -> None:
    left = ["Le premier texte se lit", "de haut en bas avant", "que ne vienne l'autre", "qui est à sa droite."]
    right = ["Le second texte se lit", "après le premier, tout", "en haut de la page, et", "jusqu'à sa dernière ligne."]
    rows = [text for pair in zip(column(left, x=60), column(right, x=320), strict=True) for text in pair]
    boxes = quotation_boxes(pdf_of(Page(texts=rows)), 1, "Le second texte se lit après le premier, tout en haut")
    assert len(boxes) == 3
    assert all(box.left > 300 for box in boxes)


def test_boxes_are_where_they_are_seen_on_a_turned_page_whose_corner_is_elsewhere() -> None:
    # Turned by 90 degrees, what runs upwards along the left edge stands upright along the upper one.
    page = Page(
        texts=[Text(x=40, y=742, text="Un texte debout", upwards=True)],
        rotate=90,
        corner=(-20, 30),
        width=595,
        height=842,
    )
    (box,) = quotation_boxes(pdf_of(page), 1, "Un texte debout")
    assert is_around(box, left=100, baseline=40)
    assert box.right > 150


def test_a_page_that_is_not_there_is_refused_with_what_there_is() -> None:
    with pytest.raises(ReadError, match="page 2: there is no such page; expected 1 to 1"):
        quotation_boxes(pdf_of(Page(texts=column(TEXT))), 2, "La commune")
