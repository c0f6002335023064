"""What leaves the page: an opinion, only when it is sent; a file; a print.

What was sent is looked at where the page sends it; that the server takes it, and gives a file, with the server itself.
"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browsing import Watched
from tests.served import Served
from ui import texts
from ui.feedback import MAX_COMMENT, FeedbackStore, Kept
from ui.typography import french

QUESTION = texts.EXAMPLES[1]


class Endpoint:
    """What the server would say, and what it was sent."""

    def __init__(self, page: Page, path: str, status: int, body: bytes = b"") -> None:
        self.sent: list[dict[str, Any]] = []
        self.status, self.body = status, body
        page.route(f"**/{path}", self.answer)

    def answer(self, route: Route) -> None:
        self.sent.append(json.loads(route.request.post_data or "null"))
        route.fulfill(status=self.status, body=self.body)


@pytest.fixture
def answered(watched: Watched) -> Page:
    watched.ask(QUESTION)
    watched.answers(1)
    return watched.page


def test_an_opinion_is_sent_with_its_answer_when_it_is_sent_and_without_the_question(answered: Page) -> None:
    endpoint = Endpoint(answered, "api/feedback", 201)
    answered.get_by_role("button", name=texts.USELESS).click()
    expect(answered.get_by_role("button", name=texts.USELESS)).to_have_attribute("aria-pressed", "true")
    comment = answered.get_by_label(french(texts.PAGE["comment"]))
    expect(comment).to_be_focused()
    comment.fill("Il manque <b>Dijon</b>.")
    assert endpoint.sent == []
    answered.get_by_role("button", name=texts.PAGE["send_opinion"]).click()
    expect(answered.get_by_text(texts.SCRIPT["thanks"])).to_be_focused()
    expect(answered.get_by_role("button", name=texts.USELESS)).to_have_count(0)
    (sent,) = endpoint.sent
    assert (sent["useful"], sent["comment"]) == (False, "Il manque <b>Dijon</b>.")
    answer = sent["answer"]
    assert set(answer) == {"text", "citations", "index_build", "status"}
    assert answer["status"] == "answered"
    assert set(answer["citations"][0]) == {"publication_id", "start", "end"}
    assert re.match(r"\d{8}T", answer["index_build"])


def test_the_question_goes_along_only_when_that_is_wanted(answered: Page) -> None:
    endpoint = Endpoint(answered, "api/feedback", 201)
    answered.get_by_role("button", name=texts.USEFUL, exact=True).click()
    answered.get_by_role("checkbox", name=texts.PAGE["with_question"]).check()
    answered.get_by_role("button", name=texts.PAGE["send_opinion"]).click()
    expect(answered.get_by_text(texts.SCRIPT["thanks"])).to_be_visible()
    assert endpoint.sent[0]["useful"] is True
    assert endpoint.sent[0]["answer"]["question_understood"] == QUESTION


def test_an_opinion_can_be_withdrawn_and_its_loss_is_told(answered: Page) -> None:
    endpoint = Endpoint(answered, "api/feedback", 404)
    useful = answered.get_by_role("button", name=texts.USEFUL, exact=True)
    useful.click()
    answered.keyboard.press("Escape")
    expect(answered.locator("form.opinion")).to_have_count(0)
    expect(useful).to_be_focused()
    assert endpoint.sent == []
    useful.click()
    answered.get_by_role("button", name=texts.PAGE["send_opinion"]).click()
    expect(answered.locator("form.opinion .problem")).to_be_visible()
    expect(answered.locator("#announcer")).to_have_text(texts.SCRIPT["opinion-lost"])


def test_where_nobody_listens_no_opinion_is_asked_for(answered: Page) -> None:
    answered.evaluate("delete document.body.dataset.feedback")
    expect(answered.get_by_role("button", name=texts.USEFUL, exact=True)).to_be_hidden()


def test_the_server_keeps_an_opinion_sent_from_the_page(answered: Page, served: Served) -> None:
    before = len(opinions(served))
    answered.get_by_role("button", name=texts.USELESS).click()
    answered.get_by_label(french(texts.PAGE["comment"])).fill("Il manque Dijon.")
    answered.get_by_role("button", name=texts.PAGE["send_opinion"]).click()
    expect(answered.get_by_text(texts.SCRIPT["thanks"])).to_be_focused()
    assert len(opinions(served)) == before + 1
    latest = opinions(served)[-1]
    assert (latest.useful, latest.comment, latest.question) == (False, "Il manque Dijon.", "")
    assert latest.citations
    assert latest.index_build == served.fetch("/readyz").json["build"]


def opinions(served: Served) -> list[Kept]:
    store = FeedbackStore(served.log.with_name("feedback.sqlite3"))
    try:
        return list(store.all())
    finally:
        store.close()


def test_a_comment_as_long_as_the_page_takes_is_taken_by_the_server(answered: Page) -> None:
    answered.get_by_role("button", name=texts.USELESS).click()
    most = answered.get_by_label(french(texts.PAGE["comment"])).get_attribute("maxlength")
    assert most == str(MAX_COMMENT)


def take(page: Page, name: str) -> None:
    page.get_by_text(texts.PAGE["take_away"], exact=True).click()
    page.get_by_role("button", name=name).click()


@pytest.mark.parametrize("form", ["md", "odt"])
def test_the_conversation_is_exported_as_a_file(answered: Page, watched: Watched, form: str) -> None:
    endpoint = Endpoint(answered, "export", 200, b"contenu")
    answered.get_by_role("button", name=re.compile("Retirer.*territoire")).click()
    watched.answers(2)
    with answered.expect_download() as download:
        take(answered, texts.PAGE[f"export_{form}"])
    assert re.fullmatch(rf"conversation-\d{{4}}-\d\d-\d\d\.{form}", download.value.suggested_filename)
    assert download.value.path().read_bytes() == b"contenu"
    plain = {"question": QUESTION, "filters": {}, "without": [], "detailed": False}
    assert endpoint.sent == [{"format": form, "turns": [plain, plain | {"without": ["territory"]}]}]
    expect(answered.locator("#ask")).to_have_attribute("data-notice", texts.SCRIPT["exported"])


@pytest.mark.parametrize(("form", "begins"), [("md", b"# "), ("odt", b"PK\x03\x04")])
def test_the_file_that_the_server_makes_has_the_answer_and_the_way_to_its_source(
    answered: Page, form: str, begins: bytes
) -> None:
    with answered.expect_download() as download:
        take(answered, texts.PAGE[f"export_{form}"])
    data = download.value.path().read_bytes()
    assert data.startswith(begins)
    if form == "md":
        assert "Maurepas" in data.decode()
        assert re.search(r"/source/[\w.-]+\?(?:page=\d+&)?start=\d+&end=\d+&seal=\S+#citation", data.decode())


def test_an_export_that_fails_or_has_nothing_is_told(watched: Watched) -> None:
    Endpoint(watched.page, "export", 503)
    take(watched.page, texts.PAGE["export_md"])
    expect(watched.page.locator("#ask")).to_have_attribute("data-notice", texts.SCRIPT["nothing-to-export"])
    watched.ask(QUESTION)
    watched.answers(1)
    take(watched.page, texts.PAGE["export_md"])
    expect(watched.page.locator("#ask")).to_have_attribute("data-notice", texts.SCRIPT["not-exported"])


def test_the_menu_opens_and_closes_by_keyboard(answered: Page) -> None:
    summary = answered.locator("#take-away summary")
    summary.focus()
    answered.keyboard.press("Enter")
    expect(answered.get_by_role("button", name=texts.PAGE["print"])).to_be_visible()
    answered.keyboard.press("Tab")
    answered.keyboard.press("Escape")
    expect(answered.get_by_role("button", name=texts.PAGE["print"])).to_be_hidden()
    expect(summary).to_be_focused()


def test_a_print_has_the_conversation_and_its_sources_and_no_controls(answered: Page) -> None:
    answered.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    answered.emulate_media(media="print")
    expect(answered.locator(".answer-text")).to_be_visible()
    for source in answered.locator(".source blockquote").all():
        expect(source).to_be_visible()
    assert answered.locator("button:visible, textarea:visible, summary:visible >> text=Emporter").count() == 0
    answered.emulate_media(media="screen")
    answered.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(answered.locator(".source blockquote").first).to_be_hidden()
