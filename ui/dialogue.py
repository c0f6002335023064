"""What the chat shows after a question or a command: messages and suggestions, a piece at a time. It knows no Gradio.

In: what was wanted, and the conversation as the page keeps it. Out: what is to be shown, `None` for what stays as it is. A
question that cannot be answered is answered so; a command that is none of ours changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace

from rag.answer import Answer, Turn
from rag.errors import RequestError
from rag.request import AskRequest, error_answer, parse_request, question_problem
from ui.api import pieces_safely, suggestions_safely
from ui.readiness import Answerer
from ui.render import render_question, render_rest, render_said
from ui.report import report_address
from ui.site import Site
from ui.turns import (
    ON_PAGE,
    Command,
    Conversation,
    Exchange,
    Wanted,
    read_command,
    read_conversation,
    turns_of,
    written,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message of the conversation; `role` as chats name it, "user" or "assistant"."""

    role: str
    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Every message of the conversation, the conversation as JSON, what stands in the field, what may be asked next."""

    messages: tuple[Message, ...] | None = None
    kept: str | None = None
    typed: str | None = None
    suggestions: tuple[str, ...] | None = None


class Dialogue:
    """The chat's replies over one assistant, with the contacts of one site. Thread-safe: it remembers nothing."""

    def __init__(self, assistant: Answerer, site: Site) -> None:
        self._assistant = assistant
        self._site = site

    def asked(self, wanted: Wanted, kept: str) -> Iterator[Shown]:
        """A question that was typed or chosen; the field is emptied as soon as there is something to read, but keeps what
        cannot be asked.
        """
        conversation = read_conversation(kept)
        for place, shown in enumerate(self._answered(wanted, conversation, turns_of(conversation.exchanges))):
            is_taken = place == 0 and question_problem(wanted.question) is None
            yield replace(shown, typed="") if is_taken else shown

    def commanded(self, text: str, kept: str) -> Iterator[Shown]:
        """What our script asks for: an earlier question again, changed, or another conversation."""
        command = read_command(text)
        if command is None:
            yield Shown()
        elif command.do == "show":
            yield from self._opened(command.conversation)
        else:
            yield from self._again(command, read_conversation(kept))

    def _again(self, command: Command, conversation: Conversation) -> Iterator[Shown]:
        """An earlier request with one thing changed, not completed from what it said itself when it was asked before."""
        exchanges = conversation.exchanges
        place = next((place for place, one in enumerate(exchanges) if one.number == command.number), None)
        if place is None:
            yield Shown()
            return
        wanted = exchanges[place].wanted
        while place > 0 and exchanges[place - 1].wanted.question == wanted.question:
            place -= 1
        if command.do == "more":
            changed = replace(wanted, detailed=True)
        elif command.filter == ON_PAGE:
            changed = replace(wanted, on_page=None)
        else:
            changed = replace(wanted, without=(*wanted.without, command.filter))
        yield from self._answered(changed, conversation, turns_of(exchanges[:place]))

    def _opened(self, conversation: Conversation) -> Iterator[Shown]:
        yield Shown(messages=self._messages(conversation), kept=written(conversation), suggestions=())
        for last in conversation.exchanges[-1:]:
            asked = _request(last.wanted, turns_of(conversation.exchanges[:-1]))
            if isinstance(asked, AskRequest):
                yield Shown(suggestions=suggestions_safely(self._assistant, asked, last.answer))

    def _answered(self, wanted: Wanted, conversation: Conversation, history: Sequence[Turn]) -> Iterator[Shown]:
        """The pieces of one more exchange: the text, then all of the answer, then suggestions."""
        asked = _request(wanted, history)
        pieces = pieces_safely(self._assistant, asked) if isinstance(asked, AskRequest) else iter((asked,))
        shown = ""
        for answer in pieces:
            if answer.follow_ups:  # the last piece, which changes nothing else: another question may stand there by now
                yield Shown(suggestions=answer.follow_ups)
                continue
            now = conversation.and_then(wanted, answer)
            if (
                answer.growing and not answer.text and not shown
            ):  # what was asked stands there while it is being written
                shown = wanted.question
                yield Shown(messages=self._messages(now)[:-2], suggestions=())
            elif answer.growing and answer.text in {"", shown}:  # a sign of life, at which the chat can be told to stop
                yield Shown()
            elif answer.growing:  # and not kept before it is whole
                shown = answer.text
                yield Shown(messages=self._messages(now)[:-1], suggestions=())
            else:
                yield Shown(messages=self._messages(now), kept=written(now), suggestions=())

    def _messages(self, conversation: Conversation) -> tuple[Message, ...]:
        return tuple(message for one in conversation.exchanges for message in self._of(one))

    def _of(self, exchange: Exchange) -> Iterator[Message]:
        anchor, answer = f"r{exchange.number}", exchange.answer
        yield Message(role="user", html=render_question(exchange.wanted.question))
        yield Message(role="assistant", html=render_said(answer, anchor=anchor))
        report = report_address(answer, self._site)
        yield Message(role="assistant", html=render_rest(answer, anchor=anchor, report=report))


def _request(wanted: Wanted, history: Sequence[Turn]) -> AskRequest | Answer:
    """The request, or an answer of status `error` when a filter is not of its form."""
    turns = [{"question": turn.question, "text": turn.text, "status": turn.status} for turn in history]
    try:
        return parse_request(asdict(wanted) | {"without": list(wanted.without), "history": turns})
    except RequestError as error:
        return error_answer(wanted.question, str(error))
