"""Whose request it is, behind proxies that are trusted and others that are not."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.types import Scope

from ui.addresses import UNKNOWN, as_asked, base_of, client_of, is_local, is_proxied_by_stranger, networks, prefix_of

PROXIES = networks("127.0.0.1, 10.0.0.0/8, 2001:db8:ffff::/48")


def scope(peer: str | None, *forwarded: str) -> Scope:
    return {
        "type": "http",
        "client": (peer, 1234) if peer else None,
        "headers": [(b"x-forwarded-for", value.encode()) for value in forwarded],
    }


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("192.0.2.1", [], "192.0.2.1"),
        ("192.0.2.1", ["203.0.113.9"], "192.0.2.1"),  # no proxy of ours: not believed
        ("127.0.0.1", ["203.0.113.9"], "203.0.113.9"),
        ("127.0.0.1", ["198.51.100.1, 203.0.113.9"], "203.0.113.9"),  # what the client wrote itself is before
        ("127.0.0.1", ["198.51.100.1", "203.0.113.9"], "203.0.113.9"),
        ("127.0.0.1", ["203.0.113.9, 10.1.2.3"], "203.0.113.9"),  # two proxies of ours
        ("127.0.0.1", ["203.0.113.9, nonsense"], "127.0.0.1"),
        ("127.0.0.1", ["nonsense, 203.0.113.9"], "203.0.113.9"),
        ("127.0.0.1", [""], "127.0.0.1"),
        ("127.0.0.1", ["10.9.9.9"], "10.9.9.9"),
        ("127.0.0.1", ["203.0.113.9:4711"], "203.0.113.9"),
        ("127.0.0.1", ["[2001:db8:1:2:3:4:5:6]:4711"], "2001:db8:1:2::/64"),
        ("2001:db8:1:2:3:4:5:6", [], "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", [], "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", [], "192.0.2.1"),
        ("2001:db8:ffff::1", ["203.0.113.9"], "203.0.113.9"),
        (None, ["203.0.113.9"], UNKNOWN),
    ],
)
def test_the_client_is_who_a_trusted_proxy_names_last(peer: str | None, forwarded: list[str], client: str) -> None:
    assert client_of(scope(peer, *forwarded), PROXIES) == client


def test_a_long_header_is_read_from_its_end_and_not_to_its_start() -> None:
    hops = ["203.0.113.9"] + ["10.0.0.1"] * 50
    assert client_of(scope("127.0.0.1", ",".join(hops)), PROXIES) == "10.0.0.1"


def test_local_is_who_asks_past_no_proxy() -> None:
    assert is_local(scope("127.0.0.1"))
    assert is_local(scope("::1"))
    assert not is_local(scope("127.0.0.1", "203.0.113.9"))
    assert not is_local(scope("192.0.2.1"))


def test_a_proxy_that_is_not_trusted_is_known_by_its_header() -> None:
    assert is_proxied_by_stranger(scope("192.0.2.1", "203.0.113.9"), PROXIES)
    assert not is_proxied_by_stranger(scope("127.0.0.1", "203.0.113.9"), PROXIES)
    assert not is_proxied_by_stranger(scope("192.0.2.1"), PROXIES)


@pytest.mark.parametrize("text", ["proxy.example", "10.0.0.1/8", "10.0.0.0/33"])
def test_what_is_no_network_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"10\.0\.0|proxy"):
        networks(text)


@pytest.mark.parametrize(
    ("peer", "proto", "expected"),
    [
        ("127.0.0.1", "https", "https://assistant.example/"),
        ("127.0.0.1", "HTTPS", "https://assistant.example/"),
        ("127.0.0.1", None, "http://assistant.example/"),
        ("127.0.0.1", "javascript", "http://assistant.example/"),
        ("192.0.2.7", "https", "http://assistant.example/"),
    ],
)
def test_the_scheme_is_that_which_a_trusted_proxy_tells(peer: str, proto: str | None, expected: str) -> None:
    headers = [(b"host", b"assistant.example")] + ([(b"x-forwarded-proto", proto.encode())] if proto else [])
    scope = {
        "type": "http",
        "scheme": "http",
        "path": "/q",
        "query_string": b"",
        "headers": headers,
        "client": (peer, 1),
    }
    assert base_of(Request(scope), networks("127.0.0.1")) == expected


def told(peer: str, *prefixes: str, path: str = "/config") -> Scope:
    return {
        "type": "http",
        "scheme": "http",
        "path": path,
        "query_string": b"",
        "headers": [(b"host", b"ess.example"), *((b"x-forwarded-prefix", one.encode("latin-1")) for one in prefixes)],
        "client": (peer, 1),
    }


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("/assistant", "/assistant"),
        ("/assistant/", "/assistant"),
        ("/outils/assistant-2.0_~", "/outils/assistant-2.0_~"),
        ("/a/..b/.well-known", "/a/..b/.well-known"),
        ("", ""),
        ("/", ""),
        ("assistant", ""),
        ("//evil.example", ""),
        ("/a//b", ""),
        ("/a//", ""),
        ("/..", ""),
        ("/a/../b", ""),
        ("/a/./b", ""),
        ("/%2e%2e", ""),
        ("/a?b", ""),
        ("/a#b", ""),
        ("/a:b", ""),
        ("/a\\b", ""),
        ("/a b", ""),
        ("/a, /b", ""),
        ("/é", ""),
        ("/a\n", "/a"),
        ("/a\nb", ""),
        ("https://evil.example/a", ""),
        ("/" + "a" * 199, "/" + "a" * 199),
        ("/" + "a" * 200, ""),
    ],
)
def test_a_prefix_is_a_plain_path_or_none(prefix: str, expected: str) -> None:
    assert prefix_of(told("127.0.0.1", prefix), PROXIES) == expected
    assert prefix_of(told("192.0.2.7", prefix), PROXIES) == ""
    assert prefix_of(told("127.0.0.1", prefix, "/b"), PROXIES) == ""


@given(st.text(alphabet=st.sampled_from("/.a-~%?#:\\ @\n;é"), max_size=12))
def test_whatever_is_told_the_address_stays_on_its_host(prefix: str) -> None:
    scope = told("127.0.0.1", prefix)
    assert re.fullmatch(r"http://ess\.example(/[a.~-]+)*/", base_of(Request(scope), PROXIES))
    url = str(Request(as_asked(scope, PROXIES)).url)
    assert url == base_of(Request(scope), PROXIES) + "config"
    assert "/../" not in url


def test_what_makes_addresses_itself_is_given_the_path_with_its_prefix_and_no_header_of_the_way() -> None:
    scope = told("127.0.0.1", "/assistant")
    scope["raw_path"] = b"/config"
    scope["headers"] += [(b"x-forwarded-host", b"evil.example"), (b"x-gradio-server", b"https://evil.example")]
    scope["headers"] += [(b"x-forwarded-proto", b"https")]
    asked = as_asked(scope, PROXIES)
    assert (asked["scheme"], asked["path"], asked["root_path"]) == ("https", "/assistant/config", "/assistant")
    assert asked["raw_path"] == b"/assistant/config"
    assert asked["headers"] == [(b"host", b"ess.example")]
    assert scope["path"] == "/config"
