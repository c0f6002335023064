"""One answer of a chat model: its requests, limits, tokens and end.

In: what a ChatModel is made of, and the messages. Out: pieces of text without reasoning. Refused (ChatModelError): as
`rag.chat.client` says.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from langchain_core.messages import BaseMessage

from rag.chat.breaker import Breaker
from rag.chat.bridge import Ended, Stream
from rag.chat.errors import ChatModelError, Reason
from rag.chat.providers import BadReply, Piece, explain, pieces
from rag.chat.thinking import ThinkingFilter
from rag.chat.tokens import Budget, Tokens, estimate

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

_LOG = logging.getLogger(__name__)
_WORTH_ANOTHER_TRY = frozenset({Reason.BUSY, Reason.FAILED, Reason.UNREACHABLE})
_COST_NOTHING = _WORTH_ANOTHER_TRY | {Reason.REFUSED}
# Before another try where the server does not say; the longest that it may ask for, which a reader would wait.
_PAUSE, _LONGEST_PAUSE = 0.2, 3.0
# A server that ignores the limit on tokens is cut where no honest answer of so many would reach: French has 4 a token.
_CHARACTERS_A_TOKEN = 8
# Seconds after which a silent reply gives way to who reads it, where that one has something else to look after.
TICK = 0.1


class End(StrEnum):
    """How a reply ended that raised nothing."""

    WHOLE = "whole"
    CUT = "cut"  # at the limit on tokens or by the other side's filter: the last sentence may be none
    NOTHING = "nothing"  # no text: an empty answer, a refusal, a tool call, reasoning alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Seconds from the first asking to the first words and to the last, and the longest answer in tokens."""

    first: float
    total: float
    max_tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Whom to ask, and within what. `clock` and `sleep` are in seconds."""

    model: BaseChatModel = field(repr=False)
    limits: Limits
    breaker: Breaker
    budget: Budget
    clock: Callable[[], float]
    sleep: Callable[[float], None]


class Run:
    """One answer being asked for; `ticking` and `under_way` are what `ChatModel.stream` says."""

    def __init__(
        self, owner: Asked, messages: Sequence[BaseMessage], *, ticking: bool = False, under_way: bool = False
    ) -> None:
        self.tokens: Tokens | None = None
        self.end: End | None = None
        self._owner = owner
        self._messages = messages
        self._ticking = ticking
        self._tick = TICK if ticking else math.inf
        self._under_way = under_way
        self._begun = False  # the first words are given out
        self._characters = 0  # of all text that came, reasoning included
        self._finish: str | None = None
        self._counted: tuple[int, int] | None = None

    def pieces(self) -> Generator[str, None, None]:
        """The pieces, with the breaker and the budget told how it went."""
        owner = self._owner
        if not self._under_way:
            owner.budget.check()
        owner.breaker.enter()
        bad, done = None, False
        try:
            bad = yield from self._tries()
            done = bad is None
        finally:
            self._book(bad)
            if bad is not None:
                owner.breaker.fail()
            elif done or self._begun:
                owner.breaker.succeed()
            else:
                owner.breaker.leave()
        if bad is not None:
            _LOG.warning("chat model: %s: %s", bad.reason, bad)
            raise ChatModelError(bad.reason, str(bad))
        self.end = self._how_it_ended()

    def _tries(self) -> Generator[str, None, BadReply | None]:
        asked = self._owner.clock()
        bad = yield from self._attempt(asked)
        if bad is None or self._begun or bad.reason not in _WORTH_ANOTHER_TRY:
            return bad
        pause = _PAUSE if bad.retry_after is None else bad.retry_after
        if pause > min(_LONGEST_PAUSE, asked + self._owner.limits.first - self._owner.clock()):
            return bad
        while pause > self._tick:
            self._owner.sleep(self._tick)
            pause -= self._tick
            yield ""
        self._owner.sleep(pause)
        return (yield from self._attempt(asked))

    def _attempt(self, asked: float) -> Generator[str, None, BadReply | None]:
        """One request, within what is left of the time since `asked`; gives back what was wrong with it."""
        owner, thinking = self._owner, ThinkingFilter()
        left = asked + owner.limits.total - owner.clock()
        stream = Stream(lambda: pieces(owner.model, self._messages), seconds=left)
        try:
            while not isinstance(came := stream.next(min(patience := self._patience(asked), self._tick)), Ended):
                if came is None and patience > self._tick:
                    yield ""
                    continue
                if came is None:
                    return BadReply(Reason.TIMEOUT, "no whole answer in time" if self._begun else "no words in time")
                self._note(came)
                text = self._words(thinking.feed(came.text))
                if text or self._ticking:  # who thinks aloud is silent too
                    yield text
                if self._characters > _CHARACTERS_A_TOKEN * owner.limits.max_tokens:
                    self._finish = "length"
                    return None
            if came.error is None and (text := self._words(thinking.end())):
                yield text
            return self._judge(came)
        finally:
            stream.stop()

    def _patience(self, asked: float) -> float:
        """Seconds that the next piece may take."""
        limits = self._owner.limits
        limit = limits.total if self._begun else min(limits.first, limits.total)
        return asked + limit - self._owner.clock()

    def _judge(self, ended: Ended) -> BadReply | None:
        if isinstance(ended.error, TimeoutError):
            return BadReply(Reason.TIMEOUT, "no whole answer in time")
        if ended.error is not None:
            return explain(ended.error, begun=self._begun)
        if self._finish is None:
            return BadReply(Reason.BROKEN, "the stream stops in the middle")
        return None

    def _note(self, piece: Piece) -> None:
        self._characters += len(piece.text)
        self._finish = piece.finish or self._finish
        if piece.sent is not None and piece.received is not None:
            self._counted = (piece.sent, piece.received)

    def _words(self, text: str) -> str:
        """The text without the white space before the first words."""
        text = text if self._begun else text.lstrip()
        self._begun = self._begun or bool(text)
        return text

    def _book(self, bad: BadReply | None) -> None:
        if bad is not None and bad.reason in _COST_NOTHING and not self._begun:
            self.tokens = Tokens(sent=0, received=0, estimated=False)
        elif self._counted is not None:
            self.tokens = Tokens(sent=self._counted[0], received=self._counted[1], estimated=False)
        else:
            asked = sum(len(str(message.text)) for message in self._messages)
            self.tokens = Tokens(sent=estimate(asked), received=estimate(self._characters), estimated=True)
        self._owner.budget.book(self.tokens)

    def _how_it_ended(self) -> End:
        if not self._begun:
            return End.NOTHING
        return End.CUT if self._finish in {"length", "model_length", "content_filter"} else End.WHOLE
