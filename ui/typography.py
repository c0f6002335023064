"""French spaces: text written with plain spaces -> the same with those unbreakable that must not begin a line.

Nothing is added or removed: only existing spaces change, so that a text keeps its length and its words. Quotations never
come here: they are shown as their source has them.
"""

from __future__ import annotations

import re

NARROW, WIDE = "\u202f", "\u00a0"  # the Imprimerie nationale's rule: narrow before ; ! ?, full before : and inside « »
_BEFORE_HIGH = re.compile(r" (?=[;!?])")
_AROUND = re.compile(r" (?=[:»])|(?<=«) |(?<=\bp\.) (?=\d)|(?<=\d) (?=\d{3}\b)")


def french(text: str) -> str:
    """`text` with unbreakable spaces where French typography wants them; same length, idempotent."""
    return _AROUND.sub(WIDE, _BEFORE_HIGH.sub(NARROW, text))
