"""Questions are kept for so many days, and unanswered ones are grouped for the editors."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.index.embedder import Embedder
from rag.answer import Answer, Status
from tests.served import ROOT
from ui import texts
from ui.gaps import gaps_of
from ui.masking import MASK, masked
from ui.question_log import Asked, QuestionLog

NONE = Answer(question="x", question_understood="Comment obtenir l'agrément ESUS ?", status=Status.NO_ANSWER, text="")
SAME = [
    "Comment obtenir l'agrément ESUS ?", "Quelle démarche pour avoir l'agrément ESUS ?", "agrement esus comment faire",
]  # fmt: skip
OTHER = ["Quel salaire touche la facilitatrice ?", "Y a-t-il une monnaie locale à Strasbourg ?"]


class Clock:
    def __init__(self, day: str) -> None:
        self.day = date.fromisoformat(day)

    def __call__(self) -> date:
        return self.day


def asked(*questions: str, day: str = "2025-03-01") -> list[Asked]:
    return [Asked(day=day, question=question, status="no_answer", index_build="b") for question in questions]


def test_a_question_is_gone_when_its_days_are_over_by_time_by_writing_and_at_start(tmp_path: Path) -> None:
    path, clock = tmp_path / "questions.sqlite3", Clock("2025-03-01")
    log = QuestionLog(path, 3, clock=clock)
    log.note(NONE)
    clock.day = date(2025, 3, 3)
    log.note(replace(NONE, question_understood="Une autre question"))
    assert [one.day for one in log.unanswered()] == ["2025-03-01", "2025-03-03"]
    clock.day = date(2025, 3, 4)
    assert log.purge() == 1
    assert "ESUS" not in b"".join(file.read_bytes() for file in tmp_path.iterdir()).decode("latin-1")
    clock.day = date(2025, 3, 6)
    log.note(NONE)
    assert [one.day for one in log.unanswered()] == ["2025-03-06"]
    log.close()
    clock.day += timedelta(days=3)
    again = QuestionLog(path, 3, clock=clock)
    assert again.unanswered() == []
    again.close()


def test_only_unanswered_questions_are_gaps_and_errors_are_not_kept(tmp_path: Path) -> None:
    log = QuestionLog(tmp_path / "questions.sqlite3", 3, clock=Clock("2025-03-01"))
    for status in Status:
        log.note(replace(NONE, status=status, question_understood=status.value))
    log.note(replace(NONE, question_understood=""))
    assert [one.question for one in log.unanswered()] == ["no_answer"]
    assert log.unanswered(date(2025, 3, 2)) == []
    log.close()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Écrire à a.b@c.org ?", f"Écrire à {MASK} ?"),
        ("Le 06.12.34.56.78 ou 0612345678", f"Le {MASK} ou {MASK}"),
        ("+32 475 12 34 56", MASK),
        ("1 200 000 euros, 12,5 % en 2014-2020, 3 QPV", "1 200 000 euros, 12,5 % en 2014-2020, 3 QPV"),
    ],
)
def test_contacts_are_masked_and_figures_are_not(typed: str, kept: str) -> None:
    assert masked(typed) == kept


@given(st.text(max_size=300))
def test_no_sign_of_an_address_is_left_between_words(text: str) -> None:
    assert masked(masked(text)) == masked(text)
    assert "x@y.fr" not in masked(f"{text} x@y.fr {text}")


def test_questions_that_ask_nearly_the_same_are_one_group_in_any_order(embedder: Embedder) -> None:
    questions = [*SAME, *SAME[:1], *OTHER]
    gaps = gaps_of(asked(*questions), embedder.encode_queries)
    assert [gap.count for gap in gaps] == [4, 1, 1]
    assert gaps[0].examples[0] == SAME[0]
    assert set(gaps[0].examples) == set(SAME)
    assert {"agrement", "esus"} <= set(gaps[0].terms)
    for shuffled in (questions[::-1], sorted(questions), questions[2:] + questions[:2]):
        assert gaps_of(asked(*shuffled), embedder.encode_queries) == gaps


def test_without_vectors_words_alone_group() -> None:
    gaps = gaps_of(asked(*SAME, *OTHER), None, least=2)
    assert [gap.count for gap in gaps] == [3]


def run(path: Path, *arguments: str, days: str = "3650") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ui", "gaps", *arguments],
        cwd=ROOT,
        env=os.environ | {"QUESTION_LOG_FILE": str(path), "QUESTION_LOG_DAYS": days},
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
    )


def test_the_command_writes_a_table_for_the_editors(tmp_path: Path) -> None:
    path = tmp_path / "questions.sqlite3"
    log = QuestionLog(path, 3650)
    for question in (*SAME, "a | b <script> ?"):
        log.note(replace(NONE, question_understood=question))
    log.close()
    done = run(path)
    assert done.returncode == 0, done.stderr
    assert "| 3 |" in done.stdout
    assert "a \\| b &lt;script>" in done.stdout
    assert "| 1 |" not in run(path, "--min", "2").stdout
    assert texts.GAPS_NONE in run(path, "--since", "2999-01-01").stdout


def test_with_the_log_off_the_command_says_so_and_makes_no_file(tmp_path: Path) -> None:
    done = run(tmp_path / "questions.sqlite3", days="0")
    assert (done.returncode, done.stdout) == (1, "")
    assert "QUESTION_LOG_DAYS" in done.stderr
    assert list(tmp_path.iterdir()) == []
    assert run(tmp_path / "questions.sqlite3", "--min", "0").returncode == 2
