"""What kind of thing a question asks for (a sum, a share, a date, ...) and whether a text gives one. Pure; refuses nothing.

A passage that speaks of the very subject and gives nothing of that kind does not answer: of "Quel est le salaire de X ?" one
where no sum of money stands. Rules over folded text, French and English.
"""

from __future__ import annotations

import re
from enum import StrEnum

from ingest.index.analyser import analyse, fold
from rag.language import counted_noun

_NUMBER = (
    r"(?:\d[\d .,]*|une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingt|trente"
    r"|quarante|cinquante|soixante|cent|mille|(?:diz|douz|vingt|trent|cinquant|cent)aine|one|two|three|four|five|six|ten|hundred)"
)
_UNIT = r"(?:%|€|euros?|m2|m²|metres?|hectares?|ha\b|km|pour cent|per cent)"
_SPAN = (
    r"(?:ans?|annees?|mois|semaines?|jours?|heures?|minutes?|trimestres?|semestres?|years?|months?|weeks?|days?|hours?)"
)
_MONTH = r"(?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre)"


# Words between a number and what it counts ("3 premiers points de vente"); two terms of one family share as many first letters.
_NEAR, _STEM = 4, 4
_TOKEN = re.compile(r"\d+(?:[ .,]\d+)*|%|€|\w+")
_FIGURE = re.compile(
    r"\d.*|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingt|trente|quarante"
    r"|cinquante|soixante|cent|mille|(?:diz|douz|vingt|trent|quarant|cinquant|cent)aine"
)
_MEASURE = re.compile(rf"{_UNIT}|m|{_SPAN}")


class AnswerType(StrEnum):
    """Kinds of answers that can be told by their form."""

    MONEY = "money"
    SHARE = "share"
    SURFACE = "surface"
    DURATION = "duration"
    FREQUENCY = "frequency"
    DATE = "date"
    AGE = "age"
    COUNT = "count"


# Over the folded question; the first that matches decides.
_ASKS = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        (
            AnswerType.SURFACE,
            r"\b(?:quelle (?:est la )?(?:surface|superficie)|combien de (?:m2|metres carres)|what (?:area|surface))\b",
        ),
        (
            AnswerType.FREQUENCY,
            r"\b(?:(?:a )?quelle (?:est la )?frequence|combien de (?:fois|reunions) par|tous les combien|how often)\b",
        ),
        (
            AnswerType.DURATION,
            r"\b(?:combien d(?:e |')(?:temps|mois|jours|semaines|annees|ans)|quelle (?:est la )?duree|quels? delais?"
            r"|quel est le delai|pendant combien|how long)\b",
        ),
        (
            AnswerType.SHARE,
            r"\b(?:quel(?:le)? (?:est )?(?:le |la )?(?:part|proportion|pourcentage|taux)"
            r"|what (?:share|percentage|proportion|rate))\b",
        ),
        (
            AnswerType.MONEY,
            r"\b(?:combien (?:coute|d'euros|d'argent|ca coute)|quel(?:le)? (?:est |etait )?(?:le |la |l')?"
            r"(?:montant|budget|prix|cout|salaire|plafond|tarif|remuneration|somme|aide maximale|chiffre d'affaires)"
            r"|how much)\b",
        ),
        (AnswerType.AGE, r"\b(?:jusqu'a quel age|quel age)\b"),
        (
            AnswerType.DATE,
            r"\b(?:quand|en quelle annee|quelle (?:est la )?(?:annee|date)|(?:depuis|jusqu'a) quand|a quelle date"
            r"|when|(?:what|which) year)\b",
        ),
        (
            AnswerType.COUNT,
            r"\b(?:combien (?:(?:y a|existe|compte|sont)[\w-]* ){0,2}d[e']|quel (?:est le )?nombre d[e']|how many\b)",
        ),
    )
)
_GIVES = {
    AnswerType.MONEY: re.compile(
        rf"{_NUMBER}\s*(?:mille |millions? |milliards? )?(?:d'|de )?(?:euros?|€|k€|m€)|\bgratuit"
    ),
    AnswerType.SHARE: re.compile(
        rf"{_NUMBER}\s*(?:%|pour cent|per cent)|\b(?:moitie|tiers|quart|majorite)\b"
        rf"|\b\w+ \w+ sur (?:dix|cinq|quatre|trois|deux)\b|\b{_NUMBER} sur {_NUMBER}\b"
        rf"|\b(?:sur|parmi) les? {_NUMBER}\b"
    ),
    AnswerType.SURFACE: re.compile(rf"{_NUMBER}\s*(?:m2|m²|metres? carres?|hectares?|ha\b)"),
    AnswerType.DURATION: re.compile(
        rf"{_NUMBER}(?:-|\s|\w+ )*{_SPAN}\b|\b(?:de|entre) \d{{4}} (?:a|et) (?:\w+ )?\d{{4}}"
    ),
    AnswerType.FREQUENCY: re.compile(
        rf"\b(?:fois par|par {_SPAN}|chaque {_SPAN}|tous les|toutes les|hebdomadaire|(?:mensu|trimestri|semestri|annu)el\w*)\b"
    ),
    AnswerType.DATE: re.compile(rf"\b(?:19|20)\d\d\b|\b{_MONTH}\b|\bannees \d0\b"),
    AnswerType.AGE: re.compile(rf"{_NUMBER} ans?\b"),
}


def asked_type(question: str) -> AnswerType | None:
    """What the question asks for; None when its answer has no form of its own."""
    folded = _plain(question)
    return next((kind for kind, pattern in _ASKS if pattern.search(folded)), None)


def gives(text: str, kind: AnswerType, noun: str | None = None) -> bool:
    """Whether `text` holds something of that kind; for a count, a number of `noun` (folded; any number when there is none)."""
    if kind is AnswerType.COUNT:
        return any(map(_FIGURE.fullmatch, _TOKEN.findall(_plain(text)))) if noun is None else _counts(text, noun)
    return bool(_GIVES[kind].search(_plain(text)))


def replies_in_form(question: str, text: str) -> bool:
    """Whether the question asks for something that has a form of its own, and `text` gives it."""
    kind = asked_type(question)
    return kind is not None and gives(text, kind, counted_noun(question))


def _counts(text: str, noun: str) -> bool:
    """Whether a number that is no sum, share or span stands before the noun, within _NEAR words."""
    stems = {term[:_STEM] for term in analyse(noun)}
    words = _TOKEN.findall(_plain(text))
    for position, word in enumerate(words):
        after = words[position + 1 : position + 1 + _NEAR]
        measured = after[0] if after and _MEASURE.fullmatch(after[0]) else ""
        # "120 000 heures" counts hours, and is a span of anything else.
        measures = bool(measured) and not any(term[:_STEM] in stems for term in analyse(measured))
        counted = (term[:_STEM] in stems for other in after for term in analyse(other))
        if _FIGURE.fullmatch(word) and not measures and any(counted):
            return True
    return False


def _plain(text: str) -> str:
    return fold(text.replace("’", "'").replace("\u00a0", " ").replace("\u202f", " "))
