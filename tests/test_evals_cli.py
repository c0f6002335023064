"""`python -m evals` from end to end, on a corpus of two publications: exit status, what is printed, what is written."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import pytest

from evals.cli import main
from evals.follow_ups import load_follow_ups
from evals.questions import Split, load_questions
from evals.report import BEGIN, END
from evals.runs import as_kept, load_run, recomputed
from evals.validation import never_right
from ingest.territories import Gazetteer
from rag.answerability import MODEL_FILE as ANSWERABILITY_FILE
from rag.answerability import Answerability
from rag.compose.fitness import MODEL_FILE as FITNESS_FILE
from rag.compose.fitness import Fitness
from tests.conftest import ROOT

COMMITTED = Path(__file__).resolve().parents[1] / "evals" / "questions.jsonl"

TEXTS = {
    "jardin": "Le jardin partagé de Dijon produit des légumes.\n\nLes habitants cultivent ensemble chaque samedi matin.",
    "foncier": "La métropole réserve du foncier aux structures de l'économie sociale et solidaire.",
}
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
FOLLOW_UPS = [
    {
        "id": name,
        "history": [{"question": f"Qui produit des légumes à {town} ?", "text": "- « Un jardin. » [1]"}],
        "question": "et à Dijon ?",
        "reading": "Qui produit des légumes à Dijon ?",
        "holds": [["légumes"], ["Dijon"]],
        "lacks": [town],
        "new_subject": False,
        "kind": "place",
        "split": split,
        "note": "",
    }
    for name, split, town in (("f001", "dev", "Lyon"), ("f002", "test", "Nice"))
]


def question_line(name: str, text: str, publication: str | None, segment: str) -> dict[str, object]:
    """A line of a question set; without `publication` it is off topic."""
    evidence = [{"publication": publication, "page": None, "segment": segment, "grade": 2}] if publication else []
    return {
        "id": name,
        "question": text,
        "kind": "fact" if publication else "off_topic",
        "answerable": publication is not None,
        "expected_status": ["answered"] if publication else ["out_of_scope", "no_answer"],
        "evidence": evidence,
        "split": "dev" if name != "q002" else "test",
        "note": "",
    }


class Project:
    """A corpus, a question set and floors in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.corpus = folder / "corpus"
        self.follow_ups = folder / "follow_ups.jsonl"
        self.questions = folder / "questions.jsonl"
        self.floors = folder / "floors.json"
        self.corpus.mkdir()
        for name, text in TEXTS.items():
            (self.corpus / f"{name}.txt").write_text(text, encoding="utf-8")
        rows = [{"id": name, "title": name, "publisher": "RTES", "file": f"{name}.txt"} for name in TEXTS]
        self._write(self.corpus / "catalogue.jsonl", rows)
        self._write(self.follow_ups, FOLLOW_UPS)
        self.ask(*QUESTIONS)
        self.set_floors({"hit@5": 1.0}, {})

    def ask(self, *questions: tuple[str, str, str | None, str]) -> None:
        self._write(self.questions, [question_line(*question) for question in questions])

    def set_floors(self, at_least: dict[str, float], at_most: dict[str, float], **floors: float) -> None:
        """Targets, and floors of a run that was never kept: `run` holds nothing against them."""
        row = {
            **dict.fromkeys(("questions_sha256", "follow_ups_sha256", "corpus_sha256"), "0" * 64),
            "floors": {name: {"value": value, "run": "none"} for name, value in floors.items()},
            "targets": {"at_least": at_least, "at_most": at_most},
            "sunk": [],
        }
        self.floors.write_text(json.dumps(row), encoding="utf-8")

    def run(self, *more: str) -> int:
        own = ("--floors", str(self.floors), "--follow-ups", str(self.follow_ups))
        return main(["run", *self.options, *own, *more])

    @property
    def options(self) -> tuple[str, ...]:
        return ("--corpus", str(self.corpus), "--questions", str(self.questions))

    def _write(self, path: Path, rows: Sequence[Mapping[str, object]]) -> None:
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setenv("EMBEDDING_MODEL", "")
    return Project(tmp_path)


def test_a_run_ends_with_0_and_writes_what_was_asked(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    readme, figures = tmp_path / "README.md", tmp_path / "figures.json"
    project.set_floors({"hit@5": 1.0}, {}, evidence_in_answer=0.25)
    readme.write_text(f"avant\n{BEGIN}\n{END}\naprès\n", encoding="utf-8")

    status = project.run("--json", str(figures), "--readme", str(readme))

    printed = capsys.readouterr()
    assert status == 0, printed
    assert "below target" not in printed.out
    assert "3 of 3 questions asked" in printed.err
    row = json.loads(figures.read_text(encoding="utf-8"))
    assert row["groups"]["all"]["hit@5"] == 1.0
    assert (row["groups"]["dev"]["answerable"], row["groups"]["test"]["answerable"]) == (1, 1)
    assert row["latency_ms"]["p95"] >= row["latency_ms"]["median"] > 0
    assert row["versions"]["questions_sha256"] == sha256(project.questions.read_bytes()).hexdigest()
    written = readme.read_text(encoding="utf-8")
    assert written.startswith(f"avant\n{BEGIN}\n| measure | target | floor |")
    assert "| evidence among citations and examples |  | 0.250 | 1.000 | 1.000 | 1.000 |" in written
    assert "| hit@5 of passages | ≥ 1.00 |  | 1.000 | 1.000 | 1.000 |" in written
    assert written.endswith(f"{END}\naprès\n")


def test_a_kept_run_gives_its_figures_back_and_is_not_kept_twice(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep = ("--keep", "1.0", "--runs", str(tmp_path / "runs"))
    assert project.run(*keep) == 0, capsys.readouterr()
    first = load_run("1.0", home=tmp_path / "runs")
    again = recomputed(first, load_questions(project.questions), load_follow_ups(project.follow_ups))
    assert as_kept(again) == first.figures
    assert first.figures["groups"]["all"]["figures"]["hit@5"] == 1.0
    assert first.environment["questions"]["sha256"] == sha256(project.questions.read_bytes()).hexdigest()
    assert first.environment["prompt"] is None
    assert first.environment["models"]["fitness"] == {
        "sha256": sha256(FITNESS_FILE.read_bytes()).hexdigest(),
        "fitted_on": Fitness.load().fitted_on,
    }
    assert first.environment["models"]["answerability"]["sha256"] == sha256(ANSWERABILITY_FILE.read_bytes()).hexdigest()
    assert datetime.fromisoformat(first.environment["made_at"]).tzinfo is not None
    assert first.timings["index_bytes"] > 0

    capsys.readouterr()
    assert project.run(*keep) == 1
    printed = capsys.readouterr()
    assert "is kept already" in printed.err
    assert "questions asked" not in printed.err


def test_a_run_lists_missed_targets_and_judges_no_floor(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.set_floors(
        {"hit@5": 1.0, "ndcg@10": 1.01, "figures_correct": 0.5}, {"answerable_refused": -0.5}, evidence_in_answer=2.0
    )

    assert project.run("--failures") == 0

    told = [line for line in capsys.readouterr().out.splitlines() if line.startswith(("below target", "gate", "floor"))]
    assert told == [
        "below target: ndcg@10 is 1.0000, wanted at least 1.01",
        "below target: figures_correct is not measured, wanted at least 0.5",
        "below target: answerable_refused is 0.0000, wanted at most -0.5",
    ]


@pytest.mark.parametrize(("split", "listed"), [((), ["q001"]), (("test",), ["q002"]), (("all",), ["q001", "q002"])])
def test_failures_are_those_of_dev_unless_another_split_is_named(
    project: Project, capsys: pytest.CaptureFixture[str], split: tuple[str, ...], listed: list[str]
) -> None:
    (one, garden, *_), (two, land, *_), _ = QUESTIONS
    # Evidence on another subject: no answer holds it.
    project.ask((one, garden, *QUESTIONS[1][2:]), (two, land, *QUESTIONS[0][2:]))

    project.run("--failures", *split)

    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines if line.startswith("q00")] == listed


def test_evidence_that_left_the_corpus_stops_the_run_before_anything_is_asked(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    (project.corpus / "foncier.txt").write_text("La commune réserve du foncier aux entreprises.", encoding="utf-8")

    assert project.run() == 1

    printed = capsys.readouterr()
    assert f"{project.questions}:2: q002: segment 'La métropole réserve du foncier aux structures'" in printed.err
    assert printed.out == ""


def test_validate_says_how_many_questions_there_are(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", *project.options]) == 0
    assert "3 questions, all evidence stands in the corpus" in capsys.readouterr().out


def test_validate_names_every_fault(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    content = project.questions.read_text(encoding="utf-8")
    project.questions.write_text(content.replace('"fact"', '"riddle"'), encoding="utf-8")
    assert main(["validate", *project.options]) == 1
    errors = capsys.readouterr().err
    assert f"{project.questions}:1: " in errors
    assert f"{project.questions}:2: " in errors


def test_validate_names_the_faults_of_all_files_at_once(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    first, second, *rest = project.questions.read_text(encoding="utf-8").splitlines()
    broken = [
        first.replace('"fact"', '"riddle"'),
        json.dumps(json.loads(second) | {"expected_figures": ["45 %"]}),
        *rest,
    ]
    project.questions.write_text("\n".join(broken) + "\n", encoding="utf-8")
    (project.corpus / "foncier.txt").write_text("La commune réserve du foncier aux entreprises.", encoding="utf-8")
    project.follow_ups.write_text("{}\n", encoding="utf-8")
    further = project.questions.with_name("answerability.jsonl")
    further.write_text("{}\n", encoding="utf-8")

    assert main(["validate", *project.options, "--follow-ups", str(project.follow_ups)]) == 1

    errors = capsys.readouterr().err
    for named in (
        f"{project.questions}:1: $.kind: 'riddle'",
        f"{project.questions}:2: q002: segment 'La métropole réserve",
        f"{project.questions}:2: q002: figure '45 %' stands in none of its evidence",
        f"{project.follow_ups}:1: ",
        f"{further}:1: ",
    ):
        assert named in errors


def test_a_territory_that_nobody_knows_is_named_and_one_that_holds_others_is_not() -> None:
    gazetteer = Gazetteer.load(ROOT / "corpus" / "territories.json")
    question, *_ = load_questions(COMMITTED)

    asked = [replace(question, expected_territories=(name,)) for name in ("Rennes", "Outre-mer", "Atlantide")]

    (fault,) = never_right(asked, gazetteer)
    assert question.id in fault
    assert "no territory of exactly the name 'Atlantide'" in fault


def test_calibration_is_fitted_on_dev_questions_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model, fitness = tmp_path / "answerability.json", tmp_path / "fitness.json"
    questions = load_questions(COMMITTED)
    dev = [question for question in questions if question.split is Split.DEV]

    assert main(["calibrate", "--model", str(model), "--fitness", str(fitness)]) == 0

    digest = sha256(COMMITTED.read_bytes()).hexdigest()
    fitted = Answerability.load(model)
    told = re.fullmatch(r"questions\.jsonl@(\w{12}): (\d+) dev questions and (\d+) further ones", fitted.fitted_on)
    assert told is not None
    assert told[1] == digest[:12]
    # Some are decided without the model: hostile ones, greetings, places of which no passage speaks.
    assert len(dev) / 2 < int(told[2]) < len(dev)
    assert int(told[3]) > 0
    assert 0 < fitted.threshold < 1
    assert f"threshold {fitted.threshold}" in capsys.readouterr().out
    answerable = sum(question.answerable for question in dev)
    assert Fitness.load(fitness).fitted_on == f"questions.jsonl@{digest[:12]}: {answerable} dev questions"
    # What is committed is what the committed questions give, but for the last digits of another machine's cosines.
    assert Fitness.load(fitness).weights == pytest.approx(Fitness.load().weights, abs=0.2)


def test_too_few_dev_questions_to_fit_end_with_1_and_write_nothing(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    models = tmp_path / "answerability.json", tmp_path / "fitness.json"
    project.ask(*QUESTIONS[:1])

    assert main(["calibrate", *project.options, "--model", str(models[0]), "--fitness", str(models[1])]) == 1
    assert f"{project.questions}: evidence was found of" in capsys.readouterr().err
    assert not any(model.exists() for model in models)


@pytest.mark.parametrize("argv", [[], ["sing"], ["run", "--loud"], ["validate", "--json", "x"]])
def test_wrong_usage_ends_with_2(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(argv) == 2
    assert "usage: python -m evals" in capsys.readouterr().err


def test_help_ends_with_0(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    assert "validate" in capsys.readouterr().out


def test_missing_files_end_with_1_and_a_message(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.floors.unlink()
    assert project.run() == 1
    assert f"{project.floors}: cannot be read" in capsys.readouterr().err


def test_the_committed_evidence_stands_in_the_committed_corpus(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate"]) == 0, capsys.readouterr().err
