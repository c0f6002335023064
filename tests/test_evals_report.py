"""What is printed: figures in their column, the README's table in its place, what went wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evals.floors import Floor, Floors
from evals.measures import Figures, Judged, Outcome, summarise
from evals.questions import Kind, Question, Split
from evals.report import BEGIN, END, ReadmeError, Report, as_markdown, as_text, failures, with_table
from ingest.document import BlockKind, Passage
from rag.answer import Answer, Status

FLOORS = Floors(
    set_on={},
    floors={"hit@5": Floor(value=0.4375, run="1.0")},
    at_least={"hit@5": 0.97},
    at_most={"answerable_refused": 0.05},
)


def figures(hit_5: float) -> Figures:
    return replace(summarise([]), answerable=100, unanswerable=40, hit_5=hit_5, words_median=70.5, words_max=140)


def report() -> Report:
    return Report(
        groups={"all": figures(0.5), "dev": figures(0.25), "test": figures(0.75)},
        kinds={"fact": figures(0.125)},
        latency_median_ms=31.4,
        latency_p95_ms=59.6,
        build_seconds=4.25,
        versions={"embedder": "e5", "questions_sha256": "0123456789abcdef"},
    )


def row_of(table: str, label: str) -> str:
    return next(line for line in table.splitlines() if label in line)


def test_the_text_shows_all_dev_and_test_apart_and_each_kind() -> None:
    text = as_text(report())
    assert row_of(text, "hit@5 of").split()[-3:] == ["0.500", "0.250", "0.750"]
    assert row_of(text, "fact").split() == ["fact", "140", "-", "0.125", "-", "-"]
    assert "median 31 ms, p95 60 ms" in text
    assert "index build: 4.2 s" in text


def test_the_markdown_shows_targets_and_floors_beside_the_figures() -> None:
    table = as_markdown(report(), FLOORS)
    assert row_of(table, "hit@5 of") == "| hit@5 of passages | ≥ 0.97 | 0.438 | 0.500 | 0.250 | 0.750 |"
    assert row_of(table, "questions refused") == "| answerable questions refused | ≤ 0.05 |  | - | - | - |"
    assert "100 answerable questions and 40" in table
    assert "questions 0123456789ab." in table


def test_json_has_every_figure_under_its_name_and_the_versions() -> None:
    row = report().to_json()
    assert row["groups"] == {name: of.to_json() for name, of in report().groups.items()}
    assert row["kinds"] == {"fact": figures(0.125).to_json()}
    assert row["versions"] == {"embedder": "e5", "questions_sha256": "0123456789abcdef"}
    assert (row["latency_ms"], row["build_seconds"]) == ({"median": 31.4, "p95": 59.6}, 4.25)


def test_the_table_replaces_what_stood_between_the_marks_and_nothing_else() -> None:
    once = with_table(f"# Titre\n\n{BEGIN}\nold\n{END}\n\nfin\n", "| new |")
    assert once == f"# Titre\n\n{BEGIN}\n| new |\n{END}\n\nfin\n"
    assert with_table(once, "| new |") == once


@pytest.mark.parametrize(
    "readme",
    ["", BEGIN, END, f"{END}\n{BEGIN}", f"{BEGIN}{END}{BEGIN}{END}", f"{BEGIN}{BEGIN}{END}", f"{END}{BEGIN}{END}"],
)
def test_a_readme_without_exactly_one_place_is_refused(readme: str) -> None:
    with pytest.raises(ReadmeError, match="expected one"):
        with_table(readme, "| new |")


def judged(
    status: Status, *, answerable: bool = True, evidence: bool = True, hit: float = 1.0, lost: int = 0
) -> Judged:
    question = Question(
        id="q007",
        question="Combien ?",
        kind=Kind.FACT,
        answerable=answerable,
        expected_status=(Status.ANSWERED if answerable else Status.NO_ANSWER,),
        evidence=(),
        split=Split.DEV,
        note="",
        where="",
    )
    answer = Answer(question="Combien ?", question_understood="Combien ?", status=status, text="")
    return Judged(
        outcome=Outcome(question=question, answer=answer, ranking=("a",), milliseconds=1.0, probability=0.5),
        ranking={"hit@5": hit} if answerable else {},
        evidence_found=evidence,
        quotes=2,
        quotes_found=2 - lost,
    )


PASSAGE = Passage(id="a", publication_id="p", text="Un passage.", start=0, end=11, page=4, kind=BlockKind.PARAGRAPH)


@pytest.mark.parametrize(
    ("entry", "wrong"),
    [
        (judged(Status.NO_ANSWER, evidence=False), "refused"),
        (judged(Status.ANSWERED, evidence=False), "without its evidence"),
        (judged(Status.ANSWERED, hit=0.0), "not in the first five"),
        (judged(Status.ANSWERED, lost=1), "quotation not found again"),
        (judged(Status.ANSWERED, answerable=False), "answered"),
        (judged(Status.REFUSED, answerable=False), "unexpected status"),
    ],
)
def test_what_went_wrong_is_listed_with_question_status_and_passages(entry: Judged, wrong: str) -> None:
    status = entry.outcome.answer.status
    assert failures([entry], [PASSAGE]).splitlines() == [
        f"q007 {wrong} [{status}] Combien ?",
        "    1. p. 4 'Un passage.'",
    ]


def test_what_went_right_is_not_listed() -> None:
    right = [judged(Status.ANSWERED), judged(Status.NO_ANSWER, answerable=False, evidence=False)]
    assert failures(right, [PASSAGE]) == "nothing went wrong"
