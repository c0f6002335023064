"""One request: what is asked, in which manner, and how each misbehaviour of a site ends."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from pydantic import ValidationError

from ingest.fetch.client import Client, Page
from ingest.fetch.errors import FetchError, Forbidden, NoContact
from ingest.fetch.guard import Guard
from ingest.fetch.urls import shown
from ingest.settings import FetchSettings
from tests.site import Asked, FakeTime, Reply, Site

CONTACT = "veille@example.org"
MakeClient = Callable[..., Client]


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def make(site: Site, time: FakeTime) -> Iterator[MakeClient]:
    """Clients that may reach the site and nothing else that is private."""
    with ExitStack() as stack:

        def client(guard: Guard | None = None, clock: FakeTime = time, **settings: object) -> Client:
            chosen = FetchSettings.model_validate({"contact": CONTACT, "allow_private": site.host, **settings})
            return stack.enter_context(Client(chosen, clock=clock.clock, guard=guard))

        yield client


def redirect(location: str, status: int = 302) -> Reply:
    return Reply(status=status, headers={"Location": location})


# What is asked


def test_a_request_says_who_asks_and_carries_nothing_that_was_not_meant(site: Site, make: MakeClient) -> None:
    site.answer("/a", Reply(body="été".encode(), headers={"Set-Cookie": "id=1; Path=/"}))
    client = make()

    page = client.page(site.url("/a#part"))
    client.page(site.url("/a"))

    assert page.status == 200
    assert page.body.decode() == "été"
    assert site.paths() == ["/a", "/a"]
    assert set(site.asked[-1].headers) == {"host", "user-agent", "accept", "accept-language", "accept-encoding"}
    assert site.asked[-1].headers["user-agent"] == f"rtes-assistant (+{CONTACT})"


@pytest.mark.parametrize("contact", ["", "moi", "a b@example.org", "a@example.org\r\nX-Evil: 1", "ftp://example.org"])
def test_without_a_contact_address_nothing_is_asked(contact: str) -> None:
    with pytest.raises(NoContact, match="FETCH_CONTACT"):
        Client(FetchSettings(contact=contact))


def test_a_proxy_of_the_environment_is_not_used(site: Site, make: MakeClient, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    site.answer("/a", Reply(body=b"direct"))
    assert make().page(site.url("/a")).body == b"direct"


def test_through_a_proxy_that_was_set_the_site_is_asked_by_its_name(site: Site, make: MakeClient) -> None:
    site.answer("http://docs.invalid/a", Reply(body=b"proxied"))
    client = make(proxy=f"http://anne:secret@{site.host}", allow_private="")
    assert client.page("http://docs.invalid/a").body == b"proxied"
    assert [asked.path for asked in site.asked] == ["http://docs.invalid/robots.txt", "http://docs.invalid/a"]
    assert site.asked[-1].headers["host"] == "docs.invalid"
    assert site.asked[-1].headers["proxy-authorization"] == "Basic YW5uZTpzZWNyZXQ="


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/a", "http://169.254.169.254/a", "https://localhost/a", "http://[::1]/a"]
)
def test_a_proxy_is_not_asked_for_what_this_machine_knows_to_be_private(site: Site, make: MakeClient, url: str) -> None:
    with pytest.raises(Forbidden, match="not public"):
        make(proxy=f"http://{site.host}", allow_private="").page(url)
    assert site.asked == []


def test_a_proxy_that_refuses_is_named(site: Site, make: MakeClient) -> None:
    with pytest.raises(FetchError, match="the proxy refuses"):
        make(proxy=f"http://{site.host}").page("https://docs.invalid/a")


def test_a_wrong_proxy_is_refused_without_repeating_its_password() -> None:
    with pytest.raises(ValidationError) as caught:
        FetchSettings(proxy="socks5://anne:secret@example.org")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://example.org/a",
        "javascript:alert(1)",
        "/a",
        "",
        "http://",
        "http://[",
        "http:///a",
        "gopher://x",
    ],
)
def test_only_http_addresses_are_asked(make: MakeClient, url: str) -> None:
    with pytest.raises(Forbidden):
        make().page(url)


def test_credentials_in_an_address_are_refused_and_not_repeated(site: Site, make: MakeClient) -> None:
    with pytest.raises(Forbidden, match="names a user or a password") as caught:
        make().page(f"http://anne:secret@{site.host}/a")
    assert "secret" not in str(caught.value)
    assert site.asked == []


def test_an_address_is_shown_without_what_may_be_a_token() -> None:
    assert shown("https://u:pw@example.org/a?token=secret#x") == "https://example.org/a?..."
    assert shown("https://example.org/é b") == "https://example.org/%C3%A9%20b"
    assert len(shown("https://example.org/" + "a" * 1000)) < 200


def test_an_accented_address_is_asked_for_escaped(site: Site, make: MakeClient) -> None:
    site.answer("/%C3%A9t%C3%A9?q=%C3%A0", Reply(body=b"ok"))
    assert make().page(site.url("/été?q=à")).body == b"ok"


# Public addresses only


def test_a_private_address_is_refused_before_anything_is_sent(site: Site, make: MakeClient) -> None:
    client = make(allow_private="")
    with pytest.raises(Forbidden, match="not public"):
        client.page(site.url("/a"))
    assert site.asked == []


def test_a_redirect_to_this_machine_is_refused(site: Site, make: MakeClient) -> None:
    with Site() as inner:
        inner.answer("/secret", Reply(body=b"inner"))
        for status in (301, 302, 303, 307, 308):
            site.answer("/a", redirect(inner.url("/secret"), status))
            with pytest.raises(Forbidden, match=r"127\.0\.0\.1 is not public"):
                make().page(site.url("/a"))
        assert inner.asked == []


@pytest.mark.parametrize(
    ("location", "message"),
    [
        ("file:///etc/passwd", "redirects: file:.* is no http or https address"),
        ("http://169.254.169.254/latest/meta-data/", "not public"),
        ("http://[::1]/", "not public"),
        ("http://2130706433/", "not public"),
        ("//anne:secret@example.org/", "redirects: .*names a user"),
        ("http://[", "redirects"),
        ("http://example.org:99999999/", "redirects"),
    ],
)
def test_a_redirect_is_checked_like_an_address(site: Site, make: MakeClient, location: str, message: str) -> None:
    site.answer("/a", redirect(location))
    with pytest.raises(Forbidden, match=message) as caught:
        make().page(site.url("/a"))
    assert "secret" not in str(caught.value)


def test_a_name_that_leads_to_a_private_address_is_refused(site: Site, make: MakeClient) -> None:
    guard = Guard(resolve=lambda _host, _port: ["127.0.0.1"], allowed=frozenset({site.host}))
    with pytest.raises(Forbidden, match=r"docs\.example has the address 127\.0\.0\.1, which is not public"):
        make(guard).page(site.url("/a", host="docs.example"))
    assert site.asked == []


def test_a_connection_goes_to_the_address_that_was_checked_and_the_name_is_not_asked_again(
    site: Site, make: MakeClient
) -> None:
    """The name does not exist: only who connects to what was resolved here reaches the site."""
    asked: list[str] = []

    def resolve(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    site.answer("/a", Reply(body=b"ok"))
    guard = Guard(resolve=resolve, allowed=frozenset({f"docs.invalid:{site.port}"}))
    assert make(guard).page(site.url("/a", host="docs.invalid")).body == b"ok"
    assert asked == ["docs.invalid"] * site.connections
    assert site.asked[-1].headers["host"] == f"docs.invalid:{site.port}"


def test_the_next_address_of_a_host_is_tried_when_the_first_does_not_answer(site: Site, make: MakeClient) -> None:
    site.answer("/a", Reply(body=b"ok"))
    guard = Guard(
        resolve=lambda _host, _port: ["127.0.0.2", "127.0.0.1"], allowed=frozenset({f"docs.example:{site.port}"})
    )
    assert make(guard).page(site.url("/a", host="docs.example")).body == b"ok"


# Redirects


def test_redirects_are_followed_and_the_page_says_where_they_led(site: Site, make: MakeClient) -> None:
    site.answer("/a", redirect("b?x=1", 301))
    site.answer("/b?x=1", redirect(site.url("/c"), 308))
    site.answer("/c", Reply(body=b"c"))
    page = make().page(site.url("/a"))
    assert (page.url, page.body) == (site.url("/c"), b"c")


def test_an_endless_redirect_ends(site: Site, make: MakeClient) -> None:
    site.answer("/a", redirect("/b"))
    site.answer("/b", redirect("/a"))
    with pytest.raises(FetchError, match="/a is redirected more than 5 times"):
        make().page(site.url("/a"))
    assert len(site.paths()) == 6


def test_a_redirect_that_leads_nowhere_is_an_answer_of_its_own(site: Site, make: MakeClient) -> None:
    site.answer("/a", Reply(status=302))
    assert make().page(site.url("/a")).status == 302


# robots.txt and pace


def test_robots_txt_is_read_once_and_obeyed(site: Site, make: MakeClient) -> None:
    site.answer("/robots.txt", Reply(body=b"User-agent: *\nDisallow: /prive\nAllow: /prive/ouvert$\n"))
    site.answer("/a", Reply(body=b"ok"))
    site.answer("/prive/ouvert", Reply(body=b"ok"))
    client = make()

    assert client.page(site.url("/a")).body == b"ok"
    assert client.page(site.url("/prive/ouvert")).body == b"ok"
    with pytest.raises(Forbidden, match=r"/prive/x: robots\.txt of http://127\.0\.0\.1:\d+ forbids it"):
        client.page(site.url("/prive/x?jeton=secret"))
    assert [asked.path for asked in site.asked] == ["/robots.txt", "/a", "/prive/ouvert"]


def test_a_group_of_robots_txt_that_names_us_goes_before_the_one_for_all(site: Site, make: MakeClient) -> None:
    site.answer("/robots.txt", Reply(body=b"User-agent: *\nAllow: /\n\nUser-agent: RTES-Assistant\nDisallow: /\n"))
    with pytest.raises(Forbidden, match="forbids"):
        make().page(site.url("/a"))


def test_robots_txt_of_a_site_that_a_redirect_leads_to_is_obeyed_too(site: Site, make: MakeClient) -> None:
    site.answer("/a", redirect("/prive"))
    site.answer("/robots.txt", Reply(body=b"User-agent: *\nDisallow: /prive\n"))
    with pytest.raises(Forbidden, match="/prive: robots"):
        make().page(site.url("/a"))


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_a_site_without_robots_txt_forbids_nothing(site: Site, make: MakeClient, status: int) -> None:
    site.answer("/robots.txt", Reply(status=status, body=b"User-agent: *\nDisallow: /"))
    site.answer("/a", Reply(body=b"ok"))
    assert make().page(site.url("/a")).body == b"ok"


@pytest.mark.parametrize(
    "reply", [Reply(status=500), Reply(status=503), Reply(status=429), Reply(body=b"x" * 99, cut=9)]
)
def test_nothing_of_a_site_is_asked_whose_robots_txt_cannot_be_had(site: Site, make: MakeClient, reply: Reply) -> None:
    site.answer("/robots.txt", reply)
    client = make(retries=1)
    for _ in range(2):
        with pytest.raises(FetchError, match=r"robots\.txt cannot be had, so nothing of .* is fetched in this run"):
            client.page(site.url("/a"))
    assert [asked.path for asked in site.asked] == ["/robots.txt"] * 2


def test_a_page_in_place_of_robots_txt_forbids_nothing(site: Site, make: MakeClient) -> None:
    site.answer("/robots.txt", Reply(body=b"<!DOCTYPE html><html><body>Bienvenue</body></html>"))
    site.answer("/a", Reply(body=b"ok"))
    assert make().page(site.url("/a")).body == b"ok"


def test_of_an_endless_robots_txt_the_beginning_counts(site: Site, make: MakeClient) -> None:
    rules = b"User-agent: *\nDisallow: /prive\n"
    site.answer("/robots.txt", lambda _: Reply(body=iter([rules, *[b"#" * 99_999 + b"\n"] * 2000])))
    site.answer("/a", Reply(body=b"ok"))
    client = make()
    assert client.page(site.url("/a")).body == b"ok"
    with pytest.raises(Forbidden, match="/prive"):
        client.page(site.url("/prive"))
    assert site.sent < 20_000_000


def test_a_host_is_asked_once_a_second(site: Site, make: MakeClient, time: FakeTime) -> None:
    site.answer("/a", Reply(body=b"ok"))
    client = make()
    for _ in range(3):
        client.page(site.url("/a"))
    assert time.slept == [1, 1, 1]


def test_a_crawl_delay_is_obeyed_up_to_a_bound(site: Site, make: MakeClient, time: FakeTime) -> None:
    site.answer("/a", Reply(body=b"ok"))
    for asked, waited in (("5", 5), ("0.1", 1), ("86400", 60), ("nan", 1), ("-3", 1)):
        site.answer("/robots.txt", Reply(body=f"User-agent: *\nCrawl-delay: {asked}\n".encode()))
        client = make()
        client.page(site.url("/a"))
        time.slept.clear()
        client.page(site.url("/a"))
        assert time.slept == [waited]


# Trying again


def test_a_500_and_then_the_page_is_the_page(site: Site, make: MakeClient, time: FakeTime) -> None:
    site.answer("/a", Reply(status=500), Reply(status=502), Reply(body=b"ok"))
    assert make().page(site.url("/a")).body == b"ok"
    assert time.slept == [1, 2, 4]  # the pace after robots.txt, then ever longer


def test_trying_again_ends(site: Site, make: MakeClient) -> None:
    site.answer("/a", Reply(status=500))
    with pytest.raises(FetchError, match="/a answers 500; tried 4 times"):
        make().page(site.url("/a"))
    assert len(site.paths()) == 4


@pytest.mark.parametrize(
    ("value", "waited"),
    [
        ("7", 7),
        ("0", 0),
        ("Mon, 05 Jan 2026 12:00:31 GMT", 30),
        ("Mon, 05 Jan 2020 12:00:00 GMT", 0),
        ("demain", 2),
        ("-5", 2),
    ],
)
def test_a_busy_site_is_asked_again_when_it_said(
    site: Site, make: MakeClient, time: FakeTime, value: str, waited: float
) -> None:
    site.answer("/a", Reply(status=429, headers={"Retry-After": value}), Reply(body=b"ok"))
    assert make().page(site.url("/a")).body == b"ok"
    assert time.slept[1] == waited


@pytest.mark.parametrize("value", ["3600", "9" * 400, "Mon, 05 Jan 2026 13:00:00 GMT"])
def test_a_site_that_asks_for_a_long_rest_is_left_alone(
    site: Site, make: MakeClient, time: FakeTime, value: str
) -> None:
    site.answer("/a", Reply(status=503, headers={"Retry-After": value}))
    site.answer("/b", Reply(body=b"ok"))
    client = make()
    with pytest.raises(FetchError, match="longer than FETCH_MAX_WAIT=60"):
        client.page(site.url("/a"))
    with pytest.raises(FetchError, match="left alone for the rest of this run"):
        client.page(site.url("/b"))
    assert site.paths() == ["/a"]
    assert time.slept == [1]


def test_a_site_that_is_down_is_left_alone_after_three_publications(site: Site, make: MakeClient) -> None:
    for name in "abcdef":
        site.answer(f"/{name}", Reply(status=500))
    client = make(retries=1)
    for name in "abcdef":
        with pytest.raises(FetchError):
            client.page(site.url(f"/{name}"))
    assert site.paths() == ["/a", "/a", "/b", "/b", "/c", "/c"]


def test_an_answer_between_two_failures_shows_that_a_site_is_not_down(site: Site, make: MakeClient) -> None:
    site.answer("/a", Reply(status=500))
    site.answer("/b", Reply(status=404))
    client = make(retries=0)
    for _ in range(4):
        with pytest.raises(FetchError, match="/a answers 500"):
            client.page(site.url("/a"))
        assert client.page(site.url("/b")).status == 404


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 418])
def test_a_refusal_is_an_answer_and_not_asked_for_again(site: Site, make: MakeClient, status: int) -> None:
    site.answer("/a", Reply(status=status))
    assert make().page(site.url("/a")).status == status
    assert site.paths() == ["/a"]


def test_a_body_that_is_cut_off_is_asked_for_again(site: Site, make: MakeClient) -> None:
    site.answer("/a", Reply(body=b"x" * 1000, cut=500), Reply(body=b"x" * 1000))
    assert make().page(site.url("/a")).body == b"x" * 1000


def test_a_body_that_is_always_cut_off_is_never_taken_for_whole(site: Site, make: MakeClient) -> None:
    site.answer("/a", Reply(body=b"x" * 1000, cut=500))
    with pytest.raises(FetchError, match="the connection broke"):
        make(retries=1).page(site.url("/a"))


def test_what_is_no_http_is_told_as_a_broken_connection(site: Site, make: MakeClient) -> None:
    with pytest.raises(FetchError, match="the connection broke"):
        make(retries=0).page(site.url("/a").replace("http:", "https:"))


def test_a_port_where_nobody_listens_is_told_as_such(make: MakeClient) -> None:
    with Site() as closed:
        pass
    with pytest.raises(FetchError, match="refused"):
        make(retries=0, allow_private=closed.host).page(closed.url("/a"))


# Time and size


@pytest.mark.parametrize("hang", ["head", "body"])
def test_a_site_that_falls_silent_is_given_up(site: Site, make: MakeClient, hang: str) -> None:
    site.answer("/a", Reply(body=b"x", length=10, hang=hang))
    with pytest.raises(FetchError, match="does not answer in time"):
        make(read_timeout=0.2, retries=0).page(site.url("/a"))


def test_a_site_that_never_comes_to_an_end_meets_the_time_for_the_whole(site: Site, make: MakeClient) -> None:
    site.answer("/a", lambda _: Reply(body=iter(lambda: b"x", b"")))
    client = make(clock=FakeTime(tick=1), total_timeout=20, retries=0)
    with pytest.raises(FetchError, match="the time for the whole answer is over"):
        client.page(site.url("/a"))


def test_two_gigabytes_that_are_declared_are_refused_unread(site: Site, make: MakeClient) -> None:
    site.answer("/a", Reply(body=b"x", length=2_000_000_000, hang="body"))
    with pytest.raises(FetchError, match=r"/a declares 2,000,000,000 bytes, more than 20,000,000 are not fetched"):
        make().page(site.url("/a"))


def two_gigabytes(_asked: Asked) -> Reply:
    return Reply(body=(b"x" * 1_000_000 for _ in range(2000)))


def test_two_gigabytes_that_are_not_declared_are_broken_off(site: Site, make: MakeClient) -> None:
    site.answer("/a", two_gigabytes)
    with pytest.raises(FetchError, match=r"/a goes on after 1,000,000 bytes"):
        make().page(site.url("/a"), max_bytes=1_000_000)
    assert site.sent < 50_000_000


def test_a_length_that_is_too_small_does_not_let_more_through(site: Site, make: MakeClient) -> None:
    site.answer("/a", Reply(body=b"x" * 1000, length=10))
    assert make().page(site.url("/a")).body == b"x" * 10


def test_a_gzip_bomb_is_broken_off(site: Site, make: MakeClient) -> None:
    bomb = gzip.compress(bytes(100_000_000))
    site.answer("/a", Reply(body=bomb, headers={"Content-Encoding": "gzip"}))
    with pytest.raises(FetchError, match="/a goes on after 20,000,000 bytes"):
        make().page(site.url("/a"))


def test_a_body_that_is_compressed_unasked_is_read_all_the_same(site: Site, make: MakeClient) -> None:
    site.answer("/a", Reply(body=gzip.compress("Été".encode()), headers={"Content-Encoding": "gzip"}))
    assert make().page(site.url("/a")).body.decode() == "Été"


def test_a_page_has_its_headers_in_small_letters(site: Site, make: MakeClient) -> None:
    site.answer("/a", Reply(headers={"X-WP-TotalPages": "3"}))
    page: Page = make().page(site.url("/a"))
    assert page.headers["x-wp-totalpages"] == "3"
