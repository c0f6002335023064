"""What the widget's frame does: links of the host in its tab, others in tabs of their own, a conversation that lasts."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, FrameLocator, Route, expect

from tests.browsing import ARGUMENTS, CHROMIUM, PHONE, Watched
from tests.hosts import Hosted, ask, chat_in, launcher, opened
from ui import texts, texts_widget


def linked(chat: FrameLocator, address: str) -> None:
    """Make the first link of the answer's sources lead there, as it would in an answer from that site."""
    chat.locator("#chat .ways a").first.evaluate("(link, address) => link.setAttribute('href', address)", address)


@pytest.fixture
def answered(host: Watched, hosted: Hosted) -> FrameLocator:
    """The widget on a page, with an answer whose first source is unfolded."""
    host.page.goto(hosted.page("/article"))
    chat = opened(host.page)
    ask(chat, texts.EXAMPLES[0])
    chat.locator("details.source summary").first.click()
    return chat


def test_a_link_to_the_hosts_own_site_opens_in_the_hosts_tab(
    host: Watched, hosted: Hosted, answered: FrameLocator
) -> None:
    target = hosted.page("/other") + "?page=2#part"
    linked(answered, target)
    link = answered.locator("#chat .ways a").first
    link.click()
    host.page.wait_for_url(target)
    assert len(host.page.context.pages) == 1


def test_its_www_name_is_the_same_site(host: Watched, hosted: Hosted, answered: FrameLocator) -> None:
    target = hosted.page("/other").replace("//", "//www.")
    linked(answered, target)
    answered.locator("#chat .ways a").first.click()
    host.page.wait_for_url(target)


def test_no_link_to_the_host_says_new_tab(hosted: Hosted, answered: FrameLocator) -> None:
    first = answered.locator("#chat .ways a").first
    expect(first).to_contain_text(texts.NEW_TAB)
    linked(answered, f"{hosted.site.origin}/other")
    answered.locator("#chat").evaluate("chat => chat.append(document.createElement('i'))")
    expect(first).not_to_contain_text(texts.NEW_TAB)


@pytest.mark.parametrize("key", ["Control", "Shift"])
def test_with_a_key_held_down_a_link_does_what_browsers_do(
    host: Watched, hosted: Hosted, answered: FrameLocator, key: str
) -> None:
    linked(answered, hosted.page("/held"))
    before = host.page.url
    with host.page.context.expect_page():
        answered.locator("#chat .ways a").first.click(modifiers=["Control" if key == "Control" else "Shift"])
    assert host.page.url == before


def test_a_source_opens_in_a_tab_that_is_a_tab_like_others(host: Watched, answered: FrameLocator) -> None:
    """Without its last token the sandbox would go along: the tab would not even show a page of ours."""
    with host.page.context.expect_page() as new:
        answered.locator("#chat .ways a").first.click()
    tab = new.value
    tab.wait_for_load_state()
    expect(tab.locator("mark").first).to_be_visible()


def test_every_way_out_of_the_frame_opens_a_tab(answered: FrameLocator) -> None:
    links = answered.locator("a[href]:not([href^='#'])").evaluate_all(
        "links => links.map(link => [link.getAttribute('href'), link.target])"
    )
    assert len(links) > 4
    assert [href for href, target in links if target != "_blank"] == []


def test_the_conversation_is_there_again_on_the_next_page(browser: Browser, hosted: Hosted, tmp_path: Path) -> None:
    # As most browsers are set; Debian's, and private windows, keep nothing for frames of another site (see below).
    (tmp_path / "Default").mkdir()
    (tmp_path / "Default" / "Preferences").write_text('{"profile": {"cookie_controls_mode": 0}}')
    context = browser.browser_type.launch_persistent_context(tmp_path, executable_path=CHROMIUM, args=ARGUMENTS)
    page = context.pages[0]
    page.goto(hosted.page("/article"))
    ask(opened(page), texts.EXAMPLES[0])
    page.goto(hosted.page("/next"))
    chat = opened(page)
    expect(chat.locator(".asked")).to_contain_text(texts.EXAMPLES[0].removesuffix(" ?"))
    expect(chat.locator("#chat .rest")).to_have_count(1)
    context.close()


def test_closed_and_opened_again_it_is_as_it_was(host: Watched, answered: FrameLocator) -> None:
    answered.get_by_label(texts.QUESTION_LABEL).fill("à moitié écrite")
    host.page.keyboard.press("Escape")
    launcher(host.page).click()
    expect(answered.get_by_label(texts.QUESTION_LABEL)).to_have_value("à moitié écrite")
    expect(answered.locator("#chat .rest")).to_have_count(1)


def test_where_the_browser_keeps_nothing_for_frames_that_is_told(host: Watched, answered: FrameLocator) -> None:
    kept = "() => { try { return localStorage.length; } catch (error) { return error.name; } }"
    assert answered.locator("body").evaluate(kept) == "SecurityError"
    answered.locator("#open-history").click()
    expect(answered.locator("#history-problem")).to_be_visible()
    assert host.complaints == []


def test_escape_closes_what_is_innermost_first(host: Watched, answered: FrameLocator) -> None:
    panel = host.page.locator("assistant-widget dialog[open]")
    answered.locator("#open-history").click()
    expect(answered.locator("#history")).to_be_visible()
    host.page.keyboard.press("Escape")
    expect(answered.locator("#history")).to_be_hidden()
    expect(panel).to_have_count(1)
    answered.get_by_role("button", name=texts.USEFUL, exact=True).click()
    host.page.keyboard.press("Escape")
    expect(answered.locator("form.opinion")).to_have_count(0)
    expect(panel).to_have_count(1)
    answered.locator("a.cite").first.click()
    answered.get_by_label(texts.QUESTION_LABEL).focus()
    host.page.keyboard.press("Escape")
    expect(answered.get_by_role("complementary")).to_be_hidden()
    expect(panel).to_have_count(1)
    answered.get_by_role("button", name=texts.FILTERS).click()
    answered.get_by_label(texts.SINCE).click()
    host.page.keyboard.press("Escape")
    expect(answered.get_by_label(texts.SINCE)).to_be_hidden()
    expect(panel).to_have_count(1)
    host.page.keyboard.press("Escape")
    expect(panel).to_have_count(0)


def test_on_a_touch_screen_opening_does_not_bring_up_the_keyboard(browser: Browser, hosted: Hosted) -> None:
    context = browser.new_context(viewport={"width": PHONE[0], "height": PHONE[1]}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(hosted.page())
    launcher(page).tap()
    chat = chat_in(page)
    expect(chat.get_by_label(texts.QUESTION_LABEL)).to_be_visible()
    expect(chat.locator("h1")).to_be_focused()
    context.close()


def test_asking_does_not_scroll_the_hosts_page(host: Watched, hosted: Hosted) -> None:
    host.page.goto(hosted.page("/inline-scroll", body="<div id='here'></div>", mode="inline", target="#here"))
    chat = opened(host.page)
    before = host.page.evaluate("scrollY")
    ask(chat, texts.EXAMPLES[0])
    host.page.wait_for_timeout(500)
    assert host.page.evaluate("scrollY") == before


def test_what_may_not_be_done_in_a_frame_is_not_offered(answered: FrameLocator) -> None:
    """Its sandbox lets nothing be downloaded and no window print."""
    expect(answered.locator("#take-away")).to_be_hidden()
    expect(answered.get_by_role("button", name=texts.PAGE["new"])).to_be_visible()


def test_opened_by_itself_the_frames_page_is_a_chat(host: Watched, hosted: Hosted) -> None:
    host.open(f"{hosted.assistant}/widget")
    host.ask(texts.EXAMPLES[0])
    host.answers(1)
    assert host.complaints == []
    expect(host.page.locator("#wider")).to_be_hidden()


def test_opened_by_itself_it_takes_nobodys_words(host: Watched, hosted: Hosted) -> None:
    """A link to the frame's page could otherwise show anything in the service's name."""
    told = urlencode(
        {"origin": hosted.site.origin, "title": "Service suspendu", "page": "x", "question": "Mon IBAN est :"}
    )
    host.open(f"{hosted.assistant}/widget#{told}")
    host.page.wait_for_timeout(500)
    expect(host.page.locator("#on-page")).to_be_hidden()
    expect(host.page.get_by_label(texts.QUESTION_LABEL)).to_have_value("")


@pytest.mark.parametrize("width", [420, 1000])
def test_the_frame_scrolls_up_and_down_alone(host: Watched, hosted: Hosted, width: int) -> None:
    host.page.set_viewport_size({"width": width, "height": 700})
    host.open(f"{hosted.assistant}/widget")
    host.ask(texts.EXAMPLES[0])
    host.answers(1)
    assert host.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize("form", ["right", "left", "inline", "english"])
def test_the_demonstration_answers_in_each_form(host: Watched, hosted: Hosted, form: str) -> None:
    host.page.goto(f"{hosted.assistant}/widget/demo?form={form}")
    label = texts_widget.LOADER["en" if form == "english" else "fr"]["label"]
    launcher(host.page, label).click()
    ask(chat_in(host.page), texts.EXAMPLES[0])
    assert host.hosts == {hosted.assistant.removeprefix("http://")}
    assert host.complaints == []


def test_the_demonstration_opened_on_arrival_holds_its_question(host: Watched, hosted: Hosted) -> None:
    host.page.goto(f"{hosted.assistant}/widget/demo?form=open")
    expect(chat_in(host.page).get_by_label(texts.QUESTION_LABEL)).to_have_value("Quels sont les leviers proposés ?")


def test_a_form_that_there_is_not_is_the_first(hosted: Hosted) -> None:
    reply = hosted.chat.fetch("/widget/demo?form=%3Cscript%3E")
    assert reply.status == 200
    assert "&lt;script&gt;" not in reply.text.replace("&lt;script src", "")
    assert 'data-position="right"' in reply.text


def test_where_the_queue_is_refused_it_is_told_in_the_frame(host: Watched, hosted: Hosted) -> None:
    host.page.goto(hosted.page())
    chat = opened(host.page)

    def refuse(route: Route) -> None:
        route.fulfill(status=429, json={"detail": texts.TOO_MANY})

    host.page.route("**/queue/join*", refuse)
    chat.get_by_label(texts.QUESTION_LABEL).fill("Quels leviers ?")
    host.page.keyboard.press("Enter")
    expect(chat.locator("#ask")).to_have_attribute("data-notice", texts.TOO_MANY)


# --- the page around it ------------------------------------------------------------------------------------------------

BROCHURE = "Comment renforcer la place de l'ESS dans les quartiers politique de la ville ?"


def with_title(hosted: Hosted, path: str, title: str, head: str = "") -> str:
    """A page of that title whose widget offers it."""
    url = hosted.page(path, head=head, context="page")
    html, headers = hosted.site.pages[path]
    hosted.site.pages[path] = html.replace("<title>Un article</title>", f"<title>{escape(title)}</title>"), headers
    return url


def test_a_question_is_asked_on_the_page_that_holds_the_widget(host: Watched, hosted: Hosted) -> None:
    host.page.goto(with_title(hosted, "/brochure", f"{BROCHURE} | RTES") + "?utm_source=x#top")
    chat = opened(host.page)
    chip = chat.get_by_role("group", name=texts_widget.FRAME["on_this_page"])
    expect(chip).to_contain_text(BROCHURE)
    ask(chat, "Quels sont les leviers proposés ?")

    expect(chat.locator(".answer.answered")).to_contain_text(BROCHURE[:40])
    kept = json.loads(chat.locator("#kept textarea").input_value())
    asked = kept["exchanges"][0]["wanted"]["on_page"]
    assert asked == {"url": f"{hosted.site.origin}/brochure", "title": f"{BROCHURE} | RTES"}
    assert kept["exchanges"][0]["answer"]["on_page"]["publication_id"] == "rtes-2023-ess-quartiers-politique-ville"


def test_the_page_is_let_go_by_one_press(host: Watched, hosted: Hosted) -> None:
    host.page.goto(with_title(hosted, "/let-go", BROCHURE))
    chat = opened(host.page)
    chip = chat.get_by_role("group", name=texts_widget.FRAME["on_this_page"])
    chip.get_by_role("button").click()
    expect(chip).to_be_hidden()
    expect(chat.get_by_label(texts.QUESTION_LABEL)).to_be_focused()
    ask(chat, texts.EXAMPLES[0])
    assert "on_page" not in json.loads(chat.locator("#kept textarea").input_value())["exchanges"][0]["wanted"]


def test_of_a_page_that_is_not_in_the_corpus_the_answer_says_so(host: Watched, hosted: Hosted) -> None:
    canonical = "<link rel='canonical' href='https://www.rtes.fr/sans-pareil'>"
    host.page.goto(with_title(hosted, "/unknown", '<b>Un article</b> "inconnu" & d\'ailleurs', canonical))
    chat = opened(host.page)
    expect(chat.locator("#on-page strong")).to_have_text('<b>Un article</b> "inconnu" & d\'ailleurs')
    ask(chat, texts.EXAMPLES[0])
    expect(chat.locator(".answer.answered")).to_contain_text("Cette page ne fait pas partie des publications lues")
    asked = json.loads(chat.locator("#kept textarea").input_value())["exchanges"][0]["wanted"]["on_page"]
    assert asked["url"] == "https://www.rtes.fr/sans-pareil"


def test_without_being_asked_for_nothing_is_told_of_the_page(host: Watched, hosted: Hosted) -> None:
    host.page.goto(hosted.page("/untold"))
    chat = opened(host.page)
    expect(chat.locator("#on-page")).to_be_hidden()
    ask(chat, texts.EXAMPLES[0])
    assert "on_page" not in json.loads(chat.locator("#kept textarea").input_value())["exchanges"][0]["wanted"]


def test_a_title_as_long_as_a_page_is_cut(host: Watched, hosted: Hosted) -> None:
    host.page.goto(with_title(hosted, "/long", "Un titre sans fin " * 100))
    chat = opened(host.page)
    ask(chat, texts.EXAMPLES[0])
    asked = json.loads(chat.locator("#kept textarea").input_value())["exchanges"][0]["wanted"]["on_page"]
    assert len(asked["title"]) == 300
