"""What `python -m evals on-page` counts, over a small corpus and the real assistant."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from evals.cli import main
from evals.on_page import Asked, lines_of
from rag.answer import OnPage
from tests.corpora import write_corpus
from tests.judged import a_judgement, a_question
from tests.test_evals_cli import question_line
from tests.thirty import write_lines


def test_each_question_is_asked_without_a_page_on_its_own_and_on_another(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = (
        ("q001", "Qui produit des légumes à Dijon ?", "jardin", "Le jardin partagé de Dijon produit des légumes"),
        ("q002", "À qui la métropole réserve-t-elle du foncier ?", "foncier", "La métropole réserve du foncier aux"),
        ("q003", "Quelle est la capitale de l'Australie ?", None, ""),
    )
    write_lines(tmp_path / "questions.jsonl", [question_line(*row) for row in rows])
    corpus = write_corpus(tmp_path / "corpus")

    assert main(["on-page", "--corpus", str(corpus), "--questions", str(tmp_path / "questions.jsonl")]) == 0
    counted = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines() if line.startswith("all")]
    assert counted == [
        "all evidence in the answer, without a page 2 of 2 1.000",
        "all evidence in the answer, on its page 2 of 2 1.000",
        "all its page quoted first, without a page 2 of 2 1.000",
        "all its page quoted first, on it 2 of 2 1.000",
        "all evidence in the answer, on another page 2 of 2 1.000",
        "all still in the answer, on another page 2 of 2 1.000",
        "all status as without, on another page 2 of 2 1.000",
        "all the other page quoted first, on it 0 of 2 0.000",
        "all traps: status as without, on a page 1 of 1 1.000",
    ]


def test_evidence_that_a_page_costs_is_counted() -> None:
    good, bad = (a_judgement(a_question(1), answered=True, good=one) for one in (True, False))
    told = OnPage(url="", title="p", publication_id="q")
    wrong = replace(bad.outcome.answer, on_page=told)

    asked = Asked(
        question=good.outcome.question,
        gold=good.gold,
        plain=good.outcome.answer,
        on_its_page=wrong,
        on_another=wrong,
    )
    shares = {" ".join(line.split()[:-4]): line.split()[-1] for line in lines_of([asked])}
    assert shares["dev evidence in the answer, without a page"] == "1.000"
    assert shares["dev evidence in the answer, on its page"] == "0.000"
    assert shares["all still in the answer, on another page"] == "0.000"
