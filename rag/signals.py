"""Question and ranking -> the few numbers from which answerability is judged. Pure; refuses nothing."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ingest.document import Passage, Publication
from ingest.index.analyser import analyse, fold
from ingest.index.index import Index
from ingest.index.store import Vectors
from ingest.windows import indexed_text
from rag.language import asked_for, counted_noun, figures_in, is_english, names_in
from rag.retrieval import Ranked, Ranking

# How many of the best passages may hold what a question asks for.
_DEPTH = 5
# Words between a figure and what it counts ("se réunit 3 fois par an").
_NEAR = 6
# Two terms of one family share this many first letters ("réunions", "réunit").
_STEM = 4
_COUNTED = re.compile(
    r"\d+|\b(?:une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|dizaine|vingtaine|trentaine|cinquantaine|cent)\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """What speaks for an answer, and what against.

    `closeness`: cosine of the best window less that of the nearest question on another subject (scores of the model move
    with a question's form; so does the comparison). `standing`: by how many standard deviations the best window exceeds the
    mean of all. `coverage`: the weighted share of the question's content that one window and its headings hold, in [0, 1].
    `missing`: names and figures of the question that no passage holds; `apart`: names that are in the index, but in none of
    the best passages; `uncounted`: a number of something is asked for, and no best passage counts it.
    """

    closeness: float
    standing: float
    coverage: float
    missing: tuple[str, ...]
    apart: tuple[str, ...]
    uncounted: bool
    english: bool

    def vector(self) -> tuple[float, ...]:
        """The numbers in the order of `FEATURES`. Terms say little across languages: for English they count as typical."""
        coverage = 0.4 if self.english else self.coverage
        flags = (bool(self.missing), bool(self.apart), self.uncounted)
        return (self.closeness, self.standing, coverage, *map(float, flags))


FEATURES = ("closeness", "standing", "coverage", "missing", "apart", "uncounted")


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


def signals_of(question: str, ranking: Ranking, index: Index, rarity: Rarity, elsewhere: Vectors) -> Signals:
    """The signals of a search with results; `elsewhere` (n, d) are vectors of questions on other subjects."""
    best = ranking.results[:_DEPTH]
    names = [name for name in names_in(question) if analyse(name)]
    unknown = [name for name in names if not index.lexical.knows(analyse(name)[0])]
    texts = [fold(indexed_text(index.publications[r.passage.publication_id].title, r.passage)) for r in best]
    figures = [figure for figure in figures_in(question) if not any(figure in figures_in(text) for text in texts)]
    held = frozenset(term for ranked in best for term in rarity.terms[ranked.number])
    scores = ranking.window_scores
    top = max((ranked.window for ranked in ranking.results), default=-1.0)
    spread = float(scores.std())
    return Signals(
        closeness=top - float(np.max(elsewhere @ ranking.query)),
        standing=(top - float(scores.mean())) / spread if spread > 0 else 0.0,
        coverage=_coverage(asked_for(question), best, index, rarity),
        missing=(*unknown, *figures),
        apart=tuple(name for name in names if name not in unknown and analyse(name)[0] not in held),
        uncounted=counted_noun(question) is not None and not any(counts(question, text) for text in texts),
        english=is_english(question),
    )


def _coverage(terms: frozenset[str], best: Iterable[Ranked], index: Index, rarity: Rarity) -> float:
    shares = [0.0]
    for ranked in best:
        passage = ranked.passage
        above = frozenset(analyse(" ".join((*passage.headings, passage.title or "", passage.context))))
        for number in index.windows_of(ranked.number):
            start, end = index.windows[number]
            window = frozenset(analyse(passage.text[start - passage.start : end - passage.start]))
            shares.append(rarity.share(terms, window | above))
    return max(shares)


def counts(question: str, text: str) -> bool:
    """Whether the question asks for a number of something, and `text` has a figure near that thing."""
    noun = counted_noun(question)
    return noun is not None and bool({term[:_STEM] for term in analyse(noun)} & _near_figures(text))


def _near_figures(text: str) -> set[str]:
    words = re.findall(r"\w+", fold(text))
    near: set[str] = set()
    for position, word in enumerate(words):
        if _COUNTED.fullmatch(word):
            around = words[max(0, position - _NEAR) : position + _NEAR + 1]
            near |= {term[:_STEM] for term in analyse(" ".join(around))}
    return near
