"""The pages around the chat: the one that waits, the one that holds Gradio's element, on its own or in a widget's frame.

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

from ui import texts, texts_plain, texts_widget
from ui.kept import Kept
from ui.navigation import logo, navigation, tabs
from ui.readiness import Answerer, Stage
from ui.site import Site
from ui.typography import french

STATIC = Path(__file__).parent / "static"
_AGAIN = '<meta http-equiv="refresh" content="2">'
_AGAIN_IN_FRAME = '<script src="ui/again.js" defer></script>'


@dataclass(frozen=True, slots=True, kw_only=True)
class GradioFiles:
    """Addresses of the module that draws the chat and of its style sheet, relative to the page."""

    script: str
    style: str


def waiting_page(stage: Stage, *, name: str, root: str = "", in_frame: bool = False) -> str:
    """Shown until the chat is there; asks again every two seconds, unless starting has failed.

    `root` leads from the address that is answered to the chat's: "" or "../". In a frame there is no way to other pages, which
    may not be framed.
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
        navigation="" if in_frame else navigation(root=root),
        refresh="" if failed else _AGAIN_IN_FRAME if in_frame else _AGAIN,
    )


def chat_page(files: GradioFiles, assistant: Answerer, site: Site, kept: Kept) -> str:
    """The page that Gradio's element is drawn into; `kept` is what the server keeps, which it tells."""
    index = texts.index_of(assistant.publishers, assistant.index_date[:10])
    footer = f"{navigation('./')}\n<p>{escape(french(index))}</p>"
    return _chat(
        files,
        site,
        kept,
        texts.SCRIPT,
        layout="chat",
        logo=logo(site),
        footer=footer,
        own="",
        actions="",
        before="",
        tab="",
    )


def frame_page(files: GradioFiles, site: Site, kept: Kept) -> str:
    """The same in its compact layout, for a widget's frame: its links open tabs, and a script speaks to the host's page."""
    own = "\n".join((
        '<meta name="robots" content="noindex">',
        '<link rel="stylesheet" href="ui/compact.css">',
        '<script type="module" src="ui/embed.js"></script>',
    ))  # fmt: skip
    return _chat(
        files,
        site,
        kept,
        texts.SCRIPT | texts_widget.FRAME_SCRIPT,
        layout="chat compact",
        tab=' target="_blank" rel="noopener"',
        logo="",
        footer=tabs(),
        own=own,
        actions=fill("wider.html", texts_widget.FRAME),
        before=fill("on_page.html", texts_widget.FRAME),
    )


def _chat(files: GradioFiles, site: Site, kept: Kept, said: Mapping[str, str], **html: str) -> str:
    words = texts.PAGE | {
        "title": site.name,
        "networks": site.networks,
        "description": site.description,
        "knows": site.knows,
        "greeting": texts.greeting(kept.told),
        "privacy": texts.privacy(kept.question_days, kept.told),
        "conversation": texts.CONVERSATION,
        "loading": texts.LOADING_CHAT,
        "no_script": texts.NO_SCRIPT,
        "no_script_way": texts_plain.NO_SCRIPT_WAY,
    }
    data = {f"data-{name}": french(word) for name, word in said.items()}
    if kept.feedback:
        data["data-feedback"] = "on"
    attributes = " ".join(f'{name}="{escape(word)}"' for name, word in data.items())
    return fill(
        "chat.html", words, script=escape(files.script), style=escape(files.style), attributes=attributes, **html
    )


def fill(name: str, words: Mapping[str, str], **html: str) -> str:
    """The template with texts escaped and in French typography, and pieces of HTML as they are."""
    return _template(name).substitute({key: escape(french(word)) for key, word in words.items()}, **html)


@cache
def _template(name: str) -> Template:
    return Template((STATIC / name).read_text(encoding="utf-8"))
