"""How commands end: one line, an exit status, and no value of a setting."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from ingest.cli import main
from ingest.commands import ended
from ingest.errors import BuildError, UsageError
from ingest.settings import FetchSettings


def raising(error: BaseException) -> int:
    raise error


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (UsageError("no such id"), 2, "error: no such id\n"),
        (BuildError("nothing was built"), 1, "error: nothing was built\n"),
        (KeyboardInterrupt(), 1, "interrupted: nothing was changed\n"),
    ],
)
def test_what_stops_a_command_is_one_line(
    capsys: pytest.CaptureFixture[str], error: BaseException, status: int, said: str
) -> None:
    assert ended(lambda: raising(error), interrupted="nothing was changed") == status
    assert capsys.readouterr().err == said


def test_what_a_command_returns_is_its_status() -> None:
    assert ended(lambda: 7, interrupted="") == 7


def test_a_fault_of_the_program_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        ended(lambda: 1 // 0, interrupted="")


def test_a_wrong_setting_is_named_without_its_value(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FETCH_DELAY", "s3cret")
    with pytest.raises(ValidationError):
        FetchSettings()

    assert main(["fetch"]) == 2
    err = capsys.readouterr().err
    assert err.startswith("error: FETCH_DELAY: ")
    assert "s3cret" not in err


def test_trust_names_a_publisher_that_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["discover", "rtes", "--write", "--trust", "RTSE"]) == 2
    assert capsys.readouterr().err == "error: --trust RTSE: expected RNCRPV or RTES\n"
