"""What fails unforeseen: a fixed text with the security headers for the user, the fault without its words in the log."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from tests.viewed import NoAnswers
from ui import texts
from ui.current import Current, Opened
from ui.library import Library
from ui.operations import Operations
from ui.page import GradioFiles
from ui.readiness import Stage
from ui.server import Loaded, create_app
from ui.shelf import Shelf
from ui.site import Site

WORDS = "zanzibarite"


class Broken(NoAnswers):
    """Cannot say who publishes: the page that names them fails."""

    @property
    def publishers(self) -> tuple[str, ...]:  # type: ignore[override]
        raise RuntimeError(WORDS)


def loaded(_enter: Callable[[Stage], None]) -> Loaded:
    opened = Opened(
        assistant=Broken(),
        library=Library(Path(), {}, ()),
        shelf=Shelf.of({}, (), "2025-01-01"),
        build="b",
        folder=Path(),
        created="2025-01-01T00:00:00Z",
    )
    current = Current(Path("nowhere"), lambda: opened, Operations())
    return Loaded(assistant=current, pictures=None, chat=FastAPI(), files=GradioFiles(script="s", style="s"))


def test_a_page_that_fails_is_500_with_the_headers_and_its_words_are_in_no_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    caplog.set_level(logging.WARNING, "httpx")  # our own client, which names what it asks for
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(
            uvicorn.Config(create_app(loaded, Site()), log_config=None, ws="none", access_log=False)
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with httpx.Client(base_url=url, trust_env=False, timeout=30) as client:
            until = time.monotonic() + 60
            while client.get("/readyz").status_code != 200:
                assert time.monotonic() < until
                time.sleep(0.05)
            reply = client.get("/", params={"question": "zanzibarite"})
        server.should_exit = True
        thread.join(20)
    assert (reply.status_code, reply.text) == (500, texts.BROKEN)
    assert "default-src 'self'" in reply.headers["content-security-policy"]
    assert reply.headers["referrer-policy"] == "same-origin"
    assert "serving failed: RuntimeError" in caplog.text
    assert "test_ui_broken.py" in caplog.text
    assert "zanzibarite" not in caplog.text
