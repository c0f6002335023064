"""Boxes in a text -> behind the text of their section. Pure; refuses nothing.

A part's place is all that says what a heading stands over: a box's heading would take over the text that goes on after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.markup import BOLD_LEVEL
from ingest.parts import Part


@dataclass(slots=True)
class Placed:
    """A part, and the box that holds it, numbered; None in the text."""

    part: Part
    box: int | None


def boxes_last(placed: Sequence[Placed]) -> list[Part]:
    """The parts, each box with a heading of its own behind the text of the section in which it stands."""
    parts: list[Part] = []
    waiting: list[Part] = []
    index = 0
    while index < len(placed):
        box = placed[index].box
        if box is not None:
            end = index
            while end < len(placed) and placed[end].box == box:
                end += 1
            held = [item.part for item in placed[index:end]]
            if waiting or any(part.level for part in held):
                waiting += _beside(waiting, held)
            else:
                parts += held
            index = end
            continue
        if (placed[index].part.level or BOLD_LEVEL) < BOLD_LEVEL:
            parts += waiting
            waiting = []
        parts.append(placed[index].part)
        index += 1
    return parts + waiting


def _beside(boxes: Sequence[Part], box: Sequence[Part]) -> list[Part]:
    """The parts of a box, ranked like the box before it: one does not stand under the other."""
    before = min((part.level for part in boxes if part.level), default=None)
    own = min((part.level for part in box if part.level), default=None)
    if before is None or own is None:
        return list(box)
    return [replace(part, level=part.level - own + before) if part.level else part for part in box]
