"""The fields of `/q` -> what is asked, after which turns. Pure.

A question is typed (`question`, with its filters), or goes on from the latest turn: `suite` asks another under the same
filters, `detail` the same at greater length, `sans` the same without a filter that was read out of it, `retirer` without
one that was typed, `revoir` an earlier one again. Refused: MalformedRequest, and a BadForm of status 422 for what cannot be
searched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.answer import FILTER_FIELDS, Filters
from rag.errors import MalformedRequest
from rag.request import AskRequest, parse_request, question_problem
from ui import texts_plain as texts
from ui.asked import Asked
from ui.form import BadForm, Fields, first

TYPED = frozenset({"question", "publisher", "from", "to", "theme", "territory"})
POSTED = TYPED | {"conversation", "suite", "detail", "sans", "retirer", "revoir"}
SHARED = TYPED | {"partage", "sans"}
EXPORTED = frozenset({"conversation", "format"})
MANY_POSTED = frozenset({"theme"})
MANY_SHARED = frozenset({"theme", "sans"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A request without history, and the turns that it follows."""

    before: tuple[Asked, ...]
    request: AskRequest


def posted(fields: Fields, turns: tuple[Asked, ...]) -> Wanted:
    """What a form asks. Raises MalformedRequest, BadForm."""
    wanted = _again(fields, turns) or Wanted(before=turns, request=_typed(fields))
    return _searched(wanted)


def shared(fields: Fields) -> Wanted:
    """What a shared address asks: one question that stands alone. Raises MalformedRequest, BadForm."""
    return _searched(Wanted(before=(), request=_typed(fields, without=fields.get("sans", ()))))


def _again(fields: Fields, turns: tuple[Asked, ...]) -> Wanted | None:
    if "suite" in fields:
        # A button's question goes with what was typed in before; the first one has nothing before it.
        filters = turns[-1].request.filters if turns else Filters()
        return Wanted(before=turns, request=AskRequest(question=first(fields, "suite"), filters=filters))
    if "revoir" in fields:
        place = _place(first(fields, "revoir"), turns)
        return Wanted(before=turns[:place], request=turns[place].request)
    if not fields.keys() & {"detail", "sans", "retirer"}:
        return None
    if not turns:
        raise MalformedRequest(texts.NOTHING_BEFORE)
    return Wanted(before=turns[:-1], request=_changed(turns[-1].request, fields))


def _changed(request: AskRequest, fields: Fields) -> AskRequest:
    if "sans" in fields:
        return replace(request, without=request.without | {_filter(first(fields, "sans"))})
    if "retirer" in fields:
        name = FILTER_FIELDS[_filter(first(fields, "retirer"))]
        kept = {field: getattr(request.filters, field) for field in FILTER_FIELDS.values() if field != name}
        return replace(request, filters=Filters(**kept))
    return replace(request, detailed=True)


def _filter(name: str) -> str:
    if name not in FILTER_FIELDS:
        raise MalformedRequest(texts.NOTHING_BEFORE)
    return name


def _place(text: str, turns: Sequence[Asked]) -> int:
    place = int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else len(turns)
    if place >= len(turns):
        raise MalformedRequest(texts.NOTHING_BEFORE)
    return place


def _typed(fields: Fields, without: Sequence[str] = ()) -> AskRequest:
    filters = {name: first(fields, name).strip() for name in ("publisher", "from", "to", "territory")}
    _check_period(filters["from"], filters["to"])
    themes = list(fields.get("theme", ()))
    return parse_request(
        {"question": first(fields, "question"), "filters": filters | {"themes": themes}, "without": list(without)}
    )


def _check_period(since: str, until: str) -> None:
    """Tells a date that is none by the name of its field, where the contract's own message has the name of its key."""
    for name, value in (("from", since), ("to", until)):
        try:
            parse_request({"question": "", "filters": {name: value}})
        except MalformedRequest:
            raise BadForm(400, texts.NOT_A_DATE.format(name=texts.FIELDS[name]), fault=name) from None
    try:
        parse_request({"question": "", "filters": {"from": since, "to": until}})
    except MalformedRequest as error:
        raise BadForm(400, str(error), fault="from") from None


def _searched(wanted: Wanted) -> Wanted:
    problem = question_problem(wanted.request.question)
    if problem:
        raise BadForm(422, problem)
    return wanted
