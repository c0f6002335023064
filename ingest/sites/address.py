"""The many addresses of one page -> the one that a catalogue line gives, and a key that is the same for all of them.

In: an address as a page, a catalogue or a REST interface writes it. Out: None for what is no http(s) address (mailto:,
javascript:, a broken port, more than 2,000 characters), otherwise its parts as they are compared and written. Folded: scheme,
`www.`, capitals of the host, default ports, fragment, trailing slash, escapes that need not be, tracking parameters. Kept:
capitals of the path (`/Politique-de-la-ville-et-ESS,4647` is not its lower-case sister) and all other parameters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit

LONGEST = 2000  # characters; sites write no longer address of a page, and what is longer is no line for an editor
TRACKING = re.compile(r"utm_\w+|mtm_\w+|pk_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|_ga|_gl|xtor|igshid|at_\w+")
DEFAULT_PORTS = {"http": 80, "https": 443}
SEGMENT_SAFE = ":@!$&'()*+,;=~-._"
UNFIT = re.compile(r"[\x00-\x20\x7f<>\"\\^`{|}]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """An address whose parts are folded; `host` has no `www.` and carries a port only if it is not the scheme's own."""

    scheme: str
    www: bool
    host: str
    path: str
    query: str

    @property
    def key(self) -> str:
        """What all variants of the address share: host, path without its last slash, parameters in order."""
        query = "&".join(sorted(self.query.split("&"))) if self.query else ""
        return f"{self.host}{self.path.rstrip('/')}" + (f"?{query}" if query else "")

    def __str__(self) -> str:
        host = f"www.{self.host}" if self.www else self.host
        return f"{self.scheme}://{host}{self.path or '/'}" + (f"?{self.query}" if self.query else "")


def address(url: str, *, base: str | None = None) -> Address | None:
    """The address, relative to `base` if it is given; None for what leads to no web page."""
    try:
        url.encode("utf-8")  # half a surrogate pair, which JSON may carry, stands in no address
        parts = urlsplit(urljoin(base, url.strip()) if base else url.strip())
        host, port = (parts.hostname or "").lower().rstrip("."), parts.port
        host = host.encode("idna").decode("ascii")
    except (ValueError, UnicodeError):
        return None
    scheme = parts.scheme.lower()
    if scheme not in DEFAULT_PORTS or not host or len(url) > LONGEST or UNFIT.search(host) or parts.username:
        return None
    www = host.startswith("www.")
    port_part = "" if port in {None, *DEFAULT_PORTS.values()} else f":{port}"
    return Address(
        scheme=scheme,
        www=www,
        host=host.removeprefix("www.") + port_part,
        path=_path(parts.path),
        query=_query(parts.query),
    )


def key_of(url: str) -> str | None:
    """The key of an address, None where it has none."""
    found = address(url)
    return None if found is None else found.key


def _path(path: str) -> str:
    """Escapes made alike: `%2C` is a comma, an accent is escaped, and so is what an address must not hold."""
    parts = (unquote(part, errors="surrogateescape") for part in re.sub(r"/{2,}", "/", path).split("/"))
    written = "/".join(quote(part, safe=SEGMENT_SAFE, errors="surrogateescape") for part in parts)
    return written if written.startswith("/") or not written else f"/{written}"


def _query(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True)
    return urlencode([(name, value) for name, value in pairs if not TRACKING.fullmatch(name.lower())])
