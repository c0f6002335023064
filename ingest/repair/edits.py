"""Changes to a text, and how the changes of several steps compose into one record between raw and final text.

Values and pure functions. Refused (ValueError): edits of one step that overlap, or lie outside the text.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.document import Repair


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """Replace `text[start:end]` of the text that a step was given."""

    start: int
    end: int
    replacement: str
    step: str

    def trimmed(self, text: str) -> Edit:
        """The same change without the characters that it leaves as they are at its two ends."""
        before, after = text[self.start : self.end], self.replacement
        left = 0
        while left < min(len(before), len(after)) and before[left] == after[left]:
            left += 1
        right = 0
        while right < min(len(before), len(after)) - left and before[-1 - right] == after[-1 - right]:
            right += 1
        kept = after[left : len(after) - right]
        return replace(self, start=self.start + left, end=self.end - right, replacement=kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A stretch in which raw and current text may differ; outside all changes the two are equal."""

    raw_start: int
    raw_end: int
    start: int
    end: int
    steps: tuple[str, ...]


def apply_edits(text: str, edits: Sequence[Edit]) -> str:
    """The text after `edits`, which must be sorted and disjoint."""
    parts, position = [], 0
    for edit in edits:
        if not position <= edit.start <= edit.end <= len(text):
            raise ValueError(f"{edit} overlaps its neighbour or leaves a text of {len(text)} characters")
        parts += [text[position : edit.start], edit.replacement]
        position = edit.end
    return "".join(parts) + text[position:]


def compose(changes: Sequence[Change], edits: Sequence[Edit]) -> tuple[Change, ...]:
    """Changes raw -> current, followed by `edits` of the current text, as changes raw -> new; what touches is merged."""
    composed: list[Change] = []
    raw_shift = new_shift = 0
    for cluster in _clusters([*changes, *edits]):
        start, end = min(item.start for item in cluster), max(item.end for item in cluster)
        raw_start, new_start = start + raw_shift, start + new_shift
        steps: list[str] = []
        for item in cluster:
            if isinstance(item, Change):
                raw_shift += (item.raw_end - item.raw_start) - (item.end - item.start)
                steps += item.steps
        for item in cluster:
            if isinstance(item, Edit):
                new_shift += len(item.replacement) - (item.end - item.start)
                steps.append(item.step)
        composed.append(
            Change(
                raw_start=raw_start,
                raw_end=end + raw_shift,
                start=new_start,
                end=end + new_shift,
                steps=tuple(dict.fromkeys(steps)),
            )
        )
    return tuple(composed)


def to_repairs(raw: str, text: str, changes: Iterable[Change]) -> tuple[Repair, ...]:
    """The changes that are left as such, with what stood before and after."""
    return tuple(
        Repair(
            before=raw[change.raw_start : change.raw_end],
            after=text[change.start : change.end],
            step="+".join(change.steps),
            raw_start=change.raw_start,
            raw_end=change.raw_end,
            start=change.start,
            end=change.end,
        )
        for change in changes
        if raw[change.raw_start : change.raw_end] != text[change.start : change.end]
    )


def moved(offset: int, edits: Sequence[Edit]) -> int:
    """Where `offset` of the text before `edits` stands after them; inside an edit, at the end of its replacement."""
    shift = 0
    for edit in edits:
        if edit.start > offset or (edit.start == offset and edit.end > offset):
            break
        if edit.end > offset:
            return edit.start + shift + len(edit.replacement)
        shift += len(edit.replacement) - (edit.end - edit.start)
    return offset + shift


def text_offset(repairs: Sequence[Repair], raw_offset: int, *, at_end: bool = False) -> int:
    """Where `raw_offset` stands in the repaired text; inside a repair, its start, or its end with `at_end`."""
    index = bisect_right(repairs, raw_offset, key=lambda repair: repair.raw_start) - 1
    if index < 0:
        return raw_offset
    repair = repairs[index]
    if raw_offset < repair.raw_end:
        return repair.end if at_end and raw_offset > repair.raw_start else repair.start
    return repair.end + (raw_offset - repair.raw_end)


def _clusters(items: Sequence[Change | Edit]) -> Iterator[list[Change | Edit]]:
    """Items in order of place, those that overlap or touch together."""
    cluster: list[Change | Edit] = []
    reach = -1
    for item in sorted(items, key=lambda item: (item.start, item.end)):
        if cluster and item.start > reach:
            yield cluster
            cluster = []
        cluster.append(item)
        reach = max(reach, item.end) if len(cluster) > 1 else item.end
    if cluster:
        yield cluster
