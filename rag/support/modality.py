"""What a sentence says is so, done or a must, against what its evidence says is only possible, planned or allowed.

In: a written sentence and its evidence, both French. Out: "must", "fact", "done", each where something speaks for it.
Compared are the verbs themselves: "doivent prévoir" against "peuvent prévoir". Pure; refuses nothing.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ingest.index.analyser import analyse

_WORD = r"[\w-]+"
_MUST = (
    r"\b(?:doi(?:t|vent)|devra(?:it|ient)?|devront|faut|faudra(?:it)?|obligatoires?|obligatoirement|obligations?|oblig\w+"
    r"|impos\w+|exig\w+|nécessairement|requi\w+|tenue?s? d[e'])\b"
)
# What a guide says without "must" and means so: infinitives ("Prévoir une assurance"), "l'acheteur vérifie".
_ADVISED = r"\b(?:compte[rz]|prévoir|prévoyez|nécessit\w+|vérifi\w+|décid\w+)"
_MAY = r"\b(?:peu(?:t|vent|vez)|pourra(?:it|ient)?|pourront|perm(?:et|ettent)|autoris\w+|possib\w+)"
_POSSIBLE = re.compile(_MAY + r"|\b(?:jusqu|facult|éventuel|propos|au plus|au maximum)")
# The verb that stands behind "may" or "must", of which two words may be adverbs or an object's article.
_HELD = rf"\w*\b(?P<verb>(?:[' ]+{_WORD}){{1,4}})"
_CAN = re.compile(rf"\b(?:peu(?:t|vent|vez)|pourra(?:it|ient)?|pourront)\s+(?:{_WORD}\s+)?(?P<verb>\w+(?:[ei]r|re))\b")
_AUXILIARY = r"(?:a(?! vocation| pour)|ont|avait|avaient|fut|furent|était|étaient|[cs]'est|se sont)"
_PARTICIPLE = r"\w+(?:é|ée|és|ées|i|is|ie|ies|u|us|ue|ues|t|ts|te|tes|s)\b"
_PLANNED = r"(?!annonc|prév|envisag|programm|plani)"
_DONE = re.compile(rf"\b{_AUXILIARY}\s+(?:\w+\s+)?(?:été\s+)?{_PLANNED}(?P<verb>{_PARTICIPLE})")
_FUTURE = re.compile(rf"\b(?:ser(?:a|ont|ait|aient)|être)\s+(?:\w+\s+)?(?P<verb>{_PARTICIPLE})")
_INTENDED = re.compile(
    r"\b(?:vis(?:e|ent|ait|ant)|objectif|afin d|projets? d[e']|prévoi\w+|prévu\w*|envisag\w+|souhait\w+|en cours de"
    r"|prochain\w*|sera|seront|aura|auront|\w+er(?:a|ont|ait|aient))\b"
)


def overstated(sentence: str, evidence: str) -> frozenset[str]:
    """What the sentence says beyond the evidence.

    "must": it obliges where that does not; "fact": it says is so, "done": it says was done, what that leaves open. They catch
    7, 2 and 3 false sentences on dev that nothing else does, and cost no true one.
    """
    said, told = _plain(sentence), _plain(evidence)
    found = set()
    if _obliges(said, told):
        found.add("must")
    if not _POSSIBLE.search(said) and _asserted(said) & _only_possible(told):
        found.add("fact")
    if _is_done(said, told):
        found.add("done")
    return frozenset(found)


def _obliges(said: str, told: str) -> bool:
    if not re.search(_MUST, said):
        return False
    if not re.search(f"{_MUST}|{_ADVISED}", told):
        return True
    return bool(_held(_MUST, said) & _held(_MAY, told) - _held(_MUST, told))


def _is_done(said: str, told: str) -> bool:
    done = [match["verb"] for match in _DONE.finditer(said)]
    if not done:
        return False
    if not _DONE.search(told) and _INTENDED.search(told):
        return True
    planned, so_far = (
        {term for match in pattern.finditer(told) for term in analyse(match["verb"])} for pattern in (_FUTURE, _DONE)
    )
    return any(term in planned - so_far for verb in done for term in analyse(verb))


@lru_cache(maxsize=4096)
def _held(pattern: str, text: str) -> frozenset[str]:
    """Terms of the few words behind each match, among which is the verb that it holds."""
    return frozenset(term for match in re.finditer(pattern + _HELD, text) for term in analyse(match["verb"]))


def _only_possible(told: str) -> frozenset[str]:
    """Verbs that follow "peut" and stand nowhere else."""
    found = {term for match in _CAN.finditer(told) for term in analyse(match["verb"])}
    return frozenset(found) - frozenset(analyse(_CAN.sub(" ", told)))


def _asserted(said: str) -> frozenset[str]:
    """Terms of all words that are no infinitive and no present participle."""
    return frozenset(
        term for word in said.split() if not re.search(r"(?:[ei]r|re|ant)\W*$", word) for term in analyse(word)
    )


def _plain(text: str) -> str:
    return " ".join(text.replace("’", "'").split()).lower()
