"""The official gazetteer as it is kept (`corpus/gazetteer.tsv.xz`) -> places with the forms under which they are looked up.

A line of the file is `kind, code, label, within, population, flags, forms`, tab separated: codes are R, D and E with a
number, a commune's is that of its department; flags are c (common words) and s (seat of a department). The first line, a
comment, says which package the file was made from. `python -m ingest.territories make` writes it. Refused
(GazetteerError): a file that is missing, damaged or of another shape.
"""

from __future__ import annotations

import json
import lzma
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from ingest.errors import IngestError

GAZETTEER = Path(__file__).resolve().parents[2] / "corpus" / "gazetteer.tsv.xz"
# Not a territory of the official code, but what practitioners call all of its overseas ones.
OVERSEAS = "Outre-mer"

_MARKS = {chr(code): None for code in range(0x300, 0x370)}
_LETTERS = {"œ": "oe", "æ": "ae", "’": "'", "‘": "'"}
# One character to what it is without accent; a table, because it is asked of a whole megabyte at each start.
_PLAIN = str.maketrans(
    {chr(code): unicodedata.normalize("NFD", chr(code))[0] for code in range(0xC0, 0x180)} | _MARKS | _LETTERS
)
_SAINTS = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}
_ARTICLE = re.compile(r"(?:l|le|la|les) (?=.)")


class GazetteerError(IngestError):
    """The gazetteer cannot be read, or the package that it is made from is not what is expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Territory:
    """A place: the name shown, its kind, the territories that hold it (outermost last), other spellings.

    `holds`: departments and regions that it held or groups, which the official gazetteer does not put in it.
    """

    name: str
    kind: str
    within: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()


class Place(NamedTuple):
    """One reading of a form: the territory it stands for and what helps to tell whether it is meant.

    `common`: every word of it is also a French word in small letters. `typed`: this form needs its type before it in the
    text ("communauté de communes", "région"). `article`: the form's own ("le" of Le Mans), which stands before it in the
    text, contracted or not. `department`: its code. `trusted`: reviewed by hand. `seat`: of a department's administration.
    A NamedTuple because 38,000 are made at start-up, which takes a dataclass several times as long.
    """

    label: str
    kind: str
    within: tuple[str, ...] = ()
    population: int = 0
    common: bool = False
    typed: bool = False
    article: str = ""
    department: str = ""
    trusted: bool = False
    seat: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Official:
    """Every official place by its label, and by the keys (folded words, article apart) under which it may be written.

    `lengths`: how many words the longest key that begins with a word has. `departments`: names by code.
    """

    source: Mapping[str, str]
    by_label: Mapping[str, Place]
    by_key: Mapping[str, tuple[Place, ...]]
    lengths: Mapping[str, int]
    departments: Mapping[str, str]


def plain(text: str) -> str:
    """Small letters without accents; ligatures in two letters, apostrophes straight. Lengths may change."""
    return text.lower().translate(_PLAIN)


def key_of(form: str) -> tuple[str, str]:
    """The key of `form` and its article, if it begins with one: "L'Haÿ-les-Roses" is ("hay les roses", "l")."""
    words = re.findall(r"[a-z0-9]+", plain(form))
    key = " ".join(_SAINTS.get(word, word) for word in words)
    article = _ARTICLE.match(key)
    return (key[article.end() :], article.group().strip()) if article else (key, "")


def word_key(word: str) -> str:
    """The key of one word as it stands in a text."""
    folded = plain(word)
    return _SAINTS.get(folded, folded)


@cache
def official(path: Path = GAZETTEER) -> Official:
    """The official gazetteer, read once. Raises GazetteerError."""
    try:
        text = lzma.decompress(path.read_bytes()).decode()
        head, _, body = text.partition("\n")
        source = json.loads(head.removeprefix("# "))
        return _official(source, body)
    except (OSError, lzma.LZMAError, ValueError, KeyError, IndexError) as error:
        raise GazetteerError(
            f"{path}: not the derived gazetteer: {error!r} (see python -m ingest.territories make --help)"
        ) from error


def _official(source: Mapping[str, str], body: str) -> Official:
    by_label: dict[str, Place] = {}
    by_key: dict[str, list[Place]] = {}
    names = {"O": OVERSEAS}
    holders: dict[str, tuple[str, ...]] = {"": ()}
    rows = [line.split("\t") for line in body.splitlines()]
    # All at once: 38,000 short calls take twice as long.
    folded_labels = plain("\n".join(row[2] for row in rows)).split("\n")
    for (kind, code, label, inside, population, flags, forms), folded in zip(rows, folded_labels, strict=True):
        if inside not in holders:
            holders[inside] = tuple(names[holder] for holder in inside.split(","))
        if kind != "commune":
            names[code] = label
        department = code if kind == "commune" else code[1:] if code[0] == "D" else ""
        place = Place(
            label=label,
            kind=kind,
            within=holders[inside],
            population=int(population),
            common="c" in flags,
            department=department,
            seat="s" in flags,
        )
        by_label[label] = place
        for key, entry in _keyed(place, forms) if forms else (_named(place, folded),):
            by_key.setdefault(key, []).append(entry)
    return Official(
        source=source,
        by_label=by_label,
        by_key={key: tuple(places) for key, places in by_key.items()},
        lengths=lengths_of(by_key),
        departments={code[1:]: name for code, name in names.items() if code[0] == "D"},
    )


def lengths_of(keys: Iterable[str]) -> dict[str, int]:
    """How many words the longest of `keys` that begins with a word has."""
    lengths: dict[str, int] = {}
    for key in keys:
        first, count = key.partition(" ")[0], key.count(" ") + 1
        if lengths.get(first, 0) < count:
            lengths[first] = count
    return lengths


def _named(place: Place, folded: str) -> tuple[str, Place]:
    """Of a label alone; what follows it in brackets only tells it from its homonyms."""
    key = folded.partition(" (")[0].replace("-", " ").replace("'", " ")
    article = _ARTICLE.match(key)
    return (key[article.end() :], place._replace(article=article.group()[:-1])) if article else (key, place)


def _keyed(place: Place, forms: str) -> Iterator[tuple[str, Place]]:
    """Of forms written out; "=" stands before one that needs its type ("communauté de communes") in the text."""
    for form in forms.split("|"):
        key, article = key_of(form)
        yield key, place._replace(typed=form[0] == "=", article=article)
