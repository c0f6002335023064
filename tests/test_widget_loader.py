"""The widget's loader costs a host's page one small request, moves nothing, keeps nothing, and does what its options say."""

from __future__ import annotations

import gzip
import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browsing import NARROW, PHONE, Watched, context_of, violations
from tests.hosts import SHIFT, WORDS, Hosted, ask, chat_in, is_open, launcher, opened, panel
from ui import texts, texts_widget
from ui.site import Site
from ui.widget_routes import loader_script


def test_it_has_at_most_6_kb_and_needs_no_newer_script_than_of_2019() -> None:
    script = loader_script(Site())

    assert len(gzip.compress(script.encode(), 9)) <= 6000
    assert not re.search(
        r"\?\.[A-Za-z(\[]|\?\?|\|\|=|&&=|\bimport\b|\bawait\b|#[a-z]+ ?=|\breplaceAll\b|\.at\(", script
    )
    assert not re.search(r"cookie|localStorage|sessionStorage|indexedDB|fetch|XMLHttpRequest|innerHTML|eval\(", script)
    assert '"%served%"' not in script


def test_whatever_the_service_is_called_the_script_stays_one(host: Watched) -> None:
    script = loader_script(Site(name='</script><b>"L\'ESS" \\ $& %served%'))

    assert host.page.evaluate("source => { new Function(source); return true; }", script)


def test_before_the_button_is_pressed_nothing_is_asked_for_but_the_loader(host: Watched, hosted: Hosted) -> None:
    asked: list[str] = []
    host.page.on("request", lambda request: asked.append(request.url))
    url = hosted.page("/quiet", context="page", question="Quels leviers ?")
    host.page.goto(url, wait_until="networkidle")
    expect(launcher(host.page)).to_be_visible()
    host.page.wait_for_timeout(500)

    assert [one for one in asked if not one.startswith("data:")] == [url, f"{hosted.assistant}/widget.js"]
    assert host.page.context.cookies() == []
    assert host.page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
    assert host.page.evaluate("Object.keys(window).filter(name => /assistant|widget/i.test(name))") == []
    assert host.complaints == []


@pytest.mark.parametrize("size", [(1280, 900), PHONE])
def test_it_moves_nothing_and_takes_next_to_no_time(browser: Browser, hosted: Hosted, size: tuple[int, int]) -> None:
    context = context_of(browser, size)
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Profiler.enable")
    session.send("Profiler.setSamplingInterval", {"interval": 100})  # microseconds
    session.send("Profiler.start")
    page.goto(hosted.page("/still"), wait_until="networkidle")
    profile = session.send("Profiler.stop")["profile"]
    spent = {node["id"]: node["callFrame"]["url"] for node in profile["nodes"]}
    ours = sum(
        delta
        for node, delta in zip(profile["samples"], profile["timeDeltas"], strict=True)
        if spent[node].endswith("/widget.js")
    )
    opened(page)
    shift = page.evaluate(SHIFT)
    context.close()

    assert shift == 0
    assert 0 < ours / 1000 <= 20  # milliseconds of its own time; none would be a profile that has not seen it


def test_what_is_opened_is_a_frame_in_the_narrowest_sandbox(host: Watched, hosted: Hosted) -> None:
    host.page.goto(hosted.page())
    opened(host.page)
    frame = host.page.locator("assistant-widget iframe")

    expect(frame).to_have_attribute(
        "sandbox", "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox"
    )
    expect(frame).to_have_attribute("referrerpolicy", "no-referrer")
    expect(frame).to_have_attribute("title", Site().name)
    address = frame.get_attribute("src") or ""
    assert address.startswith(f"{hosted.assistant}/widget#origin=")
    assert "page=" not in address
    assert host.hosts == {hosted.assistant.removeprefix("http://"), hosted.site.origin.removeprefix("http://")}


def test_focus_moves_in_and_back_and_escape_closes(host: Watched, hosted: Hosted) -> None:
    host.page.goto(hosted.page())
    button = launcher(host.page)
    button.focus()
    host.page.keyboard.press("Enter")
    box = chat_in(host.page).get_by_label(texts.QUESTION_LABEL)
    expect(box).to_be_focused()
    expect(button).to_be_hidden()
    dialog = host.page.get_by_role("dialog", name=Site().name)
    expect(dialog).to_be_visible()

    host.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(button).to_be_focused()

    host.page.keyboard.press("Enter")
    expect(box).to_be_focused()
    host.page.get_by_role("button", name=WORDS["close"]).click()
    expect(button).to_be_focused()


def test_on_a_desk_the_page_beside_it_stays_within_reach(host: Watched, hosted: Hosted) -> None:
    host.page.goto(hosted.page("/beside", body='<a id="a" href="#b">un lien de la page</a>'))
    opened(host.page)
    host.page.locator("#a").focus()
    expect(host.page.locator("#a")).to_be_focused()
    assert is_open(host.page)


@pytest.mark.parametrize("size", [PHONE, NARROW])
def test_on_a_phone_it_fills_the_screen_and_holds_the_focus(
    browser: Browser, hosted: Hosted, size: tuple[int, int]
) -> None:
    context = context_of(browser, size)
    page = context.new_page()
    page.goto(hosted.page("/phone", body='<a id="a" href="#b">un lien de la page</a>'))
    opened(page)

    assert panel(page) == {"x": 0, "y": 0, "width": size[0], "height": size[1]}
    page.evaluate("document.getElementById('a').focus()")
    expect(page.locator("#a")).not_to_be_focused()
    page.keyboard.press("Escape")
    expect(launcher(page)).to_be_focused()
    context.close()


def test_turned_round_while_open_it_changes_its_kind_and_keeps_what_is_said(browser: Browser, hosted: Hosted) -> None:
    context = context_of(browser, PHONE)
    page = context.new_page()
    page.goto(hosted.page())
    chat = opened(page)
    chat.get_by_label(texts.QUESTION_LABEL).fill("à moitié écrite")
    page.set_viewport_size({"width": 1280, "height": 900})
    expect(page.locator("assistant-widget dialog")).to_have_css("width", "420px")
    expect(chat.get_by_label(texts.QUESTION_LABEL)).to_have_value("à moitié écrite")
    context.close()


def test_crossing_from_desk_to_phone_while_typing_loses_nothing(host: Watched, hosted: Hosted) -> None:
    host.page.set_viewport_size({"width": 1000, "height": 700})
    host.page.goto(hosted.page())
    box = opened(host.page).get_by_label(texts.QUESTION_LABEL)
    expect(box).to_be_focused()
    for height, letters in ((400, "a"), (700, "ab"), (400, "abc")):
        host.page.set_viewport_size({"width": 1000, "height": height})
        host.page.wait_for_timeout(200)
        host.page.keyboard.type(letters[-1])
        expect(box).to_have_value(letters)


@pytest.mark.parametrize("size", [(320, 256), (1280, 300)])
def test_what_has_the_focus_is_in_sight(browser: Browser, hosted: Hosted, size: tuple[int, int]) -> None:
    context = context_of(browser, size)
    page = context.new_page()
    page.goto(hosted.page())
    box = opened(page).get_by_label(texts.QUESTION_LABEL)
    expect(box).to_be_focused()
    expect(box).to_be_in_viewport(ratio=0.9)
    context.close()


def test_after_a_failure_the_next_opening_tries_again(host: Watched, hosted: Hosted) -> None:
    host.page.goto(hosted.page())
    host.page.route("**/widget", lambda route: route.abort())
    launcher(host.page).click()
    expect(host.page.get_by_role("link", name=WORDS["elsewhere"])).to_be_visible(timeout=6000)
    host.page.keyboard.press("Escape")
    host.page.unroute("**/widget")
    expect(opened(host.page).get_by_label(texts.QUESTION_LABEL)).to_be_visible()


def test_a_page_that_is_replaced_without_being_loaded_anew_keeps_it(host: Watched, hosted: Hosted) -> None:
    host.page.goto(hosted.page())
    expect(launcher(host.page)).to_be_visible()
    host.page.evaluate(
        "document.body.replaceWith(Object.assign(document.createElement('body'), {textContent: 'suite'}))"
    )
    opened(host.page)
    # A copy that was kept has no shadow root; the script runs again on it.
    host.page.evaluate(
        "source => { const copy = document.body.cloneNode(true); const tag = document.createElement('script');"
        " tag.src = source; document.body.replaceWith(copy); document.body.append(tag); }",
        f"{hosted.assistant}/widget.js",
    )
    expect(host.page.locator("assistant-widget")).to_have_count(1)
    expect(chat_in(host.page).get_by_label(texts.QUESTION_LABEL)).to_be_visible()


@pytest.mark.parametrize(
    "allowed", ["allow-scripts", "allow-same-origin", "allow-forms", "allow-popups-to-escape-sandbox"]
)
def test_no_token_of_the_sandbox_can_be_left_out(host: Watched, hosted: Hosted, allowed: str) -> None:
    narrower = loader_script(Site()).replace(allowed, "", 1)
    host.page.route("**/widget.js", lambda route: route.fulfill(body=narrower, content_type="text/javascript"))
    host.page.goto(hosted.page())
    launcher(host.page).click()
    chat = chat_in(host.page)
    if allowed in {"allow-scripts", "allow-same-origin"}:
        expect(host.page.get_by_role("link", name=WORDS["elsewhere"])).to_be_visible(timeout=10_000)
        expect(chat.get_by_label(texts.QUESTION_LABEL)).to_have_count(0)
        return
    expect(chat.get_by_label(texts.QUESTION_LABEL)).to_be_visible()
    if allowed == "allow-forms":
        chat.locator("#open-history").click()
        chat.locator("#history form button").click()
        host.page.wait_for_timeout(300)
        expect(chat.locator("#history")).to_be_visible()
        return
    with host.page.context.expect_page() as new:
        chat.get_by_role("link", name=texts_widget.FRAME["about"]).click()
    new.value.wait_for_timeout(1500)
    assert new.value.evaluate("origin") == "null"  # the browser's own page: ours, with its opener policy, is refused


def test_an_answer_can_be_copied_in_the_frame(browser: Browser, hosted: Hosted) -> None:
    context = context_of(browser)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(hosted.page())
    chat = opened(page)
    ask(chat, texts.EXAMPLES[0])
    chat.get_by_role("button", name=texts.COPY).click()
    expect(chat.get_by_role("button", name=texts.SCRIPT["copied"])).to_be_visible()
    context.close()


def test_it_says_what_it_opens_and_moves_for_nobody_who_would_not_have_it(host: Watched, hosted: Hosted) -> None:
    host.page.goto(hosted.page())
    expect(launcher(host.page)).to_have_attribute("aria-haspopup", "dialog")
    opened(host.page)
    panel_of = host.page.locator("assistant-widget dialog")
    expect(panel_of).to_have_css("animation-name", "none")  # the tests' browser prefers reduced motion
    host.page.emulate_media(reduced_motion="no-preference", contrast="more")
    expect(panel_of).to_have_css("animation-name", "rise")
    expect(panel_of).to_have_css("border-top-width", "2px")


def test_a_phones_keyboard_leaves_the_question_in_sight(browser: Browser, hosted: Hosted) -> None:
    context = context_of(browser, PHONE)
    page = context.new_page()
    page.goto(hosted.page())
    opened(page)
    page.evaluate(
        """() => {
          Object.defineProperty(visualViewport, "height", { value: 400 });
          Object.defineProperty(visualViewport, "offsetTop", { value: 30 });
          visualViewport.dispatchEvent(new Event("resize"));
        }"""
    )

    assert (panel(page)["height"], panel(page)["y"]) == (400, 30)
    box = chat_in(page).get_by_label(texts.QUESTION_LABEL).bounding_box()
    assert box is not None
    assert 30 < box["y"] < box["y"] + box["height"] <= 430
    context.close()


def test_the_panel_can_be_made_wider_and_narrow_again(host: Watched, hosted: Hosted) -> None:
    host.page.goto(hosted.page())
    wider = opened(host.page).get_by_role("button", name=texts_widget.FRAME["wider"])
    wider.click()
    expect(host.page.locator("assistant-widget dialog")).to_have_css("width", "800px")
    expect(wider).to_have_attribute("aria-pressed", "true")
    wider.click()
    expect(host.page.locator("assistant-widget dialog")).to_have_css("width", "420px")


@pytest.mark.parametrize("size", [(1280, 900), NARROW])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_hosts_page_or_in_the_frame(
    browser: Browser, hosted: Hosted, size: tuple[int, int], scheme: str
) -> None:
    context = context_of(browser, size, "dark" if scheme == "dark" else "light")
    page = context.new_page()
    page.goto(f"{hosted.assistant}/widget/demo")
    expect(launcher(page)).to_be_visible()
    assert violations(page) == []
    chat = opened(page)
    chat.get_by_role("button", name=texts.EXAMPLES[0].replace(" ?", "\u202f?")).click()
    expect(chat.locator("#chat .rest")).to_be_visible()
    assert violations(page) == []
    context.close()
