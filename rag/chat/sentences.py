"""A stream of text pieces -> whole sentences, each with the marks that cite its passages.

In: pieces, cut anywhere. Out: sentences, each given once nothing that follows can change it: its end is certain and its marks
are complete, those after the full stop or on the next line included. Marks are written `[1][2]` whatever they were (`[1, 2]`,
`[1-2]`). Marks of lists and headings, stars and backticks are dropped, and so is a line without letter or digit; nothing else
is. Refuses nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from ingest.document import Span
from ingest.sentences import split_sentences

_MARK = re.compile(r"\[\s*\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*\s*\]")
_WRITTEN_MARKS = re.compile(r"\s*((?:\[\d{1,4}\])+)")
_UNFINISHED_MARK = re.compile(r"\[[\d\s,;–-]*\Z")
_RANGE = re.compile(r"(\d+)\s*[–-]\s*(\d+)|(\d+)")
_WIDEST = 20  # passages that a range may stand for: no question gets as many
# Two digits at most, and never in the middle of a line: "2023. Une année" is text.
_BULLET = r"(?:#{1,6}|[-*•–—‣▪]|\d{1,2}[.)])"
_LINE_START = re.compile(rf"(?<=\n)(?:[^\S\n]*{_BULLET}(?=[^\S\n]))+")
_UNFINISHED_START = re.compile(rf"(?<=\n)(?:[^\S\n]*{_BULLET}(?=[^\S\n]))*[^\S\n]*(?:{_BULLET}|\d{{1,2}})?\Z")
_STARS = re.compile(r"[*`]+")
# White space to `split_sentences`, and kept out of what comes in: what is dropped, and where a mark stands.
_DROPPED, _MARKED = "\x1f", "\x1e"
# What may still go with the sentence before it, whatever comes next.
_UNDECIDED = frozenset(".!?…»”\"’')]")


class SentenceCutter:
    """Of one stream. What comes out does not depend on where the pieces were cut."""

    def __init__(self) -> None:
        # What is not given out yet; a line begins after a line end only, so that the first gets one.
        self._text = "\n"

    def feed(self, piece: str) -> list[str]:
        """The sentences that have become certain, in order."""
        self._text += "".join(map(_clean, piece))
        plain = _blanked(self._text)
        undecided = min(_tail(_UNFINISHED_MARK, plain), _tail(_UNFINISHED_START, plain))
        spans = split_sentences(plain)
        certain = sum(any(map(_decides, plain[span.end : undecided])) for span in spans)
        sentences = list(self._written(plain, spans[: certain + 1]))[:certain]
        if certain:
            self._text = self._text[spans[certain].start :]
        return list(filter(None, sentences))

    def end(self) -> list[str]:
        """The rest, when no more comes; a mark that was begun is dropped."""
        self._text = _UNFINISHED_MARK.sub("", self._text)
        plain = _blanked(self._text)
        sentences = list(self._written(plain, split_sentences(plain)))
        self._text = "\n"
        return list(filter(None, sentences))

    def _written(self, plain: str, spans: tuple[Span, ...]) -> Iterator[str]:
        """Each span as a sentence, empty where it has no letter and no digit; what lies after a span goes with it."""
        start = 0
        for number, span in enumerate(spans):
            stop = spans[number + 1].start if number + 1 < len(spans) else len(plain)
            yield _sentence(self._text, plain, Span(start, stop), span)
            start = stop


def part(sentence: str) -> tuple[str, tuple[int, ...]]:
    """A sentence as the cutter gives it -> its text without marks, and the numbers that it cites, each once, in order."""
    numbers = dict.fromkeys(int(n) for marks in _WRITTEN_MARKS.findall(sentence) for n in re.findall(r"\d+", marks))
    return _WRITTEN_MARKS.sub("", sentence).strip(), tuple(numbers)


def _sentence(text: str, plain: str, whole: Span, span: Span) -> str:
    """`span` of the text, its marks in their places, and the marks of `whole` around it at its end."""
    written, outside, start = [], [], span.start
    for mark in _MARK.finditer(text, whole.start, whole.end):
        if span.start <= mark.start() < span.end:
            written += [plain[start : mark.start()], _numbers(mark[0])]
            start = mark.end()
        else:
            outside.append(_numbers(mark[0]))
    body = "".join([*written, plain[start : span.end]]).replace(_DROPPED, "")
    if not any(map(str.isalnum, _WRITTEN_MARKS.sub("", body))):
        return ""
    folded = " ".join(f"{body} {''.join(outside)}".split())
    return re.sub(r"\](?: \[(?=\d+\]))", "][", folded)


def _numbers(mark: str) -> str:
    """`[1-3, 5]` -> `[1][2][3][5]`; of a range that is turned round or too wide its ends alone."""
    numbers: list[int] = []
    for first, last, single in _RANGE.findall(mark):
        wide = range(int(first or single), int(last or single) + 1)
        numbers += wide if 0 < len(wide) <= _WIDEST else (int(first), int(last))
    return "".join(f"[{number}]" for number in dict.fromkeys(numbers))


def _blanked(text: str) -> str:
    """The text with everything that is no part of a sentence's words blanked, every character in its place."""
    text = _MARK.sub(lambda mark: _MARKED * len(mark[0]), text)
    for dropped in (_LINE_START, _STARS):
        text = dropped.sub(lambda found: _DROPPED * len(found[0]), text)
    return text


def _tail(pattern: re.Pattern[str], text: str) -> int:
    """Where the end of the text begins that the next piece may change; the very end when none of it may be."""
    found = pattern.search(text)
    return found.start() if found else len(text)


def _decides(character: str) -> bool:
    return not character.isspace() and character not in _UNDECIDED


def _clean(character: str) -> str:
    """Line ends as line feeds; no control character, since `split_sentences` takes some for white space."""
    if character in "\r\v\f\x85\u2028\u2029":
        return "\n"
    return "" if unicodedata.category(character) == "Cc" and character not in "\n\t" else character
