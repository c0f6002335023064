"""Near-duplicates and full sections in a ranking of a small real index."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.build import build_index
from ingest.document import BlockKind, Passage
from ingest.index.embedder import Embedder
from ingest.index.index import Index
from ingest.territories import Gazetteer
from rag.distinct import PER_SECTION, distinct, near_duplicates
from rag.retrieval import Lead, Ranking, Retriever

GARDEN = (
    "Le jardin partagé du quartier accueille quarante familles qui cultivent ensemble des légumes, avec l'appui d'une "
    "association d'éducation populaire et de la régie de quartier. La ville prête le terrain pour neuf ans."
)
OLD = "La convention prévoit une aide de 12 000 euros par an pour chaque tiers-lieu porté par une association locale."
SECTION = "\n\n".join(
    f"{opening} les habitants {doing} chaque semaine dans la maison du projet, où la commune et ses partenaires les "
    f"reçoivent sans rendez-vous. {ending} C'est ainsi que le quartier décide lui-même, mois après mois, de ce qui doit "
    "y changer, et que les services en tiennent compte dans leurs budgets comme dans leurs calendriers de travaux."
    for opening, doing, ending in (
        ("Au printemps,", "débattent", "Les comptes rendus sont affichés dans tous les halls."),
        ("L'été,", "jardinent", "Des outils sont prêtés par la régie, qui forme aussi les volontaires."),
        ("En automne,", "cuisinent", "Les recettes sont rassemblées dans un livre vendu au marché."),
        ("En hiver,", "réparent", "Les vélos remis en état sont donnés aux collégiens du secteur."),
        ("Toute l'année,", "chantent", "La chorale se produit dans les écoles et les résidences d'aînés."),
    )
)
TEXTS = {
    "ancien": ("2019", GARDEN),
    "nouveau": ("2023-04", GARDEN.replace("appui", "aide")),
    "aide2019": ("2019", OLD),
    "aide2023": ("2023", OLD.replace("12 000", "15 000")),
    "refus": ("2023", GARDEN.replace("accueille", "n'accueille pas")),
    "long": ("2022", f"PARTICIPER À LA VIE DU QUARTIER\n\n{SECTION}"),
}


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Retriever:
    folder = tmp_path_factory.mktemp("distinct")
    rows = []
    for name, (date, text) in TEXTS.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
        rows.append({"id": name, "title": name, "publisher": "RTES", "file": f"{name}.txt", "date": date})
    (folder / "catalogue.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    build_index(folder, folder / "index", embedder)
    return Retriever(Index.open(folder / "index", embedder), embedder, Gazetteer(territories=()))


def test_of_two_near_duplicates_that_of_the_page_stands_for_both(retriever: Retriever) -> None:
    led = retriever.search("Qui cultive le jardin partagé ?", k=60, lead=Lead(publication="ancien"))

    first = distinct(led, retriever.index, 20).results[0]
    assert first.passage.publication_id == "ancien"
    assert [name.split(":")[0] for name in first.same_as] == ["nouveau"]


def found(retriever: Retriever, question: str, k: int = 20) -> Ranking:
    return distinct(retriever.search(question, k=60), retriever.index, k)


def test_the_newer_of_two_near_duplicates_stands_for_both_at_the_better_rank(retriever: Retriever) -> None:
    question = "Qui cultive le jardin partagé avec l'appui d'une association ?"
    whole = retriever.search(question, k=60).results
    best = min(ranked.rank for ranked in whole if ranked.passage.publication_id in {"ancien", "nouveau"})

    ranking = found(retriever, question)

    publications = [ranked.passage.publication_id for ranked in ranking.results]
    assert "ancien" not in publications
    chosen = ranking.results[publications.index("nouveau")]
    assert chosen.score == whole[best - 1].score
    assert [name.split(":")[0] for name in chosen.same_as] == ["ancien"]


@pytest.mark.parametrize(
    ("question", "versions"),
    [
        ("Combien d'euros pour un tiers-lieu ?", {"aide2019", "aide2023"}),
        ("Le jardin accueille-t-il des familles ?", {"nouveau", "refus"}),
    ],
)
def test_versions_that_disagree_are_both_kept(retriever: Retriever, question: str, versions: set[str]) -> None:
    assert versions <= {ranked.passage.publication_id for ranked in found(retriever, question).results}


def test_at_most_three_passages_of_a_section_and_the_full_ranking_has_them_all(retriever: Retriever) -> None:
    question = "Que font les habitants dans la maison du projet ?"
    whole = [r for r in retriever.search(question, k=60).results if r.passage.publication_id == "long"]
    assert len({ranked.passage.headings for ranked in whole}) == 1
    assert len(whole) > PER_SECTION

    kept = [r for r in found(retriever, question).results if r.passage.publication_id == "long"]

    assert [r.passage.id for r in kept] == [r.passage.id for r in whole[:PER_SECTION]]


def test_ranks_count_from_one_scores_fall_and_k_bounds_the_results(retriever: Retriever) -> None:
    ranking = found(retriever, "Que fait le quartier ?", k=4)

    assert [ranked.rank for ranked in ranking.results] == [1, 2, 3, 4]
    assert [r.score for r in ranking.results] == sorted((r.score for r in ranking.results), reverse=True)


def passage(text: str) -> Passage:
    return Passage(id="p:1", publication_id="p", text=text, start=0, end=len(text), page=None, kind=BlockKind.PARAGRAPH)


@given(st.text(max_size=80), st.text(max_size=80))
def test_saying_the_same_is_mutual_and_holds_of_a_text_and_itself(one: str, other: str) -> None:
    left, right = passage(one), passage(other)

    assert near_duplicates(left, left)
    assert near_duplicates(left, right) == near_duplicates(right, left)
