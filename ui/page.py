"""The pages around the chat: the one that waits, the one that holds Gradio's element, the icon.

In: stage, publishers, the addresses of Gradio's own script and style sheet. Out: HTML in French. Gradio's page is not
served: its previews, its language and its inline scripts are not ours, and without them the policy needs
neither nonce nor exception.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from string import Template

from ui import texts
from ui.readiness import Answerer, Stage
from ui.typography import french

STATIC = Path(__file__).parent / "static"


@dataclass(frozen=True, slots=True, kw_only=True)
class GradioFiles:
    """Addresses of the module that draws the chat and of its style sheet, relative to the page."""

    script: str
    style: str


def waiting_page(stage: Stage, *, root: str = "") -> str:
    """Shown until the chat is there; asks again every two seconds, unless starting has failed.

    `root` leads from the address that is answered to the chat's: "" or "../".
    """
    failed = stage is Stage.FAILED
    text = {Stage.FAILED: texts.FAILED, Stage.BUILDING: texts.BUILDING}.get(stage, texts.STARTING)
    return fill(
        "waiting.html",
        {
            "title": texts.FAILED_TITLE if failed else texts.STARTING_TITLE,
            "text": text,
            "name": texts.TITLE,
        },
        root=root,
        refresh="" if failed else '<meta http-equiv="refresh" content="2">',
    )


def chat_page(files: GradioFiles, assistant: Answerer, *, takes_feedback: bool = True) -> str:
    """The page that Gradio's element is drawn into. `takes_feedback`: whether `api/feedback` is there to send it to."""
    words = texts.PAGE | {
        "title": texts.TITLE,
        "networks": texts.NETWORKS,
        "description": texts.DESCRIPTION,
        "knows": texts.KNOWS,
        "greeting": texts.GREETING,
        "privacy": texts.PRIVACY,
        "conversation": texts.CONVERSATION,
        "loading": texts.LOADING_CHAT,
        "no_script": texts.NO_SCRIPT,
        "index": texts.index_of(assistant.publishers, assistant.index_date[:10]),
    }
    said = {f"data-{name}": french(word) for name, word in texts.SCRIPT.items()}
    if takes_feedback:
        said["data-feedback"] = "on"
    attributes = " ".join(f'{name}="{escape(word)}"' for name, word in said.items())
    return fill("chat.html", words, script=escape(files.script), style=escape(files.style), attributes=attributes)


def fill(name: str, words: Mapping[str, str], **html: str) -> str:
    """The template with texts escaped and in French typography, and pieces of HTML as they are."""
    return _template(name).substitute({key: escape(french(word)) for key, word in words.items()}, **html)


@cache
def _template(name: str) -> Template:
    return Template((STATIC / name).read_text(encoding="utf-8"))
