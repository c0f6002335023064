"""Lines as OCR saw them -> lines of text alone, the surer of two readings, in paragraphs. Pure; refuses nothing.

Photographs, logos and rules give marks that look like words: short, unsure, unknown to the lexicon. A line stays when at
least one word in it is one beyond doubt; in a line that stays, what is unsure stays too unless it is a mere mark, for a
word that is lost is worse than a word that is doubtful.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from ingest.document import Box
from ingest.pdf.lines import Line, Word, around
from ingest.repair.lexicon import Lexicon

_SIGNS = frozenset("! ? : ; % € & + - – — • · ° / « » , . … → > = * ✓ ► ▪".split())
_COMMON_SIGNS = frozenset("! ? : ; % € - – — • « » , …".split())
_SINGLE = frozenset("aàyAÀ")
_SURE, _UNSURE, _NONE = 60.0, 40.0, 25.0
_BULLET = re.compile(r"(?:[•·▪►*–—-]|\d{1,2}[.)])$")
_ENDS = re.compile(r"[.!?:;…][»”\")]*$")
# Heights of letters as shares of the font size, seen on common fonts.
_TALL, _LOW = re.compile(r"[A-ZÀ-Ý0-9bdfhkltàâéèêëîïôùûç%!?/(]"), re.compile(r"[gjpqyç,;(]")
_SHARES = {(True, True): 0.95, (True, False): 0.73, (False, True): 0.74, (False, False): 0.53}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A line of words; lines of one `paragraph` (reading, block, paragraph) were seen as one paragraph."""

    words: tuple[Word, ...]
    paragraph: tuple[int, int, int]

    @property
    def box(self) -> Box:
        """The smallest rectangle around the words."""
        return around(word.box for word in self.words)


def without_marks(lines: Iterable[Seen], lexicon: Lexicon) -> list[Seen]:
    """The lines that hold text, cut where a gap or a change of size parts columns, without the marks in them."""
    parts = [part for line in lines for part in _parted(line)]
    certain = [any(_is_certain(word, lexicon) for word in part.words) for part in parts]
    trusted = {part.paragraph for part, sure in zip(parts, certain, strict=True) if sure}
    kept = []
    for part, sure in zip(parts, certain, strict=True):
        if not sure and not (part.paragraph in trusted and _is_plausible(part)):
            continue
        clean = _mean_confidence(part.words) >= 70
        words = tuple(word for word in part.words if not _is_mark(word, lexicon, clean=clean))
        if words:
            kept.append(replace(part, words=words))
    return kept


def _is_plausible(line: Seen) -> bool:
    """Whether a line without a certain word may be one of its paragraph, which has some: often a name, or a table's figure."""
    sure = _mean_confidence(line.words)
    if all(word.text.strip("%€,.").isdigit() for word in line.words):
        return sure >= 85
    return sure >= 35 and any(re.match(r"[^\W\d_]{4}", word.text) for word in line.words)


def _mean_confidence(words: Iterable[Word]) -> float:
    """By letters."""
    weighted = [(len(word.text), _confidence(word)) for word in words]
    return sum(length * sure for length, sure in weighted) / sum(length for length, _sure in weighted)


def _confidence(word: Word) -> float:
    return word.confidence or 0.0


def _is_known(text: str, lexicon: Lexicon) -> bool:
    """Whether all parts of a word are words, whatever stands around them; of three letters at least in all."""
    parts = re.findall(r"[^\W\d_]+", text)
    long = [part for part in parts if len(part) > 1]
    return sum(map(len, parts)) > 2 and all(lexicon.known(part) or lexicon.known(part.lower()) for part in long)


def _is_certain(word: Word, lexicon: Lexicon) -> bool:
    if re.fullmatch(r"\W*\d[\d\s.,/%€-]*\d\W*|\d+ ?[%€th]", word.text):
        return _confidence(word) >= 75
    letters = sum(character.isalpha() for character in word.text)
    if _is_known(word.text, lexicon):
        return _confidence(word) >= _SURE or (letters >= 9 and _confidence(word) >= _UNSURE)
    return letters >= 4 and letters >= 0.8 * len(word.text) and _confidence(word) >= (70 if letters >= 8 else 80)


def _is_mark(word: Word, lexicon: Lexicon, *, clean: bool) -> bool:
    """Whether a word in a line of text is no part of it."""
    text, confidence = word.text, _confidence(word)
    if not any(character.isalnum() for character in text):
        return not set(text) <= _SIGNS or confidence < (_UNSURE if set(text) <= _COMMON_SIGNS else 85)
    if len(text) == 1:
        return confidence < (_UNSURE if text in _SINGLE or text.isdigit() else 75)
    if _is_known(text, lexicon):
        return confidence < _NONE and len(text) < 6
    # A name among words that are sure is often unsure: "Champigny" came with 38.
    named = text[0].isupper() and sum(map(str.isalpha, text)) >= 5
    return confidence < (_NONE if clean else 35 if named else _SURE)


def choose(one: Sequence[Seen], other: Sequence[Seen]) -> list[Seen]:
    """Two readings of one page as one: where both saw something, what the surer saw; the order of the fuller one."""
    from_one, from_other = list(one), list(other)
    for ours, theirs in _contested(one, other):
        loser, lost = (from_other, theirs) if _weight(ours) >= _weight(theirs) else (from_one, ours)
        loser[:] = [line for line in loser if line not in lost]
    if _weight(from_other) > _weight(from_one):
        return _interleaved(from_other, from_one)
    return _interleaved(from_one, from_other)


def _contested(one: Sequence[Seen], other: Sequence[Seen]) -> Iterator[tuple[list[Seen], list[Seen]]]:
    """Lines of both readings that overlap, directly or through others."""
    left = list(other)
    pairs: list[tuple[list[Seen], list[Seen]]] = []
    for line in one:
        touched = [theirs for theirs in left if _overlap(line.box, theirs.box)]
        group, rival = [line], touched
        left = [theirs for theirs in left if theirs not in touched]
        for pair in [pair for pair in pairs if any(_overlap(line.box, theirs.box) for theirs in pair[1])]:
            pairs.remove(pair)
            group, rival = pair[0] + group, pair[1] + rival
        if rival:
            pairs.append((group, rival))
    yield from pairs


def _overlap(one: Box, other: Box) -> bool:
    """Whether two boxes share a third of the smaller one."""
    width = min(one.right, other.right) - max(one.left, other.left)
    height = min(one.bottom, other.bottom) - max(one.top, other.top)
    return width > 0 and height > 0 and width * height > min(_area(one), _area(other)) / 3


def _area(box: Box) -> float:
    return (box.right - box.left) * (box.bottom - box.top)


def _weight(lines: Iterable[Seen]) -> float:
    """How much was read, and how surely: what is unsure counts against it."""
    return sum(len(word.text) * (_confidence(word) - _UNSURE) for line in lines for word in line.words)


def _interleaved(order: Sequence[Seen], added: Sequence[Seen]) -> list[Seen]:
    """The lines of `added`, each before the first line of `order` that stands under it."""
    lines = list(order)
    for line in sorted(added, key=lambda line: line.box.top):
        below = (index for index, other in enumerate(lines) if other.box.top >= line.box.bottom)
        lines.insert(next(below, len(lines)), line)
    return lines


def grouped(lines: Sequence[Seen], page: int) -> tuple[Line, ...]:
    """The lines with their paragraphs numbered, those of one paragraph one after the other."""
    paragraphs: list[list[Seen]] = []
    for line in sorted(lines, key=lambda line: line.box.bottom):
        home = next((found for found in reversed(paragraphs) if _goes_on(found[-1], line)), None)
        if home is None:
            paragraphs.append([line])
        else:
            home.append(line)
    place = {id(line): index for index, line in enumerate(lines)}
    paragraphs.sort(key=lambda paragraph: min(place[id(line)] for line in paragraph))
    return tuple(
        Line(words=words, page=page, ocr=True, group=number)
        for number, paragraph in enumerate(_left_first(paragraphs))
        for words in _sized(paragraph)
    )


def _left_first(paragraphs: Sequence[list[Seen]]) -> list[list[Seen]]:
    """The paragraphs, those beside each other from left to right: of two panels the right one may begin a line higher."""
    ordered: list[list[Seen]] = []
    boxes: list[Box] = []
    for paragraph in paragraphs:
        box = around(line.box for line in paragraph)
        place = len(ordered)
        while place and _is_left_of(box, boxes[place - 1]):
            place -= 1
        ordered.insert(place, paragraph)
        boxes.insert(place, box)
    return ordered


def _is_left_of(one: Box, other: Box) -> bool:
    """Whether one box stands left of another, over half the height of the smaller one."""
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return one.right <= other.left and shared > 0.5 * min(one.bottom - one.top, other.bottom - other.top)


def _size(words: Iterable[Word]) -> float:
    """The font size that heights of words speak of."""
    return median(word.size / _SHARES[bool(_TALL.search(word.text)), bool(_LOW.search(word.text))] for word in words)


def _sized(paragraph: Sequence[Seen]) -> Iterator[tuple[Word, ...]]:
    """The words of each line in the size of the paragraph: heights of single words are no measure."""
    size = round(_size(word for line in paragraph for word in line.words) * 2) / 2
    for line in paragraph:
        yield tuple(replace(word, size=size) for word in line.words)


def _parted(line: Seen) -> Iterator[Seen]:
    """A line cut where a gap is wider than one letter and a half are high, or a large figure stands beside small text."""
    size = _size(line.words)
    start = 0
    for index in range(1, len(line.words)):
        before, word = line.words[index - 1], line.words[index]
        wide = word.box.left - before.box.right > 1.5 * size
        first = index == start + 1
        if (wide and not (first and _BULLET.match(before.text))) or (first and _is_ornament(before, word)):
            yield replace(line, words=line.words[start:index])
            start = index
    yield replace(line, words=line.words[start:])


def _is_ornament(figure: Word, word: Word) -> bool:
    """Whether a figure is much larger than the word beside it: "75 %" before what it counts."""
    return bool(re.match(r"\d", figure.text) and word.text[0].isalpha()) and _size([figure]) > 1.6 * _size([word])


def _goes_on(above: Seen, line: Seen) -> bool:
    """Whether a line stands right under `above` and continues it."""
    one, other = above.box, line.box
    size = _size(above.words)
    if not -0.5 * size < other.top - one.bottom < size or not 0.7 < _size(line.words) / size < 1.4:
        return False
    shared = min(one.right, other.right) - max(one.left, other.left)
    if shared < 0.5 * min(one.right - one.left, other.right - other.left) or _BULLET.match(line.words[0].text):
        return False
    if above.paragraph == line.paragraph:
        return True
    aligned = min(abs(one.left - other.left), abs(one.right - other.right), abs(_middle(one) - _middle(other))) < size
    return aligned and not _ENDS.search(above.words[-1].text)


def _middle(box: Box) -> float:
    return (box.left + box.right) / 2
