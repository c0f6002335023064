"""The conversation is read back out of the page's own messages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer import Answer, Citation, Sentence, Status, Turn
from ui.render import render_answer, render_question
from ui.turns import turns_of

CITATION = Citation(
    n=1, quote="Le lieu <b>ouvre</b>.", passage_id="p", publication_id="p", title="T", publisher="RTES", date=None,
    page=1, start=0, end=5, url=None, raw_quote="",
)  # fmt: skip
ANSWER = Answer(
    question="Un lieu ?",
    question_understood="Un lieu ouvert ?",
    status=Status.ANSWERED,
    text="En bref\n- Nantes : « Le lieu <b>ouvre</b>. » [1]",
    sentences=(Sentence(text="Le lieu <b>ouvre</b>.", citations=(1,)),),
    citations=(CITATION,),
)


def messages(question: str, answer: Answer = ANSWER) -> list[dict[str, Any]]:
    return [
        {"role": "user", "content": render_question(question)},
        {"role": "assistant", "content": render_answer(answer, anchor="r1")},
    ]


def test_a_turn_is_what_was_asked_and_the_text_with_its_marks() -> None:
    (turn,) = turns_of(messages("Un lieu à <Nantes> ?"))

    assert turn == Turn(
        question="Un lieu à <Nantes> ?",
        text="En bref\n- Nantes : « Le lieu <b>ouvre</b>. » [1]".replace("\n- ", "\n- "),
        status=Status.ANSWERED,
    )


@pytest.mark.parametrize("status", list(Status))
def test_a_turn_has_the_status_of_its_answer(status: Status) -> None:
    (turn,) = turns_of(messages("Un lieu ?", replace(ANSWER, status=status)))

    assert turn.status is status


def test_parts_as_gradio_sends_them_are_read_too() -> None:
    asked, answered = messages("Un lieu ?")
    parts = [{**asked, "content": [{"type": "text", "text": asked["content"]}]}, answered]

    assert turns_of(parts) == turns_of([asked, answered])


def test_only_the_latest_five_are_read() -> None:
    conversation = [message for number in range(9) for message in messages(f"Question {number} ?")]

    assert [turn.question for turn in turns_of(conversation)] == [f"Question {number} ?" for number in range(4, 9)]


@pytest.mark.parametrize("content", [None, 3, "", "<p>autre</p>", [1, {"text": 2}], {"a": 1}])
def test_what_is_not_ours_gives_no_turn(content: object) -> None:
    assert turns_of([{"role": "user", "content": content}, {"role": "assistant", "content": content}]) == ()


@given(st.text())
def test_no_markup_stops_it(html: str) -> None:
    turns_of([{"content": html}, {"content": f'<div class="answer-text">{html}'}])
