"""The chat: the one module that knows Gradio.

In: what answers. Out: the application that serves Gradio's routes, and the addresses of the files that draw it. Nothing
is kept: no run history, no saved conversation, no analytics; the conversation lives in the page (`ui.turns`) and comes along
with each question. Our script speaks to it through one hidden field and one hidden button.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from rag.suggestions import MOST
from ui import texts
from ui.dialogue import Dialogue, Shown
from ui.page import GradioFiles
from ui.readiness import Answerer
from ui.site import Site
from ui.turns import Wanted, read_host_page
from ui.typography import french

# Gradio's own default is 1: twenty users of a one-second answer waited 20.9 s; with 20 they waited 1.3 s.
_CONCURRENT_QUESTIONS = 20
# Turns that wait for one of those: Gradio keeps any number. One more is refused (503).
_WAITING_TURNS = 30
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
    dialogue = Dialogue(assistant, site)
    blocks = gr.Blocks(analytics_enabled=False, title=site.name)
    with blocks:
        gr.Markdown(f"## {texts.CONVERSATION}", elem_classes="sr")
        chat = _conversation()
        with gr.Row(elem_id="after"):
            gr.Markdown(f"### {texts.NEXT}", elem_classes="label")
            suggestions = [gr.Button(visible=False, elem_classes="suggestion") for _ in range(MOST)]
        with gr.Column(elem_id="examples") as examples:
            gr.Markdown(f"### {texts.EXAMPLES_TITLE}", elem_classes="label")
            buttons = [gr.Button(french(question), elem_classes="example") for question in site.examples]
        with gr.Row(elem_id="ask"):
            box = _question_box()
            send = gr.Button(texts.SEND, variant="primary", elem_id="send", scale=0)
            stop = gr.Button(texts.STOP, elem_id="stop", scale=0)
        filters = _filters(assistant)
        # Hidden, but in the page: our script reads the conversation there, and writes what it wants done.
        kept = gr.Textbox("", visible="hidden", elem_id="kept", label=texts.CONVERSATION)
        command = gr.Textbox("", visible="hidden", elem_id="command", label=texts.SEND)
        run = gr.Button(texts.SEND, visible="hidden", elem_id="run")
        # The widget's script writes there on which page it stands.
        page = gr.Textbox("", visible="hidden", elem_id="host-page", label=texts.HOST_PAGE)

        def typed(question: str, conversation: str, host: str, *chosen: Any) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401
            # A button's label has the spaces of French typography.
            asked = " ".join(question.split()) if "\u202f" in question else question
            wanted = Wanted(question=asked, filters=_chosen(chosen), on_page=read_host_page(host or ""))
            for shown in dialogue.asked(wanted, conversation):
                yield _outputs(shown)

        def commanded(text: str, conversation: str) -> Iterator[tuple[Any, ...]]:
            for shown in dialogue.commanded(text, conversation):
                yield _outputs(shown)

        event: dict[str, Any] = {
            "outputs": [chat, kept, box, examples, *suggestions],
            "concurrency_limit": _CONCURRENT_QUESTIONS,
            "concurrency_id": "ask",
            "api_visibility": "private",
            "show_progress_on": chat,
            # What is asked while the last suggestions are still being looked for is taken; our script holds it back until
            # the answer before is there.
            "trigger_mode": "multiple",
        }
        asking = [gr.on([send.click, box.submit], typed, [box, kept, page, *filters], **event)]
        asking += [button.click(typed, [button, kept, page, *filters], **event) for button in (*buttons, *suggestions)]
        asking.append(run.click(commanded, [command, kept], **event))
        stop.click(None, cancels=asking, api_visibility="private")
    blocks.queue(max_size=_WAITING_TURNS)
    return blocks


def _outputs(shown: Shown) -> tuple[Any, ...]:
    """What the components show; what is None in `shown` stays as it is."""
    same = gr.skip()
    padded = [] if shown.suggestions is None else [*shown.suggestions, *[""] * MOST][:MOST]
    messages = shown.messages
    return (
        same if messages is None else [{"role": one.role, "content": one.html} for one in messages],
        same if shown.kept is None else shown.kept,
        same if shown.typed is None else shown.typed,
        same if messages is None else gr.Column(visible=not messages),
        *(gr.Button(french(question), visible=bool(question)) for question in padded),
        *([same] * (MOST - len(padded))),
    )


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


def _chosen(values: Sequence[Any]) -> dict[str, str | list[str]]:
    """What is typed into the fields of `_filters`, under the names of the contract."""
    publisher, since, until, themes, territory = values
    typed = {
        "publisher": publisher,
        "from": (since or "").strip(),
        "to": (until or "").strip(),
        "themes": themes,
        "territory": (territory or "").strip(),
    }
    return {name: value for name, value in typed.items() if value}
