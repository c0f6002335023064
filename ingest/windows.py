"""Passage -> its windows, and what is embedded of both. Pure; refuses nothing.

A passage is found through its sentences: each window is a sentence, or several while they are short. Every passage has at
least one window; a passage without a quotable sentence (headings alone) is its own window.
"""

from __future__ import annotations

from ingest.document import Passage, Span

# Shorter sentences ("Il est complété par...") say too little on their own; they go with the one before.
_MIN_WORDS = 8


def cut_windows(passage: Passage) -> tuple[Span, ...]:
    """Spans into the document's text, sorted, disjoint, never empty."""
    windows: list[Span] = []
    for sentence in passage.sentences:
        short = len(passage.text[sentence.start - passage.start : sentence.end - passage.start].split()) < _MIN_WORDS
        if windows and short:
            windows[-1] = Span(windows[-1].start, sentence.end)
        else:
            windows.append(sentence)
    return tuple(windows) or (Span(passage.start, passage.end),)


def embedded_text(title: str, passage: Passage, span: Span | None = None) -> str:
    """What stands for a window (or for the whole passage) in vector space: title, heading path, context, text."""
    body = passage.text if span is None else passage.text[span.start - passage.start : span.end - passage.start]
    above = " - ".join([title, *passage.headings])
    return "\n".join(filter(None, (above, passage.context, body)))


def indexed_text(title: str, passage: Passage) -> str:
    """What the lexical leg indexes of a passage: the same fields."""
    return "\n".join(filter(None, (title, *passage.headings, passage.context, passage.text)))
