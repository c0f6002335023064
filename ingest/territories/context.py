"""What stands around a name in a text: who is spoken of (a street, a person, an organisation) and what speaks for a place.

In: the words of a text and the stretch of them that a name covers. Out: one frozen `Context`. The words below were gathered
from the brochure, the guides of AMORCE and France Chaleur Urbaine, and French Wikipedia (PIAF). Refuses nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.territories.places import word_key

_WORD = re.compile(r"[^\W_]+")
# What may stand between two words of one name: a hyphen, an apostrophe, blanks with at most one line break.
_JOINT = re.compile(r"[ \t\u00a0\u202f]*(?:['’‐‑-]|\n)?[ \t\u00a0\u202f]*\Z|[-‐‑]\n\Z")
_BLANK = re.compile(r"[ \t\u00a0\u202f]+\Z")
_BREAK = re.compile(r"[.!?:;•…|\n\u2022\uf0b7]|[-–—>*] ")

LINKS = frozenset("de du des d la le les l".split())
LOCATIVE = frozenset("a au aux".split())
WITHIN = frozenset("en dans".split())
RELATION = frozenset("sur vers entre depuis par pour pres sous hors via chez comme selon avec et ou".split())
STREETS = frozenset(
    """rue rues avenue avenues av boulevard boulevards bd bld place places quai quais impasse chemin route routes allee allees
    square faubourg passage esplanade rond pont gare gares porte portes pointe tour rd hotel restaurant brasserie cafe cours
    villa parvis promenade venelle ruelle mail traverse montee echangeur station aeroport""".split()
)
PACTS = frozenset(
    """accord accords traite charte convention protocole declaration pacte bourse conference edit bataille siege armistice
    parti jambon beurre saucisson moutarde savon calissons quiche fromage vin vins vinaigre nougat""".split()
)
TOWNS = frozenset(
    """ville villes commune communes mairie maire maires municipalite bourg village villages habitants habitant centre
    arrondissement arrondissements sis situe situee situes situees""".split()
)
QUARTERS = frozenset("quartier quartiers secteur residence cite lieu dit hameau zac zone parc".split())
DEPARTMENTS = frozenset("departement departements departemental departementale prefecture prefet prefete cd".split())
REGIONS = frozenset("region regions regional regionale academie".split())
INTERCOMMUNALITIES = frozenset(
    """metropole metropoles agglomeration agglomerations agglo communaute urbaine intercommunalite interco cc ca cu epci ept
    eurometropole""".split()
)
# Words that may stand before a name without a preposition and leave it a place: "Ville Lyon", "Territoires Rennes".
NEUTRAL = (
    TOWNS
    | QUARTERS
    | DEPARTMENTS
    | REGIONS
    | INTERCOMMUNALITIES
    | frozenset("territoires territoire pays grand haut".split())
)
ORGANISATIONS = frozenset(
    """universite universites societe groupe banque credit caisse fondation association cabinet entreprise editions stade
    olympique clinique lycee college ecole institut festival hotel radio tramway racing maison galerie academie imprimerie
    sa sas scop scic sarl sem sci spl epa oph""".split()
)
# Words that open a sentence with a capital and say nothing of what follows.
_OPENING = (
    LINKS
    | LOCATIVE
    | WITHIN
    | RELATION
    | frozenset(
        """si mais donc or ni car que quand dont ainsi aussi puis alors sauf outre cette ce ces son sa ses leur leurs notre nos
    votre vos un une mon ma mes il elle ils elles on nous vous qui ou est ont sont a y plus moins tout tous toute toutes
    exemple zoom focus aujourd hier demain ici comment pourquoi quel quelle quels quelles combien what which how does where
    who is are did in""".split()
    )
)
# "M. Angers", "J.-P. Laval"; "Dr Bourges".
_PERSON = re.compile(
    r"(?:(?<!\w)(?:MM?|Mmes?|Mlle|Dr|Pr|Me|Monsieur|Madame|Mademoiselle|Maître|Docteur)\.?|[A-Z]\.)[ \u00a0]\Z"
)
_ROMAN = re.compile(r"[IVX]+(?:e|er|ème)?\Z")


class Words:
    """The words of a text, where they stand, and their keys (folded), each made when first asked for."""

    def __init__(self, text: str) -> None:
        self.text = text
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
    """What stands around a name. `links` are the small words before it, nearest first, `head` the word before those."""

    links: tuple[str, ...] = ()
    head: str = ""
    opens: bool = False
    upper: bool = False
    hyphenated: bool = False
    blocked: bool = False
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
    while before >= 0 and words.joined(before) and words.key(before) in _SMALL and len(links) < 4:
        links.append(words.key(before))
        before -= 1
    reaches = before >= 0 and words.joined(before)
    head = words.key(before) if reaches else ""
    if head == "communes" and words.key(before - 1) == "de" and words.key(before - 2) == "communaute":
        head = "communaute"
    name = words.text[words.spans[first][0] : words.spans[last][1]]
    upper = name.isupper() and len(name) > 1
    bracket = re.compile(r"[ \n]?\(([^()\n]{2,60})\)").match(words.text, words.spans[last][1])
    post = words.word(first - 1)
    return Context(
        links=tuple(links),
        head=head,
        opens=words.opens(first),
        upper=upper,
        hyphenated="-" in name,
        blocked=_blocked(words, head, links, before),
        after_capital=not links and reaches and _capital_before(words, before, upper),
        before_capital=_capital_after(words, last, upper),
        bracketed=bracket.group(1) if bracket else "",
        postcode=post if re.fullmatch(r"\d{5}", post) else "",
    )


_SMALL = LINKS | LOCATIVE | WITHIN | RELATION


def _blocked(words: Words, head: str, links: list[str], before: int) -> bool:
    """A street's name, a person's after a title, an agreement's or a cheese's."""
    attached = all(link in LINKS for link in links)
    if not links and _PERSON.search(words.text[max(words.spans[before + 1][0] - 15, 0) : words.spans[before + 1][0]]):
        return True
    # "5, place de Lyon" and "la rue de Rennes", but "la rue à Rennes".
    if attached and head in STREETS:
        return True
    if not links and head in ORGANISATIONS and head not in NEUTRAL:
        return True
    return bool(links) and attached and head in PACTS


def _capital_before(words: Words, before: int, upper: bool) -> bool:
    """ "Jean Nantes", "Banque Valence": a capital right before, no opening of a sentence, no title in capitals."""
    word, key = words.word(before), words.key(before)
    if not _BLANK.match(words.gap(before)) or not word[:1].isupper() or key in NEUTRAL or key in _OPENING:
        return False
    return not (upper and word.isupper() and len(word) > 1)


def _capital_after(words: Words, last: int, upper: bool) -> bool:
    """ "Paris Habitat", "Valence Dupont"; not "Lyon IIIe"."""
    word = words.word(last + 1)
    if not word or not _BLANK.match(words.gap(last)) or not word[0].isupper() or _ROMAN.match(word):
        return False
    return words.key(last + 1) not in _OPENING and not (upper and word.isupper())


def beside(words: Words, last: int, first: int) -> bool:
    """Whether the name that ends at word `last` and the one that begins at `first` stand in one enumeration."""
    between = words.text[words.spans[last][1] : words.spans[first][0]]
    plain = re.sub(
        r"\([^()\n]{1,40}\)|\b(?:et|ou|de|du|des|d['’]|la|le|les|l['’]|à|au|aux|entre|puis|y compris)(?=\W|$)",
        "",
        between,
    )
    return len(between) < 60 and bool(re.fullmatch(r"[\s,/&+;•–—'’-]*", plain))
