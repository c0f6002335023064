"""The gate, tested: what is as it was passes twice, and each regression that is planted turns it red and is named.

Code is replaced at its seams here, as nowhere else: a gate that was never seen to close proves nothing.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from evals.asking import made
from evals.limits import faults
from evals.measures import summarise
from evals.questions import GoldSpan
from evals.runner import Asked, Run
from ingest import gather
from ingest.document import BlockKind, Passage, Span
from ingest.embedding import Planned, plan
from ingest.index.embedder import Embedder
from ingest.reading import Outcome
from rag.answerability import Answerability
from rag.retrieval import Ranking, Retriever
from rag.scope import Scope
from rag.verify import Verified, verify
from tests.corpora import write_corpus
from tests.judged import a_judgement, a_question, some_judged
from tests.thirty import TEXTS, Remembering, Thirty, question_rows, write_lines

Said = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def remembering(embedder: Embedder) -> Remembering:
    return Remembering(embedder)


@pytest.fixture(autouse=True)
def _quick(remembering: Remembering, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("evals.asking", "evals.gate"):
        monkeypatch.setattr(f"{module}.load_embedder", lambda *_args, **_kwargs: remembering)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A project whose floors are those of its kept run `first`, and that run as it was made."""

    folder: Path
    run: Run


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory, remembering: Remembering) -> Kept:
    folder = tmp_path_factory.mktemp("thirty") / "first"
    folder.mkdir()
    runs: list[Run] = []

    def making(options: argparse.Namespace, asked: Asked) -> Run:
        runs.append(made(options, asked))
        return runs[-1]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("evals.asking.load_embedder", lambda *_args, **_kwargs: remembering)
        patched.setattr("evals.gate.made", making)
        assert Thirty(folder).gate("--keep", "first", "--raise") == 0
    return Kept(folder=folder, run=runs[0])


@pytest.fixture
def project(first: Kept, tmp_path: Path, capsys: Said) -> Thirty:
    """A copy of the project."""
    shutil.copytree(first.folder, tmp_path / "project")
    capsys.readouterr()
    return Thirty.at(tmp_path / "project")


@pytest.fixture
def _made_before(first: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests that change neither code, corpus nor questions: the run is not made again."""
    monkeypatch.setattr("evals.gate.made", lambda *_: first.run)


def problems(said: Said) -> list[str]:
    """What the gate's last lines name."""
    _, _, verdict = f"\n{said.readouterr().out}".rpartition("\ngate: ")
    return [line.strip() for line in verdict.splitlines()]


def some_line(lines: Sequence[str], *parts: str) -> bool:
    return any(all(part in line for part in parts) for line in lines)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_what_is_as_it_was_is_green_twice_and_changes_nothing(project: Thirty, capsys: Said) -> None:
    before = contents(project.folder)
    for _ in range(2):
        assert project.gate() == 0
        assert problems(capsys) == ["all floors hold"]
    assert contents(project.folder) == before


def test_a_project_without_floors_is_red_until_a_run_sets_them(tmp_path: Path, capsys: Said) -> None:
    project = Thirty(tmp_path)
    assert project.gate() == 1
    assert some_line(problems(capsys), "no floor is set", "gate --keep VERSION --raise")

    assert project.gate("--keep", "1.0", "--raise", "--readme", str(readme(tmp_path))) == 0

    floors = json.loads(project.floors.read_text(encoding="utf-8"))
    assert floors["floors"]["evidence_in_answer"] == {"value": 1.0, "run": "1.0"}
    assert (project.runs / "1.0" / "answers.jsonl").is_file()
    table = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert "| hit@5 of passages |  | 1.000 | 1.000 | 1.000 | 1.000 |" in table


def readme(folder: Path) -> Path:
    path = folder / "README.md"
    path.write_text("<!-- quality:begin -->\n<!-- quality:end -->\n", encoding="utf-8")
    return path


# What is planted in the code.


def crippled(patched: pytest.MonkeyPatch, *, missed: int = len(TEXTS), asked: str = "") -> None:
    """The retriever finds the best `missed` passages in turned order, the worst first, where `asked` is in the question."""
    search = Retriever.search

    def turned(self: Retriever, query: Any, *, k: int, **narrowed: Any) -> Ranking:  # noqa: ANN401
        found = search(self, query, k=len(TEXTS), **narrowed)
        if asked not in (query if isinstance(query, str) else query.text):
            return replace(found, results=found.results[:k])
        results = (*found.results[:missed][::-1], *found.results[missed:])
        return replace(found, results=tuple(replace(one, rank=n) for n, one in enumerate(results[:k], start=1)))

    patched.setattr(Retriever, "search", turned)


def inventing(patched: pytest.MonkeyPatch, *, quoted: bool, said: bool) -> None:
    """Nothing is verified: a citation's quotation, or the sentence in the answer's text, is made up."""
    invented = "Selon une étude, 45 % des habitants en profitent."

    def trusting(*words: Any) -> Verified:  # noqa: ANN401
        held = verify(*words)
        citations = [replace(one, quote=invented) if quoted else one for one in held.citations]
        sentences = [replace(one, text=invented) if said else one for one in held.sentences]
        return replace(held, citations=tuple(citations), sentences=tuple(sentences))

    patched.setattr("rag.answering.verify", trusting)


def forgetting(patched: pytest.MonkeyPatch, every: int) -> None:
    """Of the passages each `every`th is lost before it is indexed."""

    def lossy(passages: Sequence[Passage], *more: Any) -> Planned:  # noqa: ANN401
        return plan([passage for number, passage in enumerate(passages) if number % every], *more)

    patched.setattr("ingest.build.plan", lossy)


def test_a_crippled_retriever_is_red(project: Thirty, monkeypatch: pytest.MonkeyPatch, capsys: Said) -> None:
    crippled(monkeypatch)
    assert project.gate() == 1
    found = problems(capsys)
    for figure in ("hit@5", "ndcg@10", "evidence_in_answer"):
        assert some_line(found, f"floor broken: {figure} is", "run first has 1.0000 over the same 38 questions")


@pytest.mark.parametrize(
    ("quoted", "said", "named"),
    [
        (True, True, ["hard limit: citations_found_again is 0.0000, expected 1.0: q000"]),
        (False, True, ["hard limit: an answer says only what it quotes", "q000: '« Selon une étude, 45 %"]),
        (
            True,
            False,
            ["hard limit: citations_found_again is 0.0000", "hard limit: an answer says only what it quotes"],
        ),
    ],
)
def test_a_composer_that_invents_is_red(
    project: Thirty, monkeypatch: pytest.MonkeyPatch, capsys: Said, *, quoted: bool, said: bool, named: list[str]
) -> None:
    inventing(monkeypatch, quoted=quoted, said=said)
    assert project.gate() == 1
    found = problems(capsys)
    assert all(some_line(found, one) for one in named), found


def test_an_assistant_that_always_refuses_is_red(
    project: Thirty, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    monkeypatch.setattr(Answerability, "answers", lambda *_: False)
    assert project.gate() == 1
    found = problems(capsys)
    assert some_line(found, "floor broken: answerable_refused is 1.0000")
    assert some_line(found, "floor broken: evidence_in_answer is 0.0000")
    assert some_line(found, "hard limit: citations_found_again is not measured")
    assert some_line(found, "floor broken: citation_precision is not measured, run first has it")


def test_an_assistant_that_always_answers_is_red(
    project: Thirty, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    monkeypatch.setattr(Answerability, "answers", lambda *_: True)
    monkeypatch.setattr(Scope, "is_hostile", lambda *_: False)
    assert project.gate() == 1
    found = problems(capsys)
    assert some_line(found, "hard limit: hostile_not_answered is", "q034")
    assert some_line(found, "floor broken: off_topic_not_answered is")


def test_lost_passages_are_red_and_their_questions_named(
    project: Thirty, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    forgetting(monkeypatch, 10)
    assert project.gate() == 1
    assert some_line(problems(capsys), "lost evidence: no passage holds all of what answers q")


def test_a_build_that_writes_other_texts_is_red_though_it_quotes_them_word_for_word(
    project: Thirty, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    outcomes = gather._outcomes

    def falsifying(*words: Any) -> Iterator[tuple[Outcome, bool]]:  # noqa: ANN401
        for outcome, cached in outcomes(*words):
            document = outcome.document
            assert document is not None
            yield (
                replace(outcome, document=replace(document, text=document.text.replace("scolaire", "communal"))),
                cached,
            )

    monkeypatch.setattr("ingest.gather._outcomes", falsifying)
    assert project.gate() == 1
    assert some_line(problems(capsys), "hard limit: citations_found_again is 0.9", "expected 1.0: q000")


def test_evidence_of_which_a_passage_holds_only_some_is_red() -> None:
    entry = a_judgement(a_question(7), answered=True)
    gold = (*entry.gold, GoldSpan(publication="p", span=Span(40, 60), grade=2))
    figures = summarise([entry, *some_judged([], traps_answered=[False])])
    passage = Passage(
        id="p:good", publication_id="p", text="Le jardin partagé", start=0, end=17, page=1, kind=BlockKind.PARAGRAPH
    )

    held = faults([entry], figures, [passage])
    lost = faults([replace(entry, gold=gold)], figures, [passage])

    assert not some_line(held, "lost evidence")
    assert some_line(lost, "lost evidence: no passage holds all of what answers q007")


def test_an_index_of_nothing_is_red(project: Thirty, monkeypatch: pytest.MonkeyPatch, capsys: Said) -> None:
    forgetting(monkeypatch, 1)
    assert project.gate() == 1
    assert problems(capsys) == ["no publication has a word to index; nothing was built"]


# What is done to the files.


@pytest.mark.parametrize("texts", [{}, dict(list(TEXTS.items())[1:])])
def test_an_empty_corpus_and_one_that_lacks_a_publication_are_red(
    project: Thirty, capsys: Said, texts: dict[str, str]
) -> None:
    write_corpus(project.corpus, texts)
    assert project.gate() == 1
    assert some_line(problems(capsys), "q000: publication 'jardin' is not in the corpus")


def test_another_corpus_is_red_though_every_figure_is_as_good(project: Thirty, capsys: Said) -> None:
    write_corpus(project.corpus, TEXTS | {"nouveau": "Le marché de Noël ferme à vingt heures."})
    assert project.gate() == 1
    (message,) = problems(capsys)
    assert message.startswith("floors were set on others: corpus_sha256 is ")


def test_questions_that_were_removed_are_red(project: Thirty, capsys: Said) -> None:
    write_lines(project.questions, [row for row in question_rows() if row["id"] not in {"q000", "q001"}])
    assert project.gate() == 1
    assert some_line(problems(capsys), "floors were set on others: questions_sha256 is ")


@pytest.mark.usefixtures("_made_before")
def test_floors_edited_by_hand_are_red(project: Thirty, capsys: Said) -> None:
    floors = json.loads(project.floors.read_text(encoding="utf-8"))
    floors["floors"]["hit@5"]["value"] = 0.5
    del floors["floors"]["mrr@10"]
    project.floors.write_text(json.dumps(floors), encoding="utf-8")
    assert project.gate() == 1
    found = problems(capsys)
    assert some_line(found, "floor edited: hit@5 is 0.5, its run first has 1.0")
    assert some_line(found, "floor removed: mrr@10, which run first has: 1.0")
    assert len(found) == 2
    assert project.gate("--keep", "2.0", "--raise") == 1
    assert not (project.runs / "2.0").exists()


@pytest.mark.usefixtures("_made_before")
def test_floors_that_were_all_taken_out_are_not_set_anew_without_a_word(project: Thirty, capsys: Said) -> None:
    floors = json.loads(project.floors.read_text(encoding="utf-8"))
    project.floors.write_text(json.dumps(floors | {"floors": {}}), encoding="utf-8")
    assert project.gate("--keep", "2.0", "--raise") == 1
    assert some_line(problems(capsys), "floors removed: there is none, though first was kept on these questions")
    assert project.gate("--keep", "first", "--raise", "--replace") == 1
    assert project.gate("--keep", "first", "--raise") == 0


@pytest.mark.usefixtures("_made_before")
@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("answers.jsonl", '"status": "answered"', '"status": "no_answer"'),
        ("figures.json", '"hit@5": 1.0', '"hit@5": 0.9'),
        ("run.trec", "q000 Q0 ", "q000 Q0 x"),
        ("follow_ups.jsonl", '"understood": "', '"understood": "Lyon '),
    ],
)
def test_a_kept_run_edited_by_hand_is_red(project: Thirty, capsys: Said, name: str, old: str, new: str) -> None:
    path = project.runs / "first" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert project.gate() == 1
    assert some_line(problems(capsys), f"{project.runs / 'first'}: figures.json has ", "a kept run was edited")


@pytest.mark.usefixtures("_made_before")
def test_a_kept_run_that_is_gone_or_damaged_is_red(project: Thirty, capsys: Said) -> None:
    (project.runs / "first" / "run.trec").unlink()
    assert project.gate() == 1
    assert some_line(problems(capsys), "cannot be made anew", "run.trec: cannot be read")
    shutil.rmtree(project.runs)
    assert project.gate() == 1
    assert some_line(problems(capsys), "hit@5", "first: no kept run of that name")


# How floors move.


def test_a_floor_sinks_on_a_reason_which_is_kept_and_then_holds(
    project: Thirty, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    before = contents(project.folder)
    crippled(monkeypatch, missed=2)
    assert project.gate("--keep", "worse", "--raise") == 1
    assert contents(project.folder) == before

    assert project.gate("--keep", "worse", "--raise", "--allow-regression", "Une expérience.") == 0

    floors = json.loads(project.floors.read_text(encoding="utf-8"))
    assert floors["floors"]["hit@1"]["run"] == "worse"
    assert {"Une expérience."} == {one["reason"] for one in floors["sunk"]}
    assert "hit@1" in {one["figure"] for one in floors["sunk"]}
    capsys.readouterr()
    assert project.gate() == 0


def test_no_reason_excuses_a_hard_limit(project: Thirty, monkeypatch: pytest.MonkeyPatch, capsys: Said) -> None:
    before = contents(project.folder)
    inventing(monkeypatch, quoted=True, said=True)
    assert project.gate("--keep", "2.0", "--raise", "--allow-regression", "Une expérience.") == 1
    assert some_line(problems(capsys), "hard limit")
    assert contents(project.folder) == before


@pytest.mark.usefixtures("_made_before")
def test_the_same_run_is_kept_once(project: Thirty) -> None:
    before = contents(project.folder)
    assert project.gate("--keep", "first", "--raise") == 0
    assert contents(project.folder) == before


def test_one_question_less_is_noise_but_the_run_that_floors_name_is_not_replaced_by_it(
    project: Thirty, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    before = contents(project.folder)
    crippled(monkeypatch, missed=2, asked="légumes")
    assert project.gate("--failures", "all") == 0
    assert re.search(r"^hit@1 of passages +0\.967 ", capsys.readouterr().out, re.MULTILINE)
    for more in ((), ("--replace", "--raise")):
        assert project.gate("--keep", "first", *more) == 1
        assert some_line(
            problems(capsys), "first is the run of the floors of hit@1", "keep this one under another name"
        )
    assert contents(project.folder) == before


def test_on_another_question_set_floors_are_set_anew(project: Thirty, capsys: Said) -> None:
    rows = [row for row in question_rows() if row["id"] not in {"q000", "q001"}]
    write_lines(project.questions, rows)
    before = contents(project.folder)
    assert project.gate("--keep", "2.0") == 1
    assert project.gate("--keep", "2.0", "--raise") == 1
    assert some_line(problems(capsys), "questions removed: q000, q001 of run ")
    assert contents(project.folder) == before
    assert project.gate("--keep", "2.0", "--raise", "--allow-regression", "Deux questions en double.") == 0
    floors = json.loads(project.floors.read_text(encoding="utf-8"))
    assert {floor["run"] for floor in floors["floors"].values()} == {"2.0"}
    capsys.readouterr()
    assert project.gate() == 0


def test_a_worse_run_is_not_hidden_by_another_question_set(
    project: Thirty, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    write_lines(project.questions, [row for row in question_rows() if row["id"] not in {"q000", "q001"}])
    crippled(monkeypatch)
    assert project.gate("--keep", "2.0", "--raise") == 1
    assert some_line(problems(capsys), "floor broken: hit@5", "over the same 36 questions")


@pytest.mark.parametrize(
    "words",
    [
        ("--raise",),
        ("--replace",),
        ("--allow-regression", "Une raison."),
        ("--keep", "2.0", "--allow-regression", " "),
        ("--build", "x"),
        ("--index", "x", "--keep", "2.0"),
        ("--index", "x", "--readme"),
        ("--index", "x", "--corpus", "y"),
    ],
)
def test_options_that_do_not_go_together_are_wrong_usage(tmp_path: Path, capsys: Said, words: tuple[str, ...]) -> None:
    from evals.cli import main

    assert main(["gate", "--floors", str(tmp_path / "none.json"), *words]) == 2
    assert "usage: python -m evals gate" in capsys.readouterr().err
