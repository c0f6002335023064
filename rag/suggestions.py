"""What may be asked next: questions that this index answers, near to the last one, not asked yet. Refuses nothing.

In: an index, and what came of a question. Out: at most three questions. They are made of what the publications say themselves:
headings that say what to do or that are questions, places of field examples, sigles where they are explained. Each is put to
the assistant before it is shown; what it would not answer is not suggested. They are French, as the publications are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import simplemma

from ingest.document import BlockKind, Passage
from ingest.index.analyser import analyse
from ingest.index.index import Index
from ingest.index.store import Vectors
from ingest.repair.lexicon import Sigle
from ingest.territories import Gazetteer
from rag.compose.headings import Headings
from rag.language import asked_for

MOST = 3
# Longer ones do not fit a button; candidates that are tried before fewer than MOST are shown.
_CHARACTERS, _TRIED = 90, 8
# A heading must say as much to stand alone, and what leans on the text around it does not.
_TERMS = 2
_LEANS = re.compile(
    r"\b(?:ce|cet|cette|ces|il|elle|ils|elles|son|sa|ses|leurs?|ici|suivante?s?|nos|notre|cela|ça)\b", re.IGNORECASE
)
_ASKS = re.compile(
    r"(?:comment|qu['’]est-ce|combien|quel|pourquoi|à partir|faut-il|peut-on|une? \w+ peut-)", re.IGNORECASE
)
# Their imperfect is not made of the infinitive's stem.
_IRREGULAR = frozenset(
    "faire prendre comprendre apprendre entreprendre construire produire réduire introduire inscrire écrire décrire".split()
)
# What having just been quoted costs, in cosine: about what lies between the best passage and the tenth.
_QUOTED = 0.05
_PLACES = frozenset({"commune", "epci"})


class Sort(StrEnum):
    """What a suggestion is made of; a heading and a place come first."""

    HEADING = "heading"
    PLACE = "place"
    SIGLE = "sigle"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A question, the number of the passage that it was made from, and the sigle that it asks for, if it does."""

    question: str
    sort: Sort
    passage: int
    sigle: str = ""


class Suggester:
    """Suggestions from one index. Thread-safe."""

    def __init__(self, index: Index, gazetteer: Gazetteer, sigles: Iterable[Sigle]) -> None:
        self._index = index
        self._gazetteer = gazetteer
        self._meanings = {sigle.sigle: sigle.meaning for sigle in sigles}
        self._headings = Headings(passage.text for passage in index.passages)
        made = (found for number, passage in enumerate(index.passages) for found in self._made(number, passage))
        first: dict[str, Candidate] = {}
        for candidate in made:
            first.setdefault(candidate.question, candidate)
        self._candidates = tuple(first.values())

    def after(
        self, query: Vectors, cited: Sequence[str], asked: Iterable[str], said: str, answers: Callable[[str], bool]
    ) -> tuple[str, ...]:
        """The nearest to the question with the vector `query` (d,); `cited` are ids of passages, `asked` earlier questions.

        `said` is the text of the answer: a sigle that it lacks is asked about only where nothing else can be.

        `answers` says whether the assistant would understand a question as it is, after all that was said, and answer it.
        """
        scores = self._index.passage_scores(query)
        seen = [asked_for(question) for question in asked]
        # What is near to the question, but not the very passage that has just been quoted, says something new.
        quoted = frozenset(cited)
        order = sorted(
            (candidate for candidate in self._candidates if not _is_asked(candidate.question, seen)),
            key=lambda candidate: (
                candidate.sort is Sort.SIGLE and candidate.sigle not in re.findall(r"\w+", said),
                -float(scores[candidate.passage]) + self._old(candidate, quoted),
            ),
        )
        return tuple(_shown(_heading_and_place_first(order), answers))

    def _old(self, candidate: Candidate, quoted: frozenset[str]) -> float:
        return _QUOTED if self._index.passages[candidate.passage].id in quoted else 0.0

    def _made(self, number: int, passage: Passage) -> Iterator[Candidate]:
        if passage.doubtful or not passage.sentences:
            return
        about_heading = _of_heading(passage.headings, self._headings)
        if about_heading and passage.kind is not BlockKind.EXAMPLE:
            yield Candidate(question=about_heading, sort=Sort.HEADING, passage=number)
        if passage.kind is BlockKind.EXAMPLE:
            for territory in passage.territories[:1]:
                kind = self._gazetteer.kind_of(territory)
                if kind in _PLACES:
                    yield Candidate(question=_of_place(territory, kind), sort=Sort.PLACE, passage=number)
        written = frozenset(analyse(passage.text))
        for word in re.findall(r"\b[A-ZÀ-Ý]{3,}\b", passage.text):
            meaning = frozenset(analyse(self._meanings.get(word, "")))
            if meaning and meaning <= written:
                yield Candidate(question=f"Que signifie {word} ?", sort=Sort.SIGLE, passage=number, sigle=word)


def _shown(candidates: Iterable[Candidate], answers: Callable[[str], bool]) -> Iterator[str]:
    """Those that would be answered, each about something of its own."""
    shown: list[frozenset[str]] = []
    for tried, candidate in enumerate(candidates):
        if len(shown) == MOST or tried == _TRIED:
            return
        if not _is_asked(candidate.question, shown) and answers(candidate.question):
            shown.append(asked_for(candidate.question))
            yield candidate.question


def _of_heading(headings: Sequence[str], spoken: Headings) -> str | None:
    """The innermost heading as a question: one already, or what it says to do asked with "comment"."""
    if not headings:
        return None
    heading = " ".join(headings[-1].split())
    if heading.endswith("?"):
        question = heading.rstrip(" ?") + " ?"
        return question if _ASKS.match(question) and _stands_alone(question) else None
    said = spoken.spoken(tuple(headings)).partition(" :")[0]
    first = said.partition(" ")[0]
    if not said or not _is_infinitive(first):
        return None
    question = f"Comment {said[:1].lower()}{said[1:]} ?"
    return question if _stands_alone(question) else None


def _stands_alone(question: str) -> bool:
    return len(question) <= _CHARACTERS and len(set(analyse(question))) >= _TERMS and not _LEANS.search(question)


def _is_infinitive(word: str) -> bool:
    """Whether French has its imperfect ("associer": "associait"; of "atelier" it has none)."""
    small = word.lower()
    imperfects = {"er": ("ait",), "ir": ("issait", "ait"), "re": ("ait",)}.get(small[-2:], ())
    return small in _IRREGULAR or any(
        simplemma.is_known(small[:-2] + ending, lang="fr")
        and simplemma.lemmatize(small[:-2] + ending, lang="fr") == small
        for ending in imperfects
    )


def _of_place(territory: str, kind: str) -> str:
    """A town is asked about with "à", an intercommunality by what it does. Both ask by themselves, whatever was said before:
    "un exemple à Rennes ?" would be taken for an example of that.
    """
    if kind == "epci":
        return f"Que fait {territory} ?"
    for article, contracted in (("Le ", "au "), ("Les ", "aux ")):
        if territory.startswith(article):
            return f"Quelles initiatives {contracted}{territory.removeprefix(article)} ?"
    return f"Quelles initiatives à {territory} ?"


def _is_asked(question: str, seen: Sequence[frozenset[str]]) -> bool:
    """Whether its terms, or all but one of many, stand in one that was asked."""
    terms = asked_for(question)
    return not terms or any(len(terms - asked) <= len(terms) // 4 for asked in seen)


def _heading_and_place_first(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The best heading and the best place, in their order, then the rest in theirs."""
    sorts = [candidate.sort for candidate in candidates]
    firsts = {sorts.index(sort) for sort in {Sort.HEADING, Sort.PLACE} & set(sorts)}
    order = np.argsort([position not in firsts for position in range(len(candidates))], kind="stable")
    return [candidates[int(position)] for position in order]
