"""What the chat shows after a question, a command, or a conversation that comes from who knows where."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest

from rag.answer import Answer, Citation, Example, HostPage, Link, Nearest, Sentence, Status
from rag.pipeline import Assistant
from rag.request import AskRequest
from tests.test_ui_render import ATTRIBUTES, TAGS, read
from ui import texts
from ui.dialogue import Dialogue, Shown
from ui.site import Site
from ui.turns import Conversation, Wanted, written

QUESTION = texts.EXAMPLES[0]


def shown_last(pieces: Iterator[Shown]) -> tuple[Shown, list[Shown]]:
    """The latest piece that drew the conversation, and all of them."""
    every = list(pieces)
    return [piece for piece in every if piece.messages is not None][-1], every


def ask(dialogue: Dialogue, question: str, kept: str = "") -> str:
    """The conversation after one more question."""
    drawn, _ = shown_last(dialogue.asked(Wanted(question=question), kept))
    assert drawn.kept is not None
    return drawn.kept


def command(**wanted: object) -> str:
    return json.dumps(wanted)


def test_an_answer_is_shown_in_pieces_that_change_nothing_that_stands_already(assistant: Assistant) -> None:
    said, whole, next_ = Dialogue(assistant, Site()).asked(Wanted(question=QUESTION), "")

    assert said.messages is not None
    assert whole.messages is not None
    assert [message.role for message in said.messages] == ["user", "assistant"]
    assert whole.messages[:2] == said.messages
    assert 'id="r1-rest"' in whole.messages[2].html
    assert (said.kept, said.typed) == (None, "")
    assert (whole.kept is not None, whole.typed) == (True, None)
    assert (next_.messages, next_.kept, next_.typed) == (None, None, None)
    assert next_.suggestions


def test_more_details_ask_the_same_at_greater_length(assistant: Assistant) -> None:
    dialogue = Dialogue(assistant, Site())
    kept = ask(dialogue, texts.EXAMPLES[2])
    drawn, _ = shown_last(dialogue.commanded(command(do="more", number=1), kept))
    first, second = json.loads(drawn.kept or "")["exchanges"]
    assert second["wanted"] == first["wanted"] | {"detailed": True}
    assert len(second["answer"]["text"]) > len(first["answer"]["text"])


def test_a_filter_taken_away_from_an_earlier_answer_is_taken_from_that_question(assistant: Assistant) -> None:
    dialogue = Dialogue(assistant, Site())
    kept = ask(dialogue, "Comment agir ?", ask(dialogue, "Que dit le RTES sur le foncier à Rennes ?"))
    drawn, _ = shown_last(dialogue.commanded(command(do="without", number=1, filter="territory"), kept))
    last = json.loads(drawn.kept or "")["exchanges"][-1]
    assert last["number"] == 3
    assert last["wanted"]["question"] == "Que dit le RTES sur le foncier à Rennes ?"
    assert last["answer"]["filters"] == {"publisher": "RTES"}


def test_the_page_stays_with_its_question_until_it_is_taken_away(assistant: Assistant) -> None:
    dialogue = Dialogue(assistant, Site())
    (publication,) = assistant.index.publications.values()
    page = HostPage(url="", title=f"{publication.title} | RTES")
    drawn, _ = shown_last(dialogue.asked(Wanted(question="De quoi parle cette page ?", on_page=page), ""))
    more, _ = shown_last(dialogue.commanded(command(do="more", number=1), drawn.kept or ""))
    without, _ = shown_last(dialogue.commanded(command(do="without", number=1, filter="on_page"), more.kept or ""))
    first, second, third = json.loads(without.kept or "")["exchanges"]
    assert first["wanted"] == {"question": "De quoi parle cette page ?", "on_page": {"url": "", "title": page.title}}
    assert second["wanted"] == first["wanted"] | {"detailed": True}
    assert third["wanted"] == {"question": "De quoi parle cette page ?"}
    assert [one["answer"]["status"] for one in (first, second)] == ["answered", "answered"]
    assert third["answer"].get("on_page") is None


def test_a_page_that_nobody_wrote_so_is_answered_with_an_error(assistant: Assistant) -> None:
    wanted = Wanted(question=QUESTION, on_page=HostPage(url="", title="t" * 301))
    drawn, _ = shown_last(Dialogue(assistant, Site()).asked(wanted, ""))
    assert json.loads(drawn.kept or "")["exchanges"][0]["answer"]["status"] == "error"


def test_a_conversation_that_is_opened_again_suggests_for_its_page(assistant: Assistant) -> None:
    dialogue = Dialogue(assistant, Site())
    (publication,) = assistant.index.publications.values()
    wanted = Wanted(question="De quoi parle cette page ?", on_page=HostPage(url="", title=publication.title))
    drawn, every = shown_last(dialogue.asked(wanted, ""))
    kept = json.loads(drawn.kept or "")
    reopened = list(dialogue.commanded(command(do="show", conversation=kept), ""))
    assert reopened[0].messages == drawn.messages
    assert reopened[1].suggestions == every[-1].suggestions
    assert every[-1].suggestions


@pytest.mark.parametrize(
    "text", ["", "{", command(do="more", number=7), command(do="without", number=0, filter="territory")]
)
def test_a_command_that_means_nothing_changes_nothing(assistant: Assistant, text: str) -> None:
    dialogue = Dialogue(assistant, Site())
    assert list(dialogue.commanded(text, ask(dialogue, QUESTION))) == [Shown()]


def test_an_unknown_filter_is_refused_and_not_searched_with(assistant: Assistant) -> None:
    dialogue = Dialogue(assistant, Site())
    drawn, _ = shown_last(dialogue.commanded(command(do="without", number=1, filter="<b>"), ask(dialogue, QUESTION)))
    assert json.loads(drawn.kept or "")["exchanges"][-1]["answer"]["status"] == "error"


def test_a_conversation_that_is_opened_again_is_drawn_as_it_was_with_what_to_ask_next(assistant: Assistant) -> None:
    dialogue = Dialogue(assistant, Site())
    drawn, _ = shown_last(dialogue.asked(Wanted(question=QUESTION), ""))
    conversation = json.loads(drawn.kept or "") | {"opening": "o1"}
    again, every = shown_last(dialogue.commanded(command(do="show", conversation=conversation), ""))
    assert again.messages == drawn.messages
    assert json.loads(again.kept or "") == conversation
    assert every[-1].suggestions


def test_whatever_a_kept_conversation_holds_no_markup_and_no_address_of_it_is_let_through(assistant: Assistant) -> None:
    bad = '"><img src=x onerror=alert(1)><script>alert(1)</script>\n\n[x](javascript:alert(1)) <a href="javascript:1">'
    url = "javascript:alert(1)"
    citation = Citation(
        n=1, quote=bad, passage_id=bad, publication_id=bad, title=bad, publisher=bad, date=bad, page=3, start=0, end=1,
        url=url, raw_quote=bad,
    )  # fmt: skip
    example = Example(
        title=bad, territories=(bad,), quote=bad, passage_id=bad, publication_id=bad, publication_title=bad, page=1,
        start=0, end=1, url=url, links=(url, bad),
    )  # fmt: skip
    nearest = Nearest(quote=bad, passage_id=bad, publication_id=bad, title=bad, page=1, start=0, end=1, url=url)
    answer = Answer(
        question=bad, question_understood=bad + "2", status=Status.ANSWERED, text=f"{bad} [1]\n- {bad}", language=bad,
        index_build=bad, composer=bad, sentences=(Sentence(text=bad, citations=(1,)),), citations=(citation,),
        examples=(example,), nearest=(nearest,), links=(Link(title=bad, url=url), Link(title=bad, url=bad)),
        more=True,
    )  # fmt: skip
    kept = json.loads(written(Conversation().and_then(Wanted(question=bad), answer)))
    drawn, _ = shown_last(Dialogue(assistant, Site()).commanded(command(do="show", conversation=kept), ""))
    assert drawn.messages is not None
    assert len(drawn.messages) == 3
    for message in drawn.messages:
        page = read(message.html)
        assert page.tags <= TAGS
        assert {name for name, _ in page.attributes} <= ATTRIBUTES | {"lang"}
        assert all(value.startswith(("#r1-", "source/", "a-propos#")) for value in page.values("href"))
        assert len(message.html.splitlines()) == 1


@dataclass
class Breaking:
    """An assistant that says its text and breaks before the rest."""

    assistant: Assistant
    publishers: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    index_date: str = "2026-01-01"
    asked: list[AskRequest] = field(default_factory=list)

    def reply(self, request: AskRequest) -> Answer:
        return self.assistant.reply(request)

    def reply_in_pieces(self, request: AskRequest) -> Iterator[Answer]:
        yield replace(self.assistant.reply(request), examples=(), follow_ups=())
        raise RuntimeError(request.question)

    def suggestions(self, request: AskRequest, answer: Answer) -> tuple[str, ...]:
        self.asked.append(request)
        raise RuntimeError(answer.text)


def test_a_fault_on_the_way_is_told_and_what_was_asked_is_not_in_the_log(
    assistant: Assistant, caplog: pytest.LogCaptureFixture
) -> None:
    dialogue = Dialogue(Breaking(assistant), Site())
    drawn, _ = shown_last(dialogue.asked(Wanted(question=QUESTION), ""))
    assert drawn.messages is not None
    assert texts.BROKEN[:20] in read(drawn.messages[1].html).text
    assert "RuntimeError" in caplog.text
    assert "bailleurs" not in caplog.text
    kept = json.loads(ask(Dialogue(assistant, Site()), QUESTION))
    *_, last = dialogue.commanded(command(do="show", conversation=kept), "")
    assert last.suggestions == ()
    assert "bailleurs" not in caplog.text
