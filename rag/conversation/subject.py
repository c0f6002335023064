"""What a question is about, as a phrase: of "Comment lancer une ressourcerie ?" it is "lancer une ressourcerie".

Pure; refuses nothing.
"""

from __future__ import annotations

import re

from rag.conversation.wording import folded

_ARTICLE = r"(?:une? |les? |la |l'|des |du |de la |de l'|d'|cette |ces |ce )"
# What stands before the subject of a question, over folded text; the first that matches is taken off.
_FRAMES = tuple(
    re.compile(pattern)
    for pattern in (
        r"^(?:qu'est-ce qu(?:e |')|c'est quoi |qu'entend-on par |que (?:veut dire|signifie|designe|recouvre) "
        r"|definition d(?:e |')"
        r"|a quoi (?:sert|servent|correspond(?:ent)?) |en quoi consistent? |parle[zr]?-moi d(?:e |u |es |'))",
        r"^(?:qui (?:sont|est) |que (?:font|fait|font) |quel(?:le)?s? (?:est|sont) (?:le |la |les )?(?:roles?"
        r"|missions?|place) d(?:e |u |es |'))",
        r"^quel(?:le)?s? (?:est|sont|etai(?:t|ent)) (?:le |la |les |l')?",
        r"^(?:y a-t-il |existe-t-il |avez-vous |as-tu |connaissez-vous |auriez-vous )(?:une? |des |d')?",
        r"^(?:un |des |d'autres |quels |quelques )?exemples? d(?:e |es |u |')",
        r"^(?:comment|pourquoi|que faire|par quel moyen|how (?:can|do|does|to|should)(?: we| one| a \w+)?"
        r"|why)(?: (?:peut-on|faire pour|pouvons-nous|fonctionnent|fonctionne|marchent|marche))? ",
        r"^(?:quel(?:le)?s? |which |what (?:is|are) (?:an? |the )?|what )",
        r"^(?:combien d(?:e |')|depuis quand |quand |ou )",
    )
)


# What a point of an answer is asked for with; no subject.
MORE_OF = "Plus de détails : "


def without_aside(question: str) -> str:
    """A question that was completed before ("x : qui l'anime ?") without what was put after its subject."""
    return question.removeprefix(MORE_OF).strip().rstrip(" ?.!…").partition(" : ")[0]


def subject_of(question: str) -> str:
    """Without interrogative and question mark; of a question that was completed before its subject."""
    text = without_aside(question)
    plain = folded(text)
    for frame in _FRAMES:
        found = frame.match(plain)
        if found and len(plain) - found.end() >= 3:
            return text[found.end() :].strip()
    return text


def sentence(text: str) -> str:
    """With a capital, and a question mark set as French sets it."""
    bare = text.strip().rstrip(" ?.!…,;:")
    return f"{bare[:1].upper()}{bare[1:]} ?"


def bare_name(phrase: str) -> str:
    """A phrase without its preposition and article: "à la Réunion" is "Réunion", "les bailleurs" is "bailleurs"."""
    found = re.match(
        rf"(?:(?:(?:aux?|a|en|dans|de|du|des|pour|sur|chez|in|of|for)\b|d') ?)?(?:{_ARTICLE})?", folded(phrase)
    )
    return phrase[found.end() :].strip() if found and found.end() < len(phrase) else phrase
