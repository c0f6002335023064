"""The figures and dates of a text, however French or English writes them -> values that compare. Pure; refuses nothing.

"60 %", "soixante pour cent", "sixty percent" are one; so are "3 M€", "3 millions d'euros", "trois millions d'euros", and
"12 mars 2023", "12/03/2023". An article ("un quartier") is no figure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from text_to_num import alpha2digit

from ingest.index.analyser import fold

_FRENCH_MONTHS = "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre".split()
_ENGLISH_MONTHS = "january february march april may june july august september october november december".split()
_MONTHS = {name: number for names in (_FRENCH_MONTHS, _ENGLISH_MONTHS) for number, name in enumerate(names, start=1)}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_YEAR = r"(?:19|20)\d\d"
_DATES = (
    re.compile(rf"\b(?P<day>\d{{1,2}})(?:er|st|nd|rd|th)? (?:of )?(?P<month>{_MONTH})\b(?:,? (?P<year>{_YEAR})\b)?"),
    re.compile(rf"\b(?P<month>{_MONTH}) (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>{_YEAR})\b"),
    re.compile(rf"\b(?P<month>{_MONTH}),? (?:de )?(?P<year>{_YEAR})\b"),
    re.compile(rf"\b(?P<day>\d{{1,2}})[/.](?P<month>\d{{1,2}})[/.](?P<year>{_YEAR})\b"),
    re.compile(rf"\b(?P<month>{_MONTH})\b"),
)
_GROUPED = r"\d{1,3}(?:[ .]\d{3})+(?:,\d+)?(?!\d)"
_NUMBER = re.compile(rf"(?<![\w,.])(?P<value>{_GROUPED}|\d+(?:[.,]\d+)?)(?P<rest>[^\d]{{0,24}})")
# An article is no figure, and is left out before words become digits; within a number ("vingt et un") it stays, and so does
# what is counted out ("un ménage sur quatre").
_ARTICLE = re.compile(
    r"(?P<kept>\b(?:(?:vingt|trente|quarante|cinquante|soixante)[ -]et|vingts?|cents?|mille)[ -]une?\b)"
    r"|\b(?:une?|one)\b(?P<out>(?: [\w'-]+){0,3}? (?:sur|in|out of) (?=\w))?(?!-)",
    re.IGNORECASE,
)
_OUT_OF = re.compile(
    r"\b(?P<part>\d{1,9})(?: [a-z'-]+){0,3}? (?:sur|in|out of) (?P<whole>\d{1,3})\b(?! ?(?:ans|mois|semaines|jours))"
)
_ORDINAL = re.compile(r"^(?:ers?|eres?|res?|es?|emes?|nde?s?|st|nd|rd|th)\b")
_PERCENT = re.compile(r" ?(?:%|pour ?cent|percent|per cent)")
_SCALE = re.compile(r" ?(?:(?P<thousand>k(?=€| ?eur)|milliers?\b)|(?P<million>millions?\b|m(?=€| ?eur))"
                    r"|(?P<billion>milliards?\b|billions?\b|md(?=€| ?eur)))")  # fmt: skip
# One another, which counts nobody ("dépendent les uns des autres", "l'un des lots").
_EACH_OTHER = re.compile(r"\b(?:les une?s|l'une?)\b(?=(?: [\w'-]+)? (?:des|les|aux|et|de|du|l')\b)", re.IGNORECASE)
# Durations, over folded text with numbers in digits: of "1,5 an", "deux ans et demi" and "18 mois" the months, of "cinq
# semaines" and "35 jours" the days. A unit of its own, so that three years are 36 months and never 36 people.
_DURATION = re.compile(
    r"(?<![\d,.])(?<!\d )(?P<value>\d{1,3}(?:,\d+)?) (?P<unit>ans?|annees?|years?|semestres?|trimestres?|mois|months?"
    r"|semaines?|weeks?|jours?|days?)\b(?P<half> et demie?)?"
)
_A_YEAR_AND_A_HALF = re.compile(r"(?<!\d )\b(?:an|annee) et demie?\b")
_MONTHS_EACH = {"an": 12, "annee": 12, "year": 12, "semestre": 6, "trimestre": 3, "moi": 1, "month": 1}
_DAYS_EACH = {"semaine": 7, "week": 7, "jour": 1, "day": 1}
# Of "3 à 4 ans" and "16-25 ans" both are years.
_BOTH = re.compile(
    r"(?<![\d,.])(?<!\d )(?P<first>\d{1,3})(?P<between> (?:a|et|ou|to|and|or) | ?[-–/] ?)"
    r"(?=\d{1,3} (?P<unit>ans?|annees?|years?|mois|months?|semaines?|weeks?|jours?|days?)\b)"
)
# What is said with an article or an adjective, of which the number is nobody's figure ("un an", "une fois par trimestre").
_SPOKEN = (
    (re.compile(r"\b(?:un an|une annee|a year)\b(?! et demi)"), "12"),
    (re.compile(r"\b(?:un|par|chaque) semestre\b|\bsemestriel"), "6"),
    (re.compile(r"\b(?:un|par|chaque) trimestre\b|\btrimestriel"), "3"),
)
# "Trois jours sur sept" are three a week.
_OF_A_WEEK = re.compile(r"\b(\d jours?) sur 7\b")
_DECADE = re.compile(r"\bannees (?P<tens>[3-9]0)\b")
# What was so before a year begins was so until the end of the one before.
_YEAR_BEGINS = re.compile(rf"\bavant (?:le )?1(?:er)? janvier (?P<year>{_YEAR})\b")
_YEAR_ENDS = re.compile(rf"\b(?:fin (?:de )?|jusqu'en )(?P<year>{_YEAR})\b")
# Two figures of one unit: "de 10 à 50 millions d'euros", "from 10 to 20 %".
_ONE_SCALE = re.compile(
    r"\b(?P<first>\d+(?:,\d+)?)(?P<own> (?:millions?|milliards?|milliers?))?(?P<between> (?:a|et|ou|to|and|or) )"
    r"(?P<last>\d+(?:,\d+)?) ?(?P<scale>(?:millions?|milliards?|milliers?)?)"
    r"(?P<unit>(?: d'| de )?(?:euros|€|%)?)(?<=[a-z€%])(?!\w)"
)
# What follows four digits that are no year.
_COUNTS = re.compile(r" ?(?:%|€|euros?\b|personnes|habitants)")
_EUROS = re.compile(r" ?(?:€|euros?\b|eur\b|d'euros?\b)")
_ROUGH = {"dizaine": 10, "douzaine": 12, "quinzaine": 15, "vingtaine": 20, "trentaine": 30, "quarantaine": 40,
          "cinquantaine": 50, "soixantaine": 60, "centaine": 100, "millier": 1000, "dozen": 12}  # fmt: skip
_SHARES = (
    (re.compile(r"\b(?:3 quarts?|3 quarters)\b"), Fraction(3, 4)),
    (re.compile(r"\b2 (?:tiers|thirds|3rds?)\b"), Fraction(2, 3)),
    (re.compile(r"\b(?:moitie|half)\b"), Fraction(1, 2)),
    (re.compile(r"(?<!-)(?<!\d )\b(?:tiers(?!-| lieu)|third|3rd)\b"), Fraction(1, 3)),
    (re.compile(r"(?<!\d )\b(?:quart|quarter)\b(?! d'heure)"), Fraction(1, 4)),
    (re.compile(r"\b(?:cinquieme|fifth)\b"), Fraction(1, 5)),
)
_LONG = frozenset({"mois", "jours"})
_TIMES = {"double": "2", "doubler": "2", "triple": "3", "tripler": "3", "quadruple": "4"}


@dataclass(frozen=True, slots=True, order=True)
class Figure:
    """A value and its unit.

    "%" (a share, however it is told), "€", "mois" and "jours" (how long), "~" (about so many), "th" (a place in an order), "x"
    (so many times), "" for all else.
    """

    value: str
    unit: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Day:
    """A date as far as it is told; at least a month or a year."""

    year: int | None = None
    month: int | None = None
    day: int | None = None

    def holds(self, other: Day) -> bool:
        """Whether this date says all that `other` says."""
        pairs = ((self.year, other.year), (self.month, other.month), (self.day, other.day))
        return all(asked is None or asked == told for told, asked in pairs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """All figures and dates of a text; a year is a date.

    `implied`: what it says too, though with an article ("un an"); `until`: the years at whose end something ends; `before`: the
    years that are the last before something begins ("avant le 1er janvier 2023": 2022).
    """

    figures: frozenset[Figure]
    days: frozenset[Day]
    implied: frozenset[Figure] = frozenset()
    until: frozenset[int] = frozenset()
    before: frozenset[int] = frozenset()

    def missing_from(self, source: Figures) -> frozenset[Figure | Day]:
        """What `source` does not say: another value, the same value of something else, a date or a part of one."""
        told = source.figures | source.implied
        values = {figure.value for figure in told if figure.unit not in _LONG}
        figures = {one for one in self.figures if not _is_told(one, told, values)}
        ends = {Day(year=year) for year in self.until & source.before}
        days = {one for one in self.days - ends if not any(told.holds(one) for told in source.days)}
        return frozenset(figures | days)


def _is_told(one: Figure, told: frozenset[Figure], values: set[str]) -> bool:
    if one.unit == "~":
        return one in told or any(_is_about(one, figure) for figure in told if not figure.unit)
    if not one.unit:  # "12 000" of what is told by the words around it
        return one in told or one.value in values
    return one in told


def _is_about(rough: Figure, figure: Figure) -> bool:
    """Whether a number is a rough one's to a tenth: "une soixantaine" of 64, not of 70."""
    return 10 * abs(Decimal(figure.value) - Decimal(rough.value)) <= Decimal(rough.value)


@lru_cache(maxsize=4096)
def figures_of(text: str, language: str = "fr") -> Figures:
    """Every figure and date of `text`."""
    plain = in_digits(text, language)
    before = frozenset(int(match["year"]) - 1 for match in _YEAR_BEGINS.finditer(plain))
    until = frozenset(int(match["year"]) for match in _YEAR_ENDS.finditer(plain))
    days: set[Day] = set()
    for pattern in _DATES:
        plain = pattern.sub(lambda match: _take(match, days), plain)
    plain = re.sub(rf"(?<![\d,. ])(?P<first>{_YEAR}) ?[-–/] ?(?P<last>{_YEAR})\b", r"\1 et \2", plain)
    found: set[Figure] = set()
    plain = _without_durations(_without_shares(plain, found), found)
    for match in _NUMBER.finditer(plain):
        if re.fullmatch(_YEAR, match["value"]) and not _COUNTS.match(match["rest"]):
            days.add(Day(year=int(match["value"])))
        else:
            found.add(_figure(_value(match["value"]), match["rest"]))
    found.discard(Figure("1", "th"))  # "le premier", "d'une part"
    spoken = fold(" ".join(text.split()))
    implied = frozenset(Figure(months, "mois") for pattern, months in _SPOKEN if pattern.search(spoken))
    return Figures(
        figures=frozenset(found | _named(plain)), days=frozenset(days), implied=implied, until=until, before=before
    )


def _without_durations(plain: str, found: set[Figure]) -> str:
    """`plain` without its "3 ans", "18 mois", "16-25 ans", which are put into `found`."""
    plain = _A_YEAR_AND_A_HALF.sub("18 mois", plain)
    plain = _BOTH.sub(lambda match: f"{match['first']} {match['unit']} ", plain)
    return _DURATION.sub(lambda match: _duration(match, found), plain)


def _duration(match: re.Match[str], found: set[Figure]) -> str:
    unit = match["unit"].removesuffix("s")
    value = _value(match["value"]) + (Decimal("0.5") if match["half"] else 0)
    if unit in _MONTHS_EACH:
        found.add(Figure(_written(_MONTHS_EACH[unit] * value), "mois"))
    else:
        days = _DAYS_EACH[unit] * value
        # "Quinze jours" are two weeks.
        found.add(Figure("14" if days == 15 else _written(days), "jours"))
    return " "


def _without_shares(plain: str, found: set[Figure]) -> str:
    """`plain` without its "un tiers", "3 sur 10", which are put into `found`."""
    plain = _OUT_OF.sub(lambda match: _share(Fraction(int(match["part"]), max(1, int(match["whole"]))), found), plain)
    for pattern, share in _SHARES:
        if pattern.search(plain):
            plain = pattern.sub(_share(share, found), plain)
    return plain


def _share(share: Fraction, found: set[Figure]) -> str:
    found.add(Figure(_percent(share), "%"))
    return " "


def _percent(share: Fraction) -> str:
    """In per cent, to a tenth where it is no whole number."""
    return _written(round(Decimal(share.numerator * 100) / Decimal(share.denominator), 1))


def without_figures(text: str, language: str = "fr") -> str:
    """`text` without its figures, in digits or in words; accents stay, because lemmas need them."""
    return re.sub(r"\S*\d\S*|%", " ", _spelt(text, language))


def in_digits(text: str, language: str = "fr") -> str:
    """`text` folded, its numbers in digits, articles left out."""
    percents = re.sub(r"\bp(?:ou|e)r 100\b", "%", fold(_spelt(text, language)))
    percents = _DECADE.sub(r"annees 19\g<tens>", _OF_A_WEEK.sub(r"\1 par semaine", percents))
    return _ONE_SCALE.sub(_shared_scale, re.sub(r"(?<=\d) (1000000(?:000)?)\b", _scale_word, percents))


def _spelt(text: str, language: str) -> str:
    """`text` with its numbers in digits, on one line."""
    spaced = " ".join(text.replace("’", "'").replace("\u00ad", "").split())
    spaced = _EACH_OTHER.sub(" ", spaced)
    known = language if language in {"fr", "en"} else "fr"
    if known == "en":
        spaced = re.sub(r"(?<=\d),(?=\d{3}\b)", "", spaced).replace("third place", "tiers-lieu")
    return str(alpha2digit(_ARTICLE.sub(_article, spaced), known, threshold=1))


def _article(match: re.Match[str]) -> str:
    return match["kept"] or (f"1{match['out']}" if match["out"] else " ")


def _shared_scale(match: re.Match[str]) -> str:
    scale, unit = match["scale"], match["unit"]
    return f"{match['first']} {(match['own'] or scale).strip()}{unit}{match['between']}{match['last']} {scale}{unit}"


def _scale_word(match: re.Match[str]) -> str:
    return " millions" if match[1] == "1000000" else " milliards"


def _take(match: re.Match[str], days: set[Day]) -> str:
    parts = match.groupdict()
    month = parts["month"]
    number = int(month) if month.isdigit() else _MONTHS[month]
    day, year = parts.get("day"), parts.get("year")
    # "mai" and "mars" alone may be other words, and "may" a verb: a month alone counts only beside a day or a year.
    if day is None and year is None and month in {"may", "march", "mai", "mars"}:
        return match[0]
    if number <= 12:
        days.add(Day(year=int(year) if year else None, month=number, day=int(day) if day else None))
    return " "


def _value(written: str) -> Decimal:
    plain = re.sub(r"[ .]", "", written) if re.fullmatch(_GROUPED, written) else written
    return Decimal(plain.replace(",", "."))


def _figure(value: Decimal, rest: str) -> Figure:
    scale = _SCALE.match(rest)
    if scale:
        value *= 1000 if scale["thousand"] else 1_000_000 if scale["million"] else 1_000_000_000
        rest = rest[scale.end() :]
    if _ORDINAL.match(rest):
        return Figure(_written(value), "th")
    rest = re.sub(r"^ d(?:e |')", " ", rest)
    unit = "%" if _PERCENT.match(rest) else "€" if _EUROS.match(rest) else ""
    return Figure(_written(value), unit)


def _written(value: Decimal) -> str:
    return format(value.normalize(), "f")


def _named(plain: str) -> set[Figure]:
    """Rough numbers ("une vingtaine") and multiples ("le double")."""
    words = re.findall(r"[a-z]+", plain)
    rough = {Figure(str(_ROUGH[word.removesuffix("s")]), "~") for word in words if word.removesuffix("s") in _ROUGH}
    return rough | {Figure(_TIMES[word], "x") for word in words if word in _TIMES}
