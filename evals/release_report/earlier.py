"""A kept run -> the last one before it. Which came first says the time in `environment.json`: names may be anything, and a
checkout gives every file the same age. A run without its time is before and after nothing.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from evals.kept_lines import RunError
from evals.runs import KeptRun


def made_at(environment: object, where: Path) -> datetime | None:
    """The time of a run by what its `environment.json` holds. Raises RunError, naming `where`, for one that is no time."""
    if not isinstance(environment, dict):
        raise RunError(f"{where}: is {type(environment).__name__}, expected an object")
    text = environment.get("made_at")
    if text is None:
        return None
    try:
        time = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        time = None
    if time is None or time.tzinfo is None:
        raise RunError(f"{where}: made_at is {text!r}, expected a time such as 2024-05-31T12:00:00+00:00")
    return time


def last_before(run: KeptRun, home: Path) -> str | None:
    """The name of the newest run in `home` that was made before `run`; None where none is known.

    Raises RunError for a run whose time cannot be read, for it may be the one.
    """
    now = made_at(run.environment, run.folder / "environment.json")
    if now is None:
        return None
    files = [
        folder / "environment.json" for folder in sorted(home.glob("[!.]*")) if folder.resolve() != run.folder.resolve()
    ]
    times = {file.parent.name: made_at(_read(file), file) for file in files if file.is_file()}
    earlier = [(time, name) for name, time in times.items() if time is not None and time < now]
    return max(earlier)[1] if earlier else None


def _read(file: Path) -> object:
    try:
        value: object = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RunError(f"{file}: cannot be read: {error} (name the run to compare with: --against)") from error
    return value
