"""The catalogue: what a line may say, what is refused and in which words, and that the schema and the code agree."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from ingest.catalogue import SCHEMA_PATH, Catalogue, line_faults, load_catalogue
from ingest.document import Publication
from ingest.errors import CatalogueError, IngestError

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
LEAST: dict[str, Any] = {"id": "a", "title": "Titre", "publisher": "RTES", "url": "https://example.org/a"}
RULES: dict[str, Any] = json.loads(SCHEMA_PATH.read_text(encoding="utf-8"))
SCHEMA = Draft202012Validator(RULES)

# The first draw of texts makes Hypothesis's table of characters: over a second on a fresh clone and a busy machine.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def write(folder: Path, *lines: object) -> Path:
    """A corpus folder with these lines: bytes and strings as they are, anything else as JSON."""
    rows = [
        line if isinstance(line, bytes) else line.encode() if isinstance(line, str) else dump(line) for line in lines
    ]
    (folder / "catalogue.jsonl").write_bytes(b"\n".join(rows) + b"\n")
    return folder


def dump(line: object) -> bytes:
    return json.dumps(line, ensure_ascii=False).encode()


def ids(catalogue: Catalogue) -> list[str]:
    return [publication.id for publication in catalogue.publications]


def faults(folder: Path, *lines: object) -> list[str]:
    """Messages of the problems without their place."""
    prefix = re.compile(rf"^{re.escape(str(folder))}/catalogue\.jsonl:\d+: ")
    return [prefix.sub("", problem.message) for problem in load_catalogue(write(folder, *lines)).problems]


def test_the_project_s_own_catalogue_has_no_problem_and_names_the_brochure_with_its_pages() -> None:
    catalogue = load_catalogue(CORPUS)
    brochure = catalogue.publications[0]
    assert catalogue.problems == ()
    assert len(catalogue.publications) == 11
    assert brochure.id == "rtes-2023-ess-quartiers-politique-ville"
    assert brochure.file == "files/000_896921be2f1e2c9b.txt"
    assert brochure.page_starts == (1, 18, 100, 182, 241, 330, 381)
    assert all(p.url and p.file is None for p in catalogue.publications[1:])


def test_four_keys_are_enough_and_the_rest_takes_its_default(tmp_path: Path) -> None:
    (publication,) = load_catalogue(write(tmp_path, LEAST)).publications
    assert publication == Publication(id="a", title="Titre", publisher="RTES", url="https://example.org/a")
    assert publication.access == "public"


def test_a_full_line_is_loaded_as_it_stands_and_other_keys_are_ignored(tmp_path: Path) -> None:
    line = LEAST | {
        "file": "files/x.pdf",
        "media_type": "application/pdf",
        "date": "2024-02-29",
        "language": "fr",
        "licence": "etalab-2.0",
        "themes": ["emploi", "insertion"],
        "access": "members",
        "page_starts": [1, 18.0, 100],
        "series": "Déniché pour vous",
        "sha256": "0" * 64,
        "note": {"of": "the editors"},
    }
    (publication,) = load_catalogue(write(tmp_path, line)).publications
    expected = {key: value for key, value in line.items() if key != "note"}
    assert asdict(publication) == expected | {"themes": ("emploi", "insertion"), "page_starts": (1, 18, 100)}
    assert all(isinstance(start, int) for start in publication.page_starts)


@pytest.mark.parametrize("access", ["Public", "members", "", "public "])
def test_only_exactly_public_is_public(tmp_path: Path, access: str) -> None:
    (publication,) = load_catalogue(write(tmp_path, LEAST | {"access": access})).publications
    assert publication.access == access


@pytest.mark.parametrize("access", [None, True, ["public"]])
def test_an_access_that_is_no_string_is_a_problem_and_never_public(tmp_path: Path, access: object) -> None:
    catalogue = load_catalogue(write(tmp_path, LEAST | {"access": access}))
    assert catalogue.publications == ()
    assert len(catalogue.problems) == 1


def test_an_optional_key_that_is_null_is_as_good_as_absent(tmp_path: Path) -> None:
    names = ("file", "media_type", "date", "language", "licence", "themes", "page_starts", "series", "sha256")
    (publication,) = load_catalogue(write(tmp_path, LEAST | dict.fromkeys(names))).publications
    assert publication == Publication(**LEAST)


def test_a_byte_order_mark_blank_lines_and_carriage_returns_are_tolerated_and_lines_keep_their_numbers(
    tmp_path: Path,
) -> None:
    lines = [b"\xef\xbb\xbf" + dump(LEAST) + b"\r", b"", b"   \r", dump(LEAST | {"id": "b"}), b"{"]
    catalogue = load_catalogue(write(tmp_path, *lines))
    assert ids(catalogue) == ["a", "b"]
    assert [problem.line for problem in catalogue.problems] == [5]


def test_a_line_separator_inside_a_string_does_not_end_the_line(tmp_path: Path) -> None:
    (publication,) = load_catalogue(write(tmp_path, LEAST | {"title": "avant\u2028après\x85fin"})).publications
    assert publication.title == "avant\u2028après\x85fin"


def test_every_bad_line_is_listed_with_its_number_and_id_and_the_good_ones_are_kept(tmp_path: Path) -> None:
    lines = [LEAST, "{", LEAST | {"id": "b", "date": "mars", "title": " "}, LEAST | {"id": "c"}, 42]
    catalogue = load_catalogue(write(tmp_path, *lines))
    assert ids(catalogue) == ["a", "c"]
    assert [(problem.line, problem.id) for problem in catalogue.problems] == [(2, None), (3, "b"), (3, "b"), (5, None)]
    assert catalogue.problems[1].message == (
        f'{tmp_path}/catalogue.jsonl:3: "date" is "mars", expected YYYY, YYYY-MM or YYYY-MM-DD'
    )


ID = "expected 1 to 200 of the characters A-Z a-z 0-9 . _ -, and neither . nor .. alone"
DATE = "expected YYYY, YYYY-MM or YYYY-MM-DD"
NO_DAY = f"which the calendar does not have, {DATE}"
PAGES = "expected line numbers from 1, each greater than the one before"
URL = "expected an address that starts with http:// or https://, without white space"
FILE = "expected a path relative to the catalogue's folder and inside it"


@pytest.mark.parametrize(
    ("key", "value", "fault"),
    [
        ("id", "a b", ID),
        ("id", "é", ID),
        ("id", "", ID),
        ("id", "a\n", ID),
        ("id", "../a", ID),
        ("id", ".", ID),
        ("id", "..", ID),
        ("id", "a" * 201, ID),
        ("id", 7, ID),
        ("series", 3, "expected a string: the collection in which it appeared"),
        ("title", "", "expected a string that is not blank"),
        ("title", " \u00a0", "expected a string that is not blank"),
        ("title", None, "expected a string that is not blank"),
        ("publisher", ["RTES"], "expected a string"),
        ("themes", "emploi", "expected a list of strings"),
        ("themes", ["emploi", 3], "expected a list of strings"),
        ("date", "2023-13", NO_DAY),
        ("date", "2023-02-30", NO_DAY),
        ("date", "0000", NO_DAY),
        ("date", "٢٠٢٣", DATE),
        ("date", 2023, DATE),
        ("date", "2023-5", DATE),
        ("date", "2023-05\n", DATE),
        ("page_starts", [1, 1], PAGES),
        ("page_starts", [5, 4], PAGES),
        ("page_starts", [0, 4], PAGES),
        ("page_starts", [1, 2.5], PAGES),
        ("page_starts", [True, 4], PAGES),
        ("page_starts", 3, PAGES),
        ("url", "ftp://example.org/a", URL),
        ("url", "javascript:alert(1)", URL),
        ("url", "https://example.org/a b", URL),
        ("url", "", URL),
        ("url", "https://[a", "which names no host"),
        ("url", "https://:80/", "which names no host"),
        ("file", "/etc/x", FILE),
        ("file", "a\x00b", FILE),
        ("file", "", FILE),
        ("file", "..", f"outside the folder, {FILE}"),
        ("file", "files/../../x", f"outside the folder, {FILE}"),
    ],
)
def test_a_wrong_value_is_named_with_what_was_expected(tmp_path: Path, key: str, value: object, fault: str) -> None:
    (message,) = faults(tmp_path, LEAST | {key: value})
    shown = json.dumps(value, ensure_ascii=False)
    assert message == f'"{key}" is {shown if len(shown) <= 80 else shown[:80] + "..."}, {fault}'


@pytest.mark.parametrize("line", [LEAST | {"url": None}, {"id": "a", "title": "T", "publisher": "RTES"}])
def test_a_line_with_neither_file_nor_url_is_a_problem(tmp_path: Path, line: dict[str, object]) -> None:
    assert faults(tmp_path, line) == ['"url" and "file" are missing, expected one of them at least']


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"id": "a",}', "not JSON: Expecting property name enclosed in double quotes at column 12"),
        ("[1, 2]", "the line is [1, 2], expected a JSON object {...}"),
        ('"texte"', 'the line is "texte", expected a JSON object {...}'),
        ('{"id": "a", "id": "b"}', 'the key "id" is given twice'),
        ('{"id": "a", "other": {"x": 1, "x": 2}}', 'the key "x" is given twice'),
        ('{"id": "a", "page_starts": [NaN]}', "NaN is not JSON"),
        ('{"id": "a", "weight": -Infinity}', "-Infinity is not JSON"),
        ('{"id": "a", "title": "\\ud83d"}', "not text: \\ud83d is half of a character, its other half is missing"),
        (b'{"id": "\xe9"}', "not UTF-8: byte 9 of the line is 0xe9"),
        ("{}", f'"id" is missing, {ID}'),
    ],
)
def test_a_line_that_is_no_json_object_says_what_it_is(tmp_path: Path, line: str | bytes, message: str) -> None:
    assert faults(tmp_path, line)[0] == message


@pytest.mark.parametrize("depth", [900, 990, 1000, 5000])
@pytest.mark.parametrize("key", ["title", "other"])
def test_nesting_however_deep_stops_no_other_line(tmp_path: Path, depth: int, key: str) -> None:
    deep = f'{{"id": "deep", "{key}": {"[" * depth}{"]" * depth}}}'
    assert ids(load_catalogue(write(tmp_path, deep, LEAST))) == ["a"]


def test_a_number_of_five_thousand_digits_is_a_problem_of_its_line(tmp_path: Path) -> None:
    catalogue = load_catalogue(write(tmp_path, f'{{"id": "big", "other": {"9" * 5000}}}', LEAST))
    assert ids(catalogue) == ["a"]
    assert len(catalogue.problems) == 1


def test_of_two_lines_with_one_id_the_first_is_kept(tmp_path: Path) -> None:
    catalogue = load_catalogue(write(tmp_path, LEAST | {"title": "Un"}, LEAST | {"title": "Deux"}))
    assert [publication.title for publication in catalogue.publications] == ["Un"]
    assert [(problem.line, problem.id) for problem in catalogue.problems] == [(2, "a")]
    assert '"id" is "a", the id of line 1 already' in catalogue.problems[0].message


def test_a_bad_line_does_not_take_the_id_of_a_good_one_after_it(tmp_path: Path) -> None:
    catalogue = load_catalogue(write(tmp_path, LEAST | {"date": "mars"}, LEAST))
    assert ids(catalogue) == ["a"]


def test_a_symbolic_link_is_followed_and_refused_when_it_leads_out_or_round(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (tmp_path / "outside.txt").write_text("dehors", encoding="utf-8")
    (corpus / "inside.txt").write_text("dedans", encoding="utf-8")
    (corpus / "out").symlink_to(tmp_path / "outside.txt")
    (corpus / "in").symlink_to(corpus / "inside.txt")
    lines = [LEAST | {"id": name, "file": name} for name in ("out", "in")]
    catalogue = load_catalogue(write(corpus, *lines))
    assert ids(catalogue) == ["in"]
    assert [problem.id for problem in catalogue.problems] == ["out"]


def test_a_corpus_reached_through_a_link_or_a_relative_path_is_a_corpus_like_any(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "real").mkdir()
    write(tmp_path / "real", LEAST | {"file": "files/../x.txt"})
    (tmp_path / "linked").symlink_to(tmp_path / "real")
    monkeypatch.chdir(tmp_path)
    assert ids(load_catalogue(tmp_path / "linked")) == ["a"]
    assert ids(load_catalogue(Path("real"))) == ["a"]


def test_an_empty_catalogue_has_neither_publications_nor_problems(tmp_path: Path) -> None:
    (tmp_path / "catalogue.jsonl").write_bytes(b"\n")
    assert load_catalogue(tmp_path) == Catalogue(publications=(), problems=())


def test_a_folder_without_catalogue_is_an_error_that_says_which(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=re.escape(f"{tmp_path}/catalogue.jsonl: No such file")) as caught:
        load_catalogue(tmp_path)
    assert isinstance(caught.value, IngestError)


def test_a_catalogue_that_is_a_folder_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "catalogue.jsonl").mkdir()
    with pytest.raises(CatalogueError, match="directory"):
        load_catalogue(tmp_path)


def test_the_schema_is_itself_a_valid_schema_and_says_what_it_expects_of_every_key() -> None:
    Draft202012Validator.check_schema(RULES)
    assert all(rule["description"] for rule in RULES["properties"].values())


VALUES: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 400),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8),
    st.sampled_from(
        ["a", "2023", "2023-05", "2023-02-30", "https://example.org", "http://", "files/a.txt", "/a", "../a"]
    ),
    st.lists(st.integers(-1, 9) | st.text(max_size=2), max_size=3),
)
LINES = st.dictionaries(st.sampled_from([*RULES["properties"], "other"]), VALUES, max_size=8)


@patient
@given(line=LINES, least=st.booleans())
def test_the_schema_refuses_no_line_that_loads_and_passes_none_that_fails_by_form(
    line: dict[str, object], least: bool
) -> None:
    line = LEAST | line if least else line
    found = list(line_faults(line, CORPUS))
    beyond = ("which the calendar", "which names no host", "outside the folder", "cannot be followed", "each greater")
    by_form = [fault for fault in found if not any(mark in fault for mark in beyond)]
    assert not (found == [] and not SCHEMA.is_valid(line))
    assert not (by_form and SCHEMA.is_valid(line))


TEXTS = st.text(st.characters(codec="utf-8"), max_size=20)
PUBLICATIONS = st.builds(
    Publication,
    id=st.from_regex(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,19}", fullmatch=True),
    title=TEXTS.map(lambda text: f"T{text}"),
    publisher=TEXTS,
    url=st.none() | st.just("https://example.org/a?b=é"),
    file=st.just("files/a b é.txt"),
    media_type=st.none() | TEXTS,
    date=st.none() | st.dates().map(lambda day: f"{day:%Y-%m-%d}".rjust(10, "0")),
    language=st.none() | TEXTS,
    licence=st.none() | TEXTS,
    themes=st.lists(TEXTS, max_size=3).map(tuple),
    access=TEXTS,
    page_starts=st.sets(st.integers(1, 10_000), max_size=5).map(lambda starts: tuple(sorted(starts))),
    series=st.none() | TEXTS,
    sha256=st.none() | TEXTS,
)


@patient
@given(publications=st.lists(PUBLICATIONS, max_size=4, unique_by=lambda publication: publication.id))
def test_what_is_written_as_a_catalogue_is_read_back_the_same(
    tmp_path_factory: pytest.TempPathFactory, publications: list[Publication]
) -> None:
    folder = write(tmp_path_factory.mktemp("corpus"), *(asdict(publication) for publication in publications))
    assert load_catalogue(folder) == Catalogue(publications=tuple(publications), problems=())


@patient
@given(data=st.binary(max_size=60))
def test_bytes_of_any_kind_are_an_object_or_a_problem(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    catalogue = load_catalogue(write(tmp_path_factory.mktemp("corpus"), data))
    assert catalogue.publications == ()
    assert all(problem.message for problem in catalogue.problems)
    assert catalogue.problems or not data.removeprefix(b"\xef\xbb\xbf").strip()
