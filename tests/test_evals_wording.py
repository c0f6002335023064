"""An answer's text says nothing but what it quotes and the assistant's own phrases; whatever else it says is shown."""

from __future__ import annotations

import pytest

from evals.wording import unfounded
from ingest.document import BlockKind, Passage
from rag.answer import Answer, Citation, Status
from rag.phrases import phrases_for

PHRASES = phrases_for("fr")
PASSAGE = Passage(
    id="p:1",
    publication_id="p",
    text="Le jardin de « La Fabrique » produit [sic] des légumes.",
    start=0,
    end=55,
    page=4,
    kind=BlockKind.EXAMPLE,
    title="À Dijon, le jardin",
    headings=("CULTIVER LA VILLE",),
)


def citation(n: int, quote: str) -> Citation:
    return Citation(
        n=n,
        quote=quote,
        passage_id="p:1",
        publication_id="p",
        title="Guide du jardin, comment s'y prendre",
        publisher="RTES",
        date="2023-05",
        page=4,
        start=0,
        end=len(quote),
        url=None,
        raw_quote=quote,
    )


ONE, TWO = citation(1, PASSAGE.text), citation(2, "Les habitants l’arrosent.")


def answer(text: str, status: Status = Status.ANSWERED) -> Answer:
    return Answer(question="Qui ?", question_understood="Qui ?", status=status, text=text, citations=(ONE, TWO))


def said(text: str) -> list[str]:
    return unfounded(answer(text), {PASSAGE.id: PASSAGE})


WHOLE = PHRASES.quotation("", [(ONE.quote, [1]), (TWO.quote, [2])])
NOTE = (
    f"{PHRASES.scheme_ended('contrats de ville 2015-2023', '« Engagements Quartiers 2030 »', ['2019', '2023'])} "
    f"{PHRASES.period_over(2015, 2020)}"
)


@pytest.mark.parametrize(
    "text",
    [
        WHOLE,
        WHOLE.replace("« ", "«\u00a0").replace(" »", "\u202f»"),
        WHOLE.replace("l’arrosent", "l'arrosent"),
        PHRASES.quotation("Guide du jardin… (RTES, 2023), Cultiver la ville", [(ONE.quote, [1])]),
        f"En bref\n{WHOLE}\n\nExemples\n{PHRASES.quotation('À Dijon, le jardin', [(TWO.quote, [2])])}\n\n{NOTE}",
        f"{PHRASES.figures_differ('2024', '2019')}\n{WHOLE}",
    ],
)
def test_quotations_their_places_headings_and_phrases_are_founded(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("- « Le jardin produit des fraises. » [1]", "« Le jardin produit des fraises. » [1]"),
        (f"- « {ONE.quote} » [2]", "[2]"),
        (f"- « {ONE.quote} » [3]", "[3]"),
        (f"- « {ONE.quote} » [1][2]", "[1][2]"),
        (f"- « {ONE.quote} »", "- "),
        (f"- « {ONE.quote} » [1] « Et des fraises. »", "« Et des fraises. »"),
        (f"- « Et des fraises. » « {ONE.quote} » [1]", "fraises"),
        (f"- Un jardin de roses : « {ONE.quote} » [1]", "(de, roses, un)"),
        (f"- {ONE.quote} [1]", "[1]"),
        (f"{WHOLE}\nLe jardin est fermé.", "Le jardin est fermé."),
        ("Le jardin est fermé.", "it quotes nothing"),
        ("", "it quotes nothing"),
    ],
)
def test_whatever_else_is_said_is_shown(text: str, shown: str) -> None:
    found = said(text)
    assert found
    assert any(shown.replace("’", "'") in part for part in found), found


def test_an_answer_of_another_status_quotes_nothing() -> None:
    assert unfounded(answer("Je ne sais pas.", Status.NO_ANSWER), {}) == []
