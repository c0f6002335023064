"""What a paragraph of a PDF is: heading, list item, caption, running text. Pure; refuses nothing.

What a heading is follows from the publication's own habits: its body size, and the sizes and weights above it.
"""

from __future__ import annotations

import re

from ingest.document import BlockKind
from ingest.pdf.paragraphs import BULLET, CONTENTS, LARGER, NUMBERED, Habits, Paragraph, opens_large, plain
from ingest.repair.lines import is_capitals

_CAPTION = re.compile(
    r"©|(?:figures?|tableaux?|sources?|crédits?|photos?|illustrations?|légendes?|graphiques?)\b.{0,12}?[:°\d©]", re.I
)
_MOST_WORDS = 20  # of a heading set large; 16 of one that is only bold or in capitals
_FEW_WORDS = 16
_LARGE = 1.1  # times the body size
_MOSTLY = 0.8  # bold characters of a bold heading: its number may not be


def kind_of(paragraph: Paragraph, habits: Habits) -> BlockKind:
    """What the paragraph is."""
    text = paragraph.text
    if CONTENTS.search(text):
        return BlockKind.LIST_ITEM
    if is_heading(paragraph, habits):
        return BlockKind.HEADING
    if BULLET.match(text) or NUMBERED.match(text):
        return BlockKind.LIST_ITEM
    if _CAPTION.match(text) and len(paragraph.words) <= 40:
        return BlockKind.CAPTION
    return BlockKind.PARAGRAPH


def is_heading(paragraph: Paragraph, habits: Habits) -> bool:
    """Whether it is set as a heading: larger than the text, or bold or in capitals by itself, and short."""
    text, words = paragraph.text, len(paragraph.words)
    letters = sum(character.isalpha() for character in text)
    if letters < 3 or letters < len(text.replace(" ", "")) / 2 or words > _MOST_WORDS or BULLET.match(text):
        return False
    return plain(text) in habits.titles or (_is_worded_so(text, words) and _is_set_so(paragraph, habits, letters))


def _is_worded_so(text: str, words: int) -> bool:
    """Whether a heading may begin and end like that."""
    return opens_large(text) and not text.endswith((",", ";")) and not (text.endswith((".", ":")) and words > 8)


def _is_set_so(paragraph: Paragraph, habits: Habits, letters: int) -> bool:
    """Whether size, weight or capitals set it apart from the text."""
    text, words = paragraph.text, len(paragraph.words)
    ratio = paragraph.size / habits.body
    strong = paragraph.bold_share > _MOSTLY and not habits.bold_body
    if ratio >= _LARGE:
        return ratio >= LARGER or words <= _FEW_WORDS or strong
    if ratio < 0.95 or words > _FEW_WORDS or text.endswith("."):
        return False
    return strong or (is_capitals(text) and letters >= 6)


def is_contents(text: str) -> bool:
    """Whether a line is an entry of a table of contents: leader dots before a page number."""
    return CONTENTS.search(text) is not None


def level_key(paragraph: Paragraph) -> tuple[float, bool, bool]:
    """What ranks headings: size, then weight, then capitals."""
    return paragraph.size, paragraph.bold_share > _MOSTLY, is_capitals(paragraph.text)
