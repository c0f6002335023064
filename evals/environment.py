"""What a run was made with and when: a Run and where the code lies -> the object that `environment.json` of a kept run holds.

The commit is None where git does not answer, and marked where files differ from it.
"""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from evals.floors import sha256_of
from evals.runner import Run
from rag.answerability import MODEL_FILE as ANSWERABILITY
from rag.answerability import Answerability
from rag.compose.fitness import MODEL_FILE as FITNESS
from rag.compose.fitness import Fitness


def environment_of(run: Run, corpora: Sequence[Path], code: Path, now: datetime) -> dict[str, Any]:
    """`corpora` are the folders that were joined, `code` is the checkout; `now` tells later which run came before.

    Raises OSError when the questions are gone.
    """
    versions = run.report.versions
    return {
        "made_at": now.astimezone(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "machine": {"system": platform.platform(), "architecture": platform.machine(), "cores": os.cpu_count()},
        "commit": _commit(code),
        "packages": {one.metadata["Name"]: one.version for one in sorted(distributions(), key=_name)},
        "index": {
            "inputs_sha256": versions["inputs_sha256"],
            "embedder": versions["embedder"],
            "analyser": versions["analyser"],
            "passages": len(run.passages),
        },
        "models": {
            "answerability": {"sha256": sha256_of(ANSWERABILITY), "fitted_on": Answerability.load().fitted_on},
            "fitness": {"sha256": sha256_of(FITNESS), "fitted_on": Fitness.load().fitted_on},
        },
        # No model writes the answers, so there is no prompt either.
        "prompt": None,
        "questions": {
            "file": run.asked.file.name,
            "sha256": sha256_of(run.asked.file),
            "questions": len(run.judged),
            "follow_ups": len(run.asked.follow_ups),
        },
        "corpus": {"sha256": versions["corpus_sha256"], "folders": [folder.name for folder in corpora]},
    }


def _name(distribution: Any) -> str:  # noqa: ANN401
    return str(distribution.metadata["Name"]).casefold()


def _commit(code: Path) -> str | None:
    commit = _git(code, "rev-parse", "HEAD")
    if commit is None:
        return None
    return commit + ("-dirty" if _git(code, "status", "--porcelain", "--untracked-files=no") else "")


def _git(code: Path, *words: str) -> str | None:
    try:
        done = subprocess.run(  # noqa: S603  # our own words
            ["git", "-C", str(code), *words],  # noqa: S607  # where the machine has it
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
