"""Texts that turn to a machine instead of a reader: orders to whoever writes the answer, and what hides them. Pure.

A publication speaks of towns and funds. What speaks of "your answer", of "passage [3]" or of an assistant's rules was put there
for a model to obey, and so was what no reader sees. It is told by what it speaks of, in an order's form. No list of attacks is
complete, which is why what a model writes is judged by its sources all the same.

On the corpora of the evals (645 sentences) two are told, both made as attacks; of the 20 poisoned passages of the red team that
are marked dev all but one, a plain lie.
"""

from __future__ import annotations

import re
import unicodedata

from ingest.index.analyser import fold

# What an order to a machine is about: its answer, its rules, itself, the text that it reads.
_ABOUT = re.compile(
    r"\b(?:(?:votre|vos|ta|tes|toute|chaque|la seule|sa|your|every|each|any) (?:\w+ )?"
    r"(?:reponses?|answers?|repl(?:y|ies)|outputs?|messages?(?: systeme)?)"
    r"|(?:de|dans|a) la reponse\b|(?:message|invite|prompt)s? systeme|system (?:prompt|message)|prompt"
    r"|avant de repondre|(?:en|pour) repondant|(?:assistant|chatbot|modele de langue|language model|llm|freebot|bot)\b"
    r"|(?:vos|tes|your|previous|all|any) (?:\w+ )?(?:instructions?|consignes|regles|rules)"
    r"|passages? (?:numerotes?|\(?\[?\d)|numeros? (?:du|de) passage|le chat\b|l'outil qui lit|code block"
    r"|citation marks?|marques? de citation)"
)
# The form of an order, in French and English.
_ORDER = re.compile(
    r"\b(?:[a-z]{3,}ez(?:-[a-z]+)?|doit|doivent|devez|dois|sera|seront|commence|termine\w*|ne cite|admise?|vous etes|tu es"
    r"|ajouter|ecrire|recopier\w*|repondre|citer|inserer|you (?:are|must|will)|must|ignore|print|reply|answer|respond|repeat"
    r"|output|write|say|start|never|always)\b"
)
# An order to write just that, whoever it is given to.
_DICTATES = re.compile(
    r"\b(?:reply|respond|answer) with\b"
    r"|\b(?:ecri[vs]\w*|repond\w*|affirm\w+|considere[zr]|insere[zr]|reprodui\w+|recopi\w+|indique[zr]|annonce[zr])"
    r" (?:que|ceci|exactement|seulement|uniquement|integralement|dans|l'image|la commande|le lien|les consignes)\b"
    r"|\b(?:delete|drop|run|exec|curl|wget)[_(]?\w*\(|!run\b|\bcurl http"
)
# What no publication is written in: passage numbers, tags, calls of tools, links in markup, disguised addresses, coded text.
_MACHINE = re.compile(
    r"\bpassages? \[\d|</?[a-z_]{3,}>|\{\s*\"|\]\(|\bhxxps?\b|\[\.\]|\bsprachmodell\b|\bdecode[zr]\b"
    r"|\bla phrase suivante\b|(?-i:\b(?=\S*\d)(?=\S*[a-z])[A-Za-z0-9+/]{40,}={0,2})",
    re.IGNORECASE,
)
# Directional marks, joiners between letters, tags: a line of French has none.
_HIDDEN = re.compile("[\u202a-\u202e\u2066-\u2069\u200b\u2060-\u2064\U000e0000-\U000e007f]")


def orders_a_machine(text: str) -> bool:
    """Whether `text`, a sentence, is one."""
    if _HIDDEN.search(text) or _MACHINE.search(text):
        return True
    plain = fold(" ".join(unicodedata.normalize("NFKC", text).replace("’", "'").split()))
    return bool(_DICTATES.search(plain) or (_ABOUT.search(plain) and _ORDER.search(plain)))


def is_foreign_script(text: str) -> bool:
    """Whether letters of another script than the Latin one are more than a name in it."""
    letters = [char for char in text if char.isalpha()]
    others = sum("LATIN" not in unicodedata.name(char, "") for char in letters)
    return others > max(2, len(letters) // 10)
