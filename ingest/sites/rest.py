"""WordPress's REST interface -> the articles of one kind, with all that a catalogue line needs.

In: a page of `/wp-json/wp/v2/KIND`. Out: `Found` articles and how many pages there are. Raises NoRest for what is no list of
posts: closed (401, 403, 404), HTML in place of JSON, JSON of another shape. A single post that is not as expected is left
out, and so is what is protected by a password or not published: that is for members.
"""

from __future__ import annotations

import json
from html import escape

from ingest.catalogue import JsonObject
from ingest.errors import ReadError
from ingest.fetch.client import Page
from ingest.sites.article import clean_themes, read_article
from ingest.sites.listing import Found
from ingest.sites.site import Listing, Site
from ingest.sites.wording import find_date, one_line

PER_PAGE = 50  # of 100 that WordPress allows: with its content a page of 100 can weigh many megabytes
FIELDS = "id,link,date,modified,title,status,content,_links,_embedded"
# Taxonomies whose terms are what an article is about, by the names that themes give them.
NO_THEMES = frozenset({"post_format", "language", "nav_menu", "author"})
NO_THEME = frozenset({"non classé", "uncategorized", "actualités", "actualité", "publications", "événements"})


class NoRest(Exception):
    """The interface is not open, or does not answer as WordPress does."""


def rest_address(site: Site, listing: Listing, number: int) -> str:
    """The address of a page of posts, counted from 1, last changed first."""
    kind = "posts" if listing.post_type == "post" else listing.post_type
    return (
        f"{site.origin}{site.rest}{kind}?per_page={PER_PAGE}&page={number}&orderby=modified&order=desc"
        f"&_embed=wp%3Aterm&_fields={FIELDS.replace(',', '%2C')}"
    )


def read_posts(page: Page, site: Site) -> tuple[tuple[Found, ...], int | None]:
    """The articles of one page, and how many pages the site says there are. Raises NoRest."""
    if page.status != 200:
        raise NoRest(f"it answers {page.status}")
    try:
        posts = json.loads(page.body)
    except (ValueError, RecursionError):
        raise NoRest(
            f"it answers {one_line(page.headers.get('content-type', ''), longest=60) or 'what'} is no JSON"
        ) from None
    if not isinstance(posts, list):
        raise NoRest("it answers JSON that is no list of posts")
    found = [article for post in posts if isinstance(post, dict) and (article := _readable(post, site)) is not None]
    total = page.headers.get("x-wp-totalpages", "").strip()
    return tuple(found), int(total) if total.isascii() and total.isdecimal() and len(total) < 8 else None


def _readable(post: JsonObject, site: Site) -> Found | None:
    try:
        return _found(post, site)
    except ReadError:
        return None


def _found(post: JsonObject, site: Site) -> Found | None:
    where = site.own(str(post.get("link") or ""))
    if where is None or not site.is_article(where):
        return None
    title, content = one_line(_text(post.get("title"))), _text(post.get("content"))
    body = f"<h1>{escape(title)}</h1>{content}".encode("utf-8", "replace")
    page = Page(url=site.canonical(where), status=200, headers={}, body=body)
    article = read_article(page)
    closed = post.get("status") not in {None, "publish"} or _protected(post) or article.private
    return Found(
        url=page.url,
        key=where.key,
        title=title,
        date=find_date(str(post.get("date") or "")),
        modified=find_date(str(post.get("modified") or "")),
        themes=clean_themes([*_terms(post), *article.themes]),
        series=article.series,
        private=closed,
        pdfs=article.pdfs,
        whole=bool(title),
    )


def _text(value: object) -> str:
    """WordPress gives texts as {"rendered": "..."}."""
    text = value.get("rendered") if isinstance(value, dict) else value
    return text if isinstance(text, str) else ""


def _protected(post: JsonObject) -> bool:
    content = post.get("content")
    return isinstance(content, dict) and content.get("protected") is True


def _terms(post: JsonObject) -> list[str]:
    """Names of categories and key words that are embedded in a post."""
    embedded = post.get("_embedded")
    groups = embedded.get("wp:term") if isinstance(embedded, dict) else None
    terms = [term for group in groups if isinstance(group, list) for term in group] if isinstance(groups, list) else []
    return [
        str(term["name"])
        for term in terms
        if isinstance(term, dict)
        and isinstance(term.get("name"), str)
        and term.get("taxonomy") not in NO_THEMES
        and term["name"].strip().lower() not in NO_THEME
    ]
