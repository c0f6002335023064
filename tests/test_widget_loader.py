"""The widget's loader costs a host's page one small request, moves nothing, keeps nothing, and does what its options say."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsing import NARROW, PHONE, Watched, context_of, violations
from tests.hosts import WORDS, Hosted, chat_in, is_open, launcher, opened
from ui import texts, texts_widget
from ui.site import Site
from ui.widget_routes import loader_script

SHIFT = """() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => { for (const one of list.getEntries()) sum += one.value; })
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 300);
})"""


@pytest.fixture
def host(browser: Browser) -> Iterator[Watched]:
    """A browser that has kept nothing, on a desk."""
    context = context_of(browser)
    yield Watched(context.new_page())
    context.close()


def panel(page: Page) -> dict[str, float]:
    box = page.locator("assistant-widget dialog").bounding_box()
    assert box is not None
    return {name: box[name] for name in ("x", "y", "width", "height")}


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
    assert ours / 1000 <= 20  # milliseconds of its own time; a machine ten times as slow would pass


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


# --- options -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("side", ["right", "left"])
def test_position(host: Watched, hosted: Hosted, side: str) -> None:
    host.page.goto(hosted.page("/side", position=side))
    button = launcher(host.page).bounding_box()
    opened(host.page)
    assert button is not None
    if side == "left":
        assert (button["x"], panel(host.page)["x"]) == (16, 16)
    else:
        width = host.page.evaluate("document.documentElement.clientWidth")
        assert width - button["x"] - button["width"] == 16
        assert width - panel(host.page)["x"] - panel(host.page)["width"] == 16


def test_label_and_colours(host: Watched, hosted: Hosted) -> None:
    host.page.goto(hosted.page("/colour", label="L&apos;ESS chez vous ?", color="#ffcc00", text_color="rebeccapurple"))
    button = launcher(host.page, "L'ESS chez vous ?")
    expect(button).to_have_css("background-color", "rgb(255, 204, 0)")
    expect(button).to_have_css("color", "rgb(102, 51, 153)")


@pytest.mark.parametrize(
    ("options", "text"),
    [({"color": "#ffcc00"}, "rgb(0, 0, 0)"), ({"color": "navy", "text_color": "#333"}, "rgb(255, 255, 255)")],
)
def test_a_label_that_could_not_be_read_is_black_or_white(
    host: Watched, hosted: Hosted, options: dict[str, str], text: str
) -> None:
    host.page.goto(hosted.page("/pale", **options))
    expect(launcher(host.page)).to_have_css("color", text)


def test_a_wrong_option_is_told_in_the_console_and_changes_nothing(host: Watched, hosted: Hosted) -> None:
    warnings: list[str] = []
    host.page.on("console", lambda message: warnings.append(message.text))
    host.page.goto(hosted.page("/wrong", position="top", color="url(x)", language="de"))
    expect(launcher(host.page)).to_be_visible()
    assert len(warnings) == 3
    assert 'data-position="top" is none of right, left' in warnings[1]
    assert {"right"} <= set((host.page.locator("assistant-widget .floating").get_attribute("class") or "").split())


def test_open_on_load_takes_no_focus_and_spares_phones(browser: Browser, hosted: Hosted) -> None:
    url = hosted.page("/open", open="true")
    for size, opens in (((1280, 900), True), (PHONE, False)):
        context = context_of(browser, size)
        page = context.new_page()
        page.goto(url)
        if opens:
            expect(chat_in(page).get_by_label(texts.QUESTION_LABEL)).to_be_visible()
            page.wait_for_timeout(300)
        else:
            expect(launcher(page)).to_be_visible()
        assert is_open(page) is opens
        assert page.evaluate("document.activeElement === document.body")
        context.close()


def test_a_question_to_start_with_waits_in_the_field(host: Watched, hosted: Hosted) -> None:
    host.page.goto(hosted.page("/question", question="Quels leviers pour l&apos;ESS ?"))
    chat = opened(host.page)
    expect(chat.get_by_label(texts.QUESTION_LABEL)).to_have_value("Quels leviers pour l'ESS ?")
    host.page.keyboard.press("Enter")
    expect(chat.locator(".asked")).to_contain_text("Quels leviers pour l'ESS ?")


def test_filters_are_set_where_the_reader_sees_them(host: Watched, hosted: Hosted) -> None:
    host.page.goto(hosted.page("/filters", publisher="rtes", theme="Politique de la ville, sans pareil"))
    with host.page.expect_console_message(lambda message: "sans pareil" in message.text):
        chat = opened(host.page)
    chat.get_by_role("button", name=texts.FILTERS).click()

    expect(chat.get_by_role("radio", name="RTES")).to_be_checked()
    expect(chat.get_by_role("checkbox", name="politique de la ville")).to_be_checked()


def test_in_english_the_hosts_page_has_english_words(host: Watched, hosted: Hosted) -> None:
    words = texts_widget.LOADER["en"]
    host.page.goto(hosted.page("/english", language="en"))
    launcher(host.page, words["label"]).click()
    expect(host.page.get_by_role("button", name=words["close"])).to_be_visible()
    expect(host.page.locator("assistant-widget")).to_have_attribute("lang", "en")
    expect(chat_in(host.page).get_by_text(texts_widget.FRAME["in_english"])).to_be_visible()


def test_inline_it_stands_where_it_was_put(host: Watched, hosted: Hosted) -> None:
    host.page.goto(hosted.page("/inline", body='<main id="here"></main>', mode="inline", target="#here"))
    expect(host.page.locator("main > assistant-widget")).to_be_visible()
    chat = opened(host.page)
    expect(chat.get_by_label(texts.QUESTION_LABEL)).to_be_focused()
    before = host.page.evaluate("document.querySelector('main').getBoundingClientRect().height")
    chat.get_by_role("button", name=texts.EXAMPLES[1].replace(" ?", "\u202f?")).click()
    expect(chat.locator("#chat .rest")).to_be_visible()
    assert host.page.evaluate("document.querySelector('main').getBoundingClientRect().height") == before


def test_inline_without_a_place_stands_after_its_script(host: Watched, hosted: Hosted) -> None:
    html = f"<!doctype html><body><p id=p>avant</p>{hosted.script(mode='inline')}<p>après</p>"
    host.page.goto(hosted.site.put("/after", html))
    expect(host.page.locator("#p ~ script + assistant-widget")).to_be_visible()


def test_twice_on_a_page_it_is_there_once(host: Watched, hosted: Hosted) -> None:
    host.page.goto(hosted.page("/twice", body=hosted.script()))
    expect(launcher(host.page)).to_have_count(1)


def test_a_script_put_in_by_another_script_works(host: Watched, hosted: Hosted) -> None:
    host.page.goto(hosted.site.put("/late", "<!doctype html><body><p>texte</p>"))
    host.page.evaluate(
        "source => { const tag = document.createElement('script'); tag.src = source; document.body.append(tag); }",
        f"{hosted.assistant}/widget.js",
    )
    opened(host.page)


def test_printed_it_is_not_there(host: Watched, hosted: Hosted) -> None:
    host.page.goto(hosted.page())
    host.page.emulate_media(media="print")
    expect(launcher(host.page)).to_be_hidden()


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
