"""`python -m ingest list|rollback|prune`, and what becomes of builds that a gate refused or that were cut off."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.build import BuildOptions, BuildReport, build_index
from ingest.cli import main
from ingest.index.builds import Verdict, current_build, only_builder
from ingest.index.embedder import Embedder
from ingest.index.index import Index
from tests.corpora import write_corpus

GREEN = Verdict(green=True, lines=("gate: all floors hold",))
RED = Verdict(green=False, lines=("gate: floor broken: hit@5 is 0.5, expected at least 0.97",))


class Project:
    """An index of a small corpus, to which builds are added a minute apart."""

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        self.index = folder / "index"
        self._corpus = write_corpus(folder / "corpus", {"jardin": "Le jardin partagé de Dijon produit des légumes."})
        self._embedder = embedder
        self._minute = 0

    def build(self, verdict: Verdict | None = None, force: str | None = None) -> BuildReport:
        self._minute += 1
        options = BuildOptions(
            created=datetime(2026, 1, 1, 12, self._minute, tzinfo=UTC),
            gate=(lambda _index, _build: verdict) if verdict else None,
            force=force,
        )
        return build_index(self._corpus, self.index, self._embedder, options=options)

    def run(self, *words: str) -> int:
        return main([*words, "--index", str(self.index)])

    @property
    def names(self) -> set[str]:
        return {path.name for path in self.index.iterdir() if path.is_dir()}

    @property
    def served(self) -> str:
        return current_build(self.index).name


@pytest.fixture
def project(tmp_path: Path, embedder: Embedder) -> Project:
    return Project(tmp_path, embedder)


def test_a_refused_build_is_not_served_stays_to_be_looked_at_and_goes_with_the_next(project: Project) -> None:
    first = project.build(GREEN)
    refused = project.build(RED)

    assert (first.served, refused.served) == (True, False)
    assert project.served == first.build
    assert project.names == {first.build, refused.build}
    kept = json.loads((project.index / refused.build / "gate.json").read_text(encoding="utf-8"))
    assert kept == {"green": False, "lines": list(RED.lines), "forced": None}
    assert json.loads((project.index / refused.build / "report.json").read_text(encoding="utf-8"))["served"] is False
    again = project.build(GREEN)
    assert project.names == {first.build, again.build}


def test_a_first_build_that_is_refused_leaves_nothing_served(project: Project) -> None:
    refused = project.build(RED)

    assert project.names == {refused.build}
    assert not (project.index / "current").exists()
    assert project.build(GREEN).served
    assert refused.build not in project.names


def test_a_forced_build_is_served_and_keeps_its_reason(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    forced = project.build(RED, force="La correction ne peut attendre.")

    assert project.served == forced.build
    assert project.run("list") == 0
    assert "gate: red, forced: La correction ne peut attendre." in capsys.readouterr().out


def test_a_gate_sees_a_whole_candidate_that_is_not_served(tmp_path: Path, embedder: Embedder) -> None:
    corpus = write_corpus(tmp_path / "corpus")
    seen: list[tuple[int, bool]] = []

    def gate(index: Path, build: str) -> Verdict:
        opened = Index.open_build(index / build, embedder)
        seen.append((len(opened.passages), (index / "current").exists()))
        return GREEN

    build_index(corpus, tmp_path / "index", embedder, options=BuildOptions(gate=gate))

    assert seen == [(2, False)]


def test_list_names_every_build_and_marks_the_served_one(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    names = [project.build(GREEN).build, project.build().build, project.build(RED).build]
    (project.index / "20260101T130000Z-00000000").mkdir()

    assert project.run("list") == 0

    head, *rows, foot = capsys.readouterr().out.splitlines()
    assert head.split() == ["build", "made", "publications", "passages", "windows"]
    assert [row[2:].split()[0] for row in rows[:3]] == names
    assert [row[0] for row in rows] == [" ", "*", " ", " "]
    assert rows[0].split()[-5:] == ["1", "1", "1", "gate:", "green"]
    assert rows[2].endswith("gate: red")
    assert "cut off" in rows[3]
    assert foot == "* is served"


def test_rollback_serves_the_build_before_and_passes_over_refused_ones(project: Project, embedder: Embedder) -> None:
    first = project.build().build
    project.build(RED)
    second = project.build().build
    assert project.served == second

    assert project.run("rollback") == 0

    assert project.served == first
    assert Index.open(project.index, embedder).manifest.build == first
    assert project.run("rollback", second) == 0
    assert project.served == second


def test_rollback_to_nothing_or_to_what_is_no_build_changes_nothing(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    only = project.build().build
    cut_off = project.index / "20260101T130000Z-00000000"
    cut_off.mkdir()

    for words in ((), ("../corpus",), (cut_off.name,), ("20250101T130000Z-00000000",)):
        assert project.run("rollback", *words) == 1
        assert "error: " in capsys.readouterr().err
    assert project.served == only


def test_prune_keeps_the_served_build_and_as_many_as_it_is_told(project: Project) -> None:
    first, second = project.build().build, project.build().build
    refused = project.build(RED).build
    (project.index / "precious").mkdir()

    assert project.run("prune", "--keep", "1") == 0
    assert project.names == {first, second, "precious"}
    assert refused not in project.names
    assert project.run("prune", "--keep", "0") == 0
    assert project.names == {second, "precious"}


def test_prune_and_rollback_wait_for_no_running_build(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = project.build().build, project.build().build

    with only_builder(project.index):
        assert project.run("prune", "--keep", "0") == 1
        assert project.run("rollback") == 1

    assert capsys.readouterr().err.count("another build is running") == 2
    assert (project.served, project.names) == (second, {first, second})


@pytest.mark.parametrize("words", [("prune", "--keep", "-1"), ("prune", "--keep", "x"), ("list", "more")])
def test_wrong_usage_is_refused_with_status_2(project: Project, words: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as stop:
        project.run(*words)
    assert stop.value.code == 2


@pytest.mark.parametrize("command", ["list", "rollback", "prune"])
def test_an_index_that_is_not_there_is_named(tmp_path: Path, command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "--index", str(tmp_path / "none")]) == 1
    assert f"error: {tmp_path / 'none'}: no such folder" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()


def test_the_build_before_stays_when_the_served_one_was_rolled_back(project: Project) -> None:
    first, second = project.build().build, project.build().build
    project.run("rollback")
    third = project.build().build

    assert project.served == third
    assert len(project.names) == 2
    assert project.names - {third} <= {first, second}
    shutil.rmtree(project.index / third)
    assert project.run("rollback") == 0
