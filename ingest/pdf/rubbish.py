"""Whether the text of a page is rubbish: signs that a font without Unicode map gave, which no reader could read. Pure.

Such a page is given to OCR: a false alarm costs seconds and some accuracy, a page missed is lost. Told by signs that stand
in no text (private use, control characters, U+FFFD), by names of glyphs ("/g12", "(cid:34)"), by more ASCII signs than words,
and by the words: where hardly any is in the dictionary and the commonest letters of European languages are rare, the
alphabet has been shifted. Figures, tables, addresses, names, English and languages in other letters pass.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from ingest.repair.lexicon import default_lexicon, fold

# Bullets of symbol fonts are private-use characters: a page of lists has some, never a tenth of all that stands there.
_STRANGE_SHARE = 0.1
# pdfium writes U+FFFE, other readers U+0002, for the hyphen at a line's end.
_HYPHENS = frozenset("\u00ad\ufffe\u0002")
_GLYPH = re.compile(r"\(cid:\d+\)|/?\b(?:uni[0-9A-F]{4,6}|glyph\d+|[GC]id\d+)\b|/[gGcC]\d{1,5}\b")
_GLYPH_SHARE = 0.3
# Not among them: signs of leaders, lists, figures and prices, of which tables may be full.
_ASCII_SIGN = re.compile(r"[!\"#$&'*+:;<=>?@\[\\\]^`{|}~]")
_SIGN_SHARE = 0.35
_WORD = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿŒœ]{3,}")
_WINDOW, _FEW = 40, 8
_WINDOW_SHARE = 1 / 3
# Of PIAF's 761 paragraphs none has less than 0.49 words known and 0.62 letters of these ten; French shifted by 1 to 25
# letters has at most 0.08 and 0.51, an English sentence 0.12 and 0.71.
_COMMON = frozenset("eaisnrtolu")
_KNOWN_SHARE, _COMMON_SHARE = 0.15, 0.55


def is_rubbish(text: str) -> bool:
    """Whether `text`, a page's, is no text in any language. A blank one is not: there is nothing to distrust."""
    signs = "".join(text.split())
    if not signs:
        return False
    strange = sum(_is_strange(character) for character in signs)
    glyphs = sum(len(match.group()) for match in _GLYPH.finditer(text))
    if strange > _STRANGE_SHARE * len(signs) or glyphs > _GLYPH_SHARE * len(signs):
        return True
    if len(signs) >= _WINDOW and len(_ASCII_SIGN.findall(signs)) > _SIGN_SHARE * len(signs):
        return True
    # By windows: headings and figures may have fonts that say what they are while the running text has not.
    verdicts = [_is_shifted(window) for window in _windows(_WORD.findall(text))]
    return sum(verdicts) > _WINDOW_SHARE * len(verdicts)


def _is_strange(character: str) -> bool:
    """Whether it stands in no text: private use, unassigned, control, replacement."""
    if character in _HYPHENS:
        return False
    return character == "\ufffd" or unicodedata.category(character) in {"Co", "Cn", "Cc", "Cs"}


def _windows(words: Sequence[str]) -> Iterator[Sequence[str]]:
    """Stretches of `_WINDOW` words, the last one up to twice as long; none where there are too few to judge."""
    last = max(len(words) - _WINDOW, 1)
    for start in range(0, last if len(words) >= _FEW else 0, _WINDOW):
        yield words[start:] if start + 2 * _WINDOW > len(words) else words[start : start + _WINDOW]


def _is_shifted(words: Sequence[str]) -> bool:
    """Whether hardly a word is known and the letters are not those of a language."""
    lexicon = default_lexicon()
    letters = fold("".join(words))
    if sum(letter in _COMMON for letter in letters) >= _COMMON_SHARE * len(letters):
        return False
    known = sum(lexicon.known(word) or lexicon.known(word.lower()) for word in words)
    return known <= _KNOWN_SHARE * len(words)
