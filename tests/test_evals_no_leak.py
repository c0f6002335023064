"""Nothing is fitted on `test` questions: with every one of them turned into rubbish the fitted models are the same bytes."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from evals.calibrate import Calibration
from evals.fit import Fitted
from evals.floors import sha256_of
from evals.questions import Split, load_questions
from evals.runner import Asked, fit_models
from tests.corpora import HashEmbedder, write_corpus

Row = dict[str, Any]

TEXTS = {
    "jardin": "Le jardin partagé de Dijon produit des légumes pour tout le quartier.\n\n"
    "Les habitants cultivent ensemble les parcelles chaque samedi matin.",
    "foncier": "La métropole réserve du foncier aux structures de l'économie sociale et solidaire.\n\n"
    "Un bail emphytéotique de trente ans protège les associations de la spéculation.",
    "garage": "Le garage solidaire de Stains répare les voitures des demandeurs d'emploi.\n\n"
    "La réparation coûte en moyenne quarante euros aux bénéficiaires du garage.",
    "laverie": "La laverie associative de Lille emploie six personnes en insertion.\n\n"
    "Elle lave le linge des hôtels voisins et celui des habitants.",
}
ANSWERED = (
    ("Que produit le jardin partagé ?", "jardin", "Le jardin partagé de Dijon produit des légumes"),
    (
        "Quand les habitants cultivent-ils les parcelles ?",
        "jardin",
        "cultivent ensemble les parcelles chaque samedi matin",
    ),
    ("À qui la métropole réserve-t-elle du foncier ?", "foncier", "La métropole réserve du foncier aux structures"),
    ("Combien de temps dure le bail ?", "foncier", "Un bail emphytéotique de trente ans protège les associations"),
    ("Pour qui sont réparées les voitures ?", "garage", "répare les voitures des demandeurs d'emploi"),
    ("Quel est le coût moyen de la réparation ?", "garage", "La réparation coûte en moyenne quarante euros"),
    ("Combien de personnes emploie la laverie ?", "laverie", "La laverie associative de Lille emploie six personnes"),
    ("De qui le linge est-il lavé ?", "laverie", "Elle lave le linge des hôtels voisins"),
)
ABSENT = (
    "Quel est le salaire de la directrice du garage solidaire ?",
    "Combien d'élèves visitent le jardin partagé ?",
    "Qui préside les associations de la métropole ?",
    "Quelle piscine prête son linge à la laverie ?",
    "Combien de personnes habitent le quartier du jardin partagé ?",
    "Quel garage emploie les associations ?",
)
# Put before another question of the half, with its evidence: what was answerable is not, and the other way round.
RUBBISH = ("Zorglub fluctue-t-il ?", "Patati bringuebale-t-il ?", "Turlututu chapeau pointu", "Abracadabra sapristi")


def rows() -> list[Row]:
    """Questions in turn `dev` and `test`."""
    answered = [
        {
            "question": text,
            "kind": "fact",
            "answerable": True,
            "expected_status": ["answered"],
            "evidence": [{"publication": publication, "page": None, "segment": segment, "grade": 2}],
        }
        for text, publication, segment in ANSWERED
    ]
    absent = [
        {"question": text, "kind": "absent", "answerable": False, "expected_status": ["no_answer"], "evidence": []}
        for text in ABSENT
    ]
    made = [*answered, *absent]
    return [{"id": f"q{n:03}", **row, "split": "test" if n % 2 else "dev", "note": ""} for n, row in enumerate(made)]


def garbled(lines: Sequence[Row], split: str) -> list[Row]:
    """The lines with each of `split` turned into rubbish, and valid all the same."""
    chosen = [row for row in lines if row["split"] == split]
    others = {
        row["id"]: {**other, "id": row["id"], "question": f"{RUBBISH[n % 4]} {other['question']}"}
        for n, (row, other) in enumerate(zip(chosen, reversed(chosen), strict=True))
    }
    return [others.get(row["id"], row) for row in lines]


def _saved(path: Path, fitted: Fitted, calibration: Calibration, folder: Path) -> tuple[bytes, bytes]:
    """The bytes of both files. Either names the question set by its hash, which is another one, as it must be: left out."""
    files = folder / "fitness.json", folder / "answerability.json"
    fitted.model.save(files[0])
    calibration.model.save(files[1])
    name = sha256_of(path)[:12].encode()
    assert all(name in file.read_bytes() for file in files)
    return files[0].read_bytes().replace(name, b"#"), files[1].read_bytes().replace(name, b"#")


Fit = Callable[[Sequence[Row]], tuple[bytes, bytes]]


@pytest.fixture(scope="module")
def fit(tmp_path_factory: pytest.TempPathFactory) -> Fit:
    """Write the lines, load them as the command does, fit; the bytes of both models' files."""
    folder = tmp_path_factory.mktemp("leak")
    corpus = write_corpus(folder / "corpus", TEXTS)

    def fitted(lines: Sequence[Row]) -> tuple[bytes, bytes]:
        path = folder / "questions.jsonl"
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in lines), encoding="utf-8")
        asked = Asked(file=path, questions=load_questions(path))
        fitness, calibration = fit_models([corpus], asked, HashEmbedder(), lambda _line: None)
        return _saved(path, fitness, calibration, folder)

    return fitted


@pytest.fixture(scope="module")
def fitted(fit: Fit) -> tuple[bytes, bytes]:
    return fit(rows())


def test_rubbish_in_every_test_question_moves_no_byte_of_a_model(fit: Fit, fitted: tuple[bytes, bytes]) -> None:
    lines = garbled(rows(), "test")
    assert [row for row in lines if row["split"] == "dev"] == [row for row in rows() if row["split"] == "dev"]
    assert not {row["question"] for row in lines if row["split"] == "test"} & {row["question"] for row in rows()}
    assert fit(lines) == fitted


def test_models_are_the_same_without_test_questions(tmp_path: Path, fitted: tuple[bytes, bytes]) -> None:
    """The set itself must have halves, so what is fitted is given the `dev` half alone."""
    path = tmp_path / "questions.jsonl"
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows()), encoding="utf-8")
    dev = [question for question in load_questions(path) if question.split is Split.DEV]
    corpus = write_corpus(tmp_path / "corpus", TEXTS)

    fitness, calibration = fit_models([corpus], Asked(file=path, questions=dev), HashEmbedder(), lambda _line: None)

    assert _saved(path, fitness, calibration, tmp_path) == fitted


def test_the_same_rubbish_in_the_dev_questions_moves_both_models(fit: Fit, fitted: tuple[bytes, bytes]) -> None:
    fitness, answerability = fit(garbled(rows(), "dev"))
    assert fitness != fitted[0]
    assert answerability != fitted[1]


def test_one_dev_question_in_other_words_moves_both_models(fit: Fit, fitted: tuple[bytes, bytes]) -> None:
    lines = [row | ({"question": RUBBISH[0]} if row["id"] == "q000" else {}) for row in rows()]
    fitness, answerability = fit(lines)
    assert fitness != fitted[0]
    assert answerability != fitted[1]
