"""What belongs to what in a sentence: which figure counts which noun, who does what to whom.

In: a written sentence and texts that it may rest on. Out: what it ties otherwise than they do, empty when nothing speaks for
that. Rules over the order of words, for French alone: a figure that counts another noun in the passages, one that was left
off, one of another row of a table, two nouns that have changed sides of a verb in the active voice. Pure; refuses nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

import simplemma

from ingest.index.analyser import analyse
from rag.support.figures import Figures, figures_of, in_digits

_WORD = re.compile(r"\d+(?:[ .]\d{3})*(?:,\d+)?|[^\W_]+(?:-[^\W_]+)*|[.;:!?|]")
# Between a figure and what it counts.
_UNITS = frozenset("million milliard millier euro eur".split())
# Words from a figure to what it counts ("12 nouvelles habitantes"). With 1 or 3 two or one true sentences more fall on dev.
_COUNTED = 2
# Content words on either side of a verb among which its subject and objects are looked for. With 2 before it one false
# sentence more is shown on dev, with 4 behind it four; with twice as many nothing changes.
_BEFORE, _BEHIND = 4, 8
_FIGURE = re.compile(r"\d+(?:,\d+)?")
_SUBJECT = re.compile(
    r"(?:^|[.,;:] |\bdont )(?P<figure>\d+)(?: d'entres? (?:eux|elles)| (?P<noun>[\w-]+))?(?: sur \d+)?"
    r"(?: (?:sont|ont|etaient|avaient|n'ont)|(?<=eux)|(?<=elles))(?P<behind>(?: [\w'-]+){1,3})"
)
_AUXILIARY = frozenset("a ont avait avaient aura auront".split())
_BEING = frozenset("est sont était étaient été être sera seront fut furent soit se s".split())
_ARTICLES = frozenset("le la les l un une des de d du au aux ce cet cette ces son sa ses leur leurs à en".split())


def moved_figures(sentence: str, texts: Iterable[str]) -> frozenset[str]:
    """Nouns that the sentence counts with a figure that counts something else in the texts, where another counts them.

    Catches 5 false sentences on dev that nothing else does, and costs no true one.
    """
    said = _counted(sentence)
    told: defaultdict[str, set[str]] = defaultdict(set)
    for text in texts:
        for figure, nouns in _counted(text).items():
            told[figure] |= nouns
    return frozenset(
        noun
        for figure, nouns in said.items()
        if told.get(figure) and not nouns & told[figure]
        for noun in nouns
        if any(noun in others for other, others in told.items() if other != figure)
    )


@lru_cache(maxsize=4096)
def _counted(text: str) -> Mapping[str, frozenset[str]]:
    """What stands behind each figure, as terms."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    words = _WORD.findall(in_digits(text))
    last: set[str] = set()
    for place, word in enumerate(words):
        if word[0].isdigit():
            # "412 foyers, dont 38 %": what counts a part may count the whole's noun.
            whole = last if place and words[place - 1] == "dont" else set()
            last = {*_behind(words[place + 1 :])} | whole
            found[re.sub(r"[ .]", "", word)] |= last
    return {figure: frozenset(nouns) for figure, nouns in found.items()}


def _behind(words: list[str]) -> Iterator[str]:
    taken = 0
    for word in words:
        if word[0].isdigit() or word in ".;:!?|" or taken == _COUNTED:
            return
        for term in analyse(word):
            if term not in _UNITS:
                taken += 1
                yield term


def left_off(sentence: str, text: str) -> str:
    """Of how many the text says something ("trois d'entre elles sont"), when the sentence says it without them.

    "Des" says of a part too, and so does another figure of the text. Catches 4 on dev, and costs no true one.
    """
    said, told = in_digits(sentence), in_digits(text)
    figures = set(_FIGURE.findall(said))
    for match in _SUBJECT.finditer(told):
        if figures & {match["figure"], *_FIGURE.findall(told[match.end() :])}:
            continue
        verb = next(iter(analyse(match["behind"])), "")
        is_of_some = match["noun"] is not None and f"des {match['noun']}" in said
        if verb in analyse(said) and not is_of_some:
            return match["figure"]
    return ""


def of_another_row(sentence: str, row: str) -> frozenset[str]:
    """Figures of the sentence of whose unit the row has others alone ("Espaces verts | 15 % des heures | 8 mois").

    Catches 3 false sentences on dev that nothing else does, and costs no true one.
    """
    said, told = by_unit(figures_of(sentence)), by_unit(figures_of(row))
    return frozenset().union(*(said[unit] for unit in said.keys() & told.keys() if not said[unit] & told[unit]))


def by_unit(figures: Figures) -> Mapping[str, frozenset[str]]:
    """Values by their unit; years are a kind of their own."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for figure in figures.figures:
        found[figure.unit].add(figure.value)
    for day in figures.days:
        if day.year is not None:
            found["year"].add(str(day.year))
    return {unit: frozenset(values) for unit, values in found.items()}


def swapped(sentence: str, text: str) -> str:
    """The verb about which two words have changed sides ("A paie B", "B paie A"); empty where there is none.

    Catches 6 false sentences on dev that nothing else does, and costs no true one.
    """
    said, told = _ordered(sentence), _ordered(text)
    for place, (verb, is_active) in enumerate(said):
        if not is_active:
            continue
        before, behind = _sides(said, place)
        for other, (same, as_active) in enumerate(told):
            if same == verb and as_active:
                subject, objects = _sides(told, other)
                if (before & objects) - subject and (behind & subject) - before - objects:
                    return verb
    return ""


def _sides(words: list[tuple[str, bool]], place: int) -> tuple[set[str], set[str]]:
    before = {term for term, _ in words[max(0, place - _BEFORE) : place]}
    return before, {term for term, _ in words[place + 1 : place + 1 + _BEHIND]}


def _ordered(text: str) -> list[tuple[str, bool]]:
    """Terms in order, each with whether it is a verb in the active voice."""
    words = _WORD.findall(text.replace("’", "'").lower())
    return [
        (term, _is_active(words, place)) for place, word in enumerate(words) for term in analyse(word) if len(term) > 1
    ]


def _is_active(words: list[str], place: int) -> bool:
    before = words[max(0, place - 3) : place]
    if not before or before[-1] in _ARTICLES or _BEING & set(before) or "par" in words[place + 1 : place + 5]:
        return False
    # A participle without auxiliary is passive ("une filature confiée à").
    is_participle = re.search(r"[éiu]e?s?$", words[place]) is not None
    return bool(_AUXILIARY & set(before[-2:])) or (not is_participle and _is_verb(words[place]))


@lru_cache(maxsize=16384)
def _is_verb(word: str) -> bool:
    """Whether a finite form: an infinitive in its lemma ("prêtent"), and none in itself ("solidaire")."""
    lemma = simplemma.lemmatize(word, "fr")
    return re.search(r"(?:er|ir|re)$", lemma) is not None and word.removesuffix("s") != lemma
