"""Whose request it is: the peer's address, or the one that a trusted proxy names.

In: an ASGI scope, the networks of trusted proxies. Out: an address, an IPv6 one as its /64, which is what one household or
office is given. `X-Forwarded-For` is read from its end, where the nearest proxy writes: what stands before the first address
that is no trusted proxy's was written by the client, and is not believed.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import Scope

Networks = tuple[IPv4Network | IPv6Network, ...]
_Address = IPv4Address | IPv6Address

# More proxies than any chain has.
_MAX_HOPS = 20
_HOUSEHOLD = 64
UNKNOWN = "unknown"


def networks(text: str) -> Networks:
    """Networks, parted by commas; an address is a network of one. Raises ValueError naming what is none."""
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())


def client_of(scope: Scope, trusted: Networks) -> str:
    """The client's address ("192.0.2.7"), or network ("2001:db8::/64"); `UNKNOWN` for a socket without one."""
    address = _peer(scope)
    if address is None:
        return UNKNOWN
    hops = ",".join(Headers(scope=scope).getlist("x-forwarded-for")).split(",")[-_MAX_HOPS:]
    while hops and _is_in(address, trusted):
        named = _parsed(hops.pop())
        if named is None:  # what is before a broken entry cannot be told from forgery
            break
        address = named
    return str(ip_network((address, _HOUSEHOLD), strict=False)) if isinstance(address, IPv6Address) else str(address)


def is_proxied_by_stranger(scope: Scope, trusted: Networks) -> bool:
    """Whether the request came past a proxy that is not trusted, so that all its users share one address."""
    address = _peer(scope)
    return "x-forwarded-for" in Headers(scope=scope) and (address is None or not _is_in(address, trusted))


def base_of(request: Request, trusted: Networks) -> str:
    """The address of the service as its users see it, with "/" at the end: https where a trusted proxy says so."""
    address = _peer(request.scope)
    forwarded = request.headers.get("x-forwarded-proto", "").strip().lower()
    told = forwarded if forwarded in {"http", "https"} and address is not None and _is_in(address, trusted) else None
    return str(request.base_url.replace(scheme=told) if told else request.base_url)


def is_local(scope: Scope) -> bool:
    """Whether a program on this machine asks, not a proxy on its behalf."""
    address, headers = _peer(scope), Headers(scope=scope)
    forwarded = any(name in headers for name in ("x-forwarded-for", "forwarded", "x-real-ip", "via"))
    return address is not None and address.is_loopback and not forwarded


def _peer(scope: Scope) -> _Address | None:
    client = scope.get("client")
    return _parsed(client[0]) if client else None


def _parsed(text: str) -> _Address | None:
    """An address as proxies write it: "192.0.2.7", "192.0.2.7:443", "[2001:db8::1]:443"; IPv4 within IPv6 is IPv4."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _is_in(address: _Address, trusted: Networks) -> bool:
    return any(address.version == network.version and address in network for network in trusted)
