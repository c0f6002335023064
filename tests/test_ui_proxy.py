"""The chat behind a real nginx, on a host of its own and under a path of somebody's site, from the files that are shipped."""

from __future__ import annotations

import gzip
import http.client
import itertools
import json
import re
from pathlib import Path

import pytest

from tests.nginx import NGINX, PER_MINUTE, Nginx, path_of
from tests.served import Reply, Served
from tests.tools import needs
from ui import texts
from ui.guard import SECURITY_HEADERS

pytestmark = [needs(NGINX, "nginx"), needs("openssl", "openssl")]

QUESTION = texts.EXAMPLES[1]
ASKED = "kirundi"
JSON = {"Content-Type": "application/json"}
_clients = (f"127.0.1.{number}" for number in itertools.count(1))


@pytest.fixture(params=["host", "path"])
def base(nginx: Nginx, request: pytest.FixtureRequest) -> str:
    """Where the chat is, without "/" at the end: each way of serving it."""
    return nginx.host if request.param == "host" else nginx.path


def ask(nginx: Nginx, base: str, question: str, client: str, **headers: str) -> Reply:
    sent = JSON | {name.replace("_", "-"): value for name, value in headers.items()}
    body = json.dumps({"question": question}).encode()
    return nginx.fetch(f"{base}/api/ask", method="POST", body=body, headers=sent, client=client)


def first_bytes(nginx: Nginx, url: str, *, seconds: float) -> bytes:
    """What has arrived of the body when `seconds` have passed without more; nothing if not even the head has."""
    connection = nginx.connect(url, seconds=seconds)
    try:
        connection.request("GET", path_of(url), headers={"Accept-Encoding": "gzip"})  # as browsers do
        return connection.getresponse().read1(100)
    except TimeoutError:
        return b""
    finally:
        connection.close()


def test_a_question_is_answered_with_citations(nginx: Nginx, base: str) -> None:
    reply = ask(nginx, base, QUESTION, next(_clients), Origin=base.removesuffix("/assistant"))
    assert reply.status == 200
    assert reply.json["status"] == "answered"
    assert reply.json["citations"]


PATHS = ["/", "/q", "/config", "/api/ask", "/nowhere", "/source/x", "/ui/chat.js", "/widget", "/widget.js"]


@pytest.mark.parametrize("path", PATHS)
def test_headers_arrive_as_the_chat_sends_them(nginx: Nginx, trusting: Served, base: str, path: str) -> None:
    direct, passed = trusting.fetch(path), nginx.fetch(base + path)
    assert passed.status == direct.status
    ours = {"server": "nginx"} | ({"strict-transport-security": "max-age=31536000"} if base == nginx.host else {})
    of_the_way = {"date", "connection", "transfer-encoding", "content-length", "vary"}  # the last for who takes gzip
    expected = {name: value for name, value in direct.headers.items() if name not in of_the_way} | ours
    assert {name: value for name, value in passed.headers.items() if name not in of_the_way} == expected
    assert {name.lower() for name in SECURITY_HEADERS} - {"x-frame-options"} <= expected.keys()
    assert "set-cookie" not in expected


def test_the_widgets_loader_is_compressed(nginx: Nginx, trusting: Served, base: str) -> None:
    loader = nginx.fetch(f"{base}/widget.js", headers={"Accept-Encoding": "gzip"})
    assert loader.headers["content-encoding"] == "gzip"
    assert len(loader.body) <= 6144
    assert gzip.decompress(loader.body) == trusting.fetch("/widget.js").body


def test_the_site_around_the_path_stays_as_it_is(nginx: Nginx) -> None:
    page = nginx.fetch(f"{nginx.around}/")
    assert "Un site" in page.text
    assert page.headers["x-frame-options"] == "SAMEORIGIN"
    assert nginx.fetch(f"{nginx.around}/q").status == 404


def test_the_path_without_its_slash_leads_to_the_chat_without_query_or_port(nginx: Nginx) -> None:
    reply = nginx.fetch(f"{nginx.path}?question={ASKED}")
    assert (reply.status, reply.headers["location"]) == (301, "/assistant/")


def test_plain_http_leads_to_tls_without_the_query(nginx: Nginx) -> None:
    reply = nginx.fetch(f"{nginx.plain}/q?question={ASKED}")
    assert (reply.status, reply.headers["location"]) == (301, "https://127.0.0.1/q")


def test_addresses_that_are_handed_out_are_those_of_the_outside(nginx: Nginx, base: str) -> None:
    assert nginx.fetch(f"{base}/config").json["root"] == base
    shared = nginx.fetch(f"{base}/q?partage=1&question=Maurepas", client=next(_clients)).text
    assert re.findall(r'id="adresse" readonly value="([^"?]+)\?', shared) == [f"{base}/q"]
    body = json.dumps({"format": "md", "turns": [{"question": QUESTION}]}).encode()
    client = next(_clients)
    file = nginx.fetch(f"{base}/export", method="POST", body=body, headers=JSON, client=client).text
    links = re.findall(r"\]\(<?(https?://127\.0\.0\.1[^?)>]+)", file)
    assert links
    assert [link for link in links if not link.startswith(f"{base}/source/")] == []


FORGED = (
    ("X-Forwarded-Host", "evil.example"),
    ("X-Gradio-Server", "https://evil.example"),
    ("X-Forwarded-Prefix", "/evil"),
    ("X-Forwarded-Proto", "http"),
    ("Forwarded", "host=evil.example;proto=http"),
)


@pytest.mark.parametrize("forged", [*([one] for one in FORGED), FORGED])
def test_what_a_client_forges_changes_no_address(nginx: Nginx, base: str, forged: list[tuple[str, str]]) -> None:
    assert nginx.fetch(f"{base}/config", headers=dict(forged)).json["root"] == base


@pytest.mark.parametrize("name", ["X-Forwarded-Host", "X-Gradio-Server", "X-Forwarded-Prefix", "X-Forwarded-Proto"])
def test_what_a_stranger_forges_past_the_proxy_changes_no_address(served: Served, name: str) -> None:
    value = dict(FORGED)[name] if name != "X-Forwarded-Proto" else "https"
    assert served.fetch("/config", headers={name: value}).json["root"] == served.url
    page = served.fetch("/q?partage=1&question=Maurepas", headers={name: value}).text
    assert f'value="{served.url}/q?' in page


def test_who_runs_a_proxy_that_is_not_trusted_is_told_at_the_first_page(served: Served) -> None:
    served.fetch("/", headers={"X-Forwarded-For": "203.0.113.9"})
    assert served.log.read_text().count("set TRUSTED_PROXIES") == 1


@pytest.mark.parametrize(
    ("prefix", "root"),
    [("/assistant", "/assistant"), ("/a/b/", "/a/b"), ("//evil.example", ""), ("/../x", ""), ("/a?b", ""), ("x", "")],
)
def test_a_trusted_proxy_tells_the_prefix_and_only_a_plain_path_is_one(
    trusting: Served, prefix: str, root: str
) -> None:
    passed = {"X-Forwarded-Prefix": prefix, "X-Forwarded-Proto": "https", "Host": "ess.example"}
    assert trusting.fetch("/config", headers=passed).json["root"] == f"https://ess.example{root}"


def test_a_prefix_that_is_called_like_a_page_hides_none(trusting: Served) -> None:
    for path in ("/q", "/config", "/gradio_api/app_id", "/ui/chat.js"):
        prefix = "/" + path.split("/")[1]
        assert trusting.fetch(path, headers={"X-Forwarded-Prefix": prefix}).status == 200


def test_streams_are_not_held_back(nginx: Nginx, base: str) -> None:
    assert b"ALIVE" in first_bytes(nginx, f"{base}/gradio_api/heartbeat/a", seconds=10)


def test_with_buffering_a_stream_would_be_held_back(tmp_path: Path, trusting: Served) -> None:
    changes = {"proxy_buffering off;": "proxy_buffering on;"}
    with Nginx(tmp_path / "nginx", trusting.host, changes) as held:
        assert first_bytes(held, f"{held.path}/gradio_api/heartbeat/b", seconds=2) == b""


def test_a_body_beyond_the_limit_is_refused_and_one_within_is_the_chats_to_judge(nginx: Nginx, base: str) -> None:
    def posted(size: int) -> int:
        try:
            url = f"{base}/gradio_api/queue/join"
            return nginx.fetch(url, method="POST", body=b"x" * size, headers=JSON, client=next(_clients)).status
        except (ConnectionError, http.client.HTTPException):  # closed while it was still being sent
            return 413

    assert posted(1024 * 1024 + 1) == 413
    assert posted(1024 * 1024) == 422
    assert nginx.fetch(f"{base}/q", method="POST", headers={"Content-Length": str(2**21)}).status == 413


def test_the_limit_counts_the_clients_address_and_neither_the_proxys_nor_a_forged_one(nginx: Nginx, base: str) -> None:
    client = next(_clients)
    statuses = [
        ask(nginx, base, "?!", client, X_Forwarded_For=f"198.51.100.{number}").status
        for number in range(10 * PER_MINUTE)
    ]
    assert statuses[:PER_MINUTE] == [422] * PER_MINUTE
    assert 429 in statuses
    assert ask(nginx, base, "?!", next(_clients)).status == 422


def test_metrics_are_closed_even_where_the_chat_shows_them(nginx: Nginx, trusting: Served, base: str) -> None:
    assert trusting.fetch("/metrics").status == 200
    for path in ("/metrics", "/%6detrics", "//metrics", "/metrics/", "/q/../metrics"):
        assert nginx.fetch(base + path).status == 404
