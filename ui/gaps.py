"""Unanswered questions -> groups of those that ask nearly the same, the most asked first: what editors may want to publish on.

In: questions of the log, and if there is an embedder their vectors. Out: groups with counts and examples. Deterministic: the
same questions in any order give the same groups. Pure; refuses nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ingest.index.analyser import analyse
from ui.question_log import Asked

Vectors = NDArray[np.float32]

# Looked at on the `dev` questions and eight rewordings of them: half of all terms shared is the same subject; vectors of the
# default model reach 0.95 for rewordings (of 17,578 pairs of `dev` questions one does); between them, 0.90 with two terms
# shared that are a third of all.
_TERMS, _VECTORS = 0.5, 0.95
_TERMS_WITH, _VECTORS_WITH, _SHARED_WITH = 0.33, 0.90, 2
_EXAMPLES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Questions that ask nearly the same: how many, the last day, terms that most of them hold, the most asked wordings."""

    count: int
    last_day: str
    terms: tuple[str, ...]
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Wording:
    """One wording, with how often it was asked, its terms, and its vector (d,) if there is one."""

    text: str
    count: int
    last_day: str
    terms: frozenset[str]
    vector: Vectors | None


def gaps_of(asked: Sequence[Asked], encode: Callable[[Sequence[str]], Vectors] | None, *, least: int = 1) -> list[Gap]:
    """Groups of at least `least` questions. A wording joins the first group whose most asked wording it is like."""
    groups: list[list[_Wording]] = []
    for wording in _wordings(asked, encode):
        home = next((group for group in groups if _are_alike(group[0], wording)), None)
        if home is None:
            groups.append([wording])
        else:
            home.append(wording)
    gaps = [_gap(group) for group in groups]
    return sorted((gap for gap in gaps if gap.count >= least), key=lambda gap: (-gap.count, gap.examples[0].casefold()))


def _wordings(asked: Sequence[Asked], encode: Callable[[Sequence[str]], Vectors] | None) -> list[_Wording]:
    """Each wording once, the most asked first; case and white space aside."""
    counts = Counter(_key(one.question) for one in asked)
    shown: dict[str, str] = {}
    last: dict[str, str] = {}
    for one in sorted(asked, key=lambda one: (one.day, one.question)):
        shown.setdefault(_key(one.question), one.question)
        last[_key(one.question)] = one.day
    keys = sorted(counts, key=lambda key: (-counts[key], key))
    vectors = encode([shown[key] for key in keys]) if encode and keys else [None] * len(keys)
    return [
        _Wording(text=shown[key], count=counts[key], last_day=last[key], terms=frozenset(analyse(key)), vector=vector)
        for key, vector in zip(keys, vectors, strict=True)
    ]


def _key(question: str) -> str:
    return " ".join(question.split()).casefold().rstrip(" ?!.…")


def _are_alike(one: _Wording, other: _Wording) -> bool:
    shared, either = one.terms & other.terms, one.terms | other.terms
    overlap = len(shared) / len(either) if either else 0.0
    if overlap >= _TERMS:
        return True
    if one.vector is None or other.vector is None:
        return False
    cosine = float(one.vector @ other.vector)
    near = cosine >= _VECTORS_WITH and overlap >= _TERMS_WITH and len(shared) >= _SHARED_WITH
    return near or (cosine >= _VECTORS and bool(shared))


def _gap(group: Sequence[_Wording]) -> Gap:
    held = Counter(term for wording in group for term in wording.terms)
    common = sorted((term for term, n in held.items() if 2 * n > len(group)), key=lambda term: (-held[term], term))
    return Gap(
        count=sum(wording.count for wording in group),
        last_day=max(wording.last_day for wording in group),
        terms=tuple(common),
        examples=tuple(wording.text for wording in group[:_EXAMPLES]),
    )
