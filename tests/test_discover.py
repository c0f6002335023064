"""Discovery against imitations of both sites, asked over HTTP: what is proposed, what never is, what is told."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ingest.catalogue import JsonObject, load_catalogue
from ingest.fetch.client import Client
from ingest.fetch.manners import Clock
from ingest.settings import FetchSettings
from ingest.sites.cli import add_discover, run_discover
from ingest.sites.discover import Discovery, discover
from ingest.sites.site import Site as Source
from ingest.sites.walk import Bounds, Search
from tests.imitations import FOOT, MENU, Drupal, WordPress, endless, html
from tests.site import Reply, Site

FOR_MEMBERS = "Un secret bien gardé"


@pytest.fixture
def local() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture
def drupal(local: Site) -> Drupal:
    return Drupal(local=local)


@pytest.fixture
def wordpress(local: Site) -> WordPress:
    return WordPress(local=local)


def found(source: Source, *lines: JsonObject, since: str | None = None, **bounds: int) -> Discovery:
    """What discovery finds, without waiting between requests."""
    settings = FetchSettings(
        contact="editor@example.org", delay=0, retries=0, allow_private=source.origin.removeprefix("http://")
    )
    with Client(settings, clock=Clock(sleep=lambda _: None)) as client:
        search = Search(
            site=source, get=client.page, log=lambda _: None, since=since, bounds=Bounds(**{"pages": 20} | bounds)
        )
        return discover(search, lines)


def line(identifier: str, url: str, **more: object) -> JsonObject:
    return {"id": identifier, "title": "Titre", "publisher": "RTES", "url": url, **more}


def slugs(discovery: Discovery) -> list[str]:
    return sorted(str(proposal.line["url"]).rstrip("/").rsplit("/", 1)[1] for proposal in discovery.new)


def test_an_article_of_a_list_becomes_a_line_with_all_that_its_page_says(local: Site, drupal: Drupal) -> None:
    drupal.article(
        "kit-de-l-ess", title="L&rsquo;<em>ESS</em> : le RepèrESS", date="1er mars 2023", changed="4 avril 2023"
    )
    drupal.listing("/liste", ["kit-de-l-ess"])
    (proposal,) = found(drupal.source("/liste")).new
    assert proposal.line == {
        "id": "rtes-2023-ess-reperess",
        "title": "L’ESS : le RepèrESS",
        "publisher": "RTES",
        "url": local.url("/kit-de-l-ess"),
        "date": "2023-03-01",
        "language": "fr",
        "themes": ["politique de la ville", "QPV", "emploi"],
        "series": "RepèrESS",
    }
    assert proposal.pdfs == (local.url("/sites/default/files/kit-de-l-ess.pdf"),)


def test_lists_are_walked_to_their_end_and_an_article_of_several_is_proposed_once(local: Site, drupal: Drupal) -> None:
    for slug in ("article-a", "article-b", "article-c"):
        drupal.article(slug, title=f"Titre {slug}")
    drupal.listing("/liste", ["article-a", "article-b"], ["article-c"])
    drupal.listing("/autre", ["article-b", "article-a"])
    discovery = found(drupal.source("/liste", "/autre"))
    assert slugs(discovery) == ["article-a", "article-b", "article-c"]
    assert discovery.faults == ()
    assert local.paths().count("/article-a") == 1
    assert len({str(proposal.line["id"]) for proposal in discovery.new}) == 3


def test_what_the_catalogue_has_under_any_variant_of_its_address_is_not_proposed(local: Site, drupal: Drupal) -> None:
    drupal.article("article-a", title="A")
    drupal.article("Article-B,12", title="B")
    drupal.listing("/liste", ["article-a", "Article-B,12"])
    discovery = found(
        drupal.source("/liste"),
        line("a", f"HTTP://{local.host}/article-a/?utm_source=lettre#haut"),
        line("b", local.url("/Article-B%2C12"), access="proposed", date="mars"),
    )
    assert discovery.new == ()
    assert discovery.known == 2


def test_a_page_that_a_line_s_old_address_leads_to_is_not_proposed(local: Site, drupal: Drupal) -> None:
    drupal.article("article-nouveau", title="A")
    drupal.listing("/liste", ["article-nouveau"])
    local.answer("/Article,46", Reply(status=301, headers={"Location": "/article-nouveau"}))
    assert found(drupal.source("/liste"), line("a", local.url("/Article,46"))).new == ()


def test_two_addresses_that_lead_to_one_page_are_one_proposal(local: Site, drupal: Drupal) -> None:
    drupal.article("article-nouveau", title="A")
    drupal.listing("/liste", ["article-ancien", "article-nouveau"])
    local.answer("/article-ancien", Reply(status=302, headers={"Location": "/article-nouveau"}))
    assert slugs(found(drupal.source("/liste"))) == ["article-nouveau"]


def test_what_is_for_members_is_counted_and_leaves_no_other_trace(local: Site, drupal: Drupal) -> None:
    drupal.article("article-public", title="Public")
    drupal.article("article-secret", title=FOR_MEMBERS, private=True)
    drupal.listing("/liste", ["article-secret", "article-public", "article-ferme", "article-renvoye"])
    local.answer("/article-ferme", Reply(status=403))
    local.answer(
        "/article-renvoye", Reply(status=302, headers={"Location": "/user/login?destination=/article-renvoye"})
    )
    local.answer("/user/login?destination=/article-renvoye", html("<main><h1>Connexion</h1></main>"))
    discovery = found(drupal.source("/liste"))
    assert slugs(discovery) == ["article-public"]
    assert discovery.private == 3
    for trace in (FOR_MEMBERS, "secret", "ferme", "renvoye"):
        assert trace not in repr(discovery)


def test_an_entry_that_says_it_is_for_members_is_not_even_asked_for(local: Site, drupal: Drupal) -> None:
    entry = '<article><h2><a href="/article-secret">{}</a></h2><p>Ressource privée : Oui</p></article>'
    local.answer("/liste", html(f"<main>{entry.format(FOR_MEMBERS)}</main>"))
    drupal.article("article-secret", title=FOR_MEMBERS)
    drupal.listing("/autre", ["article-secret"])
    discovery = found(drupal.source("/liste", "/autre"))
    assert (discovery.new, discovery.private) == ((), 1)
    assert "/article-secret" not in local.paths()


def test_links_of_menus_sidebars_other_hosts_and_the_members_list_are_not_followed(local: Site, drupal: Drupal) -> None:
    rows = """<article><h2><a href="https://autre.example.org/un-article-d-un-autre-site">Autre</a></h2></article>
      <article><h2><a href="javascript:alert('un-article')">Script</a></h2></article>
      <article><h2><a href="mailto:a@example.org">Courriel</a></h2></article>
      <article><h2><a href="/dossiers-ressources-adherents">Adhérents</a></h2></article>
      <article><h2><a href="  article-relatif  ">Relatif</a></h2></article>"""
    local.answer("/liste", html(f"{MENU}<main>{rows}</main>{FOOT}"))
    drupal.article("article-relatif", title="Relatif")
    assert slugs(found(drupal.source("/liste"))) == ["article-relatif"]
    assert local.paths() == ["/liste", "/liste?page=1", "/article-relatif"]


def test_in_unknown_markup_links_whose_address_can_only_be_an_article_s_are_entries(
    local: Site, drupal: Drupal
) -> None:
    long, old = "retour-sur-le-seminaire-annuel-de-2018", "Une-vieille-page,4647"
    rows = f'<section><a href="/{long}">Retour</a><a href="/{old}">Page</a><a href="/nos-valeurs">Valeurs</a></section>'
    local.answer("/liste", html(f"{MENU}<div id='content'>{rows}</div>{FOOT}"))
    drupal.article(long, title="Retour")
    drupal.article(old, title="Vieille page")
    assert slugs(found(drupal.source("/liste"))) == [old, long]


def test_a_day_that_no_calendar_has_does_not_reach_the_line(drupal: Drupal) -> None:
    drupal.article("article-a", title="A", date="31 février 2020", changed="4 mai 2021")
    drupal.listing("/liste", ["article-a"])
    assert "2020-02-31" not in found(drupal.source("/liste")).new[0].line.values()


def test_a_month_is_not_older_than_a_day_in_it(local: Site, drupal: Drupal) -> None:
    drupal.listing("/liste", ["article-a", "article-b"])
    for slug, month in (("article-a", "Mai"), ("article-b", "Avril")):
        local.answer(
            f"/{slug}", html(f"<main><h1>Titre</h1><p>Mots-clés : emploi ; insertion - {month} 2022</p></main>")
        )
    assert slugs(found(drupal.source("/liste"), since="2022-05-10")) == ["article-a"]


def test_a_page_that_only_forwards_is_left_out_and_noted(local: Site, drupal: Drupal) -> None:
    drupal.listing("/liste", ["article-a"])
    forward = '<html><head><meta http-equiv="refresh" content="0; url=/ailleurs"></head><body></body></html>'
    local.answer("/article-a", Reply(body=forward.encode()))
    discovery = found(drupal.source("/liste"))
    assert discovery.new == ()
    assert "only forwards to /ailleurs" in discovery.notes[0]


def test_a_list_that_gives_the_same_page_again_and_again_is_left(local: Site, drupal: Drupal) -> None:
    drupal.article("article-a", title="A")
    drupal.listing("/liste", ["article-a"])
    for number in range(1, 30):
        local.answer(
            f"/liste?page={number}", html('<main><article><h2><a href="/article-a">A</a></h2></article></main>')
        )
    discovery = found(drupal.source("/liste"))
    assert (slugs(discovery), discovery.faults) == (["article-a"], ())
    assert local.paths() == ["/liste", "/liste?page=1", "/article-a"]


def test_a_list_without_end_is_left_at_the_bound_and_told(local: Site, drupal: Drupal) -> None:
    for path in ("/liste", *(f"/liste?page={number}" for number in range(1, 8))):
        local.answer(path, endless)
    discovery = found(drupal.source("/liste"), pages=4)
    assert "left after 4 pages" in discovery.faults[0]
    assert sum(path.startswith("/liste") for path in local.paths()) == 4


def test_articles_beyond_the_bound_of_a_run_are_told(drupal: Drupal) -> None:
    for slug in ("article-a", "article-b", "article-c"):
        drupal.article(slug, title=slug)
    drupal.listing("/liste", ["article-a", "article-b", "article-c"])
    discovery = found(drupal.source("/liste"), articles=2)
    assert len(discovery.new) == 2
    assert "1 articles were not read" in discovery.faults[0]


def test_a_list_that_breaks_off_is_told_and_what_was_found_is_shown(local: Site, drupal: Drupal) -> None:
    for slug in ("article-a", "article-b", "article-z"):
        drupal.article(slug, title=slug)
    drupal.listing("/liste", ["article-a"], ["article-b"], ["article-c"])
    drupal.listing("/autre", ["article-z"])
    local.answer("/liste?page=2", Reply(status=500))
    discovery = found(drupal.source("/liste", "/autre"))
    assert slugs(discovery) == ["article-a", "article-b", "article-z"]
    (fault,) = discovery.faults
    assert "/liste?page=2: this list was not finished, its page 3 cannot be had" in fault
    assert "500" in fault


def test_a_site_whose_lists_name_nothing_any_more_is_told(local: Site, drupal: Drupal) -> None:
    local.answer("/liste", html("<main><p>Rien</p></main>"))
    assert "none of its lists names an article" in found(drupal.source("/liste")).faults[0]


def test_an_empty_list_beside_a_full_one_is_only_noted(drupal: Drupal) -> None:
    drupal.article("article-a", title="A")
    drupal.listing("/vide")
    drupal.listing("/liste", ["article-a"])
    discovery = found(drupal.source("/vide", "/liste"))
    assert (len(discovery.new), discovery.faults) == (1, ())
    assert "/vide: no article found" in discovery.notes[0]


def test_since_leaves_older_articles_unasked_where_the_list_says_their_days(local: Site, drupal: Drupal) -> None:
    days = {
        "article-a": "Publié le 3 mai 2024",
        "article-b": "Publié le 2 mai 2019",
        "article-c": "Publié le 1er mai 2018",
    }
    for slug, day in days.items():
        drupal.article(slug, title=slug, date=day.removeprefix("Publié le "))
    drupal.listing("/liste", ["article-a"], ["article-b"], ["article-c"], dated=days)
    discovery = found(drupal.source("/liste"), since="2023-01-01")
    assert slugs(discovery) == ["article-a"]
    assert local.paths() == ["/liste", "/liste?page=1", "/article-a"]


def test_since_leaves_out_articles_whose_day_only_their_page_says_and_keeps_those_changed_later(drupal: Drupal) -> None:
    drupal.article("article-a", title="A", date="3 mai 2018")
    drupal.article("article-b", title="B", date="3 mai 2018", changed="4 mai 2024")
    drupal.listing("/liste", ["article-a", "article-b"])
    assert slugs(found(drupal.source("/liste"), since="2023-01-01")) == ["article-b"]


def test_a_hostile_title_is_one_short_line(drupal: Drupal) -> None:
    drupal.article(
        "article-a", title="\x1b[2J\u202e<b onclick=x>Mot</b>&lt;script&gt;alert(1)&lt;/script&gt; " + "a " * 5000
    )
    drupal.listing("/liste", ["article-a"])
    title = str(found(drupal.source("/liste")).new[0].line["title"])
    assert len(title) <= 300
    assert title.isprintable()
    assert "<" not in title


@pytest.mark.parametrize("body", [b"", b"\x00\xff\xfe" * 50, b"<" * 10_000, b"<div>" * 20_000, b"%PDF-1.7"])
def test_a_list_that_is_no_page_names_nothing(local: Site, drupal: Drupal, body: bytes) -> None:
    local.answer("/liste", Reply(body=body))
    discovery = found(drupal.source("/liste"))
    assert (discovery.new, len(discovery.faults)) == ((), 1)


def test_thousands_of_links_in_a_thousand_unclosed_elements_are_read_in_seconds(local: Site, drupal: Drupal) -> None:
    links = "".join(f'<a href="/un-article-bien-long-numero-{number}">x</a>' for number in range(3000))
    local.answer("/liste", html("<main>" + "<article>" * 1500 + links + "</main>"))
    start = time.monotonic()
    discovery = found(drupal.source("/liste"), articles=0)
    assert "3000 articles were not read" in discovery.faults[0]
    assert time.monotonic() - start < 30  # more than nine minutes when each link was sought in each element around it


def test_a_page_in_an_older_encoding_keeps_its_accents(local: Site, drupal: Drupal) -> None:
    drupal.listing("/liste", ["article-a"])
    page = '<html><head><meta charset="iso-8859-1"></head><body><main><h1>Économie créée</h1></main></body></html>'
    local.answer("/article-a", Reply(body=page.encode("latin-1")))
    assert found(drupal.source("/liste")).new[0].line["title"] == "Économie créée"


def test_lines_whose_pages_are_gone_changed_moved_or_closed_are_told(local: Site, drupal: Drupal) -> None:
    drupal.article("article-meme", title="A", date="3 mai 2018")
    drupal.article("article-change", title="B", date="3 mai 2018", changed="4 mai 2024")
    drupal.article("article-neuf", title="B", date="3 mai 2018", changed="4 mai 2024")
    drupal.article("article-secret", title=FOR_MEMBERS, private=True)
    drupal.listing("/liste", ["article-meme", "article-change"])
    local.answer("/article-demenage", Reply(status=302, headers={"Location": "/"}))
    local.answer("/", html("<main><h1>Accueil</h1></main>"))
    local.answer("/article-efface", Reply(status=410))
    discovery = found(
        drupal.source("/liste"),
        line("meme", local.url("/article-meme"), fetched="2024-01-01"),
        line("change", local.url("/article-change"), fetched="2024-01-01"),
        line("neuf", local.url("/article-neuf"), fetched="2024-05-04"),
        line("prive", local.url("/article-secret")),
        line("demenage", local.url("/article-demenage")),
        line("perdu", local.url("/article-perdu")),
        line("efface", local.url("/article-efface")),
        line("marque", local.url("/article-marque"), gone="2024-01-01"),
        line("ailleurs", "https://autre.example.org/article-a"),
    )
    assert [note.id for note in discovery.gone] == ["perdu", "efface"]
    assert [note.id for note in discovery.changed] == ["change", "prive", "demenage"]
    assert [note.id for note in discovery.changed if note.needs_person] == ["prive", "demenage"]
    assert "changed on 2024-05-04, fetched on 2024-01-01" in discovery.changed[0].detail
    assert "/article-marque" not in local.paths()


def test_a_later_last_modified_says_changed_where_the_page_gives_no_day(local: Site, drupal: Drupal) -> None:
    page = html("<main><h1>Sans date</h1></main>")
    headers = {"Last-Modified": "Tue, 05 Mar 2024 10:00:00 GMT"}
    local.answer("/article-sans-date", Reply(headers=headers, body=page.body))
    drupal.listing("/liste", ["article-sans-date"])
    then = line("a", local.url("/article-sans-date"), last_modified="Mon, 04 Mar 2024 10:00:00 GMT")
    now = line("a", local.url("/article-sans-date"), last_modified="Tue, 05 Mar 2024 10:00:00 GMT")
    assert [note.id for note in found(drupal.source("/liste"), then).changed] == ["a"]
    assert found(drupal.source("/liste"), now).changed == ()


def test_a_site_that_is_down_is_not_asked_for_every_line(local: Site, drupal: Drupal) -> None:
    for number in range(9):
        local.answer(f"/article-{number}", Reply(status=503))
    lines = [line(f"a{number}", local.url(f"/article-{number}")) for number in range(9)]
    discovery = found(drupal.source("/liste"), *lines)
    assert sum(path.startswith("/article-") for path in local.paths()) < 9
    assert "no page is asked for after 5 failures in a row" in discovery.faults[-1]


def test_rest_gives_lines_without_their_pages_being_asked_for(local: Site, wordpress: WordPress) -> None:
    wordpress.post("economies", title="L&#8217;éco des quartiers : économies", date="2023-03-07", modified="2023-04-01")
    wordpress.post("regards", title="Premiers regards", date="2021-01-02")
    wordpress.post("troisieme", title="Troisième", date="2020-01-02")
    wordpress.open_rest()
    discovery = found(wordpress.source())
    assert slugs(discovery) == ["economies", "regards", "troisieme"]
    assert discovery.new[0].line == {
        "id": "rncrpv-2023-eco-quartiers-economies",
        "title": "L’éco des quartiers : économies",
        "publisher": "RNCRPV",
        "url": local.url("/publication/economies/"),
        "date": "2023-03-07",
        "language": "fr",
        "themes": ["développement économique"],
        "series": "L'éco des quartiers",
    }
    assert discovery.new[0].pdfs == (local.url("/wp-content/uploads/economies.pdf"),)
    assert local.paths() == [wordpress.rest_path(1), wordpress.rest_path(2)]


def test_posts_behind_a_password_or_not_published_are_for_members(wordpress: WordPress) -> None:
    wordpress.post("a", title=FOR_MEMBERS, date="2023-01-01", content={"rendered": "", "protected": True})
    wordpress.post("b", title=FOR_MEMBERS, date="2023-01-02", status="private")
    wordpress.post("c", title="Public", date="2023-01-03")
    wordpress.open_rest(per_page=10)
    discovery = found(wordpress.source())
    assert (slugs(discovery), discovery.private) == (["c"], 2)
    assert FOR_MEMBERS not in repr(discovery)


def test_rest_says_what_changed_without_asking_for_pages(local: Site, wordpress: WordPress) -> None:
    wordpress.post("a", title="A", date="2020-01-01", modified="2024-03-01")
    wordpress.open_rest()
    known = line("a", local.url("/publication/a"), fetched="2024-01-01")
    assert [note.id for note in found(wordpress.source(), known).changed] == ["a"]
    assert local.paths() == [wordpress.rest_path(1)]


def test_since_ends_the_walk_of_rest_which_gives_last_changed_first(local: Site, wordpress: WordPress) -> None:
    for year in range(2015, 2025):
        wordpress.post(f"de-{year}", title=f"Titre {year}", date=f"{year}-05-01")
    wordpress.open_rest()
    assert slugs(found(wordpress.source(), since="2023-01-01")) == ["de-2023", "de-2024"]
    assert local.paths() == [wordpress.rest_path(1), wordpress.rest_path(2)]


CLOSED_REST = {
    "401": Reply(status=401),
    "403": Reply(status=403, body=b'{"code": "rest_forbidden"}'),
    "404": Reply(status=404),
    "500": Reply(status=500),
    "HTML": html("<h1>Bienvenue</h1>"),
    "an object": Reply(body=b'{"code": "rest_no_route"}'),
    "cut JSON": Reply(body=b'[{"id": 1'),
    "deep JSON": Reply(body=b"[" * 100_000),
}


@pytest.mark.parametrize("reply", CLOSED_REST.values(), ids=CLOSED_REST)
def test_where_rest_is_no_help_the_archives_are_walked(wordpress: WordPress, reply: Reply) -> None:
    for slug in ("a", "b", "c"):
        wordpress.post(slug, title=f"Titre {slug}", date="2023-01-01")
    wordpress.open_rest(broken={1: reply})
    wordpress.archive(["a", "b"], ["c"])
    discovery = found(wordpress.source())
    assert slugs(discovery) == ["a", "b", "c"]
    assert discovery.new[0].line["date"] == "2023-01-01"
    assert discovery.faults == ()
    assert "REST interface is no help" in discovery.notes[0]


def test_rest_that_breaks_off_on_its_second_page_is_told(wordpress: WordPress) -> None:
    for slug in ("a", "b", "c", "d", "e"):
        wordpress.post(slug, title=slug, date="2023-01-01")
    wordpress.open_rest(broken={2: html("<h1>Maintenance</h1>")})
    discovery = found(wordpress.source())
    assert len(discovery.new) == 2
    assert "this list was not finished, its page 2 cannot be had" in discovery.faults[0]


def test_rest_with_thousands_of_pages_is_left_at_the_bound(local: Site, wordpress: WordPress) -> None:
    for number in range(12):
        wordpress.post(f"n-{number}", title=str(number), date="2023-01-01")
    wordpress.open_rest(per_page=1)
    discovery = found(wordpress.source(), pages=3)
    assert (len(discovery.new), len(local.paths())) == (3, 3)
    assert "left after 3 pages of REST" in discovery.faults[0]


def test_posts_of_another_shape_are_left_out_and_the_others_kept(wordpress: WordPress) -> None:
    wordpress.post("a", title="A", date="2023-01-01")
    wordpress.posts += [
        {"link": 3, "modified": "x"},
        {"link": "javascript:alert(1)", "modified": "x"},
        {"link": wordpress.local.url("/publication/b/"), "title": [], "content": None, "_embedded": 3, "modified": "y"},
        {"link": wordpress.local.url("/publication/c/"), "title": {"rendered": "\ud800C"}, "date": 5, "modified": "z"},
    ]
    wordpress.open_rest(per_page=10)
    assert [(p.line["title"], p.line.get("date")) for p in found(wordpress.source()).new] == [
        ("A", "2023-01-01"),
        ("C", None),
    ]


def run(source: Source, corpus: Path, *more: str) -> int:
    """`discover` as the command line runs it, with the site where the test has it."""
    parser = argparse.ArgumentParser()
    add_discover(parser.add_subparsers())
    return run_discover(parser.parse_args(["discover", source.name, "--corpus", str(corpus), *more]), sites=[source])


@pytest.fixture
def corpus(tmp_path: Path, local: Site, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A corpus of one line, with the settings of the command line."""
    for name, value in {
        "CONTACT": "editor@example.org",
        "DELAY": "0",
        "RETRIES": "0",
        "ALLOW_PRIVATE": local.host,
    }.items():
        monkeypatch.setenv(f"FETCH_{name}", value)
    write(tmp_path, line("perdu", local.url("/article-perdu")))
    return tmp_path


def write(corpus: Path, *lines: JsonObject) -> None:
    (corpus / "catalogue.jsonl").write_text("".join(json.dumps(each) + "\n" for each in lines), encoding="utf-8")


def lines_of(corpus: Path) -> list[dict[str, Any]]:
    return [json.loads(row) for row in (corpus / "catalogue.jsonl").read_text(encoding="utf-8").splitlines()]


def test_discover_prints_what_it_found_and_writes_nothing(
    corpus: Path, drupal: Drupal, capsys: pytest.CaptureFixture[str]
) -> None:
    drupal.article("article-a", title="Un titre", date="3 mai 2023")
    drupal.article("article-secret", title=FOR_MEMBERS, private=True)
    drupal.listing("/liste", ["article-a", "article-secret"])
    before = (corpus / "catalogue.jsonl").read_bytes()
    assert run(drupal.source("/liste"), corpus) == 0
    printed = capsys.readouterr()
    rows = printed.out.splitlines()
    assert rows[0] == "NEW      2023-05-03  rtes-2023-titre"
    assert rows[1].strip() == "Un titre"
    assert rows[3].strip().startswith("PDF http://")
    assert rows[4] == "GONE                 perdu: answers 404"
    assert rows[-1] == "1 new, 0 changed, 1 gone; 0 listed are in the catalogue, 1 for members left out"
    assert "secret" not in printed.out + printed.err
    assert (corpus / "catalogue.jsonl").read_bytes() == before


def test_written_lines_wait_for_an_editor_and_are_not_proposed_again(
    corpus: Path, drupal: Drupal, capsys: pytest.CaptureFixture[str]
) -> None:
    drupal.article("article-a", title="Un titre", date="3 mai 2023")
    drupal.listing("/liste", ["article-a"])
    assert run(drupal.source("/liste"), corpus, "--write") == 0
    lost, new = lines_of(corpus)
    assert len(lost["gone"]) == 10
    assert new["access"] == "proposed"
    assert load_catalogue(corpus).problems == ()
    written = (corpus / "catalogue.jsonl").read_bytes()
    capsys.readouterr()
    assert run(drupal.source("/liste"), corpus, "--write") == 0
    assert "0 new, 0 changed, 0 gone; 1 listed" in capsys.readouterr().out
    assert (corpus / "catalogue.jsonl").read_bytes() == written


def test_only_lines_of_a_trusted_publisher_are_written_as_public(corpus: Path, drupal: Drupal) -> None:
    drupal.article("article-a", title="A")
    drupal.listing("/liste", ["article-a"])
    assert run(drupal.source("/liste"), corpus, "--write", "--trust", "RNCRPV") == 0
    assert lines_of(corpus)[1]["access"] == "proposed"
    drupal.article("article-b", title="B")
    drupal.listing("/liste", ["article-a", "article-b"])
    assert run(drupal.source("/liste"), corpus, "--write", "--trust", "RTES") == 0
    assert [each.get("access") for each in lines_of(corpus)] == [None, "proposed", "public"]


def test_a_public_line_that_is_for_members_by_now_is_closed_and_needs_a_person(
    corpus: Path, local: Site, drupal: Drupal
) -> None:
    drupal.article("article-secret", title=FOR_MEMBERS, private=True)
    drupal.listing("/liste", ["article-secret"])
    write(corpus, line("a", local.url("/article-secret")))
    assert run(drupal.source("/liste"), corpus, "--write") == 1
    assert lines_of(corpus)[0]["access"] == "private"
    assert run(drupal.source("/liste"), corpus, "--write") == 0


def test_json_says_the_same_as_one_object(corpus: Path, drupal: Drupal, capsys: pytest.CaptureFixture[str]) -> None:
    drupal.article("article-a", title="Économie")
    drupal.listing("/liste", ["article-a"])
    assert run(drupal.source("/liste"), corpus, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert [each["title"] for each in told["new"]] == ["Économie"]
    assert [each["id"] for each in told["gone"]] == ["perdu"]
    assert (told["private"], told["faults"]) == (0, [])


def test_a_walk_that_was_cut_off_shows_what_it_found_and_fails(
    corpus: Path, local: Site, drupal: Drupal, capsys: pytest.CaptureFixture[str]
) -> None:
    drupal.article("article-a", title="A")
    drupal.listing("/liste", ["article-a"])
    local.answer("/liste?page=1", Reply(status=502))
    assert run(drupal.source("/liste"), corpus) == 1
    printed = capsys.readouterr()
    assert "NEW" in printed.out
    assert "error: " in printed.err
    assert "this list was not finished" in printed.err


def test_what_robots_txt_forbids_is_not_walked(
    corpus: Path, local: Site, drupal: Drupal, capsys: pytest.CaptureFixture[str]
) -> None:
    drupal.article("article-a", title="A")
    drupal.listing("/liste", ["article-a"])
    local.answer("/robots.txt", Reply(body=b"User-agent: *\nDisallow: /liste\n"))
    assert run(drupal.source("/liste"), corpus) == 1
    assert "robots.txt" in capsys.readouterr().err
    assert "/liste" not in local.paths()


def test_wrong_usage_is_told_apart_from_failure(
    corpus: Path, drupal: Drupal, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    source = drupal.source("/liste")
    assert run(source, corpus, "--trust", "RTES") == 2
    with pytest.raises(SystemExit) as wrong:
        run(source, corpus, "--since", "hier")
    assert wrong.value.code == 2
    assert run(source, corpus / "nulle-part") == 1
    (corpus / "catalogue.jsonl").write_bytes(b'{"id": "a"\n')
    assert run(source, corpus) == 1
    assert "mend these first" in capsys.readouterr().err
    write(corpus)
    monkeypatch.setenv("FETCH_CONTACT", "")
    assert run(source, corpus) == 2
    assert "FETCH_CONTACT" in capsys.readouterr().err
