"""Reading a publication over HTTP: pictures with marks on the words, the text where there is none, nothing but French pages."""

from __future__ import annotations

import json
import re
import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlsplit

import pytest

from ingest.document import Box, Passage
from ingest.pdf.picture import draw_page
from rag.answer import Nearest
from tests.pdfs import Page, column, pdf_of
from tests.tools import needs
from tests.viewed import Viewed, open_library, viewed
from ui import texts
from ui.permalink import address_of, read_query
from ui.pictures import Bounds
from ui.sheets import Sheet, sheets_of
from ui.typography import french
from ui.view import view_of

FIXTURES = Path(__file__).resolve().parents[1] / "evals" / "fixtures" / "files"
WEB = "fixture-rtes-2025-tiers-lieux-ruraux.html"
TITLE = '<script>alert(1)</script>" onload="alert(2)'
LEFT = ["Le premier texte se lit", "de haut en bas avant", "que ne vienne l'autre", "qui est à sa droite."]
RIGHT = ["Le second texte se lit", "après le premier, tout", "en haut de la page, et", "jusqu'à sa dernière ligne."]
OVER = [
    "La métropole soutient les projets qui créent des emplois dans tous les quartiers et qui associent les habitants",
    "à leur conception, depuis le premier jour et jusqu'au dernier, sans rien leur imposer de ce qui a été décidé",
]
ON = [
    "ailleurs et par d'autres. Elle finance aussi les structures qui les accompagnent pendant trois années entières.",
    "Les communes y contribuent.",
]
TWICE = [
    "Le foncier reste une ressource rare en ville.",
    "Une autre phrase les sépare ici.",
    "Le foncier reste une ressource rare en ville.",
]
# A text that stands in two publications is found in one of them alone.
OWN = {
    "remplace": "Le fichier de cette publication a été remplacé.",
    "disparu": "Le fichier de cette publication a disparu.",
    "vide": "Une phrase toute seule sur la première page.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """Status, body and headers."""

    status: int
    body: bytes
    headers: dict[str, str]

    @property
    def text(self) -> str:
        return unescape(self.body.decode())


def made() -> dict[str, bytes]:
    """The PDFs of the corpus, by id."""
    columns = [text for pair in zip(column(LEFT, x=60), column(RIGHT, x=320), strict=True) for text in pair]
    second = [*column(["Autre chose suit après une page vide, et c'est une phrase."], y=100)]
    contact = [
        *column(["Écrire à anne.martin@rtes.fr pour en savoir plus."], size=14),
        *column(TWICE, y=300, leading=40),
    ]
    return {
        "colonnes": pdf_of(Page(texts=columns)),
        "saut": pdf_of(Page(texts=column(OVER, y=780)), Page(texts=column(ON, y=60))),
        "vide": pdf_of(Page(texts=column([OWN["vide"]])), Page(), Page(texts=second)),
        "contact": pdf_of(Page(texts=contact)),
        "remplace": pdf_of(Page(texts=column([OWN["remplace"]]))),
        "disparu": pdf_of(Page(texts=column([OWN["disparu"]]))),
    }


@contextmanager
def made_site(folder: Path) -> Iterator[Viewed]:
    """The corpus, served; after it was indexed one of its files is replaced, and one goes."""
    corpus = folder / "corpus"
    corpus.mkdir()
    lines = []
    for name, data in made().items():
        (corpus / f"{name}.pdf").write_bytes(data)
        lines.append({"id": name, "title": TITLE, "publisher": "RTES", "file": f"{name}.pdf", "date": "2023-05-01",
                      "url": f"https://example.org/{name}.pdf#x"})  # fmt: skip
    shutil.copy(FIXTURES / WEB, corpus / WEB)
    lines.append(
        {"id": "web", "title": "Tiers-lieux", "publisher": "RTES", "file": WEB, "url": "https://example.org/a?b=c#d"}
    )
    (corpus / "catalogue.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    with viewed(corpus, folder, bounds=Bounds(processor_seconds=60, clock_seconds=120.0)) as site:
        (corpus / "remplace.pdf").write_bytes(pdf_of(Page(texts=column(["Une page toute différente."]))))
        (corpus / "disparu.pdf").unlink()
        yield site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Viewed]:
    with made_site(tmp_path_factory.mktemp("viewer")) as site:
        yield site


def fetch(site: Viewed, path: str) -> Reply:
    try:
        with urllib.request.urlopen(f"{site.url}/{path}", timeout=120) as response:  # noqa: S310 - our own server
            return Reply(status=response.status, body=response.read(), headers=dict(response.headers))
    except urllib.error.HTTPError as error:
        return Reply(status=error.code, body=error.read(), headers=dict(error.headers))


def near(passage: Passage, words: str) -> Nearest:
    """Words of a passage, quoted as if they began it."""
    return Nearest(
        quote=words, passage_id=passage.id, publication_id=passage.publication_id, title="", page=passage.page,
        start=passage.start, end=passage.start + len(words), url=None,
    )  # fmt: skip


def cited(site: Viewed, publication: str, words: str, *, nth: int = 0) -> Nearest:
    """The quotation of those words, as an answer would make it."""
    for passage in site.passages:
        start = -1
        for _ in range(nth + 1):
            start = passage.text.find(words, start + 1)
        if passage.publication_id == publication and start >= 0:
            place = passage.start + start
            return replace(near(passage, words), start=place, end=place + len(words))
    raise AssertionError([passage.text for passage in site.passages if passage.publication_id == publication])


def address(site: Viewed, publication: str, words: str, *others: str, nth: int = 0) -> str:
    beside = [cited(site, publication, other) for other in others]
    return address_of(cited(site, publication, words, nth=nth), beside).partition("#")[0]


def sheets(site: Viewed, publication: str, words: str, *, nth: int = 0) -> tuple[Sheet, ...]:
    source = site.library.find(publication)
    assert source is not None
    data = made()[publication]
    found = cited(site, publication, words, nth=nth)
    fields = [("start", str(found.start)), ("end", str(found.end))]
    return sheets_of(source, view_of(source, read_query(fields)), lambda number: draw_page(data, number))


def baselines(boxes: tuple[Box, ...]) -> list[int]:
    return [round(box.bottom) for box in boxes]


def test_a_quotation_in_a_column_is_marked_line_by_line_in_that_column(site: Viewed) -> None:
    (sheet,) = sheets(site, "colonnes", "Le second texte se lit après le premier, tout en haut de la page")
    assert len(sheet.marks) == 3
    assert all(box.left > 300 for box in sheet.marks)


def test_a_quotation_over_a_page_break_is_marked_on_both_pages(site: Viewed) -> None:
    words = "sans rien leur imposer de ce qui a été décidé ailleurs et par d'autres."
    assert cited(site, "saut", words).page == 1
    first, second = sheets(site, "saut", words)
    assert (first.number, second.number) == (1, 2)
    assert baselines(first.marks) == [794]
    assert baselines(second.marks) == [62]


def test_a_quotation_that_its_paragraph_carried_over_is_shown_on_the_page_where_it_is_read(site: Viewed) -> None:
    words = "Elle finance aussi les structures qui les accompagnent pendant trois années entières."
    assert cited(site, "saut", words).page == 1
    (sheet,) = sheets(site, "saut", words)
    assert (sheet.number, len(sheet.marks)) == (2, 1)
    page = fetch(site, address(site, "saut", words)).text
    assert french("mai 2023, p. 2.") in page
    assert "https://example.org/saut.pdf#page=2" in page


def test_of_two_places_that_say_the_same_the_one_that_is_quoted_is_marked(site: Viewed) -> None:
    first, second = (sheets(site, "contact", TWICE[0], nth=nth)[0].marks for nth in (0, 1))
    assert (baselines(first), baselines(second)) == ([302], [382])


def test_the_page_has_the_picture_its_marks_the_words_and_the_text(site: Viewed) -> None:
    reply = fetch(site, address(site, "contact", TWICE[0], TWICE[1]))
    page = reply.text
    assert reply.status == 200
    (href,) = set(re.findall(r'<img src="([^"]+)"', page))
    assert page.count('<rect class="quoted"') == 1
    assert page.count('<rect class="also"') == 1
    assert page.count('id="citation"') == 1
    assert f"{TWICE[0]}\u00a0»</span></p>" in page
    assert f'<blockquote><div lang="fr"><p>«\u00a0{TWICE[0]}\u00a0»</p></div></blockquote>' in page
    assert f'<mark id="citation-texte" tabindex="-1">{TWICE[0]}</mark>' in page
    assert f'<mark class="also">{TWICE[1]}</mark>' in page
    picture = fetch(site, f"source/{href}")
    assert (picture.status, picture.headers["content-type"]) == (200, "image/webp")
    assert picture.headers["cache-control"] == "private, max-age=3600"
    assert picture.body[8:12] == b"WEBP"


def test_an_address_leads_to_each_other_quotation_and_back(site: Viewed) -> None:
    page = fetch(site, address(site, "contact", TWICE[0], TWICE[1])).text
    (other,) = re.findall(r'<li><a href="(\?[^"#]+)#citation">', page)
    again = fetch(site, f"source/contact{other}").text
    assert f'<mark id="citation-texte" tabindex="-1">{TWICE[1]}</mark>' in again
    assert f'<mark class="also">{TWICE[0]}</mark>' in again
    assert texts.MOVED not in again


def test_what_a_publication_says_is_never_markup(site: Viewed) -> None:
    reply = fetch(site, address(site, "contact", TWICE[0]))
    source = reply.body.decode()
    assert source.count("<script") == 1
    assert "&lt;script&gt;alert(1)" in source
    assert '" onload="' not in source


def test_every_page_of_a_pdf_can_be_turned_to_one_without_text_too(site: Viewed) -> None:
    pages = [fetch(site, f"source/vide?page={number}").text for number in (1, 2, 3)]
    turns = [re.findall(r'rel="(\w+)" href="\?page=(\d)"', page) for page in pages]
    assert turns == [[("next", "2")], [("prev", "1"), ("next", "3")], [("prev", "2")]]
    assert [french(texts.NO_TEXT) in page for page in pages] == [False, True, False]
    assert all("vide/page/" in page for page in pages)


@pytest.mark.parametrize("publication", ["remplace", "disparu"])
def test_without_its_file_a_publication_is_read_as_text(site: Viewed, publication: str) -> None:
    reply = fetch(site, address(site, publication, OWN[publication]))
    assert reply.status == 200
    assert french(texts.NO_PICTURE) in reply.text
    assert "<img" not in reply.text
    assert f'<mark id="citation" tabindex="-1">{OWN[publication]}</mark>' in reply.text
    assert fetch(site, f"source/{publication}/page/1.webp").status == 404


def test_a_web_page_is_read_as_text_and_its_original_opened_at_the_passage(site: Viewed) -> None:
    page = fetch(site, address(site, "web", "Elle détient 15 % du capital.")).text
    assert "<img" not in page
    assert "https://example.org/a?b=c#d:~:text=Elle%20d%C3%A9tient%2015%20%25%20du%20capital." in page
    assert french(texts.OPEN_AT_PASSAGE) in page
    assert french(texts.NO_PICTURE) not in page


@pytest.mark.parametrize(
    "query",
    ["page=0", "page=999999", "page=-1", "page=x", "page=2&page=1", "start=999999&end=9999999&page=3", "start=5&end=2",
     "start=&end=", "start=0&end=9999999999", "seal=9.aaaaaaaa", "start=0&end=9&seal=9.aaaaaaaa",
     "start=0&end=9&seal=" + "9" * 6000, "also=" + "&also=".join(f"{n}-{n + 5}" for n in range(500)), "%00=%00",
     "start=%F0%9F%98%80&end=%ff", "&&&=&=", "page=" + "1" * 5000],
)  # fmt: skip
@pytest.mark.parametrize("publication", ["vide", "web"])
def test_whatever_is_asked_of_a_publication_a_page_comes(site: Viewed, publication: str, query: str) -> None:
    reply = fetch(site, f"source/{publication}?{query}")
    assert reply.status == 200
    assert "<h1" in reply.text


@pytest.mark.parametrize(
    "path",
    ["vide/page/0.webp", "vide/page/4.webp", "vide/page/999999.webp", "vide/page/-1.webp", "vide/page/x.webp",
     "vide/page/1.png", "vide/page/1", "vide/page/" + "1" * 5000 + ".webp", "web/page/1.webp", "nope/page/1.webp",
     "..%2fvide/page/1.webp", "vide/page/..%2f1.webp", "é<b>/page/1.webp", "vide/page/1.webp/x", "vide/page/%00.webp",
     "vide/page/١.webp"],
)  # fmt: skip
def test_a_picture_that_is_not_there_is_a_404(site: Viewed, path: str) -> None:
    reply = fetch(site, f"source/{quote(path, safe='/%')}")
    assert reply.status == 404
    assert "Traceback" not in reply.body.decode()


def test_a_passage_that_has_gone_leaves_its_page_and_a_notice(site: Viewed) -> None:
    page = fetch(site, "source/vide?page=3&start=0&end=9&seal=9.aaaaaaaa").text
    assert french(texts.MOVED) in page
    assert "vide/page/3.webp" in page
    assert 'id="citation"' not in page


def test_contacts_of_staff_are_neither_in_the_page_nor_in_the_words_of_its_marks(site: Viewed) -> None:
    assert "anne.martin" not in fetch(site, "source/contact?page=1").text


def test_a_mark_that_is_not_on_the_picture_opens_the_text(site: Viewed) -> None:
    source = site.library.find("contact")
    assert source is not None
    # Three letters and a digit make no quotation that is looked for among the words of another page.
    start = source.document.text.index("pour en savoir")
    page = fetch(site, f"source/contact?start=0&end={start}").text
    assert '<details class="text" id="texte"' in page


@needs("tesseract", "tesseract-ocr and tesseract-ocr-fra")
def test_on_a_scan_the_words_that_ocr_read_are_marked(tmp_path: Path) -> None:
    name = "fixture-cr-2018-atelier-regies-scan"
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    shutil.copy(FIXTURES / f"{name}.pdf", corpus / "scan.pdf")
    line = {"id": "scan", "title": "Scan", "publisher": "RTES", "file": "scan.pdf"}
    (corpus / "catalogue.jsonl").write_text(json.dumps(line), encoding="utf-8")
    with viewed(corpus, tmp_path, bounds=Bounds(processor_seconds=60, clock_seconds=120.0)) as site:
        words = "Quarante-deux professionnels des Hauts-de-France ont échangé sur les ateliers"
        page = fetch(site, address(site, "scan", words)).text
    assert page.count('<rect class="quoted"') == 2
    assert french(texts.CORRECTED) in page


def test_an_address_outlives_the_index_it_was_made_from(tmp_path: Path) -> None:
    words = "Le foncier reste une ressource rare en ville."
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    line = {"id": "b", "title": "t", "publisher": "RTES", "file": "b.pdf"}
    (corpus / "catalogue.jsonl").write_text(json.dumps(line), encoding="utf-8")
    (corpus / "b.pdf").write_bytes(pdf_of(Page(texts=column([words, "Une autre phrase suit."]))))
    library, passages = open_library(corpus, tmp_path / "index")
    old = next(passage for passage in passages if words in passage.text)
    start = old.start + old.text.index(words)
    quoted = replace(near(old, words), start=start, end=start + len(words))
    link = read_query(parse_qsl(urlsplit(address_of(quoted)).query))

    cover = Page(texts=column(["Une couverture que la première édition n'avait pas encore."]))
    rest = Page(texts=column(["Une phrase nouvelle la précède.", words, "Une autre phrase suit."]))
    (corpus / "b.pdf").write_bytes(pdf_of(cover, rest))
    before = library.find("b")
    after = open_library(corpus, tmp_path / "index")[0].find("b")

    assert before is not None
    assert after is not None
    for source, page in ((before, 1), (after, 2)):
        view = view_of(source, link)
        assert view.quotation is not None
        assert source.document.text[view.quotation.start : view.quotation.end].rstrip(".") == words.rstrip(".")
        assert [leaf.number for leaf in view.leaves(source)] == [page]
    assert view_of(after, link).quotation != view_of(before, link).quotation
