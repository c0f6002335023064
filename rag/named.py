"""The names, figures and sigles of a question: which of them no passage found has, which stand with what is asked.

In: the question, the passages found, what they are judged against. Pure; refuses nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from ingest.index.analyser import analyse
from ingest.repair.lexicon import Sigle
from rag.judge import DEPTH, Judge, with_next
from rag.language import figures_in, names_in
from rag.retrieval import Ranked, Ranking

_PERIOD = re.compile(r"\b((?:19|20)\d\d) ?(?:-|–|à|et) ?((?:19|20)\d\d)\b")


def missing_of(question: str, ranking: Ranking, texts: Sequence[str], judge: Judge) -> Iterator[str]:
    """Names, figures and sigles written out that none of the best passages has."""
    best = ranking.results[:DEPTH]
    held = frozenset(term for ranked in best for term in judge.rarity.terms[ranked.number])
    # What the best passages are about by their territory they need not name: Rennes is in Bretagne.
    if not any(ranked.there for ranked in best):
        yield from (name for name in names_in(question) if analyse(name) and analyse(name)[0] not in held)
    yield from _missing_sigles(question, texts, judge.sigles)
    yield from (figure for figure in figures_in(question) if not any(_has(figure, text) for text in texts))


def names_to_meet(question: str, ranking: Ranking, judge: Judge) -> list[tuple[frozenset[str], ...]]:
    """The terms of each name and sigle of the question, in all its forms; not of the place that the best passages are about."""
    there = any(ranked.there for ranked in ranking.results[:DEPTH])
    place = {term for name in judge.gazetteer.asked_about(question) for term in analyse(name)} if there else set()
    names = (frozenset(analyse(name)) for name in names_in(question))
    meanings = [(frozenset(analyse(sigle.sigle)), frozenset(analyse(sigle.meaning))) for sigle in judge.sigles]
    return [
        (name, *(meaning for sigle, meaning in meanings if sigle == name))
        for name in names
        if name and name.isdisjoint(place)
    ]


def are_met(
    names: Sequence[tuple[frozenset[str], ...]], best: Iterable[Ranked], judge: Judge, is_of_kind: Callable[[str], bool]
) -> bool:
    """Whether one window of the best passages, with its neighbours and all that stands above it, holds every name and gives the
    kind of thing asked for.
    """
    index = judge.index
    for ranked in best:
        passage = ranked.passage
        title = index.publications[passage.publication_id].title
        above = " ".join((*passage.headings, passage.title or "", passage.context, *passage.territories, title))
        windows = index.windows_of(ranked.number)
        for number in windows:
            text = with_next(passage, number, index)
            if not is_of_kind(text):
                continue
            start = index.windows[max(number - 1, windows[0])].start
            before = passage.text[start - passage.start : index.windows[number].start - passage.start]
            held = frozenset(analyse(f"{above} {before} {text}"))
            if all(any(form <= held for form in forms) for forms in names):
                return True
    return False


def _has(figure: str, text: str) -> bool:
    """Whether the text has the figure, or a period that a year lies in."""
    return figure in figures_in(text) or any(
        first <= figure <= last for first, last in _PERIOD.findall(text) if len(figure) == len(first)
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
