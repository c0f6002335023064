"""Where a page shows what its text no longer holds: e-mail addresses and telephone numbers. Pure; refuses nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from ingest.contact_forms import find_contacts
from ingest.document import Box
from ingest.pdf.quoted import PlacedWord


def contact_boxes(words: Sequence[PlacedWord]) -> Iterator[Box]:
    """The places of e-mail addresses and telephone numbers among words that stand line by line."""
    for _line, group in groupby(words, key=lambda word: word.line):
        line = list(group)
        ends, text = [], ""
        for word in line:
            text += (" " if text else "") + word.text
            ends.append(len(text))
        for start, end in find_contacts(text):
            for word, word_end in zip(line, ends, strict=True):
                if word_end > start and word_end - len(word.text) < end:
                    yield word.box
