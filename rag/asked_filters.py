"""What a question itself narrows its search to: "les publications du RTES depuis 2022 sur l'économie informelle en Bretagne".

In: the question. Out: filters, and the question without the words that only name publications. Read cautiously, since a filter
hides passages: a publisher where publications or what one says are spoken of, a year after "depuis" (what happened since can
only stand in what was published since) or beside publications, a theme that publications are asked for by, territories
wherever they are named. Refuses nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ingest.index.analyser import fold
from ingest.repair.lexicon import Sigle
from ingest.territories import Gazetteer
from rag.answer import FILTER_FIELDS, Filters

_PUBLICATIONS = (
    r"(?:publications?|documents?|ressources?|guides?|articles?|fiches?|brochures?|etudes?|travaux|notes?|textes?|"
    r"reports?|papers?)"
)
_PUBLISHED = r"(?:publie|paru|edite|sorti|date|diffuse)(?:e?s?)"
_OF = r"(?:du |de la |de l'|des |de |d'|by (?:the )?|of (?:the )?|from (?:the )?)"
_THE = r"(?:le |la |l'|les |the )?"
_YEAR = r"(?:19[89]\d|20\d\d)"
_SAYS = (
    r"(?:(?:a|ont|avait|avaient) (?:dit|ecrit|recommande|preconise|publie|conseille)|di(?:t|sent|sai(?:t|ent)|ra|ront)|"
    r"ecri(?:t|vent|vai(?:t|ent))|(?:recommand|preconis|publi|conseill)(?:e(?:nt)?|ai(?:t|ent)|era|eront))"
)
_SAYS_ENGLISH = r"(?:says?|said|recommends?|recommended|writes?|advises?|publish(?:es|ed)?)"
_MONTHS = r"(?:(?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre) )?"
# "depuis 2022": said of what happened or of what was published. "en 2022" only of publications.
# `said` is the part that says nothing but the period, and is not searched once it is a filter.
_SINCE = re.compile(rf"\b(?P<said>(?:depuis|a partir de|since) (?:l'annee |l'an )?{_MONTHS}({_YEAR}))\b")
_AFTER = re.compile(rf"\b(?P<said>(?:apres|posterieure?s? a|after) (?:l'annee |l'an )?{_MONTHS}({_YEAR}))\b")
_NEAR = rf"\b(?:{_PUBLICATIONS}\b(?: \w+){{0,4}}?|{_PUBLISHED})"
# "Que disait le RTES en 2022": what a publisher says in a year is what is published in it.
_SAID_IN = re.compile(rf"\b{_SAYS} (?:le |la |les |l')?\w+ (?P<said>en {_MONTHS}({_YEAR}))\b")
_BETWEEN = re.compile(rf"{_NEAR} (?P<said>(?:entre|de|from|between) ({_YEAR}) (?:et|a|and|to) ({_YEAR}))\b")
_IN = re.compile(rf"{_NEAR} (?P<said>(?:en |de |d'|in |from ){_MONTHS}({_YEAR}))\b")
_UNTIL = re.compile(rf"{_NEAR} (?P<said>(?:jusqu'en|jusqu'a|until) ({_YEAR}))\b")
_BEFORE = re.compile(rf"{_NEAR} (?P<said>(?:avant|anterieure?s? a|before) ({_YEAR}))\b")
_ABOUT = rf"\b{_PUBLICATIONS}(?: [\w']+){{0,4}}? (?:sur|relatif a|relative a|about|on) {_THE}"
_THEMED = r"\b(?:theme|thematique|rubrique|topic) ?(?::|«)? ?(?:de la |de l'|du |des |de |d')?"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedFilters:
    """What was read out of a question. `rest` is the question as it is searched, without what only names publications."""

    filters: Filters
    rest: str


class FilterReader:
    """Reads filters that one index knows: its publishers (and what their sigles stand for), its themes, territories."""

    def __init__(
        self, *, publishers: Iterable[str], themes: Iterable[str], sigles: Iterable[Sigle], gazetteer: Gazetteer
    ) -> None:
        meanings = {sigle.sigle: (sigle.meaning, *sigle.variants) for sigle in sigles}
        self._publishers = {name: _any_of((name, *meanings.get(name, ()))) for name in publishers}
        self._themes = {theme: _any_of((theme,)) for theme in themes}
        self._gazetteer = gazetteer

    def read(self, question: str, *, without: frozenset[str] = frozenset()) -> AskedFilters:
        """All filters of `question` but those named in `without` (names of the contract)."""
        folded = _aligned(question)
        publisher, said = self._publisher(folded)
        period = _period(folded, by_publisher=publisher is not None)
        filters = Filters(
            publisher=publisher,
            since=period.since,
            until=period.until,
            themes=self._themes_in(folded),
            territory=self._territory(question),
        )
        declined = {FILTER_FIELDS[name]: getattr(Filters(), FILTER_FIELDS[name]) for name in without}
        said_by_filters = (
            *([said] if publisher and "publisher" not in without else []),
            *(span for name, span in period.said.items() if name not in without),
        )
        return AskedFilters(filters=replace(filters, **declined), rest=_cut(question, said_by_filters))

    def _publisher(self, folded: str) -> tuple[str | None, tuple[int, int]]:
        """The publisher whose publications are asked for, and where the question says so."""
        for name, forms in self._publishers.items():
            for pattern in _sources(forms):
                found = re.search(pattern, folded)
                if found:
                    return name, found.span("source")
        return None, (0, 0)

    def _themes_in(self, folded: str) -> tuple[str, ...]:
        return tuple(
            theme for theme, form in self._themes.items() if re.search(rf"(?:{_ABOUT}|{_THEMED}){form}\b", folded)
        )

    def _territory(self, question: str) -> str | None:
        asked = self._gazetteer.asked_about(question)
        named = self._innermost([name for name in self._gazetteer.find(question) if name in asked])
        # What holds another that is named as well (the intercommunality of a town) goes without saying.
        rest = sorted(name for name in asked if name not in named)
        return ", ".join(dict.fromkeys(named or self._innermost(rest))) or None

    def _innermost(self, names: Sequence[str]) -> list[str]:
        """Those that hold none of the others: who asks for Quimper in Bretagne asks for Quimper."""
        return [name for name in names if not any(name in self._gazetteer.around([other]) - {other} for other in names)]


def _sources(forms: str) -> Mapping[str, None]:
    """Ways of saying whose publications are meant, `source` the part that says nothing else."""
    return dict.fromkeys(
        (
            rf"(?P<source>,? ?\b(?:selon|d'apres|according to) {_THE}{forms}\b ?,?)",
            rf"\b(?P<source>(?:dans|parmi|selon|d'apres|in) (?:les |des |la |the )?{_PUBLICATIONS} {_OF}{forms}\b ?,?)",
            rf"\b{_PUBLICATIONS}(?P<source> (?:{_OF})?{forms})\b",
            rf"\b(?P<source>(?:the )?{forms}(?:'s)? )(?:publications?|reports?|papers?|guides?|documents?)\b",
            rf"(?P<source>\b{_PUBLISHED} (?:par|by) {_THE}{forms})\b",
            rf"\bque {_SAYS} {_THE}{forms}\b(?P<source>)",
            rf"\b{forms} (?:{_SAYS}|{_SAYS_ENGLISH})\b(?P<source>)",
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Period:
    """Years, and where the question says them, by the filters' names in the contract."""

    since: str | None = None
    until: str | None = None
    said: Mapping[str, tuple[int, int]] = field(default_factory=dict)


def _period(folded: str, *, by_publisher: bool) -> _Period:
    between = _BETWEEN.search(folded)
    if between and between.group(2) <= between.group(3):
        return _both(between, between.group(2), between.group(3))
    of_year = _IN.search(folded) or (_SAID_IN.search(folded) if by_publisher else None)
    if of_year:
        return _both(of_year, of_year.group(2), of_year.group(2))
    since, since_said = _bound(folded, (_SINCE, 0), (_AFTER, 1))
    until, until_said = _bound(folded, (_UNTIL, 0), (_BEFORE, -1))
    said = {"from": since_said, "to": until_said}
    return _Period(since=since, until=until, said={name: span for name, span in said.items() if span})


def _both(found: re.Match[str], since: str, until: str) -> _Period:
    return _Period(since=since, until=until, said=dict.fromkeys(("from", "to"), found.span("said")))


def _bound(folded: str, *patterns: tuple[re.Pattern[str], int]) -> tuple[str | None, tuple[int, int] | None]:
    """The first bound that is said, each pattern with how far it lies from the year, and where."""
    for pattern, shift in patterns:
        found = pattern.search(folded)
        if found:
            return str(int(found.group(2)) + shift), found.span("said")
    return None, None


def _any_of(names: Iterable[str]) -> str:
    return "(?:" + "|".join(re.escape(_aligned(name)) for name in names) + ")"


def _aligned(text: str) -> str:
    """`text` folded letter by letter, so that offsets stay; apostrophes plain."""
    return "".join(_letter(char) for char in text)


def _letter(char: str) -> str:
    folded = "'" if char in "’‘ʼ" else fold(char)
    return folded if len(folded) == 1 else char.lower() if len(char.lower()) == 1 else "?"


def _cut(question: str, spans: Iterable[tuple[int, int]]) -> str:
    """The question without those stretches; whole if nothing worth asking is left."""
    left = list(question)
    for start, end in spans:
        left[start:end] = " " * (end - start)
    rest = " ".join("".join(left).split()).strip(" ,")
    return rest if len(re.findall(r"\w{3,}", rest)) >= 2 else question
