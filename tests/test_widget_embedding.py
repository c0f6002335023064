"""Who may embed the chat: nobody but the origins that the operator names, and they only the widget's frame."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page, Route, expect
from pydantic import ValidationError

from tests.browsing import context_of
from tests.hosts import WORDS, Hosted, chat_in, launcher, opened
from tests.served import Served
from ui import texts
from ui.embedding import origins
from ui.page import waiting_page
from ui.readiness import Stage
from ui.serving_settings import ServingSettings

EVERY_PAGE = (
    "/",
    "/q",
    "/publications",
    "/a-propos",
    "/widget/demo",
    "/source/x",
    "/healthz",
    "/ui/chat.css",
    "/nothing",
)


# --- the setting -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        (" , ", ()),
        ("https://www.rtes.fr", ("https://www.rtes.fr",)),
        ("https://WWW.rtes.fr/, https://rtes.fr,https://rtes.fr:443", ("https://www.rtes.fr", "https://rtes.fr")),
        ("http://localhost:8080,http://[::1]:80", ("http://localhost:8080", "http://[::1]")),
        ("https://xn--lco-bma.example", ("https://xn--lco-bma.example",)),
    ],
)
def test_origins_are_read_as_browsers_send_them(text: str, expected: tuple[str, ...]) -> None:
    assert origins(text) == expected
    assert origins(",".join(expected)) == expected


@pytest.mark.parametrize(
    "text",
    ["rtes.fr", "https://", "https://rtes.fr/page", "https://*.rtes.fr", "*", "'self'", "null", "https://rtes.fr; script-src *",
     "https://rtes.fr https://b.fr", "https://a@rtes.fr", "https://rtes.fr:0", "https://rtes.fr:65536", "https://écho.fr",
     "ftp://rtes.fr", "https://rtes.fr?x", "https://-rtes.fr", "data:", "https://rtes.fr\nX: y"],
)  # fmt: skip
def test_what_is_no_origin_is_refused_by_name(text: str) -> None:
    with pytest.raises(ValueError, match=r"origin|port"):
        origins(text)
    with pytest.raises(ValidationError):
        ServingSettings(widget_origins=text)


@given(st.text(max_size=60))
def test_whatever_is_written_nothing_but_origins_gets_into_the_header(text: str) -> None:
    try:
        found = origins(text)
    except ValueError:
        return
    assert all(origin.startswith(("https://", "http://")) for origin in found)
    assert not set(" ;,'\"*\r\n").intersection("".join(found))


# --- the headers -----------------------------------------------------------------------------------------------------


def ancestors(served: Served, path: str) -> str:
    policy = served.fetch(path).headers["content-security-policy"]
    return policy.rpartition("frame-ancestors ")[2]


def test_by_default_nobody_else_may_frame_anything(served: Served) -> None:
    assert {ancestors(served, path) for path in EVERY_PAGE} == {"'none'"}
    assert {served.fetch(path).headers["x-frame-options"] for path in EVERY_PAGE} == {"DENY"}
    assert ancestors(served, "/widget") == "'self'"
    assert served.fetch("/widget").headers["x-frame-options"] == "SAMEORIGIN"


def test_named_origins_may_frame_the_widgets_frame_and_nothing_else(hosted: Hosted) -> None:
    assert ancestors(hosted.chat, "/widget") == f"'self' {hosted.site.origin}"
    assert "x-frame-options" not in hosted.chat.fetch("/widget").headers
    assert {ancestors(hosted.chat, path) for path in EVERY_PAGE} == {"'none'"}
    assert {hosted.chat.fetch(path).headers["x-frame-options"] for path in EVERY_PAGE} == {"DENY"}


def test_only_the_loader_may_be_loaded_by_other_sites(hosted: Hosted) -> None:
    loader = hosted.chat.fetch("/widget.js")
    assert loader.status == 200
    assert loader.headers["cross-origin-resource-policy"] == "cross-origin"
    assert loader.headers["content-type"].startswith("text/javascript")
    assert loader.headers["x-content-type-options"] == "nosniff"
    for path in (*EVERY_PAGE, "/widget"):
        assert hosted.chat.fetch(path).headers["cross-origin-resource-policy"] == "same-origin", path


@pytest.mark.parametrize(
    "path", ["/widget.js", "/widget", "/widget/demo", "/api/ask", "/config", "/gradio_api/queue/join"]
)
def test_an_origin_that_may_frame_may_not_ask_by_itself(hosted: Hosted, path: str) -> None:
    """Embedding is one thing, the API another: CORS is open to nobody."""
    for method in ("GET", "POST", "OPTIONS"):
        reply = hosted.chat.fetch(path, method=method, headers={"Origin": hosted.site.origin})
        assert reply.status == 403
        assert not [name for name in reply.headers if name.startswith("access-control")]


def test_without_an_origin_the_api_answers(hosted: Hosted) -> None:
    assert hosted.chat.ask({"question": texts.EXAMPLES[0]}).json["status"] == "answered"


# --- in the browser --------------------------------------------------------------------------------------------------


def test_a_site_that_is_not_named_gets_a_plain_link(browser: Browser, hosted: Hosted) -> None:
    context = context_of(browser)
    page = context.new_page()
    url = hosted.page("/stranger")
    page.goto(url.replace(hosted.site.origin, hosted.site.stranger))
    launcher(page).click()
    link = page.get_by_role("link", name=WORDS["elsewhere"])
    expect(link).to_be_visible(timeout=6000)
    expect(link).to_have_attribute("href", f"{hosted.assistant}/")
    expect(link).to_have_attribute("target", "_blank")
    expect(page.get_by_text(WORDS["away"])).to_be_visible()
    expect(chat_in(page).get_by_label(texts.QUESTION_LABEL)).to_have_count(0)
    page.keyboard.press("Escape")
    expect(launcher(page)).to_be_focused()
    context.close()


def test_a_server_that_is_away_leaves_a_plain_link(browser: Browser, hosted: Hosted) -> None:
    context = context_of(browser)
    page = context.new_page()
    page.route("**/widget", lambda route: route.abort())
    page.goto(hosted.page("/away"))
    launcher(page).click()
    expect(page.get_by_role("link", name=WORDS["elsewhere"])).to_be_visible(timeout=6000)
    context.close()


def test_a_frame_that_comes_late_takes_the_place_of_the_link(browser: Browser, hosted: Hosted) -> None:
    context = context_of(browser)
    page = context.new_page()
    starting = waiting_page(Stage.LOADING, name="Assistant", in_frame=True)
    asked: list[str] = []

    def start(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) < 4:  # six seconds, of which four are waited
            route.fulfill(status=503, body=starting, content_type="text/html; charset=utf-8")
        else:
            route.continue_()

    page.route("**/widget", start)
    page.goto(hosted.page("/late-frame", question="Quels leviers ?"))
    launcher(page).click()
    expect(page.get_by_role("link", name=WORDS["elsewhere"])).to_be_visible(timeout=6000)
    expect(chat_in(page).get_by_label(texts.QUESTION_LABEL)).to_have_value("Quels leviers ?")
    expect(page.get_by_role("link", name=WORDS["elsewhere"])).to_be_hidden()
    context.close()


# --- messages --------------------------------------------------------------------------------------------------------


def told(page: Page, sender: str, message: object) -> None:
    """`message` as a window of that kind would send it."""
    page.evaluate(
        """([sender, message]) => {
          const frame = document.querySelector('assistant-widget').shadowRoot.querySelector('iframe');
          if (sender === 'page') window.postMessage(message, '*');
          else window.dispatchEvent(new MessageEvent('message', {
            data: message, origin: sender === 'frame, other origin' ? 'https://evil.example' : new URL(frame.src).origin,
            source: sender === 'other window, right origin' ? window : frame.contentWindow }));
        }""",
        [sender, message],
    )
    page.wait_for_timeout(200)


@pytest.mark.parametrize("sender", ["page", "frame, other origin", "other window, right origin"])
def test_a_forged_message_is_not_heard(browser: Browser, hosted: Hosted, sender: str) -> None:
    context = context_of(browser)
    page = context.new_page()
    url = hosted.page("/forged")
    page.goto(url)
    opened(page)
    told(page, sender, {"assistant": "close"})
    told(page, sender, {"assistant": "resize", "wide": True})
    told(page, sender, {"assistant": "open", "href": f"{hosted.site.origin}/elsewhere"})

    expect(page.locator("assistant-widget dialog[open]")).to_have_css("width", "420px")
    assert page.url == url
    context.close()


@pytest.mark.parametrize(
    "message",
    [None, 1, "close", [], {}, {"assistant": "toString"}, {"assistant": "__proto__"}, {"assistant": ["close"]},
     {"assistant": "navigate", "href": "/"}, {"assistant": "open"}, {"assistant": "open", "href": "javascript:alert(1)"},
     {"assistant": "open", "href": "https://evil.example/"}, {"assistant": "open", "href": "//evil.example"},
     {"assistant": "open", "href": "data:text/html,x"}, {"assistant": "resize", "wide": "yes"}],
)  # fmt: skip
def test_what_is_not_on_the_list_changes_nothing(browser: Browser, hosted: Hosted, message: object) -> None:
    context = context_of(browser)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    url = hosted.page("/listed")
    page.goto(url)
    opened(page)
    told(page, "frame", message)

    expect(page.locator("assistant-widget dialog[open]")).to_have_css("width", "420px")
    assert (page.url, faults) == (url, [])
    context.close()


def test_the_frame_speaks_to_the_origin_that_holds_it_alone(browser: Browser, hosted: Hosted) -> None:
    """A page that holds the frame and names another origin in its address hears nothing."""
    context = context_of(browser)
    page = context.new_page()
    heard = """window.heard = []; addEventListener('message', event => heard.push(event.data.assistant));"""
    for origin, expected in (("https://www.rtes.fr", []), (hosted.site.origin, ["ready"]), ("nonsense", [])):
        html = (
            f"<!doctype html><script>{heard}</script><iframe src='{hosted.assistant}/widget#origin={origin}'></iframe>"
        )
        page.goto(hosted.site.put("/holder", html))
        frame = page.frame_locator("iframe")
        expect(frame.get_by_label(texts.QUESTION_LABEL)).to_be_visible()
        page.wait_for_timeout(200)
        assert page.evaluate("heard") == expected
    context.close()
