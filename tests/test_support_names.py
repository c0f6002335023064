"""Which names a sentence has that its sources have not."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.repair.lexicon import default_lexicon
from ingest.territories import Gazetteer
from rag.support.names import Names

CORPUS = Path(__file__).resolve().parents[1] / "corpus"


@pytest.fixture(scope="module")
def names() -> Names:
    return Names(default_lexicon(), Gazetteer.load(CORPUS / "territories.json"))


@pytest.mark.parametrize(
    ("sentence", "source", "missing"),
    [
        ("La recyclerie est à Tours.", "Une recyclerie a ouvert à Tours.", set()),
        ("La recyclerie est à Tours.", "Une recyclerie a ouvert à Limoges.", {"Tours"}),
        ("Limoges a ouvert une recyclerie.", "Une recyclerie a ouvert à Tours.", {"Limoges"}),
        ("Il existe une recyclerie.", "Une recyclerie a ouvert.", set()),
        ("L’ADEME finance le lieu.", "La région finance le lieu.", {"ADEME"}),
        ("L'ESS emploie beaucoup.", "L’économie sociale et solidaire emploie beaucoup.", set()),
        ("L'Économie Sociale emploie.", "L'ESS emploie.", set()),
        ("Le lieu est en Hauts-de-France.", "Un lieu des Hauts\u00a0de\u00a0France.", set()),
        ("C'est fait. Demain viendra.", "Ce qui est fait.", set()),
        ("Les Bretons y tiennent.", "Un Breton y tient.", set()),
    ],
)
def test_names_are_compared_by_what_they_name(names: Names, sentence: str, source: str, missing: set[str]) -> None:
    assert names.missing(sentence, [source]) == missing


@pytest.mark.parametrize(
    ("sentence", "source", "missing"),
    [
        ("The SSE employs many in March.", "L'ESS emploie beaucoup.", set()),
        ("Some councils of Nantes agree.", "Des conseils de Nantes acceptent.", set()),
        ("Some councils of Nantes agree.", "Des conseils de Rennes acceptent.", {"Nantes"}),
        ("Nantes agreed.", "Rennes a accepté.", {"Nantes"}),
    ],
)
def test_english_sentences_have_the_names_of_french_sources(
    names: Names, sentence: str, source: str, missing: set[str]
) -> None:
    assert names.missing(sentence, [source], english=True) == missing
