"""The conversation as the page keeps it: each question as it was put, and its answer.

In: JSON that we wrote and that anyone may have changed since: the page sends it, and may have had it from the browser's store.
Out: exchanges, every field of its type, and the turns that a follow-up is completed from. The server keeps nothing. What comes
back is never shown as it is, but rendered anew, with the same escaping as an answer that has just been made. What is not of the
form is no conversation.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from rag.answer import Answer, HostPage, Turn
from rag.errors import MalformedRequest
from rag.request import host_page

# What is older is dropped, in the page as in the browser's store: an answer is about 6 kB of JSON.
KEPT = 20
# What a command calls the page of a question where it calls a filter by its name in the contract.
ON_PAGE = "on_page"
# More turns than a follow-up is completed from are not read.
_READ = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A request as the contract has it, without its history; not yet checked beyond its types."""

    question: str
    filters: dict[str, str | list[str]] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    detailed: bool = False
    on_page: HostPage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A question as it was put, and its answer. `number` is new with each exchange of a conversation, and names its anchors."""

    number: int
    wanted: Wanted
    answer: Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """Exchanges, oldest first, each number once. By `opening` our script knows that what it wanted shown is what is shown."""

    exchanges: tuple[Exchange, ...] = ()
    opening: str = ""

    def and_then(self, wanted: Wanted, answer: Answer) -> Conversation:
        """With one more exchange, and without the oldest of too many."""
        number = 1 + max((one.number for one in self.exchanges), default=0)
        return _bounded(
            replace(self, exchanges=(*self.exchanges, Exchange(number=number, wanted=wanted, answer=answer)))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What our script asks of the chat: exchange `number` again, without a filter (or its page, `ON_PAGE`) or at greater
    length; or a conversation to show, an empty one for a new start.
    """

    do: Literal["without", "more", "show"]
    number: int = 0
    filter: str = ""
    conversation: Conversation = Conversation()


def written(conversation: Conversation) -> str:
    """As JSON, without what nobody reads back."""
    slim = tuple(replace(one, answer=_slim(one.answer)) for one in conversation.exchanges)
    return _conversations().dump_json(replace(conversation, exchanges=slim), exclude_defaults=True).decode("utf-8")


def read_conversation(text: str) -> Conversation:
    """That JSON read again; an empty conversation if it is not of the form."""
    try:
        return _bounded(_conversations().validate_json(text)) if text else Conversation()
    except ValidationError:
        return Conversation()


def read_command(text: str) -> Command | None:
    """A command of our script's; None for anything else."""
    try:
        command = _commands().validate_json(text)
    except ValidationError:
        return None
    return replace(command, conversation=_bounded(command.conversation))


def read_host_page(text: str) -> HostPage | None:
    """`{"url", "title"}` as the widget's script writes it; None for anything else."""
    try:
        page = _host_pages().validate_json(text)
        return host_page({"url": page.url, "title": page.title})
    except (ValidationError, MalformedRequest):
        return None


def turns_of(exchanges: Iterable[Exchange]) -> tuple[Turn, ...]:
    """The latest turns, oldest first."""
    turns = [Turn(question=one.wanted.question, text=one.answer.text, status=one.answer.status) for one in exchanges]
    return tuple(turns[-_READ:])


def _bounded(conversation: Conversation) -> Conversation:
    distinct = {one.number: one for one in conversation.exchanges if one.number > 0}
    return replace(conversation, exchanges=tuple(distinct.values())[-KEPT:])


def _slim(answer: Answer) -> Answer:
    citations = tuple(replace(one, raw_quote="") for one in answer.citations)
    return replace(answer, citations=citations, timings_ms=type(answer.timings_ms)(), id=None)


@cache
def _conversations() -> TypeAdapter[Conversation]:
    return TypeAdapter(Conversation)


@cache
def _host_pages() -> TypeAdapter[HostPage]:
    return TypeAdapter(HostPage)


@cache
def _commands() -> TypeAdapter[Command]:
    return TypeAdapter(Command)
