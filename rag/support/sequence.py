"""What comes first and what follows from it: a cause before its effect, a step before the next.

In: a written sentence and its evidence, French. Out: "cause" or "order" where the sentence gives as cause (or earlier) what its
evidence gives as effect (or later). Each side is the words on either side of a connective, no understanding of them: what is
told without one (a colon, two sentences side by side) is not seen. Pure; refuses nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ingest.index.analyser import fold
from rag.support.terms import terms_of

_DE, _A = r"(?:d[eu]s?\b|d')", r"(?:aux?\b|a\b)"
# Behind them stands the cause, before them the effect.
_BECAUSE = (
    rf"(?:parce qu|car\b|puisqu|en raison {_DE}|a cause {_DE}|grace {_A}|du fait {_DE}|faute {_DE}|sous l'effet {_DE}"
    rf"|expliqu\w+(?: \w+)? par\b|motive\w* par\b|provoque\w* par\b"
    rf"|(?:vien(?:t|nent)|result\w+|provien\w+|decoul\w+)(?: \w+)? {_DE}"
    rf"|(?:tien(?:t|nent)|dues?|dus)(?: \w+)? {_A}|(?:fruit|resultat|consequence) {_DE})"
)
# The other way round; none in the passive, where the sides are exchanged.
_THEREFORE = (
    r"(?:(?:a|ont|avait|avaient) (?:permis|conduit|entraine|provoque|engendre|amene|favorise|contribue|debouche|abouti"
    r"|suscite|cree|incite|pousse|fait naitre)|permet(?:tent|tant)?|condui(?:t|sent|sant)|entrain(?:e|ent|ant)"
    r"|provoqu(?:e|ent|ant)|engendr(?:e|ent|ant)|favoris(?:e|ent|ant)|contribu(?:e|ent|ant)|debouch(?:e|ent|ant)"
    r"|abouti(?:t|ssent)|suscit(?:e|ent)|fragilis(?:e|ent)|alleg(?:e|ent)|renforc(?:e|ent)"
    r"|d'ou|de sorte qu|si bien qu|donc|c'est pourquoi|par consequent|a l'origine (?:de|du|des))\b"
)
# A participle, whose accent folding takes away: without "avoir" before it, what is behind "par" does it.
_PARTICIPLE = re.compile(r"é(?:e|s|es)?$", re.IGNORECASE)
_HAVING = re.compile(r"\b(?:a|ont|avait|avaient) (?:\w+ )?$")
_AFTER = (
    rf"(?:(?<!avant et )(?<!avant ou )apres\b|une fois(?! par| l[ae]s?\b)\b|des qu|des lors qu|a l'issue {_DE}"
    rf"|au terme {_DE}|a la fin {_DE}|a la suite {_DE}|suite {_A}|lorsqu)"
)
_BEFORE = rf"(?:avant(?! (?:tout|et apres|ou apres)\b)\b|prealable\w* {_A}|en amont {_DE}|puis\b|ensuite\b)"
_PUT_FIRST = rf"(?:avant\b|en amont {_DE}|prealable\w* {_A})"
_Terms = frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """`back`: connectives behind which stands what comes first; `front`: those that, at the head, put the later side first."""

    name: str
    back: str
    forth: str
    front: str

    def pairs(self, text: str) -> tuple[tuple[_Terms, _Terms], ...]:
        """What comes first and what follows, for each connective of the text."""
        return _pairs(self, text)


_KINDS = (
    _Kind(name="cause", back=_BECAUSE, forth=_THEREFORE, front=r"(?!)"),
    _Kind(name="order", back=_AFTER, forth=_BEFORE, front=_PUT_FIRST),
)


def turned_round(sentence: str, evidence: Sequence[str]) -> frozenset[str]:
    """Of what kinds the sentence turns round what a text of its evidence says."""
    return frozenset(
        kind.name
        for kind in _KINDS
        if _is_reversed(kind.pairs(sentence), (pair for text in evidence for pair in kind.pairs(text)))
    )


def _is_reversed(said: Iterable[tuple[_Terms, _Terms]], told: Iterable[tuple[_Terms, _Terms]]) -> bool:
    """Whether more of a pair stands on the other sides of some pair that is told than of any on the same ones."""
    others = tuple(told)
    return any(_across(pair, others) > _along(pair, others) for pair in said)


def _across(pair: tuple[_Terms, _Terms], others: Iterable[tuple[_Terms, _Terms]]) -> float:
    """0 where one of the sides has nothing on the other side."""
    first, then = pair
    crossed = ((_share(first, later), _share(then, earlier)) for earlier, later in others)
    return max((one + other for one, other in crossed if one and other), default=0.0)


def _along(pair: tuple[_Terms, _Terms], others: Iterable[tuple[_Terms, _Terms]]) -> float:
    first, then = pair
    return max((_share(first, earlier) + _share(then, later) for earlier, later in others), default=0.0)


def _share(side: _Terms, other: _Terms) -> float:
    return len(side & other) / len(side) if side else 0.0


@lru_cache(maxsize=4096)
def _pairs(kind: _Kind, text: str) -> tuple[tuple[_Terms, _Terms], ...]:
    plain = " ".join(text.replace("’", "'").split())
    folded = fold(plain)
    if len(folded) != len(plain):  # a ligature: the places of the one are not those of the other
        plain = folded
    return tuple(_apart(first, then) for first, then in _sides(kind, plain, folded))


def _sides(kind: _Kind, plain: str, folded: str) -> Iterator[tuple[str, str]]:
    """The two sides as texts; a connective at the head has both behind it, parted by a comma."""
    for lead, is_first in ((kind.back, True), (kind.front, False)):
        head = re.match(rf"{lead}(?P<near>[^,;:.]+),(?P<far>[^;.]+)", folded)
        if head:
            near, far = plain[head.start("near") : head.end("near")], plain[head.start("far") : head.end("far")]
            yield (near, far) if is_first else (far, near)
            return
    for match in re.finditer(rf"\b(?:(?P<back>{kind.back})|(?P<forth>{kind.forth}))", folded):
        before, behind = re.split(r"[;:.]", plain[: match.start()])[-1], re.split(r"[;.]", plain[match.end() :])[0]
        has = " " in match[0] or _HAVING.search(folded[: match.start()]) is not None
        if match["back"]:
            yield _inserted(before, behind)
        elif has or not _PARTICIPLE.search(plain[match.start() : match.end()]):
            yield before, behind
        elif by := re.match(r" par\b", behind):  # "est renforcé par"
            yield behind[by.end() :], before


def _inserted(before: str, behind: str) -> tuple[str, str]:
    """What comes first and what follows where the first stands behind: up to its comma if it is put in between two."""
    inside, comma, rest = behind.partition(",")
    return (inside, f"{before} {rest}") if comma and before.rstrip().endswith(",") else (behind, before)


def _apart(first: str, then: str) -> tuple[_Terms, _Terms]:
    """Their terms without those that both have."""
    one, other = (frozenset(term for term in terms_of(side) if len(term) > 1) for side in (first, then))
    return one - other, other - one
