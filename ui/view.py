"""A publication and what an address asks of it -> what is shown: which leaves, and which stretches marked. Pure.

Nothing is refused: offsets that mark nothing, or a passage that is no longer in the text, leave the page as it is.
"""

from __future__ import annotations

from dataclasses import dataclass

from ingest.document import Span
from ui.library import Leaf, Source
from ui.permalink import Permalink, Place
from ui.seal import SealedText, seal_of

# A quotation runs over a page break, not over a chapter: who asks for more gets the beginning.
_MOST_LEAVES = 3
_MOST_SEALED = 100_000  # code points; a seal has no room for more


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Neighbouring leaves (by place, `first` to `last`), the quotation marked in them, and the others of the same answer.

    `moved`: a quotation was asked for, and is not in the text, or no longer.
    """

    first: int
    last: int
    quotation: Span | None = None
    also: tuple[Span, ...] = ()
    moved: bool = False

    def leaves(self, source: Source) -> tuple[Leaf, ...]:
        """The leaves that are shown."""
        return source.leaves[self.first : self.last + 1]


def view_of(source: Source, link: Permalink) -> View:
    """The quotation where it stands now; else the page asked for; else the first leaf."""
    sealed = SealedText(source.document.text)
    quotation = _located(sealed, link.quotation) if link.quotation else None
    if quotation is None:
        first = last = next((place for place, leaf in enumerate(source.leaves) if leaf.number == link.page), 0)
    else:
        first = _leaf_at(source, quotation.start)
        last = min(_leaf_at(source, quotation.end - 1), first + _MOST_LEAVES - 1)
    shown = Span(source.leaves[first].start, source.leaves[last].end)
    others = [_located(sealed, place) for place in link.also]
    return View(
        first=first,
        last=last,
        quotation=quotation,
        also=tuple(sorted({span for span in others if span and span != quotation and span.overlaps(shown)})),
        moved=link.quotation is not None and quotation is None,
    )


def _located(sealed: SealedText, place: Place) -> Span | None:
    """Where the quotation stands: at its offsets if they hold it, or else where its seal is found."""
    text = sealed.text
    holds_words = place.end <= len(text) and text[place.start : place.end].strip() != ""
    if holds_words and (not place.seal or _is_sealed(text[place.start : place.end], place.seal)):
        return Span(place.start, place.end)
    return sealed.find(place.seal, near=place.start)


def _is_sealed(stretch: str, seal: str) -> bool:
    return len(stretch) <= _MOST_SEALED and seal_of(stretch) == seal


def _leaf_at(source: Source, offset: int) -> int:
    return max(place for place, leaf in enumerate(source.leaves) if leaf.start <= offset)
