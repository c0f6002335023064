"""Ranking -> sentences with their weight: how well each fits the question. Pure; refuses nothing.

Weights are shares of about 1. They were chosen on the dev questions (`python -m evals run`) for the evidence that answers hold.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from ingest.document import BlockKind, Passage, Publication
from ingest.index.analyser import analyse
from ingest.index.index import Index
from ingest.windows import cut_windows
from rag.answer_type import replies_in_form
from rag.compose.asked import FACTS, Asked, tells
from rag.compose.leaning import is_lever
from rag.compose.stretches import Reader
from rag.retrieval import Ranked, Ranking
from rag.signals import Rarity

# Shares of a sentence's weight: its own cosine, the question's terms it holds, those that it or what stands above it holds, how
# its passage ranks.
_DENSE, _TERMS, _ABOVE, _RANK = 0.6, 0.2, 0.1, 0.1
# What each word beyond _SHORT costs: of two sentences that fit alike the shorter leaves room for another.
WORD_COST, _SHORT = 0.002, 25
# What has no word of the question may still say the same in others, but seldom.
_STRANGE = 0.1
# What asks back answers little ("Et pourquoi pas… ?").
_ASKS = 0.15
# For a sentence of the kind that a question calls for; one that gives the number of what is counted, or says what something is,
# answers whatever else stands nearby.
_KIND, _COUNTS, _DEFINES = 0.1, 0.3, 0.35
# What each sentence of a passage after its best costs the next: several places answer better than one.
_DISCOUNT = 0.1
# Of two that fit alike, the newer publication.
_NEWER = 0.02


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Extract:
    """A sentence that may be said: where it stands, its terms, whether it tells what was asked, and its weight."""

    reader: Reader
    position: int
    ranked: Ranked
    text: str
    terms: frozenset[str]
    tells: bool
    weight: float

    @property
    def order(self) -> tuple[float, str, int]:
        """Best first; ties in the order of the text."""
        return (-self.weight, self.ranked.passage.id, self.position)


def weighed(asked: Asked, question: str, ranking: Ranking, index: Index, rarity: Rarity) -> list[Extract]:
    """Every sentence of the passages found that may be said, best first."""
    best = ranking.results
    terms = frozenset(analyse(question))
    newness = _newness([index.publications[ranked.passage.publication_id] for ranked in best])
    cosines = {(ranked.number, n): c for ranked in best for n, c in enumerate(sentence_cosines(ranked, ranking, index))}
    low, high = min(cosines.values(), default=0.0), max(cosines.values(), default=0.0)
    extracts = []
    for ranked in best:
        reader = Reader(ranked.passage, _before(index, ranked))
        prior = _prior(ranked, best) * _RANK + newness[ranked.passage.publication_id] * _NEWER
        for position in range(len(reader.spans)):
            text = reader.text(position)
            told = tells(asked, question, text)
            if not reader.may_be_said(position, short=told and asked is Asked.WHO):
                continue
            held = _terms(text)
            cosine = cosines[ranked.number, position]
            if position > 0 and reader.leans(position):
                # It says with a pronoun what the sentence before says with a noun.
                cosine = max(cosine, (cosine + cosines[ranked.number, position - 1]) / 2)
            closeness = (cosine - low) / (high - low) if high > low else 1.0
            above = held | _context(reader, position)
            weight = (
                prior + _DENSE * closeness + _TERMS * rarity.share(terms, held) + _ABOVE * rarity.share(terms, above)
            )
            weight -= _STRANGE if terms.isdisjoint(held) else 0
            weight += _of_kind(asked, question, reader, position, told=told) - _cost(text)
            extracts.append(
                Extract(
                    reader=reader,
                    position=position,
                    ranked=ranked,
                    text=text,
                    terms=held,
                    tells=told,
                    weight=weight,
                )
            )
    best_first = sorted(extracts, key=lambda extract: extract.order)
    # The sentence that tells a fact often stands beside the one that is most like the question.
    return best_first if asked in FACTS else _spread(best_first)


def sentence_cosines(ranked: Ranked, ranking: Ranking, index: Index) -> list[float]:
    """One for each sentence of the passage: that of its window, or of the whole passage where that is the only window."""
    scores = [float(ranking.window_scores[number]) for number in index.windows_of(ranked.number)]
    sentences = len(cut_windows(ranked.passage))
    return scores if len(scores) == sentences else [max(scores)] * sentences


def _before(index: Index, ranked: Ranked) -> Sequence[Passage]:
    start = ranked.number
    before = reversed(index.passages[max(0, start - 4) : start])
    return [passage for passage in before if passage.publication_id == ranked.passage.publication_id]


def _context(reader: Reader, position: int) -> frozenset[str]:
    """What a sentence is about without saying it: its headings, its example's title, the sentence it leans on."""
    passage = reader.passage
    before = reader.text(position - 1) if position > 0 and reader.leans(position) else ""
    return _terms(" ".join((*passage.headings, passage.title or ""))) | _terms(before)


@lru_cache(maxsize=8192)
def _terms(text: str) -> frozenset[str]:
    """Each heading and each neighbour is asked for several times in one answer."""
    return frozenset(analyse(text))


def _cost(text: str) -> float:
    return WORD_COST * max(0, len(text.split()) - _SHORT) + (_ASKS if text.endswith("?") else 0)


def _of_kind(asked: Asked, question: str, reader: Reader, position: int, *, told: bool) -> float:
    """A kind of question prefers a kind of sentence: a fact figures, an example examples, a how-to levers."""
    text, passage = reader.text(position), reader.passage
    if asked is Asked.FIGURE:
        return _KIND * told + _COUNTS * replies_in_form(question, text)
    if asked is Asked.DEFINITION:
        return _DEFINES * told
    if asked is Asked.EXAMPLE:
        return _KIND * (passage.kind is BlockKind.EXAMPLE)
    if asked is Asked.HOW_TO:
        return _KIND * (reader.is_item(position) or is_lever(text))
    return _KIND * told


def _prior(ranked: Ranked, best: Sequence[Ranked]) -> float:
    top, bottom = best[0].score, best[-1].score
    return (ranked.score - bottom) / (top - bottom) if top > bottom else 1.0


def _newness(publications: Sequence[Publication]) -> dict[str, float]:
    """0 for the oldest, 1 for the newest of what was found; 0 for what has no date."""
    years = {publication.id: int(publication.date[:4]) for publication in publications if publication.date}
    low, high = min(years.values(), default=0), max(years.values(), default=0)
    return {p.id: (years[p.id] - low) / (high - low) if p.id in years and high > low else 0.0 for p in publications}


def _spread(extracts: Sequence[Extract]) -> list[Extract]:
    """Best first, each further sentence of a passage weighing less."""
    seen: Counter[str] = Counter()
    spread = []
    for extract in extracts:
        passage = extract.ranked.passage
        spread.append(replace(extract, weight=extract.weight - _DISCOUNT * seen[passage.id]))
        # Items of a list stand side by side; sentences of a text repeat their subject.
        seen[passage.id] += passage.kind is not BlockKind.LIST_ITEM
    return sorted(spread, key=lambda extract: extract.order)
