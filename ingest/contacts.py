"""Text -> the edits that take e-mail addresses and telephone numbers out of it, with what pointed at them.

Staff come and go, and a quotation must not hand their addresses on: whom to contact is data. Names and functions stay.
Web addresses, amounts, dates, SIRET and article numbers stay too: a number is one of a telephone only in the ways in
which France writes them, and in any way at all after "Tél." or beside an e-mail address (OCR moves its spaces). Short
numbers (3939) stay: they are services, not staff. A line that holds nothing else goes as a whole; in a sentence what led
to the address goes with it ("au", "à l'adresse", brackets). Pure; refuses nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from ingest.document import Span
from ingest.repair.edits import Edit

STEP = "contact"

_DASH = r"[-\u00ad\u2010\u2011\ufffe]"  # \ufffe is what pdfium writes for the hyphen at a line's end
_MAIL = re.compile(
    rf"""(?<!\w)(?:mailto:)?
    (?: \w+ (?: (?:[.+]|{_DASH}\ ?)+ \w+ ){{0,9}} (?:@|\(at\)|\[at\]|(?<=\w)\ @\ )    # nom@, nom (at)
      | \w+ (?: [.+_-]\w+ ){{0,9}} [._] \w+ \ ?[@©®]\ ? )                             # prenom.nom @: OCR's spaces and signs
    (?: \w+ (?: (?:\.|{_DASH}\ ?)+ \w+ )* \ ?\.\ ?(?:fr|com|org|net|eu|info|coop)(?![\w])  # rtes. fr
      | \w+ (?: (?:\.|{_DASH}\ ?)+ [^\W\d_]+ )* (?:[\w.-]*@[\w.-]*\w)* )
    """,
    re.VERBOSE,
)
_SIGN = re.compile(r"[@©®]|[(\[]at[)\]]")
_URL = re.compile(r"https?://\S+")
_SITE = re.compile(r"(?:https?://|www\.|\w\.(?:fr|com|org|net|eu)/)\S*")

_SPACE = r"[ \t\u00a0\u202f]"


def _pairs(name: str) -> str:
    """Four pairs of digits, each after the same separator."""
    return rf"(?P<{name}>{_SPACE}|[.\-/·]|{_SPACE}?[-.–]{_SPACE}|)\d\d(?:(?P={name})\d\d){{3}}"


_PHONE = re.compile(
    rf"""(?<![\w+])(?<!\d[.,/-])(?:
        (?:\+|00){_SPACE}?33{_SPACE}?[.-]?\(?0?\)?{_SPACE}?[1-9]{_pairs("abroad")}
      | 0{_SPACE}?8\d\d(?P<service>{_SPACE}|\.)\d{{3}}(?P=service)\d{{3}}
      | 0800{_SPACE}\d\d{_SPACE}\d\d{_SPACE}\d\d
      | \(?0[1-9]\)?{_pairs("here")}
    )(?![\w]|[.,]\d|{_SPACE}?[€%])""",
    re.VERBOSE,
)
# After a label or an e-mail address: eight digits or more, however OCR has spaced them, O and l for 0 and 1.
_LOOSE = re.compile(r"\(?\+?[\dOo](?:[ \t\u00a0\u202f.()/-]{0,2}[\dOol|]){7,13}(?!\w)")
_NUMBERED = re.compile(r"(?:n[°o]|réf\w*\.?|siren|siret|rcs|isbn|code|facture)[ \u00a0]*:?[ \u00a0]*$", re.IGNORECASE)
_UNIT = re.compile(r"[ \u00a0\u202f]?(?:euros?|kWh|MWh|GWh|MW|kW|m[²³23]|habitants|logements|tonnes|ans)\b")

_LABEL_WORDS = r"""
    t[ée]l(?:[ée]phone)? | t[ée]l[ée]copie | fax | portable | port | mobile | mob | standard | ligne\ directe
  | (?:adresse\ )?(?:e-?mail|courriel|mail|m[ée]l) | adresse\ [ée]lectronique | mailto
  | contacts? | contactez-nous | nous\ contacter | renseignements | t | m | f | p | e"""
_NEAR = 60  # longer than any label or unit
_TELEPHONE = re.compile(
    rf"(?<![\w.-])(?:t[ée]l(?:[ée]phone)?|fax|portable|mobile|ligne directe)\b{_SPACE}?\.?{_SPACE}?:?{_SPACE}?$",
    re.IGNORECASE,
)
_MARK = rf"{_SPACE}?(?:\.{_SPACE}?:?|:){_SPACE}?"
# A label is one by its colon or full stop, or because it begins the line or follows a separator.
_LABEL = re.compile(
    rf"(?:(?<![\w'’.-])(?:{_LABEL_WORDS}){_MARK}|(?:^|(?<=[-–—/|,;•·(] )|(?<=[(\[]))(?:{_LABEL_WORDS}){_SPACE}?)$",
    re.IGNORECASE | re.VERBOSE,
)
_LED = re.compile(
    rf"(?<![\w'’-])(?:(?:au|le)(?: n°| num[ée]ro)?(?: suivant)?|à l['’]adresse(?: suivante)?|à|sur|via)"
    rf"{_SPACE}?:?{_SPACE}?$",
    re.IGNORECASE,
)
_JOINED = re.compile(rf"{_SPACE}*(?:[-–—/,;•·]|\bou\b|\bet\b|:)?{_SPACE}*", re.IGNORECASE)
_BEFORE_OR = re.compile(rf"{_SPACE}(?:ou|et){_SPACE}+$", re.IGNORECASE)
_AFTER_OR = re.compile(rf"{_SPACE}*(?:ou|et){_SPACE}+(?=(?:sur|au|à|par|via)\b)", re.IGNORECASE)
_BLANKS = " \t\u00a0\u202f"
_SEPARATORS = _BLANKS + "-–—/,;:•·"
_CLOSERS = ".,;:!?)]»"
_POINTER = re.compile(
    rf"[ \t]*(?:[•·–#-]+{_SPACE}?)?(?:{_LABEL_WORDS}){_SPACE}?(?P<colon>\.?{_SPACE}?:)?[ \t]*",
    re.IGNORECASE | re.VERBOSE,
)


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
    contacts = _contacts(content)
    clusters = _clusters(content, [_with_lead(content, span) for span in contacts])
    edits: list[Edit] = []
    for cluster in clusters:
        span, replacement = _tidy(content, _with_brackets(content, cluster))
        start = max(span.start, edits[-1].end - line.start if edits else 0)
        edits.append(_edit(line.start + start, line.start + max(span.end, start), replacement))
    return edits


def _contacts(content: str) -> list[Span]:
    """E-mail addresses and telephone numbers of one line, sorted and disjoint."""
    urls = [Span(*match.span()) for match in _URL.finditer(content)]
    # Most lines have no such sign: looking for it first keeps long rows of dots and dashes cheap.
    signed = _MAIL.finditer(content) if _SIGN.search(content) else ()
    mails = [span for match in signed if (span := _before_urls(Span(*match.span()), urls))]
    urls += [Span(*match.span()) for match in _SITE.finditer(content)]
    found = [*mails]
    for match in _PHONE.finditer(content):
        span = Span(*match.span())
        if not _in(span, [*urls, *found]) and _is_phone(content, span):
            found.append(span)
    for match in _LOOSE.finditer(content):
        span = Span(*match.span())
        if not _in(span, [*urls, *found]) and _is_labelled(content, span, mails):
            found.append(span)
    return sorted(found)


def _before_urls(span: Span, urls: Sequence[Span]) -> Span | None:
    """The stretch up to the web address that is glued to it; None if it begins in one."""
    if any(url.start <= span.start < url.end for url in urls):
        return None
    return Span(span.start, min([span.end, *(url.start for url in urls if url.start > span.start)]))


def _in(span: Span, others: Iterable[Span]) -> bool:
    return any(span.overlaps(other) for other in others)


def _is_phone(content: str, span: Span) -> bool:
    """Whether ten digits in pairs are no row of figures, and no other kind of number."""
    before, after = _just_before(content, span), content[span.end : span.end + _NEAR]
    if _NUMBERED.search(before) or _UNIT.match(after):
        return False
    pairs = [int(pair) for pair in re.findall(r"\d\d", re.sub(r"\D", "", content[span.start : span.end]))]
    # 01 02 03 04 05, 05 10 15 20 25: the months of a table, the marks of an axis.
    if len({right - left for left, right in pairwise(pairs)}) == 1:
        return False
    # A sixth group of one to three digits, or digits just before: a row of a table.
    return not re.match(rf"{_SPACE}\d{{1,3}}(?![\d\w])", after) and not re.search(
        rf"(?<![\d.–-])\d{{1,3}}{_SPACE}$", before
    )


def _is_labelled(content: str, span: Span, mails: Sequence[Span]) -> bool:
    if _TELEPHONE.search(_just_before(content, span)):
        return True
    digits = sum(character.isdigit() for character in content[span.start : span.end])
    beside = any(
        mail.end <= span.start <= mail.end + _NEAR and _JOINED.fullmatch(content[mail.end : span.start])
        for mail in mails
    )
    return beside and digits >= 9


def _just_before(content: str, span: Span) -> str:
    return content[max(0, span.start - _NEAR) : span.start]


def _with_lead(content: str, span: Span) -> Span:
    """The contact with the label or the words that lead to it."""
    before = _just_before(content, span)
    match = _LABEL.search(before) or _LED.search(before)
    return Span(span.start - len(before) + match.start(), span.end) if match else span


def _clusters(content: str, spans: Sequence[Span]) -> list[Span]:
    """Contacts with nothing but separators between them are one."""
    merged: list[Span] = []
    for span in spans:
        between = content[merged[-1].end : span.start] if merged else None
        if between is not None and _JOINED.fullmatch(between):
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
    if match := _AFTER_OR.match(right):
        right = right[match.end() :]
    elif match := _BEFORE_OR.search(left):
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
        pointer = _POINTER.fullmatch(text, lines[index].start, lines[index].end)
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
