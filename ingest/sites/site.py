"""The two sites, as data: where their lists are, which addresses are articles, and what must never be followed.

Nothing comes in; out go `RTES` and `RNCRPV`, and the values that discovery passes around. An address of a site is asked for
at its `origin`, whatever variant a page links to.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.sites.address import Address, address

if TYPE_CHECKING:
    from ingest.fetch.client import Page

# Asks for one address; raises FetchError for what cannot be had.
Get = Callable[[str], "Page"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One list of articles, page after page: `page` is appended to `path` with `n` from `first`, the first one bare.

    `post_type` is what WordPress calls the articles of this list; their REST interface is asked before the list is walked.
    `certain`: the list was seen; another may not exist under this path, which is then no fault.
    """

    path: str
    page: str
    first: int = 0
    post_type: str | None = None
    certain: bool = True

    def address(self, origin: str, number: int) -> str:
        """The address of the page with this number, counted from 0."""
        return origin + self.path + (self.page.format(n=self.first + number) if number else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A site that publishes. `article` is sought in path and query of an address; `never` wins over it.

    `surely` tells articles by their address alone, for pages whose markup does not show what is a list's entry.
    """

    name: str
    publisher: str
    origin: str
    slash: bool
    lists: tuple[Listing, ...]
    article: re.Pattern[str]
    surely: re.Pattern[str]
    never: re.Pattern[str]
    rest: str | None = None

    def own(self, url: str, *, base: str | None = None) -> Address | None:
        """The address if it is this site's, under whatever variant of its host."""
        found, home = address(url, base=base), address(self.origin)
        return found if found is not None and home is not None and found.host == home.host else None

    def canonical(self, found: Address) -> str:
        """The one address by which a page of this site is asked for and written down."""
        path = found.path.rstrip("/") + ("/" if self.slash and not _FILE.search(found.path) else "")
        return self.origin + (path or "/") + (f"?{found.query}" if found.query else "")

    def is_article(self, found: Address, *, surely: bool = False) -> bool:
        """Whether an address of this site may be an article's."""
        where = found.path.rstrip("/") + (f"?{found.query}" if found.query else "")
        if self.never.search(where) or any(where == each.path.rstrip("/") for each in self.lists):
            return False
        return bool((self.surely if surely else self.article).search(where))

    def is_forbidden(self, found: Address) -> bool:
        """Whether an address is of what only members see, or of the site's machinery."""
        return bool(self.never.search(found.path))


_FILE = re.compile(r"\.[a-z0-9]{2,5}$|,\d+$", re.IGNORECASE)
_MACHINERY = (
    r"^/(?:user|users|node/add|admin|search|recherche|taxonomy|tag|category|author|feed|rss|sites|modules|themes"
)
_MEMBERS = r"(?:dossiers?|ressources?|espaces?|reservee?s?(?:-aux)?)-adherents?(?:/|$|\?|-)|^/adherents?(?:/|$|\?)"

RTES = Site(
    name="rtes",
    publisher="RTES",
    origin="https://www.rtes.fr",
    slash=False,
    lists=tuple(
        Listing(path=path, page="?page={n}")
        for path in (
            "/ess-territoires-fragiles-politique-de-la-ville-rural",
            "/coconstruction-modes-de-contractualisation-subventions-marches-publicssieg",
            "/retours-sur-les-journees-d-echanges",
            "/ess-par-niveaux-de-collectivites-metropoles-conseils-departementaux-conseils-regionaux",
        )
    ),
    # Articles stand at the root; old ones carry a number after a comma.
    article=re.compile(r"^/(?:[a-z0-9]+(?:-[a-z0-9]+)+|[^/?]+,\d+|node/\d+)$"),
    surely=re.compile(r"^/(?:[a-z0-9]+(?:-[a-z0-9]+){4,}|[^/?]+,\d+)$"),
    never=re.compile(_MACHINERY + r"|mentions-legales|contact|plan-du-site|qui-sommes-nous)(?:/|$|\?)|" + _MEMBERS),
)

RNCRPV = Site(
    name="rncrpv",
    publisher="RNCRPV",
    origin="https://www.reseau-crpv.fr",
    slash=True,
    lists=(
        Listing(path="/publication/", page="page/{n}/", first=1, post_type="publication"),
        Listing(path="/evenement/", page="page/{n}/", first=1, post_type="evenement", certain=False),
        Listing(path="/actualites/", page="page/{n}/", first=1, post_type="post", certain=False),
    ),
    article=re.compile(
        r"^/(?:(?:publication|evenement)/[^/?]+|[a-z0-9]+(?:-[a-z0-9]+)+|pmb-publication/?\?pmb_p=\d+)$"
    ),
    surely=re.compile(
        r"^/(?:(?:publication|evenement)/[^/?]+|[a-z0-9]+(?:-[a-z0-9]+){4,}|pmb-publication/?\?pmb_p=\d+)$"
    ),
    never=re.compile(
        _MACHINERY + r"|wp-[a-z]+|wp-login\.php|mentions-legales|contact|plan-du-site|politique-de-confidentialite"
        r"|(?:publication|evenement)/page|page)(?:/|$|\?)|" + _MEMBERS
    ),
    rest="/wp-json/wp/v2/",
)

SITES = (RTES, RNCRPV)
