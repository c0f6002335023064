"""The benchmark command on collections small enough to check by hand."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.benchmark.collection import Collection, CollectionError, Item, Query, is_kept_apart, load_beir, load_piaf
from evals.benchmark.faq import QUERIES, load_faq
from evals.benchmark.figures import ROWS, RRF, Figures, as_table, reciprocal_ranks
from evals.benchmark.misspelling import misspell
from evals.benchmark.tutorial import MISSING, ROW
from evals.cli import main
from ingest.index.analyser import analyse
from rag.fusion import LEGS, Leg
from tests.minilm import without_the_package
from tests.pdfs import Page, column, pdf_of

PARAGRAPHS = {
    "La tour Eiffel fut achevée en 1889 à Paris par l'entreprise de Gustave Eiffel.": "Quand la tour Eiffel fut-elle achevée ?",
    "Le maraîchage collectif produit des légumes vendus sur les marchés.": "Où vend-on les légumes du maraîchage ?",
    "Une coopérative appartient à ses membres, qui votent à voix égales.": "À qui appartient une coopérative ?",
}


@pytest.fixture
def piaf_file(tmp_path: Path) -> Path:
    entries = [{"context": text, "qas": [{"question": question}]} for text, question in PARAGRAPHS.items()]
    path = tmp_path / "piaf.json"
    path.write_text(json.dumps({"data": [{"paragraphs": entries}]}), encoding="utf-8")
    return path


@pytest.fixture
def beir_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "fiches"
    (folder / "qrels").mkdir(parents=True)
    documents = [
        {"_id": f"fiche/{n}", "title": f"Fiche {n}", "text": text} for n, text in enumerate(PARAGRAPHS, start=1)
    ]
    # A document without text, and one that repeats another's.
    documents += [{"_id": "vide", "title": "Rien", "text": ""}, {**documents[0], "_id": "copie"}]
    queries = [{"_id": f"q{n}", "text": question} for n, question in enumerate(PARAGRAPHS.values(), start=1)]
    for name, rows in (("corpus", documents), ("queries", [*queries, {"_id": "q9", "text": "Sans réponse ?"}])):
        (folder / f"{name}.jsonl").write_text("\n".join(json.dumps(row) for row in rows) + "\n", encoding="utf-8")
    lines = ["query-id\tcorpus-id\tscore", "q1\tfiche/1\t2", "q2\tfiche/2\t1", "q2\tfiche/3\t0", "q3\tfiche/3\t1"]
    (folder / "qrels" / "test.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def row(printed: str, name: str) -> list[str]:
    """The cells of the first table's row of that name."""
    line = next(line for line in printed.splitlines() if line.startswith(f"| {name} |"))
    return [cell.strip() for cell in line.split("|")[2:-1]]


def test_each_paragraph_is_found_first_by_its_own_question(
    piaf_file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    without_the_package(monkeypatch)

    assert main(["benchmark", "piaf", str(piaf_file)]) == 0

    printed = capsys.readouterr().out
    for name in ("fused", RRF, "BM25 alone", "passages alone"):
        assert row(printed, name)[:3] == ["1.000", "1.000", "1.000"]
    assert f"| {ROW} |" not in printed
    assert printed.endswith(f"\n\n{MISSING}\n")
    assert sum(line.startswith("| ") for line in printed.splitlines()) == 1 + len(ROWS) + 1


def test_a_beir_folder_is_ranked_and_its_index_kept(
    beir_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep = tmp_path / "keep"

    assert main(["benchmark", "beir", str(beir_folder), "--keep", str(keep), "--misspelt", "7"]) == 0
    first = capsys.readouterr()
    assert main(["benchmark", "beir", str(beir_folder), "--keep", str(keep)]) == 0
    second = capsys.readouterr()

    assert row(first.out, "fused")[:3] == ["1.000", "1.000", "1.000"]
    assert "seed 7" in first.out
    assert first.out.startswith(second.out.split("\n\n")[0])
    assert "embedding" in first.err
    assert "embedding" not in second.err


def test_a_beir_folder_comes_back_as_it_was_written(beir_folder: Path, tmp_path: Path) -> None:
    collection = load_beir(beir_folder)

    collection.write_beir(tmp_path / "again" / "fiches")

    assert load_beir(tmp_path / "again" / "fiches") == collection
    assert [query.id for query in collection.queries] == ["q1", "q2", "q3"]
    assert collection.queries[1].relevant == ("fiche/2",)


def test_a_document_that_is_not_found_counts_nothing() -> None:
    queries = [Query(id=f"q{n}", text="?", relevant=("a",)) for n in range(4)]

    figures = Figures.of(queries, [["a", "b"], ["b"], ["b", "c", "d", "a"], ["b"] * 10 + ["a"]])

    assert (figures.mrr10, figures.hit1, figures.recall5) == (0.3125, 0.25, 0.5)


def test_recall_is_the_share_of_the_relevant_documents() -> None:
    query = Query(id="q", text="?", relevant=("a", "b"))

    assert Figures.of([query], [["x", "b", "x", "x", "x", "a"]]).recall5 == 0.5


def test_reciprocal_ranks_add_up_and_what_bm25_does_not_find_gains_nothing_from_it() -> None:
    legs = np.zeros((len(LEGS), 3), dtype=np.float32)
    legs[LEGS.index(Leg.PASSAGE)] = [0.7, 0.9, 0.8]
    legs[LEGS.index(Leg.WINDOW)] = [9, 0, 0]  # not asked for
    legs[LEGS.index(Leg.LEXICAL)] = [4.0, 0.0, 1.0]

    fused = reciprocal_ranks(legs, (Leg.PASSAGE, Leg.LEXICAL))

    assert fused.tolist() == pytest.approx([1 / 63 + 1 / 61, 1 / 61, 1 / 62 + 1 / 62])


def test_about_half_of_the_documents_are_kept_apart_and_a_table_without_them_says_so() -> None:
    names = [f"p{number}" for number in range(1000)]
    fitted = next(name for name in names if not is_kept_apart(name))
    query = Query(id="q", text="?", relevant=(fitted,))
    collection = Collection(name="c", items=(Item(id=fitted, title="", text="t"),), queries=(query,))

    assert 450 < sum(map(is_kept_apart, names)) < 550
    assert row(as_table(collection, {"fused": [[fitted]]}), "fused") == ["1.000"] * 3 + ["-"] * 3


@pytest.mark.parametrize(
    ("path", "text", "message"),
    [
        ("corpus.jsonl", "{", r"corpus\.jsonl:1: not JSON"),
        ("queries.jsonl", '{"_id": "q1"}', r"queries\.jsonl:1: expected an object with texts _id and text"),
        ("qrels/test.tsv", "query-id\tcorpus-id\tscore\nq1 fiche/1 1\n", r"test\.tsv:2: expected query-id"),
        ("qrels/test.tsv", "query-id\tcorpus-id\tscore\nq1\tailleurs\t1\n", "no query has a relevant document"),
    ],
)
def test_a_beir_folder_of_another_form_is_refused_by_name(
    beir_folder: Path, path: str, text: str, message: str
) -> None:
    (beir_folder / path).write_text(text, encoding="utf-8")

    with pytest.raises(CollectionError, match=message):
        load_beir(beir_folder)


def test_another_file_than_piafs_ends_the_command_with_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "autre.json"
    path.write_text("{}", encoding="utf-8")

    with pytest.raises(CollectionError, match=r"autre\.json"):
        load_piaf(path)
    assert main(["benchmark", "piaf", str(path)]) == 1
    assert "autre.json" in capsys.readouterr().err


QUESTION = "Comment mobiliser les bailleurs sociaux dans les quartiers prioritaires ?"


@given(st.integers())
def test_a_misspelt_question_has_one_edit_in_each_of_two_content_words(seed: int) -> None:
    misspelt = misspell(QUESTION, seed)

    assert misspelt == misspell(QUESTION, seed)
    changed = [(a, b) for a, b in zip(QUESTION.split(), misspelt.split(), strict=True) if a != b]
    assert len(changed) == 2
    assert all(analyse(word) and len(word) >= 4 and abs(len(word) - len(typed)) <= 1 for word, typed in changed)


def test_seeds_misspell_differently_and_a_question_without_long_words_stays() -> None:
    assert len({misspell(QUESTION, seed) for seed in range(20)}) > 10
    assert misspell("Où et qui ?", 1) == "Où et qui ?"


BODY = (
    "La commune réserve chaque année des parcelles aux habitants qui veulent",
    "cultiver ensemble un jardin partagé, près de chez eux et sans rien payer.",
)


def test_sections_of_a_pdf_become_documents_with_their_heading_as_title(tmp_path: Path) -> None:
    title = column(["Le guide des jardins"], y=80, size=24, bold=True)
    heading = column(["Obtenir une parcelle"], y=130, size=16, bold=True)
    (tmp_path / "guide.pdf").write_bytes(pdf_of(Page(texts=[*title, *heading, *column(BODY, y=160)])))
    (tmp_path / "vide.pdf").write_bytes(pdf_of(Page(texts=column(["Rien."]))))
    queries = tmp_path / "queries.jsonl"
    asked = {"id": "f1", "question": "Qui donne un lopin ?", "page": 1}
    rows = [
        {**asked, "file": "guide.pdf", "heading": sha256(b"obtenir une parcelle").hexdigest()[:12]},
        {**asked, "id": "f2", "file": "ailleurs.pdf", "heading": "0" * 12},
    ]
    queries.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    log: list[str] = []

    collection = load_faq(tmp_path, log.append, queries)

    (item,) = collection.items
    assert item.title == "Obtenir une parcelle - Le guide des jardins"
    assert item.text.split() == " ".join(BODY).split()
    assert [(query.id, query.relevant) for query in collection.queries] == [("f1", (item.id,))]
    assert log[-1] == "1 sections; 1 of 2 questions have theirs among them"


def test_a_folder_without_sections_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CollectionError, match="no PDF file with a section"):
        load_faq(tmp_path, lambda _line: None)


def test_the_written_questions_are_many_distinct_and_hold_no_text_of_the_files() -> None:
    rows = [json.loads(line) for line in QUERIES.read_text(encoding="utf-8").splitlines()]

    assert len(rows) >= 120
    assert len({row["question"] for row in rows}) == len({row["id"] for row in rows}) == len(rows)
    assert all(row.keys() == {"id", "question", "file", "page", "heading"} for row in rows)
    assert all(len(row["heading"]) == 12 for row in rows)
    assert 0.4 < sum(is_kept_apart(f"{r['file']}:{r['page']}:{r['heading']}") for r in rows) / len(rows) < 0.6
