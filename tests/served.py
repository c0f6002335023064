"""The chat as a process of its own, and a plain HTTP client for it; what the tests of `ui` share."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from ui.serving_settings import ServingSettings

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """Status, headers (names in small letters) and body of a response."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")

    @property
    def json(self) -> dict[str, Any]:
        value = json.loads(self.body)
        assert isinstance(value, dict)
        return value


class Served:
    """`python -m ui` on a free port, with `settings` in its environment."""

    def __init__(self, index: Path, corpus: Path, log: Path, **settings: str) -> None:
        self.started = time.monotonic()
        self.log = log
        command = [sys.executable, "-m", "ui", "--port", "0", "--index", str(index), "--corpus", str(corpus)]
        # The tests ask by the hundred from one address, and leave what they record in a folder of their own.
        ours = {
            "REQUESTS_PER_MINUTE": "0",
            "FEEDBACK_FILE": str(log.with_name("feedback.sqlite3")),
            "QUESTION_LOG_FILE": str(log.with_name("questions.sqlite3")),
        }
        unset = ("UI_", "EMBEDDING_M", "CHAT_MODEL", *(name.upper() for name in ServingSettings.model_fields))
        kept = {name: value for name, value in os.environ.items() if not name.startswith(unset)}
        environment = kept | ours | settings
        with log.open("w") as err:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=err, text=True
            )
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().strip()
        self.host = self.url.removeprefix("http://")
        assert self.host.startswith("127.0.0.1:"), log.read_text()

    def fetch(
        self, path: str, *, method: str = "GET", body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Reply:
        connection = http.client.HTTPConnection(self.host, timeout=30)
        try:
            connection.request(method, path, body, dict(headers or {}))
            response = connection.getresponse()
            names = {name.lower(): value for name, value in response.getheaders()}
            return Reply(status=response.status, headers=names, body=response.read())
        finally:
            connection.close()

    def post(self, path: str, fields: Sequence[tuple[str, str]] | Mapping[str, str], **headers: str) -> Reply:
        """POST a form as a browser does; header names with "_" for "-"."""
        sent = {"Content-Type": "application/x-www-form-urlencoded"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self.fetch(path, method="POST", body=urlencode(fields).encode(), headers=sent)

    def ask(self, data: object, **headers: str) -> Reply:
        """POST /api/ask with `data` as JSON, or as it is when bytes; header names with "_" for "-"."""
        body = data if isinstance(data, bytes) else json.dumps(data).encode()
        sent = {"Content-Type": "application/json"} | {name.replace("_", "-"): value for name, value in headers.items()}
        return self.fetch("/api/ask", method="POST", body=body, headers=sent)

    def wait(self, wanted: Callable[[Reply], bool], *, seconds: float = 120) -> Reply:
        """`/readyz` as soon as it is `wanted`."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            reply = self.fetch("/readyz")
            if wanted(reply):
                return reply
            assert self.process.poll() is None, self.log.read_text()
            time.sleep(0.1)
        raise AssertionError(f"not so within {seconds} s: {reply.json}\n{self.log.read_text()}")

    def stop(self, signal: int = 15) -> int:
        """Exit status after `signal`."""
        self.process.send_signal(signal)
        try:
            return self.process.wait(timeout=20)
        finally:
            self.process.kill()
            assert self.process.stdout is not None
            self.process.stdout.close()
