"""Which addresses may be connected to, whatever name or disguise they come under."""

from __future__ import annotations

import socket
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.fetch.errors import Forbidden, Temporary
from ingest.fetch.guard import Guard, is_public, resolve_name


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104 - to be refused, not bound to
        "0.1.2.3",
        "10.0.0.1",
        "100.64.0.1",
        "100.100.100.200",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "64:ff9b::7f00:1",
        "64:ff9b::808:808",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::1",
        "3fff::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%1",
        "fec0::1",
        "ff02::1",
    ],
)
def test_an_address_that_is_not_public_is_known_as_such(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    ["1.1.1.1", "8.8.8.8", "172.15.255.255", "172.32.0.0", "193.0.6.139", "2a00:1450:4007:810::200e", "2606:4700::1"],
)
def test_a_public_address_is_public(address: str) -> None:
    assert is_public(ip_address(address))


@given(address=st.ip_addresses(v=4))
def test_whatever_python_calls_private_or_reserved_is_refused(address: object) -> None:
    parsed = ip_address(str(address))
    closed = (
        parsed.is_private or parsed.is_loopback or parsed.is_link_local or parsed.is_multicast or parsed.is_reserved
    )
    assert not (closed and is_public(parsed))


@given(address=st.ip_addresses(v=4))
def test_no_ipv4_address_passes_in_ipv6_disguise(address: object) -> None:
    number = int(ip_address(str(address)))
    disguises = [number, 0xFFFF << 32 | number, 0x64FF9B << 96 | number, 0x2002 << 112 | number << 80]
    assert not any(is_public(ip_address(disguise.to_bytes(16))) for disguise in disguises)


def test_one_private_address_among_public_ones_is_enough_to_refuse_a_name() -> None:
    guard = Guard(resolve=lambda _host, _port: ["1.1.1.1", "10.0.0.5"])
    with pytest.raises(Forbidden, match=r"docs\.example has the address 10\.0\.0\.5, which is not public"):
        guard.addresses("docs.example", 80)


def test_a_public_name_gives_all_its_addresses_in_order() -> None:
    guard = Guard(resolve=lambda _host, _port: ["1.1.1.1", "2606:4700::1"])
    assert guard.addresses("docs.example", 443) == ["1.1.1.1", "2606:4700::1"]


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "localhost", "0"])
def test_this_machine_is_refused_however_it_is_written(host: str) -> None:
    with pytest.raises(Forbidden, match="not public"):
        Guard().addresses(host, 80)


def test_the_setting_opens_one_port_of_one_host_and_no_other() -> None:
    guard = Guard.of(" Intranet.example:8080 , 127.0.0.1:9000", resolve=lambda _host, _port: ["10.0.0.5"])
    assert guard.addresses("intranet.example", 8080) == ["10.0.0.5"]
    for host, port in (("intranet.example", 80), ("other.example", 8080), ("127.0.0.1", 8080)):
        with pytest.raises(Forbidden):
            guard.addresses(host, port)


def test_the_setting_takes_an_ipv6_address_as_addresses_write_it() -> None:
    assert Guard.of("[::1]:8080").addresses("::1", 8080) == ["::1"]
    with pytest.raises(Forbidden):
        Guard.of("[::1]:8080").addresses("::1", 80)


def test_an_empty_setting_opens_nothing() -> None:
    with pytest.raises(Forbidden):
        Guard.of("", resolve=lambda _host, _port: ["10.0.0.5"]).addresses("", 80)


def test_what_resolves_to_no_address_at_all_is_refused() -> None:
    with pytest.raises(Forbidden, match="not public"):
        Guard(resolve=lambda _host, _port: ["not an address"]).addresses("docs.example", 80)


def _unknown(_host: str, _port: int) -> list[str]:
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


def test_a_name_without_address_may_have_one_later() -> None:
    for guard in (Guard(resolve=_unknown), Guard(resolve=lambda _host, _port: [])):
        with pytest.raises(Temporary, match=r"docs\.example: this name has no address now"):
            guard.addresses("docs.example", 80)


def test_a_name_that_dns_cannot_carry_is_no_crash() -> None:
    with pytest.raises(Temporary, match="no address now"):
        Guard(resolve=resolve_name).addresses("a" * 64 + ".example", 80)
