"""What stops a release before anything is run, what is written at its end, and in which order `make release` goes."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from evals.cli import main
from evals.release import Papers

ROOT = Path(__file__).resolve().parents[1]
PROJECT = '[project]\nname = "rtes-assistant"\nversion = "1.2.3"\n\n[tool.mypy]\npython_version = "3.11"\n'
CHANGELOG = (
    "# Changelog\n\n## [Unreleased]: soon\n\n### Added\n\n- Something.\n\n## [1.2.3] - 2024-01-01\n\n- The first.\n"
)
PAPERS = Papers(project=PROJECT, changelog=CHANGELOG)


def git(folder: Path, *words: str) -> None:
    own = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", str(folder), *own, *words], check=True, capture_output=True)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A clean checkout at 1.2.3."""
    PAPERS.save(tmp_path)
    git(tmp_path, "init")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--message", "First")
    git(tmp_path, "tag", "v1.2.3")
    return tmp_path


def release(step: str, version: str, checkout: Path) -> int:
    return main(["release", step, version, "--root", str(checkout)])


@pytest.mark.parametrize("version", ["1.2.4", "1.3.0", "2.0.0", "1.2.10", "10.0.0"])
def test_a_newer_version_may_be_released_from_a_clean_checkout(checkout: Path, version: str) -> None:
    assert release("check", version, checkout) == 0


@pytest.mark.parametrize("version", ["", "1.2", "v1.2.4", "1.2.4-rc.1", "01.2.4", "1.2.4 ", "soon"])
def test_what_is_no_version_is_refused(version: str) -> None:
    (message,) = PAPERS.faults(version)
    assert message == f"VERSION is {version!r}, expected x.y.z (semantic versioning), such as 1.4.0"


@pytest.mark.parametrize("version", ["1.2.3", "1.2.2", "0.9.9"])
def test_a_version_that_is_not_newer_is_refused(version: str) -> None:
    (message,) = PAPERS.faults(version)
    assert message == f"VERSION is {version}, expected one newer than 1.2.3 (pyproject.toml)"


def test_the_first_version_is_the_one_that_pyproject_begins_with() -> None:
    never = Papers(project=PROJECT, changelog="## [Unreleased]: 1.2.3\n\n- Something.\n")
    assert never.faults("1.2.3") == []
    assert len(never.faults("1.2.2")) == 1


@pytest.mark.parametrize(
    ("changelog", "message"),
    [
        ("# Changelog\n", "has 0 headings"),
        ("## [Unreleased]\n\n- A.\n\n## [Unreleased]\n\n- B.\n", "has 2 headings"),
        ("## [Unreleased]\n\n### Added\n\n## [1.2.3] - 2024-01-01\n\n- The first.\n", "says nothing under"),
    ],
)
def test_a_changelog_that_says_nothing_of_the_version_is_refused(changelog: str, message: str) -> None:
    (found,) = Papers(project=PROJECT, changelog=changelog).faults("1.2.4")
    assert message in found


def test_all_faults_are_listed_at_once(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    git(checkout, "tag", "v1.0.0")
    (checkout / "new.txt").write_text("x", encoding="utf-8")

    assert release("check", "1.0.0", checkout) == 1

    assert capsys.readouterr().err.splitlines() == [
        "VERSION is 1.0.0, expected one newer than 1.2.3 (pyproject.toml)",
        "git has the tag v1.0.0 already, expected another VERSION",
        "1 files wait to be committed (new.txt): commit them or take them back",
    ]


def test_the_version_is_written_and_nothing_is_committed(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert release("write", "1.3.0", checkout) == 0

    assert "git tag v1.3.0" in capsys.readouterr().out
    project = (checkout / "pyproject.toml").read_text(encoding="utf-8")
    assert project == PROJECT.replace("1.2.3", "1.3.0")
    changelog = (checkout / "CHANGELOG.md").read_text(encoding="utf-8")
    dated = r"# Changelog\n\n## \[Unreleased\]\n\n## \[1\.3\.0\] - \d{4}-\d\d-\d\d\n\n### Added\n\n- Something\.\n"
    assert re.match(dated, changelog)
    assert changelog.endswith("\n\n## [1.2.3] - 2024-01-01\n\n- The first.\n")
    log = subprocess.run(["git", "-C", str(checkout), "log", "--format=%s"], check=True, capture_output=True, text=True)
    assert log.stdout == "First\n"
    assert release("write", "1.3.0", checkout) == 1


# In their order: what `make release` calls.
STEPS = (
    "python -m evals release check 1.2.3",
    "ruff format --check .",
    "ruff check .",
    "mypy",
    "lint-imports",
    "python -m pytest",
    "python -m evals gate --keep 1.2.3 --raise --readme",
    "python -m evals report 1.2.3 --output var/report-1.2.3.html",
    "python -m evals release write 1.2.3",
)


def made_release(folder: Path, *, red: str = "") -> tuple[int, list[str]]:
    """`make release` where all programs only say that they were called, and the one called `red` fails."""
    (folder / ".venv" / "bin").mkdir(parents=True)
    shutil.copy(ROOT / "Makefile", folder)
    for name in ("requirements.lock", "requirements-dev.lock", ".venv/.installed", ".venv/.installed-dev"):
        (folder / name).touch()
    for name in ("python", "ruff", "mypy", "lint-imports"):
        program = folder / ".venv" / "bin" / name
        program.write_text(
            f'#!/bin/sh\ncalled=$(echo "{name} $*" | sed "s/ *$//")\necho "$called" >> called\n[ "$called" != "{red}" ]\n',
            encoding="utf-8",
        )
        program.chmod(0o755)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    done = subprocess.run(
        ["make", "release", "VERSION=1.2.3"], cwd=folder, env=environment, check=False, capture_output=True
    )
    return done.returncode, (folder / "called").read_text(encoding="utf-8").splitlines()


def test_make_release_goes_from_the_check_to_the_papers(tmp_path: Path) -> None:
    assert made_release(tmp_path) == (0, list(STEPS))


@pytest.mark.parametrize("red", STEPS)
def test_make_release_stops_at_the_first_red(tmp_path: Path, red: str) -> None:
    code, called = made_release(tmp_path, red=red)

    assert code != 0
    assert called == list(STEPS[: STEPS.index(red) + 1])
