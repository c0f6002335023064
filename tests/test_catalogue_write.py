"""Lines of a catalogue change, and nothing beside them."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.catalogue import JsonObject, load_catalogue, parse_line
from ingest.catalogue_write import append_lines, changed_line, edit_line, find_line
from ingest.errors import CatalogueError

LINE = '{"id": "a", "title": "Titre", "publisher": "RTES", "url": "https://example.org/a"}'
ODD = (
    '{ "title" :"L\\u00e9gende, {\\"x\\": 1}"  ,"note":{"id":"b","gone":[1,{}]},'
    '\t"id":"b", "publisher":"RTES","file":"b.txt" } \r'
)


def catalogue(folder: Path, data: bytes) -> Path:
    path = folder / "catalogue.jsonl"
    path.write_bytes(data)
    return path


def test_only_the_line_s_own_values_change_and_every_other_byte_stays(tmp_path: Path) -> None:
    before = f"\ufeff{LINE}\n\nnot json\n{ODD}\n[1]".encode()
    path = catalogue(tmp_path, before)

    assert edit_line(tmp_path, "b", lambda _: {"title": "Été", "gone": "2026-01-02"})

    expected = ODD.replace('"L\\u00e9gende, {\\"x\\": 1}"', '"Été"').replace(
        '"file":"b.txt"', '"file":"b.txt", "gone": "2026-01-02"'
    )
    assert path.read_bytes() == before.replace(ODD.encode(), expected.encode())


def test_a_key_goes_with_its_comma_wherever_it_stands(tmp_path: Path) -> None:
    path = catalogue(
        tmp_path, b'{"gone": "2026-01-02", "etag": "x" , "id": "a", "title": "T", "publisher": "P", "file": "f"}'
    )

    assert edit_line(tmp_path, "a", lambda _: {"gone": None, "etag": None, "sha256": None})

    assert path.read_bytes() == b'{"id": "a", "title": "T", "publisher": "P", "file": "f"}'


def test_the_first_line_s_byte_order_mark_stays(tmp_path: Path) -> None:
    path = catalogue(tmp_path, f"\ufeff{LINE}".encode())

    edit_line(tmp_path, "a", lambda _: {"date": "2026"})

    assert path.read_bytes() == f'\ufeff{LINE[:-1]}, "date": "2026"}}'.encode()


def test_nothing_is_written_when_the_line_says_so_already(tmp_path: Path) -> None:
    path = catalogue(tmp_path, LINE.encode())
    inode = path.stat().st_ino

    assert not edit_line(tmp_path, "a", lambda _: {"title": "Titre", "gone": None})

    assert path.stat().st_ino == inode


def test_of_two_lines_with_an_id_the_one_that_loads_is_changed(tmp_path: Path) -> None:
    bad = LINE.replace('"RTES"', "5")
    path = catalogue(tmp_path, f"{bad}\n{LINE}\n{LINE}\n".encode())

    edit_line(tmp_path, "a", lambda _: {"series": "RepèrESS"})

    assert path.read_text(encoding="utf-8") == f'{bad}\n{LINE[:-1]}, "series": "RepèrESS"}}\n{LINE}\n'
    (publication,) = load_catalogue(tmp_path).publications
    assert publication.series == "RepèrESS"


def test_an_edit_that_the_catalogue_s_rules_refuse_is_not_written(tmp_path: Path) -> None:
    path = catalogue(tmp_path, LINE.encode())

    with pytest.raises(CatalogueError, match=r'catalogue.jsonl:1: not written: "file" is "../x", outside the folder'):
        edit_line(tmp_path, "a", lambda _: {"file": "../x"})

    assert path.read_bytes() == LINE.encode()


def test_a_line_that_is_not_there_is_named(tmp_path: Path) -> None:
    catalogue(tmp_path, LINE.encode())

    assert find_line(tmp_path, "b") is None
    with pytest.raises(CatalogueError, match="no good line has the \"id\" 'b'"):
        edit_line(tmp_path, "b", lambda _: {"gone": "2026-01-02"})


def test_what_an_editor_saves_in_between_is_not_lost(tmp_path: Path) -> None:
    path = catalogue(tmp_path, LINE.encode())
    seen: list[object] = []

    def edit(line: JsonObject) -> dict[str, object]:
        if not seen:  # an editor knows of no lock
            path.write_text(LINE.replace("Titre", "Autre titre") + "\n" + ODD, encoding="utf-8", newline="")
        seen.append(line["title"])
        return {"date": "2026"}

    edit_line(tmp_path, "a", edit)

    assert seen == ["Titre", "Autre titre"]
    changed = LINE.replace("Titre", "Autre titre")[:-1] + ', "date": "2026"}\n'
    assert path.read_bytes() == (changed + ODD).encode()


def test_a_catalogue_that_never_stands_still_is_left_alone(tmp_path: Path) -> None:
    path = catalogue(tmp_path, LINE.encode())

    def edit(_: JsonObject) -> dict[str, object]:
        path.write_bytes(path.read_bytes() + b"\n")
        return {"date": "2026"}

    with pytest.raises(CatalogueError, match="changes while it is written to"):
        edit_line(tmp_path, "a", edit)

    assert path.read_bytes().rstrip() == LINE.encode()


def test_writers_at_once_all_get_their_line_in(tmp_path: Path) -> None:
    ids = [f"p{number}" for number in range(12)]
    path = catalogue(tmp_path, "\n".join(LINE.replace('"a"', f'"{name}"') for name in ids).encode())
    writers = [
        threading.Thread(target=edit_line, args=(tmp_path, name, lambda _: {"gone": "2026-01-02"})) for name in ids
    ]

    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert [parse_line(raw).get("gone") for raw in path.read_bytes().split(b"\n")] == ["2026-01-02"] * len(ids)
    assert [entry.name for entry in tmp_path.iterdir()] == ["catalogue.jsonl"]


def test_new_lines_stand_at_the_end_each_on_its_own(tmp_path: Path) -> None:
    path = catalogue(tmp_path, LINE.encode())

    append_lines(tmp_path, [{"id": "e", "title": "Été", "publisher": "RTES", "file": "e.txt"}])

    assert path.read_text(encoding="utf-8") == (
        f'{LINE}\n{{"id": "e", "title": "Été", "publisher": "RTES", "file": "e.txt"}}\n'
    )


@pytest.mark.parametrize(
    ("identifier", "fault"),
    [
        ("a", "the \"id\" 'a' is there already"),
        ("new", "the \"id\" 'new' is there already"),
        ("é", 'not written: "id"'),
    ],
)
def test_new_lines_are_written_all_or_none(tmp_path: Path, identifier: str, fault: str) -> None:
    path = catalogue(tmp_path, LINE.encode())
    line: JsonObject = {"id": "new", "title": "T", "publisher": "P", "file": "f"}

    with pytest.raises(CatalogueError, match=fault):
        append_lines(tmp_path, [line, line | {"id": identifier}])

    assert path.read_bytes() == LINE.encode()


def test_a_symbolic_link_to_the_catalogue_stays_one(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "corpus").mkdir()
    path = catalogue(tmp_path / "real", LINE.encode())
    path.chmod(0o640)
    (tmp_path / "corpus" / "catalogue.jsonl").symlink_to(path)

    edit_line(tmp_path / "corpus", "a", lambda _: {"date": "2026"})

    assert (tmp_path / "corpus" / "catalogue.jsonl").is_symlink()
    assert b"2026" in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_folder_without_a_catalogue_is_no_corpus(tmp_path: Path) -> None:
    for act in (
        lambda: find_line(tmp_path, "a"),
        lambda: append_lines(tmp_path, []),
        lambda: edit_line(tmp_path / "nowhere", "a", lambda _: {}),
    ):
        with pytest.raises(CatalogueError, match="a corpus is a folder"):
            act()


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=3)
    ),
    max_leaves=8,
)
KEYS = st.sampled_from(["id", "gone", "é", '"', "\\", ""]) | st.text(st.characters(codec="utf-8"), max_size=5)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    line=st.dictionaries(KEYS, VALUES, min_size=1, max_size=6),
    changes=st.dictionaries(KEYS, VALUES, max_size=4),
    loose=st.booleans(),
    ascii_only=st.booleans(),
)
def test_any_change_to_any_line_gives_the_line_with_that_change(
    line: dict[str, object], changes: dict[str, object], loose: bool, ascii_only: bool
) -> None:
    kept = {key: value for key, value in line.items() if key not in changes or changes[key] is not None}
    if not kept and any(value is not None for value in changes.values()):
        line["other"] = 1
    separators = (" , ", " :\t") if loose else (",", ":")
    raw = json.dumps(line, ensure_ascii=ascii_only, separators=separators).encode()

    changed = parse_line(changed_line(raw, changes))

    expected = line | changes
    assert changed == {key: value for key, value in expected.items() if not (key in changes and value is None)}
    assert [key for key in changed if key in line] == [key for key in line if key in changed]
