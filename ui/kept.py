"""What the server keeps of its users, which every page tells. A value; refuses nothing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What the server keeps: questions for so many days, 0 for none at all; whether opinions on answers can be given."""

    question_days: int = 0
    feedback: bool = False
