"""Question and ranking -> a draft: which sentences are said, in which order, under which headings.

In: what was understood, what was found. Out: lines of verbatim stretches within the bound of words, what they need beside
them. A single fact is one sentence, and two where two publications differ. Refuses nothing; a ranking without quotable
sentences gives an empty draft.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from ingest.index.index import Index
from ingest.territories import Gazetteer
from rag.compose.arrange import Saying, arranged
from rag.compose.asked import FACTS, SINGLE, Asked, asked_of
from rag.compose.differing import Differing, differing
from rag.compose.draft import MAX_WORDS, MAX_WORDS_DETAILED, Draft
from rag.compose.fitness import Extract, Fitness, Weigher, default_fitness
from rag.compose.headings import Headings
from rag.compose.traits import Wanted
from rag.compose.unsaid import Unsaid
from rag.compose.validity import Schemes
from rag.phrases import phrases_for
from rag.rarity import Rarity
from rag.retrieval import Ranking
from rag.understanding import Understood

# Passages from which a brief answer is made; a detailed one may draw on all that were found.
_PASSAGES = 12
# How far below the best a sentence may lie and still be said, in logits, by what was asked; how much farther in a detailed
# answer. Evidence in answers to dev questions, and the share of citations with any: 0.948, 0.705; with 6 instead of 5 0.948,
# 0.684, with 4.5 0.940, 0.709.
_REACH = dict.fromkeys(FACTS | {Asked.DEFINITION}, 4.0) | dict.fromkeys(
    (Asked.EXAMPLE, Asked.HOW_TO, Asked.GENERAL), 5.0
)
_REACH_DETAILED = 2.0
# How many sentences are chosen at most, by what was asked; how many times that in a detailed answer.
_MOST = (
    dict.fromkeys(SINGLE, 2)
    | dict.fromkeys(FACTS - SINGLE, 3)
    | {Asked.DEFINITION: 3, Asked.EXAMPLE: 5, Asked.HOW_TO: 6, Asked.GENERAL: 5}
)
_MOST_DETAILED = 3
# Two sentences say the same when so much of the shorter's terms stand in the other.
_SAME = 0.8


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Corpus:
    """What an answer is composed from besides the ranking."""

    index: Index
    rarity: Rarity
    gazetteer: Gazetteer
    headings: Headings
    schemes: Schemes
    unsaid: Unsaid

    @classmethod
    def of(cls, index: Index, rarity: Rarity, gazetteer: Gazetteer, is_hostile: Callable[[str], bool]) -> Corpus:
        """Raises ValueError when the build's schemes.json is not of its form."""
        return cls(
            index=index,
            rarity=rarity,
            gazetteer=gazetteer,
            headings=Headings(passage.text for passage in index.passages),
            schemes=Schemes.load(index.folder / "schemes.json"),
            unsaid=Unsaid.of(index, lru_cache(maxsize=8192)(is_hostile)),
        )


def compose(understood: Understood, weigher: Weigher, corpus: Corpus, *, today: date, reserved: int = 0) -> Draft:
    """At most MAX_WORDS words, MAX_WORDS_DETAILED where a detailed answer is asked for, less those `reserved` for notes."""
    return _Composer(understood, weigher, corpus, today, reserved).draft()


def weigher_of(understood: Understood, ranking: Ranking, corpus: Corpus, fitness: Fitness | None = None) -> Weigher:
    """What weighs the sentences found for a question, by what it asks for; without `fitness`, by the fitted one."""
    wanted = Wanted(
        question=understood.searched,
        asked=asked_of(understood.question),
        terms=understood.query.content,
        rarity=corpus.rarity,
    )
    return Weigher(wanted, ranking, corpus.index, fitness or default_fitness(), corpus.unsaid.holds)


class _Composer:
    """One question on its way to its draft."""

    def __init__(self, understood: Understood, weigher: Weigher, corpus: Corpus, today: date, reserved: int) -> None:
        self._understood = understood
        self._corpus = corpus
        self._today = today
        self._reserved = reserved
        self._asked = asked_of(understood.question)
        self._phrases = phrases_for(understood.language)
        self._extracts = _ways_of_page(weigher.all()) if self._asks_page_for_ways() else weigher.all()
        whole = filter(None, map(self._said, self._extracts))
        self._sayings = sorted(whole, key=lambda saying: (-saying.weight, saying.extract.order))
        self._near = {ranked.number for ranked in weigher.ranking.results[:_PASSAGES]}

    def _asks_page_for_ways(self) -> bool:
        """Whether a page is asked for its levers, with no word of what for: its title is nearest to what introduces it."""
        return self._understood.leans and self._asked is Asked.HOW_TO

    def draft(self) -> Draft:
        """The draft asked for; a brief one knows whether a detailed one would say more."""
        detailed = self._drafted(detailed=True)
        if self._understood.detailed:
            return detailed
        brief = self._drafted(detailed=False)
        return replace(brief, more=len(detailed.sentences) > len(brief.sentences))

    def _drafted(self, *, detailed: bool) -> Draft:
        """Sentences are added, best first, while the whole answer stays within its bound."""
        bound = (MAX_WORDS_DETAILED if detailed else MAX_WORDS) - self._reserved
        chosen: list[Saying] = []
        draft = Draft(lines=())
        differ: Differing | None = None
        for saying in self._candidates(detailed=detailed):
            if len(chosen) >= self._most(chosen, detailed=detailed):
                break
            room = bound - draft.words(self._phrases)
            if saying.words > room or not all(self._adds(saying, other) for other in chosen):
                continue
            rival = self._rival(saying.extract) if differ is None and self._is_asked(saying.extract) else None
            added = self._both(rival) if rival else (saying,)
            tried = self._whole([*chosen, *added], rival or differ)
            if tried.words(self._phrases) <= bound:
                chosen += added
                draft, differ = tried, rival or differ
        return draft if chosen else self._last_resort(bound)

    def _candidates(self, *, detailed: bool) -> list[Saying]:
        """What may be said, best first: what a sentence must bring counts as its own words."""
        if not self._sayings:
            return []
        reach = _REACH[self._asked] + (_REACH_DETAILED if detailed else 0.0)
        least = self._sayings[0].weight - reach
        return [
            saying
            for saying in self._sayings
            if saying.weight >= least and (detailed or saying.extract.ranked.number in self._near)
        ]

    def _most(self, chosen: Sequence[Saying], *, detailed: bool) -> int:
        """One sentence where the best tells the fact that was asked for."""
        if detailed:
            return _MOST[self._asked] * _MOST_DETAILED
        told = self._asked in SINGLE and bool(chosen) and chosen[0].extract.tells
        return 1 if told else _MOST[self._asked]

    def _adds(self, saying: Saying, other: Saying) -> bool:
        return not _says_the_same(saying.extract, other.extract) and saying.can_be_told_beside(other)

    def _is_asked(self, extract: Extract) -> bool:
        """Whether its figures are what the question is about: of a fact asked for, only those that tell it."""
        return self._asked not in FACTS or extract.tells

    def _said(self, extract: Extract) -> Saying | None:
        return Saying.of(extract, self._asked, single=self._asked in SINGLE and extract.tells)

    def _both(self, differ: Differing) -> tuple[Saying, ...]:
        """Two sentences that differ, each whole where it can be."""
        return tuple(self._said(e) or Saying.alone(e, self._asked) for e in (differ.newer, differ.older))

    def _rival(self, extract: Extract) -> Differing | None:
        publications = self._corpus.index.publications
        return differing(extract, self._extracts, self._understood.searched, publications)

    def _whole(self, chosen: Sequence[Saying], differ: Differing | None) -> Draft:
        """The lines of what is chosen, and the notes that they call for."""
        lines = arranged(chosen, differ, self._corpus.index.publications, self._corpus.headings, self._phrases)
        cited = [
            (stretch, self._corpus.index.publications[stretch.passage.publication_id])
            for line in lines
            for stretch in line.stretches
        ]
        return Draft(
            lines=lines,
            differ=self._phrases.figures_differ(*differ.dates) if differ else "",
            notes=self._corpus.schemes.notes(self._understood.question, cited, self._today, self._phrases),
        )

    def _last_resort(self, bound: int) -> Draft:
        """Where nothing can be made whole: the best sentence as it stands that announces nothing and leaves nothing open."""
        for extract in self._extracts:
            if not extract.reader.is_whole(extract.position):
                continue
            draft = self._whole([Saying.alone(extract, self._asked)], None)
            if draft.words(self._phrases) <= bound:
                return draft
        return Draft(lines=())


def _ways_of_page(extracts: list[Extract]) -> list[Extract]:
    """Those that are ways, if there are any."""
    return [extract for extract in extracts if extract.traits.acts] or extracts


def _says_the_same(left: Extract, right: Extract) -> bool:
    """More than `_SAME` of the shorter's terms stand in the other."""
    return len(left.terms & right.terms) > _SAME * min(len(left.terms), len(right.terms))
