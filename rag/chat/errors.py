"""What may go wrong with a chat model: one class while it is asked, one when it cannot be used at all.

    ChatModelError          an answer that did not come, or not whole; `reason` tells which way
    └── BudgetSpent         the day's tokens are used up: no answer was begun
    ChatSetupError          CHAT_MODEL names what cannot be used here: which, why, what to do (an IngestError: exit status 1)

Messages are for the operator's log: they hold no key, no prompt and nothing that the other side said.
"""

from __future__ import annotations

from enum import StrEnum

from ingest.errors import IngestError


class Reason(StrEnum):
    """Why there is no answer, or no more of it."""

    TIMEOUT = "timeout"  # too slow to connect, to begin or to end
    UNREACHABLE = "unreachable"  # no connection, or one that broke before the first words
    BUSY = "busy"  # 429
    FAILED = "failed"  # 5xx
    REFUSED = "refused"  # any other status: key, model name or request are not taken
    BROKEN = "broken"  # not the stream of an answer, or one that stops in the middle
    PAUSED = "paused"  # not asked: it failed too often just before
    BUDGET = "budget"  # not begun: the day's tokens are used up


class ChatModelError(Exception):
    """The model gave no answer, or stopped in the middle of one."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class BudgetSpent(ChatModelError):
    """Today's tokens are used up; the next day (UTC) has its own."""

    def __init__(self, spent: int, budget: int) -> None:
        super().__init__(Reason.BUDGET, f"{spent} tokens today, CHAT_MODEL_DAILY_TOKENS allows {budget}")


class ChatSetupError(IngestError):
    """The model that CHAT_MODEL names cannot be used: package or key are missing."""
