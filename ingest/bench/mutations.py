"""A file damaged in ways that happen: cut off, bits turned, stretches lost, doubled, moved or overwritten, numbers changed.

Pure and repeatable: the number of a mutation is its seed. Refuses nothing.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

_NUMBER = re.compile(rb"\d+")


def mutated(data: bytes, number: int) -> bytes:
    """The `number`-th damage of `data`, at least one byte different unless `data` is empty; kinds take turns."""
    if not data:
        return data
    chance = random.Random(number)  # noqa: S311 - repeatable damage, no secret
    damaged = _KINDS[number % len(_KINDS)](data, chance)
    return damaged if damaged != data else data[:-1]


def _cut_off(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def _bits_turned(data: bytes, chance: random.Random) -> bytes:
    damaged = bytearray(data)
    for _ in range(chance.randint(1, 40)):
        damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
    return bytes(damaged)


def _stretch_lost(data: bytes, chance: random.Random) -> bytes:
    start, end = _stretch(data, chance)
    return data[:start] + data[end:]


def _stretch_doubled(data: bytes, chance: random.Random) -> bytes:
    start, end = _stretch(data, chance)
    return data[:end] + data[start:]


def _stretch_moved(data: bytes, chance: random.Random) -> bytes:
    start, end = _stretch(data, chance)
    rest = data[:start] + data[end:]
    place = chance.randrange(len(rest) + 1)
    return rest[:place] + data[start:end] + rest[place:]


def _overwritten(data: bytes, chance: random.Random) -> bytes:
    start, end = _stretch(data, chance)
    filling = chance.choice([b"\0", b"\xff", b" ", b"<<", b"[", b"obj "])
    return data[:start] + (filling * (end - start))[: end - start] + data[end:]


def _number_changed(data: bytes, chance: random.Random) -> bytes:
    """Lengths, offsets and references are numbers: a wrong one leads into the void, in a circle or to gigabytes."""
    numbers = list(_NUMBER.finditer(data))
    if not numbers:
        return _bits_turned(data, chance)
    match = chance.choice(numbers)
    wrong = chance.choice([b"0", b"-1", b"1", b"2147483648", b"99999999999999999999", str(len(data)).encode()])
    return data[: match.start()] + wrong + data[match.end() :]


def _stretch(data: bytes, chance: random.Random) -> tuple[int, int]:
    start = chance.randrange(len(data))
    return start, min(len(data), start + chance.randint(1, max(2, len(data) // 20)))


_KINDS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _cut_off,
    _bits_turned,
    _stretch_lost,
    _stretch_doubled,
    _stretch_moved,
    _overwritten,
    _number_changed,
)
