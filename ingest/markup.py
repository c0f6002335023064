"""What readers of marked-up text share: parts of text and of tables, with invisible characters out, and link targets.

Pure; refuses nothing. A part's raw text is what the file says; what is invisible in it, and accents that stand as characters
of their own, are changed by edits on record.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import urljoin, urlsplit, urlunsplit

from ingest.document import BlockKind
from ingest.examples import examples_opening
from ingest.parts import Part
from ingest.repair.edits import Edit
from ingest.sites.address import TRACKING, address

# Ranks below the six of HTML: lines in bold type that stand for headings. "En pratique" stands above the examples' names.
BOLD_LEVEL = 7
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufffc]+")
_SPLIT_ACCENT = re.compile(r"[^\W\d_][\u0300-\u036f]+")
_SPACE = re.compile(r"[ \t\n\r\f\v]+")
_MOST_WORDS = 14  # of a heading in bold type


def text_part(
    kind: BlockKind, raw: str, *, level: int | None = None, links: Iterable[str] = (), removed: str | None = None
) -> Part:
    """A part whose white space is folded already."""
    return Part(
        kind=kind, raw=raw, level=level, links=tuple(dict.fromkeys(links)), edits=tuple(_tidying(raw)), removed=removed
    )


def defined_part(term: str, definition: str, links: Iterable[str] = ()) -> Part:
    """A term and what is said of it, as one item: they stand on two lines, and are read with a colon between them."""
    raw = f"{term}\n{definition}"
    colon = " " if term.rstrip().endswith((":", "?", "!", ".")) else " : "
    between = Edit(start=len(term), end=len(term) + 1, replacement=colon, step="definition")
    edits = sorted([*_tidying(raw), between], key=lambda edit: edit.start)
    return Part(kind=BlockKind.LIST_ITEM, raw=raw, links=tuple(dict.fromkeys(links)), edits=tuple(edits))


def table_part(rows: Sequence[Sequence[str]], links: Iterable[str] = ()) -> Part:
    """A table, its header the first row; cells are folded, rows without text are left out."""
    lines = [" | ".join(folded(cell) for cell in row) for row in rows if any(cell.strip() for cell in row)]
    return text_part(BlockKind.TABLE, "\n".join(lines), links=links)


def folded(text: str) -> str:
    """Text with its white space folded; spaces that do not break stay."""
    return _SPACE.sub(" ", text).strip()


def link_target(href: str | None, base: str | None = None) -> str | None:
    """The address that a link leads to, as it is written, tracking out; None for places on the page itself and for mail."""
    href = (href or "").strip()
    if not href or href.startswith("#") or address(href, base=base) is None:
        return None
    parts = urlsplit(urljoin(base or "", href))
    pairs = [pair for pair in parts.query.split("&") if not TRACKING.fullmatch(pair.partition("=")[0].lower())]
    fragment = "" if parts.fragment.startswith(("xtor", ":~:")) else parts.fragment
    return urlunsplit(parts._replace(query="&".join(pairs), fragment=fragment))


def is_bold_heading(text: str) -> bool:
    """Whether a line in bold type, by itself, can be a heading: short, begun like one, no sentence."""
    opens = text.lstrip('«“"‘( ')[:1]
    letters = sum(character.isalpha() for character in text)
    return (
        len(text.split()) <= _MOST_WORDS
        and letters >= 3
        and (opens.isupper() or opens.isdigit())
        and not text.rstrip(' »”")').endswith((".", ",", ";", "…"))
        and address(text) is None
    )


def bold_level(text: str) -> int:
    """The rank of a heading in bold type."""
    return BOLD_LEVEL if examples_opening(text) else BOLD_LEVEL + 1


def settled_headings(parts: Sequence[Part]) -> list[Part]:
    """The parts, bold lines under which nothing stands made paragraphs: two in succession, or one at the end."""
    settled = list(parts)
    kept = [index for index, part in enumerate(parts) if part.removed is None]
    for place, index in enumerate(kept):
        level, below = parts[index].level, parts[kept[place + 1]].level if place + 1 < len(kept) else 0
        if level is not None and level >= BOLD_LEVEL and below is not None and below <= level:
            settled[index] = text_part(BlockKind.PARAGRAPH, parts[index].raw, links=parts[index].links)
    return settled


def _tidying(raw: str) -> Iterator[Edit]:
    end = 0
    found = [*_INVISIBLE.finditer(raw), *_SPLIT_ACCENT.finditer(raw)]
    for match in sorted(found, key=re.Match.start):
        composed = unicodedata.normalize("NFC", _INVISIBLE.sub("", match.group()))
        if match.start() >= end and composed != match.group():
            step = "unicode" if composed else "invisible"
            yield Edit(start=match.start(), end=match.end(), replacement=composed, step=step)
            end = match.end()
