"""`python -m ingest build`, `python -m rag ask` and `search`, as other tools call them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BROCHURE = "Comment renforcer la place de l'ESS dans les quartiers politique de la ville ?"
FIELDS = {
    "id", "question", "question_understood", "status", "text", "filters", "index_build", "sentences", "citations",
    "examples", "nearest", "links", "follow_ups", "removed_sentences", "composer", "timings_ms",
    "on_page",
}  # fmt: skip


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )


def lines(path: Path, *rows: object) -> Path:
    path.write_text(
        "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows) + "\n", encoding="utf-8"
    )
    return path


def test_a_batch_gives_one_answer_a_line_in_order_whatever_the_lines(tmp_path: Path, brochure_index: Path) -> None:
    batch = lines(
        tmp_path / "questions.jsonl",
        {"id": "a", "question": "Que fait Dijon pour l'alimentation ?", "color": "blue"},
        {"id": 2, "question": ""},
        "not json",
        {"id": "d"},
        {
            "id": "e",
            "question": "Et à Rennes ?",
            "history": [{"question": "Un exemple d'urbanisme transitoire ?", "text": "c"}],
        },
        {"id": "f", "question": "Quels leviers pour le foncier ?", "history": []},
        '{"id": {"a": [1]}, "question": "\\ud800 foncier ?"}',
        "[" * 100_000,
        '{"id": NaN, "question": "foncier ?"}',
        "",
        {"id": "g", "question": "De quoi parle cette page ?", "on_page": {"url": "", "title": f"{BROCHURE} | RTES"}},
        {"id": "h", "question": "De quoi parle cette page ?", "on_page": {"url": "u"}},
    )

    done = run("rag", "ask", "--batch", batch, "--index", brochure_index)

    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == ["a", 2, None, "d", "e", "f", {"a": [1]}, None, None, None, "g", "h"]
    statuses = [answer["status"] for answer in answers]
    assert statuses[:6] == ["answered", "error", "error", "error", "answered", "answered"]
    assert statuses[7:] == ["error", "error", "error", "answered", "error"]
    assert answers[10]["on_page"] == {
        "url": "", "title": f"{BROCHURE} | RTES", "publication_id": "rtes-2023-ess-quartiers-politique-ville",
    }  # fmt: skip
    assert answers[0]["on_page"] is None
    assert len({answer["index_build"] for answer in answers if answer["status"] != "answered"} - {""}) == 1
    assert all(set(answer) >= FIELDS for answer in answers)
    citation = answers[0]["citations"][0]
    assert set(citation) >= {
        "n", "quote", "passage_id", "publication_id", "title", "publisher", "page", "start", "end", "url", "verified",
    }  # fmt: skip
    assert citation["verified"] is True


def test_a_single_question_prints_text_or_json(brochure_index: Path) -> None:
    question = "Qui anime le partenariat dans les Hauts-de-France ?"

    plain = run("rag", "ask", question, "--index", brochure_index)
    as_json = run("rag", "ask", question, "--index", brochure_index, "--json")

    assert "[1]" in plain.stdout
    assert "RTES" in plain.stdout
    answer = json.loads(as_json.stdout)
    assert answer["id"] is None
    assert answer["text"] in plain.stdout


def test_search_writes_a_trec_run_of_passages_and_of_publications(tmp_path: Path, brochure_index: Path) -> None:
    batch = lines(
        tmp_path / "q.jsonl",
        {"id": "q1", "question": "foncier solidaire"},
        {"id": "q2", "question": "?!"},
        {"id": "q 3", "question": "a"},
    )

    passages = run(
        "rag", "search", "--batch", batch, "--k", "7", "--run", tmp_path / "p.trec", "--index", brochure_index
    )
    publications = run(
        "rag",
        "search",
        "--batch",
        batch,
        "--run",
        tmp_path / "d.trec",
        "--index",
        brochure_index,
        "--level",
        "publication",
    )

    assert (passages.returncode, publications.returncode) == (0, 0)
    rows = [line.split() for line in (tmp_path / "p.trec").read_text(encoding="utf-8").splitlines()]
    assert [(row[0], row[1], int(row[3])) for row in rows] == [("q1", "Q0", rank) for rank in range(1, 8)]
    assert [float(row[4]) for row in rows] == sorted((float(row[4]) for row in rows), reverse=True)
    (row,) = [line.split() for line in (tmp_path / "d.trec").read_text(encoding="utf-8").splitlines()]
    assert (row[2], row[3]) == ("rtes-2023-ess-quartiers-politique-ville", "1")


@pytest.mark.parametrize(
    "arguments",
    [
        ("rag", "ask"),
        ("rag", "ask", "a", "--batch", "b"),
        ("rag", "search", "--batch", "b"),
        ("rag", "search", "--batch", "b", "--run", "c", "--k", "0"),
        ("rag", "ask", "a", "--colour"),
        ("rag",),
        ("ingest",),
        ("ingest", "build", "--color"),
    ],
)
def test_wrong_usage_exits_with_2(arguments: tuple[str, ...]) -> None:
    done = run(*arguments)

    assert done.returncode == 2
    assert "usage" in done.stderr


def test_no_index_exits_with_1_and_says_what_to_do(tmp_path: Path) -> None:
    done = run("rag", "ask", "ESS ?", "--index", tmp_path)

    assert done.returncode == 1
    assert "python -m ingest build" in done.stderr
    assert done.stdout == ""


def test_build_builds_from_any_folder_and_then_finds_it_up_to_date(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Une régie de quartier entretient un jardin partagé.", encoding="utf-8")
    catalogue = tmp_path / "catalogue.jsonl"
    lines(
        catalogue,
        {"id": "a", "title": "A", "publisher": "P", "file": "a.txt"},
        {"id": "b", "title": "B", "publisher": "P", "url": "https://example.org"},
    )

    first = run("ingest", "build", "--corpus", tmp_path, "--index", tmp_path / "index")
    second = run("ingest", "build", "--corpus", tmp_path, "--index", tmp_path / "index", "--if-stale")
    (tmp_path / "a.txt").unlink()
    third = run("ingest", "build", "--corpus", tmp_path, "--index", tmp_path / "index")

    assert first.returncode == 0, first.stderr
    assert "not fetched yet" in first.stderr
    assert "1 publications" in first.stdout
    assert (second.returncode, "up to date" in second.stdout) == (0, True)
    assert third.returncode == 1
    assert "nothing was built" in third.stderr


def test_no_catalogue_exits_with_1(tmp_path: Path) -> None:
    done = run("ingest", "build", "--corpus", tmp_path, "--index", tmp_path / "index")

    assert done.returncode == 1
    assert "catalogue.jsonl" in done.stderr
