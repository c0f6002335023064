"""Fusion, filters, the LangChain retriever, and search over the project's corpus."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from langchain_core.documents import Document
from langchain_core.runnables import RunnableLambda

from ingest.build import build_index
from ingest.index.embedder import Embedder
from ingest.index.index import Index
from ingest.territories import Gazetteer
from rag.answer import Filters
from rag.fusion import fuse
from rag.pipeline import Assistant
from rag.retrieval import Retriever
from rag.retriever import PassageRetriever


@given(hnp.arrays(np.float32, (3, 7), elements=st.floats(-100, 100, width=32)), st.floats(0.5, 9))
def test_fusion_does_not_depend_on_the_scale_of_a_leg(legs: np.ndarray, factor: float) -> None:
    weights = np.array([0.25, 0.4, 0.35])
    scaled = legs * np.array([[factor], [1], [1]], dtype=np.float32)

    if (legs.std(axis=1) > 1e-3).all():
        np.testing.assert_allclose(fuse(legs, weights), fuse(scaled, weights), rtol=1e-3, atol=1e-3)


def test_a_leg_without_spread_adds_nothing_and_the_better_of_both_legs_wins() -> None:
    flat = np.array([[0.5, 0.5, 0.5], [0.1, 0.9, 0.5]], dtype=np.float32)

    assert int(np.argmax(fuse(flat, np.array([0.6, 0.4])))) == 1
    assert fuse(flat[:1], np.array([1.0])).tolist() == [0.0, 0.0, 0.0]


@pytest.mark.parametrize("weights", [[1.0], [0.5, -0.5], [0.2, 0.3, 0.5]])
def test_weights_that_do_not_fit_are_refused(weights: list[float]) -> None:
    with pytest.raises(ValueError, match="weights"):
        fuse(np.zeros((2, 3), dtype=np.float32), np.array(weights))


@pytest.fixture(scope="module")
def two_networks(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Retriever:
    folder = tmp_path_factory.mktemp("networks")
    rows = [
        ("a", "RTES", "2021-06-15", "Le foncier solidaire aide les associations."),
        ("b", "RTES", "2023", "Le foncier solidaire aide les coopératives."),
        ("c", "RNCRPV", "2023-03", "Le foncier solidaire aide les habitants."),
        ("d", "RNCRPV", None, "Le foncier solidaire aide les bailleurs."),
    ]
    lines = []
    for name, publisher, date, text in rows:
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
        row = {"id": name, "title": name, "publisher": publisher, "file": f"{name}.txt"}
        lines.append(json.dumps({**row, **({"date": date} if date else {})}))
    (folder / "catalogue.jsonl").write_text("\n".join(lines), encoding="utf-8")
    build_index(folder, folder / "index", embedder)
    return Retriever(Index.open(folder / "index", embedder), embedder, Gazetteer(territories=()))


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), "abcd"),
        (Filters(publisher="RTES"), "ab"),
        (Filters(publisher="rncrpv"), "cd"),
        (Filters(since="2022"), "bc"),
        (Filters(since="2021-06"), "abc"),
        (Filters(since="2021-07"), "bc"),
        (Filters(until="2021"), "a"),
        (Filters(until="2023-02"), "ab"),
        (Filters(since="2023-04", until="2023-12"), "b"),
        (Filters(publisher="ANCT"), ""),
    ],
)
def test_filters_narrow_and_a_less_exact_date_passes_when_it_overlaps(
    two_networks: Retriever, filters: Filters, expected: str
) -> None:
    found = two_networks.search("foncier solidaire", k=10, filters=filters).results

    assert sorted(ranked.passage.publication_id for ranked in found) == list(expected)


@pytest.mark.parametrize("question", ["Comment mobiliser les bailleurs sociaux ?", "Quels leviers à Rennes ?"])
def test_ranks_count_from_one_and_scores_fall(assistant: Assistant, question: str) -> None:
    found = assistant.searcher.search(question, k=10)

    assert [ranked.rank for ranked in found] == list(range(1, 11))
    assert [ranked.score for ranked in found] == sorted((ranked.score for ranked in found), reverse=True)
    assert len({ranked.passage.id for ranked in found}) == 10


def test_passages_about_the_territory_that_is_named_come_first(assistant: Assistant) -> None:
    found = assistant.searcher.search("Quels leviers pour le foncier en Bretagne ?", k=10)

    about = [ranked.there for ranked in found]
    assert any(about)
    assert about == sorted(about, reverse=True)
    assert all("Rennes" in " ".join(ranked.passage.territories) for ranked in found if ranked.there)


def test_asking_for_more_than_there_is_gives_all(assistant: Assistant) -> None:
    assert len(assistant.searcher.search("ESS", k=10_000)) == len(assistant.index.passages)


def test_the_index_serves_a_langchain_chain(assistant: Assistant) -> None:
    retriever = PassageRetriever(retriever=assistant.searcher.retriever, k=3)

    def pages(documents: list[Document]) -> list[int]:
        return [document.metadata["page"] for document in documents]

    chain = retriever | RunnableLambda(pages)
    documents = retriever.invoke("Que fait Mamoudzou pour les vendeuses de rue ?")

    assert len(documents) == 3
    assert any("Mamoudzou" in document.page_content for document in documents)
    assert documents[0].metadata["page"] == 5
    assert chain.invoke("Que fait Mamoudzou pour les vendeuses de rue ?")[0] == 5
    first = documents[0].metadata
    text = (Path(assistant.index.folder) / "documents" / f"{first['publication_id']}.txt").read_bytes().decode()
    assert text[first["start"] : first["end"]] == documents[0].page_content
