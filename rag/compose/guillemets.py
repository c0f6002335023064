"""What of a text stands between guillemets that it does not hold itself. Pure; refuses nothing."""

from __future__ import annotations

import re


def left_open(text: str) -> tuple[int, int]:
    """How many quotations `text` opens and does not close, and how many it closes without having opened them."""
    opened = closed = 0
    for mark in re.findall("[«»]", text):
        if mark == "«":
            opened += 1
        elif opened:
            opened -= 1
        else:
            closed += 1
    return opened, closed
