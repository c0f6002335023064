"""A conversation as a page without script carries it: requests, and of the latest the text that answered. Pure.

In and out: JSON in a hidden field, at most 20 turns, and the replay of such turns. What a reader changes in it is no more than
a question that could have been typed: nothing of it is shown as the assistant's. Refused (MalformedRequest): what is no such
conversation.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from rag.answer import Answer, Status, Turn
from rag.errors import MalformedRequest
from rag.request import AskRequest, parse_request
from ui import texts_plain as texts

MOST = 20
# A follow-up is completed from no more.
_REMEMBERED = 5
_LONGEST_TEXT = 8000
_LONGEST_QUESTION = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One turn: what was asked (without history), and what answered, as far as the next question needs it."""

    request: AskRequest
    text: str = ""
    status: Status | None = None

    @property
    def turn(self) -> Turn:
        """As history has it."""
        return Turn(question=self.request.question, text=self.text, status=self.status)


def asked_of(data: object) -> Asked:
    """A turn out of `{"question", "filters"?, "without"?, "detailed"?, "on_page"?, "text"?, "status"?}`.

    Raises MalformedRequest.
    """
    if not isinstance(data, Mapping):
        raise MalformedRequest(texts.BAD_CONVERSATION)
    row = dict(data)
    row["history"] = [{"question": row.get("question"), "text": row.get("text", ""), "status": row.get("status")}]
    request = parse_request(row)
    (turn,) = request.history
    if len(request.question) > _LONGEST_QUESTION:
        raise MalformedRequest(texts.BAD_CONVERSATION)
    return Asked(request=replace(request, history=()), text=turn.text[:_LONGEST_TEXT], status=turn.status)


def decode(text: str) -> tuple[Asked, ...]:
    """The turns in a hidden field, oldest first; none in an empty one. Raises MalformedRequest."""
    try:
        rows = json.loads(text or "[]")
    except (ValueError, RecursionError):
        raise MalformedRequest(texts.BAD_CONVERSATION) from None
    if not isinstance(rows, list) or len(rows) > MOST:
        raise MalformedRequest(texts.BAD_CONVERSATION)
    return tuple(map(asked_of, rows))


def encode(turns: Sequence[Asked]) -> str:
    """The latest turns as a hidden field carries them; texts only of those that a follow-up is completed from."""
    kept = turns[-MOST:]
    silent = len(kept) - _REMEMBERED
    rows = [_row(turn, said=number >= silent) for number, turn in enumerate(kept)]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def after(turns: Sequence[Asked], request: AskRequest) -> AskRequest:
    """The request with what was said before it, so far as it is completed from."""
    return replace(request, history=tuple(turn.turn for turn in turns[-_REMEMBERED:]))


def replayed(turns: Sequence[Asked], reply: Callable[[AskRequest], Answer]) -> list[Answer]:
    """The answers to a conversation, computed anew, each after the answers that this gave before.

    A turn that asks the one before it again (more details, without a filter, not on its page) is not completed from itself.
    """
    answered: list[Asked] = []
    answers = []
    for turn in turns:
        before = list(answered)
        elsewhere = bool(before) and before[-1].request.on_page != turn.request.on_page
        if turn.request.detailed or turn.request.without or elsewhere:
            while before and before[-1].request.question.split() == turn.request.question.split():
                before.pop()
        answer = reply(after(before, turn.request))
        answers.append(answer)
        answered.append(replace(turn, text=answer.text, status=answer.status))
    return answers


def _row(turn: Asked, *, said: bool) -> dict[str, Any]:
    request = turn.request
    row: dict[str, Any] = {"question": request.question}
    if request.filters.to_json():
        row["filters"] = request.filters.to_json()
    if request.without:
        row["without"] = sorted(request.without)
    if request.detailed:
        row["detailed"] = True
    if request.on_page:
        row["on_page"] = asdict(request.on_page)
    if said:
        row["text"] = turn.text
    return row | ({"status": turn.status.value} if turn.status else {})
