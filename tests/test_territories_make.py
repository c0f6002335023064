"""The official gazetteer: how it is made from its package, and how the file that was made is read."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from ingest.repair.lexicon import default_lexicon
from ingest.territories import GAZETTEER, Gazetteer, GazetteerError
from ingest.territories.__main__ import main
from ingest.territories.epci import name_epci
from ingest.territories.make import PACKAGE, derive, read_package
from ingest.territories.places import official

Tables = Mapping[str, list[dict[str, Any]]]


def town(code: str, name: str, department: str, population: int, **more: str) -> dict[str, Any]:
    row = {"code": code, "nom": name, "departement": department, "type": "commune-actuelle", "population": population}
    return {**row, **more}


def members(*codes: str) -> list[dict[str, Any]]:
    return [{"code": code, "populationMunicipale": 1000 - i} for i, code in enumerate(codes)]


TABLES: Tables = {
    "regions": [
        {"code": "53", "nom": "Bretagne", "zone": "metro"},
        {"code": "11", "nom": "Île-de-France", "zone": "metro"},
        {"code": "04", "nom": "La Réunion", "zone": "drom"},
    ],
    "departements": [
        {"code": "35", "nom": "Ille-et-Vilaine", "region": "53", "zone": "metro", "chefLieu": "35238"},
        {"code": "75", "nom": "Paris", "region": "11", "zone": "metro", "chefLieu": "75056"},
        {"code": "93", "nom": "Seine-Saint-Denis", "region": "11", "zone": "metro", "chefLieu": "93008"},
        {"code": "974", "nom": "La Réunion", "region": "04", "zone": "drom", "chefLieu": "97411"},
    ],
    "epci": [
        {"nom": "Rennes Métropole", "type": "METRO", "membres": members("35238", "35024")},
        {"nom": "Métropole du Grand Paris", "type": "METRO", "membres": members("75056", "93066")},
        {"nom": "CC du Pays de Betton", "type": "CC", "membres": members("35099")},
    ],
    "ept": [{"nom": "Plaine Commune", "type": "EPT", "membres": members("93066")}],
    "communes": [
        town("35238", "Rennes", "35", 220000),
        town("35024", "Betton", "35", 12000),
        town("35099", "La Bonne", "35", 900),
        town("75056", "Paris", "75", 2100000),
        town("93066", "Saint-Denis", "93", 149000),
        town("97411", "Saint-Denis", "974", 155000),
        town("35100", "Vieux-Bourg", "35", 0, type="commune-deleguee", chefLieu="35024"),
    ],
}


def package(path: Path, tables: Tables = TABLES, name: str = PACKAGE) -> Path:
    """The archive that `npm pack` would write."""
    files = {"package.json": {"name": name, "version": "9.9.9"}}
    contents = {**files, **{f"data/{table}.json": rows for table, rows in tables.items()}}
    with tarfile.open(path, "w:gz") as archive:
        for file, content in contents.items():
            data = json.dumps(content).encode()
            info = tarfile.TarInfo(f"package/{file}")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


@pytest.fixture
def made(tmp_path: Path) -> Gazetteer:
    archive, out = package(tmp_path / "package.tgz"), tmp_path / "gazetteer.tsv.xz"
    assert main(["make", str(archive), "--out", str(out)]) == 0
    return Gazetteer(territories=(), official=official(out))


def test_making_it_twice_gives_the_same_bytes_and_says_from_what(tmp_path: Path) -> None:
    archive, out, again = (tmp_path / name for name in ("package.tgz", "one.xz", "two.xz"))
    package(archive)
    assert main(["make", str(archive), "--out", str(out)]) == main(["make", str(archive), "--out", str(again)]) == 0
    assert out.read_bytes() == again.read_bytes()
    source = official(out).source
    assert (source["package"], source["version"]) == (PACKAGE, "9.9.9")
    assert source["sha256"] == hashlib.sha256(archive.read_bytes()).hexdigest()
    assert source["licence"].startswith("Licence Ouverte")


def test_each_place_knows_what_holds_it_innermost_first(made: Gazetteer) -> None:
    places = made.official.by_label if made.official else {}
    assert places["Betton"].within == ("Rennes Métropole", "Ille-et-Vilaine", "Bretagne")
    assert places["Saint-Denis (Seine-Saint-Denis)"].within == (
        "Plaine Commune", "Métropole du Grand Paris", "Seine-Saint-Denis", "Île-de-France",
    )  # fmt: skip
    assert places["Saint-Denis"].within == ("La Réunion", "Outre-mer")
    assert places["La Réunion"].within == ("Outre-mer",)
    assert places["Paris"].within == ("Métropole du Grand Paris", "Île-de-France")
    assert places["Vieux-Bourg"].within == ("Rennes Métropole", "Ille-et-Vilaine", "Bretagne")
    assert places["Rennes Métropole"].within == ("Ille-et-Vilaine", "Bretagne")
    assert [places[name].kind for name in ("La Réunion", "Plaine Commune", "Paris")] == ["region", "epci", "commune"]


def test_what_was_made_finds_names_in_texts(made: Gazetteer) -> None:
    assert made.find("à Betton, près de Rennes") == ("Betton", "Rennes")
    assert made.find("la Bonne idée de Paris") == ("Paris",)
    assert made.find("le Pays de Betton") == ("Pays de Betton",)


@pytest.mark.parametrize(
    ("official_name", "kind", "label", "forms"),
    [
        ("CA du Grand Dole", "CA", "Grand Dole", ("Grand Dole",)),
        ("CA du Pays de Grasse", "CA", "Pays de Grasse", ("Pays de Grasse",)),
        ("CC des Savanes", "CC", "Communauté de communes des Savanes", ("=Savanes",)),
        ("CU d'Arras", "CU", "Communauté urbaine d'Arras", ("=Arras",)),
        ("Metz Métropole", "METRO", "Metz Métropole", ("Metz Métropole", "=Metz")),
        ("Métropole de Lyon", "MET69", "Métropole de Lyon", ("=Lyon",)),
        ("Est Ensemble", "EPT", "Est Ensemble", ("Est Ensemble",)),
        ("CC du Cordais et du Causse (4 C)", "CC", "Communauté de communes du Cordais et du Causse", ()),
        ("CA de Blois ''Agglopolys''", "CA", "Communauté d'agglomération de Blois", ("=Blois", "=Agglopolys")),
        ("CA Carcassonne Agglo", "CA", "Carcassonne Agglo", ("Carcassonne Agglo", "Carcassonne Agglomération")),
    ],
)
def test_an_intercommunality_is_called_as_people_call_it(
    official_name: str, kind: str, label: str, forms: tuple[str, ...]
) -> None:
    towns = frozenset({"arras", "metz", "lyon", "dole", "grasse", "blois", "carcassonne"})
    named = name_epci(official_name, kind, towns, default_lexicon())
    assert named.label == label
    assert set(forms) <= set(named.forms)


def test_another_archive_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = package(tmp_path / "other.tgz", name="left-pad")
    assert main(["make", str(other), "--out", str(tmp_path / "out.xz")]) == 1
    assert "is the package 'left-pad', expected @etalab/decoupage-administratif" in capsys.readouterr().err
    (tmp_path / "broken.tgz").write_bytes(b"\x1f\x8bno archive")
    with pytest.raises(GazetteerError, match=r"broken\.tgz: not an archive of @etalab"):
        read_package(tmp_path / "broken.tgz")
    assert not (tmp_path / "out.xz").exists()


def test_tables_that_lost_a_column_are_refused_by_its_name(tmp_path: Path) -> None:
    communes = [{key: value for key, value in row.items() if key != "departement"} for row in TABLES["communes"]]
    archive = package(tmp_path / "package.tgz", {**TABLES, "communes": communes})
    with pytest.raises(GazetteerError, match=r"9\.9\.9: its tables lack KeyError\('departement'\)"):
        derive(read_package(archive), default_lexicon())


@pytest.mark.parametrize("content", [b"", b"no xz", GAZETTEER.read_bytes()[:5000]])
def test_a_damaged_gazetteer_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "gazetteer.tsv.xz"
    path.write_bytes(content)
    with pytest.raises(GazetteerError, match=r"gazetteer\.tsv\.xz: not the derived gazetteer"):
        official(path)


def test_the_gazetteer_that_is_kept_is_whole_small_and_quick() -> None:
    assert GAZETTEER.stat().st_size < 700_000
    official.cache_clear()
    started = time.process_time()
    places = official()
    # 0.2 s were seen; the bound leaves room for a slow machine.
    assert time.process_time() - started < 1.0
    kinds = [place.kind for place in places.by_label.values()]
    assert kinds.count("region") == 18
    assert kinds.count("departement") == 95
    assert kinds.count("collectivite") == 8
    assert kinds.count("epci") > 1200
    assert kinds.count("commune") > 34_800
    assert all(
        holder in places.by_label or holder == "Outre-mer" for p in places.by_label.values() for holder in p.within
    )
