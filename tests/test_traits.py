"""What speaks for saying a sentence: each trait, on sentences of a passage made by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from ingest.document import BlockKind, Passage, Span
from ingest.index.analyser import analyse
from rag.compose.asked import Asked, defines
from rag.compose.leaning import prescribes
from rag.compose.reader import Reader
from rag.compose.traits import TRAITS, Best, Found, Traits, Wanted, traits_of
from rag.rarity import Rarity
from rag.retrieval import Ranked

NEAREST = "La régie entretient les jardins du quartier depuis longtemps avec ses salariés."
LEANING = "Elle emploie 40 personnes du quartier et forme chaque année des apprentis au jardinage."
BACK = "Et pourquoi pas ailleurs, dans tous les quartiers où il y a des jardins ?"
BEST = Best(sentence=0.9, passage=0.88, fused=2.0)


def passage_of(*sentences: str, kind: BlockKind = BlockKind.PARAGRAPH, headings: tuple[str, ...] = ()) -> Passage:
    text = " ".join(sentences)
    starts = [text.index(sentence) for sentence in sentences]
    return Passage(
        id="p:0",
        publication_id="p",
        kind=kind,
        text=text,
        start=0,
        end=len(text),
        sentences=tuple(Span(start, start + len(one)) for start, one in zip(starts, sentences, strict=True)),
        page=1,
        headings=headings,
    )


def traits(
    passage: Passage,
    position: int,
    *,
    question: str = "La régie et ses jardins ?",
    asked: Asked = Asked.GENERAL,
    cosines: Sequence[float] = (0.9, 0.8, 0.85),
    tells: bool = False,
) -> Traits:
    ranked = Ranked(passage=passage, number=0, rank=1, score=1.5, dense=0.86, window=max(cosines), lexical=1.0)
    wanted = Wanted(question=question, asked=asked, terms=frozenset(analyse(question)), rarity=Rarity([], {}))
    found = Found(reader=Reader(passage, (), lambda _: False), ranked=ranked, cosines=cosines)
    return traits_of(wanted, found, position, BEST, tells=tells)


def test_distances_are_from_the_best_in_units_of_a_twentieth() -> None:
    passage = passage_of(NEAREST, LEANING, BACK)
    first, second, third = (traits(passage, position) for position in range(3))

    assert [first.near, second.near, third.near] == pytest.approx([0.0, -2.0, -1.0])
    assert [first.passage_near, first.fused] == pytest.approx([-0.4, -0.5])
    assert [first.follows, second.follows, third.follows] == pytest.approx([0.0, 2.0, 0.0])


def test_terms_are_those_it_holds_and_above_what_heading_and_the_sentence_before_add() -> None:
    plain, headed = passage_of(NEAREST, LEANING), passage_of(NEAREST, LEANING, headings=("La régie en chiffres",))
    question = "Combien de personnes emploie la régie ?"
    known = len(frozenset(analyse(question)))

    leaning = traits(plain, 1, question=question)
    assert leaning.terms == pytest.approx(len(frozenset(analyse("personnes emploie"))) / known)
    assert leaning.above == pytest.approx(1 / known), "the sentence it leans on names the régie"
    # The first leans on nothing, and holds the régie itself: its heading adds nothing.
    assert [traits(one, 0, question=question).above for one in (plain, headed)] == [0.0, 0.0]
    assert traits(headed, 1, question=question).above == pytest.approx(leaning.above)
    # What stands between them is the pronoun alone: without it the heading is needed.
    bare = LEANING.replace("Elle emploie", "Quatre équipes, soit")
    without, with_heading = (
        traits(passage_of(NEAREST, bare, headings=h), 1, question=question) for h in ((), ("La régie",))
    )
    assert [without.above, with_heading.above] == pytest.approx([0.0, 1 / known])


def test_a_figure_counts_only_where_one_is_asked_for() -> None:
    passage = passage_of(NEAREST, LEANING)
    question = "Combien de personnes emploie la régie ?"

    assert traits(passage, 1, question=question, asked=Asked.FIGURE).in_form
    assert not traits(passage, 0, question=question, asked=Asked.FIGURE).in_form
    assert not traits(passage, 1, question=question, asked=Asked.GENERAL).in_form


@pytest.mark.parametrize("asked", list(Asked))
def test_what_tells_counts_for_facts_and_what_defines_for_definitions(asked: Asked) -> None:
    told = traits(passage_of(NEAREST, LEANING), 0, asked=asked, tells=True)
    untold = traits(passage_of(NEAREST, LEANING), 0, asked=asked)

    assert told.tells is (asked in {Asked.FIGURE, Asked.DATE, Asked.WHO, Asked.PLACE})
    assert told.defines is (asked is Asked.DEFINITION)
    assert not untold.tells
    assert not untold.defines


@pytest.mark.parametrize("asked", list(Asked))
def test_ways_orders_and_examples_count_for_the_questions_that_ask_for_them(asked: Asked) -> None:
    lever, order = "Mobiliser les bailleurs autour du projet de jardin.", "Il faut prévenir la mairie avant tout."
    passage = replace(passage_of(lever, order), kind=BlockKind.EXAMPLE)
    first, second = (traits(passage, position, asked=asked) for position in range(2))

    assert first.acts is (asked in {Asked.HOW_TO, Asked.GENERAL})
    assert not second.acts
    assert second.prescribes is (asked is Asked.HOW_TO)
    assert not first.prescribes
    assert first.example is (asked is Asked.EXAMPLE)


def test_few_words_and_a_question_asked_back_are_told() -> None:
    passage = passage_of(NEAREST, "Six mots, et pas un de plus.", BACK)

    assert [traits(passage, position).short for position in range(3)] == [0.0, pytest.approx(1 - 7 / 12), 0.0]
    assert [traits(passage, position).asks for position in range(3)] == [False, False, True]


def test_the_vector_is_in_the_order_of_the_names() -> None:
    one = traits(passage_of(NEAREST, LEANING, BACK), 2)

    assert one.vector() == tuple(float(getattr(one, name)) for name in TRAITS)
    assert dict(zip(TRAITS, one.vector(), strict=True))["asks"] == 1.0


@pytest.mark.parametrize(
    ("text", "orders"),
    [
        ("Il faut signaler ces messages.", True),
        ("Prévenez le service informatique.", True),
        ("N'ouvrez pas la pièce jointe.", True),
        ("La demande doit être déposée en mars.", True),
        ("Mieux vaut tout écrire.", True),
        ("Les élus ont voté la délibération.", False),
        ("Assez de logements sont vides.", False),
        ("Avez-vous un local ?", False),
        ("Le rendez-vous a lieu chez Roubaix Habitat.", False),
    ],
)
def test_what_one_has_to_do_is_told_from_what_was_done(text: str, orders: bool) -> None:
    assert prescribes(text) is orders


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("La régie de quartier est une association qui emploie les habitants.", True),
        ("Une régie de quartier, c'est une entreprise d'insertion.", True),
        ("Les régies de quartier sont d'abord des employeurs.", True),
        ("La régie de quartier consiste en une association de proximité.", True),
        ("La régie de quartier est ouverte le mardi.", False),
        ("La régie de quartier est obligatoire dans chaque quartier.", False),
        ("Les régies de quartier ont été labellisées en 2022.", False),
    ],
)
def test_what_a_thing_is_defines_it_and_not_how_it_is(text: str, expected: bool) -> None:
    assert defines("Qu'est-ce qu'une régie de quartier ?", text) is expected
