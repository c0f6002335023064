"""The chat as a person meets it: a real browser on a real process."""

from __future__ import annotations

import itertools
import re

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.browsing import Watched, context_of
from tests.served import Served
from ui import texts
from ui.typography import french

QUESTION = texts.EXAMPLES[1]


def test_an_example_is_answered_in_french_with_no_other_host_no_cookie_and_nothing_of_gradios_kept(
    watched: Watched, served: Served
) -> None:
    page = watched.page
    page.get_by_role("button", name=french(QUESTION)).click()
    expect(page.locator(".answer")).to_contain_text("Maurepas")
    watched.answers(1)
    expect(page.locator(".loading")).to_be_hidden()
    expect(page.locator("#examples")).to_be_hidden()
    assert page.locator("html").get_attribute("lang") == "fr"
    assert watched.hosts == {served.host}
    assert watched.complaints == []
    assert page.context.cookies() == []
    page.wait_for_function("() => localStorage.length > 0")
    kept = page.evaluate(
        "async () => [Object.keys(localStorage), Object.keys(sessionStorage), (await indexedDB.databases()).length]"
    )
    assert kept == [["assistant.conversations"], ["assistant.current"], 0]


def test_the_page_tells_who_it_is_to_those_who_link_to_it(watched: Watched) -> None:
    page = watched.page
    assert page.title().startswith(texts.TITLE)
    for name, said in (("og:title", texts.TITLE), ("og:description", "chaque phrase"), ("og:locale", "fr_FR")):
        assert said in (page.locator(f'meta[property="{name}"]').get_attribute("content") or "")
    assert "Gradio" not in page.evaluate(
        'document.head.innerHTML.replace(/(href|src)="[^"]*"|data-[^=]*="[^"]*"|<style.*?<\\/style>/gs, \'\')'
    )


def test_an_answer_is_announced_once_and_messages_have_no_markup_for_a_name(watched: Watched) -> None:
    page = watched.page
    watched.ask(QUESTION)
    expect(page.get_by_role("status").filter(has_text="Maurepas")).to_have_count(1)
    watched.answers(1)
    expect(page.get_by_role("log")).to_have_attribute("aria-live", "off")
    expect(page.locator("[aria-label*='<'], [aria-label*='message:']")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    levels = page.locator("h1, h2, h3, h4, h5").evaluate_all(
        "all => all.filter(h => h.checkVisibility()).map(h => Number(h.tagName[1]))"
    )
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
    watched.answers(1)
    page.get_by_label(french(texts.SINCE)).fill("2099")
    watched.ask(QUESTION)
    expect(page.locator(".answer").last).to_contain_text("je n'en ai pas tenu compte")
    expect(page.locator(".held .dropped").last).to_contain_text(texts.NO_EFFECT)
    watched.answers(2)
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
    expect(watched.page.get_by_role("button", name=texts.SCRIPT["copied"])).to_be_visible()
    copied = watched.page.evaluate("navigator.clipboard.readText()")
    assert "Maurepas" in copied
    assert "[1] " in copied
    assert "<" not in copied


@pytest.mark.parametrize("width", [320, 390, 640])
def test_nothing_overflows_on_a_phone_or_at_twice_the_size(watched: Watched, width: int) -> None:
    page = watched.page
    page.set_viewport_size({"width": width, "height": 450 if width == 640 else 844})
    watched.ask("x" * 300 + " " + QUESTION)
    watched.answers(1)
    watched.ask(QUESTION)
    watched.answers(2)
    page.get_by_role("button", name=texts.FILTERS).click()
    page.locator("#r2-rest .useful").click()
    page.locator("#r2 a.cite").first.click()
    expect(page.get_by_role("complementary")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for part in ("#panel", "#r2-rest form", ".bar"):
        box = page.locator(part).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    page.get_by_role("button", name=texts.PAGE["history"]).click()
    assert page.get_by_role("dialog").evaluate("e => e.scrollWidth <= e.clientWidth && e.clientWidth <= innerWidth")


def test_the_first_stop_of_the_keyboard_leads_to_the_question(watched: Watched) -> None:
    watched.page.keyboard.press("Tab")
    expect(watched.page.get_by_role("link", name=texts.PAGE["to_question"])).to_be_focused()
    watched.page.keyboard.press("Enter")
    expect(watched.page.get_by_label(texts.QUESTION_LABEL)).to_be_focused()


def test_what_has_the_focus_is_seen_to_have_it(watched: Watched) -> None:
    watched.ask(QUESTION)
    watched.answers(1)
    seen = set()
    for _ in range(40):
        watched.page.keyboard.press("Shift+Tab")
        name, width = watched.page.evaluate(
            "() => { const e = document.activeElement; return [e.tagName + e.className, getComputedStyle(e).outlineWidth] }"
        )
        if name.startswith("BODY"):
            break
        seen.add(name.split()[0])
        assert width == "3px", name
    assert len(seen) > 5


def test_the_answer_comes_in_pieces_and_what_stands_is_not_drawn_again(watched: Watched) -> None:
    page = watched.page
    page.evaluate(
        """() => {
            window.pieces = [];
            new MutationObserver(() => {
                const now = [".answer", ".rest", "#after button"].map((one) => document.querySelectorAll(one).length).join();
                if (pieces.at(-1) !== now) pieces.push(now);
                window.first ??= document.querySelector(".answer-text");
            }).observe(document.body, { childList: true, subtree: true });
        }"""
    )
    watched.ask(texts.EXAMPLES[0])
    expect(page.locator("#after button")).to_have_count(3)
    pieces = page.evaluate("pieces")
    assert pieces.index("1,0,0") < pieces.index("1,1,0") < pieces.index("1,1,3")
    assert page.evaluate("first === document.querySelector('.answer-text') && first.isConnected")
    page.locator("a.cite").first.focus()
    watched.ask("Bonjour")
    watched.answers(2)
    assert page.evaluate("first.isConnected")


def test_each_answer_is_announced_once(watched: Watched) -> None:
    page = watched.page
    page.evaluate(
        """() => {
            window.said = [];
            new MutationObserver(() => said.push(document.getElementById("announcer").textContent))
                .observe(document.getElementById("announcer"), { childList: true, characterData: true, subtree: true });
        }"""
    )
    watched.ask(QUESTION)
    expect(page.locator("#after button").first).to_be_visible()
    watched.ask("Bonjour")
    watched.answers(2)
    expect(page.locator("#announcer")).to_contain_text("Posez par exemple")
    answers = [said for said in page.evaluate("said") if said.startswith(french(texts.SCRIPT["answer-ready"]).strip())]
    assert len(answers) == 2


def test_without_our_script_a_mark_leads_to_its_source_and_opens_it(browser: Browser, served: Served) -> None:
    with context_of(browser) as context:
        page = context.new_page()
        page.route("**/ui/chat.js", lambda route: route.abort())
        # What Gradio's own page would give its script.
        page.add_init_script('window.__gradio_mode__ = "app"; window.gradio_api_info = { named_endpoints: {} };')
        page.goto(served.url)
        page.locator("#question textarea").fill(QUESTION)
        page.locator("#question textarea").press("Enter")
        page.locator("a.cite").first.click()
        expect(page.locator("details.source blockquote").first).to_be_visible()
        assert page.url.endswith("#r1-s1")


def test_a_source_leads_to_its_marked_quotation_in_the_text(watched: Watched, served: Served) -> None:
    watched.ask(QUESTION)
    watched.answers(1)
    watched.page.locator("a.cite").first.click()
    source = watched.page.get_by_role("complementary")
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
    expect(page.locator("#ask")).to_have_attribute("data-notice", texts.SCRIPT["searching"])
    expect(page.locator("#announcer")).to_have_text(texts.SCRIPT["searching"])
    held.pop().continue_()
    watched.answers(1)
    expect(page.locator("#ask")).to_have_attribute("data-notice", "")
    watched.ask(texts.EXAMPLES[0])
    expect(page.locator("#ask")).to_have_attribute("data-notice", texts.SCRIPT["searching"])
    held.pop().abort()
    expect(page.locator("#ask")).to_have_attribute("data-notice", texts.SCRIPT["not-answered"])
    expect(page.get_by_text("Connection to the server")).to_be_hidden()
    expect(page.get_by_label(texts.QUESTION_LABEL)).to_have_value(texts.EXAMPLES[0])


def test_a_follow_up_is_understood_from_the_conversation_and_can_be_edited(watched: Watched) -> None:
    page = watched.page
    watched.ask("Un exemple d'urbanisme transitoire à Dijon ?")
    watched.answers(1)
    watched.ask("et à Rennes ?")
    watched.answers(2)
    understood = page.locator(".understood").last
    expect(understood).to_contain_text("urbanisme transitoire à Rennes")
    page.get_by_role("button", name=f"{texts.EDIT} {texts.EDIT_WHAT}").click()
    expect(page.get_by_label(texts.QUESTION_LABEL)).to_have_value(re.compile("urbanisme transitoire à Rennes"))


def test_a_question_off_the_field_is_no_subject_for_the_next(watched: Watched) -> None:
    page = watched.page
    watched.ask("Quelle est la capitale de l'Italie ?")
    watched.answers(1)
    watched.ask("et à Rennes ?")
    watched.answers(2)
    expect(page.locator(".understood")).to_have_count(0)


def test_an_understood_filter_is_shown_and_taken_away(watched: Watched) -> None:
    page = watched.page
    watched.ask("Que dit le RTES sur le foncier à Rennes ?")
    expect(page.locator(".held").last).to_contain_text("territoire")
    watched.answers(1)
    page.get_by_role("button", name=re.compile("Retirer.*territoire")).click()
    watched.answers(2)
    expect(page.locator(".held").last).not_to_contain_text("territoire")
    expect(page.locator(".held").last).to_contain_text("publié par")


def test_a_follow_up_that_is_asked_again_is_not_completed_from_itself(watched: Watched) -> None:
    page = watched.page
    watched.ask("Que dit le RTES sur l'urbanisme transitoire à Toulouse ?")
    watched.answers(1)
    watched.ask("et à Rennes ?")
    watched.answers(2)
    # Two filters were read; each is taken away by asking the same again, the second time after the first.
    for count, name in ((3, "territoire"), (4, "publié par")):
        page.get_by_role("button", name=re.compile(f"Retirer.*{name}")).last.click()
        watched.answers(count)
        expect(page.locator(".understood").last).to_contain_text("l'urbanisme transitoire à Rennes")


def test_a_suggestion_is_asked_by_keyboard(watched: Watched) -> None:
    page = watched.page
    watched.ask(QUESTION)
    suggestion = page.locator("#after button.suggestion").first
    label = " ".join(suggestion.inner_text().split())
    suggestion.focus()
    page.keyboard.press("Enter")
    watched.answers(2)
    expect(page.locator(".asked").last).to_be_focused()
    expect(page.locator(".asked").last).to_contain_text(label)


def test_more_details_ask_the_same_at_greater_length(watched: Watched) -> None:
    page = watched.page
    watched.ask(texts.EXAMPLES[2])
    watched.answers(1)
    short = len(page.locator(".answer-text").first.inner_text())
    page.get_by_role("button", name=texts.MORE).click()
    watched.answers(2)
    assert len(page.locator(".answer-text").last.inner_text()) > short


def test_after_a_lost_connection_the_next_question_is_answered(watched: Watched) -> None:
    page = watched.page
    watched.ask(texts.EXAMPLES[1])
    watched.answers(1)
    page.context.set_offline(True)
    watched.ask(texts.EXAMPLES[0])
    expect(page.locator("#ask")).to_have_attribute("data-notice", texts.SCRIPT["not-answered"])
    with page.expect_response("**/gradio_api/app_id") as back:
        page.context.set_offline(False)
    assert back.value.status == 200
    watched.ask(texts.EXAMPLES[0])
    watched.answers(2)


def test_a_question_that_is_too_long_stays_in_its_field(watched: Watched) -> None:
    watched.ask("Comment ? " * 60)
    watched.answers(1)
    expect(watched.page.get_by_label(texts.QUESTION_LABEL)).to_have_value("Comment ? " * 60)
