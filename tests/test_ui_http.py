"""The HTTP contract and what stands before it, against a real process."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from rag.answer import Answer
from tests.served import Reply, Served
from ui import texts

QUESTION = texts.EXAMPLES[1]
CONTRACT = {field.name for field in fields(Answer)} - {"growing"}  # of pieces, and of no answer that is whole


def is_error(reply: Reply, status: int) -> bool:
    answer = reply.json
    assert set(answer) == CONTRACT
    assert (answer["citations"], answer["sentences"], answer["nearest"]) == ([], [], [])
    return reply.status == status and answer["status"] == "error" and bool(answer["text"])


def test_a_question_gets_the_contracts_answer_with_its_quotations(served: Served) -> None:
    reply = served.ask({"question": QUESTION, "history": [], "filters": {"publisher": "RTES", "from": "2020"}})
    answer = reply.json
    assert (reply.status, answer["status"], set(answer)) == (200, "answered", CONTRACT)
    assert reply.headers["content-type"] == "application/json"
    assert "Maurepas" in answer["citations"][0]["quote"]
    assert answer["filters"] == {"publisher": "RTES", "from": "2020", "territory": "Rennes"}
    assert answer["understood_filters"] == {"territory": "Rennes"}
    assert answer["citations"][0]["n"] == 1


def test_a_question_asked_on_a_page_is_answered_with_the_publication_that_it_shows(served: Served) -> None:
    title = "Comment renforcer la place de l\u2019ESS dans les quartiers politique de la ville\u00a0? | RTES"
    page = {"url": "https://www.rtes.fr/une-page?utm_source=lettre", "title": title}
    answer = served.ask({"question": "De quoi parle cette page ?", "on_page": page}).json
    assert (answer["status"], set(answer)) == ("answered", CONTRACT)
    assert answer["on_page"] == page | {"publication_id": "rtes-2023-ess-quartiers-politique-ville"}
    unread = served.ask({"question": QUESTION, "on_page": page | {"title": "Agenda"}}).json
    assert (unread["status"], unread["on_page"]["publication_id"]) == ("answered", None)
    odd = served.ask(
        b'{"question": "foncier ?", "on_page": {"url": "https://rtes.fr/\\ud800?a=\\udfff", "title": "\\ud800"}}'
    )
    assert (odd.status, odd.json["on_page"]["publication_id"]) == (200, None)
    assert served.ask({"question": QUESTION}).json["on_page"] is None


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{", b"\xff\xfe", b'"text"', b"[]", b"null", b"[" * 50_000, {}, {"question": 1}, {"question": None},
        {"question": "x", "history": "y"}, {"question": "x", "filters": []}, {"question": "x", "filters": {"colour": 1}},
        {"question": "x", "filters": {"publisher": 1}}, {"question": "x", "filters": {"from": "hier"}},
        {"question": "x", "filters": {"themes": 1}}, {"question": "x", "on_page": {"url": "", "title": ""}},
    ],
)  # fmt: skip
def test_what_is_not_of_the_contracts_form_is_400(served: Served, data: object) -> None:
    assert is_error(served.ask(data), 400)


@pytest.mark.parametrize(
    "data",
    [
        {"question": ""}, {"question": " \n"}, {"question": "?!…"}, {"question": "a" * 501},
    ],
)  # fmt: skip
def test_a_question_that_cannot_be_searched_is_422(served: Served, data: object) -> None:
    assert is_error(served.ask(data), 422)


def test_more_than_64_kb_is_413(served: Served) -> None:
    assert is_error(served.ask({"question": "x", "more": "y" * 65_536}), 413)
    assert served.ask({"question": QUESTION, "more": "y" * 60_000}).status == 200


def test_other_content_than_json_is_400(served: Served) -> None:
    assert is_error(served.ask({"question": QUESTION}, Content_Type="text/plain"), 400)
    assert served.ask({"question": QUESTION}, Content_Type="application/json; charset=utf-8").status == 200


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "OPTIONS"])
def test_other_methods_are_405(served: Served, method: str) -> None:
    reply = served.fetch("/api/ask", method=method)
    assert is_error(reply, 405)
    assert reply.headers["allow"] == "POST"


def test_half_a_surrogate_pair_is_answered_in_valid_utf_8(served: Served) -> None:
    reply = served.ask(rb'{"question": "foncier \ud83d ?"}')
    assert reply.status == 200
    assert "foncier ? ?" in reply.text


@pytest.mark.parametrize("path", ["/", "/api/ask", "/healthz", "/config", "/gradio_api/queue/join", "/nowhere"])
@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://[", "http://127.0.0.1"])
def test_another_origin_is_refused_and_never_reflected(served: Served, path: str, origin: str) -> None:
    method = "POST" if "ask" in path or "join" in path else "GET"
    reply = served.fetch(path, method=method, body=b"{}", headers={"Origin": origin})
    assert reply.status == 403
    assert not [name for name in reply.headers if name.startswith("access-control")]
    assert not path.startswith("/api/") or is_error(reply, 403)


def test_a_request_from_the_page_of_the_host_that_was_asked_is_taken(served: Served) -> None:
    assert served.ask({"question": QUESTION}, Host="ess.example", Origin="https://ess.example").status == 200


def test_a_proxy_that_passes_another_host_is_named_in_the_log(served: Served) -> None:
    assert served.ask({"question": QUESTION}, Host="inside.example", Origin="https://ess.example").status == 403
    assert "inside.example" in served.log.read_text()


def test_our_own_origin_is_served(served: Served) -> None:
    assert served.ask({"question": QUESTION}, Origin=served.url).status == 200


@pytest.mark.parametrize(
    "path",
    ["/", "/healthz", "/readyz", "/api/ask", "/nowhere", "/config", "/ui/chat.js", "/theme.css", "/source/x"],
)
def test_every_response_carries_the_security_headers_and_no_cookie(served: Served, path: str) -> None:
    headers = served.fetch(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert re.search(r"script-src 'self'(;|$)", policy)
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert "set-cookie" not in headers
    assert "server" not in headers


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/gradio_api/upload"), ("GET", "/gradio_api/upload_progress"), ("GET", "/gradio_api/info"),
        ("GET", "/gradio_api/openapi.json"), ("GET", "/openapi.json"), ("GET", "/docs"), ("GET", "/monitoring"),
        ("GET", "/monitoring/summary"), ("GET", "/gradio_api/file=/etc/passwd"), ("GET", "/gradio_api/runs"),
        ("POST", "/gradio_api/run/ask"), ("POST", "/gradio_api/call/ask"), ("POST", "/gradio_api/api/ask"),
        ("GET", "/gradio_api/proxy=https://example.org"), ("GET", "/gradio_api/deep_link?session_hash=a"),
        ("POST", "/login"), ("GET", "/gradio_api/startup-events"), ("POST", "/gradio_api/component_server"),
        ("GET", "/manifest.json"), ("POST", "/config"), ("GET", "/gradio_api/queue/join"), ("GET", "/ui/../cli.py"),
        ("GET", "/assets/../../../routes.py"), ("GET", "/assets/%2e%2e/index.html"), ("GET", "/index.html"),
    ],
)  # fmt: skip
def test_what_gradios_page_does_not_need_is_closed(served: Served, method: str, path: str) -> None:
    assert served.fetch(path, method=method, body=b"{}" if method == "POST" else None).status == 404


def test_a_turn_beyond_a_megabyte_is_refused(served: Served) -> None:
    reply = served.fetch("/gradio_api/queue/join", method="POST", body=b"x" * (1024 * 1024 + 1))
    assert reply.status == 413


def test_the_page_is_ours_in_french_without_a_trace_of_gradios(served: Served) -> None:
    page = served.fetch("/").text
    assert '<html lang="fr">' in page
    assert f"<title>{texts.TITLE}" in page
    assert texts.DESCRIPTION.split(" :")[0].replace("'", "&#x27;") in page
    assert "https://" not in page
    assert not re.search(r"gradio(?!-app)", page, re.IGNORECASE)


def test_questions_are_not_in_the_log(served: Served) -> None:
    served.ask({"question": "zanzibarite secrète ?"})
    served.ask({"question": "zanzibarite" * 60})
    served.fetch("/api/ask?question=zanzibarite")
    assert "zanzibarite" not in Path(served.log).read_text()
