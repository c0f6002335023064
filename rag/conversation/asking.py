"""What a question asks with: question words by kinds ("combien" and "how many" are one), their place, whom "qui" means.

In: a clean question, French or English. Out: a value; two questions that ask the same have the same. Pure; refuses nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.index.analyser import analyse
from rag.conversation.asked import Asked
from rag.conversation.wording import folded
from rag.language import ENGLISH_WORDS

# Of one kind what asks the same; the first that matches is meant. "où" is spelt "where" beforehand: folded it is "or".
_KINDS = {
    "count": r"combien|how (?:much|many)",
    "how": r"comment|how",
    "why": r"pourquoi|why",
    "which": r"(?:les?|la|du|des|au|aux)?quel(?:le)?s?|which",
    "what": r"quoi|koi|que|qu(?=')|what",
    "who": r"qui|whom?|whose",
    "when": r"quand|when",
    "where": r"where|ou(?! (?:a|aux?|bien|alors|plutot|avec|sans|pour|les?|la|des?|une?)(?![-\w])(?! \w+er\b))",
}
_KIND = "|".join(rf"(?P<{name}>\b(?:{words})(?![\w-]))" for name, words in _KINDS.items())
_BEFORE = (
    r"(?P<with>(?:a|de|d'|avec|par|pour|chez|sur|dans|en|sans|contre|vers|entre|aupres de|depuis|jusqu'a|since|until|with|for"
    r"|by|from|to|in|at|on) ?)?"
)
# What asks begins a clause, or ends the question; elsewhere "qui", "que", "où" and "quand" mostly only join.
_LEADING = re.compile(rf"(?P<start>^|[,;:]|\b(?:et|and|or)\b) ?(?:(?:c'est|ce sont) )?{_BEFORE}(?:{_KIND})")
_ENDING = re.compile(rf"(?:(?<=\W)|^){_BEFORE}(?:{_KIND})(?: (?:ca|cela|donc|exactement))?$")
_ANYWHERE = re.compile(rf"(?:{_KIND})")
_ALWAYS_ASKING = frozenset({"count", "how", "why", "which"})
_WITH = frozenset({"what", "who", "when", "where"})  # "depuis quand" asks for something else than "quand"
_INVERTED = re.compile(r"(?<!rendez)-(?:t-)?(?:ils?|elles?|on|tu|vous)\b|\best-ce qu(?:e\b|')")
_YES_NO = re.compile(
    r"\best-ce\b|\best ce qu|^(?:is|are|was|were|do|does|did|can|could|should|will|would|has|have|must|may|might)\b"
)
# They ask nothing of their own: "et en Bretagne, ça donne quoi ?"
_IDLE = re.compile(r"\b(?:(?:ca|cela) donne quoi|il y a quoi|qu'en est-il|what about|how about)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What a question asks with: kinds of question words with their prepositions, or "yes or no"; none where it has none.

    `place` of the first: 0 it stands first, 1 first in a clause, 2 elsewhere. `who`: the word after a leading "qui" that does
    something, "" where something is done to it, None without one.
    """

    words: frozenset[str] = frozenset()
    place: int = 2
    who: str | None = None

    @classmethod
    def of(cls, text: str) -> Asking:
        """`text` must be clean."""
        plain = folded(re.sub(r"\boù\b", "where", Asked.of(text).text, flags=re.IGNORECASE))
        plain = _IDLE.sub(" ", plain).strip()
        found = {match.start(match.lastgroup or 0): match for match in _ENDING.finditer(plain)}
        found |= {match.start(match.lastgroup or 0): match for match in _LEADING.finditer(plain)}
        always = (match for match in _ANYWHERE.finditer(plain) if match.lastgroup in _ALWAYS_ASKING)
        found = {match.start(): match for match in always} | found
        if not found:
            is_yes_no = _YES_NO.search(plain) or _INVERTED.search(plain)
            return cls(words=frozenset({"yes or no"} if is_yes_no else ()))
        first = found[min(found)]
        leads = first.re is _LEADING
        place = 2 if not leads else int(bool(first["start"]))
        return cls(words=frozenset(map(_kind, found.values())), place=place, who=_who(first, plain, leads=leads))


def _kind(found: re.Match[str]) -> str:
    """The kind of a question word, after its preposition where that matters."""
    kind = found.lastgroup or ""
    before = (found.groupdict().get("with") or "").strip().replace("d'", "de")
    return f"{before} {kind}".strip() if kind in _WITH else kind


def _who(found: re.Match[str], plain: str, *, leads: bool) -> str | None:
    if _kind(found) != "who":
        return None
    rest = plain[found.end() :]
    if not leads or _INVERTED.search(rest) or re.match(r" (?:do|does|did)\b", rest):
        return ""
    # The verb as it is written: in "qui financent les régies" somebody else finances.
    words = (word for word in re.findall(r"[^\W_](?:[\w-]*\w)?", rest) if word not in ENGLISH_WORDS)
    return next((word for word in words if analyse(word)), "")
