"""Messages -> the pieces of a chat model's answer, within limits of time, tokens and patience.

In: LangChain messages. Out: a `Reply`, an iterator of text that has no reasoning in it, with its tokens and its end. Refused
(ChatModelError): an answer that does not come in time or whole, one while the model is left alone after failures, or one that
is begun after the day's tokens are used up. Another try is made once, before the first words, after 429, 5xx or a lost
connection.

Nothing is asked before the first piece is: a Reply that nobody reads costs nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from langchain_core.messages import BaseMessage

from rag.chat.breaker import Breaker
from rag.chat.providers import load_model
from rag.chat.run import Asked, End, Limits, Run
from rag.chat.tokens import Budget, Tokens

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from rag.chat.settings import ChatSettings

# Of a question that is rewritten: 500 characters of French, and no more than 1,000 of whatever comes.
_QUESTION_TOKENS = 125


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatModel(Asked):
    """One model. Thread-safe; each Reply is one thread's.

    `rewriting` is the same model as it is asked for a question in the place of an answer, `judging` as it is asked for a yes,
    both on the same budget: who is too slow for that may still write, so their limits and breakers are their own. None: it is
    not asked.
    """

    rewriting: ChatModel | None = None
    judging: ChatModel | None = None

    def stream(self, messages: Sequence[BaseMessage], *, ticking: bool = False, under_way: bool = False) -> Reply:
        """The answer, asked for when its first piece is.

        `ticking`: an empty piece comes each TICK while no words do. `under_way`: it belongs to an answer of which something was
        asked for before, and is not refused for the day's tokens.
        """
        return Reply(Run(self, tuple(messages), ticking=ticking, under_way=under_way))


def open_chat_model(
    settings: ChatSettings,
    *,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
    today: Callable[[], date] = lambda: datetime.now(UTC).date(),
) -> ChatModel | None:
    """The model that the settings name, None when they name none. Connects to nothing. Raises ChatSetupError."""
    if not settings.chat_model:
        return None
    budget = Budget(settings.chat_model_daily_tokens, today=today)

    def opened(model: BaseChatModel, limits: Limits, **others: ChatModel | None) -> ChatModel:
        breaker = Breaker(failures=settings.chat_model_failures, pause=settings.chat_model_pause, clock=clock)
        return ChatModel(model=model, limits=limits, breaker=breaker, budget=budget, clock=clock, sleep=sleep, **others)

    first, seconds = settings.chat_model_first_timeout, settings.chat_model_rewrite_timeout
    writes, brief = load_model(settings), settings.model_copy(update={"chat_model_max_tokens": _QUESTION_TOKENS})
    rewrites = Limits(first=seconds, total=seconds, max_tokens=_QUESTION_TOKENS)
    # As long as for the first words of an answer, and as many tokens: a model that reasons does so before it says yes.
    judges = Limits(first=first, total=first, max_tokens=settings.chat_model_max_tokens)
    answers = Limits(first=first, total=settings.chat_model_total_timeout, max_tokens=settings.chat_model_max_tokens)
    return opened(
        writes,
        answers,
        rewriting=opened(load_model(brief), rewrites) if seconds else None,
        judging=opened(writes, judges),
    )


class Reply(Iterator[str]):
    """Pieces of text as they come, none empty unless it ticks. Raises ChatModelError in the place of a piece.

    `close` (or leaving a `with`) closes the connection; forgetting the Reply does too. `tokens` and `end` are known after the
    last piece or the error; `end` stays None after an error or `close`.
    """

    def __init__(self, run: Run) -> None:
        self._run = run  # which must not know of this or of its own generator: a circle would not be forgotten
        self._pieces = run.pieces()

    @property
    def tokens(self) -> Tokens | None:
        """What the answer took."""
        return self._run.tokens

    @property
    def end(self) -> End | None:
        """How it ended, when it did well."""
        return self._run.end

    def __next__(self) -> str:
        return next(self._pieces)

    def __enter__(self) -> Reply:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ask for no more."""
        self._pieces.close()
