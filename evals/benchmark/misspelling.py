"""Questions as hurried fingers type them: one edit in each of two words. Seeded: the same seed, the same misspellings."""

from __future__ import annotations

import random
import re

from ingest.index.analyser import analyse

_WORD = re.compile(r"[^\W\d_]{4,}")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_WORDS = 2


def misspell(question: str, seed: int) -> str:
    """One letter dropped, doubled, swapped with the next or replaced, in each of two content words of four letters or more.

    Fewer where the question has fewer such words. Which words and which edits depends on the question and the seed alone.
    """
    chance = random.Random(f"{seed}\0{question}")  # noqa: S311 - no secret
    words = [match for match in _WORD.finditer(question) if analyse(match.group())]
    for match in sorted(chance.sample(words, min(_WORDS, len(words))), key=lambda match: -match.start()):
        question = question[: match.start()] + _edit(match.group(), chance) + question[match.end() :]
    return question


def _edit(word: str, chance: random.Random) -> str:
    """The word with one edit; never the word itself."""
    at = chance.randrange(len(word))
    before, letter, after = word[:at], word[at], word[at + 1 :]
    edited = {
        "drop": before + after,
        "double": before + letter + letter + after,
        "swap": before + after[:1] + letter + after[1:],
        "replace": before + chance.choice(_LETTERS) + after,
    }[chance.choice(("drop", "double", "swap", "replace"))]
    return edited if edited != word else _edit(word, chance)
