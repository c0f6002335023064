"""Question and ranking -> the few numbers from which answerability is judged. Pure; refuses nothing."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ingest.document import Passage, Publication
from ingest.index.analyser import analyse, fold
from ingest.index.index import Index
from ingest.index.store import Vectors
from ingest.repair.lexicon import Sigle
from ingest.territories import Gazetteer
from ingest.windows import indexed_text
from rag.language import asked_for, counted_noun, figures_in, is_english, names_in
from rag.retrieval import Ranked, Ranking

# How many of the best passages may hold what a question names, and what it asks the number of.
_DEPTH, _COUNTING = 5, 2
# The mean over the French dev questions.
_TYPICAL_COVERAGE = 0.4
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
    with a question's form; so does the comparison); `passage_closeness`: the same of the best whole passage. `coverage`: the
    weighted share of the question's content that one window and its headings hold, in [0, 1]. `missing`: names and figures
    of the question that none of the best passages holds; `uncounted`: a number of something is asked for, and none of the
    very best passages counts it.
    """

    closeness: float
    passage_closeness: float
    coverage: float
    missing: tuple[str, ...]
    uncounted: bool
    english: bool

    def vector(self) -> tuple[float, ...]:
        """The numbers in the order of `FEATURES`. Terms say little across languages: for English they count as typical."""
        coverage = _TYPICAL_COVERAGE if self.english else self.coverage
        return (self.closeness, self.passage_closeness, coverage, float(bool(self.missing)), float(self.uncounted))


FEATURES = ("closeness", "passage_closeness", "coverage", "missing", "uncounted")


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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Judge:
    """What a search is judged against: an index, its terms' rarity, territories, sigles.

    `elsewhere` (n, d) are vectors of questions on other subjects.
    """

    index: Index
    rarity: Rarity
    elsewhere: Vectors
    sigles: Sequence[Sigle]
    gazetteer: Gazetteer


def signals_of(question: str, ranking: Ranking, judge: Judge) -> Signals:
    """The signals of a search with results."""
    index, rarity = judge.index, judge.rarity
    best = ranking.results[:_DEPTH]
    texts = [fold(indexed_text(index.publications[r.passage.publication_id].title, r.passage)) for r in best]
    held = frozenset(term for ranked in best for term in rarity.terms[ranked.number])
    # What the best passages are about by their territory they need not name: Rennes is in Bretagne.
    placed = any(ranked.there for ranked in best)
    names = [n for n in names_in(question) if not placed and analyse(n) and analyse(n)[0] not in held]
    figures = [figure for figure in figures_in(question) if not any(figure in figures_in(text) for text in texts)]
    subject = subject_of(question, judge.gazetteer) if placed else asked_for(question)
    other = float(np.max(judge.elsewhere @ ranking.query))
    asks_number = counted_noun(question) is not None
    return Signals(
        closeness=max((ranked.window for ranked in ranking.results), default=-1.0) - other,
        passage_closeness=max((ranked.dense for ranked in ranking.results), default=-1.0) - other,
        coverage=_coverage(subject, best, index, rarity) if subject or not placed else 1.0,
        missing=(*names, *_missing_sigles(question, texts, judge.sigles), *figures),
        uncounted=asks_number and not any(counts(question, text) for text in texts[:_COUNTING]),
        english=is_english(question),
    )


def _missing_sigles(question: str, texts: Sequence[str], sigles: Iterable[Sigle]) -> Iterator[str]:
    """What the question writes out ("pôle territorial de coopération économique") and no passage has, long or short."""
    asked = " ".join(analyse(question))
    held = [" ".join(analyse(text)) for text in texts]
    for sigle in sigles:
        forms = [" ".join(analyse(form)) for form in (sigle.meaning, *sigle.variants)]
        written_out = any(_holds(asked, form) for form in forms if " " in form)
        if written_out and not any(_holds(text, form) for text in held for form in (*forms, *analyse(sigle.sigle))):
            yield sigle.meaning


def _holds(text: str, form: str) -> bool:
    return f" {form} " in f" {text} "


def subject_of(question: str, gazetteer: Gazetteer) -> frozenset[str]:
    """What is asked about a territory: the question's terms without its name; none for "un exemple en Bretagne ?"."""
    names = (term for name in gazetteer.asked_about(question) for term in analyse(name))
    return asked_for(question, or_all=False) - frozenset(names)


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
