"""Kept runs: what is written, that it is whole or not there, what is refused, and figures made anew from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import ir_measures
import pytest

from evals.follow_ups import FollowUp
from evals.follow_ups import Kind as FollowUpKind
from evals.kept_lines import RunError
from evals.measures import Judged, percentile, summarise
from evals.questions import Question, Split
from evals.report import Report
from evals.runner import Asked, Run
from evals.runs import as_kept, check_name, judged_again, keep, load_run, recomputed
from evals.summary import summary_of
from rag.answer import Turn
from tests.judged import some_judged

ENVIRONMENT = {"python": "3.13", "prompt": None}
TEXTS = {"p": "Le jardin partagé   de Dijon"}
SAME = ("run.trec", "answers.jsonl", "follow_ups.jsonl", "figures.json")
JUDGED = some_judged([True, True, False], traps_answered=[False, True])
QUESTIONS = tuple(entry.outcome.question for entry in JUDGED)
FOLLOW_UP = FollowUp(
    id="f001",
    history=(Turn(question="Qui jardine à Lyon ?", text="Un jardin."),),
    question="et à Dijon ?",
    reading="Qui jardine à Dijon ?",
    holds=(("dijon",),),
    lacks=("lyon",),
    new_subject=False,
    kind=FollowUpKind.PLACE,
    split=Split.DEV,
    note="",
    where="follow_ups.jsonl:1",
)


def a_run(judged: list[Judged] = JUDGED, *, understood: str = "Qui jardine à Dijon ?", slow: float = 1.0) -> Run:
    judged = [replace(e, outcome=replace(e.outcome, milliseconds=slow)) for e in judged]
    milliseconds = [entry.outcome.milliseconds for entry in judged]
    report = Report(
        groups={"all": summarise(judged)},
        kinds={},
        latency_median_ms=percentile(milliseconds, Fraction(1, 2)),
        latency_p95_ms=percentile(milliseconds, Fraction(95, 100)),
        build_seconds=slow,
        versions={},
    )
    asked = Asked(file=Path("questions.jsonl"), questions=QUESTIONS, follow_ups=(FOLLOW_UP,))
    follow_ups = {"f001": understood}
    return Run(
        report=report,
        summary=summary_of(judged, [FOLLOW_UP], follow_ups),
        judged=tuple(judged),
        passages=(),
        asked=asked,
        understood=follow_ups,
        index_bytes=12345,
    )


def contents(folder: Path) -> Mapping[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def changed(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_equal_runs_are_equal_bytes_whatever_they_took(tmp_path: Path) -> None:
    one, other = (
        contents(keep(a_run(slow=slow), ENVIRONMENT, "1.0", home=tmp_path / str(slow))) for slow in (1.0, 2.0)
    )
    assert {name: one[name] for name in SAME} == {name: other[name] for name in SAME}
    assert one["timings.json"] != other["timings.json"]
    assert one.keys() == {*SAME, "environment.json", "timings.json"}


def test_the_run_is_one_that_ir_measures_reads(tmp_path: Path) -> None:
    folder = keep(a_run(), ENVIRONMENT, "1.0", home=tmp_path)
    assert (folder / "run.trec").read_text(encoding="utf-8").splitlines()[0] == "q000 Q0 p:good 1 2 project"
    run = list(ir_measures.read_trec_run(str(folder / "run.trec")))  # type: ignore[no-untyped-call]
    assert {one.query_id for one in run} == {question.id for question in QUESTIONS}


def test_figures_made_anew_are_those_that_were_kept(tmp_path: Path) -> None:
    run = load_run(keep(a_run(), ENVIRONMENT, "1.0", home=tmp_path))
    assert as_kept(recomputed(run, QUESTIONS, [FOLLOW_UP])) == run.figures
    assert run.figures["groups"]["all"]["figures"]["evidence_in_answer"] == pytest.approx(2 / 3)
    assert run.figures["groups"]["all"]["figures"]["follow_ups_resolved"] == 1.0
    assert run.figures["statuses"]["hostile"] == {"answered": 1, "no_answer": 1}
    assert run.environment == ENVIRONMENT
    assert run.timings["index_bytes"] == 12345


@pytest.mark.parametrize(
    ("name", "old", "new", "figure"),
    [
        ("answers.jsonl", '"status": "answered"', '"status": "no_answer"', "answerable_refused"),
        ("answers.jsonl", '"start": 0', '"start": 50', "evidence_in_answer"),
        ("answers.jsonl", '"quotes_found": 1', '"quotes_found": 0', "citations_found_again"),
        ("answers.jsonl", '"probability": 0.9', '"probability": 0.2', "calibration_error"),
        ("run.trec", "p:good", "p:else", "recall@1"),
        ("follow_ups.jsonl", 'Dijon ?", "resolved', 'Lyon ?", "resolved', "follow_ups_resolved"),
    ],
)
def test_an_edited_file_gives_other_figures_than_were_kept(
    tmp_path: Path, name: str, old: str, new: str, figure: str
) -> None:
    folder = keep(a_run(), ENVIRONMENT, "1.0", home=tmp_path)
    changed(folder, name, old, new)
    run = load_run(folder)
    again = as_kept(recomputed(run, QUESTIONS, [FOLLOW_UP]))
    assert again["groups"]["all"]["figures"][figure] != run.figures["groups"]["all"]["figures"][figure]


def test_counts_that_were_edited_do_not_move_what_is_made_anew(tmp_path: Path) -> None:
    folder = keep(a_run(), ENVIRONMENT, "1.0", home=tmp_path)
    changed(folder, "answers.jsonl", '"hit@1": [1.0', '"hit@1": [7.0')
    run = load_run(folder)
    assert as_kept(recomputed(run, QUESTIONS, [FOLLOW_UP])) == run.figures


def test_with_the_texts_quotations_are_looked_for_again(tmp_path: Path) -> None:
    run = load_run(keep(a_run(), ENVIRONMENT, "1.0", home=tmp_path))
    found = recomputed(run, QUESTIONS, texts=TEXTS).groups["all"].figures.citations_found_again
    lost = recomputed(run, QUESTIONS, texts={"p": "x" * 40}).groups["all"].figures.citations_found_again
    assert (found, lost) == (1.0, 0.0)


def test_what_was_judged_comes_back_as_it_was_but_for_its_time(tmp_path: Path) -> None:
    run = load_run(keep(a_run(), ENVIRONMENT, "1.0", home=tmp_path))
    for before, after in zip(JUDGED, judged_again(run, QUESTIONS), strict=True):
        assert replace(after, outcome=before.outcome) == before
        assert after.outcome.ranking == before.outcome.ranking
        assert after.outcome.answer.text == before.outcome.answer.text


def test_a_version_is_kept_once_unless_it_is_to_be_replaced(tmp_path: Path) -> None:
    folder = keep(a_run(), ENVIRONMENT, "1.0", home=tmp_path)
    first = contents(folder)
    with pytest.raises(RunError, match=r"is kept already.*--replace"):
        keep(a_run(JUDGED[:1]), ENVIRONMENT, "1.0", home=tmp_path)
    assert contents(folder) == first
    keep(a_run(JUDGED[:1]), ENVIRONMENT, "1.0", home=tmp_path, replace=True)
    assert load_run(folder).lines.keys() == {"q000"}
    assert list(tmp_path.iterdir()) == [folder]


def test_a_run_that_cannot_be_written_whole_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(TypeError):
        keep(a_run(), {"python": object()}, "1.0", home=tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("version", ["", "..", "a/b", ".hidden", "é", "x" * 65])
def test_a_version_that_is_no_name_is_refused(tmp_path: Path, version: str) -> None:
    with pytest.raises(RunError, match="expected letters"):
        check_name(version, home=tmp_path)


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("run.trec", "p:bad 2 1", "p:bad 3 1", r"run.trec:2: .* ranks from 1 in order"),
        ("run.trec", "p:bad 2 1", "p:good 2 1", r"run.trec:2: "),
        ("run.trec", " project", "", r"run.trec:1: "),
        ("answers.jsonl", '{"id"', '"id"', r"answers.jsonl:1: is not JSON"),
        ("answers.jsonl", '"q001"', '"q000"', r"answers.jsonl:2: id is 'q000', expected one of its own"),
        ("figures.json", "{", "[{", r"figures.json: is not JSON"),
    ],
)
def test_a_damaged_file_is_named_with_its_line(tmp_path: Path, name: str, old: str, new: str, message: str) -> None:
    folder = keep(a_run(), ENVIRONMENT, "1.0", home=tmp_path)
    changed(folder, name, old, new)
    with pytest.raises(RunError, match=message):
        load_run(folder)


@pytest.mark.parametrize("name", [*SAME, "environment.json", "timings.json"])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    folder = keep(a_run(), ENVIRONMENT, "1.0", home=tmp_path)
    (folder / name).unlink()
    with pytest.raises(RunError, match=f"{name}: cannot be read"):
        load_run(folder)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"status": "answered"', '"status": "sung"', "q000: is no line of a kept run: 'sung'"),
        ('"text": ', '"words": ', "q000: is no line of a kept run: lacks 'text'"),
        ('"probability": 0.9', '"probability": 7', "q000: .* in \\[0, 1\\]"),
        ('"question": "Question 0 ?"', '"question": "Autre ?"', "q000: question is 'Autre \\?', the question set has"),
        ('"grade": 2', '"grade": 1', "q000: evidence is not that of the question set"),
        ('"quotes_found": 1', '"quotes_found": 2', "q000: quotes_found is 2"),
        ('"id": "q000"', '"id": "q555"', "has besides \\['q555'"),
    ],
)
def test_answers_that_are_not_of_the_question_set_are_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    folder = keep(a_run(), ENVIRONMENT, "1.0", home=tmp_path)
    changed(folder, "answers.jsonl", old, new)
    with pytest.raises(RunError, match=message):
        recomputed(load_run(folder), QUESTIONS)


def test_questions_that_were_left_out_are_named(tmp_path: Path) -> None:
    run = load_run(keep(a_run(JUDGED[1:]), ENVIRONMENT, "1.0", home=tmp_path))
    with pytest.raises(RunError, match=r"lacks \['q000'\]"):
        recomputed(run, QUESTIONS)


def test_a_question_without_results_counts_0(tmp_path: Path) -> None:
    nothing = [replace(JUDGED[0], outcome=replace(JUDGED[0].outcome, ranking=()))]
    run = load_run(keep(a_run(nothing), ENVIRONMENT, "1.0", home=tmp_path))
    assert run.rankings == {}
    figures = recomputed(run, QUESTIONS[:1]).groups["all"].figures
    assert (figures.hit_1, figures.recall_20, figures.ndcg_10) == (0.0, 0.0, 0.0)


def test_an_unknown_run_is_refused_with_those_that_are_kept(tmp_path: Path) -> None:
    keep(a_run(), ENVIRONMENT, "1.0", home=tmp_path)
    with pytest.raises(RunError, match=r"2.0: no kept run of that name, nor a folder; kept are: 1.0"):
        load_run("2.0", home=tmp_path)
    assert load_run("1.0", home=tmp_path).name == "1.0"


def test_questions_are_found_by_id_and_not_by_their_place(tmp_path: Path) -> None:
    run = load_run(keep(a_run(), ENVIRONMENT, "1.0", home=tmp_path))
    turned: tuple[Question, ...] = QUESTIONS[::-1]
    assert [entry.outcome.question.id for entry in judged_again(run, turned)] == [question.id for question in turned]
