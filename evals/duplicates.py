"""Near-duplicates between the halves of a set: a `test` line that says what a `dev` line says measures what was tuned on.

In: what the lines of either half say. Out: the pairs that say nearly the same. Compared are the terms of the French analyser
(case, accents, punctuation, stop words and endings folded), by two standard measures, each of which catches what escapes the
other: the Jaccard index of the sets of terms (words added, dropped or exchanged), and rapidfuzz's `token_sort_ratio` (words
misspelt). Refuses nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz

from ingest.index.analyser import analyse, fold

# Of the 35,344 pairs of a dev and a test question in questions.jsonl@e09fdf9e8f2c the nearest are q178 with q227 ("Combien de
# familles se servent à l'épicerie solidaire de Saint-Laurent-du-Maroni ?", "épicerie solidaire à saint-laurent-du-maroni":
# two questions) at 0.67, then 0.60, 0.57, 0.57, 0.55, 0.50. Of the same questions with one word more, one less and one
# exchanged 93 %, 80 % and 45 % are found at 0.70; at 0.80 82 %, 63 % and 7 %; at 0.60 true questions would be refused.
MIN_JACCARD = 0.70
# The nearest of those pairs have 85 (the same two), 83, 83 and 79 of 100. Of the same questions with a letter wrong in one word
# and in two 96 % and 82 % are found at 90 or by their terms, 51 % and 11 % by their terms alone. 88 finds no more of the first,
# and comes nearer to two that differ in their place alone ("Quels tiers-lieux dans les quartiers de Brest ?", "... Dijon": 84).
MIN_TOKEN_SORT = 90.0


@dataclass(frozen=True)
class Said:
    """What one line says. `where` is its file and line; `key` is the same for lines that another check calls the same.

    `texts` are as many for each line of a set, in one order; two lines are near-duplicates when each is like its counterpart.
    """

    id: str
    where: str
    key: str
    texts: tuple[str, ...]

    @cached_property
    def terms(self) -> tuple[tuple[str, ...], ...]:
        """The terms of each text; of one that has stop words only, these."""
        return tuple(tuple(analyse(text) or re.findall(r"\w+", fold(text))) for text in self.texts)


def near_duplicates(dev: Sequence[Said], test: Sequence[Said]) -> Iterator[tuple[Said, Said]]:
    """The pairs, in the order of `test` and then of `dev`; those with the same key are left to who compares keys."""
    for late in test:
        for early in dev:
            pairs = zip(early.terms, late.terms, strict=True)
            if early.key != late.key and all(_alike(one, other) for one, other in pairs):
                yield early, late


def told(pairs: Iterator[tuple[Said, Said]]) -> Iterator[str]:
    """A message for each pair."""
    for dev, test in pairs:
        yield (
            f"{test.where}: {test.id} (test) says nearly what {dev.id} (dev) says at {dev.where}, "
            "expected both in one split, or another question"
        )


def _alike(one: Sequence[str], other: Sequence[str]) -> bool:
    ours, theirs = set(one), set(other)
    if len(ours & theirs) >= MIN_JACCARD * len(ours | theirs):
        return True
    return fuzz.token_sort_ratio(" ".join(one), " ".join(other), score_cutoff=MIN_TOKEN_SORT) > 0
