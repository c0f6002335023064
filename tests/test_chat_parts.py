"""The breaker, the count of tokens, the filter of reasoning, the bridge to the event loop: each by itself."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator
from datetime import date
from itertools import pairwise

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.chat.breaker import Breaker
from rag.chat.bridge import Ended, Stream
from rag.chat.errors import BudgetSpent, ChatModelError
from rag.chat.thinking import ThinkingFilter
from rag.chat.tokens import Budget, Tokens, estimate, together


def test_a_trial_that_ends_without_telling_lets_the_next_one_try() -> None:
    now = [0.0]
    breaker = Breaker(failures=1, pause=10, clock=lambda: now[0])
    breaker.enter()
    breaker.fail()
    now[0] = 10
    breaker.enter()
    with pytest.raises(ChatModelError):
        breaker.enter()
    breaker.leave()
    breaker.enter()
    breaker.succeed()
    breaker.enter()
    breaker.enter()


def test_a_trial_that_fails_opens_for_another_pause() -> None:
    now = [0.0]
    breaker = Breaker(failures=2, pause=10, clock=lambda: now[0])
    for _ in range(2):
        breaker.enter()
        breaker.fail()
    now[0] = 15
    breaker.enter()
    breaker.fail()
    now[0] = 24
    with pytest.raises(ChatModelError):
        breaker.enter()
    now[0] = 25
    breaker.enter()


def test_a_look_at_whether_it_is_open_takes_no_turn() -> None:
    now = [0.0]
    breaker = Breaker(failures=1, pause=10, clock=lambda: now[0])
    assert not breaker.is_open
    breaker.enter()
    breaker.fail()
    assert breaker.is_open
    now[0] = 10
    assert not breaker.is_open
    assert not breaker.is_open
    breaker.enter()
    assert breaker.is_open  # one tries, the others would be refused
    breaker.leave()
    assert not breaker.is_open


def test_no_budget_is_no_limit_and_still_counts() -> None:
    budget = Budget(0, today=lambda: date(2026, 1, 1))
    budget.book(Tokens(sent=10**9, received=1, estimated=False))
    budget.check()

    assert budget.spent == 10**9 + 1


def test_a_budget_is_used_up_when_it_is_reached() -> None:
    budget = Budget(10, today=lambda: date(2026, 1, 1))
    budget.book(Tokens(sent=9, received=0, estimated=True))
    budget.check()
    budget.book(Tokens(sent=1, received=0, estimated=True))
    with pytest.raises(BudgetSpent, match=r"10 tokens today, CHAT_MODEL_DAILY_TOKENS allows 10"):
        budget.check()


def test_what_several_replies_took_is_estimated_where_one_of_them_is() -> None:
    counted, guessed = Tokens(sent=5, received=2, estimated=False), Tokens(sent=1, received=0, estimated=True)

    assert together(None, None) is None
    assert together(None, counted) == counted
    assert together(counted, counted) == Tokens(sent=10, received=4, estimated=False)
    assert together(counted, guessed) == Tokens(sent=6, received=2, estimated=True)


def test_an_estimate_is_rounded_up() -> None:
    assert [estimate(characters) for characters in (0, 1, 3, 4)] == [0, 1, 1, 2]


def filtered(*pieces: str) -> str:
    thinking = ThinkingFilter()
    return "".join([*map(thinking.feed, pieces), thinking.end()])


TAGGED = st.lists(
    st.sampled_from(
        ["<think>", "</think>", "<Reasoning>", "</reasoning>", "<thinking>", "</thinking>", "<", ">", "a", "th", "é "]
    ),
    max_size=12,
).map("".join)


@given(TAGGED, st.data())
def test_what_is_reasoning_does_not_depend_on_the_pieces(text: str, data: st.DataObject) -> None:
    bounds = [0, *sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6))), len(text)]
    # What the regular expression says of the whole text: from an opening to its own closing, or to the end.
    expected = re.sub(r"<(think|thinking|reasoning)>.*?(?:</\1>|\Z)", "", text, flags=re.IGNORECASE | re.DOTALL)

    assert filtered(*(text[start:stop] for start, stop in pairwise(bounds))) == expected
    assert filtered(*text) == expected


async def counting(log: list[str], *, every: float = 0.0) -> AsyncIterator[int]:
    try:
        for number in range(3):
            await asyncio.sleep(every)
            yield number
    finally:
        log.append("closed")


def test_the_items_come_and_then_the_end() -> None:
    stream = Stream(lambda: counting([]), seconds=20)

    assert [stream.next(20) for _ in range(4)] == [0, 1, 2, Ended(error=None)]


def test_what_is_raised_is_told_at_the_end() -> None:
    async def raising() -> AsyncIterator[int]:
        yield 1
        raise KeyError("surprise")

    stream = Stream(raising, seconds=20)
    first, last = stream.next(20), stream.next(20)

    assert first == 1
    assert isinstance(last, Ended)
    assert isinstance(last.error, KeyError)


def test_nothing_in_time_is_none_and_stopping_ends_the_iterator() -> None:
    log: list[str] = []
    stream = Stream(lambda: counting(log, every=60), seconds=60)

    assert stream.next(0.05) is None
    stream.stop()
    assert stream.next(20) == Ended(error=None)
    assert log == ["closed"]
    stream.stop()  # once more does no harm


def test_closing_takes_its_time_whoever_stops_it_meanwhile() -> None:
    """As httpcore closes a connection: shielded, and with a pause in it."""
    log: list[str] = []

    async def closing_slowly() -> AsyncIterator[int]:
        try:
            yield 0
            await asyncio.sleep(60)
        finally:
            with anyio.CancelScope(shield=True):
                log.append("closing")
                await asyncio.sleep(0.2)
                log.append("closed")

    stream = Stream(closing_slowly, seconds=0.1)
    assert stream.next(20) == 0
    while not log:
        time.sleep(0.01)
    stream.stop()  # while its own time is over
    assert isinstance(stream.next(20), Ended)
    assert log == ["closing", "closed"]


def test_it_ends_by_itself_when_its_time_is_over() -> None:
    log: list[str] = []
    stream = Stream(lambda: counting(log, every=60), seconds=0.1)
    last = stream.next(20)

    assert isinstance(last, Ended)
    assert isinstance(last.error, TimeoutError)
    assert log == ["closed"]


def test_waiting_takes_as_long_as_it_was_told() -> None:
    stream = Stream(lambda: counting([], every=60), seconds=60)
    began = time.monotonic()

    assert stream.next(-1.0) is None
    assert time.monotonic() - began < 2
    stream.stop()
