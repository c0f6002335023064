"""A page's tree -> the same tree without what surrounds the text: menus, banners on cookies, sharing, comments, "À lire aussi".

Changes the tree that it is given. Refuses nothing. What a class or a role says is believed only of elements that hold less
than the greater part of the page and no title: classes of articles carry the words of their key words.
"""

from __future__ import annotations

import re

from lxml import html  # type: ignore[import-untyped]  # comes without types

from ingest.html.tree import BLOCKS, HEADINGS, UNSEEN, TextLine, content_length, folded, is_hidden, text_lines
from ingest.markup import BOLD_LEVEL

_JUNK_CLASS = re.compile(
    r"""(?:.*-)?(?:nav|navbar|navigation|nav-links|menu|submenu|breadcrumbs?|fil-d?-?ariane|ariane
      |share|sharing|partage|partager|sharedaddy|addtoany|a2a|addthis|social|socials|social-links|reseaux-sociaux
      |related|relatedposts|similaires?|lire-aussi|a-lire|yarpp|newsletter|comments?|commentaires?|comment-(?:list|form|respond)|respond
      |pager|pagination|sidebar|widget-area|skip-link|searchform|search-form|search-box|popup|modal|toolbar|author-box
      )(?:-(?:wrapper|container|area|block|buttons?|list|box|section|bar|inner|content|links?|icons?|items?|title|form))*
    |(?:.*-)?(?:cookies?|consent|rgpd|gdpr|(?:tarteaucitron|orejime|didomi|axeptio|cmplz|onetrust)\w*)(?:-.*)?
    |widget|widget-.*|search|hidden|screen-reader-text|sr-only|visually-hidden|element-invisible|print-link|d-none|noprint|local-tasks
    """,
    re.VERBOSE,
)
# Words of the article's own, which its class repeats: WordPress writes `tag-partage`, `category-recherche`.
_TOPICAL = re.compile(r"(?:tag|category|post|type|status|format|node|page|has|is|with|no|taxonomy|term|field)-")
_JUNK_ROLE = frozenset("navigation search contentinfo dialog alertdialog menu menubar toolbar".split())
_KEPT_WHOLE = frozenset({"html", "body", "main", "article"})
_GREATER_PART = 0.4  # of the characters: menus and banners have less, what surrounds the article has more
_ELSEWHERE = re.compile(
    r"""(?:à|a)\s+lire\s+(?:aussi|[ée]galement) | (?:lire|voir)\s+aussi | (?:à|a)\s+voir\s+aussi
    | (?:nos\s+|les\s+)?(?:articles?|contenus?|pages?|actualit[ée]s?|publications?|ressources?)
      \s+(?:similaires?|connexes?|recommand[ée]e?s?)
    | (?:articles?|contenus?|pages?|actualit[ée]s?)\s+(?:li[ée]e?s|associ[ée]e?s|r[ée]cents?|r[ée]centes)
    | (?:dans\s+la|de\s+la)\s+m[êe]me\s+(?:rubrique|cat[ée]gorie|s[ée]rie) | (?:sur\s+)?le\s+m[êe]me\s+(?:sujet|th[èe]me)
    | (?:vous\s+(?:aimerez|pourriez|allez)|cela\s+pourrait|ces\s+articles|d['’]autres\s+articles).{0,40}
    | derniers\s+articles | derni[èe]res\s+(?:actualit[ée]s|publications) | navigation\s+(?:de\s+l['’]|des\s+|d['’])articles?
    | partager | articles?\s+(?:pr[ée]c[ée]dent|suivant)s? | (?:tou(?:s|tes)\s+)?nos\s+(?:derni[èe]res\s+)?actualit[ée]s
    | fil\s+d['’]ariane
    """,
    re.IGNORECASE | re.VERBOSE,
)
_TALK = re.compile(
    r"""partage[rz]\s+(?:(?:cet|cette|ce)\s|(?:l['’]|cet?\s)article|la\s+page|(?:sur|via|par)\s+(?:les?\s+)?(?:
      r[ée]seaux|facebook|twitter|linkedin|x\b|e?-?mail|courriel)).{0,30}
    | (?:\d+\s+)?commentaires? | (?:pas|aucun)\s+(?:de\s+)?commentaires? | r[ée]agir\s+à\s+cet\s+article
    | (?:laisser|laissez|ajouter|poster)\s+un\s+commentaire
    | (?:inscri|abonne)[\w-]+.{0,30}(?:newsletter|lettre\s+d['’]info\w*) | (?:la\s+|notre\s+)?newsletter
    | suivez[\s-]nous.{0,20} | nous\s+suivre
    """,
    re.IGNORECASE | re.VERBOSE,
)
_ALSO_READ = re.compile(r"(?:(?:à|a)\s+)?(?:lire|voir)\s+(?:aussi|[ée]galement)\s*[:→>]", re.IGNORECASE)
_DOCUMENT = re.compile(r"\.(?:pdf|docx?|odt|pptx?|xlsx?)(?:[?#]|$)", re.IGNORECASE)
_SENTENCE = 12  # words without a link that are no teaser


def prune(root: html.HtmlElement) -> None:
    """Take out of the tree what is not the publication's text."""
    for element in list(root.iter(*UNSEEN)):
        _drop(element)
    whole = max(content_length(root), 1)
    for element in list(root.iterdescendants()):
        if element.getparent() is not None and isinstance(element.tag, str) and _is_junk(element, whole):
            _drop(element)
    for line in list(text_lines(root)):
        if root in line.block.iterancestors():
            _prune_under(line, whole)


def link_share(element: html.HtmlElement) -> float:
    """The share of an element's characters that are words of links; 0 without any."""
    length = content_length(element)
    return sum(content_length(link) for link in element.iter("a") if link is not element) / length if length else 0.0


def _is_junk(element: html.HtmlElement, whole: int) -> bool:
    if is_hidden(element):
        return True
    if element.tag in _KEPT_WHOLE:
        return False
    names = re.sub(r"[_:]+", "-", f"{element.get('class') or ''} {element.get('id') or ''}").lower().split()
    named = any(_JUNK_CLASS.fullmatch(name) for name in names if not _TOPICAL.match(name))
    if not (named or _is_frame(element)):
        return False
    if element.tag in HEADINGS or element.find(".//h1") is not None or element.find(".//main") is not None:
        return False
    # What offers the publication's own files is not "related" to it, whatever its class says.
    if named and any(_DOCUMENT.search(link.get("href") or "") for link in element.iter("a")):
        return False
    return content_length(element) < _GREATER_PART * whole or element.tag == "nav"


def _is_frame(element: html.HtmlElement) -> bool:
    """Whether tag or role say that the element is around the text. In an article, boxes and footers are the article's."""
    if (element.get("role") or "").lower() in _JUNK_ROLE or element.tag in {"nav", "dialog", "form", "menu"}:
        return True
    if element.tag not in {"footer", "aside"} and (element.get("role") or "").lower() != "complementary":
        return False
    inside = any(ancestor.tag in {"article", "main", "blockquote"} for ancestor in element.iterancestors())
    return not inside or link_share(element) >= 0.6


def _prune_under(line: TextLine, whole: int) -> None:
    """Take out what a line like "À lire aussi" announces, and the line."""
    node = line.block
    text = line.text.strip(" :.…→>")
    talk = _TALK.fullmatch(text) is not None
    if not talk and not _ELSEWHERE.fullmatch(text):
        if _ALSO_READ.match(line.text) and node.tag in {"p", "div", "li"} and link_share(node) > 0.3:
            _drop(node)
        return
    while (around := node.getparent()) is not None and around.tag not in _KEPT_WHOLE and _same_text(around, node):
        node = around
    if around is None:
        return
    if _is_only_that(around, node, whole, talk=talk):
        _drop(around)
        return
    for sibling in list(node.itersiblings()):
        if not _is_announced(sibling, HEADINGS.get(line.block.tag, BOLD_LEVEL), talk=talk):
            break
        _drop(sibling)
    _drop(node)


def _is_only_that(around: html.HtmlElement, node: html.HtmlElement, whole: int, *, talk: bool) -> bool:
    """Whether all that stands around the line is what it announces."""
    if around.tag in _KEPT_WHOLE or around.find(".//h1") is not None or content_length(around) >= _GREATER_PART * whole:
        return False
    opens = _squeezed(around).startswith(_squeezed(node))
    return opens and (talk or link_share(around) >= 0.4)


def _is_announced(sibling: html.HtmlElement, level: int, *, talk: bool) -> bool:
    if not isinstance(sibling.tag, str) or (HEADINGS.get(sibling.tag, 9) <= level):
        return False
    words = len(folded("".join(sibling.itertext())).split())
    has_link = next(sibling.iter("a"), None) is not None
    if talk:
        return sibling.tag in {"ul", "ol", "form"} or words < _SENTENCE
    if sibling.tag in {"ul", "ol"}:
        return link_share(sibling) >= 0.4
    return words == 0 or (has_link and (sibling.tag != "p" or link_share(sibling) >= 0.3)) or words < _SENTENCE


def _same_text(one: html.HtmlElement, other: html.HtmlElement) -> bool:
    return content_length(one) == content_length(other)


def _squeezed(element: html.HtmlElement) -> str:
    return "".join("".join(element.itertext()).split())


def _drop(element: html.HtmlElement) -> None:
    """Take an element out; what stands behind it stays, and blocks that it parted stay parted."""
    if element.getparent() is None:
        return
    if element.tag in BLOCKS and element.tail and element.tail.strip():
        element.tail = f" {element.tail}"
    element.drop_tree()
