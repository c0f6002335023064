"""How France writes e-mail addresses and telephone numbers -> where they stand in a line, with the label that leads to them.

A number is one of a telephone only in the ways in which France writes them, and in any way at all after "Tél." or beside an
e-mail address (OCR moves its spaces); web addresses, amounts, dates, SIRET, article numbers and rows of figures are none.
Short numbers (3939) and foreign ones are not looked for. Pure; refuses nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from ingest.document import Span

_DASH = r"[-\u00ad\u2010\u2011\ufffe]"  # \ufffe is what pdfium writes for the hyphen at a line's end
_MAIL = re.compile(
    rf"""(?<!\w)(?:mailto:)?
    (?: \w+ (?: (?:[.+]|{_DASH}\ ?)+ \w+ ){{0,9}} (?:@|\ ?[(\[]at[)\]]\ ?|\ @\ )               # nom@, nom (at)
      | \w+ (?: [.+_-]\w+ ){{0,9}} [._] \w+ \ ?[@©®]\ ? )                             # prenom.nom @: OCR's spaces and signs
    (?: \w+ (?: (?:\.|{_DASH}\ ?)+ \w+ )* (?:\ ?\.\ ?|\ ?[(\[](?:point|dot)[)\]]\ ?)(?:fr|com|org|net|eu|info|coop)(?!\w)
      | (?: \w{{4,}} | \w+ (?=[.-]) ) (?: (?:\.|{_DASH}\ ?)+ [^\W\d_]+ )* (?:[\w.-]*@[\w.-]*\w)* )
    """,
    re.VERBOSE,
)
_SIGN = re.compile(r"[@©®]|[(\[]at[)\]]")
_URL = re.compile(r"https?://\S+")
_SITE = re.compile(r"(?:https?://|www\.|\w\.(?:fr|com|org|net|eu)/)\S*")

SPACE = r"[ \t\u00a0\u202f]"


def _pairs(name: str) -> str:
    """Four pairs of digits, each after the same separator."""
    return rf"(?P<{name}>{SPACE}|[.\-/·]|{SPACE}?[-.–]{SPACE}|)\d\d(?:(?P={name})\d\d){{3}}"


_PHONE = re.compile(
    rf"""(?<![\w+])(?<!\d[.,/-])(?:
        (?:\(?\+{SPACE}?33\)?|0033){SPACE}?[.-]?\(?0?\)?{SPACE}?[1-9]{_pairs("abroad")}
      | 0{SPACE}?8\d\d(?P<service>{SPACE}|\.)\d{{3}}(?P=service)\d{{3}}
      | 0[1-9]\d\d(?P<long>{SPACE}|[.-])\d\d(?P=long)\d\d(?P=long)\d\d | 0[67]\d\d{SPACE}\d{{3}}{SPACE}\d{{3}}
      | 0[1-9]{SPACE}\d{{8}} | (?:\(0[1-9]\)|0[1-9]){_pairs("here")}
    )(?![\w]|[.,]\d|{SPACE}?[€%])
    (?:{SPACE}?\((?:appel|service|num[ée]ro|n°|gratuit|prix)[^)]{{0,40}}\))?""",
    re.VERBOSE,
)
# After a label or an e-mail address: eight digits or more, however OCR has spaced them, O and l for 0 and 1.
_LOOSE = re.compile(r"\+?[\dOo](?:[ \t\u00a0\u202f.()/-]{0,2}[\dOol|]){7,13}(?!\w)")
_NUMBERED = re.compile(r"(?:n[°o]|réf\w*\.?|siren|siret|rcs|isbn|code|facture)[ \u00a0]*:?[ \u00a0]*$", re.IGNORECASE)
_UNIT = re.compile(
    r"[ \u00a0\u202f]?(?:euros?|kWh|MWh|GWh|MW|kW|m[²³23]|hab(?:itants)?|M€|k€|Md|logements|tonnes|ans)\b"
)

_LABEL_WORDS = r"""
    t[ée]l(?:[ée]phone)? | t[ée]l[ée]copie | fax | portable | port | mobile | mob | standard | ligne\ directe
  | (?:adresse\ )?(?:e-?mail|courriel|mail|m[ée]l) | adresse\ [ée]lectronique | mailto
  | contacts? | contactez-nous | nous\ contacter | renseignements | n°\ (?:vert|azur|indigo|unique)
  | num[ée]ro\ (?:vert|azur|indigo|unique|de\ t[ée]l[ée]phone)
  | t | m | f | p | e"""
_NEAR = 60  # longer than any label or unit
_TELEPHONE = re.compile(
    rf"(?<![\w.-])(?:t[ée]l(?:[ée]phone)?|fax|portable|mobile|ligne directe)\b{SPACE}?\.?{SPACE}?:?{SPACE}?$",
    re.IGNORECASE,
)
_MARK = rf"{SPACE}?(?:\.{SPACE}?:?|:){SPACE}?"
# In "par mail : a@b.fr" the word belongs to the sentence. A short word is a label by its colon or full stop, or because it
# begins the line or follows a separator; a longer one needs nothing.
_LABEL = re.compile(
    rf"""(?<!par\ )(?<!un\ )(?<!le\ )(?<!de\ )(?<!au\ )(?<!d['’])(?:
        (?<![\w'’.-])(?:{_LABEL_WORDS}){_MARK}
      | (?:^|(?<=[-–—/|,;•·(]\ )|(?<=[(\[]))(?:{_LABEL_WORDS}){SPACE}?
      | (?<![\w'’.-])(?:t[ée]l(?:[ée]phone)?|fax|mobile|e-?mail|courriel|n°\ (?:vert|azur)){SPACE}
    )$""",
    re.IGNORECASE | re.VERBOSE,
)
_LED = re.compile(
    rf"(?<![\w'’-])(?:(?:au|le)(?: n°| num[ée]ro)?(?: suivant)?|à|sur|via"
    rf"|à l['’]adresse(?: e-?mail| mail| courriel| [ée]lectronique)?(?: suivante)?){SPACE}?:?{SPACE}?$",
    re.IGNORECASE,
)
JOINED = re.compile(rf"{SPACE}*(?:[-–—/,;•·]|\bou\b|\bet\b|:)?{SPACE}*", re.IGNORECASE)
POINTER = re.compile(
    rf"[ \t]*(?:[•·–#-]+{SPACE}?)?(?:{_LABEL_WORDS}){SPACE}?(?P<colon>\.?{SPACE}?:)?[ \t]*",
    re.IGNORECASE | re.VERBOSE,
)


def find_contacts(content: str) -> list[Span]:
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


def with_lead(content: str, span: Span) -> Span:
    """The contact with the label or the words that lead to it."""
    before = _just_before(content, span)
    match = _LABEL.search(before) or _LED.search(before)
    return Span(span.start - len(before) + match.start(), span.end) if match else span


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
    return not re.match(rf"{SPACE}\d{{1,3}}(?![\d\w])", after) and not re.search(
        rf"(?<![\d.–-])\d{{1,3}}{SPACE}$", before
    )


def _is_labelled(content: str, span: Span, mails: Sequence[Span]) -> bool:
    if _TELEPHONE.search(_just_before(content, span)):
        return True
    digits = sum(character.isdigit() for character in content[span.start : span.end])
    beside = any(
        mail.end <= span.start <= mail.end + _NEAR and JOINED.fullmatch(content[mail.end : span.start])
        for mail in mails
    )
    return beside and digits >= 9


def _just_before(content: str, span: Span) -> str:
    return content[max(0, span.start - _NEAR) : span.start]
