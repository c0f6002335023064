"""What an answer will say: lines of verbatim stretches under headings, and its own phrases around them.

A draft is verified before it is shown; `text` writes what of it held. In words of an answer everything counts that is printed,
headings and guillemets too; marks of citations do not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from rag.answer import Sentence
from rag.compose.stretches import Stretch
from rag.phrases import Phrases
from rag.verify import Claim, DraftSentence, Verified

# Words of an answer, and of a detailed one. Issue: "at most 150 words by default, plus de détails for more".
MAX_WORDS, MAX_WORDS_DETAILED = 150, 400


class Section(StrEnum):
    """Under which heading a line stands."""

    DEFINITION = "definition"
    IN_SHORT = "in_short"
    LEVERS = "levers"
    EXAMPLES = "examples"
    DIFFER = "differ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One item of an answer: where it is from (a frame, may be empty), and what is quoted, in order."""

    section: Section
    place: str
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Lines in the order in which they are said, those of one section together. `notes` stand below.

    `differ` introduces lines of `Section.DIFFER`. `more`: a detailed draft would say more.
    """

    lines: tuple[Line, ...]
    differ: str = ""
    notes: tuple[str, ...] = ()
    more: bool = False

    @property
    def sentences(self) -> tuple[DraftSentence, ...]:
        """Every stretch with its claim, in order."""
        return tuple(
            DraftSentence(text=stretch.text, claims=(Claim(passage_id=stretch.passage.id, quote=stretch.text),))
            for line in self.lines
            for stretch in line.stretches
        )

    def text(self, verified: Verified, phrases: Phrases) -> str:
        """The answer as plain text: what was verified, in guillemets with its marks, under the headings of its sections."""
        return self._written(dict(zip(verified.kept, verified.sentences, strict=True)), phrases)

    def words(self, phrases: Phrases) -> int:
        """How many words the answer will have."""
        every = {n: Sentence(text=said.text, citations=()) for n, said in enumerate(self.sentences)}
        return len(self._written(every, phrases).split())

    def _written(self, said: dict[int, Sentence], phrases: Phrases) -> str:
        lines = list(self._lines(said))
        titled = len(lines) > 1 or any(line.section is Section.DEFINITION for line, _ in lines)
        written: list[str] = []
        for section, group in groupby(lines, key=lambda pair: pair[0].section):
            heading = self._heading(section, phrases, first=not written)
            if heading and (titled or section is Section.DIFFER):
                written += ["", heading] if written else [heading]
            written += [
                phrases.quotation(line.place, [(sentence.text, sentence.citations) for sentence in sentences])
                for line, sentences in group
            ]
        return "\n".join([*written, *(["", *self.notes] if self.notes else [])])

    def _lines(self, said: dict[int, Sentence]) -> Iterator[tuple[Line, list[Sentence]]]:
        number = 0
        for line in self.lines:
            sentences = [said[n] for n in range(number, number + len(line.stretches)) if n in said]
            number += len(line.stretches)
            if sentences:
                yield line, sentences

    def _heading(self, section: Section, phrases: Phrases, *, first: bool) -> str:
        if section is Section.DIFFER:
            return self.differ
        if section is Section.IN_SHORT and not first:
            return phrases.also  # what comes after the rest is no summary of it
        headings = {
            Section.DEFINITION: phrases.definition,
            Section.IN_SHORT: phrases.in_short,
            Section.LEVERS: phrases.levers,
            Section.EXAMPLES: phrases.examples,
        }
        return headings[section]
