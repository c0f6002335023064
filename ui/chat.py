"""The chat: the one module that knows Gradio.

In: what answers. Out: the application that serves Gradio's routes, and the addresses of the files that draw it. Nothing
is kept: no run history, no saved conversation, no analytics; the conversation lives in the page and comes along with each
question.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from rag.answer import Answer
from rag.errors import RequestError
from rag.request import error_answer, parse_request
from ui import texts
from ui.api import answer_safely
from ui.page import GradioFiles
from ui.readiness import Answerer
from ui.render import render_answer, render_question
from ui.typography import french

Message = dict[str, Any]

# Gradio's own default is 1: twenty users of a one-second answer waited 20.9 s; with 20 they waited 1.3 s.
_CONCURRENT_QUESTIONS = 20
_KEPT_MESSAGES = 40
# Typed text beyond the limit is told so by the assistant; only what no one types is cut off by the field.
_MAX_TYPED = 5000
_SYSTEM_FONTS = ("system-ui", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "sans-serif")


def build_chat(assistant: Answerer) -> FastAPI:
    """The application; its lifespan is the caller's to run."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    # With a CORS middleware on its parent, Gradio adds none of its own (which would reflect any origin).
    app.add_middleware(CORSMiddleware, allow_origins=[])
    theme = gr.themes.Base(font=_SYSTEM_FONTS, font_mono=("ui-monospace", "monospace"))
    gr.mount_gradio_app(
        app,
        _blocks(assistant),
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


def _blocks(assistant: Answerer) -> gr.Blocks:
    blocks = gr.Blocks(analytics_enabled=False, title=texts.TITLE)
    with blocks:
        chat = _conversation()
        with gr.Group(elem_id="examples") as examples:
            buttons = [gr.Button(french(question), elem_classes="example") for question in texts.EXAMPLES]
        with gr.Row(elem_id="ask"):
            box = _question_box()
            send = gr.Button(texts.SEND, variant="primary", elem_id="send", scale=0)
        filters = _filters(assistant.publishers)

        def ask(question: str, conversation: list[Message], *chosen: str) -> tuple[Any, ...]:
            answer = _answer(assistant, question, *chosen)
            return _with_turn(conversation, question, answer), "", gr.Group(visible=False)

        event: dict[str, Any] = {
            "outputs": [chat, box, examples],
            "concurrency_limit": _CONCURRENT_QUESTIONS,
            "concurrency_id": "ask",
            "api_visibility": "private",
            "show_progress_on": chat,
        }
        gr.on([send.click, box.submit], ask, [box, chat, *filters], **event)
        for button, question in zip(buttons, texts.EXAMPLES, strict=True):
            button.click(_asking(ask, question), [chat, *filters], **event)
    return blocks


def _asking(ask: Callable[..., tuple[Any, ...]], question: str) -> Callable[..., tuple[Any, ...]]:
    """`ask` with its question given, for a button whose label is that question."""
    return lambda *rest: ask(question, *rest)


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


def _filters(publishers: Sequence[str]) -> list[gr.components.Component]:
    """Publisher, first year, last year: closed until wanted."""
    with gr.Accordion(french(texts.FILTERS), open=False, elem_id="filters"):
        choices = [(texts.ALL_PUBLISHERS, ""), *((name, name) for name in publishers)]
        publisher = gr.Radio(choices, value="", label=french(texts.PUBLISHER))
        with gr.Row():
            since, until = (
                gr.Textbox("", label=french(label), placeholder=texts.YEAR_HINT, max_length=10)
                for label in (texts.SINCE, texts.UNTIL)
            )
    return [publisher, since, until]


def _answer(assistant: Answerer, question: str, publisher: str, since: str, until: str) -> Answer:
    """The answer, or an answer of status `error` when a filter is not of its form."""
    try:
        asked = parse_request(
            {"question": question, "filters": {"publisher": publisher, "from": since.strip(), "to": until.strip()}}
        )
    except RequestError as error:
        return error_answer(question, str(error))
    return answer_safely(assistant, asked)


def _with_turn(conversation: Sequence[Message], question: str, answer: Answer) -> list[Message]:
    """The conversation, cut to its latest messages, with one more question and its answer."""
    # What the page sends back is counted by the answers seen so far, so that every anchor is new.
    turn = 1 + max((int(n) for message in conversation for n in re.findall(r'id="r(\d+)"', str(message))), default=0)
    return [
        *conversation[-_KEPT_MESSAGES:],
        {"role": "user", "content": render_question(question)},
        {"role": "assistant", "content": render_answer(answer, anchor=f"r{turn}")},
    ]
