"""Text -> the edits that take e-mail addresses and telephone numbers out of it, with what pointed at them.

Staff come and go, and a quotation must not hand their addresses on: whom to contact is data. Names and functions stay. What
counts as a contact is told in `contact_forms`. A line that holds nothing else goes as a whole, with a line above it that only
led to it ("Contact :"); in a sentence what led to the address goes ("au", "à l'adresse", brackets). Pure; refuses nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.contact_forms import JOINED, POINTER, SPACE, find_contacts, with_lead
from ingest.document import Span
from ingest.repair.edits import Edit

STEP = "contact"

_BEFORE_OR = re.compile(rf"{SPACE}(?:ou|et){SPACE}+$", re.IGNORECASE)
_AFTER_OR = re.compile(rf"{SPACE}*(?:ou|et){SPACE}+(?=(?:sur|au|à|par|via)\b)", re.IGNORECASE)
_BLANKS = " \t\u00a0\u202f"
_SEPARATORS = _BLANKS + "-–—/,;:•·"
_CLOSERS = ".,;:!?)]»"


def contact_removals(text: str) -> list[Edit]:
    """The removals, sorted and disjoint, after which no e-mail address or telephone number is left in `text`."""
    lines = list(_lines(text))
    within = [_line_edits(text, line) for line in lines]
    emptied = [
        bool(edits) and not _says_something(text, line, edits) for line, edits in zip(lines, within, strict=True)
    ]
    _take_pointers(text, lines, emptied)
    found: list[Edit] = []
    index = 0
    while index < len(lines):
        if not emptied[index]:
            found += within[index]
            index += 1
            continue
        last = index
        while (following := _next_emptied(text, lines, emptied, last)) is not None:
            last = following
        found.append(_edit(*_with_gap(text, Span(lines[index].start, lines[last].end))))
        index = last + 1
    return found


def _lines(text: str) -> Iterator[Span]:
    start = 0
    for match in re.finditer(r"[\n\f]|$", text):
        yield Span(start, match.start())
        start = match.end()


def _edit(start: int, end: int, replacement: str = "") -> Edit:
    return Edit(start=start, end=end, replacement=replacement, step=STEP)


def _line_edits(text: str, line: Span) -> list[Edit]:
    """The removals within one line, as if something were left of it."""
    content = text[line.start : line.end]
    contacts = find_contacts(content)
    clusters = _clusters(content, [with_lead(content, span) for span in contacts])
    edits: list[Edit] = []
    for cluster in clusters:
        span, replacement = _tidy(content, _with_brackets(content, cluster))
        start = max(span.start, edits[-1].end - line.start if edits else 0)
        edits.append(_edit(line.start + start, line.start + max(span.end, start), replacement))
    return edits


def _clusters(content: str, spans: Sequence[Span]) -> list[Span]:
    """Contacts with nothing but separators between them are one."""
    merged: list[Span] = []
    for span in spans:
        between = content[merged[-1].end : span.start] if merged else None
        if between is not None and JOINED.fullmatch(between):
            merged[-1] = Span(merged[-1].start, span.end)
        else:
            merged.append(span)
    return merged


def _with_brackets(content: str, span: Span) -> Span:
    """The contact with brackets that hold nothing else."""
    left, right = content[: span.start].rstrip(), content[span.end :]
    if left[-1:] and left[-1] in "([<" and right.lstrip()[:1] == {"(": ")", "[": "]", "<": ">"}[left[-1]]:
        return Span(len(left) - 1, len(content) - len(right.lstrip()) + 1)
    return span


def _tidy(content: str, span: Span) -> tuple[Span, str]:
    """What is to go so that no separator points at nothing, and what to write in its place."""
    left, right = content[: span.start], content[span.end :]
    bracketed = content[span.start] in "([<"
    if not bracketed and (match := _AFTER_OR.match(right)):
        right = right[match.end() :]
    elif not bracketed and (match := _BEFORE_OR.search(left)):
        left = left[: match.start()]
    at_end = not right.strip(_SEPARATORS + ".") or right.lstrip()[:1] in tuple(_CLOSERS)
    if at_end:
        left = left.rstrip(_SEPARATORS)
    kept = left.rstrip(_BLANKS)
    if not kept.strip(_SEPARATORS) or kept[-1] in _SEPARATORS + "([":
        right = right.lstrip(_SEPARATORS)
    if not right.strip(_SEPARATORS):
        right = ""
    rest = right.lstrip(_BLANKS)
    joint = " " if kept.strip() and rest and rest[0] not in ".,)]" and kept[-1] not in "([" else ""
    return Span(len(kept), len(content) - len(rest)), joint


def _says_something(text: str, line: Span, edits: Sequence[Edit]) -> bool:
    """Whether a word is left of the line."""
    position, left = line.start, ""
    for edit in edits:
        left += text[position : edit.start]
        position = edit.end
    left += text[position : line.end]
    return bool(re.search(r"\w", left))


def _take_pointers(text: str, lines: Sequence[Span], emptied: list[bool]) -> None:
    """A line that only points at the contacts below it goes with them: one with a colon, or when nothing follows them."""
    for index in range(len(lines) - 2, -1, -1):
        pointer = POINTER.fullmatch(text, lines[index].start, lines[index].end)
        last = _next_emptied(text, lines, emptied, index) if pointer else None
        if pointer is None or last is None:
            continue
        while (following := _next_emptied(text, lines, emptied, last)) is not None:
            last = following
        if pointer["colon"] or _ends_there(text, lines, last):
            emptied[index] = True


def _ends_there(text: str, lines: Sequence[Span], index: int) -> bool:
    """Whether nothing stands under a line: the text or the page ends, or a blank line follows."""
    if index + 1 == len(lines) or text[lines[index].end] == "\f":
        return True
    return not text[lines[index + 1].start : lines[index + 1].end].strip()


def _next_emptied(text: str, lines: Sequence[Span], emptied: Sequence[bool], index: int) -> int | None:
    """The emptied line that follows, across blank lines but not across pages."""
    for following in range(index + 1, len(lines)):
        if text[lines[following].start - 1] == "\f":
            return None
        if emptied[following]:
            return following
        if text[lines[following].start : lines[following].end].strip():
            return None
    return None


def _with_gap(text: str, span: Span) -> Span:
    """Whole lines with the smaller of the two gaps around them, so that the larger is left."""
    before = re.search(r"\n*\Z", text[: span.start])
    after = re.match(r"\n*", text[span.end :])
    above, below = len(before.group()) if before else 0, len(after.group()) if after else 0
    at_end = text[span.end + below : span.end + below + 1] in {"", "\f"}
    if span.start == above or (above >= below and not at_end):
        return Span(span.start, span.end + below)
    return Span(span.start - above, span.end)
