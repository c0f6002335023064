"""What a question wants to be told: a figure, a date, who, where, a definition, how to, examples. Pure; refuses nothing."""

from __future__ import annotations

import re
from enum import StrEnum

from ingest.index.analyser import analyse, fold
from ingest.repair.lexicon import fold as plain
from rag.answer_type import replies_in_form
from rag.language import Intent, asked_for, intent_of


class Asked(StrEnum):
    """The kind of sentence that answers. Those of `SINGLE` are answered by one that tells it, other `FACTS` by one or two."""

    FIGURE = "figure"
    DATE = "date"
    WHO = "who"
    PLACE = "place"
    DEFINITION = "definition"
    EXAMPLE = "example"
    HOW_TO = "how_to"
    GENERAL = "general"


SINGLE = frozenset({Asked.FIGURE, Asked.DATE})
FACTS = SINGLE | {Asked.WHO, Asked.PLACE}

# Over the folded question, before what `intent_of` says; the first that matches decides.
_PATTERNS = (
    (
        Asked.DATE,
        r"\b(?:quand|(?:en|depuis|de) quelle (?:annee|date|periode)|quelle (?:est |etait )?(?:la )?(?:annee|date)"
        r"|when|(?:what|which) (?:year|date))\b",
    ),
    (
        Asked.FIGURE,
        r"\b(?:combien|quel(?:le)? (?:est |sont )?(?:le |la |l')?(?:montant|pourcentage|taux|nombre|budget|part|proportion"
        r"|surface|superficie|frequence|cout|prix|effectif|plafond|tarif)|how (?:many|much|often)"
        r"|what (?:share|percentage|proportion|number|amount))\b",
    ),
    (
        Asked.PLACE,
        r"^(?:ou|where)\b"
        r"|\b(?:dans|de|sur|a|en) quel(?:le)?s? (?:villes?|communes?|territoires?|regions?|quartiers?|pays|lieux?)\b",
    ),
    (
        Asked.WHO,
        r"^(?:who|qui)\b|\b(?:par|avec|de|a|c'est|pour) qui\b"
        r"|\bquel(?:le)?s? (?:structures?|organisations?|organismes?|associations?|acteurs?|partenaires?|bailleurs?)\b",
    ),
)
_COMPILED = tuple((asked, re.compile(pattern)) for asked, pattern in _PATTERNS)
_OF_INTENT = {Intent.DEFINITION: Asked.DEFINITION, Intent.EXAMPLE: Asked.EXAMPLE, Intent.HOW_TO: Asked.HOW_TO}
# A question that also asks how or for examples asks for more than one fact.
_MORE = frozenset({Intent.EXAMPLE, Intent.HOW_TO, Intent.DEFINITION})

_MONTHS = "janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre"
_YEAR = re.compile(rf"\b(?:19|20)\d\d\b|\bannees \d0\b|\b(?:{_MONTHS})\b")
_FIGURE = re.compile(
    r"\d|\b(?:deux|trois|quatre|cinq|six|sept|huit|neuf|dix|douze|quinze|vingt|trente|cent|mille|dizaine|douzaine|quinzaine"
    r"|vingtaine|trentaine|quarantaine|cinquantaine|centaine|millier|tiers|quart|moitie)s?\b"
)
# Inside a sentence, a capital names somebody or some place.
_NAME = re.compile(r"(?<=[\w,;:(»”\"'’] )[(«“\"]?(?:[dlDL]['’])?[A-ZÀ-Ý][\w-]+|\b[A-ZÀ-Ý]{2,}\b")
# "Une régie est une association…"; "elle est ouverte le mardi" says how it is, not what.
_IS = (
    r"(?:est|sont)(?= (?:(?:d'abord|donc|aussi|surtout|ainsi|avant tout) )?"
    r"(?:une?|l[ae]s?|l'\w+|des?|d'\w+|du|ce|celui|celles?|ceux)\b)"
)
_MEANS = re.compile(
    rf"^(?P<named>.{{2,90}}?)\s*(?:,\s[^,]{{3,80}},)?\s*\b(?:{_IS}"
    r"|designe(?:nt)?|signifie(?:nt)?|correspond(?:ent)? a|se definit|se definissent|regroupe(?:nt)?|rassemble(?:nt)?"
    r"|reuni(?:t|ssent)|vise(?:nt)? a|consiste(?:nt)? [ae]n?|fixe(?:nt)?"
    r"|a pour (?:but|objet|objectif|mission|vocation)|c'est)\b|^(?P<entry>[^:.,]{2,60}?)\s?(?::|[–—-]\s)"
)
_CALLED = re.compile(
    r"\b(?:on (?:entend|appelle|nomme|designe)|est definie?|sont definie?s|se definit|definition|defini par)\b"
)
# Terms by which a definition is asked for.
_OF_DEFINING = frozenset(
    analyse("désigne appelle nomme signifie définition définir entend terme mot notion mean define")
)
_NAMED_AT_MOST = 6  # terms before the verb: "la régie de quartier" is defined, a whole clause is not
_SIGLE = re.compile(r"\b[A-Z][A-Za-z]*[A-Z][A-Za-z]*\b")


def asked_of(question: str) -> Asked:
    """What `question` wants, by its words, French or English."""
    folded = fold(question.replace("’", "'"))
    intent = intent_of(question)
    if intent not in _MORE:
        for asked, pattern in _COMPILED:
            if pattern.search(folded):
                return asked
    return _OF_INTENT.get(intent, Asked.GENERAL)


def tells(asked: Asked, question: str, text: str) -> bool:
    """Whether a sentence has what a fact is told by: a figure (near what is counted, if that is said), a date, a name."""
    folded = fold(text)
    return {
        Asked.FIGURE: lambda: bool(_FIGURE.search(folded)),
        Asked.DATE: lambda: bool(_YEAR.search(folded)),
        Asked.WHO: lambda: bool(_NAME.search(text)),
        Asked.PLACE: lambda: bool(_NAME.search(text)),
        Asked.DEFINITION: lambda: defines(question, text),
    }.get(asked, lambda: False)() or (asked is Asked.FIGURE and replies_in_form(question, text))


def defines(question: str, text: str) -> bool:
    """Whether `text` says what the subject of `question` is: "X est…", "X : …", "on entend par X", "Xxx Yyy (XY)"."""
    subject = asked_for(question) - _OF_DEFINING
    folded = fold(text.replace("’", "'"))
    if subject and subject <= frozenset(analyse(text)) and _CALLED.search(folded):
        return True
    match = _MEANS.match(folded)
    named = frozenset(analyse((match["named"] or match["entry"]) if match else ""))
    if subject and subject <= named and len(named) <= max(_NAMED_AT_MOST, len(subject)):
        return True
    return any(_expands(sigle, text) for sigle in _SIGLE.findall(question))


def _expands(sigle: str, text: str) -> bool:
    """Whether words beside the sigle begin with its letters: "Vers un Réseau d'Achat Commun (VRAC)", "VRAC - Vers un…"."""
    for match in re.finditer(rf"\b{re.escape(sigle)}\b", text):
        before, after = text[: match.start()], text[match.end() :]
        if before.endswith("(") and _spells(sigle, before.split()[-3 * len(sigle) :]):
            return True
        if re.match(r"\s*[(:–—-]", after) and _spells(sigle, after.split()[: 3 * len(sigle)]):
            return True
    return False


def _spells(sigle: str, words: list[str]) -> bool:
    """Whether the letters of `sigle` begin words of `words`, in order."""
    initials = iter(plain(word)[:1] for part in words for word in re.findall(r"\w+", part))
    return all(letter in initials for letter in plain(sigle))
