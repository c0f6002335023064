"""A written sentence and the passages it cites -> the few sentences it may rest on, and how well they hold it. Pure.

The evidence is chosen first: of the cited passages' sentences the few that together hold most of what the sentence says. Then
each part of the sentence is looked at by itself, because what a writer adds stands in a part of its own; and whether another
passage is nearer in meaning, because then the citation is a wrong one.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass

import numpy as np

from ingest.document import Passage
from ingest.index.index import Index, Scores
from ingest.index.store import Vectors
from ingest.windows import cut_windows
from rag.glossary import Glossary
from rag.rarity import Rarity
from rag.support.figures import without_figures
from rag.support.terms import terms_of

# Sentences that one written sentence may rest on: it condenses two, seldom three.
MOST_EVIDENCE = 3
# What one more must add of the sentence's weighted content.
_GAIN = 0.04
# What the nearest in meaning is worth where words do not tell.
_NEARNESS = 0.5
# Where one part of a sentence ends and another begins: what is between is a statement, a purpose, a place, a cause of its
# own.
_PARTS = re.compile(
    r"[,;:()]|\b(?:et|qui|dont|car|puisque|parce|pour|afin|grâce|par|avec|avant|après|pendant|lorsque|tandis|alors|sur|dans"
    r"|à la|and|who|which|for|thanks|by|with|after|on|in)\b",
    re.IGNORECASE,
)
# A part of fewer content words says nothing of its own.
_LEAST_PART = 2
# Words of a writer's frame, which no source need have.
_FRAME = frozenset(
    term
    for word in """selon exemple notamment ainsi également aussi enfin ensuite particulier publication brochure document guide
    source passage texte auteur indique souligne précise rappelle cite mentionne explique décrit recommande propose présente
    permettre permet faire concerner agir according example also especially mentions states recommends""".split()
    for term in terms_of(word)
)
_Content = tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """A passage that a sentence cites, by its number in the index, with what stands above it."""

    number: int
    passage: Passage
    title: str
    above: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """One sentence of a cited passage, verbatim with white space folded; `window` numbers it in the index."""

    cited: Cited
    window: int
    text: str
    terms: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a sentence that says something of its own, and the share of its content that the cited passages hold."""

    text: str
    held: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """The evidence, best first, and how it holds the sentence, each share weighted by rarity and in [0, 1].

    `coverage`: the share of its content that the cited passages hold; `parts`: the same of each of its parts; `elsewhere`: by
    how much a sentence of another passage is nearer in meaning (cosines; negative when none is).
    """

    evidence: tuple[Extract, ...]
    coverage: float
    parts: tuple[Part, ...]
    elsewhere: float


class Weigher:
    """Weighs sentences over one index. Thread-safe."""

    def __init__(
        self, index: Index, rarity: Rarity, glossary: Glossary, is_unsaid: Callable[[str], bool] = lambda _text: False
    ) -> None:
        """`is_unsaid` tells the sentences that no answer says, and that prove nothing either."""
        self._index = index
        self._is_unsaid = is_unsaid
        self._rarity = rarity
        self._glossary = glossary

    def weigh(self, sentence: str, vector: Vectors, cited: Sequence[Cited], *, english: bool) -> Weighed | None:
        """`vector` (d,) is the sentence's; of an English one the words that the glossary knows count. None without extracts."""
        content = self._content(sentence, english=english)
        extracts = self._said(cited)
        if not extracts:
            return None
        scores = self._index.window_scores(vector)
        own = np.array([float(scores[extract.window]) for extract in extracts])
        evidence = self._chosen(content, extracts, own)
        above = frozenset(term for one in cited for term in terms_of(one.above))
        everywhere = above.union(*(extract.terms for extract in extracts))
        return Weighed(
            evidence=tuple(evidence),
            coverage=self._share(content, everywhere),
            parts=tuple(self._parts(sentence, everywhere, english=english)),
            elsewhere=_nearer(scores, [extract.window for extract in extracts]),
        )

    def elsewhere(self, vector: Vectors, cited: Sequence[Cited]) -> float:
        """By how much a sentence of another passage is nearer to `vector` (d,) than one that is cited."""
        windows = [extract.window for extract in self._said(cited)]
        return _nearer(self._index.window_scores(vector), windows)

    def held(self, text: str, extracts: Sequence[Extract], *, english: bool) -> float:
        """The share of a text's content that these extracts hold, with what stands above them."""
        terms = frozenset(term for extract in extracts for term in (*extract.terms, *terms_of(extract.cited.above)))
        return self._share(self._content(text, english=english), terms)

    def _said(self, cited: Sequence[Cited]) -> list[Extract]:
        """The sentences of the cited passages that may be said."""
        return [extract for one in cited for extract in self._extracts(one) if not self._is_unsaid(extract.text)]

    def _content(self, text: str, *, english: bool) -> _Content:
        """Its terms in order, each with the forms that may stand for it; without the writer's frame."""
        if not english:
            words = without_figures(text)
            return tuple(frozenset({term}) for term in terms_of(words) if term not in _FRAME and len(term) > 1)
        french = (frozenset(t for form in forms for t in terms_of(form)) for forms in self._glossary.french(text))
        return tuple(forms for forms in french if forms)

    def _parts(self, sentence: str, held: Set[str], *, english: bool) -> Iterator[Part]:
        for part in _PARTS.split(sentence.replace("’", "'")):
            content = self._content(part, english=english)
            if len(content) >= _LEAST_PART:
                yield Part(text=part.strip(), held=self._share(content, held))

    def _extracts(self, cited: Cited) -> Iterator[Extract]:
        passage = cited.passage
        windows = self._index.windows_of(cited.number)
        for window, span in zip(windows, cut_windows(passage), strict=True):
            text = " ".join(passage.text[span.start - passage.start : span.end - passage.start].split())
            yield Extract(cited=cited, window=window, text=text, terms=frozenset(terms_of(text)))

    def _chosen(self, content: _Content, extracts: Sequence[Extract], own: np.ndarray) -> list[Extract]:
        """Greedily those that add most; for the first, nearness in meaning counts as well."""
        left = list(range(len(extracts)))
        chosen: list[Extract] = []
        held: frozenset[str] = frozenset()
        while left and len(chosen) < MOST_EVIDENCE:
            before = self._share(content, held)
            gains = {n: self._share(content, held | extracts[n].terms) - before for n in left}
            near = 0.0 if chosen else _NEARNESS
            best = max(left, key=lambda n: (gains[n] + near * float(own[n]), -n))
            if chosen and gains[best] < _GAIN:
                break
            left.remove(best)
            chosen.append(extracts[best])
            held |= extracts[best].terms
        return chosen

    def _share(self, content: _Content, held: Set[str]) -> float:
        weights = [self._rarity.of(min(forms, key=self._rarity.of)) for forms in content]
        total = math.fsum(weights)
        met = math.fsum(weight for weight, forms in zip(weights, content, strict=True) if not forms.isdisjoint(held))
        return met / total if total else 1.0


def _nearer(scores: Scores, windows: Sequence[int]) -> float:
    others = np.delete(scores, windows)
    return float(others.max() - scores[list(windows)].max()) if len(others) else -1.0
