"""The pictures of README, made anew: `python -m tests.pictures [--url http://127.0.0.1:7860]`.

Without an address it serves the project's corpus itself, with an index of its own. Each picture is a line of PICTURES: name,
size, light or dark, and what is done before it is taken. Writes `docs/<name>.png`; exit status 0.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, expect

from evals.corpora import joined
from tests.browsing import DESK, PHONE, Scheme, Watched, chromium, context_of
from tests.hosts import ask, opened
from tests.served import ROOT, Served
from ui import texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One picture: `docs/<name>.png`, of a page of `size`, after `steps`; `fixtures`: over those of the evals too."""

    name: str
    size: tuple[int, int]
    steps: Callable[[Watched], None]
    scheme: Scheme = "light"
    fixtures: bool = False


def answer_with_source(watched: Watched) -> None:
    """An answer, and the source of its second sentence beside it."""
    answer(watched)
    watched.page.locator("a.cite").nth(1).click()
    expect(watched.page.get_by_role("complementary")).to_be_visible()


def answer(watched: Watched) -> None:
    """An answer, from its question on."""
    watched.ask(texts.EXAMPLES[0])
    watched.answers(1)
    expect(watched.page.locator("#after button").first).to_be_visible()


def examples(watched: Watched) -> None:
    """What stands below an answer: examples of a territory."""
    watched.ask(texts.EXAMPLES[1])
    watched.answers(1)
    watched.page.locator(".field-examples").scroll_into_view_if_needed()


def source(watched: Watched) -> None:
    """A quotation on the picture of its page."""
    watched.ask("Quand un SPASER est-il obligatoire ?")
    watched.answers(1)
    way = watched.page.locator(".proof a[href*='fixture-rtes-2024-guide-achats']").first.get_attribute("href")
    watched.page.goto(f"{watched.page.url}{way}")
    expect(watched.page.locator("figure img").first).to_be_visible()
    watched.page.wait_for_load_state("networkidle")


def widget(watched: Watched) -> None:
    """The widget on the page of its demonstration, with an answer."""
    watched.page.goto(f"{watched.page.url}widget/demo")
    ask(opened(watched.page), texts.EXAMPLES[1])
    watched.page.wait_for_load_state("networkidle")


PICTURES = (
    Picture(name="chat-1280", size=DESK, steps=answer_with_source),
    Picture(name="chat-390", size=PHONE, steps=answer),
    Picture(name="chat-dark", size=DESK, steps=examples, scheme="dark"),
    Picture(name="widget-1280", size=DESK, steps=widget),
    Picture(name="source-1280", size=DESK, steps=source, fixtures=True),
)


def main(argv: Sequence[str]) -> int:
    """Take all pictures, or those that are named."""
    parser = argparse.ArgumentParser(prog="python -m tests.pictures", description="Make the pictures of README anew.")
    parser.add_argument("--url", help="a chat that is served already")
    parser.add_argument("--output", type=Path, default=ROOT / "docs", help="folder of the pictures (default: docs)")
    parser.add_argument("names", nargs="*", help="which pictures (default: all)")
    arguments = parser.parse_args(argv)
    wanted = [picture for picture in PICTURES if not arguments.names or picture.name in arguments.names]
    for fixtures in sorted({picture.fixtures for picture in wanted}):
        with served(arguments.url, fixtures=fixtures) as url, chromium() as browser:
            for picture in wanted:
                if picture.fixtures is fixtures:
                    take(browser, url, picture, arguments.output / f"{picture.name}.png")
    return 0


def take(browser: Browser, url: str, picture: Picture, path: Path) -> None:
    """One picture, in a browser of its own; the focus ring stays out of it."""
    context = context_of(browser, picture.size, picture.scheme)
    watched = Watched(context.new_page())
    watched.open(url)
    picture.steps(watched)
    watched.page.evaluate("document.activeElement?.blur()")
    watched.page.screenshot(path=path)
    context.close()
    print(path)


@contextmanager
def served(url: str | None, *, fixtures: bool) -> Iterator[str]:
    """The address that is given, or that of a chat of our own, over the project's corpus and the `fixtures` of its evals."""
    if url is not None:
        yield url
        return
    with tempfile.TemporaryDirectory() as folder:
        corpora = [ROOT / "corpus", ROOT / "evals" / "fixtures"] if fixtures else [ROOT / "corpus"]
        chat = Served(Path(folder) / "index", joined(corpora, Path(folder) / "corpus"), Path(folder) / "log")
        try:
            chat.wait(lambda reply: reply.status == 200)
            yield chat.url
        finally:
            chat.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
