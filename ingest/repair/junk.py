"""What OCR read that is no text: rules of l's, stray symbols, stamps; and where columns were read across each other.

Pure. For noisy texts only: in a clean one a line of stars is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.document import Span
from ingest.repair.edits import Edit
from ingest.repair.lexicon import Lexicon
from ingest.repair.lines import URL_LINE, Line, lines_of, runs
from ingest.repair.reading import Reading

_RULE = re.compile(r"([lI|1_=.~*•\-])\1{5,}$")
# Symbols, or single characters that are no French word, before the first word of a line.
_LEADING = re.compile(r"(?:(?:[-=~*|<>_^:;.]+[0Oo]?|[0OoiIlL])\s+)+(?=\S)")
_TRAILING = re.compile(r"\s+[=~_^|*]+$|(?<=[.…])\s+[A-Z|l]$")
# Three lines of a run that carry fragments of something else: seen where two columns were read as one.
_INTERLEAVED = 3


def remove_junk(reading: Reading, lexicon: Lexicon) -> list[Edit]:
    """Lines and ends of lines that are no text, and stamps, taken out."""
    found = [edit for line in lines_of(reading) for edit in _line_junk(line)]
    found += [
        Edit(start=match.start(), end=match.end(), replacement="", step="stamp")
        for stamp in lexicon.stamps
        for match in re.finditer(rf"[ \t]*{re.escape(stamp)}(?!\w)", reading.text)
    ]
    return found


def doubtful_stretches(reading: Reading) -> tuple[Span, ...]:
    """Where columns were read across each other: from the first of several lines with fragments to the end of the run."""
    lines = lines_of(reading)
    found = []
    for first, last in runs(lines, blanks=1):
        marked = [index for index in range(first, last) if any(_line_junk(lines[index]))]
        if len(marked) >= _INTERLEAVED:
            found.append(Span(lines[marked[0]].span.start, lines[last - 1].span.end))
    return tuple(found)


def _line_junk(line: Line) -> Iterator[Edit]:
    start, end = line.span
    if _RULE.match(line.text) or not re.search(r"[^\W\d_]{2}|\d", line.text):
        yield Edit(start=start, end=end, replacement="", step="junk")
        return
    if URL_LINE.match(line.text):
        return
    leading = _LEADING.match(line.text)
    # One symbol alone before a word is a bullet or a dash.
    if leading and len(leading.group().split()) >= 2:
        yield Edit(start=start, end=start + leading.end(), replacement="", step="junk")
    trailing = _TRAILING.search(line.text)
    if trailing:
        yield Edit(start=start + trailing.start(), end=end, replacement="", step="junk")
