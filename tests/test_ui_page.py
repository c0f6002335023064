"""The chat as a person meets it: a real browser on a real process."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect, sync_playwright

from tests.served import Served
from ui import texts
from ui.typography import french

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
QUESTION = texts.EXAMPLES[1]


@dataclass
class Watched:
    """A page, and what it asked for and complained about. Its browser is set to English, its reader is French."""

    page: Page
    hosts: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)

    def note(self, request: Request) -> None:
        if not request.url.startswith("data:"):
            self.hosts.add(request.url.split("/")[2])

    def ask(self, question: str) -> None:
        box = self.page.get_by_label(texts.QUESTION_LABEL)
        box.fill(question)
        box.press("Enter")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Fails, and does not skip, where Chromium is missing: these tests are the page's only ones."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def watched(browser: Browser, served: Served) -> Iterator[Watched]:
    context = browser.new_context(locale="en-US", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(20_000)
    watched = Watched(context.new_page())
    watched.page.on("request", watched.note)
    watched.page.on(
        "console", lambda message: watched.complaints.append(message.text) if message.type == "error" else None
    )
    watched.page.on("pageerror", lambda error: watched.complaints.append(str(error)))
    watched.page.goto(served.url)
    expect(watched.page.get_by_label(texts.QUESTION_LABEL)).to_be_visible()
    yield watched
    context.close()


def test_an_example_is_answered_in_french_with_no_other_host_no_cookie_and_nothing_kept(
    watched: Watched, served: Served
) -> None:
    page = watched.page
    page.get_by_role("button", name=french(QUESTION)).click()
    expect(page.locator(".answer")).to_contain_text("Maurepas")
    expect(page.locator(".loading")).to_be_hidden()
    expect(page.locator("#examples")).to_be_hidden()
    assert page.locator("html").get_attribute("lang") == "fr"
    assert watched.hosts == {served.host}
    assert watched.complaints == []
    assert page.context.cookies() == []
    kept = page.evaluate("async () => [{...localStorage}, {...sessionStorage}, (await indexedDB.databases()).length]")
    assert QUESTION not in str(kept)
    assert kept == [{}, {}, 0]


def test_a_citation_opens_by_keyboard_takes_the_focus_and_gives_it_back(watched: Watched) -> None:
    watched.ask(QUESTION)
    mark = watched.page.locator("a.cite").first
    mark.focus()
    watched.page.keyboard.press("Enter")
    source = watched.page.locator("details.source").first
    expect(source).to_have_attribute("open", "")
    expect(source.locator("summary")).to_be_focused()
    expect(source.locator("blockquote")).to_contain_text("urbanisme transitoire")
    expect(source.locator(".where")).to_contain_text("p.\u00a0")
    watched.page.keyboard.press("Escape")
    expect(mark).to_be_focused()
    expect(source).not_to_have_attribute("open", "")


def test_a_citation_opens_by_click_and_its_source_leads_back(watched: Watched) -> None:
    watched.ask(texts.EXAMPLES[0])
    mark = watched.page.locator("a.cite").last
    mark.click()
    source = watched.page.locator(f"[id='{(mark.get_attribute('href') or '')[1:]}']")
    expect(source).to_have_attribute("open", "")
    source.get_by_role("link", name=texts.BACK).click()
    expect(mark).to_be_focused()


def test_an_answer_is_announced_once_and_messages_have_no_markup_for_a_name(watched: Watched) -> None:
    page = watched.page
    watched.ask(QUESTION)
    expect(page.get_by_role("status").filter(has_text="Maurepas")).to_have_count(1)
    expect(page.get_by_role("log")).to_have_attribute("aria-live", "off")
    expect(page.locator("[aria-label*='<'], [aria-label*='message:']")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    levels = page.locator("h1, h2, h3, h4, h5").evaluate_all("all => all.map(h => Number(h.tagName[1]))")
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


@pytest.mark.parametrize(
    "question",
    ["<img src=x onerror=\"window.hit=1\">", "<script>window.hit=1</script> quartier", "[x](javascript:window.hit=1) $$x$$"],
)  # fmt: skip
def test_markup_in_a_question_is_shown_and_does_nothing(watched: Watched, question: str) -> None:
    watched.ask(question)
    expect(watched.page.locator(".asked")).to_contain_text(question)
    expect(watched.page.locator(".answer")).to_be_visible()
    assert watched.page.evaluate("window.hit") is None
    assert watched.page.locator("#chat :is(img, script, a[href^=javascript])").count() == 0
    assert watched.complaints == []


@pytest.mark.parametrize(("question", "said"), [("", "vide"), ("?!", "ni mot ni chiffre"), ("a" * 501, "501")])
def test_a_question_that_cannot_be_searched_is_told_so(watched: Watched, question: str, said: str) -> None:
    watched.ask(question)
    expect(watched.page.locator(".answer.error")).to_contain_text(said)


def test_filters_narrow_what_is_searched_and_a_bad_year_is_told(watched: Watched) -> None:
    page = watched.page
    page.get_by_role("button", name=texts.FILTERS, expanded=False).click()
    expect(page.get_by_role("button", name=texts.FILTERS, expanded=True)).to_be_visible()
    expect(page.get_by_role("group", name=french(texts.PUBLISHER))).to_be_visible()
    page.get_by_label(french(texts.SINCE)).fill("hier")
    watched.ask(QUESTION)
    expect(page.locator(".answer.error")).to_contain_text("AAAA")
    page.get_by_label(french(texts.SINCE)).fill("2099")
    watched.ask(QUESTION)
    expect(page.locator(".answer").last).to_contain_text("je n'en ai pas tenu compte")
    expect(page.locator(".held .dropped").last).to_contain_text(texts.NO_EFFECT)
    expect(page.get_by_role("button", name=re.compile("Retirer.*depuis"))).to_have_count(0)
    page.get_by_label(french(texts.SINCE)).fill("")
    page.get_by_role("radio", name="RTES").check()
    watched.ask(QUESTION)
    expect(page.locator(".answer.answered").last).to_contain_text("Maurepas")
    identities = page.locator("#chat [id]").evaluate_all("all => all.map(e => e.id)")
    assert len(identities) == len(set(identities))


def test_the_answer_and_its_sources_can_be_copied_as_text(watched: Watched, served: Served) -> None:
    watched.page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=served.url)
    watched.ask(QUESTION)
    watched.page.get_by_role("button", name=texts.COPY).click()
    expect(watched.page.get_by_role("button", name=texts.COPIED)).to_be_visible()
    copied = watched.page.evaluate("navigator.clipboard.readText()")
    assert "Maurepas" in copied
    assert "[1] " in copied
    assert "<" not in copied


@pytest.mark.parametrize("width", [320, 390])
def test_nothing_overflows_on_a_phone(watched: Watched, width: int) -> None:
    watched.page.set_viewport_size({"width": width, "height": 844})
    watched.ask("x" * 300 + " " + QUESTION)
    expect(watched.page.locator(".answer")).to_be_visible()
    watched.page.get_by_role("button", name=texts.FILTERS).click()
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_source_leads_to_its_marked_quotation_in_the_text(watched: Watched, served: Served) -> None:
    watched.ask(QUESTION)
    watched.page.locator("a.cite").first.click()
    source = watched.page.locator("details.source").first
    quote = source.locator("blockquote").inner_text().strip("«»\u00a0 ")
    with watched.page.context.expect_page() as opened:
        source.get_by_role("link", name=texts.IN_THE_TEXT).click()
    text = opened.value
    mark = text.locator("mark#citation")
    expect(mark).to_have_text(quote)
    expect(mark).to_be_in_viewport()
    expect(mark).to_be_focused()
    expect(text.get_by_role("heading", level=2).first).to_have_text(re.compile(r"Page \d"))
    # What else the answer quotes from that page is marked too, and listed.
    expect(text.locator("mark.also")).to_have_count(text.locator(".others li").count())
    text.set_viewport_size({"width": 320, "height": 640})
    assert text.evaluate("document.documentElement.scrollWidth") <= 320
    text.get_by_role("link", name=texts.NEXT_PAGE).click()
    expect(text.locator("mark")).to_have_count(0)
    text.get_by_role("link", name=texts.ASK_ASSISTANT).click()
    expect(text.get_by_label(texts.QUESTION_LABEL)).to_be_visible()
    expect(watched.page.locator(".answer")).to_be_visible()
    assert watched.hosts == {served.host}


def test_a_slow_answer_is_told_of_and_a_lost_one_too(watched: Watched) -> None:
    page = watched.page
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/queue/join*", hold)
    watched.ask(QUESTION)
    expect(page.locator("#ask")).to_have_attribute("data-notice", texts.SEARCHING)
    expect(page.locator("#announcer")).to_have_text(texts.SEARCHING)
    held.pop().continue_()
    expect(page.locator(".answer")).to_be_visible()
    expect(page.locator("#ask")).to_have_attribute("data-notice", "")
    watched.ask(texts.EXAMPLES[0])
    expect(page.locator("#ask")).to_have_attribute("data-notice", texts.SEARCHING)
    held.pop().abort()
    expect(page.locator("#ask")).to_have_attribute("data-notice", texts.NOT_ANSWERED)
    expect(page.get_by_text("Connection to the server")).to_be_hidden()
    expect(page.get_by_label(texts.QUESTION_LABEL)).to_have_value(texts.EXAMPLES[0])


def test_a_follow_up_is_understood_from_the_conversation_and_can_be_edited(watched: Watched) -> None:
    page = watched.page
    watched.ask("Un exemple d'urbanisme transitoire à Dijon ?")
    expect(page.locator(".answer")).to_have_count(1)
    watched.ask("et à Rennes ?")
    expect(page.locator(".answer")).to_have_count(2)
    understood = page.locator(".understood").last
    expect(understood).to_contain_text("urbanisme transitoire à Rennes")
    page.get_by_role("button", name=texts.EDIT_UNDERSTOOD).click()
    expect(page.get_by_label(texts.QUESTION_LABEL)).to_have_value(re.compile("urbanisme transitoire à Rennes"))


def test_a_question_off_the_field_is_no_subject_for_the_next(watched: Watched) -> None:
    page = watched.page
    watched.ask("Quelle est la capitale de l'Italie ?")
    expect(page.locator(".answer")).to_have_count(1)
    watched.ask("et à Rennes ?")
    expect(page.locator(".answer")).to_have_count(2)
    expect(page.locator(".understood")).to_have_count(0)


def test_an_understood_filter_is_shown_and_taken_away(watched: Watched) -> None:
    page = watched.page
    watched.ask("Que dit le RTES sur le foncier à Rennes ?")
    expect(page.locator(".held").last).to_contain_text("territoire")
    page.get_by_role("button", name=re.compile("Retirer.*territoire")).click()
    expect(page.locator(".answer")).to_have_count(2)
    expect(page.locator(".held").last).not_to_contain_text("territoire")
    expect(page.locator(".held").last).to_contain_text("publié par")


def test_a_follow_up_that_is_asked_again_is_not_completed_from_itself(watched: Watched) -> None:
    page = watched.page
    watched.ask("Que dit le RTES sur l'urbanisme transitoire à Toulouse ?")
    expect(page.locator(".answer")).to_have_count(1)
    watched.ask("et à Rennes ?")
    expect(page.locator(".answer")).to_have_count(2)
    # Two filters were read; each is taken away by asking the same again, the second time after the first.
    for count, name in ((3, "territoire"), (4, "publié par")):
        page.get_by_role("button", name=re.compile(f"Retirer.*{name}")).click()
        expect(page.locator(".answer")).to_have_count(count)
        expect(page.locator(".understood").last).to_contain_text("l'urbanisme transitoire à Rennes")


def test_a_suggestion_is_asked_by_keyboard(watched: Watched) -> None:
    page = watched.page
    watched.ask(QUESTION)
    suggestion = page.locator("#after button.suggestion").first
    label = " ".join(suggestion.inner_text().split())
    suggestion.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".answer")).to_have_count(2)
    expect(page.locator(".asked").last).to_contain_text(label)


def test_more_details_ask_the_same_at_greater_length(watched: Watched) -> None:
    page = watched.page
    watched.ask(texts.EXAMPLES[2])
    short = len(page.locator(".answer-text").first.inner_text())
    page.get_by_role("button", name=texts.MORE).click()
    expect(page.locator(".answer")).to_have_count(2)
    assert len(page.locator(".answer-text").last.inner_text()) > short
