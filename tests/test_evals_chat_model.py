"""What `python -m evals chat` counts, over a small corpus, the real assistant and a model that plays scripts over HTTP."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from evals.chat_model.asking import Said
from evals.chat_model.command import chosen
from evals.chat_model.rewriting import AskedFollowUp, follow_up_lines
from evals.cli import main
from evals.follow_ups import load_follow_ups
from evals.questions import Split
from rag.chat.errors import Reason
from tests.corpora import write_corpus
from tests.judged import a_question
from tests.scripted_model import Request, Script, Scripted, ScriptedModel, fails, says
from tests.test_evals_cli import question_line
from tests.thirty import write_lines

ROWS = (
    ("q001", "Qui produit des légumes à Dijon ?", "jardin", "Le jardin partagé de Dijon produit des légumes"),
    ("q002", "À qui la métropole réserve-t-elle du foncier ?", "foncier", "La métropole réserve du foncier aux"),
    ("q003", "Quelle est la capitale de l'Australie ?", None, ""),
)
FOLLOW_UPS = [
    {
        "id": f"f00{number}",
        "history": [{"question": f"Qui {verb} des légumes à {town} ?", "text": "- « Un jardin partagé. » [1]"}],
        "question": typed,
        "reading": f"Qui {verb} des légumes à {town} ? {typed}",
        "holds": [["légumes"], [town], [held]],
        "lacks": [],
        "new_subject": False,
        "kind": "pronoun",
        "split": split,
        "note": "",
    }
    for number, verb, town, typed, held, split in (
        (1, "produit", "Dijon", "qui les achète ?", "achete", "dev"),
        (2, "vend", "Lyon", "qui les livre ?", "livre", "test"),
    )
]
REWRITTEN = "Qui achète des légumes à Dijon ?"
ADDED = "Il a été inauguré en 1987 par le préfet [1]."

Chat = Callable[..., int]


@pytest.fixture
def chat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Chat:
    """Runs the command over three questions with a model of these scripts; returns its exit status."""
    questions = tmp_path / "questions.jsonl"
    write_lines(questions, [question_line(*row) for row in ROWS])
    follow_ups = tmp_path / "follow_ups.jsonl"
    write_lines(follow_ups, FOLLOW_UPS)
    corpus = write_corpus(tmp_path / "corpus")

    def run(*scripts: Scripted, more: tuple[str, ...] = ()) -> int:
        with ScriptedModel(*scripts) as server:
            monkeypatch.setenv("CHAT_MODEL", "openai:scripted")
            monkeypatch.setenv("CHAT_MODEL_BASE_URL", server.url)
            sets = ("--questions", str(questions), "--follow-ups", str(follow_ups))
            return main(["chat", "--corpus", str(corpus), *sets, *more])

    return run


def copies(asked: Request) -> Script:
    """The first sentence of the first passage with its number; of the garden also what no passage says. One good rewriting."""
    if "<<dernière question" in asked.prompt:
        return says(REWRITTEN)
    sentence = re.findall(r"^\| ([^|]+?)\.?$", asked.prompt, re.MULTILINE)[0]
    return says(f"{sentence} [1]. ", ADDED if "jardin" in sentence else "", usage=(300, 12))


def counted(out: str, half: str) -> dict[str, str]:
    """The lines of a half by their names."""
    lines = [re.split(r"\s{2,}|: {2,}", line[5:].strip()) for line in out.splitlines() if line.startswith(f"{half} ")]
    return {name: " ".join(rest) for name, *rest in lines}


def test_written_answers_are_counted_beside_the_extracts_of_the_same_questions(
    chat: Chat, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    beside = tmp_path / "beside.md"
    assert chat(copies, more=("--side-by-side", str(beside))) == 0
    out = capsys.readouterr().out
    figures = counted(out, "all")
    assert figures["answerable: written"] == "2 of 2 1.000"
    assert figures["answerable: fallen back to extracts"] == "0 of 2 0.000"
    assert figures["sentences of the model: shown"] == "2 of 3 0.667"
    assert figures["sentences of the model: dropped"] == "1 of 3 0.333"
    assert figures["citation precision, written"] == "1.000 over 2 answers"
    assert figures["evidence cited, written"] == "2 of 2 1.000"
    assert figures["evidence cited, extracts, same questions"] == "2 of 2 1.000"
    assert figures["unanswerable: the model was asked"] == "0 of 1 0.000"
    assert figures["tokens"] == "600 sent, 24 received, 2 answers (0 estimated)"
    assert re.fullmatch(r"median \d+, p95 \d+", figures["ms to the first verified sentence"])
    assert figures["follow-ups: the rules are unsure"] == "2 of 2 1.000"
    assert figures["follow-ups: the model was asked"] == "2 of 2 1.000"
    assert figures["follow-ups: the model's rewriting used"] == "1 of 2 0.500"
    assert figures["follow-up questions resolved"] == "2 of 2 1.000"
    assert figures["follow-up questions resolved, rules alone"] == "2 of 2 1.000"
    assert re.fullmatch(r"median \d+, p95 \d+", figures["ms to a rewritten follow-up"])
    assert counted(out, "dev")["follow-ups: the model's rewriting used"] == "1 of 1 1.000"
    assert counted(out, "test")["follow-ups: the model's rewriting used"] == "0 of 1 0.000"
    assert counted(out, "test")["answerable: written"] == "1 of 1 1.000"
    assert counted(out, "dev")["sentences of the model: dropped"] == "1 of 2 0.500"

    text = beside.read_text(encoding="utf-8")
    assert [line for line in text.splitlines() if line.startswith("## ")] == [f"## {row[0]}: {row[1]}" for row in ROWS]
    assert "    Il a été inauguré en 1987 par le préfet. [1]" in text.replace(" [1].", ". [1]")
    assert text.count("### Chat model: written") == 2


def test_the_time_is_that_of_a_sentence_and_the_tokens_are_those_of_judging_too(
    chat: Chat, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VERIFIER_MODEL", "chat")

    def slow(asked: Request) -> Script:
        if "<<phrase " in asked.prompt:
            return says("OUI", usage=(50, 1))
        sentence = re.findall(r"^\| ([^|]+?)\.?$", asked.prompt, re.MULTILINE)[0]
        return says(f"{sentence} [1].", every=0.3, usage=(300, 12))

    assert chat(slow) == 0
    figures = counted(capsys.readouterr().out, "all")
    assert figures["tokens"] == "700 sent, 26 received, 2 answers (0 estimated)"
    median = re.match(r"median (\d+)", figures["ms to the first verified sentence"])
    assert median is not None
    assert int(median[1]) >= 300


def test_where_the_model_says_that_nothing_answers_or_what_is_not_so_the_extracts_are_counted(
    chat: Chat, capsys: pytest.CaptureFixture[str]
) -> None:
    assert chat(says("AUCUNE_REPONSE"), says(ADDED)) == 0
    figures = counted(capsys.readouterr().out, "all")
    assert figures["answerable: written"] == "0 of 2 0.000"
    assert figures["the passages do not answer, said the model"] == "1 of 2 0.500"
    assert figures["nothing that it said could be shown"] == "1 of 2 0.500"
    assert figures["sentences of the model: dropped"] == "1 of 1 1.000"
    assert figures["citation precision, written"] == "-"
    assert figures["evidence cited, as shown, all answerable"] == "2 of 2 1.000"


def test_a_model_that_always_fails_is_told_with_its_reasons_and_ends_with_1(
    chat: Chat, capsys: pytest.CaptureFixture[str]
) -> None:
    assert chat(fails(401)) == 1
    told = capsys.readouterr()
    assert counted(told.out, "all")["the model failed"] == "2 of 2 1.000 (refused 2)"
    assert "CHAT_MODEL=openai:scripted: failed at each of 2 questions (refused)" in told.err


@pytest.mark.parametrize(
    ("environment", "status", "message"),
    [
        ({}, 2, "CHAT_MODEL is not set"),
        ({"CHAT_MODEL": "mistral-small"}, 2, "a model without its provider"),
        ({"CHAT_MODEL": "openai:gpt-4o-mini"}, 1, "OPENAI_API_KEY is not set"),
    ],
)
def test_no_question_is_asked_of_a_model_that_is_not_there(
    environment: dict[str, str],
    status: int,
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in ("CHAT_MODEL", "CHAT_MODEL_BASE_URL", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert main(["chat"]) == status
    assert message in capsys.readouterr().err


def test_a_limit_takes_questions_from_all_over_the_half() -> None:
    questions = [a_question(number, split=list(Split)[number % 2]) for number in range(1, 21)]
    assert [question.id for question in chosen(questions, "test", 3)] == ["q001", "q007", "q013"]
    assert chosen(questions, "all", 100) == questions


def test_a_sentence_that_was_not_heard_to_its_end_does_not_count() -> None:
    text = "Le jardin produit des légumes [1]. Les habitants cult"
    assert len(Said(text=text, failed=Reason.BROKEN, ended=False).sentences) == 1
    assert len(Said(text=text).sentences) == 2


def test_without_time_for_it_follow_ups_are_resolved_by_the_rules(
    chat: Chat, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CHAT_MODEL_REWRITE_TIMEOUT", "0")
    assert chat(copies, more=("--limit", "1")) == 0
    figures = counted(capsys.readouterr().out, "all")
    assert figures["follow-ups: the model was asked"] == "0 of 1 0.000"
    assert figures["follow-up questions resolved"] == "1 of 1 1.000"
    assert figures["ms to a rewritten follow-up"] == "-"


def test_what_is_resolved_is_counted_with_the_model_s_words_and_without(tmp_path: Path) -> None:
    write_lines(tmp_path / "follow_ups.jsonl", FOLLOW_UPS)
    first, second = load_follow_ups(tmp_path / "follow_ups.jsonl")
    asked = [
        AskedFollowUp(
            item=first, unsure=True, by_rules=first.question, understood=REWRITTEN, used=True, milliseconds=300.0
        ),
        AskedFollowUp(
            item=second, unsure=False, by_rules=second.reading, understood=second.reading, used=False, milliseconds=None
        ),
    ]
    figures = counted("\n".join(follow_up_lines(asked)), "all")
    assert figures["follow-ups: the rules are unsure"] == "1 of 2 0.500"
    assert figures["follow-up questions resolved"] == "2 of 2 1.000"
    assert figures["follow-up questions resolved, rules alone"] == "1 of 2 0.500"
    assert figures["follow-up questions resolved, the unsure ones"] == "1 of 1 1.000"
    assert figures["follow-up questions resolved, the unsure ones, rules alone"] == "0 of 1 0.000"
    assert figures["ms to a rewritten follow-up"] == "median 300, p95 300"
