"""What nothing that a chat model says may hold, and what language it is in. Pure; refuses nothing: the caller does."""

from __future__ import annotations

import re

from rag.compose.orders import is_foreign_script
from rag.language import is_english

# Markup (AUCUNE_REPONSE included), links, contacts, a tool's call, a prompt's delimiters.
_SIGNS = re.compile(
    r"[<>{}`|\\*_#~^\[\]【】［］]|\+\d|://|\bwww\.|\b(?:javascript|mailto|data):|\S@\S|\b0[\s.-]?[1-9](?:[\s.-]?\d\d){4}\b"
    r"|\b(?:function_call|tool_calls?|assistant|system)\s*[:=(]",
    re.IGNORECASE,
)
# A name of the internet; "habitant.es" and "acteur.rices" are none.
_HOST = re.compile(
    r"\b[\w-]+\.(?!(?:es?|s|(?:ne|le|lle|elle|rice|trice|euse|ve|se|te|i[eè]re|[eè]re|fe|che|onne|enne)s?)\b)[a-z]{2,}\b",
    re.IGNORECASE,
)
# Shorter than this nothing tells a language ("Oui.").
_LEAST_WORDS = 4


def is_forbidden(text: str) -> bool:
    """Whether `text`, a sentence, has markup, a link or a contact in it."""
    return bool(_SIGNS.search(text) or _HOST.search(text))


def speaks(text: str, *, english: bool) -> bool:
    """Whether `text`, a sentence, is English, or French where it is not to be."""
    is_told = len(text.split()) >= _LEAST_WORDS
    return not is_foreign_script(text) and (not is_told or is_english(text) is english)
