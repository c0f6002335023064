"""Addresses: which ones are the same page, which are not, and what is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.sites.address import address, key_of
from ingest.sites.site import RNCRPV, RTES


@pytest.mark.parametrize(
    "variant",
    [
        "https://www.rtes.fr/politique-de-la-ville",
        "http://rtes.fr/politique-de-la-ville/",
        "HTTPS://WWW.RTES.FR:443/politique-de-la-ville",
        "http://rtes.fr:80/politique-de-la-ville?utm_source=lettre&utm_medium=mail",
        "https://rtes.fr//politique-de-la-ville?fbclid=abc#resume",
        " https://rtes.fr./politique%2Dde-la-ville ",
    ],
)
def test_variants_of_host_scheme_slash_escapes_and_tracking_are_one_page(variant: str) -> None:
    assert key_of(variant) == "rtes.fr/politique-de-la-ville"


def test_old_addresses_with_a_number_keep_their_capitals_and_their_comma() -> None:
    old = "http://rtes.fr/Politique-de-la-ville-et-ESS,4647"
    assert key_of(old) == key_of("https://www.rtes.fr/Politique-de-la-ville-et-ESS%2C4647?utm_source=x")
    assert key_of(old) != key_of(old.lower())
    found = RTES.own(old)
    assert found is not None
    assert RTES.is_article(found)
    assert RTES.canonical(found) == "https://www.rtes.fr/Politique-de-la-ville-et-ESS,4647"


def test_parameters_that_name_the_page_are_kept_in_any_order() -> None:
    record = "https://www.reseau-crpv.fr/pmb-publication/?pmb_p=65245"
    assert key_of(record) == key_of("http://reseau-crpv.fr/pmb-publication?utm_source=a&pmb_p=65245")
    assert key_of(record) != key_of("https://www.reseau-crpv.fr/pmb-publication/?pmb_p=65246")
    assert key_of("https://a.fr/?a=1&b=2") == key_of("https://a.fr/?b=2&a=1")
    found = RNCRPV.own(record)
    assert found is not None
    assert RNCRPV.is_article(found)
    assert RNCRPV.canonical(found) == record


def test_an_escaped_slash_and_an_accent_do_not_change_what_a_path_names() -> None:
    assert key_of("https://a.fr/a%2Fb") != key_of("https://a.fr/a/b")
    assert key_of("https://a.fr/économie") == key_of("https://a.fr/%C3%A9conomie")


@pytest.mark.parametrize(
    "none",
    [
        "javascript:alert(1)",
        "mailto:a@rtes.fr",
        "tel:+33",
        "https://www.rtes.fr/\ud800",
        "https://www.rtes.fr/?a=\udfff",
        "",
        "https://",
        "http://[",
        "http://a.fr:99999/",
        "http://u@a.fr/",
        "https://a.fr/" + "a" * 2000,
        "ftp://a.fr/x",
        "data:text/html,x",
        "http://a b.fr/",
    ],
)
def test_what_leads_to_no_web_page_has_no_address(none: str) -> None:
    assert address(none) is None
    assert address("javascript:alert(1)", base="https://www.rtes.fr/") is None


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/user/login",
        "/dossiers-ressources-adherents",
        "/dossiers-ressources-adherents?page=2",
        "/sites/default/files/a-b.pdf",
        "/retours-sur-les-journees-d-echanges",
        "/retours-sur-les-journees-d-echanges?page=3",
        "/contact",
        "/a/b-c",
    ],
)
def test_lists_members_pages_and_machinery_of_rtes_are_no_articles(path: str) -> None:
    found = RTES.own(path, base="https://www.rtes.fr/")
    assert found is not None
    assert not RTES.is_article(found)


@pytest.mark.parametrize(
    "path", ["/publication/", "/publication/page/2/", "/wp-login.php", "/category/x-y/", "/page/2/", "/wp-json/"]
)
def test_archives_and_machinery_of_reseau_crpv_are_no_articles(path: str) -> None:
    found = RNCRPV.own(path, base="https://www.reseau-crpv.fr/")
    assert found is not None
    assert not RNCRPV.is_article(found)


def test_another_host_is_not_the_site_s_own_even_where_its_name_begins_alike() -> None:
    for other in ("https://rtes.fr.example.org/a-b", "https://extranet.rtes.fr/a-b", "https://www.reseau-crpv.fr/a-b"):
        assert RTES.own(other) is None


@given(st.text(max_size=60))
def test_any_text_has_a_key_or_none_and_a_written_address_has_the_same_key(text: str) -> None:
    found = address(text, base="https://www.rtes.fr/liste")
    if found is not None:
        again = address(str(found))
        assert again is not None
        assert again.key == found.key
