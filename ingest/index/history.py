"""The builds of an index as an operator sees them: listed, rolled back to, pruned.

In: the folder that holds `current`. Refused (IndexMissing): no such folder, a build that is not there or not whole;
(BuildError) while a build is running.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import IndexMismatch, IndexMissing
from ingest.index.builds import (
    MANIFEST,
    Manifest,
    Verdict,
    build_age,
    build_folders,
    only_builder,
    point_to,
    served_name,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A build as it lies in its index; `manifest` is None when it was cut off, `fault` says what is wrong with it."""

    name: str
    served: bool
    manifest: Manifest | None
    verdict: Verdict | None
    fault: str = ""

    @property
    def fit(self) -> bool:
        """Whether it is whole and no gate refuses it."""
        return self.manifest is not None and (self.verdict is None or self.verdict.admits)


def list_builds(index: Path) -> tuple[Listed, ...]:
    """Every build of `index`, oldest first. Raises IndexMissing when there is no such folder."""
    if not index.is_dir():
        raise IndexMissing(f"{index}: no such folder (run: python -m ingest build --index {index})")
    served = served_name(index)
    return tuple(_listed(folder, served) for folder in sorted(build_folders(index), key=build_age))


def roll_back(index: Path, name: str | None = None) -> str:
    """Serve the build called `name`, or else the newest whole one that was made before the served one; its name.

    Without a name, a build that the gate refused is passed over. Raises IndexMissing when there is none such.
    """
    builds = list_builds(index)
    if name is None:
        place = next((number for number, build in enumerate(builds) if build.served), len(builds))
        fit = [build.name for build in builds[:place] if build.fit]
        if not fit:
            raise IndexMissing(f"{index}: no build before the served one (see: python -m ingest list --index {index})")
        name = fit[-1]
    chosen = next((build for build in builds if build.name == name), None)
    if chosen is None or chosen.manifest is None:
        found = chosen.fault if chosen else ", ".join(build.name for build in builds) or "no builds"
        raise IndexMissing(f"{index}: {name!r} is no whole build, found: {found}")
    with only_builder(index):
        point_to(index, name)
    return name


def prune(index: Path, *, keep: int) -> tuple[str, ...]:
    """Remove all but the served build and the `keep` newest others that are whole and admitted; names of what went."""
    list_builds(index)  # holding an index that is not there would make it
    with only_builder(index):
        builds = [build for build in list_builds(index) if not build.served]
        fit = [build.name for build in builds if build.fit]
        kept = fit[len(fit) - keep :] if keep else []
        gone = tuple(build.name for build in builds if build.name not in kept)
        for name in gone:
            shutil.rmtree(index / name)
    return gone


def _listed(folder: Path, served: str) -> Listed:
    manifest, fault = None, ""
    try:
        manifest = Manifest.read(folder)
    except IndexMismatch as error:
        fault = str(error) if (folder / MANIFEST).exists() else "cut off before it was whole"
    return Listed(
        name=folder.name, served=folder.name == served, manifest=manifest, verdict=Verdict.read(folder), fault=fault
    )
