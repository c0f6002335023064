"""Passage -> its windows, and what is embedded of them and of its title. Pure; refuses nothing.

A passage is found through its sentences: each window is a sentence, or several while they are short. Every passage has at
least one window; a passage without a quotable sentence (headings alone) is its own window. An index that is to be built in
half the time has one window a passage, the whole of it: what is embedded for the one stands for the other. Title and headings
are a field of their own, embedded once however many passages stand under them.
"""

from __future__ import annotations

from enum import StrEnum

from ingest.document import Passage, Span

# Shorter sentences ("Il en reste deux.") say too little on their own; within a block they go with the one before.
_MIN_WORDS = 5


class WindowKind(StrEnum):
    """By what a passage is found."""

    SENTENCE = "sentence"
    PASSAGE = "passage"


def cut_windows(passage: Passage, kind: WindowKind = WindowKind.SENTENCE) -> tuple[Span, ...]:
    """Spans into the document's text, sorted, disjoint, never empty; those of sentences never reach over a line break."""
    whole = Span(passage.start, passage.end)
    return (whole,) if kind is WindowKind.PASSAGE else _sentence_windows(passage) or (whole,)


def _sentence_windows(passage: Passage) -> tuple[Span, ...]:
    windows: list[Span] = []
    for sentence in passage.sentences:
        text = passage.text[sentence.start - passage.start : sentence.end - passage.start]
        if windows and len(text.split()) < _MIN_WORDS and not _parted(passage, windows[-1], sentence):
            windows[-1] = Span(windows[-1].start, sentence.end)
        else:
            windows.append(sentence)
    return tuple(windows)


def _parted(passage: Passage, before: Span, after: Span) -> bool:
    return "\n" in passage.text[before.end - passage.start : after.start - passage.start]


def embedded_text(title: str, passage: Passage, span: Span | None = None) -> str:
    """What stands for a passage in vector space: title, heading path, context, text; for a window its context and text.

    Title and headings in every window make windows alike: they rank worse on the brochure's dev questions, and on the FAQ of
    `python -m evals benchmark faq` (MRR@10 of the dev half 0.37 against 0.41). Whole passages carry them.
    For a window that is the whole passage (`WindowKind.PASSAGE`) no span is given: the two texts are one, and embedded once.
    """
    if span is not None:
        body = passage.text[span.start - passage.start : span.end - passage.start]
        return "\n".join(filter(None, (passage.context, body)))
    return "\n".join(filter(None, (title_text(title, passage), passage.context, passage.text)))


def title_text(title: str, passage: Passage) -> str:
    """The title field of a passage: its publication's title, then the headings above it."""
    return " - ".join([title, *passage.headings])


def indexed_text(title: str, passage: Passage) -> str:
    """What the lexical leg indexes of a passage: the same fields."""
    return "\n".join(filter(None, (title, *passage.headings, passage.context, passage.text)))
