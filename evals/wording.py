"""An answer's text against its citations: does it say anything that is neither quoted nor one of the assistant's own phrases?

In: an answer and the passages it may cite. Out: each stretch of its text that nobody vouches for. An answer's text is lines:

    - PLACE : « QUOTATION » [1] « QUOTATION » [2]    an item; each quotation is that of its marks' citations, word for word
    En bref                                          a heading, or a phrase of `rag.phrases`

The words of a place are those of the title, publisher, date, headings or example of what the line cites. Compared are folded
forms (`evals.spans`), not those of `rag.verify`, on which evals must not lean. Answers of another status quote nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from functools import cache
from string import Formatter

from evals.follow_ups import folded
from evals.spans import FoldedText
from ingest.document import Passage
from rag.answer import Answer, Citation, Status
from rag.phrases import HEADINGS, Phrases, phrases_for

_ITEM = "- "
_MARKED = re.compile(r"» ?((?:\[\d+\])+)$")
# What a phrase is filled in with: names, years, filters.
_FILLED = r".{1,160}?"
# Two that are too short to tell a phrase by.
_JOINTS = {"language", "colon", "last_of_several"}
_SHOWN = 120


def unfounded(answer: Answer, passages: Mapping[str, Passage]) -> list[str]:
    """What the text of an answer says on nobody's word, each shortened; `passages` is by id."""
    if answer.status is not Status.ANSWERED:
        return []
    lines = [FoldedText(line).folded.strip() for line in answer.text.split("\n")]
    found = [part for line in lines if line for part in _unfounded(line, answer, passages)]
    if not any(line.startswith(_ITEM) for line in lines):
        found.append("it quotes nothing")
    return [part[:_SHOWN] for part in found]


def _unfounded(line: str, answer: Answer, passages: Mapping[str, Passage]) -> Iterator[str]:
    if not line.startswith(_ITEM):
        if line not in HEADINGS and not _phrase().fullmatch(line):
            yield line
        return
    by_number = {citation.n: citation for citation in answer.citations}
    cited: list[Citation] = []
    rest = line.removeprefix(_ITEM)
    while marked := _MARKED.search(rest):
        numbers = [int(number) for number in re.findall(r"\d+", marked[1])]
        citations = [by_number[number] for number in numbers if number in by_number]
        before = rest[: marked.start()].rstrip()
        quotes = {FoldedText(citation.quote).folded.strip() for citation in citations}
        quote = next((one for one in quotes if before.endswith(one)), None)
        opened = before.removesuffix(quote).rstrip() if quote else ""
        if len(quotes) != 1 or len(citations) < len(numbers) or not opened.endswith("«"):
            yield rest
            return
        cited += citations
        rest = opened.removesuffix("«").rstrip()
    if not cited:
        yield line
    elif strange := set(folded(rest).split()) - _named(cited, passages):
        yield f"{rest} ({', '.join(sorted(strange))})"


def _named(cited: list[Citation], passages: Mapping[str, Passage]) -> set[str]:
    """The words by which what is cited may be named."""
    names: list[str] = []
    for citation in cited:
        names += [citation.title, citation.publisher, citation.date or ""]
        passage = passages.get(citation.passage_id)
        if passage is not None:
            names += [passage.title or "", *passage.headings]
    return set(folded(" ".join(names)).split())


@cache
def _phrase() -> re.Pattern[str]:
    """One phrase of the assistant, or a few behind each other, in either language."""
    templates = [
        str(getattr(phrases_for(language), field.name))
        for language in ("fr", "en")
        for field in fields(Phrases)
        if field.name not in _JOINTS and isinstance(getattr(phrases_for(language), field.name), str)
    ]
    one = "|".join(_pattern(FoldedText(template).folded) for template in templates)
    return re.compile(rf"(?:(?:{one})[ .]*){{1,3}}")


def _pattern(template: str) -> str:
    return "".join(
        re.escape(text) + (_FILLED if name is not None else "") for text, name, _, _ in Formatter().parse(template)
    )
