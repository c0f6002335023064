"""One place of a question for another.

In: the place that a follow-up names, and the question that it follows. Out: the question there, or None when the follow-up is
no place. Pure but for the gazetteer; refuses nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.index.analyser import analyse
from ingest.territories import Gazetteer
from rag.conversation import wording
from rag.conversation.subject import bare_name
from rag.conversation.wording import folded
from rag.language import asked_for, is_english

_IN = r"(?:a la|a l'|au|aux|a|en|dans la|dans les|dans le|dans l'|dans|de la|de l'|du|des|de|d'|sur|pour|in|of|from)"
# Words that a follow-up about a place may have besides ("et à Bordeaux, ça existe ?").
_FILLING = re.compile(
    r"\b(?:comment (?:ca|cela) (?:se passe|marche|fonctionne)|(?:ca|cela) se passe comment"
    r"|ca|cela|existe|existent|aussi|par exemple|ca donne quoi|il y a quoi|qu'en est-il|y a-t-il"
    r"|c'est pareil|alors|plutot|seulement|uniquement)\b|[?,]"
)
# A place that the gazetteer lacks ("aux Antilles", "dans le quartier de la Belle de Mai"); a sigle is none.
_UNKNOWN_PLACE = re.compile(
    r"(?:[àa]|aux?|en|dans (?:la |les? |l['’])?(?:quartiers? (?:du |des |d['’]|de )?)?) ?(?:la |les? |l['’])?"
    r"[A-ZÀ-Ý][a-zà-ÿ]+(?:[- ](?:de |la |du |des |les? )*[A-ZÀ-Ý][\w]+)*"
)
_ELSEWHERE = "dans d'autres territoires"
# Prepositions of being somewhere, which depend on the name: "à Rennes", "en Normandie", "au Havre".
_AT = frozenset({"a", "au", "aux", "a la", "a l'", "en", "dans", "dans la", "dans le", "dans les", "dans l'"})
# Departments that one is at and not in.
_ISLANDS = frozenset({"reunion", "mayotte"})
_PREPOSED = re.compile(r"(?:a|aux?|en|dans|de|du|des|d'|pour|sur|chez|in|of|for|at)\b")
_OF = frozenset({"de", "d'", "du", "des", "de la", "de l'", "of"})
# "et celui de Grande-Synthe ?"
_THE_ONE = re.compile(r"(?:celui|celle|ceux|celles) (?=(?:de|du|des|a|au|aux|en|dans)\b|d')")


def replaced_place(asked: str, topic: str, gazetteer: Gazetteer) -> str | None:
    """`topic` about the place that `asked` consists of; None when `asked` is no place."""
    the_one = _THE_ONE.match(folded(asked))
    phrase = _place_phrase(asked[the_one.end() :] if the_one else asked, gazetteer)
    if phrase is None:
        return None
    named = _said_in(_named_alone(phrase) if the_one else phrase, topic, gazetteer)
    for start, end, preposition in _places_in(topic, gazetteer):
        there = phrase if the_one and preposition in _OF else _after(preposition, named, topic[start:], gazetteer)
        return f"{topic[:start]}{there}{topic[end:]}"
    return f"{topic.strip().rstrip(' ?.!')} {phrase if the_one else named}"


def place_named(asked: str, gazetteer: Gazetteer) -> str | None:
    """The place that a question asks about and nothing else ("que fait Nantes"), with its article; None otherwise."""
    names = sorted((*gazetteer.find(asked), *gazetteer.asked_about(asked)), key=len, reverse=True)
    for name in names:
        found = re.search(rf"(?:\b(?:la|le|les) |\bl')?\b{re.escape(folded(name))}\b", folded(asked))
        if found and not asked_for(asked, or_all=False) - set(analyse(name)):
            return asked[found.start() : found.end()]
    return None


def _after(preposition: str, phrase: str, replaced: str, gazetteer: Gazetteer) -> str:
    """`phrase` as it stands in the place of `replaced`, which begins with `preposition`, folded."""
    bare = bare_name(phrase)
    if preposition in {"de", "d'", "of"} and folded(phrase).startswith(("a ", "in ")):
        return f"{preposition} {bare}"
    if preposition in _AT and not _PREPOSED.match(folded(phrase)):
        return _located(phrase, gazetteer)
    if preposition and folded(bare) == folded(phrase):
        return f"{replaced[: len(preposition)]} {bare}"
    return phrase if preposition else bare


def _named_alone(phrase: str) -> str:
    """A place as it is named: "du Havre" is "le Havre", "de Lens" is "Lens"."""
    plain = folded(phrase)
    for contracted, article in (("du ", "le "), ("des ", "les "), ("de la ", "la "), ("de l'", "l'")):
        if plain.startswith(contracted):
            return article + phrase[len(contracted) :]
    lead = re.match(r"de |d'", plain)
    return phrase[lead.end() :] if lead else phrase


def _place_phrase(asked: str, gazetteer: Gazetteer) -> str | None:
    plain = folded(asked)
    if plain.strip() == "ailleurs":
        return _ELSEWHERE
    generic = wording.GENERIC_PLACE.match(plain)
    if generic and not _FILLING.sub("", plain[generic.end() :]).strip():
        return asked[: generic.end()]
    kept = _FILLING.sub(lambda found: " " * len(found.group()), plain)
    # What asks by itself ("que fait Redon Agglomération") is no place.
    if wording.QUESTION_WORD.search(re.sub(r"(?<=\w )ou\b", "  ", kept)):
        return None
    names = gazetteer.asked_about(asked) | gazetteer.asked_about(f"{asked[:1]}{asked[1:].title()}")
    if not names:
        return asked if _UNKNOWN_PLACE.fullmatch(asked) else None
    besides = re.sub(r"^(?:in|at|for|from|around) ", "", kept.strip())
    if set(analyse(bare_name(besides))) - {term for name in names for term in analyse(name)}:
        return None
    phrase = asked[len(kept) - len(kept.lstrip()) : len(kept.rstrip())].strip()
    return re.sub(r"^a (?=\w)", "à ", phrase)


def _said_in(phrase: str, topic: str, gazetteer: Gazetteer) -> str:
    """The place as the topic's language says it: "in Nantes" is "à Nantes" after a French question, "pour Lens" is "à Lens"."""
    lead = re.match(r"(?:in|at|for|pour) (?=[A-ZÀ-Ý])", phrase)
    if lead is None or is_english(topic):
        return phrase
    name = phrase[lead.end() :]
    kinds = {gazetteer.kind_of(found) for found in gazetteer.asked_about(name)}
    return f"{'en' if kinds & {'region', 'pays'} else 'à'} {name}"


def _located(named: str, gazetteer: Gazetteer) -> str:
    """A place named with its article or without, as where something is: "la Normandie" -> "en Normandie"."""
    bare = bare_name(named)
    article = folded(named[: len(named) - len(bare)]).strip()
    kinds = {gazetteer.kind_of(found) for found in gazetteer.asked_about(named)}
    if folded(bare) in _ISLANDS:
        return f"à {named}"
    if kinds & {"region", "pays", "departement"} and "commune" not in kinds:
        return f"dans {named}" if article in {"le", "les"} else f"en {bare}"
    return {"le": f"au {bare}", "les": f"aux {bare}"}.get(article, f"à {named}")


def _places_in(topic: str, gazetteer: Gazetteer) -> Iterator[tuple[int, int, str]]:
    """Where the topic names places, each with the preposition before it: start, end, preposition."""
    plain = folded(topic)
    names = sorted((*gazetteer.find(topic), *gazetteer.asked_about(topic)), key=len, reverse=True)
    for name in names:
        # "Le Havre" stands in "au Havre".
        bare = re.sub(r"^(?:le |la |les |l')", "", folded(name))
        found = re.search(rf"(?:\b({_IN}) ?)?(?:(?:la|le|les|l') ?)?\b{re.escape(bare)}\b", plain)
        if found:
            yield found.start(), found.end(), found.group(1) or ""
    fixed = [found.span() for found in wording.FIXED.finditer(plain)]
    generic = wording.GENERIC_PLACE.search(plain)
    if generic and not any(start < generic.end() and generic.start() < end for start, end in fixed):
        yield generic.start(), generic.end(), "dans"
