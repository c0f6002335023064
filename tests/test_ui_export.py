"""A conversation to take away: computed anew, readable by what opens Markdown and ODT, and nothing in it but text."""

from __future__ import annotations

import html
import io
import json
import re
import zipfile
from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from odfdo import Document

from ingest.document import Publication
from ingest.read_odt import read_odt
from rag.answer import Answer, Citation, HostPage, Status
from rag.request import AskRequest
from tests.served import Reply, Served
from ui import texts, texts_plain
from ui.asked import Asked, replayed
from ui.export_blocks import Block, Heading, Items, Line, Paragraph, Run, blocks_of
from ui.export_md import markdown_of
from ui.export_odt import odt_of

QUESTION = texts.EXAMPLES[1]
TODAY = date(2026, 11, 30)
TEXT = st.text(
    alphabet=st.one_of(st.characters(), st.sampled_from("<>&[]()*_#`\\!|~-+=1.\n\t $\x00\ud800")), max_size=30
)
RUNS = st.builds(Run, text=TEXT, url=st.sampled_from([None, "https://a.fr/x_(y)*z?a=b&c=d"]), title=st.booleans())
# Two titles never touch: between them stands what says where.
LINES = st.lists(RUNS, min_size=1, max_size=3).map(
    lambda runs: tuple(one for run in runs for one in (run, Run(text=". ")))
)
BLOCKS = st.lists(
    st.one_of(
        st.builds(Heading, level=st.integers(2, 4), text=TEXT),
        st.builds(Paragraph, line=LINES),
        st.builds(Items, lines=st.lists(LINES, min_size=1, max_size=3).map(tuple)),
    ),
    max_size=4,
)


def export(served: Served, data: object, **headers: str) -> Reply:
    sent = {"Content-Type": "application/json"} | {name.replace("_", "-"): value for name, value in headers.items()}
    body = data if isinstance(data, bytes) else json.dumps(data).encode()
    return served.fetch("/export", method="POST", body=body, headers=sent)


def headings(document: Document) -> list[tuple[str, str]]:
    return [
        (header.get_attribute_string("text:outline-level") or "", header.text_recursive)
        for header in document.body.headers
    ]


def test_a_conversation_is_exported_with_what_the_assistant_answers_to_it(served: Served) -> None:
    first = served.ask({"question": "Un exemple d'urbanisme transitoire à Dijon ?"}).json
    said = {"question": first["question"], "text": first["text"], "status": first["status"]}
    second = served.ask({"question": "et à Rennes ?", "history": [said]}).json
    asked = [
        {"question": first["question"], "text": "« Faux. » [1]", "citations": [{"quote": "Faux."}]},
        {"question": "et à Rennes ?"},
    ]

    reply = export(served, {"turns": asked, "format": "md"})

    assert (reply.status, reply.headers["content-type"]) == (200, "text/markdown; charset=utf-8")
    assert re.fullmatch(
        r'attachment; filename="conversation-\d{4}-\d\d-\d\d\.md"', reply.headers["content-disposition"]
    )
    text = re.sub(r"\\(.)", r"\1", reply.text)
    assert second["question_understood"].rstrip(" ?") in text
    assert second["citations"]
    assert all(f"[{one['n']}] «\u00a0{one['quote']}\u00a0»" in text for one in second["citations"])
    assert "Faux" not in text
    for title in (texts_plain.EXPORT_BIBLIOGRAPHY, texts_plain.EXPORT_HOW_TITLE):
        assert f"## {title}\n" in text
    assert texts_plain.EXPORT_HOW in text.replace("\u00a0", " ")
    assert second["index_build"] in text
    for path in re.findall(rf"\({re.escape(served.url)}(/source/[^)#]*)#citation\)", reply.text):
        assert "<mark" in served.fetch(path).text


def test_the_odt_has_headings_lists_links_language_and_the_same_words(served: Served) -> None:
    asked = {"turns": [{"question": QUESTION}, {"question": "et à Toulouse ?", "detailed": False}]}
    reply = export(served, asked | {"format": "odt"})
    assert reply.headers["content-type"] == "application/vnd.oasis.opendocument.text"
    with zipfile.ZipFile(io.BytesIO(reply.body)) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type, first.extra) == ("mimetype", zipfile.ZIP_STORED, b"")
        assert archive.read("mimetype") == b"application/vnd.oasis.opendocument.text"
        assert archive.testzip() is None
        manifest = archive.read("META-INF/manifest.xml").decode()
        listed = set(re.findall(r'full-path="([^"]+)"', manifest)) - {"/"}
        assert {name for name in listed if not name.endswith("/")} <= {*archive.namelist()}

    document = Document(io.BytesIO(reply.body))
    assert document.meta.title is not None
    assert document.meta.title.startswith(texts.TITLE)
    assert str(document.meta.language) == "fr-FR"
    found = headings(document)
    assert [level for level, _ in found][:3] == ["1", "2", "3"]
    assert sum(level == "2" for level, _ in found) == 4
    assert document.body.get_elements("descendant::text:list")
    links = [link.get_attribute_string("xlink:href") or "" for link in document.body.get_elements("descendant::text:a")]
    assert links
    assert all(link.startswith(f"{served.url}/source/") for link in links)
    quote = served.ask({"question": QUESTION}).json["citations"][0]["quote"]
    read = read_odt(reply.body, Publication(id="x", title="x", publisher="x"))
    assert quote in " ".join(read.text.split())
    with zipfile.ZipFile(io.BytesIO(reply.body)) as archive:
        used = re.findall(r'text:style-name="([^"]+)"', archive.read("content.xml").decode())
        assert {"Heading_20_1", "Internet_20_link"} <= set(used)
        assert set(used) <= set(re.findall(r'style:name="([^"]+)"', archive.read("styles.xml").decode()))


def test_the_form_of_the_page_without_script_exports_too(served: Served) -> None:
    page = served.post("/q", {"question": QUESTION})
    carried = html.unescape(re.findall(r'name="conversation" value="([^"]*)"', page.text)[0])
    reply = served.post("/export", {"conversation": carried, "format": "odt"})
    assert (
        headings(Document(io.BytesIO(reply.body)))[1][1]
        .replace("\u00a0", " ")
        .replace("\u202f", " ")
        .endswith(QUESTION)
    )


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"{", 400), (b"\xff", 400), (b"[" * 9000, 400), ([], 400), ({}, 400), ({"turns": [], "format": "md"}, 400),
        ({"turns": [{"question": "a"}] * 21, "format": "md"}, 400), ({"turns": [{"question": "a"}]}, 400),
        ({"turns": [{"question": "a"}], "format": "pdf"}, 400), ({"turns": [{"question": "a"}], "format": ["md"]}, 400),
        ({"turns": ["a"], "format": "md"}, 400), ({"turns": [{"question": ""}], "format": "md"}, 400),
        ({"turns": [{"question": "a" * 501}], "format": "md"}, 400), ({"turns": [{"question": 1}], "format": "md"}, 400),
        ({"turns": [{"question": "a", "filters": {"x": 1}}], "format": "md"}, 400), (b'"' + b"x" * 300_000 + b'"', 413),
    ],
)  # fmt: skip
def test_what_is_no_conversation_is_refused_in_json(served: Served, data: object, status: int) -> None:
    reply = export(served, data)
    assert reply.status == status
    assert reply.json["error"]


def test_another_content_type_is_415(served: Served) -> None:
    assert export(served, b"x", Content_Type="text/plain").status == 415


def test_half_a_surrogate_pair_and_control_characters_are_exported_without_them(served: Served) -> None:
    for form in ("md", "odt"):
        data = rb'{"turns": [{"question": "foncier \ud83d \u0000 \u0008 ?"}], "format": "' + form.encode() + rb'"}'
        assert export(served, data).status == 200


def answer(question: str, text: str = "Rien.") -> Answer:
    return Answer(question=question, question_understood=question, status=Status.NO_ANSWER, text=text)


def test_a_turn_that_asks_again_is_not_completed_from_itself_and_one_typed_twice_is() -> None:
    seen: list[list[str]] = []

    def reply(request: AskRequest) -> Answer:
        seen.append([turn.question for turn in request.history])
        return answer(request.question)

    a, b = AskRequest(question="a"), AskRequest(question="b")
    again = AskRequest(question="b", detailed=True)
    without = AskRequest(question=" b ", without=frozenset({"territory"}))
    replayed([Asked(request=one) for one in (a, b, again, without, b)], reply)
    assert seen == [[], ["a"], ["a"], ["a"], ["a", "b", "b", " b "]]


def test_a_turn_that_is_asked_again_without_its_page_is_not_completed_from_itself() -> None:
    seen: list[list[str]] = []

    def reply(request: AskRequest) -> Answer:
        seen.append([turn.question for turn in request.history])
        return answer(request.question)

    on_page = AskRequest(question="a", on_page=HostPage(url="u", title=""))
    replayed([Asked(request=one) for one in (on_page, AskRequest(question="a"), AskRequest(question="b"))], reply)
    assert seen == [[], [], ["a", "a"]]


def test_a_question_asked_on_a_page_is_exported_as_it_was_answered(served: Served) -> None:
    page = {
        "url": "https://www.rtes.fr/x",
        "title": "Comment renforcer la place de l'ESS dans les quartiers politique de la ville ?",
    }
    asked = {"question": "De quoi parle cette page ?", "on_page": page}
    shown = served.ask(asked).json
    known, unread = (
        export(served, {"turns": [asked | {"on_page": one}], "format": "md"}).text
        for one in (page, page | {"title": "<b>Agenda</b>"})
    )
    assert all(one["quote"][:40] in known for one in shown["citations"])
    assert "Question posée sur la page «\u00a0Comment renforcer" in known
    assert "www.rtes.fr/x" not in known
    assert "<b>" not in unread
    assert texts.PAGE_UNREAD in unread
    assert export(served, {"turns": [asked | {"on_page": {"url": "", "title": ""}}], "format": "md"}).status == 400


def test_history_is_what_was_answered_now_and_not_what_was_sent() -> None:
    texts_seen: list[str] = []

    def reply(request: AskRequest) -> Answer:
        texts_seen.extend(turn.text for turn in request.history)
        return answer(request.question, f"Réponse à {request.question}.")

    replayed([Asked(request=AskRequest(question=name), text="inventé", status=Status.ANSWERED) for name in "ab"], reply)
    assert texts_seen == ["Réponse à a."]


def test_each_publication_is_in_the_bibliography_once_with_its_pages_and_address() -> None:
    def cited(n: int, page: int) -> Citation:
        return Citation(
            n=n, quote="q", passage_id="p", publication_id="one", title="Titre", publisher="RTES", date="2023-05", page=page,
            start=0, end=1, url="https://www.rtes.fr/x", raw_quote="q",
        )  # fmt: skip

    answers = [
        Answer(
            question=question,
            question_understood=question,
            status=Status.ANSWERED,
            text="« q » [1]",
            citations=tuple(cited(n, page) for n, page in found),
        )
        for question, found in (("a", [(1, 4), (2, 2)]), ("b", [(1, 4)]))
    ]
    blocks = blocks_of(answers, base="https://ess.example/", today=TODAY, index_date="2026-11-29T10:00")
    text = markdown_of("T", blocks).decode().replace("\u00a0", " ")
    (line,) = [line for line in text.partition("## Bibliographie")[2].splitlines() if line.startswith("- ")]
    assert line == (
        "- RTES, *Titre*, mai 2023, p. 2, 4, questions 1, 2. [https://www.rtes.fr/x](https://www.rtes.fr/x). "
        "[Texte lu par l'assistant](https://ess.example/source/one)"
    )
    assert "Consulté le 30 novembre 2026. Index du 29 novembre 2026" in text


def shown(line: Line) -> str:
    return "".join(run.text for run in line)


def squeezed(text: str) -> str:
    return re.sub(r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffd\ufffe\uffff?]+", "", text)


@given(BLOCKS)
def test_in_markdown_every_text_stays_text(blocks: Sequence[Block]) -> None:
    data = markdown_of("Titre", blocks).decode("utf-8")
    tokens = MarkdownIt("commonmark").parse(data)
    kinds = {token.type for token in tokens} | {child.type for token in tokens for child in token.children or ()}
    assert kinds <= {
        "heading_open", "heading_close", "inline", "paragraph_open", "paragraph_close", "bullet_list_open", "bullet_list_close",
        "list_item_open", "list_item_close", "text", "link_open", "link_close", "em_open", "em_close", "softbreak",
    }  # fmt: skip
    hrefs = {child.attrGet("href") for token in tokens for child in token.children or () if child.type == "link_open"}
    assert hrefs <= {"https://a.fr/x_%28y%29*z?a=b&c=d"}
    read = "".join(child.content for token in tokens for child in token.children or ())
    wanted = "Titre" + "".join(
        block.text
        if isinstance(block, Heading)
        else "".join(map(shown, block.lines if isinstance(block, Items) else (block.line,)))
        for block in blocks
    )
    assert squeezed(read) == squeezed(wanted)


@given(BLOCKS)
def test_an_odt_holds_any_text_that_a_file_can(blocks: Sequence[Block]) -> None:
    document = Document(io.BytesIO(odt_of("Titre", blocks, TODAY)))
    assert len(document.body.headers) == 1 + sum(isinstance(block, Heading) for block in blocks)
    assert len(document.body.get_elements("descendant::text:list")) == sum(isinstance(block, Items) for block in blocks)
