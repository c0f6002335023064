"""The list of publications: what is known of each, in order, chosen by network and theme, a page at a time."""

from __future__ import annotations

import html
import re

import pytest

from ingest.document import BlockKind, Passage, Publication
from ui.form import read_fields
from ui.publications_page import Choice, publications_page
from ui.shelf import Shelf
from ui.site import Site

KNOWN = frozenset({"reseau", "theme", "page"})


def a_publication(number: int, **fields: object) -> Publication:
    values = {"id": f"p{number:03}", "title": f"Titre {number:03}", "publisher": "RTES"} | fields
    return Publication(**values)  # type: ignore[arg-type]  # a test's shorthand


def a_passage(publication: str, words: int, page: int | None) -> Passage:
    text = " ".join(["mot"] * words)
    return Passage(
        id=f"{publication}:{page}", publication_id=publication, text=text, start=0, end=len(text), page=page, headings=(),
        kind=BlockKind.PARAGRAPH,
    )  # fmt: skip


def shelf_of(*publications: Publication, passages: tuple[Passage, ...] = ()) -> Shelf:
    return Shelf.of({one.id: one for one in publications}, passages, "2026-11-30T10:00:00Z")


def page(shelf: Shelf, query: str = "") -> str:
    choice = Choice.of(read_fields(query.encode(), KNOWN, frozenset()))
    return html.unescape(publications_page(shelf, choice, Site())).replace("\u00a0", " ")


def titles(text: str) -> list[str]:
    return re.findall(r"<h3[^>]*>([^<]*)</h3>", text)


def test_the_newest_come_first_under_their_network_and_the_undated_last() -> None:
    shelf = shelf_of(
        a_publication(1, date="2021-05"),
        a_publication(2),
        a_publication(3, date="2024"),
        a_publication(4, publisher="Labo Cités"),
    )
    text = page(shelf)
    assert titles(text) == ["Titre 004", "Titre 003", "Titre 001", "Titre 002"]
    assert "mai 2021" in text
    assert "sans date" in text
    assert "4 publications" in text
    assert "Index du 30 novembre 2026" in text


def test_each_tells_its_kind_its_length_and_where_to_read_it() -> None:
    paged = a_publication(1, media_type="application/pdf", url="https://a.fr/x.pdf", themes=("foncier",))
    web = a_publication(2, media_type="text/html", url="javascript:alert(1)", language="en")
    text = page(
        shelf_of(
            paged, web, passages=(a_passage("p001", 5, 3), a_passage("p001", 5, 12), a_passage("p002", 1234, None))
        )
    )
    assert "PDF, 12 pages" in text
    assert "Page web, environ 1 200 mots" in text
    assert 'href="source/p001"' in text
    assert text.count(">Original<") == 1
    assert "javascript" not in text
    assert '<h3 lang="en">Titre 002' in text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", 3), ("reseau=RTES", 2), ("theme=foncier", 2), ("reseau=RTES&theme=foncier", 1), ("reseau=rtes", 0), ("theme=x", 0),
        ("page=9", 3), ("page=-1", 3), ("page=x", 3),
    ],
)  # fmt: skip
def test_links_choose_a_network_and_a_theme(query: str, expected: int) -> None:
    shelf = shelf_of(
        a_publication(1, themes=("foncier", "ESS")),
        a_publication(2),
        a_publication(3, publisher="Labo", themes=("foncier",)),
    )
    text = page(shelf, query)
    assert len(titles(text)) == expected
    assert f"{expected} publication{'s' if expected > 1 else ''}<" in text
    assert text.count('aria-current="true"') == 2 - query.count("rtes") - query.count("=x") * query.startswith("theme")


def test_themes_stand_in_french_order() -> None:
    themes = ("ville", "Économie", "emploi")
    assert list(shelf_of(a_publication(1, themes=themes)).themes) == ["Économie", "emploi", "ville"]


def test_a_long_list_is_cut_into_pages_that_lead_on_and_keep_the_choice() -> None:
    shelf = shelf_of(*(a_publication(number, themes=("a & b",)) for number in range(250)))
    seen: list[str] = []
    query = "theme=a+%26+b"
    while True:
        text = page(shelf, query)
        seen += titles(text)
        following = re.search(r'rel="next" href="publications\?([^"]*)"', text)
        if following is None:
            break
        query = following.group(1)
    assert seen == [f"Titre {number:03}" for number in range(250)]
    assert 'rel="prev"' in text
    assert "250 publications" in text
