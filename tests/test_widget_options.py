"""Each option of the widget's line does what the guide for webmasters says, and a wrong one nothing."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.browsing import PHONE, Watched, context_of
from tests.hosts import SHIFT, Hosted, chat_in, is_open, launcher, opened, panel
from tests.served import ROOT
from ui import texts, texts_widget


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


@pytest.mark.parametrize(
    ("value", "opens"), [("", True), ("true", True), ("false", False), ("non", False), ("0", False)]
)
def test_open_is_what_html_makes_of_it(host: Watched, hosted: Hosted, value: str, opens: bool) -> None:
    host.page.goto(hosted.page("/opens", open=value))
    expect(host.page.locator("assistant-widget dialog[open]")).to_have_count(int(opens))
    expect(launcher(host.page)).to_have_count(int(not opens))


@pytest.mark.parametrize("color", ["var(--brand)", "inherit", "rgba(0, 0, 0, 0.5)", "nonsense"])
def test_what_is_no_opaque_colour_is_told_and_not_taken(host: Watched, hosted: Hosted, color: str) -> None:
    with host.page.expect_console_message(lambda message: "is no opaque colour" in message.text):
        host.page.goto(hosted.page("/odd-colour", color=color))
    expect(launcher(host.page)).to_have_css("background-color", "rgb(29, 79, 115)")


@pytest.mark.parametrize("target", ["#1assistant", "div[", "#nowhere"])
def test_a_place_that_there_is_not_is_told_and_the_widget_stands_in_the_body(
    host: Watched, hosted: Hosted, target: str
) -> None:
    with host.page.expect_console_message(lambda message: "is not on this page" in message.text):
        host.page.goto(hosted.page("/nowhere", mode="inline", target=target))
    expect(host.page.locator("body > assistant-widget")).to_be_visible()


def test_inline_it_widens_no_page(host: Watched, hosted: Hosted) -> None:
    place = "<main id='here' style='margin-left: 500px'></main>"
    host.page.goto(hosted.page("/margin", body=place, mode="inline", target="#here"))
    launcher(host.page).click()
    assert host.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    expect(chat_in(host.page).get_by_label(texts.QUESTION_LABEL)).to_be_visible()
    assert host.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize(("options", "room"), [({}, 190), ({"open": "true"}, 690)])
def test_where_room_is_reserved_a_late_script_moves_nothing(
    host: Watched, hosted: Hosted, options: dict[str, str], room: int
) -> None:
    place = f"<div id='here' style='min-height: {room}px'></div>"

    def late(route: Route) -> None:
        time.sleep(1)
        route.continue_()

    host.page.route("**/widget.js", late)
    host.page.goto(hosted.page("/room", body=place, mode="inline", target="#here", **options))
    expect(host.page.locator("assistant-widget")).to_be_visible()
    assert host.page.evaluate(SHIFT) == 0


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


def test_the_guide_names_every_option_that_the_loader_reads() -> None:
    script = (ROOT / "ui" / "widget" / "widget.js").read_text(encoding="utf-8")
    read = set(re.findall(r"given\.(\w+)", script)) | set(re.findall(r'oneOf\("(\w+)"', script))
    read |= set(re.findall(r'\["(\w+)", "(\w+)"\]\) if \(given', script)[0])
    guide = (ROOT / "ui" / "widget" / "LISEZMOI.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^\| `data-([\w-]+)` \|", guide, re.MULTILINE))

    assert {re.sub(r"[A-Z]", lambda found: f"-{found[0].lower()}", name) for name in read} == told
