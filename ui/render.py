"""Answer -> its HTML, whole or as the chat's messages. Pure: no network, no state.

In: an `Answer` and an anchor that no other message of the page has. Out: HTML on one line, because the chat reads messages as
Markdown and a block of HTML without line breaks is left alone by it. Everything that comes from an answer is escaped;
of its addresses only https ones become links. Quotations are shown as their source has them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby
from urllib import parse

from rag.answer import Answer, Citation, Example, Link, Nearest
from rag.phrases import HEADINGS
from ui import controls, texts
from ui.escaping import ours as _ours
from ui.escaping import plain as _plain
from ui.escaping import unseen as _unseen
from ui.permalink import Quoted, address_of

_ADDRESS = re.compile(r"(https://[^\s<>()\[\]«»\"']*[^\s<>()\[\]«»\"'.,;:!?])")
_MARK = re.compile(r" ?\[(\d{1,3})\]")


def render_question(question: str) -> str:
    """What the user asked, as the message that stands before its answer."""
    return f'<div class="asked">{_unseen(f"{texts.YOU_SAID} : ")}{_plain(question)}</div>'


def render_answer(answer: Answer, *, anchor: str, report: str | None = None) -> str:
    """The answer on a page without script: its marks linked to numbered sources that stand open, with nothing to press.

    `anchor` (letters, digits, hyphens) begins every id, so that two answers on one page do not share any. `report` is where an
    error is told (`ui.report`). What the search was narrowed to is left to the page, which has buttons for it.
    """
    rest = _rest(answer, anchor, open_sources=True) + controls.made(answer) + _reported(report)
    return _answer(answer, anchor, controls.understood(answer, active=False) + _said(answer, anchor) + rest)


def render_said(answer: Answer, *, anchor: str) -> str:
    """The first message of an answer: what was understood, and the text with its marks."""
    held = controls.filters(answer)
    return _answer(answer, anchor, controls.understood(answer) + held + _said(answer, anchor))


def render_rest(answer: Answer, *, anchor: str, report: str | None = None) -> str:
    """The message below it: examples, sources, links, how it was made, and what can be done with it; `report` as above."""
    rest = _rest(answer, anchor) + controls.made(answer) + controls.tools(answer) + _reported(report)
    return f'<div class="rest {answer.status.value}" id="{escape(anchor)}-rest">{rest}</div>'


def _answer(answer: Answer, anchor: str, content: str) -> str:
    heading = f'<h3 class="sr">{_ours(texts.ASSISTANT_SAYS)}</h3>'
    return f'<div class="answer {answer.status.value}" id="{escape(anchor)}">{heading}{content}</div>'


def _said(answer: Answer, anchor: str) -> str:
    text = f'<div class="answer-text"{_language(answer)}>{_body(answer, anchor)}</div>'
    return text + _removed(answer.removed_sentences)


def _rest(answer: Answer, anchor: str, *, open_sources: bool = False) -> str:
    quoted: list[Quoted] = [*answer.citations, *answer.examples]
    sections = (
        _section("field-examples", texts.FIELD_EXAMPLES, (_example(example, quoted) for example in answer.examples)),
        _section("nearest", texts.NEAREST, map(_nearest, answer.nearest)),
        _section(
            "sources", texts.SOURCES, (_source(one, anchor, quoted, is_open=open_sources) for one in answer.citations)
        ),
        _section("read-on", texts.READ_ON, _read_on(answer.links)),
    )
    return "".join(sections)


def _language(answer: Answer) -> str:
    # Of a kept answer that anyone may have changed, it may be anything, line breaks included.
    is_other = answer.language != "fr" and answer.language.isalpha()
    return f' lang="{escape(answer.language)}"' if is_other else ""


def safe_url(url: str | None) -> str | None:
    """`url` if it is an https address of a named host, without user name or control characters; None otherwise."""
    if url is None or any(char.isspace() or not char.isprintable() for char in url):
        return None
    try:
        parts = parse.urlsplit(url)
    except ValueError:
        return None
    good = parts.scheme == "https" and parts.hostname and "@" not in parts.netloc
    return url if good else None


def _body(answer: Answer, anchor: str) -> str:
    """Lines of the text: known headings, list items, paragraphs; the first mark of each number is its way back."""
    quotes = [citation.quote for citation in answer.citations] + [sentence.text for sentence in answer.sentences]
    marks = _Marks(anchor, {citation.n for citation in answer.citations})
    lines = filter(None, map(str.strip, answer.text.splitlines()))
    html: list[str] = []
    for is_item, group in groupby(lines, key=lambda line: line.startswith("- ")):
        if is_item:
            items = (f"<li>{_line(line[2:], quotes, marks)}</li>" for line in group)
            html.append(f"<ul>{''.join(items)}</ul>")
        else:
            html += (
                f"<h4>{_ours(line)}</h4>" if line in HEADINGS else f"<p>{_line(line, quotes, marks)}</p>"
                for line in group
            )
    return "".join(html)


class _Marks:
    """Turns `[n]` into a link to source n; remembers which numbers have been met."""

    def __init__(self, anchor: str, known: set[int]) -> None:
        self.anchor = escape(anchor)
        self.known = known
        self.met: set[int] = set()

    def link(self, match: re.Match[str]) -> str:
        """The link that stands for one mark, or the mark itself when it names no source."""
        n = int(match.group(1))
        if n not in self.known:
            return match.group(0)
        identity = "" if n in self.met else f' id="{self.anchor}-m{n}"'
        self.met.add(n)
        label = f"{_unseen(f'{texts.SOURCE} ')}{n}"
        return f'\u00a0<a class="cite"{identity} href="#{self.anchor}-s{n}">{label}</a>'


def _line(line: str, quotes: Sequence[str], marks: _Marks) -> str:
    """One line, escaped; typography and marks outside quotations only."""
    longest_first = sorted({quote for quote in quotes if quote}, key=len, reverse=True)
    if not longest_first:
        return _framing(line, marks)
    pieces = re.split("(" + "|".join(map(re.escape, longest_first)) + ")", line)
    return "".join(_plain(piece) if place % 2 else _framing(piece, marks) for place, piece in enumerate(pieces))


def _framing(text: str, marks: _Marks) -> str:
    """What stands around quotations: French spaces, marks as links, https addresses as links."""
    pieces = _ADDRESS.split(text)
    return "".join(
        _link(piece, piece).strip() or _ours(piece) if place % 2 else _MARK.sub(marks.link, _ours(piece))
        for place, piece in enumerate(pieces)
    )


def _source(citation: Citation, anchor: str, quoted: Sequence[Quoted], *, is_open: bool) -> str:
    brief = f"{_plain(citation.publisher)}{_page(citation.page)} — {_cited(citation.title)}"
    published = f", {texts.published(citation.date)}" if citation.date else ""
    back = f'<a class="back" href="#{escape(anchor)}-m{citation.n}">{_ours(texts.BACK)}</a>'
    number = f'<span class="n">{citation.n}</span>'
    identity = f'id="{escape(anchor)}-s{citation.n}"'
    said = (
        f'{_quotation(citation.quote)}<p class="where">{_cited(citation.title)} — {_plain(citation.publisher)}'
        f"{_ours(published)}{_page(citation.page)}</p>"
        f"{_ways(_in_the_text(citation, quoted), _link(citation.url, texts.OPEN_SOURCE), back)}"
    )
    if is_open:
        return f'<li class="source" {identity} tabindex="-1"><p>{number}</p><div>{said}</div></li>'
    # Within, and not on, what is closed: so a browser opens it for a link, even without our script.
    summary = f'<summary>{number} <span class="brief">{brief}</span></summary>'
    return f'<li><details class="source">{summary}<div class="proof" {identity}>{said}</div></details></li>'


def _example(example: Example, quoted: Sequence[Quoted]) -> str:
    territories = _plain(", ".join(example.territories))
    where = f'<p class="territories">{_unseen(f"{texts.TERRITORY} : ")}{territories}</p>' if territories else ""
    links = "".join(_link(url, texts.ELSEWHERE.format(host=_host(url))) for url in example.links)
    return (
        f'<li class="card"><h5>{_plain(example.title)}</h5>{where}{_quotation(example.quote)}'
        f'<p class="where">{_cited(example.publication_title)}{_page(example.page)}</p>'
        f"{_ways(_in_the_text(example, quoted), _link(example.url, texts.OPEN_SOURCE), links)}</li>"
    )


def _nearest(nearest: Nearest) -> str:
    return (
        f'<li class="card">{_quotation(nearest.quote)}<p class="where">{_cited(nearest.title)}{_page(nearest.page)}</p>'
        f"{_ways(_in_the_text(nearest), _link(nearest.url, texts.OPEN_SOURCE))}</li>"
    )


def _read_on(links: Sequence[Link]) -> Iterable[str]:
    """Links named apart: one that shares its title tells its address too, as does one that is not https and only read."""
    titles = Counter(link.title for link in links)
    for link in links:
        full = f"{link.title} : {link.url}"
        yield f"<li>{_link(link.url, link.title if titles[link.title] == 1 else full) or _ours(full)}</li>"


def _section(name: str, title: str, items: Iterable[str]) -> str:
    content = "".join(items)
    if not content:
        return ""
    return f'<div class="{name}"><h4>{_ours(title)}</h4><ul>{content}</ul></div>'


def _removed(count: int) -> str:
    return f'<p class="removed">{_ours(texts.removed(count))}</p>' if count else ""


def _reported(target: str | None) -> str:
    """The link to tell an error by; a page opens in a tab of its own, because the conversation lives in this one."""
    if target is None:
        return ""
    is_mail = target.startswith("mailto:")
    link = f'<a href="{escape(target)}">{_ours(texts.REPORT)}</a>' if is_mail else _tab(target, texts.REPORT)
    return f'<p class="report">{link}</p>'


def _quotation(quote: str) -> str:
    return f"<blockquote>«\u00a0{_plain(quote)}\u00a0»</blockquote>"


def _cited(title: str) -> str:
    return f"<cite>{_ours(title)}</cite>"


def _page(page: int | None) -> str:
    return "" if page is None else f", {_ours(texts.page(page))}"


def _ways(*links: str) -> str:
    """Where one may go from here; nothing when there is nowhere."""
    return f'<p class="ways">{"".join(links)}</p>' if any(links) else ""


def _in_the_text(quoted: Quoted, others: Sequence[Quoted] = ()) -> str:
    """The quotation on the page of its publication; in a tab of its own, because the conversation lives in this one."""
    return _tab(address_of(quoted, others), texts.IN_THE_TEXT)


def _link(url: str | None, label: str) -> str:
    target = safe_url(url)
    return "" if target is None else _tab(target, label)


def _tab(target: str, label: str) -> str:
    tab = f'<span class="sr"> ({_ours(texts.NEW_TAB)})</span>'
    return f'<a href="{escape(target)}" rel="noopener noreferrer" target="_blank">{_ours(label)}{tab}</a> '


def _host(url: str) -> str:
    target = safe_url(url)
    return (parse.urlsplit(target).hostname or "") if target else ""
