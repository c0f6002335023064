"""Programs that tests need besides Python: a test that misses one is skipped with the reason, in CI it fails instead."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest


def needs(program: str, package: str) -> pytest.MarkDecorator:
    """Skips where `program` (a name, or a path) is missing; never where REQUIRE_ALL_TOOLS is set, as in `.ci/run`."""
    there = shutil.which(program) is not None or Path(program).exists()
    return pytest.mark.skipif(
        not there and not os.environ.get("REQUIRE_ALL_TOOLS"), reason=f"{program} is missing (Debian: {package})"
    )
