"""What a field example is about: the territory or the actor that its first words name. Pure; refuses nothing."""

from __future__ import annotations

import re

_NAME = r"[A-ZÀÂÇÉÈÊÎÔÛŒ][\w’'\-]*"
_JOIN = r"(?:\s+|(?:\s+de\s+[a-zà-ÿ]+)?\s+(?:de|du|des|la|le|les|et|en|sur|aux?)\s+(?:la\s+|l['’])?|\s+d['’])"
_RUN = rf"{_NAME}(?:{_JOIN}{_NAME})*"
_ARTICLE = r"(?:Le|La|Les|L['’])"
# "À Rennes Métropole, un comité", "Dans les Hauts-de-France, le dialogue"
_PLACED = re.compile(rf"(?:À|A|Dans|En|Sur|Au|Aux)\s+(?:(?:le|la|les|l['’])\s*)?(?P<name>{_RUN})\s*,")
# "Au sein du quartier en renouveau Chêne des Anglais à Nantes, ..."
_QUARTER = re.compile(
    rf"\b(?:quartier|commune|ville|territoire)\s+(?:[a-zà-ÿ]+\s+){{0,2}}(?P<name>{_RUN}(?:\s+à\s+{_RUN})?)"
)
# "La communauté de communes du Pays de Lumbres a créé"
_AUTHORITY = re.compile(
    rf"(?P<name>(?i:(?:la\s+|le\s+|l['’])?(?:communauté\s+(?:de\s+communes|d['’]agglomération|urbaine)|agglomération|métropole|ville"
    rf"|commune|région|département)\s+(?:de\s+(?:la\s+|l['’])?|du\s+|des\s+|d['’])){_RUN})"
)
# "Le Grand Narbonne est", "Toulouse Métropole a", "La Ville de Mamoudzou a", "VRAC - Vers"
_SUBJECT = re.compile(rf"(?P<name>(?:{_ARTICLE}\s*)?{_RUN})")
# "Dans le cadre de ..., le RTES a", "Depuis les années 80, le Québec"
_AFTER = re.compile(rf",\s+(?:(?:le|la|les)\s+|l['’])?(?P<name>{_RUN})")
# "« Nous avons écouté les habitants », explique Marie Durand, vice-présidente"
_SPEAKER = re.compile(rf"[«“\"].{{0,2000}}?[»”\"]\s*[,–—-]?\s*(?:[a-zà-ÿ'’]+\s+){{0,4}}(?P<name>{_RUN})")
_OPENING = 160  # characters in which a name is looked for
_LONGEST = 6  # words


def example_title(text: str) -> str:
    """The name by which the example is called, or its first words."""
    return example_name(text) or _first_words(_opening(text))


def example_name(text: str) -> str | None:
    """The name by which the example is called, None if its first words hold none."""
    speaker = _SPEAKER.match(text)
    if speaker:
        return speaker["name"]
    opening = _opening(text)
    placed = _PLACED.match(opening)
    if placed:
        return placed["name"]
    authority = _AUTHORITY.match(opening)
    if authority:
        return authority["name"]
    subject = _SUBJECT.match(opening)
    if subject and _is_name(subject["name"], opening[subject.end() :]):
        return subject["name"]
    for pattern in (_QUARTER, _AFTER):
        found = pattern.search(opening)
        if found:
            return found["name"]
    return None


def _opening(text: str) -> str:
    return re.split(r"(?<=[.!?])\s", text)[0][:_OPENING]


def _is_name(words: str, following: str) -> bool:
    """Whether the capitals at a sentence's start are a name's: two of them, a sigle, or an article before a name."""
    names = re.findall(_NAME, words)
    articled = re.match(rf"{_ARTICLE}\s*{_NAME}", words) and names[0] in {"Le", "La", "Les"}
    if articled or len(names) >= 2 + (names[0] in {"Dans", "Depuis", "Au", "En", "Un", "Une"}):
        return True
    return len(names[0]) > 1 and (names[0].isupper() or following.lstrip().startswith((":", "-", "–")))


def _first_words(opening: str) -> str:
    head = re.split(r"[,:;(]", opening)[0].split()
    return " ".join(head[:_LONGEST]) + ("…" if len(head) > _LONGEST else "")
