"""A publication to read: the mark stands where the offsets say, nothing is let through, every page can be reached."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.document import BlockKind, Document, Passage, Publication, Repair
from tests.served import Served
from ui import texts
from ui.library import Library, Source, source_of
from ui.permalink import read_query
from ui.source import render_source
from ui.view import view_of

BROCHURE = "rtes-2023-ess-quartiers-politique-ville"
TAGS = frozenset(
    "html head meta title link script body header p a h1 h2 h3 div main mark span details summary blockquote br footer nav"
    " section cite button ul li".split()
)
VOID = frozenset({"meta", "link", "br"})
ROUGH = st.text(
    alphabet=st.one_of(st.characters(exclude_characters="\r\0"), st.sampled_from("<>&\"'\n /=#$")), max_size=60
)


@dataclass
class Page(HTMLParser):
    """A page's tags and links, the text of its main part, of its marks, and of the text before correction."""

    tags: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    main: str = ""
    marked: str = ""
    raw: str = ""
    ids: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag not in VOID:
            self.open.append(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]
        self.ids += [value or "" for name, value in attrs if name == "id" and value != "reference"]
        assert not [name for name, _ in attrs if name.startswith("on")]
        if tag in {"p", "h3"}:
            self.main += " "
            self.marked += " "

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "details" in self.open:
            self.raw += data if "blockquote" in self.open else ""
        elif "main" in self.open and not {"span", "h2", "nav", "section"} & set(self.open):
            self.main += data
            self.marked += data if "mark" in self.open else ""


def read(html: str) -> Page:
    page = Page()
    page.feed(html)
    page.close()
    assert page.open == []
    return page


def folded(text: str) -> str:
    return " ".join(text.split())


def publication(**facts: str) -> Publication:
    return Publication(**{"id": "b", "title": "Titre", "publisher": "RTES"} | facts)  # type: ignore[arg-type]


def passage(text: str, start: int, end: int, page: int | None, *headings: str) -> Passage:
    return Passage(
        id=f"b:{start}", publication_id="b", text=text[start:end], start=start, end=end, page=page,
        kind=BlockKind.PARAGRAPH, headings=headings,
    )  # fmt: skip


def paged(*pages: str) -> Source:
    """A publication of those pages, one passage each."""
    text = "\n\n".join(pages)
    starts = [sum(len(page) + 2 for page in pages[:number]) for number in range(len(pages))]
    passages = [
        passage(text, start, start + len(page), number)
        for number, (start, page) in enumerate(zip(starts, pages, strict=True), start=1)
    ]
    return source_of(Document(publication=publication(), raw=text, text=text), passages)


def html_of(source: Source, query: Mapping[str, object] | None = None) -> str:
    """The page without pictures."""
    asked = read_query((name, str(value)) for name, value in (query or {}).items())
    return render_source(source, view_of(source, asked), (), date(2026, 11, 30))


def shown(source: Source, **query: object) -> Page:
    return read(html_of(source, query))


@given(ROUGH, ROUGH, ROUGH, st.integers(0, 200), st.integers(0, 200))
def test_what_is_marked_is_what_the_offsets_name_and_no_markup_survives(
    one: str, two: str, title: str, start: int, end: int
) -> None:
    text = f"{one}\n\n{two}"
    document = Document(publication=publication(title=title, publisher=two, url=one), raw=text, text=text)
    source = source_of(document, [passage(text, 0, len(one), 1), passage(text, len(one) + 2, len(text), 2)])
    page = shown(source, start=start, end=end)
    marks = folded(text[start:end]) if start < end <= len(text) else ""
    assert page.tags <= TAGS
    assert folded(page.marked) == marks
    assert page.ids == (["citation"] if marks else [])
    assert folded(page.main) in folded(text)
    assert {link for link in page.links if not link.startswith(("../", "?page=", "#citation"))} <= {one}


def test_a_quotation_over_paragraphs_and_pages_is_marked_in_each_with_one_anchor() -> None:
    source = paged("Un. Deux.", "Trois.\n\nQuatre. Cinq.", "Six.")
    page = shown(source, start=4, end=source.document.text.index(" Cinq"))
    assert folded(page.marked) == "Deux. Trois. Quatre."
    assert page.ids == ["citation"]
    assert "Six" not in page.main


@pytest.mark.parametrize(
    "query",
    [{}, {"start": "4"}, {"end": "9"}, {"start": "x", "end": "y"}, {"start": "-4", "end": "9"}, {"start": "9", "end": "4"},
     {"start": "4", "end": "4"}, {"start": "4", "end": "999"}, {"start": "٤", "end": "9"}, {"start": "4", "end": "9" * 5000},
     {"start": "9", "end": "11"}, {"page": "0"}, {"page": "4"}, {"page": "-1"}, {"page": "<b>"}],
)  # fmt: skip
def test_what_names_no_place_shows_the_first_page_unmarked(query: dict[str, str]) -> None:
    page = shown(paged("Un. Deux.", "Trois."), **query)
    assert folded(page.main) == "Un. Deux."
    assert page.ids == []
    assert "#citation" not in page.links


def test_every_page_is_reached_from_the_one_before() -> None:
    source = paged("Un.", "Deux.", "Trois.")
    assert [folded(shown(source, page=number).main) for number in (1, 2, 3)] == ["Un.", "Deux.", "Trois."]
    turns = [[link for link in shown(source, page=number).links if "page" in link] for number in (1, 2, 3)]
    assert turns == [["?page=2"], ["?page=1", "?page=3"], ["?page=2"]]
    assert texts.page_of(2) in html_of(source, {"page": 2})


def test_pages_keep_their_physical_numbers_and_lose_no_text() -> None:
    text = "Avant.\n\nDeux.\n\nSans page.\n\nCinq."
    passages = [passage(text, 8, 13, 2), passage(text, text.index("Cinq"), len(text), 5)]
    source = source_of(Document(publication=publication(), raw=text, text=text), passages)
    assert [(leaf.number, text[leaf.start : leaf.end]) for leaf in source.leaves] == [
        (2, "Avant.\n\nDeux.\n\nSans page.\n\n"),
        (5, "Cinq."),
    ]


@given(st.lists(st.integers(1, 4000), max_size=12))
def test_a_text_without_pages_is_read_in_parts_of_whole_paragraphs(lengths: list[int]) -> None:
    text = "\n\n".join("a" * length for length in lengths)
    source = source_of(Document(publication=publication(), raw=text, text=text), [passage(text, 0, len(text), None)])
    assert not source.paged
    assert "".join(text[leaf.start : leaf.end] for leaf in source.leaves) == text
    assert all(leaf.end - leaf.start <= 6002 for leaf in source.leaves)
    assert all(text[leaf.start - 1] == "\n" for _, leaf in pairwise(source.leaves))
    assert "".join(shown(source, page=leaf.number).main for leaf in source.leaves).split() == text.split()


def test_the_text_before_correction_stands_by_the_quotation_only_where_words_differ() -> None:
    raw, text = "Il a été\nfait. Une ecole.", "Il a été fait. Une école."
    repairs = (
        Repair(before="\n", after=" ", step="join", raw_start=8, raw_end=9, start=8, end=9),
        Repair(before="ecole", after="école", step="accent", raw_start=19, raw_end=24, start=19, end=24),
    )
    document = Document(publication=publication(), raw=raw, text=text, repairs=repairs)
    source = source_of(document, [passage(text, 0, len(text), 1)])
    assert shown(source, start=0, end=14).raw == ""
    corrected = shown(source, start=15, end=25)
    assert (folded(corrected.marked), corrected.raw) == ("Une école.", "Une ecole.")
    assert "OCR" in html_of(source)
    assert "OCR" not in html_of(paged("Un."))


def test_a_removed_contact_does_not_come_back_with_the_text_before_correction() -> None:
    raw, text = "Écrire à Anne, a@rtes.fr, au RTES.", "Écrire à Anne, au RTES."
    removed = Repair(before=" a@rtes.fr,", after="", step="contact", raw_start=14, raw_end=25, start=14, end=14)
    document = Document(publication=publication(), raw=raw, text=text, repairs=(removed,))
    source = source_of(document, (passage(text, 0, len(text), 1),))

    html = html_of(source, {"start": 0, "end": len(text)})

    assert "a@rtes.fr" not in html


@pytest.mark.parametrize(("step", "told"), [("hyphen", False), ("running header+join", False), ("join+mend", True)])
def test_a_text_is_called_corrected_when_words_of_it_were(step: str, told: bool) -> None:
    repair = Repair(before="x", after="y", step=step, raw_start=0, raw_end=1, start=0, end=1)
    document = Document(publication=publication(), raw="x.", text="y.", repairs=(repair,))
    source = source_of(document, (passage("y.", 0, 2, 1),))

    assert ("OCR" in html_of(source)) is told


def test_headings_and_list_lines_keep_their_form() -> None:
    text = "LE FONCIER\n\nUn.\nDeux."
    source = source_of(
        Document(publication=publication(), raw=text, text=text), [passage(text, 0, len(text), 1, "LE FONCIER")]
    )
    html = html_of(source)
    assert "<h3>LE FONCIER</h3>" in html
    assert "<p>Un.<br>\nDeux.</p>" in html


@pytest.mark.parametrize(
    ("url", "linked"), [("https://www.rtes.fr/x", True), ("http://a.fr", False), ("javascript:x", False)]
)
def test_only_an_https_original_is_linked(url: str, linked: bool) -> None:
    document = Document(publication=publication(url=url), raw="Un.", text="Un.")
    assert (url in shown(source_of(document, [])).links) is linked


def test_an_id_is_looked_up_and_never_a_path(tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "secret.txt").write_text("secret")
    assert Library(tmp_path, {}, ()).find("secret") is None


def test_every_citation_of_an_answer_is_marked_as_quoted(served: Served) -> None:
    answer = served.ask({"question": texts.EXAMPLES[0]}).json
    assert len(answer["citations"]) > 1
    for cited in (*answer["citations"], *answer["examples"]):
        reply = served.fetch(f"/source/{cited['publication_id']}?start={cited['start']}&end={cited['end']}")
        page = read(reply.text)
        assert reply.headers["content-type"] == "text/html; charset=utf-8"
        assert folded(page.marked) == cited["quote"]
        assert f">{texts.page_of(cited['page'])}</h2>" in reply.text
        assert page.raw == "" or folded(page.raw) == folded(cited.get("raw_quote", page.raw))


def test_the_page_is_french_has_no_script_but_our_file_and_names_its_publication(served: Served) -> None:
    page = served.fetch(f"/source/{BROCHURE}").text
    assert '<html lang="fr">' in page
    assert re.findall("<script[^>]*>", page) == ['<script src="../ui/source.js" defer>']
    assert "publié en 2023" in page
    assert 'href="../"' in page


@pytest.mark.parametrize(
    "name", ["nope", "..%2e", "%2e%2e%5cx", "a%00b", f"{BROCHURE}.txt", "%F0%9F%98%80", "x" * 5000]
)
def test_an_unknown_publication_is_a_short_french_404(served: Served, name: str) -> None:
    reply = served.fetch(f"/source/{name}")
    assert reply.status == 404
    assert texts.NO_SUCH_SOURCE_TITLE in reply.text
    assert '<html lang="fr">' in reply.text


@pytest.mark.parametrize(
    "path",
    ["", "/", "..", "../healthz", "%2e%2e", "..%2f..%2fmanifest.json", f"../documents/{BROCHURE}.txt", f"{BROCHURE}/x"],
)
def test_tricks_with_the_path_find_nothing(served: Served, path: str) -> None:
    assert served.fetch(f"/source/{path}").status == 404


def test_a_publication_whose_text_has_gone_is_told_in_french(served: Served) -> None:
    index = served.log.parent / "index"
    text = index / (index / "current").read_text().strip() / "documents" / f"{BROCHURE}.txt"
    away = text.rename(text.with_suffix(".away"))
    try:
        reply = served.fetch(f"/source/{BROCHURE}")
    finally:
        away.rename(text)
    assert reply.status == 500
    assert texts.UNREADABLE_TITLE in reply.text
    assert "Traceback" not in reply.text
