"""Whether a question has a word that says what it is about. Pure but for the gazetteer; refuses nothing."""

from __future__ import annotations

import re

from ingest.index.analyser import analyse, fold
from ingest.territories import Gazetteer
from rag.language import ENGLISH_WORDS, asked_for

# Words that the analyser keeps and that name nothing: answers, interjections, words of manner and time.
_EMPTY_FRENCH = frozenset(
    """oui non si ouais nan ok okay hein bah ben euh heu hum ah oh eh hop lol mdr haha bof voila allo pas sans hors bien mal
    vrai vraiment faux rien quelque quelqu'un chose choses truc trucs machin ici maintenant aujourd'hui toujours jamais tres
    trop deja encore plutot seulement uniquement cela fois sorte genre suite reste point points savoir sais sait dire dis dit
    dites comprends compris comprendre pense veux voudrais voulais s'il plait plaisir svp stp merci bonjour salut""".split()
)
_EMPTY_ENGLISH = frozenset(
    "yes no yeah yep nope lot thing things stuff well really very too again hello thanks thank".split()
)
_EMPTY = frozenset(term for word in _EMPTY_FRENCH | _EMPTY_ENGLISH for term in analyse(word))


def has_content(question: str, gazetteer: Gazetteer, *, narrowed: bool = False) -> bool:
    """Whether it names a subject or a place. `narrowed`: filters were typed, so that "quels projets ?" asks something."""
    words = " ".join(word for word in re.findall(r"[^\s,;:.!?…]+", question) if fold(word) not in ENGLISH_WORDS)
    # A single letter names nothing ("l'l'l'l'"), nor does a number that is no year ("le 12").
    terms = {term for term in analyse(words) if len(term) > (3 if term.isdigit() else 1)} - _EMPTY
    subject = terms if narrowed else terms & asked_for(words, or_all=False)
    return bool(subject or gazetteer.asked_about(question))


def is_french_filler(question: str) -> bool:
    """Whether all its words are French ones that name nothing: "non", which English has too, is answered in French."""
    words = re.findall(r"\w+(?:'\w+)?", fold(question.replace("’", "'")))
    return all(word in _EMPTY_FRENCH for word in words)
