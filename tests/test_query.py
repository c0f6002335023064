"""What a question is searched with: weighted terms."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.index.analyser import analyse
from ingest.repair.lexicon import default_lexicon
from rag.glossary import Glossary, default_glossary
from rag.query import FOREIGN_WEIGHT, Queries
from rag.sigles import Sigles


@pytest.fixture(scope="module")
def queries() -> Queries:
    lexicon = default_lexicon()
    return Queries(Sigles(lexicon.sigles, lexicon.common), default_glossary())


def test_a_question_without_sigles_is_searched_by_its_own_terms(queries: Queries) -> None:
    query = queries.query("un jardin, deux jardins")

    assert query.terms == {analyse("jardin")[0]: 2.0, analyse("deux")[0]: 1.0}
    assert query.text == "un jardin, deux jardins"


def test_a_sigle_is_searched_in_full_too_and_weighs_more(queries: Queries) -> None:
    query = queries.query("Un QPV ?")

    assert set(analyse("quartier prioritaire")) < set(query.terms)
    assert all(weight < query.terms["qpv"] for term, weight in query.terms.items() if term != "qpv")


def test_a_name_in_full_is_searched_by_its_sigle_too(queries: Queries) -> None:
    assert 0 < queries.query("les quartiers prioritaires de la politique de la ville").terms["qpv"] < 1


def test_the_content_of_a_question_is_what_a_french_text_may_hold(queries: Queries) -> None:
    french, english = queries.query("Un QPV à Dijon ?"), queries.query("Which social landlords work in Dijon?")

    assert french.content == frozenset(analyse("QPV Dijon")), "parts of the sigle's long form are left out"
    assert english.content == frozenset(analyse("bailleur social Dijon")), "and so are English words"


def test_an_english_question_is_searched_in_french(queries: Queries) -> None:
    terms = queries.query("Who helps the street vendors of Mamoudzou?").terms

    assert set(analyse("commerce de rue")) < set(terms)
    assert terms[analyse("Mamoudzou")[0]] == 1.0
    assert terms[analyse("helps")[0]] == FOREIGN_WEIGHT
    assert not set(analyse("the of who")) & set(terms)


@pytest.mark.parametrize(
    ("english", "french"),
    [
        ("social landlords", [("bailleur social",)]),
        ("the landlord's social policies", [("bailleur",), ("politique sociale",)]),
        ("urban policy contracts", [("contrat de ville",)]),
        ("zebra", []),
    ],
)
def test_the_longest_term_of_the_glossary_counts(english: str, french: list[tuple[str, ...]]) -> None:
    assert list(default_glossary().french(english)) == french


@pytest.mark.parametrize(
    "text", ["", "[]", '{"terms": {}}', '{"terms": {"a": []}}', '{"terms": {"a": "b"}}', '{"terms": {"a": [1]}}']
)
def test_a_glossary_of_another_form_is_refused_by_name(tmp_path: Path, text: str) -> None:
    path = tmp_path / "glossary.json"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(ValueError, match=r"glossary\.json: expected terms"):
        Glossary.load(path)


def test_the_glossary_says_only_what_the_analyser_keeps() -> None:
    terms = default_glossary().terms

    assert len(terms) >= 200
    assert all(analyse(form) for forms in terms.values() for form in forms)
