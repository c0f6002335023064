"""What sites write -> what a catalogue line may say: titles without markup or control characters, dates, ids.

In: text of any page, hostile ones included. Out: one line of text of bounded length; a date as far as it is said;
an id that the catalogue takes and that is the same whenever it is made of the same words. Refuses nothing: what is no date
is None.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Container
from datetime import date
from html import unescape

from ingest.french_dates import french_date

LONGEST_TITLE = 300  # characters; the longest title of the catalogue has 104
ID_WORDS, ID_LENGTH = 6, 60
MARKUP = re.compile(r"<[/!]?[a-zA-Z][^<>]{0,500}>")
BREAKS = re.compile(r"<(?:br|/?p|/?div|/?li|/?h[1-6])\b[^<>]{0,500}>", re.IGNORECASE)
SPACES = re.compile(r"[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]")
UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
ENTITY = re.compile(r"&(?:[a-zA-Z]{2,31}|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")
# Words that tell nothing about what a publication is about.
FILLERS = frozenset(
    """a au aux avec ce ces comment d dans de des du en entre est et il l la le les leur leurs n ou par pour qu que quel
    quelle quelles quels qui s sa se ses son sont sur un une vers y""".split()
)


def one_line(text: str, *, longest: int = LONGEST_TITLE) -> str:
    """The text on one line, entities decoded, without markup, control characters, and marks that turn its direction."""
    for _ in range(3):  # a title escaped twice is not rare where one system feeds another
        if not ENTITY.search(text):
            break
        text = unescape(text[: longest * 20])
    text = MARKUP.sub("", BREAKS.sub(" ", text[: longest * 20]))
    # Marks without a width, those that turn the direction among them, leave no gap; a line's end does.
    kept = "".join(c for c in SPACES.sub(" ", text) if unicodedata.category(c) not in UNPRINTABLE)
    # Only plain spaces are folded: the narrow ones before French punctuation are part of the title.
    line = re.sub(r"[ \u3000]{2,}", " ", kept).strip()
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def find_date(text: str) -> str | None:
    """The first date in the text, YYYY-MM-DD or YYYY-MM; None without one, or with one that no calendar has."""
    return in_calendar(french_date(text))


def in_calendar(day: str | None) -> str | None:
    """The date (YYYY, YYYY-MM or YYYY-MM-DD) if there is such a day: the catalogue refuses the 31st of February."""
    if day is None:
        return None
    try:
        date.fromisoformat(day + {4: "-01-01", 7: "-01"}.get(len(day), ""))
    except ValueError:
        return None
    return day


def make_id(publisher: str, day: str | None, title: str, key: str, *, taken: Container[str]) -> str:
    """`publisher-year-words` in ASCII; where that is taken, with six digits that the address's key gives."""
    words = [word for word in ascii_words(title) if word not in FILLERS][:ID_WORDS]
    start = [*ascii_words(publisher), *([day[:4]] if day else [])]
    made = "-".join([*start, *words])[:ID_LENGTH].rstrip("-") or "publication"
    if made not in taken:
        return made
    return f"{made}-{hashlib.sha256(key.encode()).hexdigest()[:6]}"


def ascii_words(text: str) -> list[str]:
    """Words in small ASCII letters and digits: what is written with accents or ligatures is found again without."""
    plain = unicodedata.normalize("NFKD", text.lower().replace("œ", "oe").replace("æ", "ae"))
    return re.findall(r"[a-z0-9]+", "".join(c for c in plain if not unicodedata.combining(c)))
