"""What nginx writes down, from the files that are shipped: no question, no query, no referrer, no client's address."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.nginx import NGINX, Nginx
from tests.served import Served
from tests.tools import needs

pytestmark = [needs(NGINX, "nginx"), needs("openssl", "openssl")]

ASKED = "kirundi"
CLIENT = "127.0.2.1"
NOBODY = "127.0.0.1:9"  # the port for what is thrown away
JSON = {"Content-Type": "application/json"}


def visit(nginx: Nginx, base: str) -> None:
    """Ask, in every way that carries a question, and in some that fail."""
    shared = f"{base}/q?partage=1&question={ASKED}"
    body = json.dumps({"question": ASKED}).encode()
    nginx.fetch(f"{base}/api/ask", method="POST", body=body, headers=JSON, client=CLIENT)
    nginx.fetch(shared, client=CLIENT)
    nginx.fetch(f"{base}/ui/site.css", headers={"Referer": shared}, client=CLIENT)
    nginx.fetch(f"{base}/nowhere?{ASKED}", client=CLIENT)
    nginx.fetch(f"{base}/metrics?{ASKED}", client=CLIENT)
    nginx.fetch(shared, method="POST", headers={"Content-Length": str(2**21), "Referer": shared}, client=CLIENT)


@pytest.mark.parametrize("upstream", ["there", "gone"])
def test_no_log_has_a_question_a_query_a_referrer_or_an_address(
    tmp_path: Path, trusting: Served, upstream: str
) -> None:
    with Nginx(tmp_path / "nginx", trusting.host if upstream == "there" else NOBODY) as nginx:
        visit(nginx, nginx.host)
        visit(nginx, nginx.path)
        nginx.fetch(f"{nginx.path}?{ASKED}", client=CLIENT)
        nginx.fetch(f"{nginx.plain}/q?question={ASKED}", client=CLIENT)
        too_long = f"{nginx.host}/q?question={ASKED}&{'a' * 9_000}"
        assert nginx.fetch(too_long, client=CLIENT).status == 414
    logged = nginx.logged()
    assert {name for name, text in logged.items() if ASKED in text or CLIENT in text} == set()
    status = 200 if upstream == "there" else 502
    lines = logged["assistant.log"].splitlines()
    for path in ("/api/ask", "/assistant/api/ask"):
        assert [line for line in lines if re.fullmatch(rf"\S+ POST {path} {status} \d+ [\d.]+", line)]
    assert logged["access.log"] == ""


@pytest.mark.parametrize(
    "changes",
    [
        {"error.log crit;": "error.log error;"},
        {"$request_method $uri": "$request_method $request_uri"},
        {"assistant.log rtes_assistant;": "assistant.log combined;"},
    ],
)
def test_other_settings_would_write_questions_down(tmp_path: Path, changes: dict[str, str]) -> None:
    with Nginx(tmp_path / "nginx", NOBODY, changes) as nginx:
        visit(nginx, nginx.path)
    assert ASKED in "".join(nginx.logged().values())
