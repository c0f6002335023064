"""The gate on a build as it lies in its index: what it says, and that `ingest build --gate` does as it says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import pytest

from evals.cli import main as evals
from ingest.build import build_index
from ingest.cli import main as ingest
from ingest.gate import evals_gate
from ingest.index.builds import current_build
from ingest.index.embedder import Embedder
from tests.corpora import TEXTS, write_corpus
from tests.test_evals_cli import question_line

QUESTIONS = (
    ("q001", "Qui produit des légumes à Dijon ?", "jardin", "Le jardin partagé de Dijon produit des légumes"),
    (
        "q002",
        "À qui la métropole réserve-t-elle du foncier ?",
        "foncier",
        "La métropole réserve du foncier aux structures",
    ),
    ("q003", "Quelle est la capitale de l'Australie ?", None, ""),
)


class Project:
    """A corpus and its index, a question set, floors that hold and floors that nothing can hold."""

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        self.corpus = write_corpus(folder / "corpus")
        self.index = folder / "index"
        self.questions = folder / "questions.jsonl"
        rows = [json.dumps(question_line(*row), ensure_ascii=False) for row in QUESTIONS]
        self.questions.write_text("\n".join(rows) + "\n", encoding="utf-8")
        self.low = self._floors(folder / "low.json", {"hit@5": 1.0})
        self.high = self._floors(folder / "high.json", {"hit@5": 1.1})
        self.build = build_index(self.corpus, self.index, embedder).build

    def _floors(self, path: Path, at_least: dict[str, float]) -> Path:
        digest = sha256(self.questions.read_bytes()).hexdigest()
        # The corpus is another one: a build with new publications is what the gate is for.
        row = {"questions_sha256": digest, "corpus_sha256": "0" * 64, "at_least": at_least, "at_most": {}}
        path.write_text(json.dumps(row), encoding="utf-8")
        return path

    def gate(self, floors: Path, *more: str) -> int:
        words = ("--index", str(self.index), "--questions", str(self.questions), "--floors", str(floors))
        return evals(["gate", *words, *more])

    def ingest(self, floors: Path, *more: str) -> int:
        words = ("--corpus", str(self.corpus), "--index", str(self.index), "--gate")
        return ingest(["build", *words, "--questions", str(self.questions), "--floors", str(floors), *more])


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Project:
    return Project(tmp_path_factory.mktemp("gate"), embedder)


def test_the_gate_is_green_on_a_build_that_keeps_the_floors(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    assert project.gate(project.low, "--build", project.build) == 0
    assert capsys.readouterr().out == "hit@5: 1.0000 (at least 1.0)\ngate: all floors hold\n"


def test_the_gate_names_the_floor_that_the_served_build_breaks(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    assert project.gate(project.high) == 1
    assert "gate: floor broken: hit@5 is 1.0000, expected at least 1.1" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["20250101T000000Z-00000000", "../corpus", ""])
def test_a_build_that_is_not_there_is_named(project: Project, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert project.gate(project.low, "--build", name) == 1
    assert f"no build called {name!r}" in capsys.readouterr().err


def _gate_of(folder: Path, texts: Mapping[str, str], embedder: Embedder, project: Project) -> int:
    write_corpus(folder / "corpus", texts)
    build_index(folder / "corpus", folder / "index", embedder)
    words = ("--index", str(folder / "index"), "--questions", str(project.questions), "--floors", str(project.low))
    return evals(["gate", *words])


def test_a_build_is_asked_the_questions_whose_evidence_it_may_hold(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str], embedder: Embedder
) -> None:
    assert _gate_of(tmp_path, {"jardin": TEXTS["jardin"]}, embedder, project) == 0
    assert "2 of 3 questions are for this build" in capsys.readouterr().err


def test_a_build_that_holds_no_evidence_at_all_is_refused(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str], embedder: Embedder
) -> None:
    assert _gate_of(tmp_path, {"autre": "La commune plante des arbres."}, embedder, project) == 1
    assert "holds the evidence of no question" in capsys.readouterr().err


def test_evidence_that_no_longer_stands_in_its_publication_refuses_the_build(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str], embedder: Embedder
) -> None:
    assert _gate_of(tmp_path, {**TEXTS, "jardin": "Le potager de Dijon est fermé."}, embedder, project) == 1
    assert "stands 0 times in jardin" in capsys.readouterr().err


def test_a_refused_candidate_is_not_served_unless_a_reason_is_given(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("READ_CACHE", str(tmp_path / "cache"))
    before = current_build(project.index).name

    assert project.ingest(project.high) == 1
    assert current_build(project.index).name == before
    told = capsys.readouterr().err
    assert "not served, the gate refused it" in told
    assert "gate: " in told

    assert project.ingest(project.high, "--force", "La question q001 est fausse.") == 0
    served = current_build(project.index)
    assert served.name != before
    verdict = json.loads((served / "gate.json").read_text(encoding="utf-8"))
    assert (verdict["green"], verdict["forced"]) == (False, "La question q001 est fausse.")
    assert "gate: floor broken: hit@5 is 1.0000, expected at least 1.1" in verdict["lines"]


def test_a_gate_that_cannot_find_out_refuses_and_says_why(project: Project, tmp_path: Path) -> None:
    verdict = evals_gate(questions=tmp_path / "none.jsonl", floors=project.low)(project.index, project.build)

    assert not verdict.admits
    assert any("none.jsonl" in line for line in verdict.lines)


@pytest.mark.parametrize("words", [("--force", "x"), ("--gate", "--force", " "), ("--questions", "q.jsonl")])
def test_what_is_for_the_gate_alone_is_wrong_usage_without_it(words: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as stop:
        ingest(["build", *words])
    assert stop.value.code == 2
