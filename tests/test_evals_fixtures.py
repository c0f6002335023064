"""The fixtures of the evals: they come out of the readers as they were meant, and the question set rests on them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from evals.questions import Kind, Split, load_questions
from ingest.catalogue import load_catalogue
from ingest.document import BlockKind, Document
from ingest.read import read_all
from tests.fixture_maker import SCANNED
from tests.tools import needs

HOME = Path(__file__).resolve().parents[1] / "evals"


@pytest.fixture(scope="module")
def documents() -> dict[str, Document]:
    found, _ = read_all(HOME / "fixtures", load_catalogue(HOME / "fixtures"))
    return {document.publication.id: document for document in found}


def test_every_fixture_says_that_it_is_one_and_stands_in_no_corpus(documents: dict[str, Document]) -> None:
    corpus = {publication.id for publication in load_catalogue(HOME.parent / "corpus").publications}

    assert documents
    for name, document in documents.items():
        assert name.startswith("fixture-")
        assert "fictif" in document.text, name
        assert name not in corpus


@needs("tesseract", "tesseract-ocr")
def test_all_are_read_the_scan_by_ocr(documents: dict[str, Document]) -> None:
    assert len(documents) == len(load_catalogue(HOME / "fixtures").publications) == 20
    assert {name for name, document in documents.items() if document.ocr_pages} == SCANNED


def test_examples_tables_and_pages_come_out_as_they_were_written(documents: dict[str, Document]) -> None:
    guide = documents["fixture-rtes-2022-achats"]

    assert guide.pages == 5
    assert {block.kind for block in guide.blocks} >= {BlockKind.TABLE, BlockKind.LIST_ITEM, BlockKind.EXAMPLE}
    titles = {block.title for document in documents.values() for block in document.blocks if block.title}
    assert {"Département de la Drôme", "Langouët : un atelier communal partagé"} <= titles


def test_two_versions_of_one_sheet_disagree_on_amount_and_deadline(documents: dict[str, Document]) -> None:
    old = documents["fixture-rtes-2019-fonds-coup-de-pousse"].text
    new = documents["fixture-rtes-2024-fonds-coup-de-pousse"].text
    for before, now in (("8 000 euros", "12 500 euros"), ("31 mars", "15 octobre")):
        assert (before in old, now in old) == (True, False)
        assert (before in new, now in new) == (False, True)


def test_printed_pdfs_are_made_from_the_sources_that_lie_beside_them() -> None:
    sources = {path.stem for path in (HOME / "fixtures" / "sources").iterdir()}
    assert sources == {path.stem for path in (HOME / "fixtures" / "files").glob("*.pdf")}


def test_the_set_has_the_size_and_the_kinds_that_its_figures_need() -> None:
    questions = load_questions(HOME / "questions.jsonl")
    kinds = Counter(question.kind for question in questions)

    assert len(questions) >= 200
    assert set(kinds) == set(Kind)
    assert min(kinds.values()) >= 20
    assert all(question.expected_territories for question in questions if question.kind is Kind.TERRITORY)
    assert abs(sum(1 if question.split is Split.DEV else -1 for question in questions)) <= len(Kind)
