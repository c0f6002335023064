"""A page in the system's Chromium, watched: what it asks for, what it complains about, what axe-core finds in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright

from ui import texts

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
Scheme = Literal["light", "dark"]
DESK, PHONE, NARROW = (1280, 900), (390, 844), (320, 640)


@dataclass
class Watched:
    """A page, and what it asked for and complained about. Its browser is set to English, its reader is French."""

    page: Page
    hosts: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", self.note)
        self.page.on(
            "console", lambda message: self.complaints.append(message.text) if message.type == "error" else None
        )
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def note(self, request: Request) -> None:
        """Which host it asked, if any."""
        if not request.url.startswith(("data:", "blob:")):
            self.hosts.add(request.url.split("/")[2])

    def open(self, url: str) -> None:
        """Go there, and wait until questions are taken."""
        self.page.goto(url)
        expect(self.page.get_by_label(texts.QUESTION_LABEL)).to_be_visible()
        expect(self.page.locator(".actions")).to_be_visible()

    def ask(self, question: str) -> None:
        """Type and send."""
        box = self.page.get_by_label(texts.QUESTION_LABEL)
        box.fill(question)
        box.press("Enter")

    def answers(self, count: int) -> None:
        """Wait until that many answers are whole."""
        expect(self.page.locator("#chat .rest")).to_have_count(count)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Fails, and does not skip, where Chromium is missing. What is expected may take long on a busy machine."""
    expect.set_options(timeout=30_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


def context_of(browser: Browser, size: tuple[int, int] = DESK, scheme: Scheme = "light") -> BrowserContext:
    """A browser of its own, with nothing kept."""
    width, height = size
    context = browser.new_context(
        locale="en-US", viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
    )
    context.set_default_timeout(30_000)
    return context


def violations(page: Page) -> list[str]:
    """What axe-core, with all its rules, finds: rule, and the first elements concerned."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {[node['html'][:160] for node in one['nodes'][:3]]}" for one in found]
