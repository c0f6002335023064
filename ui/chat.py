"""The chat: the one module that knows Gradio.

In: what answers. Out: the application that serves Gradio's routes, and the addresses of the files that draw it. Nothing
is kept: no run history, no saved conversation, no analytics; the conversation lives in the page and comes along with each
question.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from rag.answer import FILTER_FIELDS, Answer, Turn
from rag.errors import RequestError
from rag.phrases import FRENCH
from rag.request import error_answer, parse_request
from rag.suggestions import MOST
from ui import texts
from ui.api import answer_safely
from ui.page import GradioFiles
from ui.readiness import Answerer
from ui.render import render_answer, render_question
from ui.report import report_address
from ui.site import Site
from ui.turns import turns_of
from ui.typography import french

Message = dict[str, Any]

# Gradio's own default is 1: twenty users of a one-second answer waited 20.9 s; with 20 they waited 1.3 s.
_CONCURRENT_QUESTIONS = 20
# Turns that wait for one of those: Gradio keeps any number. One more is refused (503).
_WAITING_TURNS = 30
_KEPT_MESSAGES = 40
# Typed text beyond the limit is told so by the assistant; only what no one types is cut off by the field.
_MAX_TYPED = 5000
_SYSTEM_FONTS = ("system-ui", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "sans-serif")


def build_chat(assistant: Answerer, site: Site) -> FastAPI:
    """The application; its lifespan is the caller's to run."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    # With a CORS middleware on its parent, Gradio adds none of its own (which would reflect any origin).
    app.add_middleware(CORSMiddleware, allow_origins=[])
    theme = gr.themes.Base(font=_SYSTEM_FONTS, font_mono=("ui-monospace", "monospace"))
    gr.mount_gradio_app(
        app,
        _blocks(assistant, site),
        path="/",
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        enable_monitoring=False,
        mcp_server=False,
        pwa=False,
        max_file_size=1,
        theme=theme,
    )
    return app


def gradio_files() -> GradioFiles:
    """The script and style sheet that Gradio's own page loads. Raises ValueError if that page is not as expected."""
    page = Path(gr.__file__).parent / "templates" / "frontend" / "index.html"
    html = page.read_text(encoding="utf-8")
    script = re.search(r'<script type="module"[^>]* src="\./(assets/[\w.-]+\.js)"', html)
    style = re.search(r'<link rel="stylesheet"[^>]* href="\./(assets/[\w.-]+\.css)"', html)
    if script is None or style is None:
        raise ValueError(f"{page}: expected one module script and one style sheet (gradio {gr.__version__})")
    return GradioFiles(script=script.group(1), style=style.group(1))


def _blocks(assistant: Answerer, site: Site) -> gr.Blocks:
    blocks = gr.Blocks(analytics_enabled=False, title=site.name)
    with blocks:
        chat = _conversation()
        after = _After.drawn()
        with gr.Group(elem_id="examples") as examples:
            buttons = [gr.Button(french(question), elem_classes="example") for question in site.examples]
        with gr.Row(elem_id="ask"):
            box = _question_box()
            send = gr.Button(texts.SEND, variant="primary", elem_id="send", scale=0)
        filters = _filters(assistant)

        def ask(wanted: Mapping[str, Any], conversation: list[Message], chosen: Sequence[Any]) -> tuple[Any, ...]:
            answer = _answer(assistant, wanted, turns_of(conversation), chosen)
            shown = _with_turn(conversation, str(wanted["question"]), answer, site)
            return shown, "", gr.Group(visible=False), *after.of(answer, wanted, chosen)

        def typed(question: str, conversation: list[Message], *chosen: Any) -> tuple[Any, ...]:  # noqa: ANN401
            # A button's label has the spaces of French typography.
            return ask(
                {"question": " ".join(question.split()) if "\u202f" in question else question}, conversation, chosen
            )

        def again(field: str, value: object) -> Callable[..., tuple[Any, ...]]:
            """The latest request once more, with a field of it changed."""

            def ask_again(request: str, conversation: list[Message], *chosen: Any) -> tuple[Any, ...]:  # noqa: ANN401
                before = _request(request)
                changed = [*before.get("without", []), value] if field == "without" else value
                history = _before(turns_of(conversation), str(before["question"]))
                answer = _answer(assistant, before | {field: changed}, history, chosen)
                shown = _with_turn(conversation, str(before["question"]), answer, site)
                return shown, "", gr.Group(visible=False), *after.of(answer, before | {field: changed}, chosen)

            return ask_again

        event: dict[str, Any] = {
            "outputs": [chat, box, examples, *after.all],
            "concurrency_limit": _CONCURRENT_QUESTIONS,
            "concurrency_id": "ask",
            "api_visibility": "private",
            "show_progress_on": chat,
        }
        gr.on([send.click, box.submit], typed, [box, chat, *filters], **event)
        for button in (*buttons, *after.suggestions):
            button.click(typed, [button, chat, *filters], **event)
        after.more.click(again("detailed", True), [after.request, chat, *filters], **event)
        for name, button in after.declining.items():
            button.click(again("without", name), [after.request, chat, *filters], **event)
        after.edit.click(
            lambda understood: understood, [after.understood], [box], api_visibility="private", show_progress="hidden"
        )
    blocks.queue(max_size=_WAITING_TURNS)
    return blocks


@dataclass(frozen=True, slots=True, kw_only=True)
class _After:
    """What stands below the latest answer: filters to take away, the understood question to edit, what to ask next.

    `request` and `understood` are texts that the page carries and nobody sees: the latest request as JSON, and what was
    understood of it. The server keeps neither.
    """

    request: gr.Textbox
    understood: gr.Textbox
    declining: Mapping[str, gr.Button]
    edit: gr.Button
    more: gr.Button
    suggestions: tuple[gr.Button, ...]

    @classmethod
    def drawn(cls) -> _After:
        """All of it, hidden until there is an answer."""
        request, understood = gr.Textbox(visible=False), gr.Textbox(visible=False)
        with gr.Row(elem_id="after"):
            declining = {name: gr.Button(visible=False, elem_classes="decline") for name in FILTER_FIELDS}
            edit = gr.Button(texts.EDIT_UNDERSTOOD, visible=False, elem_classes="edit")
            more = gr.Button(texts.MORE, visible=False, elem_classes="more")
            suggestions = tuple(gr.Button(visible=False, elem_classes="suggestion") for _ in range(MOST))
        return cls(
            request=request, understood=understood, declining=declining, edit=edit, more=more, suggestions=suggestions
        )

    @property
    def all(self) -> list[gr.components.Component]:
        """In the order of `of`."""
        return [self.request, self.understood, *self.declining.values(), self.edit, self.more, *self.suggestions]

    def of(self, answer: Answer, wanted: Mapping[str, Any], chosen: Sequence[Any]) -> list[Any]:
        """What each shows after `answer`, which replied to `wanted`; filters that were typed in are taken away there."""
        typed_in = {name for name, value in zip(FILTER_FIELDS, chosen, strict=True) if value}
        dropped = FRENCH.filter_values(answer.dropped_filters)
        read = FRENCH.filter_values(answer.understood_filters) | {
            name: shown for name, shown in dropped.items() if name not in typed_in
        }
        request = json.dumps(dict(wanted) | {"question": answer.question}, ensure_ascii=False)
        changed = bool(answer.question_understood) and answer.question_understood != answer.question
        padded = [*answer.follow_ups, *[""] * MOST][:MOST]
        return [
            request,
            answer.question_understood,
            *(
                gr.Button(french(texts.DECLINE.format(filter=read.get(name, ""))), visible=name in read)
                for name in self.declining
            ),
            gr.Button(visible=changed),
            gr.Button(visible=answer.more),
            *(gr.Button(french(question), visible=bool(question)) for question in padded),
        ]


def _before(turns: Sequence[Turn], question: str) -> tuple[Turn, ...]:
    """What was said before `question` was asked, and asked again: it is not completed from itself."""
    kept = list(turns)
    while kept and kept[-1].question == " ".join(question.split()):
        kept.pop()
    return tuple(kept)


def _request(text: str) -> dict[str, Any]:
    """The latest request as the page carries it; what is none of ours is an empty question."""
    try:
        request = json.loads(text)
    except ValueError:
        request = None
    return request if isinstance(request, dict) and isinstance(request.get("question"), str) else {"question": ""}


def _conversation() -> gr.Chatbot:
    return gr.Chatbot(
        label=texts.CONVERSATION,
        show_label=False,
        elem_id="chat",
        height="auto",
        layout="bubble",
        latex_delimiters=[],
        buttons=[],
        feedback_options=None,
        autoscroll=False,
        group_consecutive_messages=False,
        line_breaks=False,
    )


def _question_box() -> gr.Textbox:
    return gr.Textbox(
        "",
        label=french(texts.QUESTION_LABEL),
        info=french(texts.QUESTION_HINT),
        lines=1,
        max_lines=6,
        max_length=_MAX_TYPED,
        elem_id="question",
        scale=1,
    )


def _filters(assistant: Answerer) -> list[gr.components.Component]:
    """Publisher, first year, last year, themes, territory: closed until wanted."""
    with gr.Accordion(french(texts.FILTERS), open=False, elem_id="filters"):
        choices = [(texts.ALL_PUBLISHERS, ""), *((name, name) for name in assistant.publishers)]
        publisher = gr.Radio(choices, value="", label=french(texts.PUBLISHER))
        with gr.Row():
            since, until = (
                gr.Textbox("", label=french(label), placeholder=texts.YEAR_HINT, max_length=10)
                for label in (texts.SINCE, texts.UNTIL)
            )
        themes = gr.CheckboxGroup(list(assistant.themes), label=french(texts.THEMES), visible=bool(assistant.themes))
        territory = gr.Textbox("", label=french(texts.TERRITORY), info=french(texts.TERRITORY_HINT), max_length=80)
    return [publisher, since, until, themes, territory]


def _answer(assistant: Answerer, wanted: Mapping[str, Any], history: Sequence[Turn], chosen: Sequence[Any]) -> Answer:
    """The answer, or one of status `error` when a filter is not of its form. `chosen` as `_filters` has them."""
    publisher, since, until, themes, territory = chosen
    filters = {
        "publisher": publisher,
        "from": since.strip(),
        "to": until.strip(),
        "themes": themes or [],
        "territory": territory,
    }
    turns = [{"question": turn.question, "text": turn.text, "status": turn.status} for turn in history]
    try:
        asked = parse_request(dict(wanted) | {"history": turns, "filters": filters})
    except RequestError as error:
        return error_answer(str(wanted.get("question", "")), str(error))
    return answer_safely(assistant, asked)


def _with_turn(conversation: Sequence[Message], question: str, answer: Answer, site: Site) -> list[Message]:
    """The conversation, cut to its latest messages, with one more question and its answer."""
    # What the page sends back is counted by the answers seen so far, so that every anchor is new.
    turn = 1 + max((int(n) for message in conversation for n in re.findall(r'id="r(\d+)"', str(message))), default=0)
    return [
        *conversation[-_KEPT_MESSAGES:],
        {"role": "user", "content": render_question(question)},
        {"role": "assistant", "content": render_answer(answer, anchor=f"r{turn}", report=report_address(answer, site))},
    ]
