"""The page on which a question is asked -> its publication; and how a question speaks of that page.

In: what the page tells of itself (`HostPage`), the publications of one index. Out: the id of the one publication that has this
address, else of the one that has this title, else None; of a question its words without those that only point at the page.
Nothing is guessed: an address or a title that two publications share is nobody's, and a title that is nearly one's is no title
of it. Refuses nothing, whatever a page tells.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ingest.document import Publication
from ingest.index.analyser import analyse, fold
from ingest.repair.lexicon import Sigle
from ingest.sites.address import address, key_of
from rag.answer import HostPage, OnPage
from rag.language import ENGLISH_WORDS, asked_for, names_in
from rag.request import clean_question

_QUOTES = re.compile(r"[\"«»“”„‟‹›]|'{2,}")
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘‛ʼ′`´", "'") | dict.fromkeys("‐‑‒–—―−", "-"))
_SPACED_OFF = re.compile(r"\s+(?=[:;?!,.)])|(?<=\()\s+")
# What parts a page's own title from the name of its site; a hyphen without spaces stands within words.
_SUFFIX = re.compile(r"(.+)\s[|·•»-]\s+(.+)")

_NOUN = (
    r"(?:pages?|articles?|publications?|documents?|textes?|billets?|fiches?|guides?|dossiers?|brochures?|ressources?|contenus?"
    r"|comptes?[- ]rendus?|notes?|etudes?|rapports?|papers?|reports?)"
)
_IN = r"(?:dans|sur|selon|d'apres|a partir de|au sein de|in|on|from)"
# "l'article 5 de la loi" and "cet article de loi" are not the page; nor is "le document d'urbanisme" that a town has.
_NOT_OF_LAW = r"(?! (?:\d|n°|numero|[lr]\b|de loi|du code))"
_REFERENCES = re.compile(
    rf"(?:\b{_IN} )?\b(?:cette|cet|ce|la presente|le present|this) {_NOUN}\b{_NOT_OF_LAW}"
    rf"|\b{_IN} (?:la |le |l'|the ){_NOUN}\b(?=\s*(?:[,;:?.!]|$))"
)
# Of what a question may ask of a publication without naming a subject: these words make sense on its page alone.
_OF_ANY_PAGE = frozenset(
    term
    for word in """
    levier moyen solution piste proposition proposer propose proposés exemple exemples donner donné donnés citer cité
    initiative expérience recommandation recommander recommandé conseil conclusion enseignement leçon idée principal
    principaux principale essentiel résumé résumer résume résumez synthèse synthétiser constat enjeu objectif sujet thème
    parler parle traiter traite aborder aborde présenter présente présenté évoquer évoque mentionner mentionné contenu
    retenir apprendre apprend message point clé grand grande important étape outil frein difficulté obstacle limite
    résultat auteur contexte méthode démarche dispositif projet action montrer montre expliquer explique dit dire question
    page article publication document texte billet fiche guide dossier brochure ressource compte-rendu
    about main example summary summarise say propose
    """.split()
    for term in analyse(word)
)


class Pages:
    """The publications of one index by address and by title; `sigles` say what the names of sites stand for."""

    def __init__(self, publications: Mapping[str, Publication], sigles: Iterable[Sigle] = ()) -> None:
        known = publications.items()
        self._by_address = _unshared((key_of(one.url), name) for name, one in known if one.url)
        self._by_title = _unshared((title_key(one.title), name) for name, one in known)
        self._titles = frozenset(title_key(one.title) for one in publications.values())
        meanings = {sigle.sigle: (sigle.meaning, *sigle.variants) for sigle in sigles}
        publishers = {one.publisher for one in publications.values()}
        self._sites = frozenset(
            title_key(form) for name in publishers for form in (name, *meanings.get(name, ())) if title_key(form)
        )

    def find(self, page: HostPage) -> str | None:
        """The id of the publication that the page shows, None where that cannot be told."""
        by_address = self._by_address.get(key_of(page.url) or "")
        return by_address or self._by_title.get(self._own_title(page), None)

    def told(self, page: HostPage | None) -> OnPage | None:
        """The page with its publication, as an answer tells of it; None of no page."""
        return None if page is None else OnPage(url=page.url, title=page.title, publication_id=self.find(page))

    def _own_title(self, page: HostPage) -> str:
        """The key of its title without the names of sites at its end, but for a title that is known with them."""
        title = title_key(page.title)
        host = address(page.url)
        labels = host.host.partition(":")[0].split(".") if host else []
        sites = self._sites | {title_key(label) for label in (".".join(labels), *labels[-2:-1])}
        while title not in self._titles:
            parted = _SUFFIX.fullmatch(title)
            if parted is None or parted[2].strip() not in sites:
                break
            title = parted[1].strip()
        return title


def title_key(title: str) -> str:
    """What the ways of writing one title share: case, accents, apostrophes, dashes, quotation marks and white space aside."""
    plain = _QUOTES.sub(" ", fold(clean_question(title).translate(_APOSTROPHES)))
    return " ".join(_SPACED_OFF.sub("", f" {plain} ").split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointed:
    """A question without the words that only point at its page; `points`: it had such words."""

    rest: str
    points: bool


def pointed(question: str) -> Pointed:
    """`question` (clean) without "dans cet article", "cette publication" and the like."""
    aligned = "".join("'" if char in "’‘ʼ" else _letter(char) for char in question)
    rest = list(question)
    for found in _REFERENCES.finditer(aligned):
        rest[found.start() : found.end()] = " " * (found.end() - found.start())
    left = " ".join("".join(rest).split()).strip(" ,")
    return Pointed(rest=re.sub(r"\s+,", ",", left), points=left != " ".join(question.split()).strip(" ,"))


def leans(question: str) -> bool:
    """Whether a question, without its words for the page, names no subject of its own ("Quels leviers sont proposés ?")."""
    words = " ".join(word for word in re.findall(r"[^\s,;:.!?…]+", question) if fold(word) not in ENGLISH_WORDS)
    return not names_in(question) and asked_for(words, or_all=False) <= _OF_ANY_PAGE


def titled(title: str, rest: str) -> str:
    """What is asked of a page, said so that it stands alone: its title before what is asked."""
    asked = rest[:1].lower() + rest[1:] if any(map(str.isalnum, rest)) else ""
    subject = " ".join(title.split()).rstrip(" ?.!:")
    return f"{subject} : {asked}" if asked else subject


def _letter(char: str) -> str:
    folded = fold(char)
    return folded if len(folded) == 1 else "?"


def _unshared(pairs: Iterable[tuple[str | None, str]]) -> dict[str, str]:
    """Key -> id, without keys that are empty or have more than one id."""
    kept = [(key, name) for key, name in pairs if key]
    counts = Counter(key for key, _ in kept)
    return {key: name for key, name in kept if counts[key] == 1}
