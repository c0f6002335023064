"""How far a long stage is: a bar with rate and time left on a terminal, plain lines otherwise.

A stage is opened with its name, its total and its unit, and hears by how much it went on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from time import monotonic
from typing import TextIO

Log = Callable[[str], None]
Advance = Callable[[int], None]
# (stage, total, unit) -> a context that gives what is to be told of each step.
Progress = Callable[[str, int, str], AbstractContextManager[Advance]]

# A stage that is done sooner says nothing.
_QUIET_SECONDS = 5.0


def lines(log: Log, *, clock: Callable[[], float] = monotonic) -> Progress:
    """A plain line at each tenth of a stage, none in its first seconds. `clock` tells seconds."""

    @contextmanager
    def stage(name: str, total: int, unit: str) -> Iterator[Advance]:
        start = clock()
        done = told = 0

        def advance(amount: int) -> None:
            nonlocal done, told
            done += amount
            spent = clock() - start
            if spent >= _QUIET_SECONDS and 10 * (done - told) >= total:
                told = done
                left = spent * (total - done) / max(done, 1)
                log(f"{name}: {done} of {total} {unit}, {done / spent:.0f} {unit}/s, {left:.0f} s left")

        yield advance

    return stage


def bars(stream: TextIO) -> Progress:
    """A bar for each stage, which goes when the stage ends."""
    # Imported here: whoever builds without a terminal does not need it.
    from tqdm import tqdm

    @contextmanager
    def stage(name: str, total: int, unit: str) -> Iterator[Advance]:
        with tqdm(
            desc=name, total=total, unit=f" {unit}", unit_scale=True, file=stream, leave=False, dynamic_ncols=True
        ) as bar:

            def advance(amount: int) -> None:
                bar.update(amount)

            yield advance

    return stage
