"""Lines of a paragraph joined by a space, blocks parted by a blank line. Pure; serves clean and noisy texts.

A blank line is joined across only where OCR or a page break has put it into a sentence. Where a run of lines holds
nothing to be joined (a list, a text of one paragraph a line), its line breaks stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ingest.document import Span
from ingest.repair.edits import Edit
from ingest.repair.lexicon import Lexicon
from ingest.repair.lines import (
    BULLET,
    LEVER,
    MARKDOWN,
    URL_LINE,
    Line,
    is_capitals,
    is_contact,
    lines_of,
    practice_word,
    runs,
)
from ingest.repair.reading import Reading

_LINK_WORDS = frozenset(
    """a à au aux avec ce ces cette chez d dans de des dont du en entre est et la le les leur leurs mais ne notre nos ou où
    par pas pour qu que qui sa sans se ses son sous sur un une vers votre vos l s""".split()
)
_ENDS = (".", "!", "?", "…", ":", ";")
_PREFIXES = frozenset(
    "anti auto co ex extra inter intra mi micro multi non néo post pré quasi re semi sous sur".split()
)
_LONGEST_WRAPPED = 170  # characters: longer lines are paragraphs
_FULL = 0.85  # share of the longest line, in characters; OCR knows no widths
_HALF_FULL = 0.6


def lay_out(reading: Reading, lexicon: Lexicon) -> list[Edit]:
    """White space between lines made what it means; blank lines of a clean text, however many, stay as they are."""
    lines, text = lines_of(reading), reading.text
    noisy = reading.is_noisy(lexicon)
    if not lines or not noisy:
        outer = []
    else:
        outer = _gap(text, Span(0, lines[0].span.start), "") + _gap(text, Span(lines[-1].span.end, len(text)), "")
    edits = []
    for first, last in runs(lines, blanks=0):
        run = lines[first:last]
        glues = _run_glues(run, lexicon, noisy=noisy)
        part = "\n" if not noisy and not any(glue in ("", " ") for glue in glues) else "\n\n"
        for line, following, glue in zip(run, run[1:], glues, strict=False):
            edits += _between(text, line, following, part if glue is None else glue, lexicon)
        if last == len(lines):
            continue
        width = max(len(line.text) for line in run)
        if _runs_on(lines[last - 1], lines[last], width, noisy=noisy, lexicon=lexicon):
            edits += _between(text, lines[last - 1], lines[last], " ", lexicon)
        elif noisy or not re.search(r"\n[ \t]*\n|\f", text[lines[last - 1].span.end : lines[last].span.start]):
            edits += _between(text, lines[last - 1], lines[last], "\n\n", lexicon)
    return outer + edits


def _run_glues(run: Sequence[Line], lexicon: Lexicon, *, noisy: bool) -> list[str | None]:
    """What stands between the lines of a run without blank lines: " ", "\\n" in a contact, None before a new block."""
    width = max(len(line.text) for line in run)
    if any(is_contact(line.text) for line in run) and width <= _LONGEST_WRAPPED / 2:
        return ["\n"] * (len(run) - 1)
    glues: list[str | None] = []
    in_lever = False
    for line, following in pairwise(run):
        in_lever = bool(LEVER.match(line.text)) or (in_lever and glues[-1] is not None)
        parallel = in_lever and LEVER.match(following.text) is not None
        glues.append(" " if not parallel and _continues(line, following, width, lexicon, noisy=noisy) else None)
    return glues


def _continues(line: Line, following: Line, width: int, lexicon: Lexicon, *, noisy: bool) -> bool:
    """Whether the next line goes on with the paragraph of this one."""
    if _stands_alone(line.text, lexicon) or _stands_alone(following.text, lexicon) or BULLET.match(following.text):
        return False
    if is_capitals(line.text) or is_capitals(following.text):
        return is_capitals(line.text) and is_capitals(following.text)
    if width > _LONGEST_WRAPPED and not noisy:
        return False
    reach = (len(line.text) + 1 + len(following.text.split()[0])) / width
    if _ends_open(line.text):
        return True
    if _starts_small(following.text) and not line.text.endswith(_ENDS):
        return noisy or reach > _HALF_FULL
    return reach > _FULL


def _runs_on(line: Line, following: Line, width: int, *, noisy: bool, lexicon: Lexicon) -> bool:
    """Whether a sentence or a heading goes on across the blank line or page break before `following`."""
    if _stands_alone(line.text, lexicon) or _stands_alone(following.text, lexicon) or BULLET.match(following.text):
        return False
    if following.blanks > 1 and not following.opens_page:
        return False
    if is_capitals(line.text) and is_capitals(following.text):
        return not following.opens_page and (_ends_open(line.text) or _first_word(following.text) in _LINK_WORDS)
    if is_capitals(line.text) or not (noisy or following.opens_page) or len(line.text) < _HALF_FULL * width:
        return False
    if _ends_open(line.text):
        return True
    # A colon may introduce what follows, on a page of its own or not; a full stop never leads on.
    return _starts_small(following.text) and not line.text.endswith((".", "!", "?", "…", ";"))


def _stands_alone(text: str, lexicon: Lexicon) -> bool:
    return bool(URL_LINE.match(text) or MARKDOWN.match(text) or practice_word(text, lexicon))


def _ends_open(text: str) -> bool:
    last = re.search(r"([^\W\d_]+)['’]?$", text)
    return text.endswith((",", "-", "(")) or bool(last and last.group(1).lower() in _LINK_WORDS)


def _first_word(text: str) -> str:
    match = re.match(r"[^\W\d_]+", text)
    return match.group().lower() if match else ""


def _starts_small(text: str) -> bool:
    return bool(re.match(r"[(«“\"'‘’\[|]*\s?[^\W\d_A-ZÀÂÇÉÈÊËÎÏÔÙÛÜŒ]", text)) or bool(re.match(r"['’\[]", text))


def _between(text: str, line: Line, following: Line, glue: str, lexicon: Lexicon) -> list[Edit]:
    gap = Span(line.span.end, following.span.start)
    if glue == " " and re.search(r"[^\W\d_]-$", line.text) and _starts_small(following.text):
        head, tail = re.search(r"[^\W\d_]+(?=-$)", line.text), re.match(r"[^\W\d_]+", following.text)
        # A hyphen at a line's end is the word's own unless the word is known without it only.
        if head and tail and is_cut(head.group(), tail.group(), lexicon):
            return [Edit(start=gap.start - 1, end=gap.end, replacement="", step="join")]
        return _gap(text, gap, "", "join")
    if glue == "\n" and "\n" in text[gap.start : gap.end]:
        return []
    return _gap(text, gap, glue, "join" if glue == " " else "layout")


def is_cut(head: str, tail: str, lexicon: Lexicon) -> bool:
    """Whether a hyphen at a line's end between `head` and `tail` parts a word, and is not the word's own."""
    if head.lower() in _PREFIXES:
        return False
    return lexicon.known(head + tail) and not lexicon.known(f"{head}-{tail}")


def _gap(text: str, gap: Span, target: str, step: str = "layout") -> list[Edit]:
    if text[gap.start : gap.end] == target:
        return []
    return [Edit(start=gap.start, end=gap.end, replacement=target, step=step)]
