"""What `python -m evals planted` counts, over a small corpus."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.cli import main
from tests.corpora import write_corpus
from tests.scripted_model import ScriptedModel, says
from tests.thirty import write_lines

SEGMENT = "Le jardin partagé de Dijon produit des légumes"


def line(name: str, sentence: str, **more: object) -> dict[str, object]:
    row: dict[str, object] = {
        "id": name,
        "split": "dev",
        "verdict": "true",
        "kind": "light",
        "sentence": sentence,
        "cited": [{"publication": "jardin", "segment": SEGMENT}],
    }
    return row | more


def asked(folder: Path, rows: list[dict[str, object]], *more: str) -> int:
    write_lines(folder / "planted.jsonl", rows)
    corpus = write_corpus(folder / "corpus")
    return main(["planted", "--corpus", str(corpus), "--sentences", str(folder / "planted.jsonl"), *more])


def counted(out: str) -> dict[str, str]:
    rows = (row.split() for row in out.splitlines() if " of " in row)
    return {" ".join(row[:-4]): " ".join(row[-4:-1]) for row in rows}


ROWS = [
    line("p1", "Le jardin partagé de Dijon produit des légumes."),
    line("p2", "Le jardin partagé de Lyon produit des légumes."),
    line(
        "p3",
        "Le jardin partagé de Brest produit des légumes.",
        verdict="false",
        kind="name",
        original="Le jardin partagé de Dijon produit des légumes.",
    ),
    line("p4", "Le jardin de Dijon produit des légumes.", verdict="false", kind="scope", original="Dijon a 7 jardins."),
    line("p5", "Le jardin de Dijon produit des légumes.", verdict="false", kind="not_cited", original="Ailleurs."),
    line(
        "p6", "Le jardin a 12 ruches.", verdict="false", kind="number", original="Le jardin a 9 ruches.", split="test"
    ),
]


def test_what_is_shown_and_dropped_is_counted_by_kind_and_in_sum(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert asked(tmp_path, ROWS, "--show") == 0
    out = capsys.readouterr().out

    assert counted(out) == {
        "light: true dropped": "1 of 2",
        "name: false shown": "0 of 1",
        "scope: false shown": "1 of 1",
        "not_cited: false shown": "1 of 1",
        "sum: false shown, a fact changed": "1 of 2",
        "sum: false shown, a paraphrase error": "1 of 1",
        "sum: true dropped": "1 of 2",
        "sum: true dropped, twins of false ones": "1 of 2",
    }
    assert "true dropped for: name 1, figure 1" in out
    assert "false dropped for: name 1" in out
    assert "milliseconds a sentence: median " in out
    assert "p2 light: name Lyon\n  Le jardin partagé de Lyon produit des légumes." in out
    assert "p4 scope: supported\n  Le jardin de Dijon produit des légumes.\n  > " in out
    assert "ruches" not in out


def test_the_test_half_is_counted_and_never_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert asked(tmp_path, ROWS, "--split", "test") == 0
    assert counted(capsys.readouterr().out)["sum: false shown, a fact changed"] == "0 of 1"

    for split in ("test", "all"):
        assert main(["planted", "--split", split, "--show"]) == 2
        assert "nothing is tuned on the test half" in capsys.readouterr().err


def test_what_verifier_model_names_has_the_last_word(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with ScriptedModel(
        lambda asked: says("NON" if "produit des légumes.\n<<fin de la phrase" in asked.prompt else "OUI")
    ) as server:
        monkeypatch.setenv("CHAT_MODEL", "openai:scripted")
        monkeypatch.setenv("CHAT_MODEL_BASE_URL", server.url)
        monkeypatch.setenv("VERIFIER_MODEL", "chat")
        assert asked(tmp_path, ROWS) == 0
    out = capsys.readouterr().out

    assert "last word (VERIFIER_MODEL): chat" in out
    assert counted(out)["sum: true dropped"] == "2 of 2"
    assert counted(out)["scope: false shown"] == "0 of 1"
    assert "not entailed" in out


def test_to_ask_a_chat_model_that_there_is_not_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VERIFIER_MODEL", "chat")
    assert asked(tmp_path, ROWS) == 1
    assert "VERIFIER_MODEL=chat: there is no chat model to ask" in capsys.readouterr().err


def test_a_segment_that_no_passage_holds_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [line("p9", "Rien.", cited=[{"publication": "jardin", "segment": "Ce qui ne s'y trouve pas."}])]

    assert asked(tmp_path, rows) == 1
    assert 'p9: no passage of jardin holds "Ce qui ne s\'y trouve pas."' in capsys.readouterr().err
