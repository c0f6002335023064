"""Which addresses may be connected to: a host and port -> the addresses that were checked, to connect to as they are.

A name is resolved once and all its addresses are checked; whoever connects uses one of them and never the name again, so
that a name that changes its address in between (DNS rebinding) gains nothing. Refused (Forbidden): a host with any address
that is not public, unless the operator allowed this host and port. Temporary: a name that cannot be resolved now.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from ingest.fetch.errors import Forbidden, Temporary

Resolve = Callable[[str, int], Sequence[str]]

# Python's own `is_global` has differed between releases; what follows is refused whatever it says.
# https://www.iana.org/assignments/iana-ipv4-special-registry, iana-ipv6-special-registry
_NEVER_V4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this host
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # shared by a provider's customers; 100.100.100.200 serves metadata
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local; 169.254.169.254 serves a cloud machine's credentials
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments; 192.0.0.192 serves metadata
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # relays to IPv6
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
_UNICAST_V6 = IPv6Network("2000::/3")  # all else is loopback, local, multicast, mapped IPv4, NAT64 or reserved
_NEVER_V6 = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments, Teredo among them: IPv4 in disguise
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: IPv4 in disguise
        "3fff::/20",  # documentation
    )
)


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether this is a public unicast address that is no other address in disguise."""
    if isinstance(address, IPv4Address):
        return address.is_global and not any(address in network for network in _NEVER_V4)
    unicast = address in _UNICAST_V6 and not any(address in network for network in _NEVER_V6)
    return unicast and address.is_global


def resolve_name(host: str, port: int) -> list[str]:
    """The addresses of a host as this machine knows them; also of `127.1`, `0x7f000001` and whatever else the system takes."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """Says to which addresses a host may be connected. `allowed` holds `host:port` that may be private."""

    resolve: Resolve = resolve_name
    allowed: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def of(cls, setting: str, resolve: Resolve = resolve_name) -> Guard:
        """The guard of the setting FETCH_ALLOW_PRIVATE: `host:port, host:port`."""
        entries = (entry.strip().lower().replace("[", "").replace("]", "") for entry in setting.split(","))
        return cls(resolve=resolve, allowed=frozenset(entries) - {""})

    def addresses(self, host: str, port: int) -> list[str]:
        """Addresses of `host`, all of them checked, in the order to try. Raises Forbidden, Temporary."""
        try:
            found = list(self.resolve(host, port))
        except (OSError, UnicodeError) as error:  # UnicodeError: a label too long for DNS
            raise Temporary(f"{host}: this name has no address now ({error})") from error
        if not found:
            raise Temporary(f"{host}: this name has no address now")
        if f"{host}:{port}".lower() not in self.allowed:
            for address in found:
                _check(host, port, address)
        return found


def _check(host: str, port: int, address: str) -> None:
    try:
        public = is_public(ip_address(address))
    except ValueError:
        public = False
    if not public:
        named = host if host == address else f"{host} has the address {address}, which"
        raise Forbidden(f"{named} is not public (to fetch from it all the same: FETCH_ALLOW_PRIVATE={host}:{port})")
