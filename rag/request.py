"""An untyped JSON request -> AskRequest; and what makes a question one that is not even searched.

Refused: what is not of the contract's form (MalformedRequest).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rag import phrases
from rag.answer import FILTER_FIELDS, Answer, Filters, HostPage, Status, Turn
from rag.errors import MalformedRequest

MAX_QUESTION = 500
MAX_PAGE_URL, MAX_PAGE_TITLE = 2000, 300
_DATE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")
# A conversation as long as anyone has; a follow-up is completed from its latest turns.
_MAX_TURNS = 200
_STATUSES = tuple(status.value for status in Status)
# Invisible characters carry hidden instructions (Unicode tags) or turn the text round (bidirectional marks).
_INVISIBLE = frozenset({"Cf", "Cc", "Co", "Cs", "Cn"})


@dataclass(frozen=True, slots=True, kw_only=True)
class AskRequest:
    """One question, what was said before (oldest first), and what to narrow it to.

    `without` names filters (of FILTER_FIELDS) that are not to be read out of the question; `detailed` asks for a longer answer;
    `extractive` for one of quotations alone, also where a chat model writes, and none is asked, not even what is meant.
    `on_page` is the page on which it is asked, whose publication goes first.
    """

    question: str
    history: tuple[Turn, ...] = ()
    filters: Filters = Filters()
    without: frozenset[str] = frozenset()
    detailed: bool = False
    extractive: bool = False
    on_page: HostPage | None = None


def parse_request(data: object) -> AskRequest:
    """Read `{"question", "history"?, "filters"?, "without"?, "detailed"?, "on_page"?}`; other keys are ignored.

    Raises MalformedRequest.
    """
    if not isinstance(data, dict):
        raise MalformedRequest(phrases.NOT_AN_OBJECT)
    question = data.get("question")
    if not isinstance(question, str):
        raise MalformedRequest(phrases.NO_QUESTION_FIELD)
    return AskRequest(
        question=question,
        history=_history(data.get("history")),
        filters=_filters(data.get("filters")),
        without=_without(data.get("without")),
        detailed=_flag(data, "detailed"),
        extractive=_flag(data, "extractive"),
        on_page=host_page(data.get("on_page")),
    )


def host_page(data: object) -> HostPage | None:
    """Read `{"url", "title"}`, two texts of which one may be empty; None is no page. Raises MalformedRequest."""
    if data is None:
        return None
    row = data if isinstance(data, Mapping) else {}
    url, title = row.get("url"), row.get("title")
    if isinstance(url, str) and isinstance(title, str):
        fits = len(url) <= MAX_PAGE_URL and len(title) <= MAX_PAGE_TITLE
        if fits and (url.strip() or title.strip()):
            return HostPage(url=url, title=title)
    raise MalformedRequest(phrases.bad_page(MAX_PAGE_URL, MAX_PAGE_TITLE))


def clean_question(question: str) -> str:
    """The question without invisible characters, its white space folded, in NFC."""
    spaced = "".join(" " if char.isspace() else char for char in question)
    visible = "".join(char for char in spaced if unicodedata.category(char) not in _INVISIBLE)
    return " ".join(unicodedata.normalize("NFC", visible).split())


def question_problem(question: str) -> str | None:
    """Why the question is not searched, in French; None when it may be."""
    cleaned = clean_question(question)
    if len(question) > MAX_QUESTION:
        return phrases.too_long(len(question), MAX_QUESTION)
    if not cleaned:
        return phrases.EMPTY
    if not any(char.isalnum() for char in cleaned):
        return phrases.ONLY_PUNCTUATION
    return None


def error_answer(question: str, reason: str) -> Answer:
    """An answer of status `error` with the reason as its text; nothing was computed."""
    return Answer(question=question, question_understood="", status=Status.ERROR, text=reason)


def _history(history: object) -> tuple[Turn, ...]:
    if history is None:
        return ()
    if not isinstance(history, list) or len(history) > _MAX_TURNS:
        raise MalformedRequest(phrases.bad_history(_MAX_TURNS, _STATUSES))
    return tuple(map(_turn, history))


def _turn(turn: object) -> Turn:
    row = turn if isinstance(turn, dict) else {}
    question, text, status = row.get("question"), row.get("text"), row.get("status")
    known = status is None or status in _STATUSES
    if not isinstance(question, str) or not isinstance(text, str) or not known:
        raise MalformedRequest(phrases.bad_history(_MAX_TURNS, _STATUSES))
    return Turn(question=question, text=text, status=Status(status) if status else None)


def _without(names: object) -> frozenset[str]:
    if names is None:
        return frozenset()
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise MalformedRequest(phrases.bad_field("without", phrases.LIST_OF_TEXTS))
    _refuse_unknown(names)
    return frozenset(names)


def _flag(data: Mapping[str, object], name: str) -> bool:
    value = data.get(name)
    if not (value is None or isinstance(value, bool)):
        raise MalformedRequest(phrases.bad_field(name, phrases.TRUE_OR_FALSE))
    return bool(value)


def _refuse_unknown(names: Iterable[object]) -> None:
    unknown = sorted(str(name) for name in names if name not in FILTER_FIELDS)
    if unknown:
        raise MalformedRequest(phrases.unknown_filters(unknown, sorted(FILTER_FIELDS)))


def _filters(data: object) -> Filters:
    if data is None:
        return Filters()
    if not isinstance(data, dict):
        raise MalformedRequest(phrases.BAD_FILTERS)
    _refuse_unknown(data)
    since, until = _date(data, "from"), _date(data, "to")
    if since and until and since[: len(until)] > until[: len(since)]:
        raise MalformedRequest(phrases.reversed_period(since, until))
    return Filters(
        publisher=_text(data, "publisher"),
        since=since,
        until=until,
        themes=_texts(data, "themes"),
        territory=_text(data, "territory"),
    )


def _texts(data: Mapping[str, object], name: str) -> tuple[str, ...]:
    values = data.get(name)
    if values is None:
        return ()
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise MalformedRequest(phrases.bad_filter(name, phrases.LIST_OF_TEXTS))
    return tuple(dict.fromkeys(value for value in values if value.strip()))


def _text(data: Mapping[str, object], name: str) -> str | None:
    value = data.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise MalformedRequest(phrases.bad_filter(name, phrases.A_TEXT))
    return value.strip() or None


def _date(data: Mapping[str, object], name: str) -> str | None:
    value = _text(data, name)
    if value is not None and not _DATE.fullmatch(value):
        raise MalformedRequest(phrases.bad_filter(name, phrases.A_DATE))
    return value
