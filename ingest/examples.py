"""Which blocks tell a field example: parts headed "En pratique", "Zoom sur", "Expérience n° 3", and sheets that are one.

Pure; refuses nothing. The headings are those that the two networks put above their examples. One heading may announce
several examples ("En pratique": one a sub-heading, or else one a paragraph that opens with a name), or be one ("Zoom sur
la régie de quartier"). Blocks of one example share its title.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.document import Block, BlockKind, Document, Publication
from ingest.repair.lexicon import fold
from ingest.territories import Gazetteer
from ingest.titles import example_name, example_title

_SEVERAL = re.compile(
    r"""(?:
        en\ pratique | sur\ le\ terrain | dans\ les\ territoires | (?:ils|elles|ils\ et\ elles|elles\ et\ ils)\ l'ont\ fait
      | (?:(?:les|des|quelques|autres)\ )?(?:exemples|temoignages|experiences|retours\ d'experiences?|initiatives)(?:\ .{0,80})?
      | zooms\ sur.{0,80}
    )\s*[:;.]?$""",
    re.VERBOSE,
)
_ONE = re.compile(
    r"""(?:
        en\ pratique | (?:l')?exemple | (?:zoom|focus)(?:\ sur)?
      | retour\ d'experience | temoignage | (?:fiche\ )?experience\s+n\s?[°o]\s?\d+ | fiche\ (?:experience|exemple)
      | deniches?\ pour\ vous(?:\s*[-–—,]?\s*n\s?[°o]\s?\d+)?
    )(?P<gap>\s*[:;.…–—-]+\s*|\s+|$)(?P<rest>.*)$""",
    re.VERBOSE | re.DOTALL,
)
# Series and titles of sheets that tell one example from the first line to the last.
_SHEET = re.compile(
    r"(?:deniches? pour vous|retour d'experience|temoignage|fiche (?:experience|exemple)|experience n\s?[°o])"
)
_SHEET_WORDS = 1500  # a sheet is a page or four; a longer publication that names a town in its title is a study of it
_ONE_WORDS = 900  # how far one example reaches when the next heading was not seen
# How a paragraph begins that goes on with the example before it.
_GOES_ON = re.compile(
    r"(?:ils?|elles?|ce|cet|cette|ces|cela|son|sa|ses|leurs?|celles?|celui|ceux|ainsi|en effet|de plus|par ailleurs|enfin"
    r"|en outre|(?:pour )?en savoir plus|pour aller plus loin|voir"
    r"|mais|puis|ensuite|aujourd'hui|au total|l'objectif|le projet|la demarche|resultats?|grace a)\b"
)
# What closes a page below its last example and is no part of it.
_CLOSING = re.compile(r"(?:vos\s+)?contacts?\s*:|cr[ée]dits?(?:\s+photos?)?\s*:", re.IGNORECASE)
_LOCAL = frozenset({"commune", "epci", "quartier"})
_TOLD = frozenset({BlockKind.PARAGRAPH, BlockKind.LIST_ITEM})


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What a heading announces: `several` examples, or one, called `title` where the heading says it."""

    several: bool
    title: str | None = None


def examples_opening(heading: str) -> Opening | None:
    """What the heading announces; None when it announces no example. "Zoom sur la régie" is one, called "la régie"."""
    text = " ".join(heading.split())
    folded = fold(text.replace("’", "'"))
    if _SEVERAL.match(folded):
        return Opening(several=True)
    found = _ONE.match(folded)
    if not found:
        return None
    return Opening(several=False, title=_unfolded_end(text, found["rest"]).strip(" :.…–—-") or None)


def _unfolded_end(text: str, end: str) -> str:
    """The end of `text` that is `end` when folded; folding may change the length ("œ" is "oe")."""
    starts = range(max(len(text) - len(end), 0), len(text))
    tails = (text[start:] for start in (*starts, *reversed(range(len(text) - len(end)))))
    return next((tail for tail in tails if fold(tail.replace("’", "'")) == end), "")


def mark_examples(text: str, blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks, those that stand under a heading that announces examples made examples, with their titles."""
    marked = list(blocks)
    for index, block in enumerate(blocks):
        if block.kind is not BlockKind.HEADING:
            continue
        opening = examples_opening(text[block.start : block.end])
        if opening is None:
            continue
        members = _members(blocks, index)
        if opening.several:
            titles = _titles_of_several(text, blocks, members)
        else:
            title = opening.title or _title_of_one(text, blocks, members)
            titles = dict.fromkeys(_within(blocks, members), title)
        for member, called in titles.items():
            if blocks[member].kind in _TOLD and not _CLOSING.match(text, blocks[member].start):
                marked[member] = replace(blocks[member], kind=BlockKind.EXAMPLE, title=called)
    return tuple(marked)


def as_sheet(document: Document, gazetteer: Gazetteer) -> Document:
    """The document with all its text one example, if it is a sheet that tells one; else as it is.

    A sheet is of a series of sheets, or is called like one, or is short and names one town or quarter in its title.
    """
    title = _sheet_title(document, gazetteer)
    if title is None or any(block.kind is BlockKind.EXAMPLE for block in document.blocks):
        return document
    blocks = (
        replace(block, kind=BlockKind.EXAMPLE, title=title) if block.kind in _TOLD else block
        for block in document.blocks
    )
    return replace(document, blocks=tuple(blocks))


def _sheet_title(document: Document, gazetteer: Gazetteer) -> str | None:
    publication = document.publication
    opening = examples_opening(publication.title)
    called = (opening.title if opening and not opening.several else None) or publication.title
    if _is_called_sheet(publication):
        return called
    if len(document.text.split()) > _SHEET_WORDS:
        return None
    named = [name for name in gazetteer.find(publication.title) if gazetteer.kind_of(name) in _LOCAL]
    return called if len(named) == 1 else None


def _is_called_sheet(publication: Publication) -> bool:
    names = filter(None, (publication.series, publication.title))
    return any(_SHEET.match(fold(name.replace("’", "'"))) for name in names)


def _members(blocks: Sequence[Block], heading: int) -> range:
    """The blocks under a heading: those whose path goes through it."""
    depth = len(blocks[heading].headings)
    after = heading + 1
    while after < len(blocks) and len(blocks[after].headings) > depth:
        after += 1
    return range(heading + 1, after)


def _within(blocks: Sequence[Block], members: range) -> Iterator[int]:
    """The members, as long as one example goes on without a heading that was seen."""
    length = 0
    for index in members:
        length += blocks[index].end - blocks[index].start
        if length > _ONE_WORDS * 6 and blocks[index].kind is not BlockKind.HEADING:
            return
        yield index


def _title_of_one(text: str, blocks: Sequence[Block], members: range) -> str:
    """Its first sub-heading where that stands first, else what its first words name; empty without members."""
    first = next(iter(members), None)
    if first is None:
        return ""
    opening = " ".join(text[blocks[first].start : blocks[first].end].split())
    return opening if blocks[first].kind is BlockKind.HEADING else example_title(opening)


def _titles_of_several(text: str, blocks: Sequence[Block], members: range) -> dict[int, str]:
    """The titles of the members: a sub-heading calls what follows it, a paragraph that opens with a name begins anew.

    So does an item of a list, unless the list is part of what a paragraph tells.
    """
    titles: dict[int, str] = {}
    title: str | None = None
    headed = False
    listed = True
    for index in members:
        content = " ".join(text[blocks[index].start : blocks[index].end].split())
        if blocks[index].kind is BlockKind.HEADING:
            title, headed = content, True
            continue
        if blocks[index].kind is BlockKind.PARAGRAPH:
            goes_on = _goes_on(content)
            listed = (listed and goes_on) or (content.endswith(":") and example_name(content) is None)
        else:
            goes_on = not (listed and blocks[index].kind is BlockKind.LIST_ITEM and example_name(content))
        title = title if title and (headed or goes_on) else example_title(content)
        titles[index] = title
    return titles


def _goes_on(paragraph: str) -> bool:
    return example_name(paragraph) is None and _GOES_ON.match(fold(paragraph.replace("’", "'"))) is not None
