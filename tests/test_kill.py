"""A build that ends before its time - killed, without room, without permission - changes nothing; the next one finishes."""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from ingest.build import BuildOptions, build_index
from ingest.errors import BuildError
from ingest.index.builds import current_build
from ingest.index.index import Index
from tests.corpora import TEXTS, HashEmbedder, write_corpus

ROOT = Path(__file__).resolve().parents[1]
MORE = {f"p{i}": f"Le projet numéro {i} naît à Rennes, avec ses habitants." for i in range(30)}
STAGES = ("reading", "cutting", "taking over", "embedding", "writing", "checking")
MOMENTS = 20


class Builder:
    """The program `tests.builder` over the folders `corpus`, `cache` and `index` of `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        words = [sys.executable, "-m", "tests.builder", *(str(folder / name) for name in ("corpus", "cache", "index"))]
        self._process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, text=True)
        assert self.line() == "ready"

    def line(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline().strip()

    def begin(self) -> int:
        """Start a build; its process."""
        assert self._process.stdin
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return int(self.line().removeprefix("pid "))

    def until(self, start: str) -> str:
        """The next line that starts so."""
        while not (line := self.line()).startswith(start):
            assert line, "the builder is gone"
        return line

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()


@pytest.fixture
def builder(tmp_path: Path) -> Iterator[Builder]:
    """An index of two texts, and a corpus that has grown since."""
    corpus = write_corpus(tmp_path / "corpus")
    build_index(corpus, tmp_path / "index", HashEmbedder())
    write_corpus(corpus, {**TEXTS, **MORE})
    builder = Builder(tmp_path)
    yield builder
    builder.close()


def assert_whole(folder: Path) -> None:
    """The served index opens, and is the one of before or the one of now."""
    served = Index.open(folder / "index", HashEmbedder())
    assert len(served.passages) == served.manifest.passages
    assert len(served.publications) in {len(TEXTS), len(TEXTS) + len(MORE)}


def assert_next_finishes(folder: Path) -> None:
    report = build_index(
        folder / "corpus", folder / "index", HashEmbedder(), options=BuildOptions(cache=folder / "cache")
    )
    assert (report.publications, report.served) == (len(TEXTS) + len(MORE), True)
    assert all((path / "manifest.json").is_file() for path in (folder / "index").iterdir() if path.is_dir())


def test_killed_as_each_stage_begins(builder: Builder) -> None:
    before = current_build(builder.folder / "index")
    for stage in STAGES:
        child = builder.begin()
        builder.until(stage)
        os.kill(child, signal.SIGKILL)

        assert builder.until("ended") == f"ended {-signal.SIGKILL}"
        assert current_build(builder.folder / "index") == before
        assert_whole(builder.folder)
    assert_next_finishes(builder.folder)


def test_killed_at_random_moments(builder: Builder) -> None:
    """Each kill falls upon what the one before left behind; now and then a build is done before it is killed."""
    moments = random.Random(20261123)  # noqa: S311  # the same moments each time
    start = time.monotonic()
    builder.begin()
    assert builder.until("ended") == "ended 0"
    lasts = time.monotonic() - start
    for _ in range(MOMENTS):
        shutil.rmtree(builder.folder / "cache")
        child = builder.begin()
        time.sleep(lasts * moments.random())
        with suppress(ProcessLookupError):  # done, and gone, before the kill
            os.kill(child, signal.SIGKILL)

        assert builder.until("ended") in {"ended 0", f"ended {-signal.SIGKILL}"}
        assert_whole(builder.folder)
        (builder.folder / "cache").mkdir(exist_ok=True)
    assert_next_finishes(builder.folder)


@pytest.mark.parametrize("kilobytes", [1, 100])
def test_a_disk_that_is_full_is_told_and_changes_nothing(builder: Builder, kilobytes: int) -> None:
    """No file may grow beyond a bound: what is written first, and what is written last, meets it."""
    before = current_build(builder.folder / "index")
    lasting = sorted(path.name for path in (builder.folder / "index").iterdir() if path.is_dir())
    child = builder.begin()
    resource.prlimit(child, resource.RLIMIT_FSIZE, (kilobytes * 1024, kilobytes * 1024))

    message = builder.until("error: ")

    assert builder.until("ended") == "ended 1"
    assert "is there room" in message
    assert current_build(builder.folder / "index") == before
    assert sorted(path.name for path in (builder.folder / "index").iterdir() if path.is_dir()) == lasting
    assert_whole(builder.folder)
    assert_next_finishes(builder.folder)


def test_a_folder_that_may_not_be_written_to_is_told_and_stays_as_it_is(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus")
    # Nobody may make a folder there, not even root.
    for place in (Path("/proc/index"), corpus / "jardin.txt" / "index"):
        with pytest.raises(BuildError, match="expected a folder that can be written to"):
            build_index(corpus, place, HashEmbedder())


def test_a_cache_that_may_not_be_written_to_is_told_and_nothing_is_served(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus")

    with pytest.raises(BuildError, match=r"/proc/cache.*nothing was changed"):
        build_index(corpus, tmp_path / "index", HashEmbedder(), options=BuildOptions(cache=Path("/proc/cache")))

    assert not (tmp_path / "index" / "current").exists()
    assert not [path for path in (tmp_path / "index").iterdir() if path.is_dir()]
