"""A site and a catalogue -> what is new, changed and gone.

In: the catalogue's lines, a way to ask for pages, today's date. Out: a `Discovery`. Nothing that any line has under any
variant of its address, or that a line's address is redirected to, is proposed. What is for members is counted and leaves no
other trace. Pages of lines that no list names are asked for, to learn whether they are still there.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from ingest.catalogue import JsonObject
from ingest.errors import ReadError
from ingest.sites.address import key_of
from ingest.sites.article import read_article
from ingest.sites.checks import CLOSED, Checks, Note
from ingest.sites.listing import Found
from ingest.sites.site import Site
from ingest.sites.walk import NOT_THERE, Search, walk_site
from ingest.sites.wording import make_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A line that the catalogue may get, without its `access`; `pdfs` are what its page links to."""

    line: JsonObject
    pdfs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """What a run found. `private` counts articles for members, `known` those that the catalogue has."""

    new: tuple[Proposal, ...]
    changed: tuple[Note, ...]
    gone: tuple[Note, ...]
    private: int
    known: int
    faults: tuple[str, ...]
    notes: tuple[str, ...]


def discover(search: Search, lines: Sequence[JsonObject]) -> Discovery:
    """What the site has that the lines have not, or have otherwise."""
    known = {key: line for line in lines if (key := key_of(str(line.get("url") or ""))) is not None}
    walk = walk_site(search)
    listed = len(walk.found.keys() & known.keys())
    checks = Checks(search=search, walk=walk)
    for key, line in known.items():
        checks.check(key, line)
    if checks.unchecked:
        walk.faults.append(f"{checks.unchecked} lines were not checked, {search.bounds.checks} are in a run")
    articles = _read(checks, known.keys() | checks.led_to)
    return Discovery(
        new=_proposals(articles, search, {str(line.get("id")) for line in lines}),
        changed=tuple(checks.changed),
        gone=tuple(checks.gone),
        private=len(walk.private),
        known=listed,
        faults=tuple(walk.faults),
        notes=tuple(walk.notes),
    )


def _read(checks: Checks, taken: AbstractSet[str]) -> list[Found]:
    """Untaken articles with all that can be known of them; those for members left out."""
    search, walk = checks.search, checks.walk
    wanted = [found for key, found in walk.found.items() if key not in taken and not search.is_past(found)]
    unread = [found for found in wanted if not found.whole]
    most = search.bounds.articles
    if len(unread) > most:
        walk.faults.append(
            f"{search.site.origin}: {len(unread) - most} articles were not read, {most} are in a run "
            "(write these, then discover again)"
        )
    read = [_read_one(found, checks) for found in unread[:most]]
    articles: dict[str, Found] = {}
    for article in (*(found for found in wanted if found.whole), *read):
        if article is not None and article.key not in taken and article.key not in walk.private:
            articles.setdefault(article.key, article)
    return list(articles.values())


def _read_one(found: Found, checks: Checks) -> Found | None:
    """An article as its page has it; None where it has none that everybody may see."""
    site, walk = checks.search.site, checks.walk
    page = checks.page(found.url, found.url)
    lands = site.own(page.url) if page is not None else None
    if page is None or page.status in NOT_THERE:
        return None
    if page.status in CLOSED or (lands is not None and site.is_forbidden(lands)):
        walk.private.add(found.key)
        return None
    if page.status != 200 or lands is None or not site.is_article(lands):
        walk.notes.append(f"{found.url}: left out, it answers {page.status} at {page.url}")
        return None
    try:
        article = read_article(page)
    except ReadError as error:
        walk.notes.append(f"left out: {error}")
        return None
    if article.private:
        walk.private |= {found.key, lands.key}
        return None
    return replace(
        found,
        url=site.canonical(lands),
        key=lands.key,
        title=article.title or found.title,
        date=article.date or found.date,
        modified=article.modified or found.modified,
        themes=article.themes,
        series=article.series,
        pdfs=article.pdfs,
        whole=True,
    )


def _proposals(articles: Sequence[Found], search: Search, ids: AbstractSet[str]) -> tuple[Proposal, ...]:
    """Lines for the articles, newest first; ids are given in the order of addresses, which the next run shares."""
    proposals: list[tuple[str, Proposal]] = []
    taken = set(ids)
    for each in sorted(articles, key=lambda found: found.key):
        if not each.title or search.is_past(each):
            continue
        identifier = make_id(search.site.publisher, each.date, each.title, each.key, taken=taken)
        taken.add(identifier)
        proposals.append((each.last or "", Proposal(line=_line(each, search.site, identifier), pdfs=each.pdfs)))
    return tuple(proposal for _, proposal in sorted(proposals, key=lambda pair: pair[0], reverse=True))


def _line(found: Found, site: Site, identifier: str) -> JsonObject:
    line: JsonObject = {"id": identifier, "title": found.title, "publisher": site.publisher, "url": found.url}
    optional = {"date": found.date, "language": "fr", "themes": list(found.themes), "series": found.series}
    return line | {key: value for key, value in optional.items() if value}
