"""Whose request it is, and by which address the service was asked for: as the connection has it, or as a trusted proxy tells.

In: an ASGI scope, the networks of trusted proxies. Out: an address, an IPv6 one as its /64, which is what one household or
office is given; the address of the service; a scope for what makes addresses itself. `X-Forwarded-For` is read from its end,
where the nearest proxy writes: what stands before the first address that is no trusted proxy's was written by the client, and
is not believed. A prefix that is no plain path counts as none.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import Scope

Networks = tuple[IPv4Network | IPv6Network, ...]
_Address = IPv4Address | IPv6Address

# More proxies than any chain has.
_MAX_HOPS = 20
_HOUSEHOLD = 64
# Segments of unreserved characters (RFC 3986), which no one has to escape, and neither "." nor "..".
_PREFIX = re.compile(r"(?:/(?!\.{1,2}(?:/|$))[A-Za-z0-9._~-]+)+")
_LONGEST_PREFIX = 200
# Gradio takes the first two for the service's address, whoever wrote them, and the third for https.
_TOLD = frozenset({b"x-forwarded-host", b"x-gradio-server", b"x-forwarded-proto", b"x-forwarded-prefix"})
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
    return "x-forwarded-for" in Headers(scope=scope) and not _is_from(scope, trusted)


def scheme_of(scope: Scope, trusted: Networks) -> str:
    """By which scheme the service was asked: the connection's, or the one that a trusted proxy tells."""
    told = Headers(scope=scope).get("x-forwarded-proto", "").strip().lower()
    own: str = scope.get("scheme", "http")
    return told if told in {"http", "https"} and _is_from(scope, trusted) else own


def prefix_of(scope: Scope, trusted: Networks) -> str:
    """The path below which a trusted proxy shows the service ("/assistant"), which it has taken off; "" where there is none."""
    told = Headers(scope=scope).getlist("x-forwarded-prefix")
    if len(told) != 1 or not _is_from(scope, trusted):  # of two, nobody knows which was taken off
        return ""
    prefix = told[0].strip().removesuffix("/")
    return prefix if len(prefix) <= _LONGEST_PREFIX and _PREFIX.fullmatch(prefix) else ""


def base_of(request: Request, trusted: Networks) -> str:
    """The address of the service as its users see it, with "/" at the end: https and a prefix where a trusted proxy says so."""
    scope = request.scope
    address = request.base_url.replace(scheme=scheme_of(scope, trusted), path=prefix_of(scope, trusted) + "/")
    return str(address)


def as_asked(scope: Scope, trusted: Networks) -> Scope:
    """The scope as a browser asked for it, for what makes addresses of it: prefix in `path` and `root_path`, as ASGI has it.

    Only Gradio is given it. Our own routes are matched without prefix: one that is called like a route ("/q") would hide that.
    The headers that tell of the way here have been read, and go no further.
    """
    prefix = prefix_of(scope, trusted)
    return {
        **scope,
        "scheme": scheme_of(scope, trusted),
        "path": prefix + scope["path"],
        "raw_path": prefix.encode() + (scope.get("raw_path") or scope["path"].encode()),
        "root_path": prefix,
        "app_root_path": prefix,
        "headers": [(name, value) for name, value in scope["headers"] if name not in _TOLD],
    }


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


def _is_from(scope: Scope, trusted: Networks) -> bool:
    address = _peer(scope)
    return address is not None and _is_in(address, trusted)


def _is_in(address: _Address, trusted: Networks) -> bool:
    return any(address.version == network.version and address in network for network in trusted)
