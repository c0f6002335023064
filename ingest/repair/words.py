"""Steps on single words: odd signs inside them, words that are none, the networks' expressions, bullets, headings.

Pure. For noisy texts only.
"""

from __future__ import annotations

import re

from ingest.repair.edits import Edit
from ingest.repair.lexicon import Lexicon, fold
from ingest.repair.lines import is_capitals, lines_of, practice_word
from ingest.repair.reading import WORD, Reading
from ingest.repair.spelling import mend

_ODD = re.compile(
    r"""(?<![\w.@])[€@][^\W\d_]{4,}                    # €conomique, @conomiques
      | (?<!\w)[^\W\d_]{2,}\([^\W\d_]+(?!\w*\))        # co(ts, but not mot(s)
      | (?<!\w)[^\W\d_]{3,}§ | (?<!\w)[^\W\d_]+[|01€][^\W\d_]+ """,
    re.VERBOSE,
)
_BAR = re.compile(r"(?<!\S)\|(?=[^\W\d_]{2,})")
_SQUARE = re.compile(r"(?<=\d\s)([ck]?m)\?(?=\s+[a-zà-ÿ(]|\s*[,;)])")
_BULLET = re.compile(r"[eo¢](?=\s+[A-ZÀÂÇÉÈÊÎÔÛ][^\W\d_])")
_TITLED = re.compile(r"\b(?:M|MM|Mme|Mmes|Mlle|Dr|Me|Pr)\.?\s+(?:[A-ZÀÂÇÉÈÊÎÔÛ][\w\-]*\.?\s+)?$")
_COMPOUND = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)+")


def odd_signs(reading: Reading, lexicon: Lexicon) -> list[Edit]:
    """`€conomique`, `co(ts`, `MODALITE§`, `|la`, `m?` for m²."""
    found = []
    for match in _ODD.finditer(reading.text):
        mended = mend(match.group(), lexicon)
        if mended:
            found.append(Edit(start=match.start(), end=match.end(), replacement=mended, step="letters"))
    for match in _BAR.finditer(reading.text):
        after = WORD.match(reading.text, match.end())
        if after and lexicon.known(after.group()):
            found.append(Edit(start=match.start(), end=match.end(), replacement="", step="letters"))
    found += [
        Edit(start=match.start(), end=match.end(), replacement=f"{match[1]}²", step="letters")
        for match in _SQUARE.finditer(reading.text)
    ]
    return found


def mended_words(reading: Reading, lexicon: Lexicon) -> list[Edit]:
    """Words that are none, each made the one word that it can have been (`spelling.mend`)."""
    whole = [m.span() for m in _COMPOUND.finditer(reading.text) if lexicon.known(m.group())]
    found = []
    for word in reading.french:
        mended = mend(word.group(), lexicon)
        if not mended or any(start <= word.start() < end for start, end in whole) or _may_be_name(reading, word):
            continue
        step = _step(word.group(), mended)
        found.append(Edit(start=word.start(), end=word.end(), replacement=mended, step=step))
    return found


def _may_be_name(reading: Reading, word: re.Match[str]) -> bool:
    """Whether the word is a sigle among small letters (`ADEME`), or follows a person's title (`Mme Leger`)."""
    if word.group().isupper():
        line_start = reading.text.rfind("\n", 0, word.start()) + 1
        return not is_capitals(reading.text[line_start:].split("\n", 1)[0])
    return (
        word.group()[0].isupper() and _TITLED.search(reading.text[max(word.start() - 40, 0) : word.start()]) is not None
    )


def _step(before: str, after: str) -> str:
    if "'" in after and "'" not in before:
        return "elision"
    return "accent" if fold(before) == fold(after) else "letters"


def terms(reading: Reading, lexicon: Lexicon) -> list[Edit]:
    """The networks' expressions with their accents: `Cite de l'emploi`, `appel a projets`."""
    if not lexicon.terms:
        return []
    found = []
    folded = {fold(term): term for term in lexicon.terms}
    text = reading.text.lower()
    plain = "".join(_plain(character) for character in text)
    union = "|".join(re.escape(each) for each in sorted(folded, key=len, reverse=True))
    for match in re.finditer(rf"(?<!\w)(?:{union})(?!\w)", plain):
        before = reading.text[match.start() : match.end()]
        after = "".join(_like(new, old) for new, old in zip(folded[match.group()], before, strict=True))
        if after != before:
            found.append(Edit(start=match.start(), end=match.end(), replacement=after, step="term"))
    return found


def _plain(character: str) -> str:
    plain = fold(character)
    return plain if len(plain) == 1 else character


def _like(new: str, old: str) -> str:
    if new in "'’":
        return old
    return new.upper() if old.isupper() else new.lower()


def headings(reading: Reading, lexicon: Lexicon) -> list[Edit]:
    """`En /amﬁque :`, `En /9mhque ;` -> En pratique :"""
    found = []
    for line in lines_of(reading):
        span = practice_word(line.text, lexicon)
        if span is None or fold(line.text[span.start : span.end]) == "pratique":
            continue
        start, end = line.span.start + span.start, line.span.end
        found.append(Edit(start=start, end=end, replacement="pratique :", step="heading"))
    return found


def bullets(reading: Reading, _lexicon: Lexicon) -> list[Edit]:
    """`e Promouvoir`, `o Valoriser`: two lines or more that open with a lone e or o are a list."""
    lines = [line for line in lines_of(reading) if _BULLET.match(line.text)]
    if len(lines) < 2:
        return []
    return [Edit(start=line.span.start, end=line.span.start + 1, replacement="•", step="bullet") for line in lines]
