"""Ranking -> sentences with their weight: how well each fits the question. Pure; refuses nothing.

The weight is a linear model over `rag.compose.traits`, kept as a small readable file, `rag/compose/fitness.json`. `python -m
evals calibrate` writes it from the questions marked `dev`: of all sentences that were found for a question, those that hold its
evidence should weigh most (a listwise softmax, so weights are logits: one more is e times as likely). Refused: a file whose
traits are not those of the code (ValueError).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from ingest.document import Passage
from ingest.index.index import Index
from ingest.windows import cut_windows
from rag.compose.asked import Asked, tells
from rag.compose.reader import Reader
from rag.compose.traits import TRAITS, Best, Found, Traits, Wanted, terms_of, traits_of
from rag.retrieval import Ranked, Ranking

MODEL_FILE = Path(__file__).with_name("fitness.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitness:
    """Weight of a sentence = sum of weight * trait."""

    weights: tuple[float, ...]
    fitted_on: str
    traits: tuple[str, ...] = TRAITS

    @classmethod
    def load(cls, path: Path = MODEL_FILE) -> Fitness:
        """Raises ValueError when the file does not fit the code."""
        row = json.loads(path.read_text(encoding="utf-8"))
        model = cls(weights=tuple(row["weights"]), traits=tuple(row["traits"]), fitted_on=row["fitted_on"])
        if model.traits != TRAITS or len(model.weights) != len(TRAITS):
            raise ValueError(f"{path}: traits are {model.traits}, expected {TRAITS} (run: python -m evals calibrate)")
        return model

    def save(self, path: Path = MODEL_FILE) -> None:
        """Write the model so that a person can read it."""
        path.write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")

    def weight(self, traits: Traits) -> float:
        """In logits; only differences within one question mean anything."""
        return sum(weight * value for weight, value in zip(self.weights, traits.vector(), strict=True))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Extract:
    """A sentence that may be said: where it stands, its terms, whether it tells what was asked, its traits and weight."""

    reader: Reader
    position: int
    ranked: Ranked
    text: str
    terms: frozenset[str]
    tells: bool
    traits: Traits
    weight: float

    @property
    def order(self) -> tuple[float, str, int]:
        """Best first; ties in the order of the text."""
        return (-self.weight, self.ranked.passage.id, self.position)


@cache
def default_fitness() -> Fitness:
    """The fitted one of the repository. Raises ValueError when it does not fit the code."""
    return Fitness.load()


class Weigher:
    """Weighs the sentences of what was found for one question, its `ranking`."""

    def __init__(
        self, wanted: Wanted, ranking: Ranking, index: Index, fitness: Fitness, is_unsaid: Callable[[str], bool]
    ) -> None:
        self._wanted = wanted
        self.ranking = ranking
        self._index = index
        self._fitness = fitness
        self._is_unsaid = is_unsaid
        self._found = {ranked.number: self._one(ranked) for ranked in ranking.results}
        self._best = Best.of(list(self._found.values()))

    def all(self) -> list[Extract]:
        """Every sentence of the passages found that may be said, best first."""
        found = (extract for one in self._found.values() for extract in self._extracts(one))
        return sorted(found, key=lambda extract: extract.order)

    def of(self, ranked: Ranked) -> list[Extract]:
        """Those of one passage, which may be one from elsewhere than asked, best first."""
        found = self._found.get(ranked.number) or self._one(ranked)
        return sorted(self._extracts(found), key=lambda extract: extract.order)

    def _one(self, ranked: Ranked) -> Found:
        reader = reader_of(ranked, self._index, self._is_unsaid)
        return Found(reader=reader, ranked=ranked, cosines=sentence_cosines(ranked, self.ranking, self._index))

    def _extracts(self, one: Found) -> Iterator[Extract]:
        wanted = self._wanted
        for position in range(len(one.reader.spans)):
            text = one.reader.text(position)
            told = tells(wanted.asked, wanted.question, text)
            if not one.reader.may_be_said(position, told=told, bare=told and wanted.asked is Asked.WHO):
                continue
            traits = traits_of(wanted, one, position, self._best, tells=told)
            yield Extract(
                reader=one.reader,
                position=position,
                ranked=one.ranked,
                text=text,
                terms=terms_of(text),
                tells=told,
                traits=traits,
                weight=self._fitness.weight(traits),
            )


def reader_of(ranked: Ranked, index: Index, is_unsaid: Callable[[str], bool]) -> Reader:
    """Who reads a passage that was found, with those before it in its publication."""
    return Reader(ranked.passage, _before(index, ranked), is_unsaid)


def sentence_cosines(ranked: Ranked, ranking: Ranking, index: Index) -> list[float]:
    """One for each sentence of the passage: that of its window, or of the whole passage where that is the only window."""
    scores = [float(ranking.window_scores[number]) for number in index.windows_of(ranked.number)]
    sentences = len(cut_windows(ranked.passage))
    return scores if len(scores) == sentences else [max(scores)] * sentences


def _before(index: Index, ranked: Ranked) -> Sequence[Passage]:
    start = ranked.number
    before = reversed(index.passages[max(0, start - 4) : start])
    return [passage for passage in before if passage.publication_id == ranked.passage.publication_id]
