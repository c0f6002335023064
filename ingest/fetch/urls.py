"""Addresses as they may be asked for, and as they may be shown.

In: what a catalogue, a Location or a page gives as an address. Out: the same, parsed and escaped by one parser, whose parts are
what is connected to and asked for. Refused (Forbidden): what is not plain http or https, and what names a user or a password.
"""

from __future__ import annotations

import re

import httpx

from ingest.fetch.errors import Forbidden

SHOWN_URL = 160  # characters of an address that a message repeats
HOST = re.compile(rb"[A-Za-z0-9._:-]+")  # names as DNS has them, addresses of both kinds
PORTS = frozenset({None, *range(1, 65536)})  # None is the scheme's own


def checked_url(url: str | httpx.URL) -> httpx.URL:
    """The address, parsed and escaped, without its fragment. Raises Forbidden for what is not plain http(s)."""
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError) as error:
        raise Forbidden(f"not an address: {error}") from error
    if parsed.scheme not in {"http", "https"} or not parsed.host:
        raise Forbidden(f"{shown(parsed)} is no http or https address")
    if not HOST.fullmatch(parsed.raw_host) or parsed.port not in PORTS:
        raise Forbidden(f"{shown(parsed)} names no host or no port that can be")
    if parsed.userinfo:
        raise Forbidden(f"{shown(parsed)} names a user or a password, which are never sent")
    return parsed.copy_with(fragment=None)


def shown(url: str | httpx.URL) -> str:
    """An address fit for a message: without user, password and query, which may hold a token."""
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError):
        return "an address that cannot be parsed"
    text = str(parsed.copy_with(userinfo=b"", query=None, fragment=None))
    text = text if not parsed.query else f"{text}?..."
    return text if len(text) <= SHOWN_URL else f"{text[:SHOWN_URL]}..."


def redirected(target: httpx.URL, location: str) -> httpx.URL:
    """Where a Location leads from `target`, checked like an address. Raises Forbidden."""
    try:
        return checked_url(target.join(location))
    except Forbidden as error:
        raise Forbidden(f"{shown(target)} redirects: {error}") from error
    except (httpx.InvalidURL, ValueError) as error:
        raise Forbidden(f"{shown(target)} redirects to what is no address") from error
