"""Bytes of a web page -> Document: its main content, without menus, banners, sharing, comments and "À lire aussi".

trafilatura judges which text is the page's own; the structure (headings, lists, tables, links) is read from the page itself, so
that nothing of an article that was found is lost. What the page says of itself (date, themes, series) fills what the catalogue
leaves open. Refused (ReadError): members' pages, pages without text, frames, pages that only forward, more than 20 MB.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace

from lxml import html  # type: ignore[import-untyped]  # comes without types
from trafilatura import bare_extraction

from ingest.document import BlockKind, Document, Publication
from ingest.errors import ReadError
from ingest.html.pruning import link_share, prune
from ingest.html.tree import TextLine, content_length, parse_page, text_lines
from ingest.html.walk import tree_parts
from ingest.markup import text_part
from ingest.parts import Part, assemble
from ingest.sites.facts import PageFacts, tree_facts

# Characters of text; trafilatura took 12 s for 4.4 million. Beyond, the page's own marks have to do.
_MOST_JUDGED = 600_000
_CORE = 0.8  # of what trafilatura keeps stands in the element that is the article
_TRUSTED = 0.4  # of the text that is no link: less is not the article, whatever trafilatura says
_CARD = 400  # characters, of which the heading's are links'
_CARD_TITLE = 0.9
_LINKED = 0.5  # of a line's characters: more, and outside of the article it is a menu's
# An element beside the article is taken in while it has a quarter of its characters, and few of them are links'.
_BESIDE = 0.25
_LITTLE = 300  # characters that may stand beside a short text too
_LINKED_BESIDE = 0.3
_FRAME = frozenset("header footer masthead branding logo colophon copyright bottom top topbar".split())
_CONTAINERS = frozenset("body div section article main td form".split())
_RUN = 4  # words in a row by which a line is known again


def read_html(data: bytes, publication: Publication) -> Document:
    """The document in `data`; links are relative to the publication's address. Raises ReadError."""
    where = publication.file or publication.id
    page = parse_page(data, where, url=publication.url)
    facts = tree_facts(page.root, base=page.base, url=publication.url)
    if facts.private:
        raise ReadError(f"{where}: is for members only (the page says so); only public publications are indexed")
    prune(page.root)
    keep, warnings = _main_content(page.root)
    parts = tree_parts(page.root, base=page.base, facts=facts.stated, keep=keep)
    known = with_facts(publication, facts)
    return assemble(known, _titled(parts, facts.title), warnings=[*page.warnings, *warnings])


def with_facts(publication: Publication, facts: PageFacts) -> Publication:
    """The publication, what its line leaves open filled with what the page says."""
    return replace(
        publication,
        date=publication.date or facts.date,
        themes=publication.themes or facts.themes,
        series=publication.series or facts.series,
        language=publication.language or facts.language,
    )


def _titled(parts: list[Part], title: str | None) -> list[Part]:
    """The parts under the page's title, which often stands outside of what holds the text."""
    if not title or not parts or any(part.raw == title for part in parts if part.level):
        return parts
    return [text_part(BlockKind.HEADING, title, level=1), *parts]


def _main_content(root: html.HtmlElement) -> tuple[Callable[[html.HtmlElement], bool], list[str]]:
    """Which blocks are main content, and what the operator should know of the choice."""
    lines = list(text_lines(root))
    judged = _judged(root) if content_length(root) <= _MOST_JUDGED else None
    warnings = [] if judged is not None else ["is too long to tell its text from what surrounds it: all was read"]
    runs = set(_runs(judged or ""))
    told = _told(root, lines)
    kept = [line for line in told if _is_known(line.text, runs)]
    if kept and _length(kept) < _TRUSTED * _length(told):
        # It took a teaser for the article: pages made of blocks mark their cards as articles, and their text as nothing.
        kept = told
    core = _core(root, kept) if kept else _marked_core(root)
    beside = {line.block for line in _between(lines, kept)} & {line.block for line in told}

    def keep(block: html.HtmlElement) -> bool:
        return block is core or block in beside or any(ancestor is core for ancestor in block.iterancestors())

    return keep, warnings


def _told(root: html.HtmlElement, lines: list[TextLine]) -> list[TextLine]:
    """The lines that are neither links for the most part nor in cards."""
    cards = _cards(root)
    told = {
        block
        for block in {line.block for line in lines}
        if link_share(block) < _LINKED and cards.isdisjoint([block, *block.iterancestors()])
    }
    return [line for line in lines if line.block in told]


def _cards(root: html.HtmlElement) -> set[html.HtmlElement]:
    """Elements that announce another page: a heading that is a link, and a few words on it."""
    cards = set()
    for heading in root.iter("h2", "h3", "h4", "h5", "h6"):
        if link_share(heading) > _CARD_TITLE:
            card = heading
            while (around := card.getparent()) is not None and content_length(around) <= _CARD:
                card = around
            cards.add(card)
    return cards


def _length(lines: list[TextLine]) -> int:
    return sum(len(line.text) for line in lines)


def _between(lines: list[TextLine], kept: list[TextLine]) -> list[TextLine]:
    """All lines from the first that was kept to the last: headings and short lines between them are the text's own."""
    if not kept:
        return []
    known = {id(line) for line in kept}
    places = [place for place, line in enumerate(lines) if id(line) in known]
    return lines[places[0] : places[-1] + 1]


def _judged(root: html.HtmlElement) -> str:
    """The text that trafilatura takes for the page's own; empty when it finds none."""
    # Its warnings on single pages ("discarding data") would stand in the operator's terminal without a file's name.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        found = bare_extraction(deepcopy(root), favor_recall=True, include_comments=False, include_tables=True)
    except RecursionError:  # it follows nested formatting by recursion; pages with unclosed tags nest 2,000 deep
        return ""
    text = getattr(found, "text", None)
    return text if isinstance(text, str) else ""


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    words = text.replace("|", " ").split()
    yield from zip(*(words[start:] for start in range(_RUN)), strict=False)


def _is_known(text: str, runs: set[tuple[str, ...]]) -> bool:
    own = list(_runs(text))
    return len(own) > 0 and sum(run in runs for run in own) >= len(own) / 2


def _core(root: html.HtmlElement, kept: list[TextLine]) -> html.HtmlElement:
    """The innermost element that holds most of what was kept, or the article around it, the outermost of several."""
    held: dict[html.HtmlElement, int] = {}
    for line in kept:
        for element in (line.block, *line.block.iterancestors()):
            held[element] = held.get(element, 0) + len(line.text)
    enough = _CORE * _length(kept)
    core = root
    while (inner := next((child for child in core if held.get(child, 0) >= enough), None)) is not None:
        core = inner
    while core.tag not in _CONTAINERS and core.getparent() is not None:
        core = core.getparent()
    around = [core, *core.iterancestors()]
    articles = [element for element in around if element.tag == "article"]
    mains = [element for element in around if element.tag == "main" or element.get("role") == "main"]
    return _widened((articles or mains or [core])[-1])


def _widened(core: html.HtmlElement) -> html.HtmlElement:
    """The core with what little text stands beside it: an introduction or a last section in an element of its own."""
    while (around := core.getparent()) is not None and around.tag in _CONTAINERS - {"body"}:
        length = content_length(core)
        beside = content_length(around) - length
        linked = link_share(around) * (length + beside) - link_share(core) * length
        if beside > max(_BESIDE * length, _LITTLE) or linked > _LINKED_BESIDE * beside or any(map(_is_frame, around)):
            break
        core = around
    return core


def _is_frame(element: html.HtmlElement) -> bool:
    """Whether an element is called the head or the foot of the page."""
    names = f"{element.tag} {element.get('id') or ''} {element.get('class') or ''}".lower()
    return not _FRAME.isdisjoint(re.split(r"[\s_-]+", names))


def _marked_core(root: html.HtmlElement) -> html.HtmlElement:
    """What the page itself marks as its main content, or all of it."""
    articles = list(root.iter("article"))
    if len(articles) == 1:
        return articles[0]
    return next((element for element in root.iter() if element.tag == "main" or element.get("role") == "main"), root)
