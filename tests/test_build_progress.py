"""How far a stage is, in lines and on a terminal; settings of building."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from pydantic import ValidationError

from ingest.build_settings import BuildSettings
from ingest.progress import bars, lines
from ingest.windows import WindowKind


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_long_stage_says_a_line_at_each_tenth_with_rate_and_time_left() -> None:
    said: list[str] = []
    clock = Clock()

    with lines(said.append, clock=clock)("embedding", 200, "characters") as advance:
        for _ in range(20):
            clock.now += 6.0
            advance(10)

    assert len(said) == 10
    assert said[0] == "embedding: 20 of 200 characters, 2 characters/s, 108 s left"
    assert said[-1] == "embedding: 200 of 200 characters, 2 characters/s, 0 s left"


def test_a_short_stage_says_nothing() -> None:
    said: list[str] = []
    clock = Clock()

    with lines(said.append, clock=clock)("reading", 3, "publications") as advance:
        for _ in range(3):
            clock.now += 1.0
            advance(1)

    assert said == []


def test_a_terminal_shows_a_bar_with_rate_and_time_left_that_goes_again() -> None:
    terminal = io.StringIO()

    with bars(terminal)("reading", 4, "publications") as advance:
        advance(4)

    shown = terminal.getvalue()
    assert "reading" in shown
    assert "0.00/4.00" in shown
    assert "publications/s" in shown
    assert shown.endswith("\r")


def test_settings_of_building_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "READ_WORKERS": "3",
        "READ_TIMEOUT": "1.5",
        "READ_MEMORY_MB": "512",
        "READ_CACHE": "/tmp/c",  # noqa: S108  # a name, nothing is written
        "INDEX_WINDOWS": "passage",
    }.items():
        monkeypatch.setenv(name, value)

    settings = BuildSettings()

    assert (settings.limits.workers, settings.limits.seconds, settings.limits.memory_mb) == (3, 1.5, 512)
    assert (settings.read_cache, settings.index_windows) == (Path("/tmp/c"), WindowKind.PASSAGE)  # noqa: S108


@pytest.mark.parametrize(
    ("name", "value"),
    [("READ_WORKERS", "-1"), ("READ_TIMEOUT", "0"), ("READ_MEMORY_MB", "lots"), ("INDEX_WINDOWS", "word")],
)
def test_a_setting_that_is_wrong_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(ValidationError, match=name.lower()):
        BuildSettings()


def test_as_many_readers_as_cores_unless_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("READ_WORKERS", "")

    assert BuildSettings().limits.workers >= 1
