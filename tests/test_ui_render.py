"""What an answer looks like as HTML: marks lead to sources, quotations stay as they are, and nothing is let through."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer import Answer, Citation, Example, Filters, Link, Nearest, OnPage, Sentence, Status
from rag.phrases import FRENCH
from ui import texts
from ui.render import render_answer, render_question, render_rest, render_said, safe_url
from ui.seal import seal_of
from ui.typography import french

TAGS = frozenset("a blockquote button cite details div h3 h4 h5 li p span summary ul".split())
ATTRIBUTES = frozenset({"class", "id", "href", "rel", "tabindex", "target"})
QUOTE = "Faut-il y aller ? Oui : « tout de suite » [2]"
ROUGH = st.text(
    alphabet=st.one_of(st.characters(), st.sampled_from("<>&\"'`[]()*_#$\\\n-=/: 1h")),
    max_size=40,
)


@dataclass
class Reader(HTMLParser):
    """Every tag, attribute and text of a piece of HTML."""

    tags: set[str] = field(default_factory=set)
    attributes: list[tuple[str, str]] = field(default_factory=list)
    text: str = ""
    open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.open.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def values(self, name: str) -> list[str]:
        return [value for attribute, value in self.attributes if attribute == name]


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader


def citation(n: int, quote: str, text: str = "t", url: str | None = "https://www.rtes.fr/x") -> Citation:
    return Citation(
        n=n, quote=quote, passage_id=text, publication_id=text, title=text, publisher=text, date="2023-05", page=4,
        start=0, end=1, url=url, raw_quote=quote,
    )  # fmt: skip


def answer_of(text: str, *citations: Citation) -> Answer:
    sentences = tuple(Sentence(text=c.quote, citations=(c.n,)) for c in citations)
    return Answer(
        question="q",
        question_understood="q",
        status=Status.ANSWERED,
        text=text,
        sentences=sentences,
        citations=citations,
    )


@given(st.lists(ROUGH, min_size=8, max_size=8))
def test_no_tag_attribute_or_line_break_of_the_content_survives(words: list[str]) -> None:
    text, quote, title, url, place, more, link, question = words
    told = OnPage(url=url, title=title, publication_id=None)
    example = Example(
        title=title, territories=(place, more), quote=quote, passage_id="p", publication_id="p", publication_title=title,
        page=1, start=0, end=1, url=url, links=(f"https://a.fr/{link}", link),
    )  # fmt: skip
    nearest = Nearest(quote=more, passage_id="p", publication_id="p", title=title, page=None, start=0, end=1, url=url)
    answer = replace(
        answer_of(f"{text}\n- {place} : « {quote} » [1][2]\n{more}", citation(1, quote, title, url)),
        examples=(example,),
        nearest=(nearest,),
        on_page=told,
        links=(Link(title=title, url=url), Link(title=more, url=f"https://b.fr/{link}")),
    )
    drawn = (render_answer, render_said, render_rest)
    for html in (*(render(answer, anchor="r1") for render in drawn), render_question(question)):
        page = read(html)
        assert page.tags <= TAGS
        assert {name for name, _ in page.attributes} <= ATTRIBUTES
        assert all(value.startswith(("#r1-", "source/", "https://")) for value in page.values("href"))
        assert len(html.splitlines()) == 1  # a blank line would end the block of HTML and begin Markdown


@given(ROUGH)
def test_a_question_is_shown_as_it_was_written(question: str) -> None:
    assert read(render_question(question)).text.endswith(" ".join(question.split()))


def test_marks_lead_to_the_numbered_source_and_back() -> None:
    html = render_answer(
        answer_of("- « un » [1][2]\n- « deux » [2]", citation(1, "un"), citation(2, "deux")), anchor="r7"
    )
    page = read(html)
    assert page.values("id") == ["r7", "r7-m1", "r7-m2", "r7-s1", "r7-s2"]
    marks = [href for href in page.values("href") if "-s" in href]
    assert marks == ["#r7-s1", "#r7-s2", "#r7-s2"]
    assert [href for href in page.values("href") if "-m" in href] == ["#r7-m1", "#r7-m2"]


def test_a_mark_without_source_is_not_a_link() -> None:
    html = render_answer(answer_of("« x » [3]", citation(1, "un")), anchor="r1")
    assert "[3]" in html
    assert "#r1-s3" not in html


def test_a_quotation_stays_verbatim_in_the_text_and_in_its_source() -> None:
    html = render_answer(
        answer_of(f"- Rennes : « {QUOTE} » [1]", citation(1, QUOTE), citation(2, "autre")), anchor="r1"
    )
    text = read(html).text
    assert text.count(QUOTE) == 2
    assert "Rennes\u00a0: «\u00a0" in text
    assert html.count('href="#r1-s2"') == 0  # the [2] inside the quotation is the quotation's


def test_a_source_tells_title_publisher_date_page_and_address() -> None:
    html = render_answer(answer_of("« un » [1]", citation(1, "un", "Titre")), anchor="r1")
    text = read(html).text
    assert "Titre — Titre, publié en mai 2023, p.\u00a04" in text
    assert '<a href="https://www.rtes.fr/x" rel="noopener noreferrer" target="_blank">Ouvrir la publication' in html


def test_a_source_an_example_and_a_nearest_passage_lead_into_the_text_and_cannot_lead_elsewhere() -> None:
    example = Example(
        title="t", territories=(), quote="q", passage_id="p", publication_id="b", publication_title="t", page=1,
        start=5, end=9, url=None,
    )  # fmt: skip
    near = Nearest(quote="q", passage_id="p", publication_id="c", title="t", page=1, start=6, end=8, url=None)
    answer = replace(answer_of("x", citation(1, "un", '../../x?"#&é')), examples=(example,), nearest=(near,))
    page = read(render_answer(answer, anchor="r1"))
    assert [href for href in page.values("href") if href.startswith("source/")] == [
        f"source/b?page=1&start=5&end=9&seal={seal_of('q')}#citation",
        f"source/c?page=1&start=6&end=8&seal={seal_of('q')}#citation",
        f"source/..%2F..%2Fx%3F%22%23%26%C3%A9?page=4&start=0&end=1&seal={seal_of('un')}#citation",
    ]
    assert page.text.count(texts.IN_THE_TEXT) == 3


def test_one_group_of_sentences_keeps_its_heading() -> None:
    html = render_answer(
        answer_of(f"{FRENCH.levers}\n- « un » [1]\n- « deux » [2]", citation(1, "un"), citation(2, "deux")),
        anchor="r1",
    )
    assert f'<div class="answer-text"><h4>{FRENCH.levers}</h4><ul><li>' in html
    assert html.count("<li>«") == 2


def test_an_answer_without_proof_shows_its_nearest_passages_named_as_such() -> None:
    nearest = Nearest(
        quote="un garage", passage_id="p", publication_id="b", title="B", page=5, start=0, end=1, url=None
    )
    silent = Answer(
        question="q", question_understood="q", status=Status.NO_ANSWER, text="Rien sur Roubaix.", nearest=(nearest,)
    )
    text = read(render_answer(silent, anchor="r1")).text
    assert text.index("Rien sur Roubaix.") < text.index("Voir aussi") < text.index("un garage")
    assert "Sources" not in text


def test_the_two_messages_of_an_answer_lead_to_each_other_s_anchors() -> None:
    answer = replace(answer_of("« un » [1]", citation(1, "un")), more=True)
    said, rest = (read(render(answer, anchor="r7")) for render in (render_said, render_rest))
    assert said.values("id") == ["r7", "r7-m1"]
    assert rest.values("id") == ["r7-rest", "r7-s1"]
    assert "#r7-s1" in said.values("href")
    assert "#r7-m1" in rest.values("href")


def test_filters_read_out_of_the_question_can_be_taken_away_and_typed_ones_not() -> None:
    answer = replace(
        answer_of("x"),
        filters=Filters(territory="Rennes", publisher="RTES"),
        understood_filters=Filters(territory="Rennes"),
        dropped_filters=Filters(since="2099"),
    )
    page = read(render_said(answer, anchor="r1"))
    assert [value for value in page.values("class") if value.startswith("remove")] == ["remove f-territory"]
    assert "Retirer «\u00a0territoire\u00a0: Rennes\u00a0»" in page.text
    assert "RTES" in page.text
    assert texts.NO_EFFECT in page.text
    assert "button" not in read(render_answer(answer, anchor="r1")).tags


@pytest.mark.parametrize(
    ("publication", "status", "said"),
    [
        ("p", Status.ANSWERED, None),
        ("p", Status.NO_ANSWER, None),
        (None, Status.ANSWERED, texts.PAGE_UNREAD_ANSWERED),
        (None, Status.NO_ANSWER, texts.PAGE_UNREAD),
        (None, Status.GUIDANCE, texts.PAGE_UNREAD),
    ],
)
def test_a_page_is_named_by_its_title_and_can_be_taken_away(
    publication: str | None, status: Status, said: str | None
) -> None:
    told = OnPage(url="javascript:alert(1)", title="<b>L'ESS</b>\u202e\n en bref", publication_id=publication)
    html = render_said(replace(answer_of("x"), status=status, on_page=told), anchor="r1")
    page = read(html)
    assert [value for value in page.values("class") if value.startswith("remove")] == ["remove f-on_page"]
    assert "Question posée sur la page «\u00a0<b>L'ESS</b> en bref\u00a0»" in page.text
    assert "javascript" not in html
    unread = [line for line in (texts.PAGE_UNREAD_ANSWERED, texts.PAGE_UNREAD) if f">{french(line)}<" in html]
    assert unread == ([said] if said else [])


def test_a_page_without_title_is_said_to_have_none_and_an_error_names_no_page() -> None:
    told = OnPage(url="https://www.rtes.fr/", title="\u200b", publication_id="p")
    answer = replace(answer_of("x"), on_page=told)
    assert texts.ASKED_ON_UNTITLED in render_said(answer, anchor="r1")
    assert "on_page" not in render_said(replace(answer, status=Status.ERROR), anchor="r1")


@pytest.mark.parametrize(("composer", "said"), [("extractive", "extraite"), ("written", "rédigée")])
def test_how_an_answer_was_made_is_said_with_the_day_of_its_index(composer: str, said: str) -> None:
    answer = replace(answer_of("x"), composer=composer, index_build="20260102T030405Z-abc")
    text = read(render_rest(answer, anchor="r1")).text
    assert said in text
    assert "Index du 2 janvier 2026." in text


def test_where_a_model_gave_nothing_that_is_said() -> None:
    made = read(render_rest(replace(answer_of("x"), fallback=True), anchor="r1")).text
    assert "le modèle de langue n'a pas donné" in made


@pytest.mark.parametrize("status", [Status.OUT_OF_SCOPE, Status.REFUSED, Status.GUIDANCE, Status.ERROR])
def test_a_reply_that_rests_on_nothing_is_plain_text(status: Status) -> None:
    html = render_answer(Answer(question="q", question_understood="", status=status, text="Bonjour !"), anchor="r1")
    assert read(html).text == f"{french(texts.ASSISTANT_SAYS)}Bonjour\u202f!"
    assert read(html).tags == {"div", "h3", "p"}


def test_dropped_sentences_are_counted() -> None:
    two = replace(answer_of("« un » [1]", citation(1, "un")), removed_sentences=2)
    assert "2 phrases ont été retirées" in render_answer(two, anchor="r1")
    assert "retirée" not in render_answer(replace(two, removed_sentences=0), anchor="r1")


def test_links_that_share_a_title_are_told_apart() -> None:
    links = (
        Link(title="Lien", url="https://a.fr/1"),
        Link(title="Lien", url="https://a.fr/2"),
        Link(title="Autre", url="http://b.fr"),
    )
    page = read(render_answer(replace(answer_of("x"), links=links), anchor="r1"))
    assert page.values("href") == ["https://a.fr/1", "https://a.fr/2"]
    assert all(word in page.text for word in ("https://a.fr/1", "https://a.fr/2", "Autre\u00a0: http://b.fr"))


def test_an_https_address_in_the_text_is_a_link_and_another_is_text() -> None:
    html = render_answer(answer_of("Voir (https://www.irev.fr/) et http://irev.fr"), anchor="r1")
    assert read(html).values("href") == ["https://www.irev.fr/"]
    assert "http://irev.fr" in html


@pytest.mark.parametrize(
    "url",
    [None, "", "http://a.fr", "javascript:alert(1)", "//a.fr", "https:", "https://", "https://u:p@a.fr", "https://a fr",
     "https://a.fr/\nx", "data:text/html,x", "https://[", "HTTPS//a"],
)  # fmt: skip
def test_only_plain_https_addresses_become_links(url: str | None) -> None:
    assert safe_url(url) is None


@given(st.text())
def test_french_spaces_change_spaces_only_and_once(text: str) -> None:
    spaced = french(text)
    assert len(spaced) == len(text)
    assert all(new == old or (old == " " and new in "\u00a0\u202f") for new, old in zip(spaced, text, strict=True))
    assert french(spaced) == spaced


def test_french_spaces_stand_where_they_are_wanted() -> None:
    assert french("Vrai ? « Oui ! » ; 1 : 2, p. 4") == (
        "Vrai\u202f? «\u00a0Oui\u202f!\u00a0»\u202f; 1\u00a0: 2, p.\u00a04"
    )
