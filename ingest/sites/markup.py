"""A page's bytes -> its tree, its main content, its text. Shared by what reads lists and what reads articles.

Refuses nothing: what is no page is a tree without content.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import TypeAlias

from lxml import etree, html  # type: ignore[import-untyped]  # lxml has no types of its own

from ingest.errors import ReadError
from ingest.fetch.client import Page
from ingest.html.tree import parse_page
from ingest.sites.wording import one_line

Element: TypeAlias = html.HtmlElement

# What surrounds an article on every page; its links are a menu's, and its words are not about the article.
# Whole class names only: "elementor-widget" and "layout-sidebar-first" stand around the content itself.
ASIDE = re.compile(
    r"(?:site-|main-|primary-|page-|left-|right-)?(?:sidebar|menu|navbar|navigation|breadcrumbs?|fil-ariane|footer)"
    r"|widget|widget-area|cookie-banner|cookies|share|partage|related|related-posts",
    re.IGNORECASE,
)

# Elements around one that are looked at: unclosed tags nest some pages thousands deep, and each of their links too.
DEEPEST = 60
BLOCKS = frozenset({"br", "p", "div", "li", "h1", "h2", "h3", "h4", "h5"})


def tree_of(page: Page) -> Element:
    """The page as a tree; without content where there is none to be read."""
    try:
        root = parse_page(page.body, page.url, url=page.url).root
    except ReadError:
        return html.document_fromstring("<html><body></body></html>")
    for element in list(root.iter("script", "style", "template", "noscript")):
        element.drop_tree()
    return root


def main_of(root: Element) -> Element:
    """Where the page's own content is, as far as the markup says."""
    for path in ("//main", "//*[@role='main']", "//*[@id='content' or @id='main-content' or @id='main']", "//body"):
        for found in root.xpath(path):
            if isinstance(found, html.HtmlElement):
                return found
    return root


def is_aside(element: Element) -> bool:
    """Whether an element is in a menu, a sidebar, a header or a footer of the page."""
    above = [element, *islice(element.iterancestors(), DEEPEST)]
    content = {place for place, each in enumerate(above) if each.tag in {"main", "article"}}
    for place, each in enumerate(above):
        # The header and footer of an article or of the main content belong to it, those around it to the page.
        if each.tag in {"nav", "aside"} or (each.tag in {"header", "footer"} and not any(at > place for at in content)):
            return True
        names = f"{each.get('class') or ''} {each.get('id') or ''}".split()
        if each.tag not in {"main", "article", "body", "html"} and any(ASIDE.fullmatch(name) for name in names):
            return True
    return False


def text_of(element: Element) -> str:
    """The words of an element, a space between what stands in different elements, white space folded."""
    return " ".join(" ".join(str(piece) for piece in element.itertext()).split())


def title_of(element: Element) -> str:
    """The words of a heading: what stands in inline elements is not parted from what is around it."""
    pieces: list[str] = []
    for event, each in etree.iterwalk(element, events=("start", "end")):
        gap = " " if each.tag in BLOCKS else ""
        pieces += (
            [gap, each.text or ""] if event == "start" else [gap, (each.tail or "") if each is not element else ""]
        )
    return one_line("".join(pieces))


def links_of(element: Element) -> Iterator[tuple[Element, str]]:
    """The links in an element with what they lead to, as the page writes it."""
    for link in element.iter("a"):
        target = link.get("href")
        if isinstance(target, str) and target.strip():
            yield link, target
