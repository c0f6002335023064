"""What a user wrote -> the same without e-mail addresses and telephone numbers. Pure; refuses nothing.

A name is not told from other words, and stays: the page asks to give none.
"""

from __future__ import annotations

import re

from ingest.contact_forms import find_contacts

MASK = "[…]"
# Beyond the forms that France writes: any address with a sign, any number with a country's prefix, ten digits in a row.
_FOREIGN = re.compile(
    r"[^\s@<>()\[\]]+@[^\s@<>()\[\]]+"
    r"|(?<![\w.])(?:\+|00)\d(?:[ .\u00a0\u202f()/-]{0,2}\d){7,13}(?!\d)"
    r"|(?<![\w.,])\d{10}(?![\w]|[.,]\d)"
)


def masked(text: str) -> str:
    """`text` with each contact replaced by `MASK`; lines stay lines."""
    return "\n".join(map(_masked_line, text.split("\n")))


def _masked_line(line: str) -> str:
    for contact in reversed(find_contacts(line)):
        line = line[: contact.start] + MASK + line[contact.end :]
    return _FOREIGN.sub(MASK, line)
