"""The address of a quotation in its publication, made and read. It survives a publication's being read anew. Pure.

    source/<publication>?page=3&start=1204&end=1391&seal=182.k3f9x2ma&also=1400-1500-90.abcdefgh#citation

Page (physical, from 1) and offsets (code points of the repaired text) say where it stood; the seal (`ui.seal`) finds it again
where they have moved. `also` names the other quotations of the same answer on that page, eight at most. What is not of its
form is left out, whatever it is: reading refuses nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote, urlencode

from ui.seal import SEAL, seal_of

ANCHOR = "citation"
MOST_ALSO = 8
_NUMBER = re.compile(r"[0-9]{1,9}")
_ALSO = re.compile(rf"([0-9]{{1,9}})-([0-9]{{1,9}})(?:-({SEAL.pattern}))?")


class Quoted(Protocol):
    """What is quoted of a publication: a citation, an example, a passage that is near."""

    @property
    def publication_id(self) -> str:
        """Which publication."""

    @property
    def page(self) -> int | None:
        """Its physical page, None where there are none."""

    @property
    def start(self) -> int:
        """Where it begins in the publication's text."""

    @property
    def end(self) -> int:
        """Where it ends there."""

    @property
    def quote(self) -> str:
        """Its words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a quotation stood in the text of its publication, start < end, and its seal, empty if there is none."""

    start: int
    end: int
    seal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Permalink:
    """What an address asks for: a page, a quotation to be marked, others of the same answer."""

    page: int | None = None
    quotation: Place | None = None
    also: tuple[Place, ...] = ()


def address_of(quoted: Quoted, others: Iterable[Quoted] = ()) -> str:
    """The address of a quotation, relative to the chat's; of `others` those on the same page come along."""
    place = _place(quoted)
    beside = [
        _place(other) for other in others if (other.publication_id, other.page) == (quoted.publication_id, quoted.page)
    ]
    also = [other for other in dict.fromkeys(beside) if (other.start, other.end) != (place.start, place.end)]
    link = Permalink(page=quoted.page, quotation=place, also=tuple(also[:MOST_ALSO]))
    name = quote(quoted.publication_id, safe="", errors="replace")
    return f"source/{name}{query_of(link)}"


def query_of(link: Permalink) -> str:
    """What comes after the publication's id, the anchor of the mark included."""
    fields: list[tuple[str, str]] = [("page", str(link.page))] if link.page is not None else []
    place = link.quotation
    if place is not None:
        fields += [("start", str(place.start)), ("end", str(place.end))]
        fields += [("seal", place.seal)] if place.seal else []
    fields += [("also", _told(other)) for other in link.also]
    return f"?{urlencode(fields)}" + (f"#{ANCHOR}" if place else "")


def read_query(fields: Iterable[tuple[str, str]]) -> Permalink:
    """What the pairs of a query ask for; of a name given twice the last counts, but for `also`."""
    pairs = list(fields)
    last = dict(pairs)
    start, end, page = (number_in(last.get(name)) for name in ("start", "end", "page"))
    seal = last.get("seal", "")
    quotation = _valid(start, end, seal if SEAL.fullmatch(seal) else "")
    return Permalink(page=page, quotation=quotation, also=_also([value for name, value in pairs if name == "also"]))


def _also(values: Sequence[str]) -> tuple[Place, ...]:
    places = []
    for value in values[:MOST_ALSO]:
        match = _ALSO.fullmatch(value)
        place = _valid(int(match[1]), int(match[2]), match[3] or "") if match else None
        if place is not None and place not in places:
            places.append(place)
    return tuple(places)


def _place(quoted: Quoted) -> Place:
    return Place(start=quoted.start, end=quoted.end, seal=seal_of(quoted.quote))


def _told(place: Place) -> str:
    return f"{place.start}-{place.end}" + (f"-{place.seal}" if place.seal else "")


def _valid(start: int | None, end: int | None, seal: str) -> Place | None:
    good = start is not None and end is not None and start < end
    return Place(start=start, end=end, seal=seal) if good and start is not None and end is not None else None


def number_in(text: str | None) -> int | None:
    """The number that was written, of nine digits at most; None for anything else."""
    return int(text) if text is not None and _NUMBER.fullmatch(text) else None
