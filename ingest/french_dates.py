"""Dates as French pages and documents write them -> YYYY-MM-DD or YYYY-MM. Pure; refuses nothing.

"18 octobre 2018", "1er mars 2023", "lundi 3 févr. 2020", "18/10/2018", "mai 2022", "2018-10-18".
"""

from __future__ import annotations

import re

_MONTHS = ("jan", "fev", "mar", "avr", "mai", "juin", "juil", "aou", "sep", "oct", "nov", "dec")
_MONTH = (
    r"janv?(?:ier|\.)?|f[ée]vr?(?:ier|\.)?|mars?\.?|avr(?:il|\.)?|mai|juin|juil(?:let|\.)?|ao[ûu]t"
    r"|sept?(?:embre|\.)?|oct(?:obre|\.)?|nov(?:embre|\.)?|d[ée]c(?:embre|\.)?"
)
_DATE = re.compile(
    rf"(?:(?:(?:lun|mar|mercre|jeu|vendre|same)di|dimanche)\s+)?"
    rf"(?:(?:(?P<day>\d{{1,2}})(?:er)?\s+)?(?P<month>{_MONTH})\s+(?P<year>(?:19|20)\d\d)"
    r"|(?P<day_n>\d{1,2})[/.](?P<month_n>\d{1,2})[/.](?P<year_n>(?:19|20)\d\d)"
    r"|(?P<iso>(?:19|20)\d\d-\d\d-\d\d))",
    re.IGNORECASE,
)
# The same without names, to stand in other patterns, which match whatever the case of letters.
DATE = re.sub(r"\?P<\w+>", "?:", _DATE.pattern)


def french_date(text: str) -> str | None:
    """The first date in a text; None without one, or with one that no calendar has."""
    found = _DATE.search(text)
    if found is None or found["iso"]:
        return found["iso"] if found else None
    if found["month_n"]:
        year, month, day = found["year_n"], int(found["month_n"]), int(found["day_n"])
    else:
        name = found["month"].lower().replace("é", "e").replace("û", "u")
        month = next(number for number, start in enumerate(_MONTHS, start=1) if name.startswith(start))
        year, day = found["year"], int(found["day"] or 0)
    if not 1 <= month <= 12 or day > 31:
        return None
    return f"{year}-{month:02}-{day:02}" if day else f"{year}-{month:02}"
