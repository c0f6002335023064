"""Conversations are kept in the browser alone: reopened, deleted, bounded, and trusted with nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsing import Watched, context_of
from tests.served import Served
from ui import texts

KEY = "assistant.conversations"
NEW = f"{texts.PAGE['new']} {texts.PAGE['new_what']}"
BAD = '<img src=x onerror="window.hit=1"><script>window.hit=1</script>'


def conversations(page: Page) -> list[dict[str, Any]]:
    kept = page.evaluate(f"localStorage.getItem('{KEY}')")
    return list(json.loads(kept or "[]"))


def kept(page: Page, count: int, turns: int = 1) -> list[dict[str, Any]]:
    """What the browser keeps, once it is that many, the newest with that many turns."""
    page.wait_for_function(
        f"""() => {{
            const all = JSON.parse(localStorage.getItem('{KEY}') || '[]');
            return all.length === {count} && all[0].exchanges.length === {turns};
        }}"""
    )
    return conversations(page)


def history(page: Page) -> None:
    page.get_by_role("button", name=texts.PAGE["history"], exact=True).click()
    expect(page.get_by_role("dialog", name=texts.PAGE["history"])).to_be_visible()


def test_a_conversation_is_kept_reopened_and_goes_on(watched: Watched) -> None:
    page = watched.page
    watched.ask("Un exemple d'urbanisme transitoire à Dijon ?")
    watched.answers(1)
    kept(page, 1)
    page.get_by_role("button", name=NEW).click()
    expect(page.locator(".answer")).to_have_count(0)
    expect(page.locator("#announcer")).to_have_text(texts.SCRIPT["started"])
    expect(page.get_by_label(texts.QUESTION_LABEL)).to_be_focused()
    watched.ask("Bonjour")
    watched.answers(1)
    kept(page, 2)
    history(page)
    expect(page.locator("#conversations .title")).to_have_text(
        ["Bonjour", "Un exemple d'urbanisme transitoire à Dijon ?"]
    )
    assert all(" à " in when for when in page.locator("#conversations time").all_inner_texts())
    page.get_by_role("button", name="urbanisme transitoire").first.click()
    expect(page.locator(".asked")).to_contain_text("Dijon")
    expect(page.locator("#announcer")).to_contain_text("Conversation rouverte")
    watched.ask("et à Rennes ?")
    watched.answers(2)
    expect(page.locator(".understood")).to_contain_text("urbanisme transitoire à Rennes")
    assert [len(one["exchanges"]) for one in kept(page, 2, turns=2)] == [2, 1]
    assert watched.complaints == []


def test_after_a_reload_the_conversation_of_the_tab_is_there_again_and_in_a_new_tab_it_is_not(
    watched: Watched, served: Served
) -> None:
    page = watched.page
    watched.ask(texts.EXAMPLES[0])
    watched.answers(1)
    kept(page, 1)
    before = page.locator("#r1").inner_html()
    page.reload()
    watched.answers(1)
    assert page.locator("#r1").inner_html() == before
    expect(page.locator("#after button").first).to_be_visible()
    page.locator("a.cite").first.click()
    expect(page.get_by_role("complementary")).to_be_visible()
    expect(page.locator("#announcer")).not_to_contain_text("Leviers")
    other = Watched(page.context.new_page())
    other.open(served.url)
    expect(other.page.locator("#examples")).to_be_visible()
    expect(other.page.locator(".answer")).to_have_count(0)


def test_one_is_deleted_or_all_are(watched: Watched) -> None:
    page = watched.page
    for count, question in enumerate(("Bonjour", "Merci", "Bonsoir"), start=1):
        watched.ask(question)
        watched.answers(1)
        kept(page, count)
        page.get_by_role("button", name=NEW).click()
        expect(page.locator(".answer")).to_have_count(0)
    history(page)
    page.get_by_role("button", name="Supprimer la conversation\u00a0: Merci").click()
    expect(page.locator("#conversations .title")).to_have_text(["Bonsoir", "Bonjour"])
    expect(page.get_by_role("dialog").get_by_role("status")).to_have_text(texts.SCRIPT["deleted"])
    page.get_by_role("button", name=texts.PAGE["forget_all"]).click()
    page.get_by_role("button", name=texts.PAGE["cancel"]).click()
    assert len(conversations(page)) == 2
    page.get_by_role("button", name=texts.PAGE["forget_all"]).click()
    page.get_by_role("button", name=texts.PAGE["forget_sure"]).click()
    expect(page.get_by_text(texts.PAGE["history_none"])).to_be_visible()
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


def test_deleting_the_conversation_that_is_shown_takes_it_away(watched: Watched) -> None:
    page = watched.page
    watched.ask("Bonjour")
    watched.answers(1)
    kept(page, 1)
    history(page)
    page.get_by_role("button", name="Supprimer").click()
    page.keyboard.press("Escape")
    expect(page.locator(".answer")).to_have_count(0)
    assert conversations(page) == []


def test_who_does_not_want_it_keeps_nothing(watched: Watched) -> None:
    page = watched.page
    history(page)
    page.get_by_role("checkbox", name=texts.PAGE["history_keep"]).uncheck()
    page.keyboard.press("Escape")
    watched.ask("Bonjour")
    watched.answers(1)
    history(page)
    expect(page.get_by_text(texts.PAGE["history_none"])).to_be_visible()
    assert conversations(page) == []


def test_the_oldest_give_way_to_number_and_to_size(watched: Watched) -> None:
    page = watched.page
    page.evaluate(
        f"""() => localStorage.setItem('{KEY}', JSON.stringify(Array.from({{ length: 40 }}, (_, n) => (
            {{ id: `c${{n}}`, title: `Titre ${{n}}`, saved: "2026-01-01T00:00:00Z", exchanges: [] }}))))"""
    )
    watched.ask("Bonjour")
    watched.answers(1)
    assert [one["title"] for one in kept(page, 30)][:2] == ["Bonjour", "Titre 0"]
    page.evaluate(
        f"""() => localStorage.setItem('{KEY}', JSON.stringify(Array.from({{ length: 4 }}, (_, n) => (
            {{ id: `c${{n}}`, title: "x".repeat(700_000), saved: "2026-01-01T00:00:00Z", exchanges: [] }}))))"""
    )
    watched.ask("Merci")
    watched.answers(2)
    assert len(kept(page, 3, turns=2)) == 3


@pytest.mark.parametrize(
    "script",
    [
        'Object.defineProperty(window, "localStorage", { get() { throw new DOMException("", "SecurityError"); } });',
        'Storage.prototype.setItem = () => { throw new DOMException("", "QuotaExceededError"); };',
    ],
    ids=["forbidden", "full"],
)
def test_without_the_browser_s_store_it_works_and_says_so(browser: Browser, served: Served, script: str) -> None:
    with context_of(browser) as context:
        watched = Watched(context.new_page())
        watched.page.add_init_script(script)
        watched.open(served.url)
        watched.ask("Bonjour")
        watched.answers(1)
        watched.page.get_by_role("button", name=NEW).click()
        expect(watched.page.locator(".answer")).to_have_count(0)
        history(watched.page)
        expect(watched.page.get_by_text(texts.PAGE["history_problem"])).to_be_visible()
        watched.page.get_by_role("button", name="Bonjour").first.click()
        watched.answers(1)
        assert watched.complaints == []


def test_what_another_hand_wrote_into_the_store_runs_nothing(watched: Watched) -> None:
    page = watched.page
    watched.ask(texts.EXAMPLES[1])
    watched.answers(1)
    (conversation,) = kept(page, 1)
    answer = conversation["exchanges"][0]["answer"]
    answer["text"] = f"{BAD} [1]"
    answer["citations"][0] |= {"quote": BAD, "title": BAD, "url": "javascript:window.hit=1", "publication_id": BAD}
    answer["examples"][0] |= {"title": BAD, "links": ["javascript:window.hit=1"], "territories": [BAD]}
    conversation["exchanges"][0]["wanted"]["question"] = BAD
    stored = [
        conversation | {"title": BAD},
        {"id": 3},
        "x",
        {"id": "y", "title": "Abîmée", "exchanges": [{"number": "z"}]},
    ]
    page.evaluate(f"text => localStorage.setItem('{KEY}', text)", json.dumps(stored))
    page.reload()
    watched.answers(1)
    expect(page.locator(".answer-text")).to_contain_text("<img src=x")
    page.locator("a.cite").first.click()
    expect(page.locator("#panel blockquote")).to_contain_text("<script>")
    history(page)
    expect(page.locator("#conversations .title").first).to_contain_text("<img")
    assert (
        page.locator("#chat :is(img, script), #panel :is(img, script), #history img, a[href^=javascript]").count() == 0
    )
    page.get_by_role("button", name="Abîmée").first.click()
    expect(page.locator("#ask")).to_have_attribute("data-notice", texts.SCRIPT["not-reopened"])
    assert page.evaluate("window.hit") is None
