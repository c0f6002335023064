"""The conversation comes back from the page as data, and nothing that anyone wrote into it is taken for more."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer import Answer, Citation, Filters, HostPage, OnPage, Sentence, Status, Turn
from ui.turns import (
    KEPT,
    Conversation,
    Exchange,
    Wanted,
    read_command,
    read_conversation,
    read_host_page,
    turns_of,
    written,
)

CITATION = Citation(
    n=1, quote="Le lieu <b>ouvre</b>.", passage_id="p", publication_id="p", title="T", publisher="RTES", date=None,
    page=1, start=0, end=5, url=None, raw_quote="",
)  # fmt: skip
ANSWER = Answer(
    question="Un lieu ?",
    question_understood="Un lieu ouvert ?",
    status=Status.ANSWERED,
    text="En bref\n- Nantes : « Le lieu <b>ouvre</b>. » [1]",
    filters=Filters(territory="Nantes", themes=("foncier",)),
    sentences=(Sentence(text="Le lieu <b>ouvre</b>.", citations=(1,)),),
    citations=(CITATION,),
)
WANTED = Wanted(
    question="Un lieu à <Nantes> ?", filters={"from": "2020", "themes": ["foncier"]}, without=("publisher",)
)


def conversation_of(count: int) -> Conversation:
    conversation = Conversation(opening="o")
    for number in range(count):
        conversation = conversation.and_then(replace(WANTED, question=f"Question {number} ?"), ANSWER)
    return conversation


def test_what_is_written_is_read_again() -> None:
    on_page = replace(WANTED, detailed=True, on_page=HostPage(url="", title="<b>Page</b>"))
    answer = replace(ANSWER, on_page=OnPage(url="", title="<b>Page</b>", publication_id=None))
    conversation = Conversation(opening="o").and_then(WANTED, ANSWER).and_then(on_page, answer)

    assert read_conversation(written(conversation)) == conversation


def test_what_the_widget_writes_is_read_as_a_page() -> None:
    page = {"url": "https://www.rtes.fr/a", "title": "« A » | RTES"}

    assert read_host_page(json.dumps(page)) == HostPage(**page)
    assert read_host_page(json.dumps(page | {"url": ""})) == HostPage(url="", title=page["title"])


@pytest.mark.parametrize(
    "text",
    [
        "", "null", "{", "[]", "3", '"page"', "{}", '{"url": "u"}', '{"url": 1, "title": "t"}', '{"url": "", "title": " "}',
        '{"url": "u", "title": null}', json.dumps({"url": "u" * 2001, "title": "t"}), '{"url": "\\ud800", "title": "t"}',
        json.dumps({"url": "u", "title": "t" * 301}), "[" * 10_000,
    ],
)  # fmt: skip
def test_what_is_no_page_of_the_form_is_none(text: str) -> None:
    assert read_host_page(text) is None


def test_a_turn_is_what_was_asked_and_what_was_said() -> None:
    (turn,) = turns_of([Exchange(number=1, wanted=WANTED, answer=ANSWER)])

    assert turn == Turn(question=WANTED.question, text=ANSWER.text, status=Status.ANSWERED)


def test_only_the_latest_five_are_read() -> None:
    turns = turns_of(conversation_of(9).exchanges)

    assert [turn.question for turn in turns] == [f"Question {number} ?" for number in range(4, 9)]


def test_the_oldest_exchanges_give_way_and_numbers_stay_new() -> None:
    conversation = conversation_of(KEPT + 3)

    assert [one.number for one in conversation.exchanges] == list(range(4, KEPT + 4))
    assert len(read_conversation(written(conversation)).exchanges) == KEPT


def spoilt(**changes: object) -> str:
    """A conversation of one exchange, with fields of its answer set to anything."""
    data = json.loads(written(conversation_of(1)))
    data["exchanges"][0]["answer"] |= changes
    return json.dumps(data)


@pytest.mark.parametrize(
    "text",
    [
        "{", "[]", "null", "3", '{"exchanges": 3}', '{"exchanges": [{}]}', "x" * 1000, "[" * 10_000,
        spoilt(status="clicked"), spoilt(text=None), spoilt(citations=[{"n": 1}]), spoilt(citations="x"), spoilt(text={}),
        spoilt(on_page="x"), spoilt(on_page={"url": 1, "title": "t"}),
    ],
)  # fmt: skip
def test_what_is_not_of_the_form_is_no_conversation(text: str) -> None:
    assert read_conversation(text) == Conversation()


def test_of_two_exchanges_with_one_number_the_first_place_has_the_last_one_s_answer_only() -> None:
    data = json.loads(written(conversation_of(2)))
    data["exchanges"][1]["number"] = 1
    assert [one.number for one in read_conversation(json.dumps(data)).exchanges] == [1]


@pytest.mark.parametrize("text", ["", "{}", '{"do": "fly"}', "[]", '{"do": "show", "conversation": 3}'])
def test_what_is_no_command_of_ours_is_none(text: str) -> None:
    assert read_command(text) is None


@given(st.text())
def test_no_text_stops_it(text: str) -> None:
    read_host_page(text)
    read_command(text)
    read_conversation(text)
