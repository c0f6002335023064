"""Answers -> the blocks of a document to take away: headings, paragraphs, lists, with links. Pure; it knows no file format.

Quotations are those of the answers, as their sources have them; around them stands French typography. Of addresses only https
ones become links.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import quote

from rag.answer import Answer, Citation, Example, Nearest
from rag.phrases import FRENCH, HEADINGS
from ui import texts
from ui import texts_plain as plain_texts
from ui.controls import page_lines
from ui.permalink import address_of
from ui.render import safe_url
from ui.typography import french


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A stretch of a line; `url` makes it a link, `title` the title of a work."""

    text: str
    url: str | None = None
    title: bool = False


Line = tuple[Run, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """`level` counts from 2: the document's title is 1."""

    level: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """One paragraph."""

    line: Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """A list without numbers."""

    lines: tuple[Line, ...]


Block = Heading | Paragraph | Items


def blocks_of(answers: Sequence[Answer], *, base: str, today: date, index_date: str) -> list[Block]:
    """The document below its title. `base` is the address of the service, whose pages show each quotation in its text."""
    builds = dict.fromkeys(answer.index_build for answer in answers if answer.index_build)
    dates = plain_texts.EXPORT_DATES.format(
        date=texts.date(today.isoformat()), index=texts.date(index_date[:10]), build=", ".join(builds)
    )
    blocks: list[Block] = [Paragraph(line=_said(dates))]
    shelf = _Bibliography(base)
    for number, answer in enumerate(answers, start=1):
        blocks += _turn(number, answer, base)
        shelf.note(number, answer)
    if shelf.works:
        blocks.append(Heading(level=2, text=plain_texts.EXPORT_BIBLIOGRAPHY))
        blocks.append(Items(lines=tuple(shelf.lines())))
    blocks.append(Heading(level=2, text=plain_texts.EXPORT_HOW_TITLE))
    blocks.append(Paragraph(line=_said(plain_texts.EXPORT_HOW)))
    return blocks


def _turn(number: int, answer: Answer, base: str) -> Iterator[Block]:
    asked = " ".join(answer.question.split())
    yield Heading(level=2, text=french(plain_texts.EXPORT_QUESTION.format(number=number, question=asked)))
    if answer.question_understood and " ".join(answer.question_understood.split()) != asked:
        yield Paragraph(line=_said(plain_texts.EXPORT_UNDERSTOOD.format(question=answer.question_understood)))
    for said in page_lines(answer):
        yield Paragraph(line=_said(said if said.endswith(".") else f"{said}."))
    held = FRENCH.filter_values(answer.filters).values()
    if held:
        yield Paragraph(line=_said(plain_texts.EXPORT_HELD.format(filters=" ; ".join(held))))
    yield Heading(level=3, text=plain_texts.EXPORT_ANSWER)
    yield from _text(answer)
    if answer.removed_sentences:
        yield Paragraph(line=_said(texts.removed(answer.removed_sentences)))
    yield from _section(texts.FIELD_EXAMPLES, (_example(one, base) for one in answer.examples))
    yield from _section(texts.NEAREST, (_nearest(one, base) for one in answer.nearest))
    yield from _section(plain_texts.EXPORT_QUOTATIONS, (_citation(one, base) for one in answer.citations))
    links = ((_linked(link.title, link.url) or Run(text=f"{link.title} : {link.url}")) for link in answer.links)
    yield from _section(texts.READ_ON, ((link,) for link in links))


def _text(answer: Answer) -> Iterator[Block]:
    """The lines of the answer's text, as the chat has them."""
    quotes = [one.quote for one in answer.citations] + [one.text for one in answer.sentences]
    items: list[Line] = []
    for line in filter(None, map(str.strip, answer.text.splitlines())):
        if line.startswith("- "):
            items.append((Run(text=_typeset(line[2:], quotes)),))
            continue
        if items:
            yield Items(lines=tuple(items))
            items = []
        yield Heading(level=4, text=line) if line in HEADINGS else Paragraph(line=(Run(text=_typeset(line, quotes)),))
    if items:
        yield Items(lines=tuple(items))


def _typeset(line: str, quotes: Sequence[str]) -> str:
    """French spaces outside quotations only."""
    longest_first = sorted({quote for quote in quotes if quote}, key=len, reverse=True)
    if not longest_first:
        return french(line)
    pieces = re.split("(" + "|".join(map(re.escape, longest_first)) + ")", line)
    return "".join(piece if place % 2 else french(piece) for place, piece in enumerate(pieces))


def _section(title: str, lines: Iterable[Line]) -> Iterator[Block]:
    shown = tuple(lines)
    if shown:
        yield Heading(level=4, text=title)
        yield Items(lines=shown)


def _citation(one: Citation, base: str) -> Line:
    return (
        Run(text=f"[{one.n}] «\u00a0{one.quote}\u00a0» "),
        *_where(one.title, one.page, one, base),
    )


def _example(one: Example, base: str) -> Line:
    places = f" ({', '.join(one.territories)})" if one.territories else ""
    return (
        Run(text=f"{one.title}{places}\u00a0: «\u00a0{one.quote}\u00a0» "),
        *_where(one.publication_title, one.page, one, base),
    )


def _nearest(one: Nearest, base: str) -> Line:
    return Run(text=f"«\u00a0{one.quote}\u00a0» "), *_where(one.title, one.page, one, base)


def _where(title: str, page: int | None, one: Citation | Example | Nearest, base: str) -> Line:
    """Title, page, and the address at which the quotation is marked in its text, there or where it will have moved."""
    paged = f", {french(texts.page(page))}" if page is not None else ""
    return (
        Run(text=title, title=True),
        Run(text=f"{paged}. "),
        Run(text=texts.IN_THE_TEXT, url=base + address_of(one)),
    )


def _text_address(base: str, publication: str) -> str:
    return f"{base}source/{quote(publication, safe='', errors='replace')}"


@dataclass(slots=True)
class _Work:
    title: str
    publisher: str = ""
    date: str | None = None
    url: str | None = None
    pages: set[int] = field(default_factory=set)
    answers: list[int] = field(default_factory=list)


class _Bibliography:
    """The publications that were quoted, each once, in the order of their first quotation."""

    def __init__(self, base: str) -> None:
        self._base = base
        self.works: dict[str, _Work] = {}

    def note(self, number: int, answer: Answer) -> None:
        """The publications of one answer."""
        for one in answer.citations:
            work = self._work(number, one.publication_id, one.title, one.page)
            work.publisher, work.date, work.url = one.publisher, one.date, one.url or work.url
        for example in answer.examples:
            work = self._work(number, example.publication_id, example.publication_title, example.page)
            work.url = work.url or example.url

    def lines(self) -> Iterator[Line]:
        """Publisher, title, date, pages, in which answers, address."""
        for name, work in self.works.items():
            facts = [texts.date(work.date)] if work.date else []
            if work.pages:
                facts.append(french(plain_texts.EXPORT_PAGES.format(pages=", ".join(map(str, sorted(work.pages))))))
            cited = plain_texts.EXPORT_CITED if len(work.answers) == 1 else plain_texts.EXPORT_CITED_SEVERAL
            facts.append(cited.format(numbers=", ".join(map(str, work.answers))))
            line = [Run(text=f"{work.publisher}, ")] if work.publisher else []
            line += [Run(text=work.title, title=True), Run(text=f", {', '.join(facts)}. ")]
            address = _linked(work.url, work.url) if work.url else None
            line += [address, Run(text=". ")] if address else []
            yield (*line, Run(text=plain_texts.EXPORT_TEXT, url=_text_address(self._base, name)))

    def _work(self, number: int, name: str, title: str, page: int | None) -> _Work:
        work = self.works.setdefault(name, _Work(title=title))
        if page is not None:
            work.pages.add(page)
        if number not in work.answers:
            work.answers.append(number)
        return work


def _linked(text: str, url: str) -> Run | None:
    target = safe_url(url)
    return Run(text=text, url=target) if target else None


def _said(text: str) -> Line:
    return (Run(text=french(text)),)
