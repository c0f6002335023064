"""What sites write, made fit for a catalogue line: titles, days, ids."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.sites.wording import find_date, make_id, one_line


def test_a_title_keeps_french_typography_and_loses_entities_markup_and_control_characters() -> None:
    assert one_line("L&rsquo;ESS &amp; les <em>quartiers</em>\u202f: « oui »\x1b[31m\u202e\n\t!") == (
        "L’ESS & les quartiers\u202f: « oui »[31m !"
    )
    assert one_line("R&amp;D dans l&amp;#8217;ESS") == "R&D dans l’ESS"
    assert one_line("l'<em>ESS</em> soli\u00addaire<br/>et locale") == "l'ESS solidaire et locale"
    assert one_line("Moins de 5 < 6 > 4") == "Moins de 5 < 6 > 4"


def test_a_title_of_ten_thousand_characters_is_cut() -> None:
    assert len(one_line("mot " * 2500)) <= 300
    assert one_line("mot " * 2500).endswith("…")


@given(st.text(max_size=400))
def test_any_title_is_one_printable_line(text: str) -> None:
    line = one_line(text)
    assert line == line.strip()
    assert len(line) <= 300
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\ud800-\udfff]", line)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("18 octobre 2018", "2018-10-18"),
        ("le 1er mars 2023", "2023-03-01"),
        ("jeudi 4 AOÛT 2022", "2022-08-04"),
        ("12 février 2020 puis 3 mars 2021", "2020-02-12"),
        ("03/11/2019", "2019-11-03"),
        ("2021-09-21T10:00:00+02:00", "2021-09-21"),
        ("31 février 2020", None),
        ("Mai 2022", "2022-05"),
        ("4 personnes en 2020", None),
    ],
)
def test_days_are_read_as_sites_write_them(text: str, day: str | None) -> None:
    assert find_date(text) == day


def test_an_id_says_publisher_year_and_words_in_ascii_and_is_the_same_each_time() -> None:
    title = "Économie informelle & ESS, enjeux et leviers d'action des collectivités locales"
    made = make_id("RTES", "2023-04-03", title, "rtes.fr/a", taken=())
    assert made == "rtes-2023-economie-informelle-ess-enjeux-leviers-action"
    other = make_id("RTES", "2023-04-03", title, "rtes.fr/b", taken={made})
    assert re.fullmatch(re.escape(made) + "-[0-9a-f]{6}", other)
    assert other == make_id("RTES", "2023-04-03", title, "rtes.fr/b", taken={made})


def test_a_title_without_letters_still_has_an_id_that_the_catalogue_takes() -> None:
    assert make_id("RTES", None, "« ? »", "rtes.fr/a", taken=()) == "rtes"
    assert re.fullmatch(r"rtes-[0-9a-f]{6}", make_id("RTES", None, "« ? »", "rtes.fr/a", taken={"rtes"}))
