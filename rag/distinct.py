"""Ranking -> the same without what says the same again, and without more than three passages of one section. Refuses nothing.

Near-duplicates are one result, at the rank of the best of them: the newer publication's, or that of the page on which the
question was asked, stands for all and names the others.
Two passages are near-duplicates when they share nearly all their terms and hold the same figures and negations: an old and a
new version that disagree are two. Whoever wants every passage (a TREC run) takes the ranking as it is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from ingest.document import Passage
from ingest.index.analyser import analyse
from ingest.index.index import Index
from rag.retrieval import Ranked, Ranking

# How deep a ranking is looked through for each result that is wanted: half may be duplicates or of a full section.
POOL = 3
PER_SECTION = 3
# The share of both passages' terms that near-duplicates have in common. Of 51,000 pairs of the FAQ's passages the most alike
# that say something else (two drafts of an article of law) share 0.76.
_SHARED = 0.8
# Among those pairs every two that share 0.7 have a cosine above 0.939, titles and all; it spares comparing the rest.
_ALIKE = 0.93
_Words = tuple[frozenset[str], frozenset[str]]
# What turns a sentence round: a number, a negation.
_TURNS = re.compile(r"\d+|\b(?:pas|sans|hors|non|ni|aucune?|jamais|plus)\b")


def distinct(ranking: Ranking, index: Index, k: int) -> Ranking:
    """The first k distinct results of `ranking`, ranks from 1, scores falling as they did."""
    kept: list[Ranked] = []
    sections: Counter[tuple[str, tuple[str, ...]]] = Counter()
    for group in _groups(ranking.results, index):
        chosen = max(group, key=lambda ranked: (ranked.on_page, _date(ranked, index), -ranked.rank))
        section = (chosen.passage.publication_id, chosen.passage.headings)
        # What stands under no heading is in no section.
        if section[1] and sections[section] == PER_SECTION:
            continue
        sections[section] += 1
        others = tuple(ranked.passage.id for ranked in group if ranked is not chosen)
        kept.append(replace(chosen, rank=len(kept) + 1, score=group[0].score, there=group[0].there, same_as=others))
        if len(kept) == k:
            break
    return replace(ranking, results=tuple(kept))


def _groups(results: Sequence[Ranked], index: Index) -> list[list[Ranked]]:
    """Runs of near-duplicates, each with its best first, in the order of their best."""
    cosines = index.cosines([ranked.number for ranked in results])
    words = [_words(ranked.passage.text) for ranked in results]
    groups: list[list[int]] = []
    for position in range(len(results)):
        alike = (group for group in groups if cosines[group[0], position] > _ALIKE)
        home = next((group for group in alike if _same(words[group[0]], words[position])), None)
        if home is None:
            groups.append([position])
        else:
            home.append(position)
    return [[results[position] for position in group] for group in groups]


def near_duplicates(one: Passage, other: Passage) -> bool:
    """Whether two passages say the same: nearly the same terms, and the same figures and negations."""
    return _same(_words(one.text), _words(other.text))


def _same(one: _Words, other: _Words) -> bool:
    (mine, turns), (theirs, others) = one, other
    # Lengths first: they settle most pairs, and cost nothing.
    if min(len(mine), len(theirs)) < _SHARED * max(len(mine), len(theirs)) or turns != others:
        return False
    return len(mine & theirs) >= _SHARED * len(mine | theirs)


@lru_cache(maxsize=8192)
def _words(text: str) -> _Words:
    """Its terms, and what turns it round."""
    return frozenset(analyse(text)), frozenset(_TURNS.findall(text.lower()))


def _date(ranked: Ranked, index: Index) -> str:
    return index.publications[ranked.passage.publication_id].date or ""
