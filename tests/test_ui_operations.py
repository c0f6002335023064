"""Limits, counts, logs and the log of questions, against a real process for which the operator has turned all of it on."""

from __future__ import annotations

import itertools
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.served import ROOT, Reply, Served
from ui import texts

PER_MINUTE = 12
QUESTION = texts.EXAMPLES[1]
_hosts = itertools.count(1)


def address() -> str:
    """One that has not been used yet."""
    return f"198.51.100.{next(_hosts)}"


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory, brochure_index: Path) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("watched")
    shutil.copytree(brochure_index, folder / "index")
    chat = Served(
        folder / "index",
        ROOT / "corpus",
        folder / "log",
        REQUESTS_PER_MINUTE=str(PER_MINUTE),
        TRUSTED_PROXIES="127.0.0.1",
        QUESTION_LOG_DAYS="30",
        ACCESS_LOG="1",
        METRICS="loopback",
        CONCURRENT_QUESTIONS="1",
        WAITING_QUESTIONS="2",
    )
    try:
        chat.wait(lambda reply: reply.status == 200)
        yield chat
    finally:
        chat.stop()


def ask(chat: Served, question: str, **headers: str) -> Reply:
    return chat.ask({"question": question}, **({"X_Forwarded_For": address()} | headers))


def until_refused(send: Callable[[int], Reply]) -> Reply:
    """The first refusal. The window slides, so that more than the limit pass on a machine that is slow to ask."""
    replies = [send(number) for number in range(PER_MINUTE)]
    assert 429 not in [reply.status for reply in replies]
    return next(reply for reply in map(send, range(PER_MINUTE, 10 * PER_MINUTE)) if reply.status == 429)


def measured(chat: Served, name: str) -> float:
    found = re.search(rf"^{re.escape(name)} (\S+)$", chat.fetch("/metrics").text, re.M)
    return float(found.group(1)) if found else 0.0


@pytest.mark.parametrize("path", ["/api/ask", "/api/feedback", "/gradio_api/queue/join", "/q", "/export"])
def test_an_address_that_asks_too_often_is_told_when_to_try_again(watched: Served, path: str) -> None:
    sent = {"X-Forwarded-For": address(), "Content-Type": "application/json"}
    refused = until_refused(lambda _: watched.fetch(path, method="POST", body=b"{}", headers=sent))
    assert 1 <= int(refused.headers["retry-after"]) <= 61
    assert "default-src 'self'" in refused.headers["content-security-policy"]
    if path.startswith("/api/"):
        assert (refused.json["status"], refused.json["text"]) == ("error", texts.TOO_MANY)
    elif path.startswith("/gradio_api"):
        assert refused.json == {"detail": texts.TOO_MANY}
    else:
        assert refused.headers["content-type"].startswith("text/html")
        assert texts.TRY_AGAIN_TITLE in refused.text
    other = watched.fetch(path, method="POST", body=b"{}", headers=sent | {"X-Forwarded-For": address()})
    assert other.status != 429


def test_an_ipv6_household_is_one_address(watched: Served) -> None:
    until_refused(lambda number: ask(watched, "?!", X_Forwarded_For=f"2001:db8:7:7:{number:x}::1"))
    assert ask(watched, "?!", X_Forwarded_For="2001:db8:7:8::1").status == 422


def test_what_a_client_writes_before_the_proxys_entry_buys_nothing(watched: Served) -> None:
    mine = address()
    until_refused(lambda number: ask(watched, "?!", X_Forwarded_For=f"203.0.113.{number}, {mine}"))


def test_pages_and_files_are_not_counted(watched: Served) -> None:
    sent = {"X-Forwarded-For": address()}
    for path in ["/", "/readyz", "/ui/chat.js"] * PER_MINUTE:
        assert watched.fetch(path, headers=sent).status == 200


def test_more_at_once_than_can_wait_is_503_and_the_rest_is_answered(watched: Served) -> None:
    busy = measured(watched, 'assistant_refusals_total{reason="busy"}')
    with ThreadPoolExecutor(12) as pool:
        replies = list(pool.map(lambda _: ask(watched, QUESTION), range(12)))
    assert {reply.status for reply in replies} == {200, 503}
    for reply in replies:
        if reply.status == 503:
            assert reply.json["text"] == texts.BUSY
            assert int(reply.headers["retry-after"]) > 0
        else:
            assert reply.json["status"] == "answered"
    refused = sum(reply.status == 503 for reply in replies)
    assert measured(watched, 'assistant_refusals_total{reason="busy"}') == busy + refused


def test_metrics_count_answers_requests_and_refusals_and_hold_no_question(watched: Served) -> None:
    before = measured(watched, 'assistant_answers_total{status="answered"}')
    form = measured(watched, 'assistant_refusals_total{reason="form"}')
    origin = measured(watched, 'assistant_refusals_total{reason="origin"}')
    assert ask(watched, f"{QUESTION} zanzibarite").status == 200
    assert ask(watched, QUESTION).json["status"] == "answered"
    assert ask(watched, "").status == 422
    assert watched.fetch("/", headers={"Origin": "https://evil.example"}).status == 403
    watched.fetch("/zanzibarite?question=zanzibarite")
    text = watched.fetch("/metrics").text
    assert measured(watched, 'assistant_answers_total{status="answered"}') > before
    assert measured(watched, 'assistant_refusals_total{reason="form"}') == form + 1
    assert measured(watched, 'assistant_refusals_total{reason="origin"}') == origin + 1
    assert measured(watched, 'assistant_http_requests_total{route="other",status="404"}') > 0
    assert measured(watched, "assistant_answers_in_progress") == 0
    assert measured(watched, "assistant_answer_seconds_count") > 0
    assert measured(watched, "assistant_index_age_seconds") > 0
    assert "zanzibarite" not in text


def test_metrics_are_not_given_past_a_proxy(watched: Served) -> None:
    assert watched.fetch("/metrics").headers["content-type"].startswith("text/plain")
    assert watched.fetch("/metrics", headers={"X-Forwarded-For": address()}).status == 404


def test_metrics_are_off_unless_turned_on(served: Served) -> None:
    assert served.fetch("/metrics").status == 404


def test_the_access_log_has_neither_query_nor_question_nor_address(watched: Served) -> None:
    mine = address()
    sent = {"X-Forwarded-For": mine, "Referer": "http://x/q?question=kirundi"}
    watched.fetch("/readyz?question=kirundi", headers=sent)
    watched.fetch("/nowhere%0Akirund%69?kirundi", headers=sent)
    watched.fetch("/source/%F0%9F%98%80", headers=sent)
    assert ask(watched, "Que dit-on du kirundi ?", X_Forwarded_For=mine).status == 200
    log = watched.log.read_text()
    assert re.search(r"ui\.access: GET /readyz 200 \d+ ms", log)
    assert re.search(r"ui\.access: POST /api/ask 200 \d+ ms", log)
    assert "kirundi" not in log
    assert mine not in log


def test_no_access_log_unless_turned_on(served: Served) -> None:
    served.fetch("/readyz")
    assert "ui.access" not in served.log.read_text()


def test_questions_are_kept_by_day_without_contacts_and_the_page_says_so(watched: Served) -> None:
    page = watched.fetch("/").text
    assert "30 jours" in page.replace("\u00a0", " ").replace("\u202f", " ")
    assert texts.PRIVACY.split(". ")[1][:20] not in page
    typed = "Quel budget pour les jardins ? Réponse à jean.dupont@ville.fr ou au 06 12 34 56 78"
    reply = ask(watched, typed, X_Forwarded_For="198.51.100.250", User_Agent="Oiseau")
    ask(watched, "")
    with sqlite3.connect(watched.log.with_name("questions.sqlite3")) as database:
        columns = [row[1] for row in database.execute("PRAGMA table_info(questions)")]
        rows = database.execute("SELECT * FROM questions WHERE question LIKE '%jardins%'").fetchall()
        everything = str(database.execute("SELECT * FROM questions").fetchall())
    database.close()
    assert columns == ["day", "question", "status", "index_build"]
    assert len(rows) == 1
    day, question, status, build = rows[0]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", day)
    assert "budget" in question
    assert (status, build) == (reply.json["status"], reply.json["index_build"])
    for private in ("dupont", "06 12", "198.51.100", "Oiseau"):
        assert private not in everything


def test_no_question_is_kept_unless_turned_on_and_what_was_kept_is_deleted(served: Served) -> None:
    served.ask({"question": QUESTION})
    assert not served.log.with_name("questions.sqlite3").exists()
    assert "enregistrées" in served.fetch("/").text


def test_a_request_that_comes_past_an_unknown_proxy_is_told_once(tmp_path: Path, brochure_index: Path) -> None:
    shutil.copytree(brochure_index, tmp_path / "index")
    (tmp_path / "questions.sqlite3").write_text("kept while the log was on")
    chat = Served(tmp_path / "index", ROOT / "corpus", tmp_path / "log", REQUESTS_PER_MINUTE="3", FEEDBACK="0")
    try:
        statuses = [ask(chat, "?!").status for _ in range(40)]  # each of another address, as the header has it
        assert 429 in statuses
        assert chat.log.read_text().count("TRUSTED_PROXIES") == 1
        assert not (tmp_path / "questions.sqlite3").exists()
        assert chat.fetch("/api/feedback", method="GET").status == 404
    finally:
        assert chat.stop() == 0
    assert not (tmp_path / "feedback.sqlite3").exists()


def test_a_network_that_is_none_is_exit_status_2(monkeypatch: pytest.MonkeyPatch) -> None:
    from ui.cli import main

    monkeypatch.setenv("TRUSTED_PROXIES", "proxy.example")
    assert main([]) == 2
