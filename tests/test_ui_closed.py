"""Of Gradio's routes, every one that its router has is looked at: those of the list are served, all else is closed."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest

from tests.served import ROOT, Served

# What the page needs, as the browser asks for it, and how each answers a request that carries nothing.
OPEN = {
    ("GET", "/config"): {200}, ("GET", "/config/"): {404}, ("GET", "/theme.css"): {200}, ("GET", "/gradio_api/app_id"): {200},
    ("GET", "/gradio_api/queue/data"): {422}, ("GET", "/gradio_api/heartbeat/{session_hash}"): {200},
    ("POST", "/gradio_api/queue/join"): {422}, ("POST", "/gradio_api/cancel"): {422},
    ("POST", "/gradio_api/reset"): {422},
    ("GET", "/assets/{path:path}"): {403, 404}, ("GET", "/static/{path:path}"): {403, 404},
    # Ours, under a name that Gradio has as well.
    ("GET", "/"): {200},
}  # fmt: skip


@pytest.fixture(scope="module")
def gradio() -> list[tuple[str, str]]:
    """Every route of the application that holds Gradio."""
    listed = subprocess.run(
        [sys.executable, "-m", "tests.gradio_routes"], cwd=ROOT, capture_output=True, text=True, check=True, timeout=280
    )
    return [(method, path) for method, path in json.loads(listed.stdout)]


def filled(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "x", path) or "/"


def test_all_that_gradio_has_is_seen(gradio: list[tuple[str, str]]) -> None:
    paths = {path for _, path in gradio}
    assert len(gradio) > 70
    for known in (
        "/config",
        "/gradio_api/upload",
        "/gradio_api/file={path_or_url:path}",
        "/gradio_api/queue/join",
        "/login",
    ):
        assert known in paths, known


def test_each_route_is_on_the_list_or_404(served: Served, gradio: list[tuple[str, str]]) -> None:
    found = {}
    for method, path in gradio:
        if (method, path) == ("GET", "/gradio_api/heartbeat/{session_hash}"):  # does not end
            continue
        body = b"{}" if method == "POST" else None
        sent = {"Content-Type": "application/json"} if body else {}
        found[method, path or "/"] = served.fetch(filled(path), method=method, body=body, headers=sent)
    opened = {route: reply.status for route, reply in found.items() if reply.status != 404 and route[0] != "HEAD"}
    assert set(opened) <= set(OPEN), opened
    for route, reply in found.items():
        if route in OPEN:
            assert reply.status in OPEN[route], (route, reply.status)
        assert "default-src 'self'" in reply.headers["content-security-policy"], route
        assert reply.headers["referrer-policy"] == "same-origin", route
        assert not [name for name in reply.headers if name.startswith("access-control")], route


def test_no_route_is_given_to_a_page_of_another_site(served: Served, gradio: list[tuple[str, str]]) -> None:
    for path in sorted({filled(path) for _, path in gradio} | {"/api/ask", "/api/feedback", "/readyz", "/metrics"}):
        for method in ("GET", "POST", "OPTIONS"):
            asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
            reply = served.fetch(path, method=method, headers=asked)
            assert reply.status == 403, (method, path)
            assert not [name for name in reply.headers if name.startswith("access-control")], (method, path)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"])
def test_no_other_method_reaches_gradio(served: Served, gradio: list[tuple[str, str]], method: str) -> None:
    for path in sorted({filled(path) for _, path in gradio} - {"/"}):
        assert served.fetch(path, method=method).status in {400, 404, 405}, path
