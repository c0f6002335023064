"""What questions are made of, for completing one from another: patterns and word lists. Data and small pure functions.

Patterns are over folded text (`folded`), which is as long as the text itself, so that what they find can be cut out of it.
"""

from __future__ import annotations

import re

import simplemma

from ingest.index.analyser import fold

# Terms of its own that make a question whole.
WHOLE = 2
# What opens a follow-up and says nothing of its subject.
OPENERS = re.compile(
    r"^(?:(?:et|mais|alors|donc|sinon|aussi|quid (?:de la|de l'|des|du|de|d')|quid|(?:d'accord|super|parfait"
    r"|merci|tres bien|bien)(?=[ ,.!])|eux(?=,)|elles(?=,)|and|but|what about|how about|pareil|idem"
    r"|meme (?:chose|question)|de meme|ok|oui)\b[ ,:.!]*)+"
)
POLITE = re.compile(r"[ ,]*\b(?:svp|stp|s'il (?:vous|te) plait|please|merci)\b[ ,]*")
# The last takes what is beyond the others; an answer has no such point.
ORDINALS = (
    (re.compile(r"\b(?:avant[- ]dernie?re?|second to last)\b"), -2),
    (re.compile(r"\b(?:dernie?re?|last)\b"), -1),
    (re.compile(r"\b(?:premie?re?|1 ?(?:er|ere|re)|first|1st)\b"), 1),
    (re.compile(r"\b(?:deuxieme|seconde?|2 ?(?:e|eme|nd|nde)|second|2nd)\b"), 2),
    (re.compile(r"\b(?:troisieme|3 ?(?:e|eme)|third|3rd)\b"), 3),
    (re.compile(r"\b(?:quatrieme|4 ?(?:e|eme)|fourth|4th)\b"), 4),
    (re.compile(r"\b(?:cinquieme|5 ?(?:e|eme)|fifth|5th)\b"), 5),
    (re.compile(r"\b(?:sixieme|6 ?(?:e|eme)|sixth|6th)\b"), 6),
    (re.compile(r"\b(?:septieme|7 ?(?:e|eme)|seventh|7th)\b"), 7),
    (re.compile(r"\b(?:huitieme|8 ?(?:e|eme)|eighth|8th)\b"), 8),
    (re.compile(r"\b(?:neuvieme|9 ?(?:e|eme)|ninth|9th)\b"), 9),
    (re.compile(r"\b(?:dixieme|10 ?(?:e|eme)|tenth|10th)\b"), 10),
    (re.compile(r"\b(?:(?:on|dou|trei|quator|quin|sei|vingt|tren|cent)\w*ieme|\d\d+ ?(?:e|eme|th))\b"), 99),
)
NUMBERED = re.compile(
    r"\b(?:(?:points?|levier|exemple|idee|piste|citation|element|item|proposition|numero|n°) ?(?:n° ?)?"
    r"|(?:detaille\w*|developpe\w*|explique\w*"
    r"|precise\w*|sur) (?:le |la |les )?(?:points? |n° ?)?)(\d{1,2}|un|deux|trois|quatre|cinq|six|sept|huit|neuf|dix)\b(?! \w)"
)
POINT = re.compile(
    r"\b(?:points?|leviers?|exemples?|idees?|pistes?|citations?|elements?|items?|propositions?|examples?)\b"
)
DETAIL = re.compile(
    r"\b(?:detaille\w*|details?|developpe\w*|approfondi\w*|(?:en|m'en|nous en) (?:dire|dis"
    r"|dites) (?:un peu )?plus|dis[- ]m'en plus|plus d'infos?"
    r"|plus d'informations?|savoir plus|c'est[- ]a[- ]dire"
    r"|precis(?:e[zr]?|ions?)|expliqu\w+|tell me more|more details?|elaborate|explain)\b"
)
CORRECTION = re.compile(
    r"^(?:non|pardon|desolee?|oups|erreur|plutot|sorry|no)\b[ ,:;.!]*(?:(?:je (?:voulais|veux) (?:dire"
    r"|parler de)|je parlais (?:de la|de l'|des|du|de|d')|c'est|i meant?)\b ?)?"
    r"|^(?:je voulais dire|je parlais (?:de la|de l'|des|du|de|d')|i meant)\b ?"
)
NOT_THIS = re.compile(
    r"^(?:(?:non|pardon)[ ,:]*)?(?:pas|not) (?P<old>[^,;]+?)(?:[,;] *(?:mais |but )?| mais | but )(?P<new>.+)$"
)
EXAMPLE = re.compile(
    r"(?:(?:(?:est-ce que )?(?:peux-tu|pouvez-vous|pourrais-tu|pourriez-vous|(?:tu|vous) (?:peux|pouvez|pourrais|pourriez)"
    r"|can you) (?:me |nous |m'en |nous en )?(?:donner|citer|montrer|indiquer|trouver|proposer|give(?: me)?)"
    r"|(?:je (?:voudrais|veux|cherche)|j'aimerais|il me faudrait)(?: avoir| voir)?"
    r"|(?:donne|montre|cite)[zr]?[- ](?:moi|nous)|y ?a[- ]t?[- ]?il|tu as|vous avez|avez-vous|as-tu|auriez-vous|y a-t-il|il y a"
    r"|donne[zr]?(?:-moi)?|encore|une? autres?|un|une|des|d'autres?|quelques|any|an?|other|more|some"
    r"|have you|do you have|got|plusieurs|le|les|de|d'|par) ?)*"
    r"(?:exemples?|cas|experiences?|illustrations?|examples?|(?:des |quelles )?(?:villes?|communes?"
    r"|collectivites|territoires)"
    r"(?: qui (?:l'ont|le|la|les|en) ?(?:fait|font|fassent|ont fait)?)?)(?: (?:concrets?|precis|inspirants?"
    r"|de terrain|reels?|similaires?|ailleurs))*"
    r"|(?:plus )?concretement|(?:en|dans la) pratique|sur le terrain|dans les faits|in practice"
)
# Others of what was shown, without a word for it.
OTHERS = re.compile(
    r"(?:il y en a |y en a-t-il |tu en as |vous en avez |en avez-vous |as-tu |avez-vous )?(?:d'autres?|une? autre|les autres"
    r"|encore (?:une?|d'autres?)|any others?|others?|another(?: one)?)(?: encore)?"
)
ELLIPSIS = re.compile(
    r"(?:(?:depuis|jusqu'a|pour) quand|quand|ou(?: ca)?|combien(?: (?:aujourd'hui|maintenant|ca coute|en tout"
    r"|exactement))?|(?:avec|par|pour|chez) qui|qui"
    r"|pourquoi|comment|comment ca|a quel prix|a quel cout|quel (?:cout|prix|budget|montant|delai)"
    r"|quelle (?:duree|date|annee)|le cout|le prix|le budget|la duree"
    r"|le calendrier|le delai|les resultats?|les limites?|les couts|since when|when|where|who|how much|how many"
    r"|how|why|with whom)"
)
# Words that stand for something said before.
PRONOUN = re.compile(
    r"^(?:il|elle|ils|elles|on|they|it) |\bl'(?:a|ont|avait|avaient)\b"
    r"|(?<!r )\b(?:sa|son|ses) \w+|\b(?:sa|son|ses) \w+\b(?! (?:de |d'|du |des ))"
    r"|\b(?:eux|elles? aussi|ca|cela|celui-ci|celle-ci"
    r"|ceux-ci|celles-ci|ce (?:dispositif|projet|lieu|statut|schema|fonds|contrat)|cette (?:demarche|structure|aide"
    r"|association|initiative)|leurs?|them|they|their|it|its)\b|\b(?:qui|comment|pourquoi|ou|quand|combien|on"
    r"|peut|peut-on|faut-il|doit-on|faire pour|pour"
    r"|est-ce qu'on|est-ce que .{0,30}) (?:l'|le |la |les |en (?!(?:est|sont)\b)|y |lui |leur )(?!\w+ (?:de|du|des|d')\b)"
    r"|\b(?:peut|peuvent|doit) (?:en|y) \w+|\b(?:a|ont|est|sont|font|fait|coute|existe|dure|fonctionne|marche"
    r"|sert|finance|concerne|apporte|peut|peuvent|doit|doivent"
    r"|va|vont|etait|etaient|cree|regroupe|compte)(?:nt)?(?:-t)?-(?:il|elle|ils|elles)s?\b"
    r"|\bc'est (?:obligatoire|gratuit|cher|legal|possible|quand|ou|qui)\b"
)
# "Combien de familles en bénéficient", "les communes qui y participent".
_HANGING = re.compile(r"\b(?:en|y) (\w+)", re.IGNORECASE)
# Lemmas after which "en" and "y" stand for nothing ("il y a", "où en est", "en moyenne").
_NO_PRONOUN = frozenset({"avoir", "être", "moyenner", "général"})
_NOUNS = frozenset("argent continent orient occident present permanent parent urgent client accident".split())
# "Qui paie le local ?": the one that was spoken of.
THE_ONE = re.compile(r"\b(?:le |la |l['’])(\w+)$", re.IGNORECASE)
# A subject of its own that the verb takes up again: "comment une commune peut-elle aider ses associations".
TAKEN_UP = re.compile(
    r"^(?:comment |pourquoi |quand |ou |combien |en quoi )?(?:une? |les? |la |l'|des |nos |notre )\w.*-(?:il|elle)s?\b"
)
# What stands beside the subject of the topic and not in its place: "du côté des financements".
BESIDE = re.compile(
    r"^(?:du cote d(?:es?|u)|cote|sur|concernant|quant (?:a|aux?)|au sujet d(?:es?|u)|s'agissant d(?:es?|u)"
    r"|sans|hors|entre|contre|par|depuis|selon|du point de vue)\b"
)
REFINEMENT = re.compile(
    r"^(?:sans|avec|hors|dans|pour|en|chez|plutot|seulement|uniquement|surtout|notamment|de preference"
    r"|portee?s?|gere?e?s?|financee?s?|animee?s?|par|depuis|avant"
    r"|apres|a|au|aux|entre|sur|cote|only|without|with|in|for|since)\b"
)
SUBJECT = re.compile(
    r"^(?:(?:pour|sur|avec|du cote d(?:es?|u)|cote|concernant|quant (?:a|aux?)|au sujet d(?:es?|u)"
    r"|s'agissant d(?:es?|u)|cel(?:le|ui|les)|ceux) ?)?"
    r"(?:(?:des?|du|de la|de l'|d'|les?|la|l'|un|une|aux?|the) ?)?"
)
QUESTION_WORD = re.compile(
    r"\b(?:qu'est-ce|c'est quoi|qui|que|quoi|quand|ou|comment|combien|pourquoi|quel(?:le)?s?|est-ce|y a-t-il"
    r"|existe-t-il|faut-il|peut-on"
    r"|what|who|when|where|how|why|which|is|are|does|do|can)\b"
)
# A definition is asked for by name, whatever was said before; the time and the weather are no one's.
DEFINITION = re.compile(
    r"\b(?:c'est quoi|qu'est-ce qu|qu'entend|que (?:veut dire|signifie|designe)|definition|what is|what are)"
)
IMPERSONAL = re.compile(r"\b(?:quel temps|quelle heure|what time|the weather)\b")
# Kinds of places without a name.
GENERIC_PLACE = re.compile(
    r"\b(?:pour|dans|en|a|au|aux) (?:(?:une?|les|des|la|le|l'|d'|nos|votre|notre) ?)?(?:(?:petite?s?|grande?s?"
    r"|autres?) )?"
    r"(?:communes?|villes?|villages?|bourgs?|campagnes?|milieu|zones?|territoires?|intercommunalites?"
    r"|agglomerations?|metropoles?|departements?|regions?"
    r"|quartiers?|outre-mer|centres?-villes?|peripherie)\b(?: (?:rurale?s?|ruraux|rural|moyennes?|urbaine?s?"
    r"|urbain|prioritaires?|populaires?|montagne|littora\w+|de montagne))?"
)
# Words of one kind take each other's place: "l'emploi des femmes", "et pour les jeunes ?".
KINDS = tuple(
    frozenset(words.split())
    for words in (
        "femme homme jeune habitant senior enfant famille salarie benevole etudiant chomeur locataire usager"
        " citoyen parent public retraite refugie"
        " entreprise association bailleur cooperative scic scop regie collectivite commune departement region"
        " etat metropole intercommunalite epci ville mairie"
        " acteur elu agent prefet chantier structure fondation banque centre conseil mutuelle tiers-lieu",
        "local locaux foncier financement subvention argent formation emploi accompagnement materiel logement"
        " budget outil ressource personnel energie alimentation mobilite sante culture",
        "frein levier avantage inconvenient atout limite risque cout etape condition critere effet resultat"
        " objectif enjeu role place",
    )
)
# Expressions of which no part is replaced.
FIXED = re.compile(
    r"\b(?:contrats? de (?:la )?ville|politiques? de la ville|conseils? citoyens?|centres? socia\w+"
    r"|regies? de quartiers?|appels? a projets?"
    r"|economie sociale et solidaire|clauses? sociales?|commande publique|marches? publics?|droit commun)\b"
)


# What is asked for, without the asking ("as-tu").
_EXAMPLES = re.compile(
    r"(?:\b(?:une? autre|une?|des|quelques|plusieurs|an|any|some|more|other) |\bd'autres? )?(?:exempl|example|cas\b|experience)"
)


def example_named(said: str, *, english: bool) -> str:
    """The words that ask for an example, in the language of the question they are said of."""
    plain = folded(said)
    if not english and re.search(r"\b(?:examples?|in practice)\b", plain):
        return "des exemples"
    named = _EXAMPLES.search(plain)
    wanted = said[named.start() :] if named else f"des exemples, {said}"
    return f"{wanted[:1].lower()}{wanted[1:]}"


def has_pronoun(text: str) -> bool:
    """Whether a word of `text` stands for something said before."""
    return PRONOUN.search(folded(text)) is not None or any(
        _is_finite(found.group(1).lower()) for found in _HANGING.finditer(text)
    )


def _is_finite(word: str) -> bool:
    """Whether a word is a verb's finite form and no noun's ("bénéficient", not "place"); gerunds follow "en" as well."""
    lemma = simplemma.lemmatize(word, lang="fr")
    infinitive = lemma != word and lemma.endswith(("er", "ir", "re")) and lemma not in _NO_PRONOUN
    unaccented = lemma == word and re.fullmatch(r"\w{3,}(?<!m)ent", word) is not None and word not in _NOUNS
    return (infinitive and not word.endswith("ant")) or unaccented


def folded(text: str) -> str:
    """`text` in small letters without accents, letter by letter, apostrophes plain: as long as the text."""
    return "".join(_letter(char) for char in text)


def _letter(char: str) -> str:
    plain = "'" if char in "’‘ʼ" else fold(char)
    return plain if len(plain) == 1 else " " if char.isspace() else "?"
