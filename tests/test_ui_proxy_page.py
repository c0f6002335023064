"""The chat behind a real nginx as a browser meets it: nothing is asked outside its path, and all of it works there."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from tests.browsing import Watched
from tests.nginx import NGINX, Nginx, path_of
from tests.test_ui_viewer import TWICE, address, made_site
from tests.tools import needs
from ui import texts

pytestmark = [needs(NGINX, "nginx"), needs("openssl", "openssl")]

QUESTION = texts.EXAMPLES[1]
SOURCE = "rtes-2023-ess-quartiers-politique-ville"


@dataclass
class Visitor(Watched):
    """A page that also notes what it asked for and what was refused."""

    asked: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("response", self.note_status)

    def note_status(self, response: Response) -> None:
        """What was not served."""
        if response.status >= 400:
            self.refused.append(f"{response.status} {response.url}")

    def outside(self, base: str) -> list[str]:
        """What was asked for elsewhere than below `base`."""
        return [url for url in self.asked if not url.startswith((f"{base}/", "data:", "blob:"))]


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Visitor]:
    context = browser.new_context(locale="en-US", ignore_https_errors=True, reduced_motion="reduce")
    context.set_default_timeout(30_000)
    yield Visitor(context.new_page())
    context.close()


@pytest.fixture(params=["host", "path"])
def base(nginx: Nginx, request: pytest.FixtureRequest) -> str:
    return nginx.host if request.param == "host" else nginx.path


def links(page: Page) -> set[str]:
    """Addresses on this host that the page leads to, and sends forms to."""
    found: list[str] = page.locator("a[href], form[action], button[formaction]").evaluate_all(
        "all => all.map(e => e.href || e.formAction || e.action).filter(url => url.startsWith(location.origin))"
    )
    return {url.partition("#")[0] for url in found}


PATHS = ["/q", "/q?partage=1&question=Maurepas", "/publications", "/a-propos", f"/source/{SOURCE}", "/widget/demo"]


@pytest.mark.parametrize("path", PATHS)
def test_a_page_and_all_that_it_leads_to_are_below_the_path(
    visitor: Visitor, nginx: Nginx, base: str, path: str
) -> None:
    visitor.page.goto(base + path, wait_until="networkidle")
    assert (visitor.refused, visitor.complaints, visitor.outside(base)) == ([], [], [])
    assert len(visitor.asked) > 3
    led = links(visitor.page)
    assert len(led) > 2
    assert [url for url in led if not url.startswith(f"{base}/")] == []
    statuses = {url: nginx.fetch(url).status for url in led}
    posted = {f"{base}/export"}  # asked for by a button alone
    assert {url: status for url, status in statuses.items() if status != 200 and url not in posted} == {}


def test_a_page_that_is_not_there_leads_back_to_the_chat(visitor: Visitor, base: str) -> None:
    visitor.page.goto(f"{base}/nowhere", wait_until="networkidle")
    assert visitor.refused == [f"404 {base}/nowhere"]
    assert visitor.outside(base) == []
    assert f"{base}/" in links(visitor.page)


def test_a_question_is_answered_its_source_opens_and_the_conversation_is_taken_away(
    visitor: Visitor, base: str
) -> None:
    page = visitor.page
    visitor.open(f"{base}/")
    assert page.evaluate("performance.getEntriesByType('navigation')[0].nextHopProtocol") == "h2"
    visitor.ask(QUESTION)
    visitor.answers(1)
    expect(page.locator(".answer")).to_contain_text("Maurepas")
    page.locator(".answer a.cite").first.click()
    expect(page.locator("#panel blockquote")).to_be_visible()
    page.locator("#take-away summary").click()
    with page.expect_download() as download:
        page.locator("[data-format=md]").click()
    file = Path(download.value.path()).read_text(encoding="utf-8")
    assert set(re.findall(r"https://127\.0\.0\.1[^?)>]*/source/", file)) == {f"{base}/source/"}
    with page.context.expect_page() as opened:
        page.locator("#panel .ways a[href^='source/']").click()
    expect(opened.value.locator("#citation")).to_be_visible()
    assert opened.value.url.startswith(f"{base}/source/{SOURCE}?")
    assert (visitor.refused, visitor.complaints, visitor.outside(base)) == ([], [], [])


def test_the_page_without_script_answers_below_the_path(browser: Browser, base: str) -> None:
    context = browser.new_context(java_script_enabled=False, ignore_https_errors=True)
    page = context.new_page()
    page.goto(f"{base}/q")
    page.get_by_label(texts.QUESTION_LABEL).fill(QUESTION)
    page.locator("#poser button[type=submit], #poser button:not([type])").first.click()
    expect(page.locator(".answer")).to_contain_text("Maurepas")
    assert page.url == f"{base}/q"
    context.close()


def test_a_page_without_its_slash_is_the_chat(visitor: Visitor, nginx: Nginx) -> None:
    visitor.open(nginx.path)
    assert visitor.page.url == f"{nginx.path}/"


def test_pictures_of_pages_are_below_the_path(tmp_path: Path, visitor: Visitor) -> None:
    (tmp_path / "viewer").mkdir()
    with made_site(tmp_path / "viewer") as site, Nginx(tmp_path / "nginx", site.url.removeprefix("http://")) as nginx:
        visitor.page.goto(f"{nginx.path}/{address(site, 'contact', TWICE[0], TWICE[1])}", wait_until="networkidle")
        picture = visitor.page.locator("figure img").first
        assert picture.evaluate("img => img.complete && img.naturalWidth") > 500
        assert (visitor.refused, visitor.complaints, visitor.outside(nginx.path)) == ([], [], [])
        visitor.page.goto("about:blank")


def test_a_site_that_may_embed_the_chat_has_it_from_below_the_path(visitor: Visitor, nginx: Nginx, base: str) -> None:
    script = f'<script src="{base}/widget.js" defer></script>'
    head = (
        '<!doctype html><html lang="fr"><meta charset="utf-8"><link rel="icon" href="data:,"><title>Un article</title>'
    )
    (nginx.folder / "site" / "article.html").write_text(f"{head}{script}<h1>Un article</h1>", encoding="utf-8")
    visitor.page.goto(f"{nginx.site}/article.html")
    visitor.page.locator(".launcher").click()
    frame = visitor.page.frame_locator("iframe")
    box = frame.get_by_label(texts.QUESTION_LABEL)
    box.fill(QUESTION)
    box.press("Enter")
    expect(frame.locator("#chat .rest")).to_have_count(1)
    expect(frame.locator(".answer")).to_contain_text("Maurepas")
    assert (visitor.refused, visitor.complaints) == ([], [])
    assert visitor.outside(base) == [f"{nginx.site}/article.html"]


def test_another_sites_page_cannot_ask(visitor: Visitor, nginx: Nginx, base: str) -> None:
    visitor.page.goto(nginx.site)
    visitor.page.evaluate(
        "url => fetch(url, {method: 'POST', mode: 'no-cors', body: '{}'}).catch(() => null)", f"{base}/api/ask"
    )
    line = f" POST {path_of(base + '/api/ask')} 403 "
    until = time.monotonic() + 10  # the line is written when the answer has gone
    while line not in nginx.logged()["assistant.log"]:
        assert time.monotonic() < until
        time.sleep(0.05)
