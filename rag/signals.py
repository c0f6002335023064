"""Question and ranking -> the few numbers from which answerability is judged. Pure; refuses nothing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from ingest.index.index import Index, Scores
from ingest.index.lexical import K1
from ingest.repair.lexicon import Sigle
from ingest.windows import indexed_text
from rag.answer_type import asked_type, gives
from rag.coverage import Coverages, content_of
from rag.judge import DEPTH, Judge, with_next
from rag.language import Intent, counted_noun, intent_of, is_english
from rag.named import are_met, missing_of, names_to_meet
from rag.places_asked import asks_what_is_there, is_placed
from rag.query import Query
from rag.rarity import Rarity
from rag.retrieval import Ranked, Ranking

# How many of the nearest windows may give the kind of thing that a question asks for: on the dev questions two tell better than
# one, three, five or whole passages.
_TYPED = 2
_MARGIN, _AGREE = 10, 5
# Of the dev questions ten of other subjects lie below ("Quel temps fera-t-il demain à Rennes ?" -0.123), and none that is
# answered: the lowest has -0.056. A word with two meanings ("temps") brings all the coverage that the model asks for.
_ELSEWHERE = -0.065
# The mean over the French dev questions: what is assumed of an English question of whose words the glossary knows none.
_TYPICAL_COVERAGE = 0.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """What speaks for an answer, and what against.

    `window`: cosine of the best window; `margin`: what it has over the tenth; `closeness`: the same cosine less that of the
    nearest question on another subject (scores of the model move with a question's form; so does the comparison);
    `passage_closeness`: that of the best whole passage. `lexical`: the best BM25 over the most that the question's terms
    could bring, in [0, 1]. `agreement`: the share of the five best by windows that are among the five best by BM25.
    `coverage`: the weighted share of the question's content that one window and its headings hold, in [0, 1];
    `typed_coverage`: the same among the windows that give the kind of thing asked for, all of them where no kind is told;
    `passage_coverage`: that of one of the best passages with its publication's title. `fact`: a fact is asked for, which
    is more often absent. `missing`: names and figures of the question that none of the best passages holds. `untyped`: a
    sum, a date, a number of something is asked for, and neither of the nearest windows gives one. `placed` (no feature):
    the best passages are about the place asked about, and hardly any window of another place is nearer, unless a term of
    the field is asked for of which that place says nothing. `of_place` (no feature): nothing is asked but what there is
    at a place, and an example of that place is found. `unmet` (no feature): what the question names and a thing of the
    kind that it asks for stand nowhere together, so the sum that is found is another's.
    """

    closeness: float
    passage_closeness: float
    window: float
    margin: float
    lexical: float
    agreement: float
    coverage: float
    typed_coverage: float
    passage_coverage: float
    fact: bool
    missing: tuple[str, ...]
    untyped: bool
    placed: bool = False
    of_place: bool = False
    unmet: bool = False

    @property
    def settled(self) -> bool | None:
        """Whether there is an answer, where that needs no model: as by words, and none where an everyday question on another
        subject is nearer by far.
        """
        by_words = self.settled_by_words
        return False if by_words is None and self.closeness < _ELSEWHERE else by_words

    @property
    def settled_by_words(self) -> bool | None:
        """The same by the question's words: none where nothing of the subject stands in the best passages, unless they are
        nearest all the same. What is not settled so is what the model is fitted on: without what lies elsewhere, which it never
        decides on, it knew less of the rest ("Comment cuisiner un couscous ?" was answered).
        """
        if self.of_place:
            return True
        if self.unmet:
            return False
        return None if self.coverage or self.placed else False

    def vector(self) -> tuple[float, ...]:
        """The numbers in the order of `FEATURES`."""
        values = (getattr(self, name) for name in FEATURES)
        return tuple(float(bool(value) if isinstance(value, tuple) else value) for value in values)


FEATURES = (
    "closeness",
    "passage_closeness",
    "window",
    "margin",
    "lexical",
    "agreement",
    "coverage",
    "typed_coverage",
    "passage_coverage",
    "fact",
    "missing",
    "untyped",
)


def signals_of(query: Query, ranking: Ranking, judge: Judge) -> Signals:
    """The signals of a search with results."""
    index, rarity = judge.index, judge.rarity
    question = query.text
    best = ranking.results[:DEPTH]
    texts = [indexed_text(index.publications[r.passage.publication_id].title, r.passage) for r in best]
    window = max(ranked.window for ranked in ranking.results)
    other = float(np.max(judge.elsewhere @ ranking.query))
    content = content_of(query, ranking, judge)
    untold = is_english(question) and not content
    kind = asked_type(question)
    noun = _spelt_out(counted_noun(question), judge.sigles)

    def is_of_kind(text: str) -> bool:
        return kind is None or gives(text, kind, noun)

    names = names_to_meet(question, ranking, judge)
    coverages = Coverages.of(content, best, judge, is_of_kind)
    return Signals(
        closeness=window - other,
        passage_closeness=max(ranked.dense for ranked in ranking.results) - other,
        window=window,
        margin=_margin(ranking.window_scores),
        lexical=_lexical(query, ranking, rarity),
        agreement=_agreement(ranking.results),
        coverage=_TYPICAL_COVERAGE if untold else coverages.window,
        typed_coverage=_TYPICAL_COVERAGE if untold else coverages.typed,
        passage_coverage=_TYPICAL_COVERAGE if untold else coverages.passage,
        fact=kind is not None or intent_of(question) is Intent.FACT,
        missing=tuple(missing_of(question, ranking, texts, judge)),
        placed=is_placed(question, ranking, judge),
        unmet=bool(names) and not are_met(names, best, judge, is_of_kind),
        of_place=asks_what_is_there(question, ranking.results, judge),
        untyped=not any(map(is_of_kind, _nearest_windows(ranking, index))),
    )


def _spelt_out(noun: str | None, sigles: Iterable[Sigle]) -> str | None:
    """A counted sigle with its meaning: who asks for QPV is told of quarters."""
    meaning = next((sigle.meaning for sigle in sigles if noun and sigle.sigle.casefold() == noun), "")
    return f"{noun} {meaning}".strip() if noun else None


def _nearest_windows(ranking: Ranking, index: Index) -> list[str]:
    """The texts of the windows nearest to the question, of the best passages."""
    windows = [
        (ranked.passage, number) for ranked in ranking.results[:DEPTH] for number in index.windows_of(ranked.number)
    ]
    windows.sort(key=lambda found: (-float(ranking.window_scores[found[1]]), found[1]))
    return [with_next(passage, number, index) for passage, number in windows[:_TYPED]]


def _margin(scores: Scores) -> float:
    """What the best window has over the tenth, or over the last of fewer."""
    depth = min(_MARGIN, len(scores))
    best = np.partition(scores, len(scores) - depth)[-depth:]
    return float(best.max() - best.min())


def _lexical(query: Query, ranking: Ranking, rarity: Rarity) -> float:
    """BM25 grows with a question's length and the rarity of its words; a term brings at most (k1 + 1) times its rarity."""
    most = (K1 + 1) * math.fsum(weight * rarity.of(term) for term, weight in query.terms.items())
    return max(ranked.lexical for ranked in ranking.results) / most if most else 0.0


def _agreement(results: Sequence[Ranked]) -> float:
    by_window, by_words = (
        {ranked.number for ranked in sorted(results, key=score, reverse=True)[:_AGREE]}
        for score in (lambda ranked: ranked.window, lambda ranked: ranked.lexical)
    )
    return len(by_window & by_words) / len(by_window)
