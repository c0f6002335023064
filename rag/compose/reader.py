"""Passages -> what of them may be quoted, and what must be quoted with it to be understood.

A sentence that leans on the one before it ("Il est complété par…", "Dans ce cadre…") brings it; an item of a list brings the
sentence that introduces the list, a row of a table its header, wherever these stand; a sentence that announces ("… :") brings
what it announces, one that opens or closes a quotation the rest of it. What cannot be made whole within `MAX_STRETCH_WORDS` is
not said (None), and so are bare titles, doubtful words and what is `Unsaid`, be it with others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from ingest.document import BlockKind, Passage, Span
from ingest.windows import cut_windows
from rag.compose.boilerplate import announces, tells_nothing
from rag.compose.guillemets import left_open
from rag.compose.leaning import is_lever, leans
from rag.compose.stretches import Stretch, words_of

MAX_STRETCH_WORDS = 100
# Fewest words that say something on their own; up to how many a line without a full stop may be a bare title; most words of an
# introduction that is worth repeating; how many sentences back a noun may stand; how many items follow what announces them.
_MIN_WORDS, _TITLE_WORDS, _INTRODUCTION_WORDS, _BACK, _ITEMS = 6, 8, 40, 2, 4
# Fewest words of a sentence that tells the very thing asked for ("Elle compte 1 362 quartiers.").
_MIN_WORDS_TOLD = 3
# How many passages back the introduction of a list that was cut may stand.
_PASSAGES_BACK = 4

_BULLET = re.compile(r"(?:^|\n|[.;:!?]\s)\s*(?:[•●▪◦‣*–—-]|\d{1,2}[.)])\s*$")
_ENDS = re.compile(r"[.!?…)\]»”\"]$")


class Reader:
    """One passage, sentence by sentence; `before` are the passages before it in its publication, nearest first.

    `is_unsaid` tells the sentences that are never said.
    """

    def __init__(self, passage: Passage, before: Sequence[Passage], is_unsaid: Callable[[str], bool]) -> None:
        self.passage = passage
        self._before = before[:_PASSAGES_BACK]
        self._is_unsaid = is_unsaid
        self.spans = cut_windows(passage) if passage.sentences else ()
        self._texts = tuple(words_of(passage, span) for span in self.spans)

    def may_be_said(self, position: int, *, told: bool = False, bare: bool = False) -> bool:
        """Whether the sentence at `position` says something of its subject: no bare title, no doubtful word, nothing unsaid.

        `told`: it tells what was asked for, for which few words are enough; `bare`: so does a name without a sentence.
        """
        text = self._texts[position]
        words = len(text.split())
        if not self._is_sound(position, position) or self._is_header(position):
            return False
        if bare:
            return True
        title = words <= _TITLE_WORDS and not _ENDS.search(text) and not is_lever(text)
        enough = words >= _MIN_WORDS or (told and words >= _MIN_WORDS_TOLD and text.endswith("."))
        return enough and (self.is_item(position) or not title)

    def is_item(self, position: int) -> bool:
        """Whether it is an item of a list, or goes on with one."""
        start = self.spans[position].start - self.passage.start
        if _BULLET.search(self.passage.text[max(0, start - 12) : start]):
            return True
        return self.passage.kind is BlockKind.LIST_ITEM and self._opens_line(position) and not self._announces(position)

    def whole(self, position: int, *, single: bool = False) -> tuple[Stretch, ...] | None:
        """The sentence at `position` with what it needs, in reading order.

        `single`: it answers a fact on its own, so it goes without what it announces where it says something beside that.
        """
        needs = self._needs(position)
        if needs is None:
            return None
        (first, lead), last = needs, position
        alone = single and self._announces(position) and not tells_nothing(self._texts[position])
        if self._announces(position) and not alone:
            last = self._announced(position)
            if last == position:
                return None
        if self.passage.title and last == position and self._is_doubtful(first, position - 1):
            first, lead = position, ()  # the title under which an example is quoted names what it tells of
        quotation = self._quotation(first, last)
        if quotation is None or not self._is_sound(*quotation):
            return None
        if quotation[0] < first:
            lead = ()  # it begins where the quotation does
        said = (*lead, *self._stretches(range(quotation[0], quotation[1] + 1)))
        if sum(stretch.words for stretch in said) > MAX_STRETCH_WORDS:
            return None
        return (*said[:-1], replace(said[-1], text=said[-1].text.rstrip(" :"))) if alone else said

    def _needs(self, position: int) -> tuple[int, tuple[Stretch, ...]] | None:
        """From which sentence on the one at `position` is understood, and what from elsewhere goes before; None if unknown."""
        if self._is_row(position):
            header = self._header()
            return (position, header) if header else None
        if self.is_item(position):
            return position, self._introduction(position)
        return self._noun(position) if leans(self._texts[position]) else (position, ())

    def signature(self, position: int) -> tuple[Stretch, ...]:
        """Lines without a full stop around `position` that stand together: a name and what its bearer is."""
        near = (n for n in (position - 1, position, position + 1) if 0 <= n < len(self.spans))
        alone = [n for n in near if self._is_bare(n) and self._is_sound(n, n)]
        together = [n for n in alone if n == position or self._joined(min(n, position), max(n, position))]
        return (self.stretch(together[0], together[-1]),) if together else ()

    def text(self, position: int) -> str:
        """The words of the sentence."""
        return self._texts[position]

    def leans(self, position: int) -> bool:
        """Whether the sentence needs the one before it."""
        return leans(self._texts[position])

    def is_listed(self, position: int) -> bool:
        """Whether it is an item of a list or a row of a table: what it brings introduces it, and is not its subject."""
        return self.is_item(position) or self._is_row(position)

    def is_whole(self, position: int) -> bool:
        """Whether nothing need follow it or go before: it announces nothing, and closes the quotations that it opens."""
        return not self._announces(position) and not any(left_open(self._texts[position]))

    def _is_sound(self, first: int, last: int) -> bool:
        """Whether none of the sentences is doubtful or unsaid."""
        unsaid = any(self._is_unsaid(self._texts[n]) for n in range(first, last + 1))
        return not unsaid and not self._is_doubtful(first, last)

    def _is_doubtful(self, first: int, last: int) -> bool:
        return any(self.spans[n].overlaps(d) for n in range(first, last + 1) for d in self.passage.doubtful)

    def _is_bare(self, position: int) -> bool:
        return len(self._texts[position].split()) <= _TITLE_WORDS and not re.search(r"[.!?:;,]$", self._texts[position])

    def _joined(self, left: int, right: int) -> bool:
        gap = self.passage.text[
            self.spans[left].end - self.passage.start : self.spans[right].start - self.passage.start
        ]
        return not gap.strip() and gap.count("\n") <= 1

    def _opens_line(self, position: int) -> bool:
        before = self.passage.text[: self.spans[position].start - self.passage.start].rstrip(" \t")
        return not before or before.endswith("\n")

    def _announces(self, position: int) -> bool:
        return announces(self._texts[position])

    def _is_row(self, position: int) -> bool:
        return self.passage.kind is BlockKind.TABLE and not self._is_header(position)

    def _is_header(self, position: int) -> bool:
        return self.passage.kind is BlockKind.TABLE and position == 0 and not self.passage.context

    def _header(self) -> tuple[Stretch, ...]:
        return self._elsewhere(self.passage.context) if self.passage.context else (self.stretch(0, 0),)

    def _introduction(self, position: int) -> tuple[Stretch, ...]:
        """The sentence that introduces the list, from where it stands; nothing when a heading does."""
        for before in range(position - 1, -1, -1):
            if self._announces(before):
                short = len(self._texts[before].split()) <= _INTRODUCTION_WORDS
                return (self.stretch(before, before),) if short and self._is_sound(before, before) else ()
            if not self.is_item(before) and self._opens_line(before):
                return ()
        context = self.passage.context
        return self._elsewhere(context) if announces(" ".join(context.split())) else ()

    def _elsewhere(self, words: str) -> tuple[Stretch, ...]:
        """`words` as they stand in a passage before this one; nothing when they cannot be quoted from there."""
        if len(words.split()) > _INTRODUCTION_WORDS or self._is_unsaid(" ".join(words.split())):
            return ()
        for passage in self._before:
            start = passage.text.find(words) + passage.start
            span = Span(start, start + len(words))
            if start >= passage.start and not any(span.overlaps(doubtful) for doubtful in passage.doubtful):
                return (Stretch(passage=passage, span=span, text=words_of(passage, span)),)
        return ()

    def _noun(self, position: int) -> tuple[int, tuple[Stretch, ...]] | None:
        """The first sentence from which the one at `position` is understood, and what of the passage before goes with it."""
        first = position
        while first > 0 and position - first < _BACK and leans(self._texts[first]):
            first -= 1
        if not leans(self._texts[first]):
            return first, ()
        before = self._last_of_before() if first == 0 else ()
        return (first, before) if before else None

    def _last_of_before(self) -> tuple[Stretch, ...]:
        """The last sentence of the passage before, where that tells the same text and leans on nothing."""
        if not self._before:
            return ()
        passage = self._before[0]
        alike = (passage.kind, passage.title, passage.headings) == (
            self.passage.kind,
            self.passage.title,
            self.passage.headings,
        )
        reader = Reader(passage, (), self._is_unsaid)
        last = len(reader.spans) - 1
        if (
            not alike
            or last < 0
            or leans(reader.text(last))
            or not (reader.may_be_said(last) and reader.is_whole(last))
        ):
            return ()
        return (reader.stretch(last, last),)

    def _quotation(self, first: int, last: int) -> tuple[int, int] | None:
        """From where to where the quotations that the sentences from `first` to `last` open or close reach; None if unknown."""
        opened, closed = left_open(" ".join(self._texts[first : last + 1]))
        while closed and first > 0:
            first -= 1
            opened, closed = left_open(" ".join(self._texts[first : last + 1]))
        while opened and last + 1 < len(self.spans):
            last += 1
            opened, closed = left_open(" ".join(self._texts[first : last + 1]))
        return None if opened or closed else (first, last)

    def _announced(self, position: int) -> int:
        """The last sentence of what the one at `position` announces, as far as that fits; itself when nothing does."""
        last = position
        words = len(self._texts[position].split())
        for after in range(position + 1, len(self.spans)):
            words += len(self._texts[after].split())
            enough = last > position and not self.is_item(after)
            if words > MAX_STRETCH_WORDS or enough or after - position > _ITEMS:
                break
            last = after
        return last

    def _stretches(self, positions: range) -> Iterator[Stretch]:
        """The sentences, those that stand on one line put together."""
        first = positions.start
        for position in positions:
            after = position + 1
            gap = (
                self.passage.text[
                    self.spans[position].end - self.passage.start : self.spans[after].start - self.passage.start
                ]
                if after in positions
                else "\n"
            )
            if gap.strip() or "\n" in gap:
                yield self.stretch(first, position)
                first = after

    def stretch(self, first: int, last: int) -> Stretch:
        """The sentences from `first` to `last` as they stand, whatever they need."""
        span = Span(self.spans[first].start, self.spans[last].end)
        return Stretch(passage=self.passage, span=span, text=words_of(self.passage, span))
