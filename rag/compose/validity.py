"""What is cited of a scheme that has ended, in a question about today -> a note that says so.

Schemes with their years are data (corpus/schemes.json); a period that a quotation itself gives to a programme counts too.
Refuses a file that is not of its form (ValueError, naming it); a build without one knows no scheme.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from ingest.document import Publication
from ingest.index.analyser import fold
from rag.compose.stretches import Stretch
from rag.phrases import Phrases

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
# A period that a programme is given ("programme 2019-2022"); "de 2021 à 2023" only tells when something happened.
_PERIOD = re.compile(
    r"\b(?:programme|programmation|plan|contrat|convention|appel|dispositif|strategie|feuille de route|schema|pacte|projet"
    r"|accord)s?\b[^.;]{0,60}?\b((?:19|20)\d\d)\s?[-–/]\s?((?:19|20)\d\d)\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """A scheme that was in force from the year `since` to the year `until`, both included.

    `renewed`: another goes by the same name since, so that only what was published in its time speaks of this one.
    """

    name: str
    pattern: re.Pattern[str]
    since: int
    until: int
    renewed: bool
    followed_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Schemes:
    """The schemes that a build knows."""

    known: tuple[Scheme, ...] = ()

    @classmethod
    def load(cls, path: Path) -> Schemes:
        """Raises ValueError when there is a file and it is not of the form {"schemes": [{name, variants, from, to, ...}]}."""
        if not path.exists():
            return cls()
        try:
            rows = json.loads(path.read_text(encoding="utf-8"))["schemes"]
            return cls(known=tuple(map(_scheme, rows)))
        except (OSError, KeyError, TypeError, ValueError) as error:
            form = '{"schemes": [{name, variants, from, to, renewed?, followed_by?}]}'
            raise ValueError(f"{path}: expected {form}: {error!r}") from error

    def notes(
        self, question: str, cited: Sequence[tuple[Stretch, Publication]], today: date, phrases: Phrases
    ) -> tuple[str, ...]:
        """What has ended of what is asked about and cited; nothing for a question about a year that is past."""
        if any(int(year) < today.year for year in _YEAR.findall(question)):
            return ()
        ended = [scheme for scheme in self.known if scheme.until < today.year]
        notes = [
            phrases.scheme_ended(s.name, s.followed_by, years) for s in ended if (years := _years(s, question, cited))
        ]
        return (*notes, *_periods((stretch for stretch, _ in cited), ended, today, phrases))


def _years(scheme: Scheme, question: str, cited: Sequence[tuple[Stretch, Publication]]) -> tuple[str, ...]:
    """Years of the publications that speak of the scheme, rising; of those that may mean its successor, nothing."""
    asked = scheme.pattern.search(_plain(question)) is not None
    years = {
        publication.date[:4]
        for stretch, publication in cited
        if publication.date
        and (asked or scheme.pattern.search(_plain(stretch.text)))
        and (not scheme.renewed or int(publication.date[:4]) <= scheme.until)
    }
    return tuple(sorted(years))


def _periods(stretches: Iterable[Stretch], told: Sequence[Scheme], today: date, phrases: Phrases) -> Iterator[str]:
    """Periods that are over, those of schemes that are told already aside."""
    known = {(scheme.since, scheme.until) for scheme in told}
    found = (match.groups() for stretch in stretches for match in _PERIOD.finditer(_plain(stretch.text)))
    periods = dict.fromkeys((int(since), int(until)) for since, until in found)
    for since, until in periods:
        if since < until < today.year and (since, until) not in known:
            yield phrases.period_over(since, until)


def _scheme(row: dict[str, object]) -> Scheme:
    variants, since, until = row["variants"], row["from"], row["to"]
    if not (isinstance(variants, list) and isinstance(since, int) and isinstance(until, int) and since <= until):
        raise TypeError(row)
    forms = "|".join(sorted((re.escape(_plain(str(form))) for form in variants), key=len, reverse=True))
    return Scheme(
        name=str(row["name"]),
        pattern=re.compile(rf"\b(?:{forms})\b"),
        since=since,
        until=until,
        renewed=bool(row.get("renewed", False)),
        followed_by=str(row.get("followed_by") or ""),
    )


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    return fold(" ".join(text.replace("’", "'").split()))
