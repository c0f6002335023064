"""Words that stand together in a passage, as they are quoted; those that touch are put together. Pure; refuses nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ingest.document import Passage, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Words that stand together in a passage: `text` is the document's text[span], white space folded, end trimmed."""

    passage: Passage
    span: Span
    text: str

    @property
    def words(self) -> int:
        """How many."""
        return len(self.text.split())


def joined(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """In the order of their text, those of one passage that overlap or follow each other on one line put together."""
    together: list[Stretch] = []
    for stretch in sorted(stretches, key=lambda stretch: (stretch.span, stretch.passage.id)):
        last = together[-1] if together else None
        if last is not None and last.passage.id == stretch.passage.id and _touch(last, stretch):
            span = Span(last.span.start, max(last.span.end, stretch.span.end))
            together[-1] = Stretch(passage=last.passage, span=span, text=words_of(last.passage, span))
        else:
            together.append(stretch)
    return tuple(together)


def _touch(left: Stretch, right: Stretch) -> bool:
    passage = left.passage
    gap = passage.text[max(0, left.span.end - passage.start) : max(0, right.span.start - passage.start)]
    return left.span.end >= right.span.start or not (gap.strip() or "\n" in gap)


def words_of(passage: Passage, span: Span) -> str:
    """What stands there as it is quoted: white space folded, without what hangs at the end."""
    words = " ".join(passage.text[span.start - passage.start : span.end - passage.start].split())
    return re.sub(r"(?:[\s,;]+(?:et|ou))?[\s,;]+$", "", words)
