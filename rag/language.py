"""What a question is: its language, what it asks for, what it names. Pure; refuses nothing. Rules, so that they can be read."""

from __future__ import annotations

import re
from enum import StrEnum

from ingest.index.analyser import analyse, fold

_ENGLISH = frozenset(
    """
    the of and is are what which how who where when why does do did can could should would in on for with from to
    by an at about there any examples example me my our us we you your it its have has been this that these those
    into between
    """.split()
)
_FRENCH = frozenset(
    """
    le la les de des du un une et est sont que qui quoi dont ou où comment pourquoi quel quelle quels quelles dans
    sur pour avec par au aux en ce cette ces il elle on nous vous ils elles y a ne pas plus leur leurs son sa ses
    """.split()
)


# Written with a capital, naming nothing that a passage would have to name.
_NO_NAMES = frozenset(
    """france francais francaise francaises french english europe european i etat etats region regions ville villes
    departement commune collectivite collectivites monsieur madame mme m""".split()
)


class Intent(StrEnum):
    """What kind of answer a question calls for."""

    FACT = "fact"
    DEFINITION = "definition"
    EXAMPLE = "example"
    HOW_TO = "how_to"
    GENERAL = "general"


# Over the folded question; the first that matches decides.
_INTENTS = (
    (
        Intent.EXAMPLE,
        r"\b(?:exemples?|experiences?|initiatives?|cas concrets?|projets? (?:concrets?|inspirants?)|illustrations?"
        r"|temoignages?|examples?|case stud(?:y|ies))\b",
    ),
    (
        Intent.DEFINITION,
        r"\b(?:qu'est[- ]ce que?|c'est quoi|definitions?|definir|signifie|veut dire|que designe|qu'entend"
        r"|what is|what are|what does .* mean|define)\b",
    ),
    (
        Intent.FACT,
        r"\b(?:combien|quand|en quelle annee|quelle annee|quelle date|depuis quand|quelles? structures?"
        r"|quel (?:montant|pourcentage|taux|nombre|budget)|quelle (?:part|proportion|surface|frequence)"
        r"|how many|how much|when|which year|what (?:share|percentage|year))\b|^(?:who|qui)\b|\b(?:c'est|par|avec|de|a) qui\b",
    ),
    (
        Intent.HOW_TO,
        r"\b(?:comment|leviers?|moyens?|que faire|quoi faire|de quelle (?:facon|maniere)|conseils?|solutions?|pistes?"
        r"|how (?:to|can|do|should))\b",
    ),
)
_COMPILED = tuple((intent, re.compile(pattern)) for intent, pattern in _INTENTS)


def intent_of(question: str) -> Intent:
    """What `question` asks for, by its words, French or English."""
    folded = fold(question.replace("’", "'"))
    return next((intent for intent, pattern in _COMPILED if pattern.search(folded)), Intent.GENERAL)


def is_english(question: str) -> bool:
    """Whether more of its function words are English than French ("on", "a" and the like count for neither)."""
    words = re.findall(r"[^\W\d_]+", question.lower())
    english = sum(word in _ENGLISH - _FRENCH for word in words)
    return english > sum(word in _FRENCH - _ENGLISH for word in words)


def names_in(question: str) -> tuple[str, ...]:
    """Proper names and sigles that a question writes with a capital, its first word aside unless it is a sigle.

    A question all in capitals names nothing that can be told.
    """
    if question.isupper():
        return ()
    words = re.findall(r"[^\W_](?:[\w-]*\w)?", question.replace("’", "'"))
    names = [
        word
        for position, word in enumerate(words)
        if word[0].isupper() and (position > 0 or word.isupper()) and len(word) > 1 and fold(word) not in _NO_NAMES
    ]
    return tuple(dict.fromkeys(names))


# What a question says of itself and not of its subject: it need not stand in a passage.
_ASKING = frozenset(
    term
    for word in """
    exemple cas comment existe exister connaître connaissez donner donnez trouver trouve savoir sait expliquer expliquez dire
    dites parler parlez question information racontez raconter avez peux pouvez faire fait sert genre veut vouloir koi cest
    démarche expérience initiative action aider concrètement précisément svp merci bonjour cherche cherchons souhaite souhaitons
    aimerais voudrais voudrions déjà
    """.split()
    for term in analyse(word)
)
# "combien de" these counts anything.
_COUNTS_ANYTHING = frozenset({"personne", "personnes", "gens", "fois", "temps", "choses"})
_COUNTED_NOUN = re.compile(
    r"\b(?:combien (?:(?:y a|existe|compte|sont)[\w-]* ){0,2}d[e']|(?:quel est )?le nombre d[e']|quel nombre d[e']"
    r"|quel(?:le)? (?:est |sont )?(?:le |la )?(?:taux|montant|budget|effectif|prix) d[e'])"
    r"\s*(?:l[ae]s?\s+|l')?(\w+)"
)
_FIGURE = re.compile(r"(?<![\w,.])\d{2,}(?:[.,]\d+)?(?!\w)")


def asked_for(question: str, *, or_all: bool = True) -> frozenset[str]:
    """The analysed terms of a question's subject; all of its terms when it has none but asking, unless told otherwise."""
    terms = frozenset(analyse(question))
    subject = terms - _ASKING
    return terms if or_all and not subject else subject


def counted_noun(question: str) -> str | None:
    """What a French question asks the number of ("combien de réunions": "reunions"), folded; None when it asks for none."""
    match = _COUNTED_NOUN.search(fold(question.replace("’", "'")))
    noun = match.group(1) if match else ""
    return noun if analyse(noun) and noun not in _COUNTS_ANYTHING else None


def figures_in(text: str) -> frozenset[str]:
    """Figures of two digits or more, as written; years are figures."""
    return frozenset(_FIGURE.findall(text))
