"""Folders made once: kept, made again when damaged, and whole whatever happened to those who made them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ingest.index.unpacked import made_once, remembered_sha256, sha256_of

_LATER_NS = 10**9

_MAKER_KILLED_HALF_WAY = """
import os, signal, sys
from pathlib import Path
from ingest.index.unpacked import made_once

def make(folder):
    (folder / "weights").write_bytes(b"half of i")
    os.kill(os.getpid(), signal.SIGKILL)

made_once(Path(sys.argv[1]), "model", make)
"""

_SLOW_MAKER = """
import sys, time
from pathlib import Path
from ingest.index.unpacked import made_once

def make(folder):
    with (Path(sys.argv[1]).parent / "makers").open("a") as log:
        log.write("one\\n")
    time.sleep(0.5)
    (folder / "weights").write_bytes(b"whole")

print((made_once(Path(sys.argv[1]), "model", make) / "weights").read_text())
"""


class Maker:
    """Fills a folder as an unpacker does, and counts how often it was asked to."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, folder: Path) -> None:
        self.calls += 1
        (folder / "weights").write_bytes(b"whole")
        (folder / "part").mkdir()
        (folder / "part" / "config.json").write_text("{}")


def test_folder_is_made_once_and_found_again(tmp_path: Path) -> None:
    make = Maker()
    first = made_once(tmp_path / "cache", "model", make)
    second = made_once(tmp_path / "cache", "model", make)
    assert first == second == tmp_path / "cache" / "model"
    assert make.calls == 1
    assert (first / "weights").read_bytes() == b"whole"
    assert (first / "part" / "config.json").read_text() == "{}"


@pytest.mark.parametrize("damage", ["changed", "cut", "missing", "added", "no record", "unreadable record"])
def test_damaged_folder_is_made_again(tmp_path: Path, damage: str) -> None:
    make = Maker()
    folder = made_once(tmp_path, "model", make)
    match damage:
        case "changed":
            (folder / "weights").write_bytes(b"wh0le")
        case "cut":
            os.truncate(folder / "weights", 2)
        case "missing":
            (folder / "part" / "config.json").unlink()
        case "added":
            (folder / "more").touch()
        case "no record":
            (folder / "checksums.json").unlink()
        case "unreadable record":
            (folder / "checksums.json").write_text('{"weights": ')
    made_once(tmp_path, "model", make)
    assert make.calls == 2
    assert (folder / "weights").read_bytes() == b"whole"
    assert sorted(path.name for path in folder.rglob("*")) == ["checksums.json", "config.json", "part", "weights"]


def test_silent_damage_is_found_when_asked_to_read_everything(tmp_path: Path) -> None:
    make = Maker()
    weights = made_once(tmp_path, "model", make) / "weights"
    before = weights.stat()
    weights.write_bytes(b"wh0le")
    os.utime(weights, ns=(before.st_atime_ns, before.st_mtime_ns))
    made_once(tmp_path, "model", make)
    assert make.calls == 1
    made_once(tmp_path, "model", make, fully=True)
    assert make.calls == 2


def test_folder_that_was_copied_elsewhere_is_checked_and_kept(tmp_path: Path) -> None:
    make = Maker()
    weights = made_once(tmp_path, "model", make) / "weights"
    os.utime(weights, ns=(0, weights.stat().st_mtime_ns + _LATER_NS))
    made_once(tmp_path, "model", make)
    assert make.calls == 1


def test_maker_killed_half_way_leaves_nothing_in_the_way(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _MAKER_KILLED_HALF_WAY, str(tmp_path)]
    killed = subprocess.run(command, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert list(tmp_path.glob(".model.*.part"))
    folder = made_once(tmp_path, "model", Maker())
    assert (folder / "weights").read_bytes() == b"whole"
    assert not list(tmp_path.glob(".model.*.part"))


def test_two_processes_at_once_make_it_once_and_both_get_it(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _SLOW_MAKER, str(tmp_path / "cache")]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert [process.communicate()[0] for process in both] == ["whole\n", "whole\n"]
    assert [process.returncode for process in both] == [0, 0]
    assert (tmp_path / "makers").read_text() == "one\n"


def test_maker_that_fails_leaves_the_folder_for_another(tmp_path: Path) -> None:
    def fail(folder: Path) -> None:
        (folder / "weights").write_bytes(b"half")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        made_once(tmp_path, "model", fail)
    assert not (tmp_path / "model").exists()
    assert (made_once(tmp_path, "model", Maker()) / "weights").read_bytes() == b"whole"


def test_checksum_is_remembered_until_the_file_changes(tmp_path: Path) -> None:
    source, note = tmp_path / "source", tmp_path / "cache" / "note.json"
    source.write_bytes(b"one")
    assert remembered_sha256(source, note) == sha256_of(source)
    note.write_text(note.read_text().replace(sha256_of(source), "remembered"))
    assert remembered_sha256(source, note) == "remembered"
    source.write_bytes(b"other")
    assert remembered_sha256(source, note) == sha256_of(source)
    note.write_text("{")
    assert remembered_sha256(source, note) == sha256_of(source)
