"""Bytes of a web page -> its tree of elements, and the lines of text in it, each with the block that holds it.

What never is text (scripts, styles, templates, forms' fields, embedded players) is no part of the lines. Trees are walked
without recursion: unclosed tags nest some pages thousands deep. Refused (ReadError): more bytes than a page has, bytes that
are no text or hold no element, frames and pages that only forward, because their text stands elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

from lxml import etree, html  # type: ignore[import-untyped]  # comes without types

from ingest.decoding import decode_text
from ingest.errors import ReadError

# A page of 20 MB is a book of 3,000 pages or, far more likely, pictures written into the page.
MAX_BYTES = 20_000_000
BLOCKS = frozenset(
    """address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure footer
    form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre section summary table tbody td tfoot th
    thead tr ul""".split()
)
HEADINGS = {f"h{level}": level for level in range(1, 7)}
# Elements whose text no reader of the page sees as the page's text.
UNSEEN = frozenset(
    """script style template noscript noembed noframes iframe object embed applet svg math canvas audio video map head title
    button select option textarea datalist input meter progress del s strike""".split()
)
_CHARSET = re.compile(
    rb"""(?:<meta[^>]{0,200}?charset|<\?xml[^>]{0,100}?encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE
)
_REFRESH = re.compile(r"\s*\d+(?:\.\d+)?\s*[;,]\s*(?:url\s*=\s*)?[\"']?(?P<url>[^\"'\s]+)", re.IGNORECASE)
_INLINE_TAG = re.compile(r"</?(?:b|i|u|s|em|strong|font|span|small|big|tt|center|abbr|mark)\b[^<>]*>", re.IGNORECASE)
_BLOCK_TAG = re.compile(
    r"</?(?:div|section|article|main|aside|ul|ol|li|dl|dd|dt|table|tbody|tr|td|th|blockquote|form|fieldset)\b[^<>]*>",
    re.IGNORECASE,
)
_FORWARDS = 300  # characters: a page that forwards says so, and no more
_ASCII_SPACE = re.compile(r"[ \t\n\r\f\v]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A web page: the root of its tree, the address that its links are relative to, what the operator should know."""

    root: html.HtmlElement
    base: str | None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TextLine:
    """What stands together in one block, white space folded, and the innermost block that holds it."""

    text: str
    block: html.HtmlElement


def parse_page(data: bytes, where: str, *, url: str | None = None) -> Page:
    """The page in `data`; `url` is where it was found. Raises ReadError."""
    if len(data) > MAX_BYTES:
        raise ReadError(
            f"{where}: has {len(data) / 1e6:.0f} MB, at most {MAX_BYTES / 1e6:.0f} MB of HTML are read "
            "(save the page without its pictures, or as PDF)"
        )
    if not data.strip():
        raise ReadError(f"{where}: is empty; expected a web page (fetch or save it again)")
    declared = _CHARSET.search(data[:4096])
    decoded = decode_text(data, where, declared=declared[1].decode("ascii", "replace") if declared else None)
    warnings = [decoded.warning] if decoded.warning else []
    root, too_deep = _parsed(decoded.text, where)
    if too_deep:
        # Tags that nobody closed; the parser stops at them, and all that follows would be lost.
        root, too_deep = _parsed(_INLINE_TAG.sub("", decoded.text), where)
    if too_deep:
        root, too_deep = _parsed(_BLOCK_TAG.sub("<p>", _INLINE_TAG.sub("", decoded.text)), where)
        warnings.append(
            "its elements stand in each other more than 2,048 deep: its text was read without lists and tables"
        )
    _refuse_elsewhere(root, where)
    base = root.find(".//base[@href]")
    return Page(root=root, base=_joined(url, base.get("href") if base is not None else None), warnings=tuple(warnings))


def text_lines(root: html.HtmlElement) -> Iterator[TextLine]:
    """The lines of text in a tree, in order; `<br>` ends a line, hidden elements have none."""
    blocks: list[html.HtmlElement] = []
    words: list[str] = []
    unseen: html.HtmlElement | None = None
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if unseen is None and event == "start" and (element.tag in UNSEEN or is_hidden(element)):
            unseen = element
        ends_line = unseen is None and (element.tag in BLOCKS or element.tag == "br")
        if ends_line and blocks:
            yield from _line(words, blocks[-1])
        if unseen is None and element.tag in BLOCKS:
            blocks.append(element) if event == "start" else blocks.pop()
        if unseen is None and event == "start":
            words.append(element.text or "")
        if event == "end":
            unseen = None if unseen is element else unseen
            if unseen is None and element is not root:
                words.append(element.tail or "")
    if blocks:
        yield from _line(words, blocks[-1])


def is_hidden(element: html.HtmlElement) -> bool:
    """Whether the page says that the element is not shown; what opens by a click is shown."""
    style = (element.get("style") or "").replace(" ", "").lower()
    hidden = (
        element.get("hidden", "until-found") != "until-found" or "display:none" in style or "visibility:hidden" in style
    )
    return hidden and not re.search(r"accordion|collaps|panel|tab|toggle", (element.get("class") or "").lower())


def folded(text: str) -> str:
    """Text with its white space folded as browsers fold it: spaces that do not break stay."""
    return _ASCII_SPACE.sub(" ", text).strip(" ")


def content_length(element: html.HtmlElement) -> int:
    """How many characters that are not white space an element holds."""
    return len("".join("".join(element.itertext()).split()))


def _parsed(text: str, where: str) -> tuple[html.HtmlElement, bool]:
    """The tree of a page, and whether the parser gave up because elements stand in each other too deep."""
    # huge_tree: 2,048 elements may stand in each other, not 256.
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError as error:
        raise ReadError(f"{where}: holds no element; expected a web page (fetch or save it again)") from error
    return root, any("Excessive depth" in entry.message for entry in parser.error_log)


def _line(words: list[str], block: html.HtmlElement) -> Iterator[TextLine]:
    text = folded("".join(words))
    words.clear()
    if text.strip():
        yield TextLine(text=text, block=block)


def _joined(url: str | None, base: str | None) -> str | None:
    try:
        return urljoin(url or "", base.strip()) if base else url
    except ValueError:
        return url


def _refuse_elsewhere(root: html.HtmlElement, where: str) -> None:
    if root.find(".//frameset") is not None:
        sources = ", ".join(frame.get("src", "?") for frame in root.iter("frame"))
        raise ReadError(
            f"{where}: is a set of frames; its text stands in {sources} (put that address into the catalogue)"
        )
    for meta in root.iter("meta"):
        target = (
            _REFRESH.match(meta.get("content") or "") if (meta.get("http-equiv") or "").lower() == "refresh" else None
        )
        if target and sum(len(line.text) for line in text_lines(root)) < _FORWARDS:
            raise ReadError(f"{where}: only forwards to {target['url']} (put that address into the catalogue)")
