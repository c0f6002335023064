"""An editor marks what answers a question: sentences of the passages found, or segments pasted.

In: the passages found, best first. Out: the evidence, each segment verbatim, 6 to 40 words, unique in its publication; none
when nothing answers. What does not fit is said, and asked again.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Collection, Sequence

from evals.add import texts
from evals.add.desk import Desk
from evals.add.terminal import Terminal, Unfit, number_in
from evals.questions import Evidence
from ingest.document import Passage, Span
from ingest.windows import cut_windows

# Passages shown at a time; characters of each; columns of a line.
_SHOWN = 8
_EXCERPT = 280
_WIDTH = 110
_RANGE = re.compile(r"[0-9]+(?:-[0-9]+)?")


class Marking:
    """One round of marking; what is marked stays when the editor comes back."""

    def __init__(
        self, terminal: Terminal, desk: Desk, passages: Sequence[Passage], *, cited: Collection[str] = ()
    ) -> None:
        """`cited` are the ids of passages that the answer quotes."""
        self._cited = cited
        self._terminal = terminal
        self._desk = desk
        self._passages = passages
        self._shown = 0
        self._evidence: list[Evidence] = []

    def evidence(self) -> tuple[Evidence, ...]:
        """What the editor marks until an empty line: nothing, or with something that answers among it."""
        if not self._shown:
            self._show_more()
        self._terminal.say(texts.EVIDENCE_HELP)
        while self._terminal.read(texts.EVIDENCE, self._step):
            pass
        return tuple(self._evidence)

    def _step(self, line: str) -> bool:
        """Do what the line says; whether there is more to come."""
        if not line:
            if self._evidence and all(one.grade < 2 for one in self._evidence):
                raise Unfit(texts.NEEDS_AN_ANSWER)
            return False
        if line.casefold() == "s":
            self._show_more()
        elif line == "-":
            self._remove()
        elif line.isdigit():
            self._mark_sentences(self._passages[number_in(line, len(self._passages)) - 1])
        else:
            self._mark(*self._pasted(line))
        return True

    def _show_more(self) -> None:
        shown = self._passages[self._shown : self._shown + _SHOWN]
        if not shown:
            self._terminal.say(texts.NO_MORE if self._passages else texts.NO_PASSAGE)
            return
        if not self._shown:
            self._terminal.say(texts.PASSAGES)
        for number, passage in enumerate(shown, start=self._shown + 1):
            excerpt = textwrap.shorten(passage.text, _EXCERPT, placeholder=" […]")
            cited = texts.CITED * (passage.id in self._cited)
            self._terminal.say(f"{number:3}. {self._desk.place(passage.publication_id, passage.page)}{cited}")
            self._terminal.say(_wrapped(excerpt, "     "))
        self._shown += len(shown)

    def _remove(self) -> None:
        if not self._evidence:
            raise Unfit(texts.NOTHING_TO_REMOVE)
        self._terminal.say(texts.removed(self._evidence.pop().segment))

    def _mark_sentences(self, passage: Passage) -> None:
        spans = cut_windows(passage)
        for number, span in enumerate(spans, start=1):
            self._terminal.say(_wrapped(self._desk.stretch(passage.publication_id, span), f"  {number:2}) "))
        chosen = self._terminal.read(texts.SENTENCES, lambda line: self._chosen(line, spans, passage.publication_id))
        for span in chosen:
            self._mark(passage.publication_id, span)

    def _chosen(self, line: str, spans: Sequence[Span], publication: str) -> list[Span]:
        """A stretch for each number and each range; all of them fit."""
        chosen = []
        for part in line.replace(",", " ").split():
            if not _RANGE.fullmatch(part):
                raise Unfit(texts.expected_number(part, len(spans)))
            numbers = [number_in(number, len(spans)) for number in part.split("-")]
            chosen.append(Span(spans[min(numbers) - 1].start, spans[max(numbers) - 1].end))
        for span in chosen:
            self._refuse_unfit(publication, span)
        return list(dict.fromkeys(chosen))

    def _pasted(self, segment: str) -> tuple[str, Span]:
        """The publication that holds the segment, and where."""
        _refuse_length(segment)
        holding = self._desk.holding(segment)
        if not holding:
            raise Unfit(texts.stands(0))
        publication = next(iter(holding))
        if len(holding) > 1:
            options = [(name, self._desk.place(name, self._desk.page_of(name, at[0]))) for name, at in holding.items()]
            publication = self._terminal.choose(texts.WHICH_PUBLICATION, options)
        span = holding[publication][0]
        self._refuse_unfit(publication, span)
        return publication, span

    def _refuse_unfit(self, publication: str, span: Span) -> None:
        segment = self._desk.stretch(publication, span)
        _refuse_length(segment)
        times = len(self._desk.sources[publication].text.find_all(segment))
        if times != 1:
            raise Unfit(texts.stands(times))
        if any((one.publication, one.segment) == (publication, segment) for one in self._evidence):
            raise Unfit(texts.ALREADY_MARKED)

    def _mark(self, publication: str, span: Span) -> None:
        segment, page = self._desk.stretch(publication, span), self._desk.page_of(publication, span)
        self._terminal.say(texts.kept(segment, self._desk.place(publication, page)))
        grade = self._terminal.read(texts.GRADE, _grade)
        self._evidence.append(Evidence(publication=publication, page=page, segment=segment, grade=grade))


def _refuse_length(segment: str) -> None:
    """The bounds are the schema's."""
    words = len(segment.split())
    if not 6 <= words <= 40:
        raise Unfit(texts.words_expected(words))


def _grade(line: str) -> int:
    if line not in {"", "1", "2"}:
        raise Unfit(texts.GRADES)
    return int(line or 2)


def _wrapped(text: str, indent: str) -> str:
    return textwrap.fill(text, _WIDTH, initial_indent=indent, subsequent_indent=" " * len(indent))
