"""The repair as a whole: figures on the gold pages, the reviewed list, and what holds of every text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.document import Document
from ingest.repair.__main__ import BROCHURE, main, page_rates, read_one, repair_lines
from ingest.repair.edits import Edit, apply_edits, compose, text_offset, to_repairs
from ingest.repair.lexicon import Lexicon, LexiconError, default_lexicon, load_lexicon
from ingest.repair.measure import error_rate
from ingest.repair.pipeline import Repaired, repair_text
from ingest.repair.reading import Reading

ROOT = Path(__file__).parent.parent
FIXTURES = ROOT / "tests" / "fixtures"
REGENERATE = "python -m ingest.repair --list > tests/fixtures/brochure-repairs.jsonl   (then read the whole difference)"


@pytest.fixture(scope="module")
def brochure() -> Document:
    return read_one(ROOT / "corpus", BROCHURE)


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return default_lexicon()


@pytest.fixture(scope="module")
def clean() -> str:
    return (FIXTURES / "clean-page.txt").read_text(encoding="utf-8")


def assert_on_record(raw: str, repaired: Repaired) -> None:
    """Repairs are sorted and disjoint in both texts, tell what stood there, and outside them the texts are equal."""
    raw_end = end = 0
    for repair in repaired.repairs:
        assert raw[raw_end : repair.raw_start] == repaired.text[end : repair.start]
        assert raw[repair.raw_start : repair.raw_end] == repair.before
        assert repaired.text[repair.start : repair.end] == repair.after
        assert repair.before != repair.after
        raw_end, end = repair.raw_end, repair.end
    assert raw[raw_end:] == repaired.text[end:]


def test_gold_pages_are_at_most_one_percent_wrong_and_four_fifths_better() -> None:
    rates = page_rates(FIXTURES, ROOT / "corpus")
    assert len(rates) == 2
    assert [(rate.page, rate.before, rate.after) for rate in rates if rate.after > 0.01] == []
    assert [(rate.page, rate.before, rate.after) for rate in rates if rate.after > 0.2 * rate.before] == []


def test_the_brochures_repairs_are_the_reviewed_ones(brochure: Document) -> None:
    reviewed = (FIXTURES / "brochure-repairs.jsonl").read_text(encoding="utf-8").splitlines()
    found = list(repair_lines(brochure))
    assert [json.loads(line) for line in found] == [json.loads(line) for line in reviewed], (
        f"changed; run: {REGENERATE}"
    )


def test_the_brochures_repairs_are_exactly_on_record(brochure: Document, lexicon: Lexicon) -> None:
    assert_on_record(brochure.raw, Repaired(text=brochure.text, repairs=brochure.repairs))
    once = repair_text(brochure.raw, lexicon).text
    assert repair_text(once, lexicon).repairs == ()


def test_the_interleaved_columns_are_doubtful_and_nothing_else(brochure: Document) -> None:
    (stretch,) = brochure.doubtful
    doubtful = brochure.text[stretch.start : stretch.end]
    assert doubtful.startswith("Pour aller plus loin :")
    assert doubtful.endswith("collection ReperESS, RTES, avril 2023")
    lines = brochure.raw_span(stretch)
    assert brochure.raw.count("\n", 0, lines.start) + 1 in range(248, 256)
    assert brochure.raw.count("\n", 0, lines.end) + 1 == 263


def test_a_page_of_correct_french_goes_through_unchanged(clean: str, lexicon: Lexicon) -> None:
    assert repair_text(clean, lexicon) == Repaired(text=clean, repairs=())


def test_a_clean_page_read_with_page_starts_goes_through_unchanged(clean: str, lexicon: Lexicon) -> None:
    starts = (0, clean.index("Pour en savoir plus"))
    assert repair_text(clean, lexicon, starts).text == clean


def test_damage_to_a_clean_page_is_undone(clean: str, lexicon: Lexicon) -> None:
    paragraph = clean.split("\n\n")[2]
    damaged = paragraph.replace("à ", "a ").replace("équipe", "equipe").replace("développe", "developpe")
    damaged = damaged.replace("l'estuaire", "U'estuaire").replace("façonnée", "faconneée")
    assert damaged != paragraph
    assert error_rate(repair_text(damaged, lexicon).text, paragraph) < error_rate(damaged, paragraph) / 3


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_sentences_of_correct_french_in_any_order_go_through_unchanged(data: st.DataObject) -> None:
    text = (FIXTURES / "clean-page.txt").read_text(encoding="utf-8")
    paragraphs = data.draw(st.lists(st.sampled_from(text.strip().split("\n\n")), min_size=1, max_size=6))
    shuffled = "\n\n".join(paragraphs)
    assert repair_text(shuffled, default_lexicon()).text == shuffled


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_repair_is_idempotent_and_on_record_on_damaged_text(data: st.DataObject) -> None:
    raw = (ROOT / "corpus" / "files" / "000_896921be2f1e2c9b.txt").read_text(encoding="utf-8")
    lines = raw.split("\n")
    first = data.draw(st.integers(0, len(lines) - 2))
    chosen = lines[first : first + data.draw(st.integers(1, 40))]
    mixed = data.draw(st.permutations(chosen)) if data.draw(st.booleans()) else chosen
    text = "\n".join(mixed)
    repaired = repair_text(text, default_lexicon())
    assert_on_record(text, repaired)
    assert repair_text(repaired.text, default_lexicon()).repairs == ()


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.sampled_from(list("aeéèlUI'’[]- \n\f.|€@§(=*0étdéveloppement")), max_size=120))
def test_any_text_is_repaired_on_record(text: str) -> None:
    repaired = repair_text(text, default_lexicon())
    assert_on_record(text, repaired)


@given(st.data())
def test_edits_of_several_rounds_compose_into_one_record(data: st.DataObject) -> None:
    raw = text = data.draw(st.text(alphabet="abc", max_size=20))
    changes = compose((), ())
    for _round in range(3):
        cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6)))
        edits = [
            Edit(start=a, end=b, replacement=data.draw(st.text(alphabet="abc", max_size=3)), step="s")
            for a, b in zip(cuts[::2], cuts[1::2], strict=False)
        ]
        changes, text = compose(changes, edits), apply_edits(text, edits)
    repairs = to_repairs(raw, text, changes)
    assert_on_record(raw, Repaired(text=text, repairs=repairs))
    for offset in range(len(raw) + 1):
        assert 0 <= text_offset(repairs, offset) <= len(text)


def test_edits_that_overlap_are_refused() -> None:
    edits = [Edit(start=0, end=2, replacement="x", step="s"), Edit(start=1, end=3, replacement="y", step="s")]
    with pytest.raises(ValueError, match="overlaps"):
        apply_edits("abcd", edits)


def test_a_text_is_noisy_by_its_share_of_damaged_words(brochure: Document, clean: str, lexicon: Lexicon) -> None:
    assert Reading(brochure.raw).is_noisy(lexicon)
    assert not Reading(brochure.text).is_noisy(lexicon)
    assert not Reading(clean).is_noisy(lexicon)
    assert not Reading("The development of the social economy, a report for the ministry.").is_noisy(lexicon)


def test_the_error_rate_counts_characters_and_leaves_out_what_cannot_be_told() -> None:
    assert error_rate("abcd", "abcd") == 0
    assert error_rate("abxd", "abcd") == pytest.approx(0.25)
    assert error_rate("abd", "abcd") == pytest.approx(0.25)
    assert error_rate("aébcd", "abcd") == pytest.approx(0.25)
    assert error_rate("l’a  b\nc", "l'a b c") == 0
    assert error_rate("ab anything cd", "ab ⟦?⟧ cd") == 0
    assert error_rate("ab anything cx", "ab ⟦?⟧ cd") == pytest.approx(1 / 6)


def test_the_command_prints_the_table_and_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    corpus = str(ROOT / "corpus")
    assert main(["--corpus", corpus, "--gold", str(FIXTURES)]) == 0
    assert "brochure-page-2.gold.txt" in capsys.readouterr().out
    assert main(["--corpus", corpus, "--list"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[1])["before"] == "I"
    assert main(["--corpus", corpus, "--list", "--publication", "none"]) == 1
    assert "has no publication 'none'" in capsys.readouterr().err


def test_a_lexicon_that_cannot_be_used_is_refused_with_its_name(tmp_path: Path) -> None:
    path = tmp_path / "lexicon.json"
    with pytest.raises(LexiconError, match=r"lexicon\.json"):
        load_lexicon(path)
    path.write_text('{"sigles": []}', encoding="utf-8")
    with pytest.raises(LexiconError, match=r"lexicon\.json.*expected sigles, terms"):
        load_lexicon(path)


def test_the_lexicon_file_names_each_sigle_once_with_its_meaning() -> None:
    lexicon = default_lexicon()
    names = [sigle.sigle for sigle in lexicon.sigles]
    assert len(names) == len(set(names))
    assert {"ESS", "ANRU", "ANCT", "RTES", "RNCRPV", "QPV", "AAP", "PTCE"} <= set(names)
    assert [sigle.sigle for sigle in lexicon.sigles if not sigle.meaning] == []
