"""Question and ranking -> the few numbers from which answerability is judged. Pure; refuses nothing."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ingest.document import Passage, Publication
from ingest.index.analyser import analyse
from ingest.index.index import Index
from ingest.windows import indexed_text
from rag.language import is_english, names_in
from rag.retrieval import Ranking

# How many of the best passages may together cover a question.
_DEPTH = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """What speaks for an answer. Shares are in [0, 1], weighted by rarity; cosines in [-1, 1].

    `coverage`: the question's content that the best passage holds; `unknown`: content that no passage holds;
    `missing_names`: proper names of the question that no passage holds; `margin`: how far the best window stands out from
    the twentieth.
    """

    window: float
    passage: float
    margin: float
    coverage: float
    unknown: float
    missing_names: tuple[str, ...]
    english: bool

    def vector(self) -> tuple[float, ...]:
        """The numbers in the order of `FEATURES`. Terms say little across languages: for English they count as typical."""
        lexical = (0.5, 0.3) if self.english else (self.coverage, self.unknown)
        return (self.window, self.passage, self.margin, *lexical, float(bool(self.missing_names)))


FEATURES = ("window", "passage", "margin", "coverage", "unknown", "missing_names")


class Rarity:
    """Inverse document frequency of analysed terms over the passages of one index (Lucene's BM25 formula)."""

    def __init__(self, passages: Sequence[Passage], publications: Mapping[str, Publication]) -> None:
        self.terms = tuple(frozenset(analyse(indexed_text(publications[p.publication_id].title, p))) for p in passages)
        counts = Counter(term for terms in self.terms for term in terms)
        total = len(passages)
        self._idf = {term: math.log(1 + (total - n + 0.5) / (n + 0.5)) for term, n in counts.items()}
        # A term that no passage holds is as rare as can be.
        self._unseen = math.log(1 + (total + 0.5) / 0.5)

    def of(self, term: str) -> float:
        """Its weight, > 0."""
        return self._idf.get(term, self._unseen)

    def share(self, terms: frozenset[str], held: frozenset[str]) -> float:
        """The weighted share of `terms` that `held` has; 0 when there are none."""
        total = sum(map(self.of, terms))
        return sum(map(self.of, terms & held)) / total if total else 0.0


def signals_of(question: str, ranking: Ranking, index: Index, rarity: Rarity) -> Signals:
    """The signals of one search; with no result all speak against an answer."""
    terms = frozenset(analyse(question))
    best = ranking.results[:_DEPTH]
    known = frozenset(term for term in terms if index.lexical.knows(term))
    windows = sorted((ranked.window for ranked in ranking.results), reverse=True)
    return Signals(
        window=windows[0] if windows else 0.0,
        passage=max((ranked.dense for ranked in best), default=0.0),
        margin=windows[0] - windows[min(19, len(windows) - 1)] if windows else 0.0,
        coverage=max((rarity.share(terms, rarity.terms[ranked.number]) for ranked in best), default=0.0),
        unknown=1 - rarity.share(terms, known) if terms else 1.0,
        missing_names=tuple(
            n for n in names_in(question) if analyse(n) and not any(map(index.lexical.knows, analyse(n)))
        ),
        english=is_english(question),
    )
