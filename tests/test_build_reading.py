"""Readers of their own: what one bad file costs, and that it costs the others nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # comes without types
import pytest

from ingest.document import Publication
from ingest.reading import Limits, Outcome, read_parallel

ROOT = Path(__file__).resolve().parents[1]
SECONDS = 30.0


def publication(name: str) -> Publication:
    return Publication(id=name, title=name, publisher="RTES", file=f"{name}.txt")


def read(corpus: Path, names: list[str], limits: Limits) -> dict[str, Outcome]:
    outcomes = read_parallel(corpus, [publication(name) for name in names], limits)
    return {names[outcome.number]: outcome for outcome in outcomes}


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    for name in ("un", "deux", "trois"):
        (tmp_path / f"{name}.txt").write_text(f"La commune numéro {name} agit.\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def slow(corpus: Path) -> str:
    """A file that takes minutes to read."""
    # OCR's damage in every sentence: repairing so much of it takes far longer than any test waits.
    (corpus / "attente.txt").write_text("U'ESS favorise le developpement des temitoires. " * 40_000, encoding="utf-8")
    return "attente"


def readers(parent: int) -> Iterator[psutil.Process]:
    for process in psutil.Process(parent).children(recursive=True):
        if "ingest.reader_process" in process.cmdline():
            yield process


def until(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + SECONDS
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def test_every_publication_has_one_outcome_whatever_the_number_of_readers(corpus: Path) -> None:
    for workers in (1, 2, 7):
        outcomes = read(corpus, ["un", "absent", "deux", "trois"], Limits(workers=workers))

        documents = {name: outcome.document for name, outcome in outcomes.items()}
        assert documents.keys() == {"un", "absent", "deux", "trois"}
        assert documents["absent"] is None
        assert "absent.txt: No such file" in outcomes["absent"].reason
        for name in ("un", "deux", "trois"):
            document = documents[name]
            assert document is not None
            assert document.text.strip() == f"La commune numéro {name} agit."
            assert document.publication == publication(name)
            assert document.blocks


def test_a_file_that_takes_too_long_is_given_up_and_the_others_are_read(corpus: Path, slow: str) -> None:
    outcomes = read(corpus, ["un", slow, "deux", "trois"], Limits(workers=1, seconds=1.5))

    assert outcomes[slow].reason == "attente.txt: not read within 1.5 s (see READ_TIMEOUT)"
    assert all(outcomes[name].document for name in ("un", "deux", "trois"))


def test_a_file_that_needs_too_much_memory_is_given_up_and_the_others_are_read(corpus: Path) -> None:
    with (corpus / "enorme.txt").open("wb") as file:
        file.truncate(3 * 2**30)

    outcomes = read(corpus, ["un", "enorme", "deux"], Limits(workers=1, memory_mb=256))

    assert "enorme.txt: " in outcomes["enorme"].reason
    assert "READ_MEMORY_MB" in outcomes["enorme"].reason
    assert all(outcomes[name].document for name in ("un", "deux"))


@pytest.mark.parametrize("how", [signal.SIGSEGV, signal.SIGKILL])
def test_a_reader_that_crashes_costs_its_file_alone(corpus: Path, slow: str, how: signal.Signals) -> None:
    def crash() -> None:
        until(lambda: any(readers(os.getpid())))
        for process in list(readers(os.getpid())):
            process.send_signal(how)

    thread = threading.Thread(target=crash)
    thread.start()
    outcomes = read(corpus, [slow, "un", "deux"], Limits(workers=1, seconds=SECONDS))
    thread.join()

    assert outcomes[slow].reason == f"attente.txt: the reader was stopped by {how.name} at this file"
    assert all(outcomes[name].document for name in ("un", "deux"))


def test_no_reader_is_left_when_the_reading_is_given_up(corpus: Path, slow: str) -> None:
    outcomes = read_parallel(corpus, [publication(name) for name in ("un", slow)], Limits(workers=2))
    next(iter(outcomes))
    outcomes.close()  # type: ignore[attr-defined]  # it is a generator

    assert not list(readers(os.getpid()))


def test_readers_end_when_the_builder_is_killed(corpus: Path, slow: str) -> None:
    script = (
        "import sys; from pathlib import Path\n"
        "from ingest.document import Publication\n"
        "from ingest.reading import Limits, read_parallel\n"
        "p = Publication(id='a', title='a', publisher='RTES', file=sys.argv[2])\n"
        "list(read_parallel(Path(sys.argv[1]), [p], Limits()))\n"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(corpus), f"{slow}.txt"], cwd=ROOT) as builder:
        assert until(lambda: any(readers(builder.pid)))
        (reader,) = readers(builder.pid)
        builder.kill()

    assert until(lambda: not reader.is_running() or reader.status() == psutil.STATUS_ZOMBIE)
