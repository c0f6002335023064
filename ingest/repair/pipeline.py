"""Raw text -> repaired text, every change on record: named pure steps in order, again until none changes anything.

`lay_out` serves every text. All other steps are for OCR's damage and run only while the text is noisy (`Reading.is_noisy`,
a share of damaged words), so that clean French passes unchanged, and what has been repaired is left alone. No step
touches addresses or the lexicon's names: an edit that overlaps one is dropped here, whatever made it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ingest.document import Repair, Span
from ingest.repair import context, elisions, grave, words
from ingest.repair.edits import Change, Edit, apply_edits, compose, moved, text_offset, to_repairs
from ingest.repair.junk import doubtful_stretches, remove_junk
from ingest.repair.layout import lay_out
from ingest.repair.lexicon import Lexicon
from ingest.repair.reading import Reading
from ingest.sentences import strip_span

Step = Callable[[Reading, Lexicon], list[Edit]]

STEPS: tuple[Step, ...] = (
    words.headings,
    remove_junk,
    words.bullets,
    lay_out,
    elisions.single_apostrophes,
    elisions.misread_elisions,
    words.odd_signs,
    words.mended_words,
    context.dune,
    context.since,
    context.participles,
    context.second_person,
    context.where,
    context.near,
    grave.opening_a,
    # Before whatever restores single à's: whether they are lost is told by how many are left.
    grave.lost_a,
    grave.certain_a,
    words.terms,
)
# One round repairs, the next finds nothing; a third mends what the second saw only after the first.
_ROUNDS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaired:
    """Repaired text, repairs (sorted, disjoint in both texts, equal outside), doubtful stretches, page starts."""

    text: str
    repairs: tuple[Repair, ...]
    doubtful: tuple[Span, ...] = ()
    page_starts: tuple[int, ...] = ()


def repair_text(raw: str, lexicon: Lexicon, page_starts: Sequence[int] = ()) -> Repaired:
    """Repair `raw`, whose pages begin at the offsets `page_starts`."""
    reading = Reading(raw, tuple(page_starts))
    stretches = doubtful_stretches(reading) if reading.is_noisy(lexicon) else ()
    changes: tuple[Change, ...] = ()
    for _round in range(_ROUNDS):
        before = reading.text
        steps = STEPS if reading.is_noisy(lexicon) else (lay_out,)
        for step in steps:
            edits = allowed(reading, lexicon, step)
            changes = compose(changes, edits)
            reading = _after(reading, edits)
        if reading.text == before:
            break
    repairs = to_repairs(raw, reading.text, changes)
    doubtful = tuple(strip_span(reading.text, _in_text(repairs, stretch)) for stretch in stretches)
    return Repaired(
        text=reading.text,
        repairs=repairs,
        doubtful=tuple(span for span in doubtful if span.start < span.end),
        page_starts=reading.page_starts,
    )


def edited(raw: str, repaired: Repaired, edits: Sequence[Edit]) -> Repaired:
    """What `edits` of its text make of what was repaired from `raw`: one record of all changes between the two."""
    changes = compose([_change(repair) for repair in repaired.repairs], edits)
    text = apply_edits(repaired.text, edits)
    doubtful = (Span(moved(start, edits), moved(end, edits)) for start, end in repaired.doubtful)
    return Repaired(
        text=text,
        repairs=to_repairs(raw, text, changes),
        doubtful=tuple(span for span in doubtful if span.start < span.end),
        page_starts=tuple(moved(start, edits) for start in repaired.page_starts),
    )


def _change(repair: Repair) -> Change:
    return Change(
        raw_start=repair.raw_start,
        raw_end=repair.raw_end,
        start=repair.start,
        end=repair.end,
        steps=tuple(repair.step.split("+")),
    )


def allowed(reading: Reading, lexicon: Lexicon, step: Step) -> list[Edit]:
    """The step's edits in order, each as small as it can be, without those that touch what must stay."""
    protected = reading.protected(lexicon)
    kept: list[Edit] = []
    for edit in sorted(step(reading, lexicon), key=lambda edit: (edit.start, edit.end)):
        if _touches(edit, protected):
            small = edit.trimmed(reading.text)
            if _touches(small, protected):
                continue
            edit = small  # noqa: PLW2901 - the part of it that is allowed
        if not kept or edit.start >= kept[-1].end:
            kept.append(edit)
    return kept


def _touches(edit: Edit, protected: Sequence[Span]) -> bool:
    # Names may hold addresses' parts, so that spans overlap; but few: those that begin before the edit's end are scanned.
    end = bisect_left(protected, (max(edit.end, edit.start + 1), 0))
    return any(span.start < edit.end and edit.start < span.end for span in protected[:end])


def _after(reading: Reading, edits: Sequence[Edit]) -> Reading:
    if not edits:
        return reading
    starts = tuple(moved(start, edits) for start in reading.page_starts)
    return Reading(apply_edits(reading.text, edits), starts)


def _in_text(repairs: Sequence[Repair], raw: Span) -> Span:
    return Span(text_offset(repairs, raw.start), text_offset(repairs, raw.end, at_end=True))
