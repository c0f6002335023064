"""The follow-ups of the set -> what was understood with a chat model's rewriting and by the rules alone, and how fast.

In: an assistant that has the model, the follow-ups. Out: figures as lines, by halves. Resolved is what `evals.follow_ups` says.
Refuses nothing; a share of nothing is "-".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter

from evals.chat_model.lines import HALVES, share, time
from evals.follow_ups import FollowUp, which_resolved
from rag.pipeline import Assistant
from rag.request import AskRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedFollowUp:
    """One follow-up. `by_rules` and `understood`: without the model and with it; `used`: the model's words were taken.

    `milliseconds` until it was understood, rules included; None where the model was not asked.
    """

    item: FollowUp
    unsure: bool
    by_rules: str
    understood: str
    used: bool
    milliseconds: float | None


def ask_follow_ups(assistant: Assistant, items: Sequence[FollowUp]) -> Iterator[AskedFollowUp]:
    """Each understood twice, answered never."""
    for item in items:
        request = AskRequest(question=item.question, history=item.history)
        by_rules = assistant.searcher.understand(request)
        start = perf_counter()
        understood, rewritten = assistant.understand(request)
        took = 1000 * (perf_counter() - start)
        yield AskedFollowUp(
            item=item,
            unsure=by_rules.unsure,
            by_rules=by_rules.question,
            understood=understood.question,
            used=bool(rewritten.question),
            milliseconds=None if rewritten.tokens is None else took,
        )


def follow_up_lines(asked: Sequence[AskedFollowUp]) -> Iterator[str]:
    """The figures of each half that was asked, and of all."""
    for name, split in HALVES.items():
        of_half = [one for one in asked if one.item.split.value.startswith(split)]
        if of_half:
            yield from (f"{name:5}{line}" for line in _lines(of_half))


def _lines(asked: Sequence[AskedFollowUp]) -> Iterator[str]:
    unsure = [one for one in asked if one.unsure]
    times = [one.milliseconds for one in asked if one.milliseconds is not None]
    yield share("follow-ups: the rules are unsure", len(unsure), len(asked))
    yield share("follow-ups: the model was asked", len(times), len(unsure))
    yield share("follow-ups: the model's rewriting used", sum(one.used for one in asked), len(unsure))
    for name, some in (("", asked), (", the unsure ones", unsure)):
        yield share(f"follow-up questions resolved{name}", _resolved(some, by_rules=False), len(some))
        yield share(f"follow-up questions resolved{name}, rules alone", _resolved(some, by_rules=True), len(some))
    yield time("ms to a rewritten follow-up", times)


def _resolved(asked: Sequence[AskedFollowUp], *, by_rules: bool) -> int:
    understood = {one.item.id: one.by_rules if by_rules else one.understood for one in asked}
    return sum(which_resolved([one.item for one in asked], understood))
