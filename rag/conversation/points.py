"""Which point of an answer a follow-up means ("le deuxième", "le 3", "le dernier exemple"). Pure; refuses nothing.

An answer by extracts has its points in a list. One that a chat model wrote is a paragraph: its points are its sentences.
"""

from __future__ import annotations

import re

from ingest.index.analyser import analyse
from ingest.sentences import split_sentences
from rag.conversation import wording
from rag.conversation.wording import folded
from rag.language import ENGLISH_WORDS, asked_for

_POINT = re.compile(r"^\s*(?:[-•*]|\d{1,2}[.)])\s+(.+)$")
_QUOTED = re.compile(r"«\s*([^»]+?)\s*»")
_MARKS = re.compile(r"\[\d+\]")
# What ends a sentence that cites. Bounded, for the text may be forged.
_ENDING = re.compile(r"(?:\[\d{1,3}\]){1,20}(?=\s|\Z)")
_DIGITS = {
    word: number for number, word in enumerate("un deux trois quatre cinq six sept huit neuf dix".split(), start=1)
}
# What may follow an ordinal that stands alone ("le deuxième m'intéresse"), beside any other word.
_NOUN = re.compile(r" (?!(?:m'|c'est|est|qui|comment|ou|en|on|me|dont|et|svp|stp|s'il|please)\b)\w")
_BARE_NUMBER = re.compile(r"(?:et )?(?:le |la |n° ?)(?:n° ?)?(\d{1,2})[ ?.!]*\Z")
# Words with which a point is asked for, and which say nothing of it.
_WANTING = frozenset(
    analyse(
        "intéresse intéresserait reviens revenir davantage s'il te vous plaît svp stp please pouvez expand develop detail"
    )
)
# Most words of a line that only says of what sort the points below are, words of a point that are carried over, lines read of
# a list, characters read of a paragraph (400 words have 2,700).
_HEADING_WORDS, _WORDS, _LINES, _CHARACTERS = 4, 18, 200, 10_000


def has_point(plain: str, text: str) -> bool | None:
    """Whether the answer has the point that the folded follow-up names by its number; None when it names none, or says more
    than that.
    """
    wanted = _number(plain)
    if wanted is None:
        return None
    if point_asked(plain, text):
        return True
    for pattern in (
        wording.NUMBERED,
        _BARE_NUMBER,
        wording.POINT,
        wording.DETAIL,
        *(one for one, _ in wording.ORDINALS),
    ):
        plain = pattern.sub(" ", plain)
    rest = " ".join(word for word in plain.split() if word not in ENGLISH_WORDS)
    return None if asked_for(rest, or_all=False) - _WANTING else False


def point_asked(plain: str, text: str) -> str | None:
    """The words of the point that the folded follow-up names; None when it names none that the answer has."""
    points = _points(text, examples_only=re.search(r"\b(?:exemples?|examples?)\b", plain) is not None)
    wanted = _number(plain)
    if wanted is None:
        return _named(plain, points)
    position = wanted if wanted < 0 else wanted - 1
    return points[position] if -len(points) <= position < len(points) else None


def _named(plain: str, points: list[str]) -> str | None:
    """The point that has every word after "sur": "dis-m'en plus sur l'exemple de Nantes"."""
    about = re.search(r"\b(?:sur|about|de celui de|pour celui de) (.+)$", plain)
    if about is None or not (wording.DETAIL.search(plain) or wording.POINT.search(plain)):
        return None
    terms = set(analyse(wording.POINT.sub(" ", about.group(1))))
    return next((point for point in points if terms and terms <= set(analyse(point))), None)


def _number(plain: str) -> int | None:
    numbered = wording.NUMBERED.search(plain) or _BARE_NUMBER.fullmatch(plain.strip())
    if numbered:
        return _DIGITS.get(numbered.group(1)) or int(numbered.group(1)) or None
    found = next(((one, n) for pattern, n in wording.ORDINALS if (one := pattern.search(plain))), None)
    if found is None:
        return None
    ordinal, number = found
    means_point = (
        wording.POINT.search(plain)
        or wording.DETAIL.search(plain)
        or re.search(r"^(?:et )?(?:le|la|l')\b|\b(?:le|la|au|du) \w+ ?[?.!]*$", plain)
    )
    # "La première étape pour créer une SCIC" is the first of something else.
    of_another = not (wording.POINT.search(plain) or wording.DETAIL.search(plain)) and _NOUN.match(
        plain[ordinal.end() :]
    )
    return number if means_point and not of_another else None


def _points(text: str, *, examples_only: bool) -> list[str]:
    """Every quotation of every point in order; those under "Exemples" alone if they are meant and there are any.

    Of a text without a list every sentence that cites.
    """
    points: list[str] = []
    examples: list[str] = []
    heading = ""
    for line in text.splitlines()[:_LINES]:
        item = _POINT.match(line)
        if item:
            told = _told(item.group(1))
            points.append(told)
            examples += [told] if "exempl" in heading or "exampl" in heading else []
        elif line.strip() and len(line.split()) <= _HEADING_WORDS:
            heading = folded(line)
    if not points:
        return _sentences(text[:_CHARACTERS])
    return examples if examples_only and examples else points


def _sentences(text: str) -> list[str]:
    """The sentences that end with marks, without them, each as long as a question bears."""
    found: list[str] = []
    for line in text.splitlines():
        start = 0
        for marks in _ENDING.finditer(line):
            before = line[start : marks.start()]
            spans = split_sentences(before)
            found += [_cut(before[spans[-1].start : spans[-1].end])] if spans else []
            start = marks.end()
    return found


def _told(item: str) -> str:
    """Place and quotation, without marks, no longer than a question bears."""
    quoted = _QUOTED.search(item)
    place = item[: quoted.start()].strip(" :") if quoted else ""
    said = _cut(quoted.group(1) if quoted else _MARKS.sub("", item))
    return f"{place}, {said}" if place else said


def _cut(text: str) -> str:
    return " ".join(text.split()[:_WORDS]).rstrip(" ,;:.")
