"""What is asked of a territory: its subject, whether anything is asked but what there is, whether the place is silent on it.

In: the question, the passages found, what they are judged against. Pure; refuses nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ingest.document import BlockKind
from ingest.index.analyser import analyse, fold
from ingest.territories import Gazetteer
from rag.judge import DEPTH, Judge
from rag.language import Intent, asked_for, intent_of, is_english
from rag.retrieval import Ranked, Ranking

# "La mobilité à Grande-Synthe" has its bicycles within this of the nearest window; "l'urbanisme transitoire à Dijon" has not.
_HARDLY = 0.01
# What is done at a place may be told in other words than it is asked in; who its mayor is may not.
_DOING = re.compile(
    r"\b(?:qu'?e? ?(?:fait|font|se (?:passe|fait))|s'y fait|exemples?|initiatives?|projets?|actions?|experiences?|demarches?)\b"
)
# What a place is called, and where in it: no subject of its own.
_OF_PLACES = frozenset(
    analyse(
        "ville commune communauté département région métropole agglomération intercommunalité territoire secteur coin côté "
        "sein local matière domaine"
    )
)


def is_placed(question: str, ranking: Ranking, judge: Judge) -> bool:
    """Whether the best passages are about the place asked about, and hardly any window of another place is nearer, unless a
    term of the field is asked for of which that place says nothing.
    """
    window = max(ranked.window for ranked in ranking.results)
    return (
        any(ranked.there for ranked in ranking.results[:DEPTH])
        and bool(_DOING.search(fold(question)))
        and window >= float(ranking.window_scores.max()) - _HARDLY
        and not _is_absent_there(question, ranking, judge)
    )


def subject_of(question: str, gazetteer: Gazetteer) -> frozenset[str]:
    """What is asked about a territory: the question's terms without its name; none for "un exemple en Bretagne ?"."""
    names = (term for name in gazetteer.asked_about(question) for term in analyse(name))
    return asked_for(question, or_all=False) - frozenset(names)


def asks_what_is_there(question: str, results: Sequence[Ranked], judge: Judge) -> bool:
    """Whether all that is asked of a place is what there is ("Que se passe-t-il à Rennes ?"), and an example there is found.

    Signals compare what is said of a subject; here is none to compare, and the model takes that for an absent one.
    """
    if not any(ranked.there and ranked.passage.kind is BlockKind.EXAMPLE for ranked in results):
        return False
    if intent_of(question) not in {Intent.EXAMPLE, Intent.GENERAL} or is_english(question):
        return False
    return subject_of(question, judge.gazetteer) <= _OF_PLACES | judge.whole


def _is_absent_there(question: str, ranking: Ranking, judge: Judge) -> bool:
    """Whether two words that stand side by side in the question ("conseil citoyen à Toulouse") do so somewhere in the index, a
    term of its field, and no passage of the place asked about has both.
    """
    there = [ranked.number for ranked in ranking.results if ranked.there]
    if not there or is_english(question):
        return False
    subject = subject_of(question, judge.gazetteer) - _OF_PLACES
    pairs = {(one, other) for one, other in pairwise(analyse(question)) if one != other and {one, other} <= subject}
    pairs = {pair for pair in pairs if not judge.whole.issuperset(pair)}
    return any(
        not any({one, other} <= judge.rarity.terms[number] for number in there)
        and judge.rarity.are_neighbours(one, other)
        for one, other in pairs
    )
