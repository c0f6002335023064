"""Text -> the same as HTML, on one line. Everything that a page shows goes through one of these two."""

from __future__ import annotations

import re
from html import escape

from ui.typography import french

_BREAKS = re.compile(r"[^\S \u00a0\u202f]+")


def ours(text: str) -> str:
    """A text of ours, with its French spaces."""
    return escape(french(_BREAKS.sub(" ", text)))


def plain(text: str) -> str:
    """A text of others, as it is but for its line breaks."""
    return escape(" ".join(text.split()))


def unseen(text: str) -> str:
    """Words of ours for screen readers alone."""
    return f'<span class="sr">{ours(text)}</span>'
