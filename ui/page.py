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

from ui import texts, texts_plain
from ui.kept import Kept
from ui.navigation import logo, navigation
from ui.readiness import Answerer, Stage
from ui.site import Site
from ui.typography import french

STATIC = Path(__file__).parent / "static"


@dataclass(frozen=True, slots=True, kw_only=True)
class GradioFiles:
    """Addresses of the module that draws the chat and of its style sheet, relative to the page."""

    script: str
    style: str


def waiting_page(stage: Stage, *, name: str, root: str = "") -> str:
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
            "name": name,
        },
        root=root,
        navigation=navigation(root=root),
        refresh="" if failed else '<meta http-equiv="refresh" content="2">',
    )


def chat_page(files: GradioFiles, assistant: Answerer, site: Site, kept: Kept) -> str:
    """The page that Gradio's element is drawn into; `kept` is what the server keeps, which it tells."""
    words = texts.PAGE | {
        "title": site.name,
        "networks": site.networks,
        "description": site.description,
        "knows": site.knows,
        "greeting": texts.GREETING,
        "privacy": texts.privacy(kept.question_days),
        "conversation": texts.CONVERSATION,
        "loading": texts.LOADING_CHAT,
        "no_script": texts.NO_SCRIPT,
        "no_script_way": texts_plain.NO_SCRIPT_WAY,
        "index": texts.index_of(assistant.publishers, assistant.index_date[:10]),
    }
    said = {f"data-{name}": french(word) for name, word in texts.SCRIPT.items()}
    if kept.feedback:
        said["data-feedback"] = "on"
    attributes = " ".join(f'{name}="{escape(word)}"' for name, word in said.items())
    return fill(
        "chat.html",
        words,
        script=escape(files.script),
        style=escape(files.style),
        logo=logo(site),
        navigation=navigation("./"),
        attributes=attributes,
    )


def fill(name: str, words: Mapping[str, str], **html: str) -> str:
    """The template with texts escaped and in French typography, and pieces of HTML as they are."""
    return _template(name).substitute({key: escape(french(word)) for key, word in words.items()}, **html)


@cache
def _template(name: str) -> Template:
    return Template((STATIC / name).read_text(encoding="utf-8"))
