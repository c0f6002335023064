"""`python -m evals release check|write VERSION`: may a version be released, and writing it down.

    check   VERSION is x.y.z and newer than that of pyproject.toml (or that one, never released), no tag has it, nothing waits
            to be committed, and CHANGELOG.md has something under "Unreleased"
    write   puts VERSION into pyproject.toml, gives the section "Unreleased" its version and date, and says what is to be
            committed and tagged; commits and tags nothing itself

`make release VERSION=x.y.z` runs the one before and the other after everything that may be red. All faults are listed at once.
Exit status 0, or 1 for a fault.
"""

from __future__ import annotations

import argparse
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
_VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
_PROJECT_VERSION = re.compile(r'^version = "([^"]*)"$', re.MULTILINE)
_UNRELEASED = re.compile(r"^## \[Unreleased\].*$", re.MULTILINE)


class ReleaseError(Exception):
    """A version cannot be released; `problems` are all reasons."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """What names the version: pyproject.toml and CHANGELOG.md."""

    project: str
    changelog: str

    @classmethod
    def of(cls, root: Path) -> Papers:
        """As they lie in the checkout. Raises OSError."""
        return cls(
            project=(root / "pyproject.toml").read_text(encoding="utf-8"),
            changelog=(root / "CHANGELOG.md").read_text(encoding="utf-8"),
        )

    def faults(self, version: str) -> list[str]:
        """Why they do not let the version be."""
        return [*self._of_version(version), *self._of_changelog()]

    def released(self, version: str, date: str) -> Papers:
        """With that version, of that day (YYYY-MM-DD). Raises ReleaseError."""
        problems = self.faults(version)
        if problems:
            raise ReleaseError(problems)
        return Papers(
            project=_PROJECT_VERSION.sub(f'version = "{version}"', self.project, count=1),
            changelog=_UNRELEASED.sub(f"## [Unreleased]\n\n## [{version}] - {date}", self.changelog, count=1),
        )

    def save(self, root: Path) -> None:
        """Raises OSError."""
        (root / "pyproject.toml").write_text(self.project, encoding="utf-8", newline="\n")
        (root / "CHANGELOG.md").write_text(self.changelog, encoding="utf-8", newline="\n")

    def _of_version(self, version: str) -> Iterator[str]:
        found = _PROJECT_VERSION.search(self.project)
        now = _VERSION.fullmatch(found[1]) if found else None
        wanted = _VERSION.fullmatch(version)
        if wanted is None:
            yield f"VERSION is {version!r}, expected x.y.z (semantic versioning), such as 1.4.0"
        if now is None:
            yield f"pyproject.toml: version is {found[1] if found else None!r}, expected x.y.z"
        if wanted is None or now is None:
            return
        # The version that pyproject.toml begins with has been released by nobody: there is no section of it.
        first = now[0] == version and f"\n## [{version}]" not in self.changelog
        if _numbers(wanted) <= _numbers(now) and not first:
            yield f"VERSION is {version}, expected one newer than {now[0]} (pyproject.toml)"
        elif f"\n## [{version}]" in self.changelog:
            yield f"CHANGELOG.md has a section {version} already"

    def _of_changelog(self) -> Iterator[str]:
        parts = _UNRELEASED.split(self.changelog)
        if len(parts) != 2:
            yield f"CHANGELOG.md has {len(parts) - 1} headings '## [Unreleased]', expected one"
            return
        said = re.split(r"^## ", parts[1], maxsplit=1, flags=re.MULTILINE)[0]
        if not any(line.strip() and not line.startswith("#") for line in said.splitlines()):
            yield "CHANGELOG.md says nothing under '## [Unreleased]', expected what a user notices of this version"


def add_release(commands: Any) -> None:  # noqa: ANN401
    """The sub-command, for the parser of `python -m evals`."""
    parser = commands.add_parser(
        "release", help="check that a version may be released, or write it down (make release)"
    )
    parser.add_argument("step", choices=("check", "write"), help="before everything that may be red, or after it")
    parser.add_argument("version", metavar="VERSION", help="x.y.z")
    parser.add_argument("--root", type=Path, default=ROOT, metavar="DIR", help="the checkout (default: this one)")
    parser.set_defaults(act=_release)


def _release(options: argparse.Namespace) -> int:
    papers, version, root = Papers.of(options.root), options.version, options.root
    if options.step == "check":
        problems = [*papers.faults(version), *_of_checkout(root, version)]
        if problems:
            raise ReleaseError(problems)
        print(f"{version} may be released if everything is green")
        return 0
    papers.released(version, datetime.now(UTC).date().isoformat()).save(root)
    print(f"{version} is in pyproject.toml and CHANGELOG.md. Look at what changed, then:")
    print("    git add pyproject.toml CHANGELOG.md README.md evals/floors.json evals/runs")
    print(f'    git commit --message "Release {version}"')
    print(f"    git tag v{version}")
    return 0


def _of_checkout(root: Path, version: str) -> Iterator[str]:
    tags = set(_git(root, "tag", "--list", version, f"v{version}"))
    if tags:
        yield f"git has the tag {', '.join(sorted(tags))} already, expected another VERSION"
    waiting = _git(root, "status", "--porcelain")
    if waiting:
        shown = ", ".join(line[3:] for line in waiting[:5]) + (" ..." if len(waiting) > 5 else "")
        yield f"{len(waiting)} files wait to be committed ({shown}): commit them or take them back"


def _git(root: Path, *words: str) -> list[str]:
    try:
        done = subprocess.run(  # noqa: S603  # our own words
            ["git", "-C", str(root), *words],  # noqa: S607  # where the machine has it
            capture_output=True,
            text=True,
            check=True,
            timeout=30,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise ReleaseError([f"{root}: git does not answer: {error}"]) from error
    return done.stdout.splitlines()


def _numbers(version: re.Match[str]) -> tuple[int, ...]:
    return tuple(int(number) for number in version.groups())
