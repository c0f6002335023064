"""How rare each analysed term of an index is. Pure; refuses nothing."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

from ingest.document import Passage, Publication
from ingest.index.analyser import analyse
from ingest.windows import indexed_text


class Rarity:
    """Inverse document frequency of analysed terms over the passages of one index (Lucene's BM25 formula)."""

    def __init__(self, passages: Sequence[Passage], publications: Mapping[str, Publication]) -> None:
        texts = [analyse(indexed_text(publications[p.publication_id].title, p)) for p in passages]
        self.terms = tuple(map(frozenset, texts))
        self._pairs = {pair for text in texts for pair in pairwise(text)}
        counts = Counter(term for terms in self.terms for term in terms)
        total = len(passages)
        self._idf = {term: math.log(1 + (total - n + 0.5) / (n + 0.5)) for term, n in counts.items()}
        # A term that no passage holds is as rare as can be.
        self._unseen = math.log(1 + (total + 0.5) / 0.5)

    def of(self, term: str) -> float:
        """Its weight, > 0."""
        return self._idf.get(term, self._unseen)

    def are_neighbours(self, one: str, other: str) -> bool:
        """Whether the two terms follow each other in some passage."""
        return (one, other) in self._pairs

    def share(self, terms: frozenset[str], held: frozenset[str]) -> float:
        """The weighted share of `terms` that `held` has; 0 when there are none."""
        # fsum: a set's order changes from process to process, and with it the last digits of a plain sum.
        total = math.fsum(map(self.of, terms))
        return math.fsum(map(self.of, terms & held)) / total if total else 0.0
