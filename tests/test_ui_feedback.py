"""What users say of answers: sent over HTTP, kept in a file, given out by a command."""

from __future__ import annotations

import csv
import io
import json
import os
import sqlite3
import stat
import subprocess
import sys
from dataclasses import fields
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.served import ROOT, Reply, Served
from ui import texts
from ui.commands import write_csv
from ui.feedback import Cited, Feedback, FeedbackStore, Kept, parse_feedback

ANSWER: dict[str, Any] = {
    "question_understood": "Qui anime le partenariat ?",
    "text": "Le RTES anime le partenariat [1].",
    "status": "answered",
    "index_build": "20250101T000000Z-0123abcd",
    "citations": [{"publication_id": "rtes-2023", "start": 10, "end": 40}],
}
GOOD = {"useful": True, "comment": "Merci", "answer": ANSWER}


def send(chat: Served, data: object, **headers: str) -> Reply:
    body = data if isinstance(data, bytes) else json.dumps(data).encode()
    sent = {"Content-Type": "application/json"} | {name.replace("_", "-"): value for name, value in headers.items()}
    return chat.fetch("/api/feedback", method="POST", body=body, headers=sent)


def kept(chat: Served) -> list[Kept]:
    store = FeedbackStore(chat.log.with_name("feedback.sqlite3"))
    try:
        return list(store.all())
    finally:
        store.close()


def one(**changed: Any) -> Feedback:  # noqa: ANN401
    return parse_feedback({"useful": True, "comment": "", "answer": ANSWER} | changed)


def test_feedback_is_kept_with_its_answer_and_nothing_of_who_sent_it(served: Served) -> None:
    reply = send(
        served,
        GOOD | {"useful": False, "comment": "Rappelez-moi au 06 12 34 56 78, jean@ville.fr <b>"},
        User_Agent="Oiseau",
        X_Forwarded_For="203.0.113.77",
    )
    assert (reply.status, reply.json) == (201, {"status": "recorded"})
    last = kept(served)[-1]
    assert last == Kept(
        day=datetime.now(UTC).date().isoformat(),
        useful=False,
        comment="Rappelez-moi au […], […] <b>",
        question=ANSWER["question_understood"],
        answer=ANSWER["text"],
        status="answered",
        index_build=ANSWER["index_build"],
        citations=(Cited(publication_id="rtes-2023", start=10, end=40),),
    )
    path = served.log.with_name("feedback.sqlite3")
    everything = b"".join(file.read_bytes() for file in path.parent.glob("feedback.sqlite3*"))
    for private in (b"Oiseau", b"203.0.113.77", b"127.0.0.1", b"06 12 34"):
        assert private not in everything
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("data", [b"", b"{", b"\xff", b"[" * 50_000])
def test_what_is_no_json_is_400(served: Served, data: bytes) -> None:
    reply = send(served, data)
    assert (reply.status, reply.json["status"], reply.json["text"]) == (400, "error", texts.NOT_JSON)


def test_another_content_type_is_400(served: Served) -> None:
    assert send(served, GOOD, Content_Type="text/plain").status == 400


def test_the_question_may_be_left_out(served: Served) -> None:
    answer = {name: value for name, value in ANSWER.items() if name != "question_understood"}
    assert send(served, GOOD | {"answer": answer}).status == 201
    assert kept(served)[-1].question == ""


@pytest.mark.parametrize(
    "data",
    [
        [], None, {}, GOOD | {"useful": 1}, GOOD | {"useful": "oui"}, GOOD | {"comment": 3}, GOOD | {"comment": "x" * 1001},
        GOOD | {"answer": "oui"}, GOOD | {"answer": ANSWER | {"status": "fine"}}, GOOD | {"answer": ANSWER | {"status": []}},
        GOOD | {"answer": ANSWER | {"text": "x" * 20_001}}, GOOD | {"answer": ANSWER | {"question_understood": None}},
        GOOD | {"answer": ANSWER | {"index_build": "x" * 101}}, GOOD | {"answer": ANSWER | {"citations": {}}},
        GOOD | {"answer": ANSWER | {"citations": [{"publication_id": "x", "start": 1}]}},
        GOOD | {"answer": ANSWER | {"citations": [{"publication_id": "x", "start": -1, "end": 2}]}},
        GOOD | {"answer": ANSWER | {"citations": [{"publication_id": "x", "start": True, "end": 2}]}},
        GOOD | {"answer": ANSWER | {"citations": [{"publication_id": "x" * 201, "start": 1, "end": 2}]}},
        GOOD | {"answer": ANSWER | {"citations": ANSWER["citations"] * 101}},
    ],
)  # fmt: skip
def test_what_is_not_of_the_form_is_422_in_french(served: Served, data: object) -> None:
    before = len(kept(served))
    reply = send(served, data)
    assert (reply.status, reply.json["status"]) == (422, "error")
    assert reply.json["text"].startswith(("Le champ «", "L'avis doit"))
    assert len(kept(served)) == before


def test_more_than_64_kb_is_413(served: Served) -> None:
    assert send(served, GOOD | {"more": "x" * 65_536}).status == 413


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_other_methods_are_405(served: Served, method: str) -> None:
    reply = served.fetch("/api/feedback", method=method)
    assert (reply.status, reply.headers["allow"]) == (405, "POST")


def test_another_origin_is_refused(served: Served) -> None:
    assert send(served, GOOD, Origin="https://evil.example").status == 403


def test_half_a_surrogate_pair_and_nul_are_kept_as_text_can_be(served: Served) -> None:
    assert (
        send(
            served, rb'{"useful": true, "comment": "a\ud83d\u0000b", "answer": ' + json.dumps(ANSWER).encode() + b"}"
        ).status
        == 201
    )
    assert kept(served)[-1].comment == "a?b"


def test_a_full_file_takes_no_more_and_keeps_what_it_has(tmp_path: Path) -> None:
    store = FeedbackStore(tmp_path / "small.sqlite3", max_pages=8)

    def fill() -> None:
        for _ in range(1000):
            store.add(one(comment="x" * 1000))

    with pytest.raises(sqlite3.OperationalError, match="full"):
        fill()
    assert len(list(store.all())) > 0
    store.close()


def test_what_cannot_be_kept_is_503_and_is_logged_without_its_words(served: Served) -> None:
    assert send(served, GOOD).status == 201
    other = sqlite3.connect(served.log.with_name("feedback.sqlite3"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        reply = send(served, GOOD | {"comment": "zanzibarite"})
    finally:
        other.close()
    assert (reply.status, reply.json["text"]) == (503, texts.FEEDBACK_NOT_KEPT)
    assert "feedback could not be kept" in served.log.read_text()
    assert "zanzibarite" not in served.log.read_text()
    assert send(served, GOOD).status == 201


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", " =", "\n="])
def test_no_cell_of_the_csv_begins_as_a_formula_does(start: str) -> None:
    formula = f'{start}HYPERLINK("https://evil.example")'
    row = Kept(
        day="2025-01-01", useful=True, comment=formula, question=formula, answer=formula, status="answered",
        index_build=formula, citations=(Cited(publication_id="=cmd", start=0, end=1),),
    )  # fmt: skip
    target = io.StringIO(newline="")
    write_csv([row], target)
    head, cells = csv.reader(io.StringIO(target.getvalue()))
    assert head[0] == "day"
    assert sum(cell.startswith("'") for cell in cells) == 5
    assert not any(cell.lstrip().startswith(("=", "+", "-", "@")) for cell in cells)


@given(st.text(max_size=50))
def test_a_csv_cell_reads_as_what_was_said(comment: str) -> None:
    facts = {field.name: getattr(one(), field.name) for field in fields(Feedback)}
    row = Kept(**facts | {"comment": comment, "day": "2025-01-01"})
    target = io.StringIO(newline="")
    write_csv([row], target)
    cell = next(csv.DictReader(io.StringIO(target.getvalue(), newline="")))["comment"]
    assert cell in {comment, "'" + comment}


def run(path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ui", "feedback", *arguments],
        cwd=ROOT,
        env=os.environ | {"FEEDBACK_FILE": str(path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_the_command_gives_out_and_deletes_what_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "feedback.sqlite3"
    for day in ("2024-12-31", "2025-01-01"):
        store = FeedbackStore(path, clock=lambda day=day: date.fromisoformat(day))  # type: ignore[misc]
        store.add(one(comment=f"dit le {day}"))
        store.close()
    rows = [json.loads(line) for line in run(path, "export").stdout.splitlines()]
    assert [(row["day"], row["comment"]) for row in rows] == [
        ("2024-12-31", "dit le 2024-12-31"), ("2025-01-01", "dit le 2025-01-01")
    ]  # fmt: skip
    assert rows[0]["citations"] == ANSWER["citations"]
    assert run(path, "export", "--format", "csv").stdout.splitlines()[1].startswith("2024-12-31,yes,dit le")
    deleted = run(path, "delete", "--before", "2025-01-01")
    assert (deleted.returncode, deleted.stderr) == (0, "1 deleted\n")
    assert len(run(path, "export").stdout.splitlines()) == 1
    assert "2024-12-31" not in b"".join(file.read_bytes() for file in tmp_path.iterdir()).decode("latin-1")


def test_the_command_tells_that_nothing_is_kept_and_what_is_wrong_usage(tmp_path: Path) -> None:
    missing = run(tmp_path / "none.sqlite3", "export")
    assert (missing.returncode, missing.stdout) == (1, "")
    assert "FEEDBACK_FILE" in missing.stderr
    damaged = tmp_path / "damaged.sqlite3"
    damaged.write_bytes(b"no database" * 1000)
    assert run(damaged, "export").returncode == 1
    assert run(tmp_path / "x", "delete").returncode == 2
    assert run(tmp_path / "x", "delete", "--before", "hier").returncode == 2
