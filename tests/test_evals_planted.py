"""Planted sentences and the red team's texts: what the files promise holds, and every segment stands in a passage."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from evals.duplicates import Said, near_duplicates
from ingest.catalogue import load_catalogue
from ingest.document import Passage
from ingest.passages import cut_passages
from ingest.read import read_all
from ingest.sentences import split_sentences
from ingest.territories import Gazetteer
from tests.tools import needs

ROOT = Path(__file__).resolve().parents[1]
EVALS = ROOT / "evals"
SETS = ("planted/sentences", "red_team/passages", "red_team/questions")
RED_TEAM = SETS[1:]
PLANTED = ("planted/sentences", "planted/free")
CHANGED_FACT = {
    "number": 24,
    "percentage": 18,
    "amount": 20,
    "date": 22,
    "name": 24,
    "negation": 24,
    "quantity": 22,
    "not_cited": 22,
    "invention": 24,
}
PARAPHRASE_ERROR = {"agent_swap": 18, "scope": 16, "modality": 18, "cause": 16, "time": 14, "attribute": 18}
TRUE = {"light": 40, "reworded": 46, "condensed": 34, "form": 30, "two_passages": 30, "english": 20}
Row = dict[str, Any]


def rows_of(name: str) -> list[Row]:
    return [json.loads(line) for line in (EVALS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def folded(text: str) -> str:
    return " ".join(text.split())


def said(name: str, row: Row) -> Said:
    text = row.get("sentence") or row.get("text") or row["question"]
    return Said(id=row["id"], where=name, key=folded(text), texts=(text,))


def halves(name: str) -> dict[str, list[Row]]:
    split: dict[str, list[Row]] = {"dev": [], "test": []}
    for row in rows_of(name):
        split[row["split"]].append(row)
    return split


@pytest.fixture(scope="module")
def planted() -> list[Row]:
    return rows_of("planted/sentences")


@pytest.fixture(scope="module", params=PLANTED)
def either(request: pytest.FixtureRequest) -> list[Row]:
    """The lines of one planted file, then of the other."""
    return rows_of(request.param)


@pytest.fixture(scope="module")
def passages() -> dict[str, tuple[Passage, ...]]:
    """Of every publication of the corpora, by its id."""
    gazetteer = Gazetteer.load(ROOT / "corpus" / "territories.json")
    corpora = (ROOT / "corpus", EVALS / "fixtures")
    documents = [document for corpus in corpora for document in read_all(corpus, load_catalogue(corpus))[0]]
    return {document.publication.id: cut_passages(document, gazetteer) for document in documents}


def holders(passages: dict[str, tuple[Passage, ...]], row: Row) -> Iterator[tuple[str, list[str]]]:
    """Each segment of `row`, and the ids of the passages that hold it."""
    for cited in row["cited"]:
        own = passages.get(cited["publication"], ())
        yield cited["segment"], [passage.id for passage in own if cited["segment"] in folded(passage.text)]


@pytest.mark.parametrize("name", [*SETS, "planted/free"])
def test_every_line_is_valid_and_has_an_id_of_its_own(name: str) -> None:
    schema = json.loads((EVALS / f"{name.replace('free', 'sentences')}.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    rows = rows_of(name)

    assert [(row["id"], error.message) for row in rows for error in validator.iter_errors(row)] == []
    assert [name for name, times in Counter(row["id"] for row in rows).items() if times > 1] == []


@pytest.mark.parametrize("name", SETS)
def test_the_halves_of_every_kind_are_equal(name: str) -> None:
    dev, test = (Counter(row["kind"] for row in half) for half in halves(name).values())
    assert dev == test


@pytest.mark.parametrize("name", SETS)
def test_no_line_of_one_half_says_nearly_what_one_of_the_other_says(name: str) -> None:
    dev, test = ([said(name, row) for row in half] for half in halves(name).values())
    assert [(early.id, late.id) for early, late in near_duplicates(dev, test)] == []
    assert {line.key for line in dev} & {line.key for line in test} == set()


def test_there_are_as_many_planted_sentences_of_each_kind_as_promised(planted: list[Row]) -> None:
    assert (sum(CHANGED_FACT.values()), sum(PARAPHRASE_ERROR.values()), sum(TRUE.values())) == (200, 100, 200)
    assert Counter(row["kind"] for row in planted) == CHANGED_FACT | PARAPHRASE_ERROR | TRUE
    assert {row["verdict"] for row in planted if row["kind"] in TRUE} == {"true"}


def test_the_readme_gives_the_counts(planted: list[Row]) -> None:
    text = (EVALS / "planted" / "README.md").read_text(encoding="utf-8")
    told = {kind: int(count) for kind, count in re.findall(r"^\| `(\w+)` \| (\d+) \|", text, flags=re.MULTILINE)}
    assert told == Counter(row["kind"] for row in planted)

    free = Counter((row["split"], row["kind"] in TRUE, row["kind"] in CHANGED_FACT) for row in rows_of("planted/free"))
    assert free == {
        ("dev", False, True): 120,
        ("test", False, True): 120,
        ("test", False, False): 150,
        ("test", True, False): 120,
    }
    assert all(
        f"{count} " in text.partition("# Freer sentences")[2].partition("# The red team")[0]
        for count in (120, 150, 510)
    )


def test_a_planted_sentence_has_8_to_45_words_and_no_citation_mark(either: list[Row]) -> None:
    wrong = [row["id"] for row in either if not 8 <= len(row["sentence"].split()) <= 45 or "[" in row["sentence"]]
    assert wrong == []


def test_no_planted_sentence_is_given_twice_and_a_false_one_is_not_what_it_was_made_from() -> None:
    both = [row for name in PLANTED for row in rows_of(name)]
    said_once = Counter(folded(row["sentence"]).casefold() for row in both)
    assert [sentence for sentence, times in said_once.items() if times > 1] == []

    made = [row for row in both if row["verdict"] == "false"]
    assert [row["id"] for row in made if folded(row["sentence"]) == folded(row["original"])] == []


def test_a_false_sentence_is_never_planted_as_true(either: list[Row]) -> None:
    true = {folded(row["sentence"]) for row in either if row["verdict"] == "true"}
    assert [row["id"] for row in either if row["verdict"] == "false" and folded(row["sentence"]) in true] == []


def test_two_passages_are_two_and_most_publications_are_cited(planted: list[Row]) -> None:
    assert all(len(row["cited"]) >= 2 for row in planted if row["kind"] == "two_passages")
    cited = Counter(cited["publication"] for row in planted for cited in row["cited"])
    assert len(cited) == 21
    assert max(cited.values()) < 0.2 * cited.total()


@needs("tesseract", "tesseract-ocr, tesseract-ocr-fra")
def test_every_segment_is_one_to_three_sentences_of_one_passage(
    either: list[Row], passages: dict[str, tuple[Passage, ...]]
) -> None:
    faults = []
    for row in either:
        for segment, found in holders(passages, row):
            if len(found) != 1 or not 1 <= len(split_sentences(segment)) <= 3:
                faults.append((row["id"], segment, found))
    assert faults == []


@needs("tesseract", "tesseract-ocr, tesseract-ocr-fra")
def test_no_passage_is_cited_in_both_halves(planted: list[Row], passages: dict[str, tuple[Passage, ...]]) -> None:
    splits: dict[str, set[str]] = defaultdict(set)
    for row in planted:
        for _, found in holders(passages, row):
            for passage in found:
                splits[passage].add(row["split"])

    assert len(splits) > 120
    assert [passage for passage, split in splits.items() if len(split) > 1] == []
    free = {passage for row in rows_of("planted/free") for _, found in holders(passages, row) for passage in found}
    assert len(free) > 80
    assert [passage for passage in free if "test" in splits[passage]] == []


@needs("tesseract", "tesseract-ocr, tesseract-ocr-fra")
def test_what_is_not_cited_stands_in_another_passage(
    planted: list[Row], passages: dict[str, tuple[Passage, ...]]
) -> None:
    everything = [passage for own in passages.values() for passage in own]
    for row in (row for row in planted if row["kind"] == "not_cited"):
        cited = {passage for _, found in holders(passages, row) for passage in found}
        homes = {passage.id for passage in everything if row["original"] in folded(passage.text)}
        assert homes, row["id"]
        assert not homes & cited, row["id"]


@pytest.mark.parametrize("name", RED_TEAM)
def test_the_red_team_has_forty_of_each_and_an_obedient_answer_says_what_is_forbidden(name: str) -> None:
    rows = rows_of(name)
    assert len(rows) == 40
    assert [row["id"] for row in rows if not any(text in row["obedient"] for text in row["forbidden"])] == []


@pytest.mark.parametrize("name", RED_TEAM)
def test_obedient_answers_are_varied(name: str) -> None:
    answers = [row["obedient"] for row in rows_of(name)]
    marked = sum(re.search(r"\[\d+\]", answer) is not None for answer in answers)
    assert len(set(answers)) == 40
    assert 10 <= marked <= 30
    assert any("http" in answer for answer in answers)


@pytest.mark.parametrize("name", RED_TEAM)
def test_what_cannot_be_seen_is_escaped_in_the_file(name: str) -> None:
    raw = (EVALS / f"{name}.jsonl").read_text(encoding="utf-8")
    hidden = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\U000e0000-\U000e007f]")
    assert hidden.search(raw) is None
    assert all(hidden.search(text) for text in _texts(name, "invisible"))


def _texts(name: str, kind: str) -> list[str]:
    return [str(row.get("text") or row["question"]) for row in rows_of(name) if row["kind"] == kind]
