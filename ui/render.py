"""Answer -> the HTML of one chat message. Pure: no network, no state.

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
from rag.phrases import FRENCH, HEADINGS
from ui import texts
from ui.permalink import Quoted, address_of
from ui.typography import french

_BREAKS = re.compile(r"[^\S \u00a0\u202f]+")
_ADDRESS = re.compile(r"(https://[^\s<>()\[\]«»\"']*[^\s<>()\[\]«»\"'.,;:!?])")
_MARK = re.compile(r" ?\[(\d{1,3})\]")


def render_question(question: str) -> str:
    """What the user asked, as the message that stands before its answer."""
    return f'<div class="asked"><span class="sr">{_ours(texts.YOU_SAID)}\u00a0: </span>{_plain(question)}</div>'


def render_answer(answer: Answer, *, anchor: str, report: str | None = None, scripted: bool = True) -> str:
    """The answer with its marks linked to numbered sources, then examples, nearest passages and links.

    `anchor` (letters, digits, hyphens) begins every id, so that two answers on one page do not share any. `report` is where
    an error is told (`ui.report`). On a page that is not `scripted` sources stand open, there is nothing to press, and what
    the search was narrowed to is left to the page, which has buttons for it.
    """
    quoted: list[Quoted] = [*answer.citations, *answer.examples]
    parts = [
        f'<h3 class="sr">{_ours(texts.ASSISTANT_SAYS)}</h3>',
        _understood(answer),
        _filters(answer) if scripted else "",
        f'<div class="answer-text"{_language(answer)}>{_body(answer, anchor)}</div>',
        _removed(answer.removed_sentences),
        _section("field-examples", texts.FIELD_EXAMPLES, (_example(example, quoted) for example in answer.examples)),
        _section("nearest", texts.NEAREST, map(_nearest, answer.nearest)),
        _section("sources", texts.SOURCES, (_source(one, anchor, quoted, scripted) for one in answer.citations)),
        _section("read-on", texts.READ_ON, _read_on(answer.links)),
        _tools(_copy_button() if answer.citations and scripted else "", _report(report)),
    ]
    return f'<div class="answer {answer.status.value}" id="{escape(anchor)}">{"".join(parts)}</div>'


def _understood(answer: Answer) -> str:
    """What was searched, where it is not what was typed: a follow-up completed, words mended."""
    understood = answer.question_understood
    if not understood or " ".join(understood.split()) == " ".join(answer.question.split()):
        return ""
    return f'<p class="understood">{_ours(f"{texts.UNDERSTOOD} : {understood}")}</p>'


def _filters(answer: Answer) -> str:
    """What the search was narrowed to, and what would have left nothing, told in words and not by looks alone."""
    held = FRENCH.filter_values(answer.filters).values()
    dropped = FRENCH.filter_values(answer.dropped_filters).values()
    items = [f"<li>{_ours(value)}</li>" for value in held]
    items += [f'<li class="dropped">{_ours(f"{value} ({texts.NO_EFFECT})")}</li>' for value in dropped]
    return f'<div class="held"><p>{_ours(texts.FILTERS_HELD)}</p><ul>{"".join(items)}</ul></div>' if items else ""


def _language(answer: Answer) -> str:
    return "" if answer.language == "fr" else f' lang="{escape(answer.language)}"'


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
        label = f'<span class="sr">{_ours(texts.SOURCE)} </span>{n}'
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


def _source(citation: Citation, anchor: str, quoted: Sequence[Quoted], scripted: bool) -> str:
    brief = f"{_plain(citation.publisher)}{_page(citation.page)} — {_cited(citation.title)}"
    published = f", {texts.PUBLISHED} {texts.date(citation.date)}" if citation.date else ""
    back = f'<a class="back" href="#{escape(anchor)}-m{citation.n}">{_ours(texts.BACK)}</a>'
    number = f'<span class="n">{citation.n}</span>'
    said = (
        f'{_quotation(citation.quote)}<p class="where">{_cited(citation.title)} — {_plain(citation.publisher)}'
        f"{_ours(published)}{_page(citation.page)}</p>"
        f"{_ways(_in_the_text(citation, quoted), _link(citation.url, texts.OPEN_SOURCE), back)}"
    )
    identity = f'id="{escape(anchor)}-s{citation.n}"'
    if not scripted:  # a link to what is folded does not unfold it
        return f'<li class="source" {identity} tabindex="-1"><p>{number}</p><div>{said}</div></li>'
    summary = f'<summary>{number} <span class="brief">{brief}</span></summary>'
    return f'<li><details class="source" {identity}>{summary}{said}</details></li>'


def _example(example: Example, quoted: Sequence[Quoted]) -> str:
    territories = [name for name in example.territories if name.casefold() not in example.title.casefold()]
    where = f'<p class="territories">{_plain(", ".join(territories))}</p>' if territories else ""
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


def _copy_button() -> str:
    return f'<button class="copy">{_ours(texts.COPY)}</button> '


def _report(target: str | None) -> str:
    """The link to tell an error by; a page opens in a tab of its own, because the conversation lives in this one."""
    if target is None:
        return ""
    if target.startswith("mailto:"):
        return f'<a class="report" href="{escape(target)}">{_ours(texts.REPORT)}</a>'
    return f'<span class="report">{_tab(target, texts.REPORT)}</span>'


def _tools(*tools: str) -> str:
    return f'<p class="tools">{"".join(tools)}</p>' if any(tools) else ""


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


def _ours(text: str) -> str:
    """A text of ours, on one line, with its French spaces."""
    return escape(french(_BREAKS.sub(" ", text)))


def _plain(text: str) -> str:
    """A text of others, as it is but on one line."""
    return escape(" ".join(text.split()))
