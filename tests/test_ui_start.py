"""Starting and stopping `python -m ui`: the port answers at once, the rest follows, failures are told."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.served import ROOT, Served
from ui import texts
from ui.cli import main


def test_the_port_answers_at_once_and_questions_when_ready(brochure_index: Path, tmp_path: Path) -> None:
    shutil.copytree(brochure_index, tmp_path / "index")
    chat = Served(tmp_path / "index", ROOT / "corpus", tmp_path / "log")
    try:
        assert chat.fetch("/healthz").json == {"status": "ok"}
        assert time.monotonic() - chat.started < 5
        before = chat.fetch("/readyz")
        assert (before.status, before.json["state"]) == (503, "loading")
        page = chat.fetch("/")
        assert texts.STARTING_TITLE.replace("'", "&#x27;") in page.text
        assert '<meta http-equiv="refresh"' in page.text
        source = chat.fetch("/source/x?start=1&end=2")
        assert source.status == 503
        assert 'href="../ui/chat.css"' in source.text
        asked = chat.ask({"question": texts.EXAMPLES[0]})
        assert (asked.status, asked.json["status"]) == (503, "error")
        build = (tmp_path / "index" / "current").read_text().strip()
        assert chat.wait(lambda reply: reply.status == 200).json == {"state": "ready", "build": build}
        assert chat.ask({"question": texts.EXAMPLES[0]}).status == 200
        assert "refresh" not in chat.fetch("/").text
    finally:
        status = chat.stop()
    assert status == 0, chat.log.read_text()
    assert "Traceback" not in chat.log.read_text()


def test_a_corpus_that_cannot_be_built_is_a_state_with_its_reason(tmp_path: Path) -> None:
    chat = Served(tmp_path / "index", tmp_path / "nowhere", tmp_path / "log")
    try:
        reply = chat.wait(lambda reply: reply.json["state"] == "failed")
        assert reply.status == 503
        assert reply.json["reason"]
        assert "Traceback" not in reply.text
        assert chat.fetch("/healthz").status == 200
        assert chat.ask({"question": texts.EXAMPLES[0]}).status == 503
        page = chat.fetch("/").text
        assert texts.FAILED_TITLE.replace("'", "&#x27;") in page
        assert "refresh" not in page
    finally:
        assert chat.stop(2) == 0


def test_a_port_in_use_is_told_and_is_exit_status_1() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        run = subprocess.run(
            [sys.executable, "-m", "ui", "--port", port],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert run.returncode == 1
    assert f"127.0.0.1:{port}" in run.stderr
    assert "--port" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize("arguments", [["--port", "x"], ["--port", "65536"], ["--nothing"], ["more"]])
def test_wrong_usage_is_exit_status_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2


def test_a_wrong_setting_is_exit_status_2(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("UI_PORT", "many")
    assert main([]) == 2
    assert "port" in capsys.readouterr().err
