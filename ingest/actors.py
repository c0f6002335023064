"""Text of a field example -> the organisations that it names. Pure; refuses nothing.

An organisation is a kind of body followed by its name ("la régie de quartier Optima", "l'association Pistyles"), or one that
the networks' lexicon lists. Local authorities are territories, not actors: they have a field of their own.
"""

from __future__ import annotations

import re
from functools import cache

from ingest.repair.lexicon import default_lexicon

_BODY = r"""(?:
    associations? | coopératives? | collectifs? | fondations? | fédérations? | épiceries?(?:\ sociale\ et\ solidaire)?
  | régies?(?:\ de\ (?:quartier|territoire))? | entreprises?\ (?:d['’]insertion|adaptées?) | bailleurs?(?:\ socia(?:l|ux))?
  | incubateurs? | ressourceries? | recycleries? | tiers-lieux? | centres?\ (?:social|socioculturel) | missions?\ locales?
  | conciergeries? | maisons?\ de\ (?:l['’]emploi|quartier) | universités? | foncières?
  | SCIC | Scic | SCOP | Scop | PTCE | CAE | CRESS | GIP | SIAE | EBE
)"""
_WORD = r"[A-ZÀÂÇÉÈÊÎÔÛŒ][\w’'&.\-]*[\w&]"
_JOIN = r"(?:\s+|\s+(?:de|du|des|la|le|les|et|en|pour|à)\s+(?:la\s+)?|\s+(?:d|l)['’])"
_NAMED = re.compile(rf"(?<!\w){_BODY}\s+(?P<name>[«“\"]?\s?{_WORD}(?:{_JOIN}{_WORD}){{0,5}})", re.VERBOSE)


def find_actors(text: str) -> tuple[str, ...]:
    """Names of organisations in `text`, in order of appearance, each once. No name goes on past a blank line."""
    parts = (" ".join(part.split()) for part in re.split(r"\n\s*\n", text))
    return tuple(dict.fromkeys(name for part in parts for name in _find_in(part)))


def _find_in(flat: str) -> list[str]:
    found = [(match.start("name"), match["name"].strip('«“" \u00a0.')) for match in _NAMED.finditer(flat)]
    inside = [(match.start(), match.end()) for match in _NAMED.finditer(flat)]
    found += [
        (match.start(), match.group())
        for match in _known().finditer(flat)
        if not any(start <= match.start() < end for start, end in inside)
    ]
    return [name for _, name in sorted(found)]


@cache
def _known() -> re.Pattern[str]:
    names = sorted(default_lexicon().actors, key=lambda name: (-len(name), name))
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, names))})(?![\w-])")
