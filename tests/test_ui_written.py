"""The chat with a chat model: it says who writes and where questions go, shows what was verified, and does without it too."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browsing import Watched, context_of, violations
from tests.scripted_model import Request, Script, ScriptedModel, fails, says, slow_first
from tests.served import ROOT, Served
from tests.test_writing import QUESTION, SOURCE, TRUE, number_of
from ui import texts, texts_about
from ui.typography import french


@dataclass
class Scripted:
    """The chat, its model, and what the model does next."""

    chat: Served
    model: ScriptedModel
    plays: str = "writes"


@pytest.fixture(scope="module")
def scripted(tmp_path_factory: pytest.TempPathFactory, brochure_index: Path) -> Iterator[Scripted]:
    """A chat whose model is a script of ours; it is left alone after a hundred failures only."""
    folder = tmp_path_factory.mktemp("scripted")
    shutil.copytree(brochure_index, folder / "index")
    state: list[Scripted] = []

    def script(asked: Request) -> Script:
        if state[0].plays == "fails":
            return fails(500)
        number = number_of(asked, SOURCE)
        if state[0].plays == "endlessly":
            return says(f"{TRUE} [{number}]. ", "Les ", "bailleurs ", "sociaux ", "et ", *["la "] * 60, every=1.0)
        if state[0].plays == "slowly":
            return slow_first(8.0, TRUE)
        if state[0].plays == "hesitantly":
            return says(*["Il ", "est ", "dit "] * 2, f"que. {TRUE} [{number}].", every=0.6)
        return says(f"{TRUE} ", f"[{number}]. ", "En 1999, Marseille les a tous ", f"interdits [{number}].", every=0.05)

    with ScriptedModel(script) as model:
        settings = {"CHAT_MODEL": "openai:scripted", "CHAT_MODEL_BASE_URL": model.url, "CHAT_MODEL_FAILURES": "100"}
        settings |= {"CHAT_MODEL_FIRST_TIMEOUT": "4"}
        chat = Served(folder / "index", ROOT / "corpus", folder / "log", **settings)
        state.append(Scripted(chat=chat, model=model))
        try:
            chat.wait(lambda reply: reply.status == 200)
            yield state[0]
        finally:
            chat.stop()


@pytest.fixture
def watched(browser: Browser, scripted: Scripted) -> Iterator[Watched]:
    """Its page."""
    context = context_of(browser)
    watched = Watched(context.new_page())
    watched.open(scripted.chat.url)
    yield watched
    context.close()


def test_starting_asks_no_model(scripted: Scripted) -> None:
    assert scripted.model.requests == []


def test_every_page_says_who_writes_and_where_questions_go(watched: Watched, scripted: Scripted) -> None:
    expect(watched.page.locator(".greeting")).to_contain_text("un modèle de langue rédige")
    expect(watched.page.locator(".greeting")).to_contain_text("transmises")
    expect(watched.page.locator(".greeting")).to_contain_text("127.0.0.1")
    expect(watched.page.locator(".greeting")).to_contain_text("questions et réponses précédentes")
    about = scripted.chat.fetch("/a-propos").text
    assert "ce qui précède dans la conversation" in about
    for said in (scripted.chat.fetch("/q").text, about):
        assert "127.0.0.1" in said
        assert "ni transmises" not in said
    assert texts_about.HOW_EXTRACTIVE.split("\u00a0")[0][:40] not in about
    assert "Vos questions ne sont transmises à personne" not in about


def test_what_is_written_comes_with_its_sources_and_what_is_false_never_shows(
    watched: Watched, scripted: Scripted
) -> None:
    scripted.plays = "writes"
    watched.ask(QUESTION)
    watched.answers(1)
    answer = watched.page.locator(".answer.answered")
    expect(answer).to_contain_text(TRUE)
    expect(answer).not_to_contain_text("Marseille")
    expect(answer).to_contain_text(texts.removed(1)[:30])
    expect(watched.page.locator(".rest .made")).to_contain_text("rédigée par un modèle de langue")
    watched.page.locator("a.cite").first.click()
    expect(watched.page.get_by_role("complementary").locator("blockquote")).to_contain_text(SOURCE[:30])
    watched.page.keyboard.press("Escape")
    assert violations(watched.page) == []
    assert watched.complaints == []


def test_more_of_what_is_written_is_asked_for_with_a_button(watched: Watched, scripted: Scripted) -> None:
    scripted.plays = "writes"
    watched.ask(QUESTION)
    watched.answers(1)
    assert "150 mots" in scripted.model.requests[-1].prompt
    watched.page.get_by_role("button", name=texts.MORE).click()
    watched.answers(2)
    assert "400 mots" in scripted.model.requests[-1].prompt
    expect(watched.page.get_by_role("button", name=texts.MORE)).to_have_count(1)
    assert watched.complaints == []


def test_where_the_model_fails_extracts_answer_and_say_so(watched: Watched, scripted: Scripted) -> None:
    scripted.plays = "fails"
    watched.ask(QUESTION)
    watched.answers(1)
    expect(watched.page.locator(".rest .made")).to_contain_text(texts.EXTRACTED_INSTEAD[:60].replace(" :", "\u00a0:"))
    expect(watched.page.locator("a.cite").first).to_be_visible()


def test_while_nothing_can_be_shown_yet_the_question_stands_there_and_nothing_is_lost(
    watched: Watched, scripted: Scripted
) -> None:
    scripted.plays = "hesitantly"
    watched.ask(QUESTION)
    expect(watched.page.locator("#chat .asked")).to_contain_text(QUESTION[:20])
    expect(watched.page.locator("#chat .answer")).to_have_count(0)
    expect(watched.page.get_by_role("button", name=texts.STOP)).to_be_visible()
    watched.page.wait_for_timeout(1200)
    expect(watched.page.locator("#ask")).to_have_attribute("data-notice", texts.SCRIPT["searching"])
    watched.answers(1)
    expect(watched.page.locator(".answer.answered")).to_contain_text(TRUE)
    expect(watched.page.locator("#ask")).to_have_attribute("data-notice", "")


@pytest.mark.parametrize("plays", ["endlessly", "slowly", "hesitantly"])
def test_an_answer_can_be_stopped_and_the_next_one_asked(watched: Watched, scripted: Scripted, plays: str) -> None:
    scripted.plays = plays
    watched.ask(QUESTION)
    stop = watched.page.get_by_role("button", name=texts.STOP)
    expect(stop).to_be_visible()
    if plays == "endlessly":
        expect(watched.page.locator(".answer.answered")).to_contain_text(TRUE)
    stop.click()
    expect(watched.page.locator("#ask")).to_have_attribute("data-notice", french(texts.SCRIPT["stopped"]))
    expect(stop).to_be_hidden()
    expect(watched.page.get_by_label(texts.QUESTION_LABEL)).to_be_focused()
    assert scripted.model.requests[-1].hung_up.wait(10)

    scripted.plays = "writes"
    watched.ask(QUESTION)
    watched.answers(1)
    expect(watched.page.locator(".answer")).to_have_count(1)
    assert watched.complaints == []


def test_what_is_taken_away_is_quotations_and_costs_nothing(scripted: Scripted) -> None:
    asked = len(scripted.model.requests)
    body = b'{"format": "md", "turns": [{"question": "Comment mieux associer les bailleurs sociaux ?"}]}'
    reply = scripted.chat.fetch("/export", method="POST", body=body, headers={"Content-Type": "application/json"})
    assert reply.status == 200
    assert len(scripted.model.requests) == asked


def test_the_api_says_who_wrote(scripted: Scripted) -> None:
    scripted.plays = "writes"
    written = scripted.chat.ask({"question": QUESTION}).json
    extracted = scripted.chat.ask({"question": QUESTION, "extractive": True}).json
    assert (written["composer"], extracted["composer"]) == ("written", "extractive")
    assert written["tokens"]["sent"] == 100
    assert extracted["tokens"] is None


def test_a_model_without_its_provider_is_told_at_once(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "ui", "--port", "0", "--index", str(tmp_path / "index")]
    told = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | {"CHAT_MODEL": "gpt-x"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert told.returncode == 2
    assert "a model without its provider" in told.stderr
