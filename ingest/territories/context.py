"""What stands around a name in a text: who is spoken of (a street, a person, an organisation) and what speaks for a place.

In: the words of a text and the stretch of them that a name covers. Out: one frozen `Context`. Refuses
nothing.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from ingest.territories.places import word_key
from ingest.territories.vocabulary import LINKS, NAMESAKES, NEUTRAL, OPENING, ORGANISATIONS, SIDES, SMALL

_WORD = re.compile(r"[^\W_]+")
# What may stand between two words of one name: a hyphen, an apostrophe, blanks with at most one line break.
_JOINT = re.compile(r"[ \t\u00a0\u202f]*(?:['’‐‑\u00ad\ufffe-]|\n)?[ \t\u00a0\u202f]*\Z|[-‐‑]\n\Z")
_BLANK = re.compile(r"[ \t\u00a0\u202f]+\Z")
_BREAK = re.compile(r"[.!?:;•…|\n\u2022\uf0b7]|[-–—>*] ")

# "M. Angers", "J.-P. Laval"; "Dr Bourges".
_PERSON = re.compile(
    r"(?:(?<!\w)(?:MM?|Mmes?|Mlle|Dr|Pr|Me|Monsieur|Madame|Mademoiselle|Maître|Docteur)\.?|[A-Z]\.)[ \u00a0]\Z"
)
_ROMAN = re.compile(r"[IVX]+(?:e|er|ème)?\Z")
# Called after its area, and not the area: "Direction régionale de l'environnement et des transports d'Île-de-France".
_SERVICE = re.compile(
    r"\b(?:direction|agence|observatoire)s? (?:inter)?(?:régional|départemental)[^.;:!?•]*\Z", re.IGNORECASE
)
_RACE = re.compile(r"Tours? de France\b")


class Words:
    """The words of a text, where they stand, and their keys (folded), each made when first asked for."""

    def __init__(self, text: str) -> None:
        # Some PDF have accents as characters of their own, which would part words.
        self.text = text = unicodedata.normalize("NFC", text)
        self.spans = [match.span() for match in _WORD.finditer(text)]
        self._keys: dict[int, str] = {}

    def __len__(self) -> int:
        return len(self.spans)

    def word(self, i: int) -> str:
        """The i-th word as it is written; nothing outside."""
        if not 0 <= i < len(self.spans):
            return ""
        start, end = self.spans[i]
        return self.text[start:end]

    def key(self, i: int) -> str:
        """The i-th word's key; nothing outside."""
        if i not in self._keys:
            self._keys[i] = word_key(self.word(i))
        return self._keys[i]

    def gap(self, i: int) -> str:
        """What stands between word i and the next; a line's end at the text's."""
        if i < 0 or i + 1 >= len(self.spans):
            return "\n"
        return self.text[self.spans[i][1] : self.spans[i + 1][0]]

    def joined(self, i: int) -> bool:
        """Whether word i and the next may be of one name."""
        return bool(_JOINT.match(self.gap(i)))

    def opens(self, i: int) -> bool:
        """Whether a sentence or a line begins at word i, so that a capital there says nothing."""
        return i == 0 or bool(_BREAK.search(self.gap(i - 1)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What stands around a name. `links` are the small words before it, nearest first, `head` the word before those,
    `after` the word that follows.

    `spelt`: the name as it is written. `capital_link`: the nearest small word has a capital ("à La Garde"). `person`: what
    comes before "de" begins with one ("Constant d'Aubigné"). `blocked`: it is a person's or an organisation's. `namesake`: a
    street or an agreement is called after it; `service`: a service of the State is.
    """

    links: tuple[str, ...] = ()
    head: str = ""
    after: str = ""
    spelt: str = ""
    capital_link: bool = False
    person: bool = False
    opens: bool = False
    upper: bool = False
    hyphenated: bool = False
    blocked: bool = False
    namesake: bool = False
    service: bool = False
    after_capital: bool = False
    before_capital: bool = False
    bracketed: str = ""
    postcode: str = ""

    def has(self, words: frozenset[str]) -> bool:
        """Whether one of `words` is among the small words before the name."""
        return any(link in words for link in self.links)


def context_of(words: Words, first: int, last: int) -> Context:
    """The context of the name that words `first` to `last` (included) make."""
    before = first - 1
    links: list[str] = []
    while before >= 0 and words.joined(before) and words.key(before) in SMALL and len(links) < 4:
        links.append(words.key(before))
        before -= 1
    reaches = before >= 0 and words.joined(before)
    head = words.key(before) if reaches else ""
    if head == "communes" and words.key(before - 1) == "de" and words.key(before - 2) == "communaute":
        head = "communaute"
    start = words.spans[first][0]
    name = words.text[start : words.spans[last][1]]
    upper = name.isupper() and len(name) > 1
    bracket = re.compile(r"[ \n]?\(([^()\n]{2,60})\)").match(words.text, words.spans[last][1])
    post = words.word(first - 1)
    return Context(
        links=tuple(links),
        head=head,
        after=words.key(last + 1) if _BLANK.match(words.gap(last)) else "",
        spelt=name,
        capital_link=bool(links) and words.word(first - 1)[0].isupper() and not words.opens(first - 1),
        person=bool(links) and words.word(before)[:1].isupper() and not words.opens(before),
        opens=words.opens(first),
        upper=upper,
        hyphenated="-" in name,
        blocked=_blocked(words, head, links, before) or bool(_RACE.match(words.text, start)),
        service=bool(_SERVICE.search(words.text, max(start - 200, 0), start)),
        namesake=_namesake(words, head, links, before),
        after_capital=not links and reaches and _capital_before(words, before, upper),
        before_capital=_capital_after(words, last, upper),
        bracketed=bracket.group(1) if bracket else "",
        postcode=post if re.fullmatch(r"\d{5}", post) else "",
    )


def _blocked(words: Words, head: str, links: list[str], before: int) -> bool:
    """A person's name after a title, an organisation's after what it is."""
    if links:
        return False
    start = words.spans[before + 1][0]
    titled = _PERSON.search(words.text[max(start - 15, 0) : start])
    return bool(titled) or (head in ORGANISATIONS and head not in NEUTRAL)


def _namesake(words: Words, head: str, links: list[str], before: int) -> bool:
    """ "5, place de Lyon" and "la rue de Rennes"; not "la rue à Rennes" nor "les vendeuses de rue de Kawéni"."""
    if head not in NAMESAKES or any(link not in LINKS for link in links):
        return False
    return not (head == "rue" and words.key(before - 1) == "de")


def _capital_before(words: Words, before: int, upper: bool) -> bool:
    """ "Jean Nantes", "Banque Valence": a capital right before, no opening of a sentence, no title in capitals."""
    word, key = words.word(before), words.key(before)
    if not _BLANK.match(words.gap(before)) or not word[:1].isupper() or key in NEUTRAL or key in OPENING:
        return False
    return not (upper and word.isupper() and len(word) > 1)


def _capital_after(words: Words, last: int, upper: bool) -> bool:
    """ "Paris Habitat", "Valence Dupont"; not "Lyon IIIe"."""
    word = words.word(last + 1)
    if words.key(last + 1) in SIDES:
        return False
    if not word or not _BLANK.match(words.gap(last)) or not word[0].isupper() or _ROMAN.match(word):
        return False
    return words.key(last + 1) not in OPENING and not (upper and word.isupper())


def beside(words: Words, last: int, first: int) -> bool:
    """Whether the name that ends at word `last` and the one that begins at `first` stand in one enumeration."""
    between = words.text[words.spans[last][1] : words.spans[first][0]]
    plain = re.sub(
        r"\([^()\n]{1,40}\)|\b(?:et|ou|de|du|des|d['’]|la|le|les|l['’]|à|au|aux|entre|puis|y compris)(?=\W|$)",
        "",
        between,
    )
    return len(between) < 60 and bool(re.fullmatch(r"[\s,/&+;•–—'’(-]*", plain))
