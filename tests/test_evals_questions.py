"""The question set: what the loader refuses, all at once, and where evidence stands. The committed set is held to it too."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from evals.questions import Kind, Question, QuestionsError, Source, Split, load_questions, locate
from evals.spans import FoldedText
from ingest.document import Span

COMMITTED = Path(__file__).resolve().parents[1] / "evals" / "questions.jsonl"
TEXT = "Première page, où rien ne se passe vraiment.\nSeconde page : un garage solidaire ouvre à Stains en 2023."
SEGMENT = "un garage solidaire ouvre à Stains en 2023"


def row(**changes: object) -> dict[str, object]:
    return {
        "id": "q001",
        "question": "Où ouvre le garage ?",
        "kind": "fact",
        "answerable": True,
        "expected_status": ["answered"],
        "evidence": [{"publication": "p", "page": 2, "segment": SEGMENT, "grade": 2}],
        "split": "dev",
        "note": "",
    } | changes


def trap(**changes: object) -> dict[str, object]:
    absent = {"kind": "absent", "answerable": False, "expected_status": ["no_answer"], "evidence": []}
    return row(id="q002", question="Et à Lyon ?") | absent | changes


def written(folder: Path, *lines: Mapping[str, object] | str) -> Path:
    path = folder / "questions.jsonl"
    texts = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines]
    path.write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
    return path


def problems_of(path: Path) -> tuple[str, ...]:
    with pytest.raises(QuestionsError) as caught:
        load_questions(path)
    return caught.value.problems


def sources(text: str = TEXT) -> dict[str, Source]:
    second = text.index("Seconde")
    pages = ((Span(0, second), 1), (Span(second, len(text)), 2))
    return {"p": Source(text=FoldedText(text), pages=pages)}


def located(folder: Path, text: str = TEXT, **evidence: object) -> str:
    entry = {"publication": "p", "page": 2, "segment": SEGMENT, "grade": 2} | evidence
    questions = load_questions(written(folder, row(evidence=[entry])))
    with pytest.raises(QuestionsError) as caught:
        locate(questions, sources(text))
    (problem,) = caught.value.problems
    return problem


def test_a_sound_set_is_read(tmp_path: Path) -> None:
    fact, absent = load_questions(written(tmp_path, row(), trap()))
    assert (fact.kind, fact.split, fact.answerable, fact.evidence[0].segment) == (
        Kind.FACT,
        Split.DEV,
        True,
        SEGMENT,
    )
    assert (absent.kind, absent.evidence) == (Kind.ABSENT, ())
    assert absent.where.endswith("questions.jsonl:2")


def test_all_errors_are_given_at_once_each_with_its_line(tmp_path: Path) -> None:
    path = written(tmp_path, "{not json", row(kind="riddle"), row(id="q3"), trap(split="train"))
    problems = problems_of(path)
    assert [problem.partition(": ")[0] for problem in problems] == [f"{path}:{line}" for line in (1, 2, 2, 3, 4)]
    assert "expected one object" in problems[0]
    assert any("'riddle' is not one of" in problem for problem in problems)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (row(evidence=[]), "has evidence of grade 2"),
        (row(evidence=[{"publication": "p", "page": 2, "segment": SEGMENT, "grade": 1}]), "has evidence of grade 2"),
        (row(evidence=[{"publication": "p", "page": 2, "segment": "trop court", "grade": 2}]), "6 to 40 words"),
        (row(evidence=[{"publication": "p", "page": 0, "segment": SEGMENT, "grade": 2}]), "page"),
        (row(expected_status=["no_answer"]), "an answerable question is answered"),
        (row(kind="hostile"), "the kind of an answerable question"),
        (trap(evidence=row()["evidence"]), "has no evidence"),
        (trap(expected_status=["no_answer", "answered"]), "is not answered"),
        (row(question=" ?! "), "question"),
        (row(comment="more"), "comment"),
    ],
)
def test_a_line_that_contradicts_itself_is_refused_with_what_is_expected(
    tmp_path: Path, line: dict[str, object], expected: str
) -> None:
    assert any(expected in problem for problem in problems_of(written(tmp_path, line)))


def test_an_id_or_a_question_given_twice_is_refused(tmp_path: Path) -> None:
    path = written(
        tmp_path, row(), row(question="Autre ?", split="test"), row(id="q003", question="où ouvre le  GARAGE ?")
    )
    problems = problems_of(path)
    assert f"{path}:2: id 'q001' stands at {path}:1 already, expected another one" in problems
    assert any(problem.startswith(f"{path}:3: question") for problem in problems)


def test_uneven_halves_of_a_kind_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path, row(), row(id="q002", question="Quand ouvre-t-il ?"))
    assert problems_of(path) == (f"{path}: kind fact: 2 dev and 0 test, expected halves (alternate them)",)


def test_a_missing_and_an_empty_set_are_refused(tmp_path: Path) -> None:
    assert "cannot be read" in problems_of(tmp_path / "none.jsonl")[0]
    assert "is empty" in problems_of(written(tmp_path))[0]


def test_evidence_is_located_in_the_text(tmp_path: Path) -> None:
    gold = locate(load_questions(written(tmp_path, row(), trap())), sources())
    (entry,) = gold["q001"]
    assert TEXT[entry.span.start : entry.span.end] == SEGMENT
    assert (entry.publication, entry.grade) == ("p", 2)
    assert gold["q002"] == ()


def test_a_segment_that_no_longer_occurs_is_named(tmp_path: Path) -> None:
    problem = located(tmp_path, segment="un garage solidaire ferme à Stains en 2023")
    assert (
        "questions.jsonl:1: q001: segment 'un garage solidaire ferme à Stains en 2023' stands 0 times in p" in problem
    )


def test_a_segment_that_occurs_twice_is_refused(tmp_path: Path) -> None:
    assert "stands 2 times in p, expected once" in located(tmp_path, text=f"{TEXT} Oui, {SEGMENT}.")


def test_a_wrong_page_and_an_unknown_publication_are_refused(tmp_path: Path) -> None:
    assert "stands on page 2, the line says 1" in located(tmp_path, page=1)
    assert "publication 'other' is not in the corpus, expected one of: p" in located(tmp_path, publication="other")


@pytest.fixture(scope="module")
def committed() -> tuple[Question, ...]:
    return load_questions(COMMITTED)


def test_the_committed_set_has_the_questions_that_were_asked_for(committed: tuple[Question, ...]) -> None:
    counts = Counter(question.kind for question in committed)
    assert sum(question.answerable for question in committed) >= 75
    assert sum(not question.answerable for question in committed) >= 36
    assert all(counts[kind] >= 14 for kind in (Kind.HOW_TO, Kind.FACT, Kind.EXAMPLE))
    assert all(counts[kind] >= 8 for kind in (Kind.MISSPELT, Kind.ENGLISH, Kind.KEYWORDS, Kind.DEFINITION))
    assert all(counts[kind] >= 10 for kind in (Kind.ABSENT, Kind.OFF_TOPIC, Kind.HOSTILE))


def test_the_committed_set_asks_about_every_page(committed: tuple[Question, ...]) -> None:
    brochure = [e for q in committed for e in q.evidence if not e.publication.startswith("fixture-")]
    assert {evidence.page for evidence in brochure} == set(range(1, 8))


TURN = {"question": "Qui répare des vélos à Stains ?", "text": "« Un garage » [1]"}


def test_a_question_may_have_a_conversation_before_it_which_tells_it_from_others(tmp_path: Path) -> None:
    other = {"question": "Qui répare des voitures à Stains ?", "text": "« Un garage » [1]"}
    first, second, alone = load_questions(
        written(
            tmp_path,
            row(question="et où ?", history=[TURN]),
            trap(question="et où ?", history=[other], split="test"),
            row(id="q003", question="et où ?", split="test"),
        )
    )
    assert first.request.history[0].question == TURN["question"]
    assert first.conversation == "Qui répare des vélos à Stains ? / et où ?"
    assert len({first.conversation, second.conversation, alone.conversation}) == 3


@pytest.mark.parametrize(
    "history", [[], [TURN] * 6, [{"question": "et ?"}], [{"question": "?", "text": "x"}], [TURN | {"page": 1}], "avant"]
)
def test_a_conversation_that_is_none_is_refused(tmp_path: Path, history: object) -> None:
    assert any("history" in problem for problem in problems_of(written(tmp_path, row(history=history))))
