"""How a line names where its quotation is from, where several publications are quoted."""

from __future__ import annotations

from ingest.document import BlockKind, Passage, Publication, Span
from rag.compose.arrange import Saying, arranged
from rag.compose.asked import Asked
from rag.compose.fitness import Extract
from rag.compose.headings import Headings
from rag.compose.reader import Reader
from rag.compose.traits import Traits
from rag.phrases import FRENCH
from rag.retrieval import Ranked

SENTENCE = "Les habitants tiennent une épicerie solidaire au pied des immeubles."
TRAITS = Traits(
    near=0.0,
    passage_near=0.0,
    fused=0.0,
    terms=0.0,
    above=0.0,
    in_form=False,
    tells=False,
    defines=False,
    acts=False,
    prescribes=False,
    follows=0.0,
    example=False,
    short=0.0,
    asks=False,
)


def saying(publication: str, title: str, weight: float) -> Saying:
    passage = Passage(
        id=f"{publication}:0",
        publication_id=publication,
        text=SENTENCE,
        start=0,
        end=len(SENTENCE),
        page=1,
        kind=BlockKind.EXAMPLE,
        title=title,
        sentences=(Span(0, len(SENTENCE)),),
    )
    reader = Reader(passage, (), lambda _: False)
    ranked = Ranked(passage=passage, number=0, rank=1, score=1.0, dense=0.8, window=0.8, lexical=1.0)
    extract = Extract(
        reader=reader,
        position=0,
        ranked=ranked,
        text=SENTENCE,
        terms=frozenset(),
        tells=False,
        traits=TRAITS,
        weight=weight,
    )
    said = Saying.of(extract, Asked.EXAMPLE, single=False)
    assert said is not None
    return said


def places(*publications: Publication, title: str = "Nantes") -> list[str]:
    chosen = [saying(one.id, title, 2.0 - n) for n, one in enumerate(publications)]
    lines = arranged(chosen, None, {one.id: one for one in publications}, Headings(()), FRENCH)
    return [line.place for line in lines]


def test_the_territory_is_named_beside_a_source_unless_the_title_shown_has_it() -> None:
    shown = Publication(id="a", title="Nantes et ses épiceries", publisher="RTES", date="2022")
    publisher = Publication(id="b", title="Les épiceries solidaires", publisher="Ville de Nantes", date="2021")
    cut_off = Publication(
        id="c", title="Les épiceries solidaires de quartier en ville à Nantes", publisher="RTES", date="2020"
    )

    assert places(shown, publisher, cut_off) == [
        "Nantes et ses épiceries (RTES, 2022)",
        "Les épiceries solidaires (Ville de Nantes, 2021), Nantes",
        "Les épiceries solidaires de quartier… (RTES, 2020), Nantes",
    ]


def test_of_one_publication_only_the_territory_is_named() -> None:
    assert places(Publication(id="a", title="Nantes et ses épiceries", publisher="RTES")) == ["Nantes"]


def test_the_title_of_an_example_is_said_with_a_capital() -> None:
    publication = Publication(id="a", title="Les épiceries solidaires", publisher="RTES")

    assert places(publication, title="à Nantes, une épicerie") == ["À Nantes, une épicerie"]
