"""The words of a text with their neighbours, and a step made of a rule on one of them. Pure; refuses nothing."""

from __future__ import annotations

import re
from collections.abc import Callable

from ingest.repair.edits import Edit
from ingest.repair.lexicon import Lexicon
from ingest.repair.reading import Reading

# A noun phrase's first word, and words that may stand between an auxiliary and its participle.
DETERMINERS = frozenset(
    "un une des le la les l du ce cet cette ces son sa ses leur leurs notre nos plusieurs deux trois chaque quelques".split()
)
ADVERBS = frozenset(
    """ainsi alors aussi bien également encore enfin ensuite entièrement fortement largement notamment jamais pas plus
    pleinement longtemps récemment souvent surtout toujours très déjà donc jadis désormais particulièrement principalement
    progressivement rapidement réellement spécifiquement directement""".split()
)


class Words:
    """The words of a reading with their neighbours; "" beyond the ends, and across punctuation."""

    def __init__(self, reading: Reading) -> None:
        self.text = reading.text
        self.words = reading.words

    def gap(self, index: int) -> str:
        """What stands between word `index - 1` and word `index`."""
        if not 0 <= index <= len(self.words):
            return "\n"
        start = self.words[index - 1].end() if index else 0
        end = self.words[index].start() if index < len(self.words) else len(self.text)
        return self.text[start:end]

    def at(self, index: int) -> str:
        """The word at `index`, as it is written."""
        return self.words[index].group() if 0 <= index < len(self.words) else ""

    def before(self, index: int) -> str:
        """The word before `index` in lower case, if only a space or an apostrophe parts them."""
        return self.at(index - 1).lower() if self.gap(index) in {" ", "'", "’"} else ""

    def after(self, index: int) -> str:
        """The word after `index` in lower case, if only a space parts them."""
        return self.at(index + 1).lower() if self.gap(index + 1) == " " else ""

    def opens(self, index: int) -> bool:
        """Whether the word opens a sentence or a block."""
        before = self.gap(index)
        return index == 0 or "\n" in before or bool(re.search(r"[.!?…][”»\")]*\s", before))

    def edit(self, index: int, replacement: str, step: str) -> Edit:
        word = self.words[index]
        return Edit(start=word.start(), end=word.end(), replacement=replacement, step=step)


def rule(find: Callable[[Words, int, Lexicon], str | None], step: str) -> Callable[[Reading, Lexicon], list[Edit]]:
    """The step that gives each word what `find` says of it, if anything."""

    def apply(reading: Reading, lexicon: Lexicon) -> list[Edit]:
        words = Words(reading)
        found = ((index, find(words, index, lexicon)) for index in range(len(words.words)))
        return [words.edit(index, new, step) for index, new in found if new is not None and new != words.at(index)]

    return apply
