"""A site of its own that holds the widget: pages served on another origin than the assistant's."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from playwright.sync_api import FrameLocator, Locator, Page, expect

from tests.served import Served
from ui import texts
from ui.texts_widget import LOADER

# A browser takes every name under .localhost for this machine, for a site of its own, and for as good as https.
HOST_NAME, STRANGER, ASSISTANT = "site.localhost", "other.localhost", "assistant.localhost"
Reply = tuple[str, Mapping[str, str]]
WORDS = LOADER["fr"]
# How much of a page has moved by itself until now, as Chromium measures it.
SHIFT = """() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => { for (const one of list.getEntries()) sum += one.value; })
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 300);
})"""


@dataclass
class HostSite:
    """Pages by path, each with headers of its own."""

    port: int
    pages: dict[str, Reply] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        return f"http://{HOST_NAME}:{self.port}"

    @property
    def stranger(self) -> str:
        """The same pages on an origin that nobody has allowed."""
        return f"http://{STRANGER}:{self.port}"

    def put(self, path: str, html: str, **headers: str) -> str:
        """Serve `html` there, "_" in header names for "-"; gives its address."""
        self.pages[path] = html, {name.replace("_", "-"): value for name, value in headers.items()}
        return f"{self.origin}{path}"


@contextmanager
def host_site() -> Iterator[HostSite]:
    """A site on a free port, until the end of the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            html, headers = site.pages.get(self.path.partition("?")[0], ("", {}))
            self.send_response(200 if html else 404)
            for name, value in ({"Content-Type": "text/html; charset=utf-8"} | dict(headers)).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(html.encode("utf-8"))

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name it has
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site = HostSite(port=server.server_port)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass(frozen=True)
class Hosted:
    """The chat, and the site that may embed it."""

    site: HostSite
    chat: Served

    @property
    def assistant(self) -> str:
        """The assistant's origin, as the host's pages name it."""
        return f"http://{ASSISTANT}:{self.chat.host.rpartition(':')[2]}"

    def script(self, **options: str) -> str:
        """The line of a host's page; option names with "_" for "-"."""
        given = "".join(f' data-{name.replace("_", "-")}="{value}"' for name, value in options.items())
        return f'<script src="{self.assistant}/widget.js"{given} defer></script>'

    def page(self, path: str = "/page", *, head: str = "", body: str = "", **options: str) -> str:
        """A page of some length that holds the widget; gives its address."""
        text = "<p>Les quartiers et leurs associations.</p>" * 40
        html = (
            '<!doctype html><html lang="fr"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<link rel='icon' href='data:,'><title>Un article</title>{head}{self.script(**options)}</head>"
            f"<body><h1>Un article</h1>{body}{text}</body></html>"
        )
        return self.site.put(path, html)


def launcher(page: Page, label: str = WORDS["label"]) -> Locator:
    """The button on the host's page."""
    return page.get_by_role("button", name=label)


def chat_in(page: Page) -> FrameLocator:
    """The chat in the widget's frame."""
    return page.frame_locator("assistant-widget iframe")


def opened(page: Page) -> FrameLocator:
    """Press the button, and wait until a question is taken."""
    launcher(page).click()
    chat = chat_in(page)
    expect(chat.get_by_label(texts.QUESTION_LABEL)).to_be_visible()
    return chat


def is_open(page: Page) -> bool:
    """Whether the panel is shown."""
    return bool(page.locator("assistant-widget dialog[open]").count())


def panel(page: Page) -> dict[str, float]:
    """Where the panel stands: x, y, width, height."""
    box = page.locator("assistant-widget dialog").bounding_box()
    assert box is not None
    return {name: box[name] for name in ("x", "y", "width", "height")}


def ask(chat: FrameLocator, question: str) -> None:
    """Type, send, and wait for the whole answer."""
    box = chat.get_by_label(texts.QUESTION_LABEL)
    box.fill(question)
    box.press("Enter")
    expect(chat.locator("#chat .rest").last).to_be_visible()
