"""What the chat says when a turn is refused, in a real browser: asked too often, and asked too much at once."""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.browsing import ARGUMENTS, CHROMIUM
from tests.served import ROOT, Reply, Served
from ui import texts


@pytest.fixture
def chat(request: pytest.FixtureRequest, tmp_path: Path, brochure_index: Path) -> Iterator[Served]:
    """With as many requests a minute as the test says."""
    shutil.copytree(brochure_index, tmp_path / "index")
    chat = Served(tmp_path / "index", ROOT / "corpus", tmp_path / "log", REQUESTS_PER_MINUTE=str(request.param))
    try:
        chat.wait(lambda reply: reply.status == 200)
        yield chat
    finally:
        chat.stop()


@pytest.mark.parametrize("chat", [1], indirect=True)
def test_a_question_too_many_is_told_to_be_tried_again_in_a_moment(chat: Served) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page(locale="en-US")
        page.set_default_timeout(60_000)
        expect.set_options(timeout=60_000)
        page.goto(chat.url)
        box = page.get_by_label(texts.QUESTION_LABEL)
        statuses: list[int] = []
        page.on("response", lambda reply: statuses.append(reply.status) if "/queue/join" in reply.url else None)
        expect(box).to_be_visible()
        for _ in range(30):
            # Gradio drops what is sent before it is done with the answer before; and the window of the limit slides.
            box.fill(texts.EXAMPLES[1])
            box.press("Enter")
            page.wait_for_timeout(2000)
            if 429 in statuses:
                break
        assert 429 in statuses
        expect(page.locator("#ask")).to_have_attribute("data-notice", texts.TOO_MANY)
        expect(page.locator("#announcer")).to_have_text(texts.TOO_MANY)
        expect(box).to_have_value(texts.EXAMPLES[1])
        browser.close()


def join(chat: Served, event: dict[str, object]) -> Reply:
    """Join Gradio's queue as the page does."""
    body = {"session_hash": uuid.uuid4().hex[:11], "event_data": None, "trigger_id": None, **event}
    sent = {"Content-Type": "application/json"}
    return chat.fetch("/gradio_api/queue/join", method="POST", body=json.dumps(body).encode(), headers=sent)


@pytest.mark.parametrize("chat", [0], indirect=True)
def test_more_turns_than_the_queue_holds_are_503_in_french(chat: Served) -> None:
    config = chat.fetch("/config").json
    asks = next(one for one in config["dependencies"] if len(one["targets"]) == 2)  # the button and the field
    components = {one["id"]: one["props"].get("value") for one in config["components"]}
    data = [components[number] for number in asks["inputs"]]
    event: dict[str, object] = {"fn_index": asks["id"], "data": [texts.EXAMPLES[1], *data[1:]]}
    with ThreadPoolExecutor(16) as pool:
        replies = list(pool.map(lambda _: join(chat, event), range(200)))
    statuses = {reply.status for reply in replies}
    assert statuses == {200, 503}
    full = next(reply for reply in replies if reply.status == 503)
    assert full.json == {"detail": texts.BUSY}
    assert int(full.headers["retry-after"]) > 0
