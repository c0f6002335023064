"""Chosen sentences -> lines in the order in which they are read. Pure; refuses nothing.

The section of the best comes first; within one, publications in the order of their best, of each publication the parts (what
stands under one heading, an example) in the order of theirs, and each part as it tells. Before the best goes what is quoted of
the page on which the question was asked. What is from one place, or of one list, stands on one line, its introduction said
once. Where several publications are quoted, each is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ingest.document import BlockKind, Publication
from rag.compose.asked import FACTS, Asked
from rag.compose.differing import Differing
from rag.compose.draft import Line, Section
from rag.compose.fitness import Extract
from rag.compose.headings import Headings, capitalised, shortened
from rag.compose.leaning import is_lever
from rag.compose.stretches import Stretch, joined
from rag.phrases import Phrases

_ORDER = (Section.DIFFER, Section.DEFINITION, Section.LEVERS, Section.EXAMPLES, Section.IN_SHORT)
# What each further word costs, in logits, that a sentence must bring to be understood.
_WORD_COST = 0.02
# Words of a publication's title that name it among others.
_TITLE_WORDS = 6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Saying:
    """A chosen sentence with what it needs, and the section in which it is said."""

    extract: Extract
    stretches: tuple[Stretch, ...]
    section: Section

    @classmethod
    def of(cls, extract: Extract, asked: Asked, *, single: bool) -> Saying | None:
        """None when it cannot be made whole. `single`: it answers a fact on its own."""
        if asked is Asked.WHO and not extract.reader.may_be_said(extract.position):
            stretches: tuple[Stretch, ...] | None = extract.reader.signature(extract.position)
        else:
            stretches = extract.reader.whole(extract.position, single=single)
        return cls(extract=extract, stretches=stretches, section=_section(extract, asked)) if stretches else None

    @classmethod
    def alone(cls, extract: Extract, asked: Asked) -> Saying:
        """The sentence as it stands."""
        stretch = extract.reader.stretch(extract.position, extract.position)
        return cls(extract=extract, stretches=(stretch,), section=_section(extract, asked))

    @property
    def words(self) -> int:
        """How many are quoted."""
        return sum(stretch.words for stretch in self.stretches)

    @property
    def weight(self) -> float:
        """The sentence's, less what the words cost that it must bring."""
        return self.extract.weight - _WORD_COST * max(0, self.words - len(self.extract.text.split()))

    @property
    def publication(self) -> str:
        """The id of its publication."""
        return self.extract.ranked.passage.publication_id

    @property
    def part(self) -> tuple[str, tuple[str, ...], str | None]:
        """Its publication and the heading or example that it stands under."""
        passage = self.extract.ranked.passage
        return passage.publication_id, passage.headings, passage.title

    def can_be_told_beside(self, other: Saying) -> bool:
        """Whether nothing is quoted twice: they share no words, or stand on one line, and neither holds the other."""
        if not _overlap(self.stretches, other.stretches):
            return True
        ours, theirs = ({(one.passage.id, *one.span) for one in saying.stretches} for saying in (self, other))
        return self.section is other.section and not ours <= theirs and not theirs <= ours

    @property
    def is_item(self) -> bool:
        """Whether it is an item of a list that a heading introduces."""
        return len(self.stretches) == 1 and self.extract.reader.is_item(self.extract.position)


def arranged(
    chosen: Sequence[Saying],
    differ: Differing | None,
    publications: Mapping[str, Publication],
    headings: Headings,
    phrases: Phrases,
) -> tuple[Line, ...]:
    """The lines; `chosen` is best first."""
    apart = {id(differ.newer), id(differ.older)} if differ else set()
    sections = {id(s): Section.DIFFER if id(s.extract) in apart else s.section for s in chosen}
    several = len({saying.publication for saying in chosen}) > 1
    # What is said by the page on which the question was asked goes first; of what differs the newer.
    led = sorted(chosen, key=lambda saying: not saying.extract.ranked.on_page)
    order, chosen_order = ([saying.publication for saying in one] for one in (led, chosen))
    parts = [saying.part for saying in chosen]
    leading = sections[id(led[0])] if led else None

    def place(saying: Saying) -> tuple[bool, int, int, int, int]:
        section = sections[id(saying)]
        return (
            section is not leading,
            _ORDER.index(section),
            (chosen_order if section is Section.DIFFER else order).index(saying.publication),
            parts.index(saying.part),
            saying.stretches[-1].span.start if section is not Section.DIFFER else 0,
        )

    lines: list[Line] = []
    for saying in sorted(chosen, key=place):
        source = phrases_source(publications[saying.publication], phrases) if several else ""
        there = _place(saying, headings)
        titled = bool(source) and there.casefold() in _begin_of_title(publications[saying.publication]).casefold()
        where = ", ".join(filter(None, (source, "" if titled else there)))
        line = Line(section=sections[id(saying)], place=where, stretches=saying.stretches)
        said = next((n for n, other in enumerate(lines) if _overlap(other.stretches, line.stretches)), len(lines) - 1)
        if lines and _belong_together(lines[said], line):
            together = joined((*lines[said].stretches, *line.stretches))
            lines[said] = Line(section=line.section, place=lines[said].place, stretches=together)
        else:
            lines.append(line)
    return tuple(lines)


def phrases_source(publication: Publication, phrases: Phrases) -> str:
    """How a publication is named in a line: the beginning of its title, who published it and when."""
    return phrases.source(_begin_of_title(publication), publication.publisher, (publication.date or "")[:4])


def _begin_of_title(publication: Publication) -> str:
    return shortened(publication.title, _TITLE_WORDS)


def _belong_together(before: Line, line: Line) -> bool:
    if before.section is not line.section or before.place != line.place:
        return False
    same_source = before.stretches[0].passage.publication_id == line.stretches[0].passage.publication_id
    return same_source and (bool(line.place) or _overlap(before.stretches, line.stretches))


def _overlap(ours: Iterable[Stretch], theirs: Sequence[Stretch]) -> bool:
    return any(one.passage.id == other.passage.id and one.span.overlaps(other.span) for one in ours for other in theirs)


def _section(extract: Extract, asked: Asked) -> Section:
    if asked in FACTS:
        return Section.IN_SHORT
    if asked is Asked.DEFINITION and extract.tells:
        return Section.DEFINITION
    if extract.reader.passage.kind is BlockKind.EXAMPLE:
        return Section.EXAMPLES
    lever = is_lever(extract.text) or (asked is Asked.HOW_TO and extract.reader.is_item(extract.position))
    return Section.LEVERS if lever else Section.IN_SHORT


def _place(saying: Saying, headings: Headings) -> str:
    """The example's title, or the heading above an item, unless the sentence begins with it."""
    passage = saying.extract.reader.passage
    if passage.kind is BlockKind.EXAMPLE:
        title = (passage.title or "").rstrip("… ")
        return "" if _begins_with(saying.stretches, title) else capitalised(title)
    return headings.spoken(passage.headings) if saying.is_item else ""


def _begins_with(stretches: Iterable[Stretch], title: str) -> bool:
    return any(title in stretch.text[: len(title) + 20] for stretch in stretches)
