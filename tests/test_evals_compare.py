"""`python -m evals compare`: what is compared, what changed, how it is told, and how it fails."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from evals.cli import main
from evals.comparison import as_text, compare, verdict
from evals.measures import Judged
from evals.resampling import Difference, Interval
from evals.runs import KeptRun, keep, load_run
from tests.judged import a_judgement, a_question, some_judged
from tests.test_evals_runs import ENVIRONMENT, a_run, changed

GOOD = some_judged([True] * 30, traps_answered=[False] * 10)


def kept(home: Path, version: str, judged: list[Judged], understood: str = "Qui jardine à Dijon ?") -> KeptRun:
    return load_run(keep(a_run(judged, understood=understood), ENVIRONMENT, version, home=home))


def test_a_worse_run_is_told_by_figure_and_by_question(tmp_path: Path) -> None:
    worse = some_judged([False] * 8 + [True] * 22, traps_answered=[False] * 9 + [True])
    found = compare(kept(tmp_path, "1.0", GOOD), kept(tmp_path, "2.0", worse))
    evidence = found.differences["evidence_in_answer"]
    assert [evidence.before, evidence.after] == pytest.approx([1.0, 22 / 30])
    assert evidence.p_value < 0.05
    changes = [(change.before["id"], change.what) for change in found.changes]
    assert changes == [(f"q00{number}", ("evidence_in_answer lost",)) for number in range(8)] + [
        ("q909", ("no_answer -> answered",))
    ]


def test_both_answers_stand_side_by_side(tmp_path: Path) -> None:
    other = [a_judgement(GOOD[0].outcome.question, answered=False), *GOOD[1:]]
    text = as_text(compare(kept(tmp_path, "1.0", GOOD), kept(tmp_path, "2.0", other)))
    lines = text.splitlines()
    at = lines.index("q000 answered -> no_answer, evidence_in_answer lost: Question 0 ?")
    assert [part.strip() for part in lines[at + 1].split("|")] == ["1.0: answered", "2.0: no_answer"]
    assert [part.strip() for part in lines[at + 2].split("|")] == ["« Le jardin » [1]", "Rien."]
    assert "40 questions compared; left out: 0 only in 1.0, 0 only in 2.0, 0 with" in text


def test_a_loss_is_called_worse_and_a_refusal_less_better(tmp_path: Path) -> None:
    refusing = [a_judgement(entry.outcome.question, answered=False) for entry in GOOD]
    one, other = kept(tmp_path, "1.0", GOOD), kept(tmp_path, "2.0", refusing)
    forth, back = (as_text(compare(*pair)).splitlines() for pair in ((one, other), (other, one)))
    for name in ("evidence_in_answer", "answerable_refused"):
        assert [line.split()[-1] for line in forth if line.startswith(name)] == ["worse"]
        assert [line.split()[-1] for line in back if line.startswith(name)] == ["better"]
    assert [line.split()[-1] for line in forth if line.startswith("hostile_not_answered")] == ["1.000"]


def test_questions_that_differ_are_left_out_and_counted(tmp_path: Path) -> None:
    reworded = replace(GOOD[1].outcome.question, question="Tout autre chose ?")
    after = [
        a_judgement(reworded, answered=False),
        *GOOD[2:],
        a_judgement(a_question(500), answered=True),
        a_judgement(a_question(501), answered=True),
    ]
    found = compare(kept(tmp_path, "1.0", GOOD), kept(tmp_path, "2.0", after))
    assert (found.compared, found.left_out) == (38, (1, 2, 1))
    assert found.changes == ()
    assert found.differences["evidence_in_answer"].change == 0.0


def test_follow_ups_are_compared_too(tmp_path: Path) -> None:
    lost = kept(tmp_path, "2.0", GOOD, understood="et à Dijon, Lyon ?")
    found = compare(kept(tmp_path, "1.0", GOOD), lost).differences["follow_ups_resolved"]
    assert (found.before, found.after) == (1.0, 0.0)


def test_the_command_prints_the_comparison_of_two_names(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept(tmp_path, "1.0", GOOD)
    kept(tmp_path, "2.0", GOOD)
    assert main(["compare", "1.0", str(tmp_path / "2.0"), "--runs", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert "40 questions compared" in printed
    assert "0 questions changed" in printed


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("answers.jsonl", '"counts"', '"sums"', "q000: is no line of a kept run: KeyError('counts')"),
        ("answers.jsonl", '"text": ', '"words": ', "q000: is no line of a kept run: KeyError('text')"),
        ("run.trec", "Q0 ", "", "run.trec:1: "),
    ],
)
def test_a_run_that_cannot_be_read_ends_with_1_and_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, old: str, new: str, message: str
) -> None:
    folder = kept(tmp_path, "1.0", GOOD).folder
    changed(folder, name, old, new)
    assert main(["compare", "1.0", "1.0", "--runs", str(tmp_path)]) == 1
    printed = capsys.readouterr()
    assert message in printed.err
    assert printed.out == ""


def test_an_unknown_run_and_runs_that_share_nothing_end_with_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept(tmp_path, "1.0", GOOD[:5])
    kept(tmp_path, "2.0", GOOD[5:])
    assert main(["compare", "1.0", "3.0", "--runs", str(tmp_path)]) == 1
    assert "3.0: no kept run of that name" in capsys.readouterr().err
    assert main(["compare", "1.0", "2.0", "--runs", str(tmp_path)]) == 1
    assert "share no question" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("low", "high", "p_value", "word"),
    [(0.01, 0.3, 0.01, "better"), (0.01, 0.3, 0.12, ""), (-0.1, 0.3, 0.01, ""), (-0.3, -0.01, 0.01, "worse")],
)
def test_a_change_is_told_only_where_interval_and_test_agree(
    low: float, high: float, p_value: float, word: str
) -> None:
    after = 0.5 + (low + high) / 2
    found = Difference(before=0.5, after=after, interval=Interval(low=low, high=high), p_value=p_value)
    assert verdict("hit@5", found) == word
    assert verdict("answerable_refused", found) == {"better": "worse", "worse": "better"}.get(word, "")
