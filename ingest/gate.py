"""The evals' gate, asked as a program (`python -m evals gate`): imports stay one way.

In: an index and the name of one of its builds, served or not. Out: a Verdict with the lines that the gate printed. A gate
that cannot find out, or does not end, refuses.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from ingest.index.builds import Verdict
from ingest.programs import environment

# The project's own questions take a minute.
_SECONDS = 3600.0
# Of a gate that failed, the end says why.
_LAST_LINES = 20


def evals_gate(*, questions: Path | None = None, floors: Path | None = None) -> partial[Verdict]:
    """The gate over these questions and floors, the project's own where none are given."""
    options: list[str] = []
    for name, path in (("--questions", questions), ("--floors", floors)):
        options += [name, str(path)] if path else []
    return partial(_ask, options)


def _ask(options: Sequence[str], index: Path, build: str) -> Verdict:
    command = [sys.executable, "-m", "evals", "gate", "--index", str(index), "--build", build, *options]
    try:
        done = subprocess.run(  # noqa: S603  # our own module
            command, capture_output=True, text=True, check=False, timeout=_SECONDS, env=environment()
        )
    except subprocess.TimeoutExpired:
        return Verdict(green=False, lines=(f"the gate did not end within {_SECONDS:g} s",))
    said = done.stdout.splitlines()
    if done.returncode != 0 and not said:
        said = done.stderr.splitlines()[-_LAST_LINES:]
    return Verdict(green=done.returncode == 0, lines=tuple(said))
