"""Does a French sentence lean on the one before it, does it say what one may or has to do? Pure; refuses nothing."""

from __future__ import annotations

import re

from ingest.index.analyser import fold

# What a publication calls itself by, and what follows "ce" without pointing back.
_ITSELF = (
    r"guides?|brochures?|publications?|documents?|fiches?|notes?|numeros?|dossiers?|livrets?|pages?|articles?|rapports?"
    r"|etudes?|jours?|mois|semaines?|annees?|derni\w+ annees|qui|que|qu|dont|quoi"
)
# "Il faut", "il est nécessaire": a pronoun that stands for nothing.
_IMPERSONAL = (
    r"(?:faut|existe|convient|y a|(?:est|sera|serait|parait|semble) (?:\w+ )?"
    r"(?:\w+(?:ble|ant|aire|iel|ile)|temps|question))\b"
)
_CONNECTIVES = (
    r"ensemble,|par ailleurs|en parallele|parallelement|de plus|en outre|ainsi\b|enfin\b|puis\b|ensuite\b|egalement\b|aussi\b"
    r"|cependant|toutefois|neanmoins|pourtant|mais\b|or,|car\b|donc\b|en effet|par exemple|de meme|en revanche|au contraire"
    r"|autrement dit|des lors|en consequence|par consequent|d'autre part|dans un second temps|a cela|pour cela|pour ce faire"
    r"|le second\b|la seconde\b|les deux\b(?! \w)|tous deux|toutes deux|l'autre\b|et\b(?! pourquoi)"
)
_LEANS = re.compile(
    rf"[«“\"(\s]*(?:(?:ils?|elles?)\b(?! {_IMPERSONAL})|(?:celui|celle|ceux|celles)-(?:ci|la)\b|(?:cela|ceci|ca)\b"
    rf"|c'(?:est|etait)\b|ce (?:n'est|sont|fut|sera)\b|(?:\S+\s+){{0,4}}?(?:ce|cet|cette|ces) (?!(?:{_ITSELF})\b)(?=\w)"
    rf"|(?:son|sa|ses|leurs?) \w|{_CONNECTIVES}"
    r"|[^,;:]{3,90}? (?:lui|leur) (?:donne|permet|confie|accorde|impose|garantit|offre)\w*\b)"
)
# "En mobilisant…", "Mobiliser…": what one may do.
_LEVER = re.compile(r"En (?:[sl]['’]|les? |la |y )?\w+ant\b|(?:S['’]|Se |Ne pas )?(?P<verb>[A-ZÀ-Ý]\w+(?:er|ir|re))\b")
# "Il faut signaler…", "La demande doit…", "Prévenez…": what one is told to do.
_PRESCRIBES = re.compile(
    r"\b(?:il (?:faut|convient|suffit|est (?:utile|conseille|necessaire|recommande))|mieux vaut|doi(?:t|vent)|gagne(?:nt)? a"
    r"|peu(?:t|vent) (?:etre|se|\w+[ei]r|\w+re)|(?<!vous )(?!assez)\w{3,}ez\b(?!-))\b"
)
_NO_VERBS = frozenset(
    """notre votre centre entre outre contre premier dernier autre quatre titre cadre membre lettre maitre theatre chiffre
    nombre atelier chantier quartier foncier metier hier loisir avenir plaisir desir ministere maire territoire histoire
    """.split()
)


def is_lever(text: str) -> bool:
    """Whether it says what one may do: an infinitive, or "En mobilisant…"."""
    match = _LEVER.match(text)
    return match is not None and _folded(match["verb"] or "") not in _NO_VERBS


def prescribes(text: str) -> bool:
    """Whether it says what one has to do, or can."""
    return _PRESCRIBES.search(_folded(text)) is not None


def leans(text: str) -> bool:
    """Whether it needs the sentence before it: a pronoun or connective without its noun, or a sentence without its head."""
    return _LEANS.match(_folded(text)) is not None or text[:1].islower()


def _folded(text: str) -> str:
    return fold(text.replace("’", "'"))
