"""Addresses of quotations: made and read again the same, found again where the text has moved, deaf to anything else."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.document import Document, Passage, Publication, Span
from ingest.pdf.quoted import fold
from rag.answer import Nearest
from tests.test_ui_source import paged
from ui.library import source_of
from ui.permalink import MOST_ALSO, Permalink, Place, address_of, query_of, read_query
from ui.seal import SEAL, SealedText, seal_of
from ui.view import view_of

SEALS = st.text(min_size=1, max_size=40).map(seal_of)
PLACES = st.builds(
    lambda start, length, seal: Place(start=start, end=start + length, seal=seal),
    st.integers(0, 10**8),
    st.integers(1, 10**8),
    SEALS,
)
LINKS = st.builds(
    Permalink,
    page=st.none() | st.integers(0, 999_999_999),
    quotation=st.none() | PLACES,
    also=st.lists(PLACES, max_size=MOST_ALSO, unique=True).map(tuple),
)
# Words as texts have them: composed and decomposed letters, ligatures, soft hyphens, inverted commas, line ends.
ALPHABET = st.sampled_from("aéÉœßﬁ²9-'’«» \n.\u00ad\u0301,;")
TEXTS = st.text(alphabet=ALPHABET, max_size=120)


def quoted(quote: str, start: int = 0, end: int = 1, page: int | None = 3, publication: str = "b") -> Nearest:
    return Nearest(
        quote=quote, passage_id="p", publication_id=publication, title="t", page=page, start=start, end=end, url=None
    )


def read(address: str) -> Permalink:
    return read_query(parse_qsl(urlsplit(address).query, keep_blank_values=True))


@given(LINKS)
def test_what_an_address_asks_for_is_read_from_it_again(link: Permalink) -> None:
    assert read(query_of(link)) == link


@given(st.lists(st.tuples(st.sampled_from(["page", "start", "end", "seal", "also", "x"]), st.text(max_size=30))))
def test_a_query_of_anything_shows_a_page(fields: list[tuple[str, str]]) -> None:
    source = paged("Un. Deux.", "Trois.")
    view = view_of(source, read_query(fields))
    assert 0 <= view.first <= view.last < len(source.leaves)


@given(
    st.lists(
        st.tuples(st.sampled_from(["page", "start", "end", "also"]), st.text(alphabet="0123456789-.ab", max_size=14))
    )
)
def test_numbers_of_anything_show_a_page(fields: list[tuple[str, str]]) -> None:
    source = paged("Un. Deux.", "Trois.")
    view = view_of(source, read_query(fields))
    assert 0 <= view.first <= view.last < len(source.leaves)
    for span in (view.quotation, *view.also):
        assert span is None or source.document.text[span.start : span.end].strip()


def test_an_address_is_short_and_has_no_word_of_what_was_read() -> None:
    quote = "Le jardin partagé de Dijon produit des légumes pour tout le quartier."
    address = address_of(quoted(quote, 1204, 1273))
    assert address == "source/b?page=3&start=1204&end=1273&seal=57.3kl2gwjy#citation"
    assert len(address) < 80


def test_others_of_the_same_page_come_along_and_no_more_than_eight() -> None:
    others = [quoted(f"Autre phrase {n}.", 10 * n, 10 * n + 9) for n in range(1, 30)]
    elsewhere = [quoted("x", 1, 2, page=4), quoted("x", 1, 2, publication="c")]
    link = read(address_of(quoted("Un.", 0, 3), [quoted("Un.", 0, 3), *elsewhere, *others]))
    assert [place.start for place in link.also] == [10 * n for n in range(1, MOST_ALSO + 1)]
    assert all(SEAL.fullmatch(place.seal) for place in link.also)


@given(TEXTS, TEXTS, TEXTS)
def test_a_quotation_of_whole_words_is_found_wherever_it_has_gone(before: str, quote: str, after: str) -> None:
    text = f"{before} {quote} {after}"
    found = SealedText(text).find(seal_of(quote))
    if fold(quote):
        assert found is not None
        assert fold(text[found.start : found.end]) == fold(quote)
    else:
        assert found is None


@given(TEXTS, TEXTS)
def test_what_is_found_says_the_same_letters_and_digits_or_nothing_is(text: str, quote: str) -> None:
    found = SealedText(text).find(seal_of(quote))
    assert found is None or fold(text[found.start : found.end]) == fold(quote)


def test_of_several_places_the_nearest_to_the_old_one_is_taken() -> None:
    text = "Un jardin. Puis un jardin. Enfin un jardin."
    assert SealedText(text).find(seal_of("un jardin"), near=20) == Span(16, 25)


@pytest.mark.parametrize(
    "seal", ["", "0.aaaaaaaa", "9", "9.AAAAAAAA", "9.aaaaaaa", "9.aaaaaaaaa", "9.aaaaaaaa\n", "-9.aaaaaaaa"]
)
def test_what_is_no_seal_is_found_nowhere(seal: str) -> None:
    assert SealedText("Un jardin partagé.").find(seal) is None


def test_words_within_words_are_not_taken_for_the_quotation() -> None:
    assert SealedText("Des passages pavés.").find(seal_of("pas")) is None


def test_a_quotation_whose_text_moved_is_marked_where_it_is_now() -> None:
    old = "Un jardin partagé, à Dijon."
    source = paged("Page ajoutée depuis.", "Avant. Un jardin  partagé,\nà Dijon. Après.")
    view = view_of(source, read(address_of(quoted(old, 0, len(old), page=1))))
    assert view.quotation is not None
    assert (
        " ".join(source.document.text[view.quotation.start : view.quotation.end].split())
        == "Un jardin partagé, à Dijon"
    )
    assert (view.first, view.last, view.moved) == (1, 1, False)


def test_a_quotation_that_is_gone_leaves_its_page_and_is_told() -> None:
    source = paged("Un.", "Deux, et autre chose.")
    view = view_of(source, read(address_of(quoted("Un jardin partagé.", 0, 18, page=2))))
    assert (view.quotation, view.first, view.moved) == (None, 1, True)


def test_other_words_at_the_old_offsets_are_not_marked() -> None:
    source = paged("Les habitants sont contre.")
    view = view_of(source, read(address_of(quoted("Les habitants sont pour.", 0, 24, page=1))))
    assert view.quotation is None
    assert view.moved


def test_an_old_address_without_seal_marks_what_its_offsets_name() -> None:
    view = view_of(paged("Un. Deux."), read("source/b?start=4&end=9"))
    assert view.quotation == Span(4, 9)


def test_others_are_shown_where_they_are_on_the_page_and_left_out_elsewhere() -> None:
    source = paged("Un. Deux. Trois.", "Quatre.")
    link = read("source/b?start=4&end=9&also=0-3&also=18-25&also=99-120&also=4-9&also=nonsense")
    assert view_of(source, link).also == (Span(0, 3),)


def test_a_whole_publication_is_not_one_quotation() -> None:
    text = "\n\n".join("a" * 4000 for _ in range(12))
    document = Document(publication=Publication(id="b", title="t", publisher="p"), raw=text, text=text)
    passages: list[Passage] = []
    view = view_of(source_of(document, passages), read(f"source/b?start=0&end={len(text)}"))
    assert view.last == view.first + 2
