"""The source panel: what a number rests on, beside the text, by mouse and by keyboard, on a desk and on a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import PHONE, Watched
from ui import texts

QUESTION = texts.EXAMPLES[0]


@pytest.fixture
def answered(watched: Watched) -> Page:
    watched.ask(QUESTION)
    watched.answers(1)
    return watched.page


def test_a_number_opens_its_source_by_keyboard_and_escape_gives_the_focus_back(answered: Page) -> None:
    mark = answered.locator("a.cite").nth(1)
    mark.focus()
    answered.keyboard.press("Enter")
    panel = answered.get_by_role("complementary", name="Source 2 sur")
    expect(panel).to_be_visible()
    expect(panel.get_by_role("heading")).to_be_focused()
    expect(mark).to_have_attribute("aria-current", "true")
    answered.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(mark).to_be_focused()
    expect(mark).not_to_have_attribute("aria-current", "true")


def test_it_shows_the_quotation_title_publisher_date_page_and_ways_on(answered: Page) -> None:
    mark = answered.locator("a.cite").first
    mark.click()
    panel = answered.get_by_role("complementary")
    quote = panel.locator("blockquote").inner_text().strip("«»\u00a0 ")
    assert quote in answered.locator(".answer-text").inner_text()
    where = panel.locator(".where").inner_text()
    assert all(part in where for part in ("ESS dans les quartiers", "RTES", texts.PUBLISHED, "2023", "p.\u00a0"))
    expect(panel.get_by_role("link", name=texts.IN_THE_TEXT)).to_have_attribute("href", re.compile("^source/"))
    assert panel.locator("[id]").evaluate_all("all => all.every(e => e.id.startsWith('panel'))")
    panel.get_by_role("button", name=texts.PAGE["close"]).click()
    expect(mark).to_be_focused()


def test_it_steps_through_the_sources_of_the_answer_and_tells_each(answered: Page) -> None:
    answered.locator("a.cite").first.click()
    panel = answered.get_by_role("complementary")
    previous = panel.get_by_role("button", name=texts.PAGE["previous_source"])
    following = panel.get_by_role("button", name=texts.PAGE["next_source"])
    expect(previous).to_have_attribute("aria-disabled", "true")
    count = len(set(answered.locator("a.cite").evaluate_all("all => all.map(e => e.hash)")))
    for number in range(2, count + 1):
        following.click()
        expect(panel.get_by_role("heading")).to_have_text(f"Source {number} sur {count}")
        expect(following).to_be_focused()
        expect(answered.locator("a.cite[aria-current]")).to_have_text(f"{texts.SOURCE} {number}")
        expect(answered.locator("#announcer")).to_contain_text(panel.locator("blockquote").inner_text())
    expect(following).to_have_attribute("aria-disabled", "true")
    following.press("Enter")
    expect(panel.get_by_role("heading")).to_have_text(f"Source {count} sur {count}")
    answered.keyboard.press("Escape")
    expect(answered.locator("a.cite").last).to_be_focused()


def test_beside_the_text_it_hides_nothing_of_it(answered: Page) -> None:
    answered.locator("a.cite").first.click()
    panel, text = answered.locator("#panel").bounding_box(), answered.locator("#r1").bounding_box()
    field = answered.locator("#ask").bounding_box()
    assert panel is not None
    assert text is not None
    assert field is not None
    assert max(text["x"] + text["width"], field["x"] + field["width"]) <= panel["x"]


def test_on_a_phone_it_is_a_sheet_and_its_mark_stays_in_sight(answered: Page) -> None:
    width, height = PHONE
    answered.set_viewport_size({"width": width, "height": height})
    mark = answered.locator("a.cite").nth(3)
    mark.scroll_into_view_if_needed()
    mark.click()
    sheet = answered.locator("#panel").bounding_box()
    assert sheet is not None
    assert (sheet["x"], sheet["width"]) == (0, width)
    assert sheet["y"] + sheet["height"] == height
    assert sheet["height"] <= height * 0.65
    answered.wait_for_function(
        "top => document.querySelectorAll('a.cite')[3].getBoundingClientRect().bottom <= top", arg=sheet["y"]
    )


def test_escape_in_the_field_for_questions_leaves_the_panel_open(answered: Page) -> None:
    answered.locator("a.cite").first.click()
    answered.get_by_label(texts.QUESTION_LABEL).press("Escape")
    expect(answered.get_by_role("complementary")).to_be_visible()


def test_a_new_conversation_closes_it(answered: Page) -> None:
    answered.locator("a.cite").first.click()
    answered.get_by_role("button", name=f"{texts.PAGE['new']} {texts.PAGE['new_what']}").click()
    expect(answered.get_by_role("complementary")).to_be_hidden()
    expect(answered.locator(".answer")).to_have_count(0)


def test_the_list_of_sources_in_the_answer_opens_too_and_leads_back(answered: Page) -> None:
    source = answered.locator("details.source").first
    source.locator("summary").click()
    source.get_by_role("link", name=texts.BACK).click()
    expect(answered.locator("a.cite").first).to_be_focused()
