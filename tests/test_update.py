"""`python -m ingest update`: every step is run, whatever became of the one before, and one summary ends it."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import pytest

from ingest.build import build_index
from ingest.cli import main
from ingest.index.embedder import Embedder
from ingest.update import add_update
from tests.corpora import write_corpus


class Commands:
    """Notes command lines; answers with the status that its name was given, 0 otherwise."""

    def __init__(self, **statuses: int) -> None:
        self.seen: list[list[str]] = []
        self._statuses = statuses

    def __call__(self, command: Sequence[str]) -> int:
        self.seen.append(list(command))
        status = self._statuses.get(command[0], 0)
        if status == 2:
            raise SystemExit(2)
        return status


def update(commands: Commands, *words: str) -> int:
    parser = argparse.ArgumentParser()
    add_update(parser.add_subparsers(), commands)
    arguments = parser.parse_args(["update", *words])
    return int(arguments.run(arguments))


@pytest.fixture
def corpus(tmp_path: Path) -> str:
    return str(write_corpus(tmp_path / "corpus"))


def test_sites_then_files_then_the_build_behind_the_gate(corpus: str) -> None:
    commands = Commands()

    assert update(commands, "--corpus", corpus, "--index", "i", "--trust", "RTES", "--since", "2024-01-01") == 0

    since = ["--since", "2024-01-01"]
    assert commands.seen == [
        ["discover", "rtes", "--write", "--corpus", corpus, *since, "--trust", "RTES"],
        ["discover", "rncrpv", "--write", "--corpus", corpus, *since],
        ["fetch", "--corpus", corpus],
        ["build", "--gate", "--if-stale", "--corpus", corpus, "--index", "i"],
    ]


@pytest.mark.parametrize(("command", "status"), [("discover", 1), ("fetch", 2), ("build", 1)])
def test_a_step_that_fails_stops_no_other_and_asks_for_a_person(
    corpus: str, command: str, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    commands = Commands(**{command: status})

    assert update(commands, "--corpus", corpus) == 1

    assert [words[0] for words in commands.seen] == ["discover", "discover", "fetch", "build"]
    out = capsys.readouterr().out
    assert f"needs a person (exit status {status})" in out
    assert out.endswith("update: something needs a person\n")


def test_proposed_lines_wait_for_an_editor(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    corpus = write_corpus(tmp_path / "corpus", access="proposed")

    assert update(Commands(), "--corpus", str(corpus)) == 1

    assert "2 proposed lines wait for an editor" in capsys.readouterr().out


def test_what_the_gate_is_told_goes_to_the_build(corpus: str) -> None:
    commands = Commands()
    update(commands, "--corpus", corpus, "--force", "urgent", "--questions", "q.jsonl", "--floors", "f.json")

    assert commands.seen[-1][-6:] == ["--force", "urgent", "--questions", "q.jsonl", "--floors", "f.json"]


def test_a_publisher_that_no_site_has_is_wrong_usage() -> None:
    with pytest.raises(SystemExit) as stop:
        main(["update", "--trust", "AUTRE"])
    assert stop.value.code == 2


def test_a_day_that_is_none_is_wrong_usage_before_any_step() -> None:
    commands = Commands()

    with pytest.raises(SystemExit) as stop:
        update(commands, "--since", "hier")

    assert stop.value.code == 2
    assert not commands.seen


def test_an_update_without_news_leaves_the_build_to_go_back_to(tmp_path: Path, embedder: Embedder) -> None:
    corpus, index = write_corpus(tmp_path / "corpus"), tmp_path / "index"
    build_index(write_corpus(tmp_path / "before", date="2022"), index, embedder)
    build_index(corpus, index, embedder)
    before = {path.name for path in index.iterdir()}

    def run(command: Sequence[str]) -> int:
        return main(command) if command[0] == "build" else 0

    for _ in range(2):
        parser = argparse.ArgumentParser()
        add_update(parser.add_subparsers(), run)
        arguments = parser.parse_args(["update", "--corpus", str(corpus), "--index", str(index)])
        assert arguments.run(arguments) == 0

    assert {path.name for path in index.iterdir()} == before
