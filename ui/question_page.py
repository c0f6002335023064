"""`/q` as a page: the form, and the answer with everything that the chat has, as links and buttons. Pure, without script.

Two forms: `poser` for a question that is typed, `suite` for what goes on from the answer (a suggestion, more details, a filter
taken away, an earlier question, the export). Both carry the conversation; the server keeps nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from urllib.parse import urlencode

from rag.answer import Answer
from rag.phrases import FRENCH
from ui import texts
from ui import texts_plain as plain_texts
from ui.about_page import privacy_line
from ui.asked import Asked, encode
from ui.kept import Kept
from ui.layout import button, listing, ours, paragraph, plain_page
from ui.question_form import Choices, Typed, question_form
from ui.render import render_answer
from ui.report import report_address
from ui.site import Site

_ANCHOR = "r1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the page shows: what stands in the form, and either a problem (and the field at fault, if it is one) or the answer
    to the last of `turns`, or neither.

    `base` is the address of the service, for an address that is copied.
    """

    typed: Typed = field(default_factory=Typed)
    turns: tuple[Asked, ...] = ()
    answer: Answer | None = None
    problem: str | None = None
    fault: str = ""
    base: str = ""


def question_page(shown: Shown, site: Site, choices: Choices, *, kept: Kept, index_date: str = "") -> str:
    """The whole page, in French."""
    title = plain_texts.ASK_TITLE
    if shown.problem:
        title = plain_texts.ERROR_TITLE
    elif shown.answer:
        title = plain_texts.ANSWER_TITLE
    main = (
        _suite(shown.turns)
        + _problem(shown.problem)
        + (_answered(shown.answer, shown, site) if shown.answer else paragraph(site.description, "lead"))
        + _asking(shown, choices)
        + (_examples(site) if not shown.answer else "")
        + _privacy(kept)
    )
    return plain_page(site, title, main, current="q", index_date=index_date)


def shared_query(answer: Answer, turn: Asked) -> str:
    """The query of the address that asks the same: what was understood, where the question leans on a conversation."""
    question = answer.question_understood if answer.follow_up else answer.question
    filters = Typed.narrowed(turn.request.filters).filters
    pairs = [("partage", "1"), ("question", question)]
    pairs += [(name, str(value)) for name, value in filters.items() if value and name != "themes"]
    pairs += [("theme", theme) for theme in turn.request.filters.themes]
    pairs += [("sans", name) for name in sorted(turn.request.without)]
    return urlencode(pairs, errors="replace")


def _suite(turns: Sequence[Asked]) -> str:
    return (
        '<form id="suite" method="post" action="q">'
        f'<input type="hidden" name="conversation" value="{escape(encode(turns))}"></form>'
    )


def _problem(problem: str | None) -> str:
    return f'<p class="problem" id="probleme" role="alert">{ours(problem)}</p>' if problem else ""


def _asking(shown: Shown, choices: Choices) -> str:
    form = question_form(shown.typed, choices, conversation=encode(shown.turns), fault=shown.fault)
    if not shown.answer:
        return form
    return f'<section class="again" aria-labelledby="autre"><h2 id="autre">{ours(plain_texts.ASK_AGAIN)}</h2>{form}</section>'


def _answered(answer: Answer, shown: Shown, site: Site) -> str:
    turn, asked = shown.turns[-1], ours(" ".join(answer.question.split()))
    said = render_answer(answer, anchor=_ANCHOR, report=report_address(answer, site))
    return (
        f'<p class="jump"><a href="#question">{ours(plain_texts.ASK_AGAIN)}</a></p>'
        f'<h2 class="asked"><span class="sr">{ours(f"{texts.YOU_SAID} : ")}</span>{asked}</h2>'
        f"{_held(answer, turn)}{said}{_more(answer)}{_next(answer)}{_take_away(answer, turn, shown.base)}"
        f"{_earlier(shown.turns)}"
    )


def _held(answer: Answer, turn: Asked) -> str:
    """What the search was narrowed to, each with its way out; what would have left nothing is told so."""
    read, typed = answer.understood_filters.to_json(), turn.request.filters.to_json()
    items = [
        _chip("sans" if name in read and name not in typed else "retirer", name, value)
        for name, value in FRENCH.filter_values(answer.filters).items()
    ]
    items += [
        _chip("retirer" if name in typed else "sans", name, f"{value} ({plain_texts.DROPPED})")
        for name, value in FRENCH.filter_values(answer.dropped_filters).items()
    ]
    if not items:
        return ""
    return f'<div class="held">{paragraph(plain_texts.FILTERS_HELD)}{listing(items)}</div>'


def _chip(action: str, name: str, value: str) -> str:
    label = f'{ours(value)} <span class="take">{ours(plain_texts.REMOVE)}</span>'
    return button(label, action, name, style="chip")


def _more(answer: Answer) -> str:
    if not answer.more:
        return ""
    return f'<p class="more">{button(ours(plain_texts.MORE), "detail", "1", style="way strong")}</p>'


def _next(answer: Answer) -> str:
    buttons = [button(ours(question), "suite", question) for question in answer.follow_ups]
    return _section("suites", plain_texts.NEXT, listing(buttons, "ways-on")) if buttons else ""


def _take_away(answer: Answer, turn: Asked, base: str) -> str:
    address = f"q?{shared_query(answer, turn)}"
    exports = (
        button(ours(plain_texts.AS_ODT), "format", "odt", action="export")
        + " "
        + button(ours(plain_texts.AS_MARKDOWN), "format", "md", action="export")
    )
    share = (
        f'<details class="share"><summary>{ours(plain_texts.SHARE)}</summary>{paragraph(plain_texts.SHARE_HINT, "hint")}'
        f'<p class="field"><label for="adresse">{ours(plain_texts.SHARED_ADDRESS)}</label>'
        f'<input id="adresse" readonly value="{escape(base + address)}"></p>'
        f'<p><a href="{escape(address)}">{ours(plain_texts.SHARED_LINK)}</a></p></details>'
    )
    return _section("emporter", plain_texts.TAKE_AWAY, f'<p class="exports">{exports}</p>{share}')


def _earlier(turns: Sequence[Asked]) -> str:
    if len(turns) < 2:
        return ""
    buttons = [
        button(ours(" ".join(turn.request.question.split())), "revoir", str(number), style="earlier")
        for number, turn in enumerate(turns[:-1])
    ]
    new = f'<p><a href="q">{ours(plain_texts.AFRESH)}</a></p>'
    numbered = f"<ol>{''.join(f'<li>{one}</li>' for one in buttons)}</ol>"
    return _section("avant", plain_texts.EARLIER, f"{paragraph(plain_texts.EARLIER_HINT, 'hint')}{numbered}{new}")


def _examples(site: Site) -> str:
    buttons = [button(ours(question), "suite", question, style="example") for question in site.examples]
    return _section("exemples", plain_texts.EXAMPLES_HINT, listing(buttons, "cards"), level=2)


def _section(identity: str, title: str, html: str, level: int = 3) -> str:
    return (
        f'<section class="{identity}" aria-labelledby="{identity}">'
        f'<h{level} id="{identity}">{ours(title)}</h{level}>{html}</section>'
    )


def _privacy(kept: Kept) -> str:
    automatic = plain_texts.AUTOMATIC_WRITTEN if kept.told else plain_texts.AUTOMATIC
    return paragraph(f"{automatic} {privacy_line(kept)}", "notice")
