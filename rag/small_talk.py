"""Greetings, thanks and the like: the one list, for what is no question and for what changes no subject.

Pure; refuses nothing.
"""

from __future__ import annotations

import re

from ingest.index.analyser import fold

_GREETINGS = (
    r"bonjour|bonsoir|salut|coucou|bjr|bsr|hello|hi|hey|good (?:morning|afternoon|evening)|a tou(?:s|tes)"
    r"|madame|monsieur|mesdames|messieurs|l'assistant|assistant|(?:comment )?ca va(?: bien)?|comment (?:allez-vous|vas-tu)"
)
_INFORMATION = (
    r"(?:ce|cet|cette|ces|ton|ta|tes|votre|vos|toutes ces|tous ces|les?|la|l'|the|your|this|that) ?"
    r"(?:(?:premiere?s?|bonne?s?|precieu\w+) )?(?:infos?|informations?|reponses?|aide|exemples?|precisions?|details?"
    r"|explications?|conseils?|eclairages?|liens?|pistes?|retours?|help|answers?|examples?)"
)
_THANKS = (
    rf"(?:(?:un )?grand |mille )?mercis?(?: (?:beaucoup|bien|infiniment|encore))?"
    rf"(?: (?:pour|de) {_INFORMATION}| pour tout| a (?:vous|toi))?"
    rf"|(?:many )?thanks(?: (?:a lot|so much|very much|a million|again))?(?: for {_INFORMATION})?"
    rf"|thank you(?: (?:so much|very much|again))?(?: for {_INFORMATION})?|thx"
)
_CLOSINGS = (
    r"(?:c'est |that's )?(?:tres )?(?:ok|okay|d'accord|parfait|super|genial|bien|top|nickel|cool|bravo|excellent|clair|note"
    r"|interessant|utile|great|perfect|fine|good|nice)(?: (?:beaucoup|bien))?|tout est clair|entendu|compris|ca marche"
    r"|tant mieux|au revoir|bonne (?:journee|soiree|continuation)|a bientot|a plus(?: tard)?|bye(?: bye)?|goodbye"
    r"|have a nice day"
)
_END = r"[ ,.!:;…\-]*"
_SMALL_TALK = re.compile(
    rf"(?:(?:oui|non|yes|no)\b{_END})?(?:(?:et )?(?:{_GREETINGS}|{_THANKS}|{_CLOSINGS})(?!\w){_END})+\??"
)
_GREETED = re.compile(rf"\b(?:{_GREETINGS})(?!\w)")
_THANKED = re.compile(r"\b(?:mercis?|thanks|thank you|thx)\b")


def is_small_talk(text: str) -> bool:
    """Whether `text` greets, thanks, approves or takes leave, and says nothing else."""
    return _SMALL_TALK.fullmatch(_plain(text)) is not None


def is_thanks(text: str) -> bool:
    """Whether small talk thanks, approves or takes leave, and does not merely greet."""
    plain = _plain(text)
    return is_small_talk(text) and (_THANKED.search(plain) is not None or _GREETED.search(plain) is None)


def _plain(text: str) -> str:
    return " ".join(fold(text.replace("’", "'")).split())
