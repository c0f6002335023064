"""The form of `/q`: a question and what to narrow it to, with what was typed before still in it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Any

from rag.answer import Filters
from ui import texts
from ui import texts_plain as plain_texts
from ui.form import Fields, first
from ui.layout import ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What stands in the fields, as it was typed."""

    question: str = ""
    publisher: str = ""
    since: str = ""
    until: str = ""
    themes: tuple[str, ...] = ()
    territory: str = ""

    @classmethod
    def of(cls, fields: Fields) -> Typed:
        """What was sent."""
        return cls(
            question=first(fields, "question"),
            publisher=first(fields, "publisher"),
            since=first(fields, "from").strip(),
            until=first(fields, "to").strip(),
            themes=fields.get("theme", ()),
            territory=first(fields, "territory"),
        )

    @classmethod
    def narrowed(cls, filters: Filters, question: str = "") -> Typed:
        """The fields that give these filters."""
        return cls(
            question=question,
            publisher=filters.publisher or "",
            since=filters.since or "",
            until=filters.until or "",
            themes=filters.themes,
            territory=filters.territory or "",
        )

    @property
    def filters(self) -> dict[str, Any]:
        """As the contract's request has them."""
        return {
            "publisher": self.publisher,
            "from": self.since,
            "to": self.until,
            "themes": list(self.themes),
            "territory": self.territory,
        }

    @property
    def is_narrowed(self) -> bool:
        """Whether any filter is given."""
        return any(self.filters.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What there is to choose from."""

    publishers: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()


def question_form(typed: Typed, choices: Choices, *, conversation: str, fault: str = "") -> str:
    """The form; `conversation` goes along unseen. The field of the name `fault` points to where it is told what is wrong."""
    return (
        '<form id="poser" method="post" action="q" class="ask">'
        f"{_hidden('conversation', conversation)}"
        f'<p class="field"><label for="question">{ours(texts.QUESTION_LABEL)}</label>'
        f'<span class="hint" id="question-aide">{ours(plain_texts.ASK_HINT)}</span>'
        f'<textarea id="question" name="question" rows="3"{_described("question", fault)}>'
        f"\n{escape(typed.question)}</textarea></p>"
        f"{_filters(typed, choices, fault)}"
        f'<p><button type="submit" class="send">{ours(texts.SEND)}</button></p></form>'
    )


def _filters(typed: Typed, choices: Choices, fault: str) -> str:
    opened = " open" if typed.is_narrowed else ""
    return (
        f'<details class="filters"{opened}><summary>{ours(texts.FILTERS)}</summary>'
        f"{_publisher(typed, choices)}{_period(typed, fault)}{_territory(typed, fault)}{_themes(typed, choices)}</details>"
    )


def _publisher(typed: Typed, choices: Choices) -> str:
    names = dict.fromkeys(filter(None, (*choices.publishers, typed.publisher)))
    options = "".join(
        f'<option value="{escape(name)}"{" selected" if name == typed.publisher else ""}>{escape(name)}</option>'
        for name in names
    )
    return (
        f'<p class="field"><label for="publisher">{ours(texts.PUBLISHER)}</label>'
        f'<select id="publisher" name="publisher"><option value="">{ours(texts.ALL_PUBLISHERS)}</option>{options}</select></p>'
    )


def _period(typed: Typed, fault: str) -> str:
    fields = "".join(
        f'<p class="field"><label for="{name}">{ours(label)}</label>'
        f'<span class="hint" id="{name}-aide">{ours(plain_texts.PERIOD_HINT)}</span>'
        f'<input id="{name}" name="{name}" value="{escape(value)}" maxlength="10" size="10" autocomplete="off"'
        f"{_described(name, fault)}></p>"
        for name, label, value in (("from", texts.SINCE, typed.since), ("to", texts.UNTIL, typed.until))
    )
    return f'<fieldset class="pair"><legend>{ours(plain_texts.PERIOD)}</legend>{fields}</fieldset>'


def _territory(typed: Typed, fault: str) -> str:
    return (
        f'<p class="field"><label for="territory">{ours(texts.TERRITORY)}</label>'
        f'<span class="hint" id="territory-aide">{ours(texts.TERRITORY_HINT)}</span>'
        f'<input id="territory" name="territory" value="{escape(typed.territory)}" maxlength="80" autocomplete="off"'
        f"{_described('territory', fault)}></p>"
    )


def _themes(typed: Typed, choices: Choices) -> str:
    names: Iterable[str] = dict.fromkeys((*choices.themes, *typed.themes))
    boxes = "".join(
        f'<label class="box"><input type="checkbox" name="theme" value="{escape(name)}"'
        f"{' checked' if name in typed.themes else ''}> {escape(name)}</label>"
        for name in names
    )
    if not boxes:
        return ""
    return (
        f'<fieldset><legend>{ours(texts.THEMES)}</legend><p class="hint">{ours(plain_texts.ANY_THEME)}</p>'
        f'<div class="boxes">{boxes}</div></fieldset>'
    )


def _described(name: str, fault: str) -> str:
    """Where a field's hint stands, and what is wrong with it if it is at fault."""
    if name != fault:
        return f' aria-describedby="{name}-aide"'
    return f' aria-describedby="probleme {name}-aide" aria-invalid="true"'


def _hidden(name: str, value: str) -> str:
    return f'<input type="hidden" name="{name}" value="{escape(value)}">'
