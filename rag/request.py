"""An untyped JSON request -> AskRequest; and what makes a question one that is not even searched.

Refused: what is not of the contract's form (MalformedRequest), and a history, themes or a territory, which this version does
not use (UnsupportedRequest): better said than ignored.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from rag import phrases
from rag.answer import Answer, Filters, Status
from rag.errors import MalformedRequest, UnsupportedRequest

MAX_QUESTION = 500
_DATE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")
_FILTERS = frozenset({"publisher", "from", "to", "themes", "territory"})
# Invisible characters carry hidden instructions (Unicode tags) or turn the text round (bidirectional marks).
_INVISIBLE = frozenset({"Cf", "Cc", "Co", "Cs", "Cn"})


@dataclass(frozen=True, slots=True, kw_only=True)
class AskRequest:
    """One question and what to narrow it to."""

    question: str
    filters: Filters = Filters()


def parse_request(data: object) -> AskRequest:
    """Read `{"question", "history"?, "filters"?}`; other keys are ignored. Raises RequestError."""
    if not isinstance(data, dict):
        raise MalformedRequest(phrases.NOT_AN_OBJECT)
    question = data.get("question")
    if not isinstance(question, str):
        raise MalformedRequest(phrases.NO_QUESTION_FIELD)
    _refuse_history(data.get("history"))
    return AskRequest(question=question, filters=_filters(data.get("filters")))


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


def _refuse_history(history: object) -> None:
    if history is None:
        return
    turns = history if isinstance(history, list) else None
    if turns is None or not all(isinstance(turn, dict) for turn in turns):
        raise MalformedRequest(phrases.BAD_HISTORY)
    if any(not isinstance(turn.get(key), str) for turn in turns for key in ("question", "text")):
        raise MalformedRequest(phrases.BAD_HISTORY)
    if turns:
        raise UnsupportedRequest(phrases.NO_HISTORY_YET)


def _filters(data: object) -> Filters:
    if data is None:
        return Filters()
    if not isinstance(data, dict):
        raise MalformedRequest(phrases.BAD_FILTERS)
    unknown = sorted(str(key) for key in data if key not in _FILTERS)
    if unknown:
        raise MalformedRequest(phrases.unknown_filters(unknown, sorted(_FILTERS)))
    _refuse_themes_and_territory(data)
    since, until = _date(data, "from"), _date(data, "to")
    if since and until and since[: len(until)] > until[: len(since)]:
        raise MalformedRequest(phrases.reversed_period(since, until))
    return Filters(publisher=_text(data, "publisher"), since=since, until=until)


def _refuse_themes_and_territory(data: Mapping[str, object]) -> None:
    themes = data.get("themes")
    if themes is not None and not (isinstance(themes, list) and all(isinstance(theme, str) for theme in themes)):
        raise MalformedRequest(phrases.bad_filter("themes", phrases.LIST_OF_TEXTS))
    if themes or _text(data, "territory"):
        raise UnsupportedRequest(phrases.NO_SUCH_FILTER_YET)


def _text(data: Mapping[str, object], name: str) -> str | None:
    value = data.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise MalformedRequest(phrases.bad_filter(name, phrases.A_TEXT))
    return value


def _date(data: Mapping[str, object], name: str) -> str | None:
    value = _text(data, name)
    if value is not None and not _DATE.fullmatch(value):
        raise MalformedRequest(phrases.bad_filter(name, phrases.A_DATE))
    return value
