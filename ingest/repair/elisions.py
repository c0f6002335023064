"""Steps on apostrophes: doubled ones, and the elisions that OCR misreads (`U'ESS`, `UESS`, `'ESS`, `['Etat` for l'...).

Pure. For noisy texts only: in a clean one `'entre guillemets'` and `L'Équipe` are meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.repair.edits import Edit
from ingest.repair.lexicon import Lexicon
from ingest.repair.reading import Reading
from ingest.repair.spelling import mend

_VOWEL = "aeiouyhàâéèêëîïôûùœAEIOUYHÀÂÉÈÊÎÔÛŒ"
_SMALL_VOWEL = "aeiouyhàâéèêëîïôûùœ"
_DOUBLED = re.compile(r"(?<=[^\W\d_])(?:['’][’'‘´`]+|[‘´`])(?=[^\W\d_])")
_MISREAD = re.compile(rf"(?<!\w)(?:[UIF](?=['’][{_VOWEL}])|LU['’]?(?=[{_SMALL_VOWEL}])|\[['’]?(?=[{_VOWEL}]))")
_CAPITAL = re.compile(rf"(?<=[^\W\d_,)”»] )L(?=['’][{_SMALL_VOWEL}])")
_LOST = re.compile(rf"(?<![^\s“«/\-])(?=['’][{_VOWEL}]\w)")
_SWAPPED = re.compile(rf"(?<!\S)['’]l(?=[{_SMALL_VOWEL}])")
_WORD_START = re.compile(r"[^\W\d_]+")
_CLOSING = re.compile(r"\w['’](?=[\s.,;:!?)]|$)")
_QUOTED_REACH = 80


def single_apostrophes(reading: Reading, _lexicon: Lexicon) -> list[Edit]:
    """`d’'une` -> d’une, `n‘ayant` -> n’ayant."""
    return [
        Edit(start=m.start(), end=m.end(), replacement=m.group()[0] if m.group()[0] in "'’" else "’", step="apostrophe")
        for m in _DOUBLED.finditer(reading.text)
    ]


def misread_elisions(reading: Reading, lexicon: Lexicon) -> list[Edit]:
    """`U'ESS`, `I'ESS`, `LUéconomie`, `['Etat`, `'ESS`, `'laménageur`, `UESS`, `UEtat`; a capital L' in a sentence."""
    text = reading.text
    found = [*_by_shape(text, lexicon), *_by_word(reading, lexicon)]
    found += [Edit(start=m.start(), end=m.end(), replacement="l", step="elision") for m in _CAPITAL.finditer(text)]
    return _disjoint(found)


def _by_shape(text: str, lexicon: Lexicon) -> Iterator[Edit]:
    for match in _MISREAD.finditer(text):
        read = match.group()
        if read.startswith("[") and "]" in text[match.end() : match.end() + _QUOTED_REACH]:
            continue
        apostrophe = "" if read in {"U", "I", "F"} else (read[-1] if read[-1] in "'’" else "'")
        yield _edit(text, match.start(), match.end(), apostrophe)
    for match in _SWAPPED.finditer(text):
        whole = _WORD_START.match(text, match.end() - 1)
        if whole and not lexicon.known(whole.group()) and lexicon.known(whole.group()[1:]):
            yield _edit(text, match.start(), match.end(), "'")
    for match in _LOST.finditer(text):
        # A quotation in single marks is closed further on.
        if not _CLOSING.search(text[match.end() + 1 : match.end() + _QUOTED_REACH].split("\n", maxsplit=1)[0]):
            yield _edit(text, match.start(), match.end(), "")


def _by_word(reading: Reading, lexicon: Lexicon) -> Iterator[Edit]:
    for word in reading.french:
        read, rest = word.group(), word.group()[1:]
        if (
            read[0] not in "ULFTI"
            or len(rest) < 3
            or rest[0] not in _VOWEL
            or not rest[0].isupper()
            or lexicon.known(read)
        ):
            continue
        named = not rest.isupper() and (lexicon.known(rest) or mend(rest, lexicon) is not None)
        if lexicon.is_sigle(rest) or (named and read[0] in "ULI"):
            yield _edit(reading.text, word.start(), word.start() + 1, "'")


def _edit(text: str, start: int, end: int, apostrophe: str) -> Edit:
    opens = re.search(r"(?:^|\n|[.!?…]\s+)[“«\"(\s]*$", text[max(0, start - 8) : start]) if start else True
    return Edit(start=start, end=end, replacement=("L" if opens else "l") + apostrophe, step="elision")


def _disjoint(edits: list[Edit]) -> list[Edit]:
    kept: list[Edit] = []
    for edit in sorted(edits, key=lambda edit: (edit.start, -edit.end)):
        if not kept or edit.start > kept[-1].end or (edit.start == kept[-1].end and edit.start < edit.end):
            kept.append(edit)
    return kept
