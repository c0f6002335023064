"""What the server keeps of its users, and hands on, which every page tells. A value; refuses nothing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What the server keeps: questions for so many days, 0 for none at all; whether opinions on answers can be given.

    `told` is to whom questions are sent for an answer to be written, empty where extracts answer.
    """

    question_days: int = 0
    told: str = ""
    feedback: bool = False
