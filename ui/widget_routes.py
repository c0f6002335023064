"""The addresses of the widget: `/widget.js`, the loader; `/widget`, its frame; `/widget/demo`, a page that holds it.

In: the settings of the site, what the server keeps, and a function that gives what is open at the moment. Out: routes. Which
sites may frame the frame is for `ui.guard` to say. Nothing of a request is read but which form the demonstration shows.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Protocol

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from ui import texts_widget as texts
from ui.colours import LIGHT
from ui.embedding import FRAME, LOADER
from ui.escaping import ours
from ui.kept import Kept
from ui.page import GradioFiles, fill, frame_page, waiting_page
from ui.readiness import Readiness
from ui.site import Site
from ui.typography import french

_SCRIPT = Path(__file__).parent / "widget" / "widget.js"
_COMMENT = re.compile(r"^ *//.*\n", re.MULTILINE)
# A change of settings, or of the script, is on every host's page within minutes.
_KEPT_SHORT = {"Cache-Control": "public, max-age=300"}
# The forms of the demonstration, and the options that each is shown with.
_FORMS: Mapping[str, Mapping[str, str]] = {
    "right": {"position": "right", "context": "page"},
    "left": {"position": "left", "context": "page"},
    "inline": {"mode": "inline", "target": "#assistant", "context": "page"},
    "open": {"position": "right", "open": "true", "question": "Quels sont les leviers proposés ?"},
    "english": {"position": "right", "language": "en"},
}


class Opened(Protocol):
    """What draws the chat."""

    @property
    def files(self) -> GradioFiles:
        """Gradio's script and style sheet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WidgetPages:
    """The routes and what they are drawn from."""

    site: Site
    readiness: Readiness
    opened: Callable[[], Opened | None]
    kept: Kept = field(default_factory=Kept)

    def routes(self) -> list[Route]:
        """To stand before the chat's own."""
        return [Route(LOADER, self.loader), Route(FRAME, self.frame), Route(f"{FRAME}/demo", self.demo)]

    async def loader(self, request: Request) -> Response:
        """The script that a host's page holds, with the names and colours of the settings; compressed for who takes that."""
        script = loader_script(self.site).encode("utf-8")
        headers = dict(_KEPT_SHORT) | {"Vary": "Accept-Encoding"}
        if re.search(r"\bgzip\b(?!;q=0)", request.headers.get("accept-encoding", "")):
            headers["Content-Encoding"] = "gzip"
            script = gzip.compress(script, mtime=0)
        return Response(script, media_type="text/javascript", headers=headers)

    async def frame(self, _request: Request) -> Response:
        """The chat in its compact layout."""
        opened = self.opened()
        if opened is None:
            page = waiting_page(self.readiness.state.stage, name=self.site.name, in_frame=True)
            return HTMLResponse(page, 503, {"Retry-After": "2"})
        return HTMLResponse(frame_page(opened.files, self.site, self.kept))

    async def demo(self, request: Request) -> Response:
        """An article as a host may have it, with the widget in one of its forms."""
        form = request.query_params.get("form", "")
        return HTMLResponse(_demo_page(form if form in _FORMS else next(iter(_FORMS))))


def loader_script(site: Site) -> str:
    """`ui/widget/widget.js`, filled in, and without the lines that are comments: a host's visitors load it with every page."""
    served = {
        "name": site.name,
        "color": site.colours.light,
        "textColor": LIGHT.on_accent.hex,
        "words": {
            language: {name: french(word) if language == "fr" else word for name, word in words.items()}
            for language, words in texts.LOADER.items()
        },
    }
    script = _COMMENT.sub("", _SCRIPT.read_text(encoding="utf-8"))
    return script.replace('"%served%"', json.dumps(served, ensure_ascii=False), 1)


def _demo_page(form: str) -> str:
    options = "".join(f' data-{name}="{escape(value)}"' for name, value in _FORMS[form].items())
    forms = "".join(
        f'<li><a href="?form={name}"{_current(name == form)}>{ours(texts.DEMO[name])}</a></li>' for name in _FORMS
    )
    shown = f'<script src="https://assistant.example/widget.js"{options} defer></script>'
    return fill(
        "demo.html",
        texts.DEMO,
        options=options,
        forms=forms,
        shown=escape(shown),
        rubrics="".join(f"<li>{ours(name)}</li>" for name in texts.DEMO_RUBRICS),
        place='<div id="assistant"></div>' if form == "inline" else "",
    )


def _current(is_current: bool) -> str:
    return ' aria-current="page"' if is_current else ""
