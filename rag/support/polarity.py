"""What turns a sentence round: negations, opposites, quantities. Two texts -> whether one says what the other denies.

In: a written sentence and its evidence, French. Out: the names of the signs. Rules over words, not an understanding of them:
a negation is compared where both use the same word, an opposite where one has the one and the other has the other. Pure;
refuses nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from ingest.index.analyser import analyse, fold

# "ne ... pas" denies what stands between and the few words behind it; "sans" and its like what follows.
_VERBAL = re.compile(
    r"\b(?:ne|n')\s*(?P<between>(?:[\w'-]+\s+){0,5}?)(?:pas|plus|jamais|guere|aucune?|rien|point|ni|nullement|aucunement)\b"
    r"(?P<behind>(?:\s+[\w'-]+){0,4})"
)
_NOMINAL = re.compile(
    r"\b(?:sans(?: y)?|aucune?|absence de|absence d(?=')|manque de|manque d(?=')|hors|non|pas de|pas d(?=')|ni|faute de)\b"
    r"['\s-]*(?P<behind>(?:[\w'-]+\s*){1,3})"
)
# What is avoided is denied as well.
_AVOIDED = re.compile(
    r"\b(?:evit|refus|renonc|interdi|empech)\w*\s+(?:a|de|d'|aux?|du|des)\s*(?P<behind>[\w'-]+(?:\s+[\w'-]+)?)"
)
# Words that deny by what they mean: what stands with one and is denied in so many words elsewhere may say the same.
_IMPLICIT = re.compile(
    r"\b(?:perd\w*|evit\w+|attend\w+|interdi\w+|empech\w+|renonc\w+|refus\w+|limit\w+|mieux vaut|manqu\w*|absen\w+"
    r"|impossib\w+|peine|difficil\w+|decourag\w+|oblig\w+|depourvu\w*|dispens\w+|soumis\w*|tant que|exclu\w*|libre\w*)\b"
)
_ONLY = re.compile(r"\b(?:ne|n')\s*(?:[\w'-]+\s+){0,4}?qu(?:e\b|')|\b(?:seul\w*|uniquement|exclusivement|only)\b")
# "X ne se paie pas seulement par Y" denies that it pays for X, and nothing of Y.
_NOT_ONLY = re.compile(r"\b(?P<denied>pas|plus) seulement\b")
_LIMITED = re.compile(r"\b(?:ne |n')(?P<verb>[\w-]+) (?:que |qu')(?P<what>(?:[\w'-]+ ?){1,3})")
# Denied twice is allowed: "rien n'empêche une commune de".
_ALLOWED = re.compile(r"\brien n'(?:empeche|interdit)\b|\brien ne s'oppose\b")
_LEAST_HIGH = re.compile(r"\bl(?:e|a|es) moins (?:eleve|haut|important|cher|chere)e?s?\b")
_FORBIDDEN = re.compile(
    r"\b(?:ne peu(?:t|vent)(?!(?: [\w']+){1,6}? (?:que\b|qu'))|ne pourr\w+"
    r"|n'(?:est|sont) (?:pas|plus) (?:autoris|permis|possib|en droit)\w*"
    r"|interdi\w+|n'(?:a|ont) pas le droit)"
)
_MAY = re.compile(r"\b(?:peut|peuvent|pourr\w+|permet\w*|autoris\w+|possib\w+)")

_OPPOSITES = (
    (
        "augmenter croître accroître progresser hausse augmentation croissance allonger monter grimper",
        "diminuer baisser baisse réduire réduction recul reculer raccourcir tomber chuter descendre",
    ),
    ("autoriser permettre autorisation", "interdire empêcher interdiction"),
    ("obligatoire obligation imposer", "facultatif volontaire optionnel"),
    (
        "favoriser faciliter encourager soutenir renforcer",
        "freiner empêcher décourager affaiblir entraver limiter",
    ),
    ("ouvrir ouverture ouvert", "fermer fermeture fermé"),
    ("inclure inclus intégrer", "exclure exclu écarter"),
    ("accepter accord accepté", "refuser refus rejeter"),
    ("majorité majoritaire majoritairement", "minorité minoritaire minoritairement"),
    ("gratuit gratuitement", "payant"),
    ("temporaire provisoire transitoire éphémère", "permanent pérenne définitif durable"),
    ("créer création ouvrir lancer", "supprimer suppression fermer abandonner"),
    ("simple facile simplifier", "complexe difficile compliqué"),
    ("alléger allègement léger", "alourdir alourdissement lourd"),
    ("fort élevé important", "faible bas limité"),
    ("premier début commencer", "dernier fin terminer achever"),
    ("supérieur dépasser excéder", "inférieur"),
    ("public", "privé"),
    ("urbain", "rural"),
    ("individuel", "collectif"),
    ("interne", "externe"),
    ("direct", "indirect"),
    ("entrer entrée", "sortir sortie"),
    ("acheter achat acheteur", "vendre vente vendeur"),
    ("amont", "aval"),
    ("gagner gain", "perdre perte"),
    ("formel", "informel"),
    ("proche", "éloigné loin"),
    ("réussite réussir succès", "échec échouer"),
)
_QUANTITIES = {
    "all": r"\b(?:tous|toutes|chaque|chacune?s?|annuel\w*|totalite|integralite|ensemble d[eu]s?|systematiquement"
    r"|par (?:an|mois|trimestre|semaine|projet|personne|structure|association)|toujours|partout)\b",
    "most": r"\b(?:plupart|majorite|majoritairement|principalement|essentiellement)\b",
    "few": r"\b(?:peu d[e']|rares?|rarement|minorite)\b",
    "none": r"\b(?:aucune?|nulle?|jamais)\b",
    "at_least": r"\b(?:au moins|minimum|au minimum|(?<!au )(?<!en )(?<!non )plus d[e']|plus qu|au[- ]dela|depass\w+"
    r"|exced\w+|superieure?s? a)\b",
    "at_most": r"\b(?:au plus|maximum|au maximum|jusqu'?[ a]|(?<!au )(?<!du )moins d[e']|inferieure?s? a"
    r"|dans la limite|plafonn\w+|ne depass\w+ pas)\b",
    "only": r"\b(?:seule?s?|seulement|uniquement|exclusivement)\b",
    "more": r"\b(?:davantage|plus (?!d[e']|tard|tot|haut)\w+ qu[e'])",
    "less": r"(?<!\bau )(?<!\bdu )\bmoins (?!d[e'])\w+",
}
# What else may say so in the evidence: "60 %" that it is most of them, "sous trois semaines" that it takes three at most.
_SAYS_SO = {
    "all": r"\b(?:obligatoirement|systematique)\b|\bl'ensemble\b",
    "most": r"\bdont \d|\b(?:[5-9]\d|100)(?:,\d+)? ?%|\b(?:[6-9]|six|sept|huit|neuf)(?: \w+)? sur (?:10|dix)\b",
    "none": r"\b(?:sans|hors)\b",
    "at_most": r"\bsous (?:\d|\w+ (?:jours?|semaines?|mois)\b)|\b(?:limit\w+|inferieur\w*|(?<!au )moins)\b",
    "more": r"\b(?:augment\w+|hausse|progress\w+|croi(?:t|ssan\w+)|passee?s? d[e'])",
    "less": r"\b(?:baiss\w+|dimin\w+|redui\w+|reduction|recul\w*|tomb\w+|chut\w+|bas(?:se)?s?|inferieur\w*)\b",
}
# Characters on either side of it where a word of the sentence must stand: some four words.
_NEAR = 28
# What is denied of more is said of less: "pas plus de vingt" is "moins de vingt".
_NOT_MORE = re.compile(
    r"\b(?:(?:ne |n')(?P<verb>[\w ]{2,15}) (?:pas|jamais)|pas|jamais|sans)\b(?P<between>[^.;:,]{0,60})"
    r"\b(?:plus d[e']|depass\w+|exced\w+)"
)


def turned(sentence: str, evidence: Sequence[str]) -> frozenset[str]:
    """Why `sentence` may say what the texts of `evidence` deny; empty when nothing speaks for that.

    "negation", "forbidden", "opposite", "widened", or a name of _QUANTITIES.
    """
    said, told = _plain(sentence), [_plain(text) for text in evidence]
    whole = " ".join(told)
    found = set(_opposed(said, whole))
    if _is_denied_once(said, told, _terms(said) & _terms(whole)):
        found.add("negation")
    if _FORBIDDEN.search(said) and _MAY.search(whole) and not _FORBIDDEN.search(whole):
        found.add("forbidden")
    if any(_is_widened(said, text) for text in told):
        found.add("widened")
    others = _quantities(whole)
    return frozenset(found | {name for name in _quantities(said) - others if not _says_so(name, said, whole, others)})


def _says_so(name: str, said: str, told: str, others: frozenset[str]) -> bool:
    """Whether the evidence says the quantity in other words, beside a word of the sentence, and not its contrary."""
    if name not in _SAYS_SO or {"at_most": "at_least"}.get(name) in others:
        return False
    spots = (told[max(0, match.start() - _NEAR) : match.end() + _NEAR] for match in re.finditer(_SAYS_SO[name], told))
    return any(_terms(spot) & _terms(said) for spot in spots)


def _quantities(plain: str) -> frozenset[str]:
    only = {"only"} if _ONLY.search(plain) else set()
    return frozenset(only | {name for name, pattern in _QUANTITIES.items() if re.search(pattern, plain)})


def _is_denied_once(said: str, told: Sequence[str], shared: frozenset[str]) -> bool:
    """Whether one denies what the other says of the same words, and the other has no word that may deny it too.

    Of the evidence only those texts count that hold what is denied.
    """
    mine, theirs = _denied(said) & shared, frozenset(term for text in told for term in _denied(text)) & shared
    if mine & theirs or not mine | theirs:
        return False
    denied = mine or theirs
    others = [text for text in told if denied & _terms(text)] if mine else [said]
    return bool(mine and theirs) or not all(_may_deny(text, denied) for text in others)


def _may_deny(text: str, denied: frozenset[str]) -> bool:
    return any(denied.isdisjoint(analyse(word)) for word in _IMPLICIT.findall(text))


def _is_widened(said: str, told: str) -> bool:
    """Whether "ne ... que" of the evidence is gone from what the sentence says of the same words."""
    limits = (frozenset(analyse(match["verb"]) + analyse(match["what"])[:1]) for match in _LIMITED.finditer(told))
    return not _ONLY.search(said) and any(len(limit) > 1 and limit <= _terms(said) for limit in limits)


def _plain(text: str) -> str:
    plain = _ALLOWED.sub("peut", fold(" ".join(text.replace("’", "'").split())))
    plain = _LEAST_HIGH.sub("le plus bas", plain)
    return _NOT_MORE.sub(lambda match: f"{match['verb'] or ''}{match['between']}moins de ", plain)


@lru_cache(maxsize=4096)
def _terms(text: str) -> frozenset[str]:
    return frozenset(analyse(text))


@lru_cache(maxsize=4096)
def _denied(plain: str) -> frozenset[str]:
    """Terms that stand under a negation; what "ne ... que" says is not denied."""
    text = _ONLY.sub(" ", _NOT_ONLY.sub(r"\g<denied> .", plain))
    stretches = [f"{match['between']} {match['behind']}" for match in _VERBAL.finditer(text)]
    stretches += [match["behind"] for match in _AVOIDED.finditer(text)]
    stretches += [match["behind"] for match in _NOMINAL.finditer(_VERBAL.sub(" ", text))]
    return frozenset(term for stretch in stretches for term in analyse(stretch))


@lru_cache(maxsize=1)
def _opposite_terms() -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    return tuple((_terms(fold(one)), _terms(fold(other))) for one, other in _OPPOSITES)


def _opposed(sentence: str, evidence: str) -> Iterator[str]:
    said, told = _terms(sentence), _terms(evidence)
    denied, told_denied = _denied(sentence), _denied(evidence)
    for one, other in _opposite_terms():
        for mine, theirs in ((one, other), (other, one)):
            is_denied = said & mine & denied or told & theirs & told_denied
            if said & mine and told & theirs and not said & theirs and not told & mine and not is_denied:
                yield "opposite"
