"""How much of what a question asks the passages found hold. Pure; refuses nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ingest.index.analyser import analyse
from rag.judge import DEPTH, Judge, with_next
from rag.language import asked_for, is_english
from rag.places_asked import subject_of
from rag.query import Query
from rag.retrieval import Ranked, Ranking


def content_of(query: Query, ranking: Ranking, judge: Judge) -> frozenset[str]:
    """The terms of what is asked: of a place only what is asked about it, of an English question its French terms."""
    if is_english(query.text):
        return query.content
    if any(ranked.there for ranked in ranking.results[:DEPTH]):
        return subject_of(query.text, judge.gazetteer)
    return asked_for(query.text)


@dataclass(frozen=True, slots=True)
class Coverages:
    """The most that one window with its headings holds of the terms, one that gives what is asked for, one passage."""

    window: float
    typed: float
    passage: float

    @classmethod
    def of(
        cls, terms: frozenset[str], best: Sequence[Ranked], judge: Judge, is_of_kind: Callable[[str], bool]
    ) -> Coverages:
        """All of no terms, which is asked of a place alone."""
        if not terms:
            return cls(1.0, 1.0, 1.0)
        index, rarity = judge.index, judge.rarity
        windows, typed = [0.0], [0.0]
        for ranked in best:
            passage = ranked.passage
            above = frozenset(analyse(" ".join((*passage.headings, passage.title or "", passage.context))))
            for number in index.windows_of(ranked.number):
                start, end = index.windows[number]
                window = frozenset(analyse(passage.text[start - passage.start : end - passage.start]))
                share = rarity.share(terms, window | above)
                windows.append(share)
                if share > max(typed) and is_of_kind(with_next(passage, number, index)):
                    typed.append(share)
        passages = (rarity.share(terms, rarity.terms[ranked.number]) for ranked in best)
        return cls(max(windows), max(typed), max(passages, default=0.0))
