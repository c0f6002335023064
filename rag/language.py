"""What a question is: its language, what it asks for, what it names. Pure; refuses nothing. Rules, so that they can be read."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from itertools import product

import simplemma

from ingest.index.analyser import analyse, fold

# Words of English that carry no subject. Some are French words too ("on", "a").
ENGLISH_WORDS = frozenset(
    """
    a an the of and or is are was were be been being am what which how who whom whose where when why do does did done can
    could should would will shall may might must in on for with without from to by at about against there here any some
    all many much more most other such no not only than then my me our us we i you your he she they them their it its have
    has had this that these those into between within during after before under over through give show tell find list get
    got gets explain please as if so also happen happened happens work works mean means
    thank thanks hello
    """.split()
)
_FRENCH = frozenset(
    """
    le la les de des du un une et est sont que qui quoi dont ou où comment pourquoi quel quelle quels quelles dans
    sur pour avec par au aux en ce cette ces il elle on nous vous ils elles y a ne pas plus leur leurs son sa ses
    c d j l m n qu s t quoi quand combien est-ce cest koi moi je tu me se si ou mon ma mes notre nos votre vos chez sans
    """.split()
)
_LEFT_OUT = {"e": "eéèê", "i": "iî", "o": "oô", "a": "aàâ", "u": "uùû", "c": "cç"}

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


# Whole words over the folded question; the first kind that matches decides.
_INTENTS = {
    Intent.EXAMPLE: (
        r"exemples?|illustrations?|illustrer|temoignages?|realisations?|initiatives?|racontez",
        r"(?:retours? d')?experiences?(?! professionnel)|bonnes? pratiques?",
        r"cas (?:concrets?|pratiques?)|(?:un|des|d'autres) cas(?= d(?:e |'))|projets? (?:concrets?|inspirants?|similaires?)",
        r"deja (?:fait|ete fait|mene|experimente)|qui l'a (?:deja )?fait",
        r"examples?|case stud(?:y|ies)|best practices?|success stor(?:y|ies)|any (?:towns?|cit(?:y|ies)|projects?)",
    ),
    Intent.DEFINITION: (
        r"qu'est[- ]ce que?(?! (?:fait|font|prevoi\w+|propose\w*|change\w*|apporte\w*)\b)",
        r"(?:c'est|cest|c est) (?:quoi|koi)|kesako|en quoi consiste\w*|que recouvre\w*|que designe\w*",
        r"definitions?|definir|definissez|signifi(?:e|ent|cation)|ve(?:ut|ulent) dire|sens d(?:e|u) (?:sigle|mot|terme)",
        r"qu'entend\w*|entend-on par|qu'appelle-t-on",
        r"what(?: is|'s) (?:an?|the meaning)|what are(?! the)|meaning of|what do(?:es)? .* (?:mean|stand for)",
        r"^what(?: is|'s) [\w-]+(?= ?\??$)|defin(?:e|itions?)",
    ),
    Intent.FACT: (
        r"combien|conbien|quand|(?:en )?quelle annee|quelles? dates?|chiffres?(?: cles?)?|quelles? structures?",
        r"quel(?:le)?s? (?:est |sont )?(?:la |les? |l')?(?:montants?|pourcentages?|taux|nombre|budgets?|delais?|effectif)",
        r"quelle (?:est )?(?:la )?(?:part|proportion|surface|superficie|frequence|duree|hauteur)",
        r"(?:dans|sur|a) quel(?:le)?s? (?:villes?|regions?|communes?|marches?|date|frequence|hauteur)",
        r"^(?:et )?(?:qui|ou)|(?:c'est|par|avec|de|a|pour|chez) qui(?! s'adresser)",
        r"ou (?:se (?:trouve|situe)\w*|est|sont|et quand)",
        r"quels? (?:sont les )?(?:acteurs|organismes|partenaires|financeurs) (?:de|du|qui|ont|sont)",
        r"how (?:many|much|often|long|old)|when|where|who|whose|which (?:year|town|city|region)",
        r"what (?:is the |was the )?(?:share|percentage|year|number|date|amount|budget|proportion)",
    ),
    Intent.HOW_TO: (
        r"comment|leviers?|moyens?|que (?:peut|peuvent|doit|pouvons)|(?:que|quoi) faire|que mettre en place",
        r"(?:de|par) quel(?:le)?s? (?:facons?|manieres?|biais|methodes?)|methodes?|solutions?|pistes?|etapes?|outils?",
        r"conseils?|conseillez|recommand(?:er|ez|ations?)|demarches? (?:a|pour)|a qui s'adresser|mode d'emploi",
        r"how|ways? to|steps? to|what can",
    ),
}
_COMPILED = tuple((intent, re.compile(rf"(?<!\w)(?:{'|'.join(kinds)})(?!\w)")) for intent, kinds in _INTENTS.items())


def intent_of(question: str) -> Intent:
    """What `question` asks for, by its words, French or English."""
    folded = fold(question.replace("’", "'"))
    return next((intent for intent, pattern in _COMPILED if pattern.search(folded)), Intent.GENERAL)


# Tags, and what looks like a call of a function: code is English to whoever counts words.
_MARKUP = re.compile(r"<[^<>]*>|\w+\([^()]*\)")


def is_english(question: str) -> bool:
    """Whether it is English: by its function words ("on", "a" and the like count for neither), else by its other words.

    What neither tells is taken for French; so are words that French lacks only because their accents were left out.
    """
    words = re.findall(r"[^\W\d_]+", question.lower())
    english = sum(word in ENGLISH_WORDS - _FRENCH for word in words)
    french = sum(word in _FRENCH - ENGLISH_WORDS for word in words)
    if english != french:
        return english > french
    # Names are of no language; nor are sigles.
    small = [word for word in re.findall(r"[^\W\d_]{3,}", _MARKUP.sub(" ", question)) if word.islower()]
    known = [(is_french(word), simplemma.is_known(word, lang="en")) for word in small]
    return sum(e and not f for f, e in known) > sum(f and not e for f, e in known)


@lru_cache(maxsize=8192)
def is_french(word: str) -> bool:
    """Whether French has the word, whatever accents were left out of its first four letters that bear one."""
    places = [position for position, letter in enumerate(word) if letter in "eioauc"][:4]
    for letters in product(*(_LEFT_OUT[word[place]] for place in places)):
        accented = list(word)
        for place, letter in zip(places, letters, strict=True):
            accented[place] = letter
        if simplemma.is_known("".join(accented), lang="fr"):
            return True
    return False


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
    signifie signifier aimerais voudrais voudrions déjà projet soutenu soutenue mené menée mettre passer lancé lancée réalisé
    passe
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
# Thousands are parted by a space of any width, or by a point; a year before a figure is not part of it.
_FIGURE = re.compile(r"(?<![\w,.])(?:(?P<parted>\d{1,3}(?:[ .\u00a0\u202f\u2009]\d{3})+)|\d{2,})(?:[.,]\d+)?(?!\w)")


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
    """Figures of two digits or more, as written but for what parts thousands ("20 000": "20000"); years are figures."""
    return frozenset(figures_written(text))


def figures_written(text: str) -> dict[str, str]:
    """The figures of `figures_in`, each with how the text writes it first."""
    written: dict[str, str] = {}
    for match in _FIGURE.finditer(text):
        parted = match["parted"] or ""
        figure = re.sub(r"\D", "", parted) + match.group()[len(parted) :]
        written.setdefault(figure, match.group())
    return written
