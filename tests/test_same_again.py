"""The same question gives the same numbers in every process, however sets of its words happen to be ordered there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from ingest.index.analyser import analyse
from ingest.index.lexical import LexicalIndex

ROOT = Path(__file__).resolve().parents[1]
# Shares of ten words, of rarities that have no short binary form, printed to their last digit.
PRINTED = """
from dataclasses import dataclass
from rag.rarity import Rarity
@dataclass
class Passage:
    publication_id: str
    text: str
    title = None
    headings = ()
    context = ""
@dataclass
class Publication:
    title: str = ""
words = "jardin marché régie vélo atelier école forêt rivière montagne vallée".split()
texts = [" ".join(words[: 1 + n % 10]) for n in range(37)]
rarity = Rarity([Passage("p", text) for text in texts], {"p": Publication()})
from ingest.index.analyser import analyse
terms = frozenset(analyse(" ".join(words)))
print(repr(rarity.share(terms, terms - frozenset(analyse("école")))))
"""


def test_the_order_of_terms_does_not_move_a_score() -> None:
    words = "jardin marché régie vélo atelier école forêt rivière montagne vallée".split()
    lexical = LexicalIndex.build([" ".join(words[: 1 + n % 10]) for n in range(37)])
    terms = {analyse(word)[0]: 1 / (3 + n) for n, word in enumerate(words)}

    forth, back = lexical.scores(terms), lexical.scores(dict(reversed(terms.items())))

    assert forth.max() > 0
    assert np.array_equal(forth, back)


@pytest.mark.parametrize("seed", ["1", "2", "3", "4", "5"])
def test_shares_are_the_same_whatever_the_seed_of_hashes(seed: str) -> None:
    def printed(of: str) -> str:
        done = subprocess.run(  # our own words
            [sys.executable, "-c", PRINTED],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": of},
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
        return done.stdout

    assert printed(seed) == printed("0")
