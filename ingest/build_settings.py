"""What the operator decides about building, read from the environment.

In: environment variables of the fields' names, in capitals. Out: one frozen value, made by entry points and passed in.
Refused (pydantic's ValidationError): a value of the wrong type or out of bounds, a keyword argument that is no field.
"""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from ingest.reading import Limits
from ingest.settings import ROOT
from ingest.windows import WindowKind


class BuildSettings(BaseSettings):
    """How files are read and what of a passage is embedded. An empty variable counts as unset."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid", env_ignore_empty=True)

    read_workers: int = Field(default=0, ge=0, description="processes that read files; 0: as many as there are cores")
    read_timeout: float = Field(
        default=120.0,
        gt=0,
        description="seconds after which a file is given up; time in which tesseract works counts a tenth",
    )
    read_memory_mb: int = Field(
        default=1024, ge=128, description="megabytes of memory beyond which a file is given up, tesseract's included"
    )
    read_cache: Path = Field(
        default=ROOT / "var" / "cache" / "documents",
        description="folder of what was read, so that unchanged files are not read again",
    )
    index_windows: WindowKind = Field(
        default=WindowKind.SENTENCE,
        description="what a passage is found by: `sentence`, each of its sentences, or `passage`, the whole (half the time)",
    )

    @property
    def limits(self) -> Limits:
        """The bounds of reading, for this machine."""
        return Limits(
            workers=self.read_workers or _cores(),
            seconds=self.read_timeout,
            memory_mb=self.read_memory_mb,
        )


def _cores() -> int:
    """Those that this process may use, where the system tells."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
