"""Tokens of an answer, and how many a day may have. Values, and one counter.

In: a clock of UTC days. Refused (BudgetSpent): to begin an answer after the day's tokens are used up. The count is this
process's, in memory: a restart begins anew, and two processes have a budget each.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from rag.chat.errors import BudgetSpent

# French takes 3.5 to 4.5 characters a token with the tokenizers of 2024 and later; rather too many tokens than too few.
_CHARACTERS_A_TOKEN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """Sent and received for one answer; `estimated` unless the other side counted them."""

    sent: int
    received: int
    estimated: bool

    @property
    def total(self) -> int:
        """What a budget counts."""
        return self.sent + self.received


def together(*parts: Tokens | None) -> Tokens | None:
    """What several replies took; None where none was asked for."""
    asked = [part for part in parts if part is not None]
    if not asked:
        return None
    return Tokens(
        sent=sum(part.sent for part in asked),
        received=sum(part.received for part in asked),
        estimated=any(part.estimated for part in asked),
    )


def estimate(characters: int) -> int:
    """Tokens of a text of so many characters, rounded up."""
    return -(-characters // _CHARACTERS_A_TOKEN)


class Budget:
    """Tokens a day; 0: as many as you like. Thread-safe.

    It is checked once an answer, at the first of its requests (rewriting or writing): answers under way when it is used up are
    finished, with the writing and all the judging that belong to them.
    """

    def __init__(self, daily: int, *, today: Callable[[], date]) -> None:
        self._daily = daily
        self._today = today
        self._lock = threading.Lock()
        self._day = today()
        self._spent = 0

    @property
    def spent(self) -> int:
        """Tokens of today."""
        with self._lock:
            self._turn_day()
            return self._spent

    def check(self) -> None:
        """Raises BudgetSpent."""
        spent = self.spent
        if self._daily and spent >= self._daily:
            raise BudgetSpent(spent, self._daily)

    def book(self, tokens: Tokens) -> None:
        """Count a request, whether it was checked for or not."""
        with self._lock:
            self._turn_day()
            self._spent += tokens.total

    def _turn_day(self) -> None:
        if (today := self._today()) != self._day:
            self._day, self._spent = today, 0
