"""Asking someone at a terminal, through two callables, so that a script can answer as well.

In: lines that are typed. Out: what they mean, by a reader that raises Unfit with the reason; then the same is asked again.
White space is folded, so that no answer has a line break of any kind in it. EOFError and KeyboardInterrupt pass.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from evals.add import texts

T = TypeVar("T")


class Unfit(Exception):
    """What was typed will not do; the message says why, in French."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminal:
    """`ask` shows a prompt and gives the line typed, or raises EOFError or KeyboardInterrupt; `say` shows a text."""

    ask: Callable[[str], str]
    say: Callable[[str], None]

    def read(self, prompt: str, reader: Callable[[str], T]) -> T:
        """What the first line that `reader` accepts means."""
        while True:
            try:
                return reader(_readable(self.ask(prompt)))
            except Unfit as reason:
                self.say(texts.again(str(reason)))

    def choose(self, prompt: str, options: Sequence[tuple[T, str]]) -> T:
        """One of the options, which are shown numbered from 1."""
        self.say("\n".join(f"  {number}. {shown}" for number, (_, shown) in enumerate(options, start=1)))
        return options[self.read(prompt, lambda line: number_in(line, len(options))) - 1][0]

    def agrees(self, prompt: str) -> bool:
        """Yes or no; nothing else will do."""
        return self.read(prompt, _yes_or_no)


def number_in(line: str, most: int) -> int:
    """A number from 1 to `most`. Raises Unfit."""
    if not (line.isascii() and line.isdigit()) or not 1 <= int(line) <= most:
        raise Unfit(texts.expected_number(line, most))
    return int(line)


def numbers_in(line: str, most: int) -> tuple[int, ...]:
    """Numbers from 1 to `most`, parted by commas or spaces, each once, in the order typed. Raises Unfit."""
    return tuple(dict.fromkeys(number_in(part, most) for part in line.replace(",", " ").split()))


def _readable(line: str) -> str:
    try:
        line.encode()
    except UnicodeEncodeError as error:  # bytes of another encoding, which the terminal gives as halves of pairs
        raise Unfit(texts.UNREADABLE) from error
    return " ".join(line.replace("\0", " ").split())


def _yes_or_no(line: str) -> bool:
    if line.casefold() not in texts.YES | texts.NO:
        raise Unfit(texts.YES_OR_NO)
    return line.casefold() in texts.YES
