"""Links given to the blocks that they belong to. Pure; refuses nothing.

What a reader attached to a block, and an address inside it, are that block's. An address that stands alone belongs to a block
of its part (since the last heading of the part, or of the page): the one that says "en cliquant ici", or else the one that
shares a rare word with the address, or else the one before it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from ingest.document import Block, BlockKind
from ingest.repair.lexicon import fold

_URL = re.compile(r"(?:https?://|www\.)[^\s<>«»“”\"]+")
_GENERIC = frozenset("https www http publication publications index article articles content files".split())


def attach_links(text: str, blocks: Sequence[Block], pointer: re.Pattern[str]) -> tuple[Block, ...]:
    """The blocks with their links; `pointer` is what a block says that has its link elsewhere."""
    found: list[list[str]] = [[*block.links, *_addresses(text[block.start : block.end])] for block in blocks]
    pointed: set[int] = set()
    for index, block in enumerate(blocks):
        if block.kind is not BlockKind.CAPTION or not found[index]:
            continue
        part = _part(blocks, index)
        for url in list(found[index]):
            candidates = _candidates(text, blocks, part)
            waiting = [i for i in candidates if i not in pointed and pointer.search(candidates[i])]
            target = waiting[0] if waiting else _sharing_words(candidates, url)
            pointed |= set(waiting[:1])
            while target is not None:
                found[target].append(url)
                # "Plus d'informations en cliquant ici" on a line of its own speaks of the block above it.
                is_caption = blocks[target].kind is BlockKind.CAPTION
                target = target - 1 if is_caption and target - 1 in part else None
    return tuple(
        replace(block, links=tuple(dict.fromkeys(links))) if links else block
        for block, links in zip(blocks, found, strict=True)
    )


def _addresses(text: str) -> list[str]:
    return [match.group().rstrip(".,;:!?)’'") for match in _URL.finditer(text)]


def _part(blocks: Sequence[Block], index: int) -> range:
    """The blocks before `index` under the same outermost heading, or up to it."""
    top = blocks[index].headings[:1]
    first = index
    while first > 0 and blocks[first - 1].headings[:1] == top:
        first -= 1
    return range(first, index)


def _candidates(text: str, blocks: Sequence[Block], part: range) -> dict[int, str]:
    """The blocks of a part that a link may belong to, with their texts: no headings, no bare addresses."""
    texts = {i: text[blocks[i].start : blocks[i].end] for i in part if blocks[i].kind is not BlockKind.HEADING}
    return {i: each for i, each in texts.items() if not _URL.fullmatch(each)}


def _sharing_words(candidates: dict[int, str], url: str) -> int | None:
    """The block that shares most words with the address that no other block shares; else the last."""
    words = {word for word in re.findall(r"[a-z]{5,}", fold(url)) if word not in _GENERIC}
    shared = {i: words & set(re.findall(r"[a-z]{5,}", fold(text))) for i, text in candidates.items()}
    rare = {word for word, count in Counter(w for each in shared.values() for w in each).items() if count == 1}
    return max(candidates, key=lambda i: (len(shared[i] & rare), i), default=None)
