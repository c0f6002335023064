"""Finding a segment in a text whatever its typography, and nothing more than that."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.spans import FoldedText, shared
from ingest.document import Span


@pytest.mark.parametrize(
    ("text", "segment", "expected"),
    [
        ("Faire place à l’ESS.", "à l'ESS", "à l’ESS"),
        ("le programme “Quartier productif” ici", 'programme "Quartier productif"', "programme “Quartier productif”"),
        ("une  ligne\n\nrompue", "une ligne rompue", "une  ligne\n\nrompue"),
        ("100 m² refaits", "100 m2 refaits", "100 m² refaits"),
        ("vie associative…", "vie associative...", "vie associative…"),
        ("30\u00a0% des cagettes", "30 % des", "30\u00a0% des"),
        ("de\u0301marche", "démarche", "de\u0301marche"),
    ],
)
def test_a_segment_is_found_whatever_the_typography(text: str, segment: str, expected: str) -> None:
    assert [text[start:end] for start, end in FoldedText(text).find_all(segment)] == [expected]


@pytest.mark.parametrize("segment", ["developpement", "DÉVELOPPEMENT", "developement", "", "   "])
def test_another_accent_letter_or_case_and_a_blank_segment_find_nothing(segment: str) -> None:
    assert FoldedText("le développement local").find_all(segment) == []


def test_every_place_is_found_in_order() -> None:
    assert FoldedText("ab ab  ab").find_all("ab ab") == [Span(0, 5), Span(3, 9)]


@given(st.text(alphabet="aéœ’'“\"… ²\n"), st.data())
def test_any_stretch_of_a_text_is_found_at_its_place(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    stretch = text[start:end].strip()
    start = text.index(stretch, start)
    found = FoldedText(text).find_all(stretch)
    assert Span(start, start + len(stretch)) in found if stretch else found == []


@given(st.text(alphabet="aé’' \n“\"…", min_size=1).filter(lambda text: text.strip()))
def test_a_whole_text_is_found_in_itself_and_between_other_words(text: str) -> None:
    around = f"avant : {text} : après"
    spans = FoldedText(around).find_all(text)
    assert any(around[span.start : span.end].split() == text.split() for span in spans)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (Span(0, 10), Span(5, 20), 5),
        (Span(0, 10), Span(10, 20), 0),
        (Span(0, 10), Span(2, 4), 2),
        (Span(8, 9), Span(0, 3), 0),
    ],
)
def test_shared_counts_common_code_points(one: Span, other: Span, expected: int) -> None:
    assert shared(one, other) == shared(other, one) == expected
