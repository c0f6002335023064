"""`python -m evals report`: which run it is compared with, what is written where, and how it fails."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from evals.release_report.earlier import last_before
from evals.runs import load_run
from tests.reported import EARLIER, LATER, TEXT, Project, judged, questions
from tests.test_evals_runs import changed

ROOT = Path(__file__).resolve().parents[1]
WRONG = ["q000", "q900"]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project(tmp_path, questions())
    project.keep("1.0", judged(project.asked, ["q001", "q002", "q003"]), EARLIER)
    project.keep("1.1", judged(project.asked, WRONG), LATER)
    return project


def title(file: Path) -> str:
    return file.read_text(encoding="utf-8").partition("<title>")[2].partition("</title>")[0]


def test_a_page_and_markdown_are_written_and_named(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page, notes = tmp_path / "r.html", tmp_path / "r.md"
    assert project.report("1.1", "--output", str(page), "--output", str(notes)) == 0, capsys.readouterr().err
    assert capsys.readouterr().out.split() == [str(page), str(notes)]
    assert title(page) == "Release report: 1.1"
    assert "Against 1.0, of " in page.read_text(encoding="utf-8")
    assert notes.read_text(encoding="utf-8").startswith("# Release report: 1.1\n")
    # The last of each ranking is a passage of the corpus, found by the hash of its text.
    assert TEXT in page.read_text(encoding="utf-8")
    assert "The corpora at hand are not those that were asked" not in page.read_text(encoding="utf-8")


def test_without_a_name_the_page_is_put_here(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert project.report("1.1") == 0
    assert title(tmp_path / "report-1.1.html") == "Release report: 1.1"


def test_another_process_writes_the_same_bytes(project: Project, tmp_path: Path) -> None:
    here, there = tmp_path / "here.html", tmp_path / "there.html"
    assert project.report("1.1", "--output", str(here)) == 0
    words = ["report", "1.1", "--output", str(there), "--runs", str(project.runs)]
    words += ["--questions", str(project.questions), "--follow-ups", str(project.follow_ups)]
    subprocess.run(
        [sys.executable, "-m", "evals", *words, "--corpus", str(project.corpus)],
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": "7"},
        check=True,
    )
    assert here.read_bytes() == there.read_bytes()


def test_the_run_before_is_the_newest_that_was_made_earlier(project: Project) -> None:
    project.keep("0.9", judged(project.asked), "2025-01-01T12:00:00+00:00")
    project.keep("2.0", judged(project.asked), "2026-03-01T12:00:00+00:00")
    # The same moment as 1.0 by another clock's words, and a name that comes later.
    project.keep("1.0b", judged(project.asked), "2026-01-01T13:00:00+01:00")
    project.keep("untimed", judged(project.asked), None)
    (project.runs / "notes").mkdir()
    before = {name: last_before(load_run(name, home=project.runs), project.runs) for name in ("0.9", "1.1", "2.0")}
    assert before == {"0.9": None, "1.1": "1.0b", "2.0": "1.1"}
    assert last_before(load_run("untimed", home=project.runs), project.runs) is None


def test_against_names_another_run_even_a_later_one(project: Project, tmp_path: Path) -> None:
    assert project.report("1.0", "--output", str(tmp_path / "a.md")) == 0
    assert "No earlier run is known" in (tmp_path / "a.md").read_text(encoding="utf-8")
    assert project.report("1.0", "--against", "1.1", "--output", str(tmp_path / "b.md")) == 0
    assert "Against 1.1, of " in (tmp_path / "b.md").read_text(encoding="utf-8")


def test_texts_of_another_corpus_are_said_to_be_missing(project: Project, tmp_path: Path) -> None:
    (project.corpus / "p.txt").write_text("Tout autre chose se lit ici.", encoding="utf-8")
    assert project.report("1.1", "--output", str(tmp_path / "r.html")) == 0
    told = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "The corpora at hand are not those that were asked" in told
    assert TEXT not in told


def _other_questions(project: Project) -> None:
    changed(project.questions.parent, "questions.jsonl", "Vélo ?", "Vélos ?")


def _no_questions(project: Project) -> None:
    project.questions.unlink()


def _other_follow_ups(project: Project) -> None:
    changed(project.follow_ups.parent, "follow_ups.jsonl", '"id": "f002"', '"id": "f003"')


def _no_hash(project: Project) -> None:
    file = project.runs / "1.1" / "environment.json"
    row = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps(row | {"questions": {}}), encoding="utf-8")


def _no_corpus(project: Project) -> None:
    (project.corpus / "catalogue.jsonl").unlink()


def in_file(name: str, old: str, new: str, run: str = "1.1") -> Callable[[Project], None]:
    return lambda project: changed(project.runs / run, name, old, new)


@pytest.mark.parametrize(
    ("spoil", "words", "message"),
    [
        (None, ["3.0"], "3.0: no kept run of that name, nor a folder; kept are: 1.0, 1.1"),
        (None, ["1.1", "--against", "3.0"], "3.0: no kept run of that name"),
        (None, ["1.1", "--against", "1.1"], "--against 1.1: is the run itself"),
        (_other_questions, ["1.1"], "questions.jsonl: is not the question set that 1.1 was asked"),
        (_no_questions, ["1.1"], "questions.jsonl: cannot be read"),
        (_other_follow_ups, ["1.1"], "follow_ups.jsonl: are not the follow-ups that 1.1 was asked"),
        (in_file("follow_ups.jsonl", "true", "false"), ["1.1"], "are not the follow-ups that 1.1 was asked"),
        (_no_hash, ["1.1"], "environment.json: questions: sha256 is None"),
        (_no_corpus, ["1.1"], "catalogue.jsonl"),
        (in_file("answers.jsonl", '{"id"', '"id"'), ["1.1"], "answers.jsonl:1: is not JSON"),
        (in_file("answers.jsonl", '"text": ', '"words": '), ["1.1"], "q000: is no line of a kept run: lacks 'text'"),
        (in_file("answers.jsonl", '"status": "answered"', '"status": "no_answer"'), ["1.1"], "the run's answers give"),
        (in_file("figures.json", '"groups"', '"grapes"'), ["1.1"], "figures.json: lacks groups: all: figures"),
        (in_file("timings.json", '"milliseconds"', '"hours"'), ["1.1"], "milliseconds are not those of the questions"),
        (in_file("timings.json", '"q001": 50.0', '"q001": -1'), ["1.1"], "q001 took -1, expected milliseconds"),
        (in_file("timings.json", '"q001": 50.0', '"q001": NaN'), ["1.1"], "q001 took nan, expected milliseconds"),
        (in_file("environment.json", LATER, "hier"), ["1.1"], "environment.json: made_at is 'hier'"),
        (in_file("environment.json", EARLIER, "hier", "1.0"), ["1.1"], "environment.json: made_at is 'hier'"),
        (in_file("answers.jsonl", '"counts"', '"sums"', "1.0"), ["1.1"], "q000: is no line of a kept run"),
        (in_file("run.trec", "Q0 ", "", "1.0"), ["1.1"], "run.trec:1: "),
    ],
)
def test_what_no_report_can_be_made_of_is_one_line_and_nothing_is_written(
    project: Project,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    spoil: Callable[[Project], None] | None,
    words: list[str],
    message: str,
) -> None:
    if spoil:
        spoil(project)
    target = tmp_path / "out"
    target.mkdir()
    (target / "r.html").write_text("as it was", encoding="utf-8")
    assert project.report(*words, "--output", str(target / "r.html"), "--output", str(target / "r.md")) == 2
    printed = capsys.readouterr()
    assert message in printed.err
    assert printed.err.startswith("error: ")
    assert printed.err.count("\n") == 1
    assert printed.out == ""
    assert [(one.name, one.read_text(encoding="utf-8")) for one in target.iterdir()] == [("r.html", "as it was")]


@pytest.mark.parametrize("name", ["r.pdf", "nowhere/r.html", "folder.html"])
def test_a_place_that_cannot_be_written_to_is_refused(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    (tmp_path / "folder.html").mkdir()
    assert project.report("1.1", "--output", str(tmp_path / "r.md"), "--output", str(tmp_path / name)) == 2
    assert name in capsys.readouterr().err
    assert not (tmp_path / "r.md").exists()


def test_without_what_draws_plots_markdown_is_written_and_a_page_is_refused(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [name for name in sys.modules if name.startswith(("matplotlib", "evals.release_report.p"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    notes, page = tmp_path / "r.md", tmp_path / "r.html"
    assert project.report("1.1", "--output", str(notes)) == 0
    assert notes.is_file()
    capsys.readouterr()
    assert project.report("1.1", "--output", str(page)) == 1
    assert capsys.readouterr().err == "error: matplotlib is not installed (it is one of requirements-dev.lock)\n"
    assert not page.exists()
