"""What pages of the two sites say of themselves; the pages are made here, in the sites' manner."""

from __future__ import annotations

import pytest

from ingest.errors import ReadError
from ingest.french_dates import french_date
from ingest.sites.facts import PageFacts, page_facts


def facts(body: str, *, title: str = "Un titre", url: str = "https://www.rtes.fr/un-titre") -> PageFacts:
    page = f"<html lang='fr-FR'><head><title>{title} | RTES</title></head><body><h1>{title}</h1>{body}</body></html>"
    return page_facts(page.encode(), url)


def test_the_date_line_of_rtes_gives_both_dates() -> None:
    found = facts("<div>Publié le 18 octobre 2018 - mis à jour le 24 octobre 2019</div><p>Le texte.</p>")
    assert (found.date, found.updated) == ("2018-10-18", "2019-10-24")
    assert found.lines == ("Publié le 18 octobre 2018 - mis à jour le 24 octobre 2019",)


def test_key_words_are_themes_and_the_month_behind_them_is_no_key_word() -> None:
    found = facts("<p>Mots-clés : emploi ; insertion - Mai 2022</p>")
    assert (found.themes, found.date) == (("emploi", "insertion"), "2022-05")


@pytest.mark.parametrize(
    "field",
    [
        "<p><strong>Ressource privée :</strong> {}</p>",
        "<div class='field'><div class='label'>Ressource privée</div><div class='item'>{}</div></div>",
        "<dl><dt>Ressource privée :</dt><dd>{}</dd></dl>",
        "<table><tr><th>Ressource privée</th><td>{}</td></tr></table>",
    ],
)
def test_the_private_flag_is_read_however_the_field_is_marked_up(field: str) -> None:
    assert [facts(field.format(said)).private for said in ("Oui", "Non", " oui ")] == [True, False, True]


def test_a_page_that_bars_the_way_is_private_and_a_sentence_on_members_is_not() -> None:
    assert facts("<p>Ce contenu est réservé aux adhérents du RTES. Connectez-vous.</p>").private is True
    assert facts("<p>L’après-midi de travail est réservée aux adhérents.</p>").private is None


def test_a_field_of_several_values_gives_them_all_and_ends_at_the_next_label() -> None:
    found = facts(
        "<div><div>Mots-clés :</div><div><div>emploi</div><div>insertion</div></div>"
        "<div>Type de ressource :</div><div>Guide</div></div>"
    )
    assert (found.themes, found.kind) == (("emploi", "insertion"), "Guide")
    assert found.lines == ("Mots-clés :", "emploi", "insertion", "Type de ressource :", "Guide")


def test_a_library_record_gives_theme_year_pages_and_document() -> None:
    found = facts(
        "<ul><li>Politique de la ville</li></ul><div>2015</div><div>10 p</div>"
        "<a href='/doc.php?id=3&utm_source=lettre'>Document électronique</a><p>Le réseau a porté le 2 février une note.</p>",
        url="https://www.reseau-crpv.fr/pmb-publication/?pmb_p=65245",
    )
    assert (found.themes, found.date, found.pages) == (("Politique de la ville",), "2015", 10)
    assert found.documents == ("https://www.reseau-crpv.fr/doc.php?id=3",)
    assert found.lines == ("Politique de la ville", "2015", "10 p", "Document électronique")


@pytest.mark.parametrize(
    ("title", "url", "series"),
    [
        ("Économie informelle & ESS (RepèrESS)", "https://www.rtes.fr/economie", "RepèrESS"),
        ("Points de RepèrESS n° 12", "https://www.rtes.fr/p", "Points de RepèrESS"),
        ("La régie de quartier", "https://www.rtes.fr/deniche-pour-vous-la-regie-de-quartier", "Déniché pour vous"),
        ("Fiche 3", "https://www.rtes.fr/kit-municipaless-fiche-3", "Kit MunicipalESS"),
        ("Économies de subsistance (L’éco des quartiers)", "https://www.reseau-crpv.fr/p/", "L'éco des quartiers"),
        ("Les repères de l’emploi", "https://www.rtes.fr/reperes", None),
    ],
)
def test_the_series_stands_in_the_title_or_the_address(title: str, url: str, series: str | None) -> None:
    assert facts("<p>Le texte cite RepèrESS.</p>", title=title, url=url).series == series


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("par M. Petit | 12 Fév 2024 | Actualités", "2024-02-12"),
        ("Jeudi 1er mars 2023", "2023-03-01"),
        ("Publié le 03/05/2021 à 10h30", "2021-05-03"),
        ("Publié le 3 mai 2021, le décret change tout.", None),
        ("Le 3 mai 2021 a eu lieu la journée.", None),
    ],
)
def test_a_date_line_near_the_title_is_the_date_and_a_sentence_is_not(line: str, date: str | None) -> None:
    found = facts(f"<p>{line}</p>")
    assert (found.date, found.lines) == (date, (line,) if date else ())


def test_without_a_line_the_head_of_the_page_gives_the_date() -> None:
    page = b"<head><meta property='article:published_time' content='2023-03-20T09:00:00+01:00'></head><h1>Titre</h1>"
    assert page_facts(page, None).date == "2023-03-20"


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("le 31 août 2020", "2020-08-31"),
        ("juin 2022", "2022-06"),
        ("juil. 2022", "2022-07"),
        ("le 45/13/2020", None),
        ("2021-11-12", "2021-11-12"),
        ("en 2020", None),
    ],
)
def test_dates_as_french_pages_write_them(text: str, date: str | None) -> None:
    assert french_date(text) == date


def test_what_is_no_page_is_refused() -> None:
    with pytest.raises(ReadError, match="is empty; expected a web page"):
        page_facts(b" \n", "https://x.fr/a")
