"""A sentence of a passage found -> the few numbers from which its fitness to the question is judged. Pure; refuses nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import lru_cache

from ingest.document import BlockKind
from ingest.index.analyser import analyse
from rag.answer_type import replies_in_form
from rag.compose.asked import FACTS, Asked
from rag.compose.leaning import is_lever, prescribes
from rag.compose.reader import Reader
from rag.rarity import Rarity
from rag.retrieval import Ranked

# Cosines of one model lie within a tenth of each other: differences count in units of this.
_COSINE = 0.05
# Below so many words a sentence says little.
_SHORT = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What speaks for saying a sentence, and what against.

    `near`, `passage_near`: its cosine with the question, and that of its whole passage, less the best of all found, in units of
    0.05, so never above 0; `fused`: its passage's fused score less the best one; `follows`: how much nearer the sentence before
    it is, in the same units as `near`. `terms`: the weighted share of the question's terms that it holds, in [0, 1]; `above`:
    what its headings, its example's title and the sentence that it leans on add to that. `in_form`: a figure is asked for and
    it gives one of that kind; `tells`: a fact is asked for and it has what tells one; `defines`: it is the definition asked
    for; `acts`: ways are asked for and it is one; `prescribes`: it is asked how, and it says what one has to do; `example`: an
    example is asked for and it is of one. `short`: 1 for no words, 0 from 12 on. `asks`: it asks back ("Et pourquoi pas…?").
    """

    near: float
    passage_near: float
    fused: float
    terms: float
    above: float
    in_form: bool
    tells: bool
    defines: bool
    acts: bool
    prescribes: bool
    follows: float
    example: bool
    short: float
    asks: bool

    def vector(self) -> tuple[float, ...]:
        """The numbers in the order of `TRAITS`."""
        return tuple(float(getattr(self, name)) for name in TRAITS)


TRAITS = tuple(field.name for field in fields(Traits))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Found:
    """A passage that was found, and the cosine of each of its sentences with the question."""

    reader: Reader
    ranked: Ranked
    cosines: Sequence[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Best:
    """The best cosine of a sentence, of a passage, and the best fused score of all that was found."""

    sentence: float
    passage: float
    fused: float

    @classmethod
    def of(cls, found: Sequence[Found]) -> Best:
        """0 of nothing."""
        return cls(
            sentence=max((cosine for one in found for cosine in one.cosines), default=0.0),
            passage=max((one.ranked.dense for one in found), default=0.0),
            fused=max((one.ranked.score for one in found), default=0.0),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a sentence is held against: the question, the kind of sentence it calls for, its terms and how rare they are."""

    question: str
    asked: Asked
    terms: frozenset[str]
    rarity: Rarity


def traits_of(wanted: Wanted, found: Found, position: int, best: Best, *, tells: bool) -> Traits:
    """The traits of the sentence at `position`."""
    reader, ranked, asked = found.reader, found.ranked, wanted.asked
    text = reader.text(position)
    cosine, before = found.cosines[position], found.cosines[max(0, position - 1)]
    held = terms_of(text)
    terms = wanted.rarity.share(wanted.terms, held)
    return Traits(
        near=(cosine - best.sentence) / _COSINE,
        passage_near=(ranked.dense - best.passage) / _COSINE,
        fused=ranked.score - best.fused,
        terms=terms,
        above=wanted.rarity.share(wanted.terms, held | _context(reader, position)) - terms,
        in_form=asked is Asked.FIGURE and replies_in_form(wanted.question, text),
        tells=tells and asked in FACTS,
        defines=tells and asked is Asked.DEFINITION,
        acts=asked in {Asked.HOW_TO, Asked.GENERAL} and (reader.is_item(position) or is_lever(text)),
        prescribes=asked is Asked.HOW_TO and prescribes(text),
        follows=max(0.0, (before - cosine) / _COSINE),
        example=asked is Asked.EXAMPLE and reader.passage.kind is BlockKind.EXAMPLE,
        short=max(0.0, 1 - len(text.split()) / _SHORT),
        asks=text.endswith("?"),
    )


@lru_cache(maxsize=8192)
def terms_of(text: str) -> frozenset[str]:
    """Each heading and each neighbour is asked for several times in one answer."""
    return frozenset(analyse(text))


def _context(reader: Reader, position: int) -> frozenset[str]:
    """What a sentence is about without saying it: its headings, its example's title, the sentence it leans on."""
    passage = reader.passage
    before = reader.text(position - 1) if position > 0 and reader.leans(position) else ""
    return terms_of(" ".join((*passage.headings, passage.title or ""))) | terms_of(before)
