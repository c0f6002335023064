"""A question asked on a page, in the chat's own page: the page is written where the widget's script writes it."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import Watched, violations
from tests.served import Served
from ui import texts
from ui.typography import french

TITLE = "Comment renforcer la place de l'ESS dans les quartiers politique de la ville ?"
QUESTION = "De quoi parle cette page ?"
# As `write` of ui/static/common.js does.
WRITE = """(text) => {
    const field = document.querySelector("#host-page textarea");
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
}"""


def stand_on(page: Page, **told: object) -> None:
    """What the page says of itself, as the widget writes it."""
    page.evaluate(WRITE, json.dumps(told))


def kept(page: Page) -> list[dict[str, object]]:
    """The exchanges as the page keeps them, without their answers."""
    value = page.evaluate("document.querySelector('#kept textarea').value")
    return [one["wanted"] for one in json.loads(value)["exchanges"]]


@pytest.fixture
def page(watched: Watched) -> Page:
    stand_on(watched.page, url="https://www.rtes.fr/<x>", title=f"{TITLE} | RTES")
    return watched.page


def test_a_question_is_asked_on_the_page_and_again_without_it(watched: Watched, page: Page) -> None:
    watched.ask(QUESTION)
    watched.answers(1)
    chip = page.locator("#chat .answer button.remove.f-on_page")
    expect(chip).to_contain_text(french(f"Question posée sur la page « {TITLE} | RTES »"))
    expect(page.locator("#chat .answer.answered .cite").first).to_be_visible()
    assert violations(page) == []
    chip.click()
    watched.answers(2)
    expect(page.locator("#chat .answer").last.locator("button.remove")).to_have_count(0)
    told = {"url": "https://www.rtes.fr/<x>", "title": f"{TITLE} | RTES"}
    assert kept(page) == [{"question": QUESTION, "on_page": told}, {"question": QUESTION}]
    assert watched.complaints == []


def test_examples_and_suggestions_are_asked_on_the_page_too(watched: Watched, page: Page) -> None:
    page.locator("button.example").first.click()
    watched.answers(1)
    page.locator("button.suggestion:visible").first.click()
    watched.answers(2)
    assert all("on_page" in wanted for wanted in kept(page))
    expect(page.locator("#chat .answer button.f-on_page")).to_have_count(2)


def test_a_conversation_that_is_reopened_and_exported_keeps_its_page(
    watched: Watched, page: Page, served: Served
) -> None:
    watched.ask(QUESTION)
    watched.answers(1)
    before = kept(page)
    watched.open(served.url)
    watched.answers(1)
    expect(page.locator("#chat .answer button.f-on_page")).to_have_count(1)
    assert kept(page) == before
    with page.expect_request("**/export") as sent, page.expect_download() as download:
        page.get_by_text(texts.PAGE["take_away"], exact=True).click()
        page.get_by_role("button", name=texts.PAGE["export_md"]).click()
    (turn,) = json.loads(sent.value.post_data or "")["turns"]
    assert turn["on_page"] == before[0]["on_page"]
    assert "Question posée sur la page" in download.value.path().read_text(encoding="utf-8")


@pytest.mark.parametrize("told", [{}, {"url": 3, "title": "t"}, {"url": "", "title": ""}, {"title": TITLE}])
def test_what_is_no_page_asks_as_before(watched: Watched, told: dict[str, object]) -> None:
    stand_on(watched.page, **told)
    watched.ask(texts.EXAMPLES[3])
    watched.answers(1)
    expect(watched.page.locator("#chat .answer")).not_to_contain_text("Question posée")
    assert kept(watched.page) == [{"question": texts.EXAMPLES[3]}]


def test_a_hostile_title_of_a_page_that_was_not_read_is_text_and_nothing_else(watched: Watched) -> None:
    title = "<img src=x onerror=alert(1)> **gras** [lien](https://evil.example) $x$"
    stand_on(watched.page, url="javascript:alert(1)", title=title)
    watched.ask(texts.EXAMPLES[3])
    watched.answers(1)
    held = watched.page.locator("#chat .held.on-page")
    expect(held).to_contain_text(title)
    expect(held).to_contain_text(french(texts.PAGE_UNREAD_ANSWERED))
    assert held.locator("img, a, strong, .katex").count() == 0
    assert watched.complaints == []
