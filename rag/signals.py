"""Question and ranking -> the few numbers from which answerability is judged. Pure; refuses nothing."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ingest.document import BlockKind, Passage, Publication, Span
from ingest.index.analyser import analyse, fold
from ingest.index.index import Index, Scores
from ingest.index.lexical import K1
from ingest.index.store import Vectors
from ingest.repair.lexicon import Sigle
from ingest.territories import Gazetteer
from ingest.windows import indexed_text
from rag.answer_type import asked_type, gives
from rag.language import Intent, asked_for, counted_noun, figures_in, intent_of, is_english, names_in
from rag.query import Query
from rag.retrieval import Ranked, Ranking

# How many of the best passages may hold what a question names, and how many of their nearest windows may give the kind of thing
# that it asks for. On the dev questions two windows tell better than one, three, five or whole passages.
_DEPTH, _TYPED = 5, 2
_MARGIN, _AGREE = 10, 5
_PERIOD = re.compile(r"\b((?:19|20)\d\d) ?(?:-|–|à|et) ?((?:19|20)\d\d)\b")
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
        """Whether there is an answer, where that needs no model: none where nothing of the subject stands in the best passages,
        unless they are nearest all the same.
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


class Rarity:
    """Inverse document frequency of analysed terms over the passages of one index (Lucene's BM25 formula)."""

    def __init__(self, passages: Sequence[Passage], publications: Mapping[str, Publication]) -> None:
        texts = [analyse(indexed_text(publications[p.publication_id].title, p)) for p in passages]
        self.terms = tuple(map(frozenset, texts))
        self._pairs = {pair for text in texts for pair in pairwise(text)}
        counts = Counter(term for terms in self.terms for term in terms)
        total = len(passages)
        self._idf = {term: math.log(1 + (total - n + 0.5) / (n + 0.5)) for term, n in counts.items()}
        # A term that no passage holds is as rare as can be.
        self._unseen = math.log(1 + (total + 0.5) / 0.5)

    def of(self, term: str) -> float:
        """Its weight, > 0."""
        return self._idf.get(term, self._unseen)

    def are_neighbours(self, one: str, other: str) -> bool:
        """Whether the two terms follow each other in some passage."""
        return (one, other) in self._pairs

    def share(self, terms: frozenset[str], held: frozenset[str]) -> float:
        """The weighted share of `terms` that `held` has; 0 when there are none."""
        # fsum: a set's order changes from process to process, and with it the last digits of a plain sum.
        total = math.fsum(map(self.of, terms))
        return math.fsum(map(self.of, terms & held)) / total if total else 0.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Judge:
    """What a search is judged against: an index, its terms' rarity, territories, sigles.

    `elsewhere` (n, d) are vectors of questions on other subjects; `whole` are the terms that name the field as a whole, under
    which everything in the index falls.
    """

    index: Index
    rarity: Rarity
    elsewhere: Vectors
    whole: frozenset[str]
    sigles: Sequence[Sigle]
    gazetteer: Gazetteer


def signals_of(query: Query, ranking: Ranking, judge: Judge) -> Signals:
    """The signals of a search with results."""
    index, rarity = judge.index, judge.rarity
    question = query.text
    best = ranking.results[:_DEPTH]
    texts = [indexed_text(index.publications[r.passage.publication_id].title, r.passage) for r in best]
    window = max(ranked.window for ranked in ranking.results)
    other = float(np.max(judge.elsewhere @ ranking.query))
    content = _content(query, ranking, judge)
    untold = is_english(question) and not content
    kind = asked_type(question)
    noun = _spelt_out(counted_noun(question), judge.sigles)
    names = _names_to_meet(question, ranking, judge)
    coverages = _Coverages.of(content, best, judge, lambda text: kind is None or gives(text, kind, noun))
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
        missing=tuple(_missing(question, ranking, texts, judge)),
        placed=any(ranked.there for ranked in best)
        and not _is_absent_there(question, ranking, judge)
        and bool(_DOING.search(fold(question)))
        and window >= float(ranking.window_scores.max()) - _HARDLY,
        unmet=bool(names) and not _met(names, best, judge, lambda text: kind is None or gives(text, kind, noun)),
        of_place=_asks_what_is_there(question, ranking.results, judge),
        untyped=kind is not None and not any(gives(text, kind, noun) for text in _nearest_windows(ranking, index)),
    )


def _spelt_out(noun: str | None, sigles: Iterable[Sigle]) -> str | None:
    """A counted sigle with its meaning: who asks for QPV is told of quarters."""
    meaning = next((sigle.meaning for sigle in sigles if noun and sigle.sigle.casefold() == noun), "")
    return f"{noun} {meaning}".strip() if noun else None


def _nearest_windows(ranking: Ranking, index: Index) -> list[str]:
    """The texts of the windows nearest to the question, of the best passages."""
    windows = [
        (ranked.passage, number) for ranked in ranking.results[:_DEPTH] for number in index.windows_of(ranked.number)
    ]
    windows.sort(key=lambda found: (-float(ranking.window_scores[found[1]]), found[1]))
    return [_with_next(passage, number, index) for passage, number in windows[:_TYPED]]


def _with_next(passage: Passage, window: int, index: Index) -> str:
    """A window and the one that follows it in its passage: "Elle détient 15 % du capital." says it of what stands before."""
    start, end = index.windows[window]
    following = index.windows[window + 1] if window + 1 < len(index.windows) else Span(end, end)
    if end <= following.start < passage.end:
        end = following.end
    return passage.text[start - passage.start : end - passage.start]


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


def _content(query: Query, ranking: Ranking, judge: Judge) -> frozenset[str]:
    """The terms of what is asked: of a place only what is asked about it, of an English question its French terms."""
    if is_english(query.text):
        return query.content
    if any(ranked.there for ranked in ranking.results[:_DEPTH]):
        return subject_of(query.text, judge.gazetteer)
    return asked_for(query.text)


def _missing(question: str, ranking: Ranking, texts: Sequence[str], judge: Judge) -> Iterator[str]:
    """Names, figures and sigles written out that none of the best passages has."""
    best = ranking.results[:_DEPTH]
    held = frozenset(term for ranked in best for term in judge.rarity.terms[ranked.number])
    # What the best passages are about by their territory they need not name: Rennes is in Bretagne.
    if not any(ranked.there for ranked in best):
        yield from (name for name in names_in(question) if analyse(name) and analyse(name)[0] not in held)
    yield from _missing_sigles(question, texts, judge.sigles)
    yield from (figure for figure in figures_in(question) if not any(_has(figure, text) for text in texts))


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


def subject_of(question: str, gazetteer: Gazetteer) -> frozenset[str]:
    """What is asked about a territory: the question's terms without its name; none for "un exemple en Bretagne ?"."""
    names = (term for name in gazetteer.asked_about(question) for term in analyse(name))
    return asked_for(question, or_all=False) - frozenset(names)


def _names_to_meet(question: str, ranking: Ranking, judge: Judge) -> list[tuple[frozenset[str], ...]]:
    """The terms of each name and sigle of the question, in all its forms; not of the place that the best passages are about."""
    there = any(ranked.there for ranked in ranking.results[:_DEPTH])
    place = {term for name in judge.gazetteer.asked_about(question) for term in analyse(name)} if there else set()
    names = (frozenset(analyse(name)) for name in names_in(question))
    meanings = [(frozenset(analyse(sigle.sigle)), frozenset(analyse(sigle.meaning))) for sigle in judge.sigles]
    return [
        (name, *(meaning for sigle, meaning in meanings if sigle == name))
        for name in names
        if name and name.isdisjoint(place)
    ]


def _met(
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
            text = _with_next(passage, number, index)
            if not is_of_kind(text):
                continue
            start = index.windows[max(number - 1, windows[0])].start
            before = passage.text[start - passage.start : index.windows[number].start - passage.start]
            held = frozenset(analyse(f"{above} {before} {text}"))
            if all(any(form <= held for form in forms) for forms in names):
                return True
    return False


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


def _asks_what_is_there(question: str, results: Sequence[Ranked], judge: Judge) -> bool:
    """Whether all that is asked of a place is what there is ("Que se passe-t-il à Rennes ?"), and an example there is found.

    Signals compare what is said of a subject; here is none to compare, and the model takes that for an absent one.
    """
    if not any(ranked.there and ranked.passage.kind is BlockKind.EXAMPLE for ranked in results):
        return False
    if intent_of(question) not in {Intent.EXAMPLE, Intent.GENERAL} or is_english(question):
        return False
    return subject_of(question, judge.gazetteer) <= _OF_PLACES | judge.whole


@dataclass(frozen=True, slots=True)
class _Coverages:
    """The most that one window with its headings holds of the terms, one that gives what is asked for, one passage."""

    window: float
    typed: float
    passage: float

    @classmethod
    def of(
        cls, terms: frozenset[str], best: Sequence[Ranked], judge: Judge, is_of_kind: Callable[[str], bool]
    ) -> _Coverages:
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
                if share > max(typed) and is_of_kind(_with_next(passage, number, index)):
                    typed.append(share)
        passages = (rarity.share(terms, rarity.terms[ranked.number]) for ranked in best)
        return cls(max(windows), max(typed), max(passages, default=0.0))
