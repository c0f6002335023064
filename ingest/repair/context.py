"""Steps on words that are right by themselves and wrong where they stand: participles without accent, dune, ou/où, des.

Pure. For noisy texts only. `a` and à have a module of their own (`grave`).
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ingest.repair.edits import Edit
from ingest.repair.lexicon import Lexicon
from ingest.repair.neighbours import ADVERBS, DETERMINERS, Words, rule
from ingest.repair.reading import Reading
from ingest.repair.spelling import accented_forms

_BE = frozenset("est sont était étaient sera seront serait seraient soit soient été être étant fut furent".split())
_HAVE = frozenset("a ont avait avaient aura auront aurait auraient ayant avoir avons avez".split())
# "est divise par": what follows a participle and hardly a noun.
_BY = frozenset("par depuis entre".split())
# "à cause des", "à force de": nouns that look like verbs before a determiner.
_AT = frozenset("cause force base charge défaut".split())
_PLACES = frozenset(
    """moment moments jour jours cas point mesure endroit endroits époque période instant façon lieu lieux ville villes
    quartier quartiers territoire territoires pays région commune là partout""".split()
)
_CLAUSE = frozenset("il ils elle elles on nous vous l les le la un une des ce cette ces".split())
_PRONOUNS = frozenset("il ils elle elles on nous vous".split())
_WITH_DUNE = frozenset("la une cette chaque l grande haute petite belle sa ma ta première".split())


def _dune(words: Words, index: int, lexicon: Lexicon) -> str | None:
    """`au sein dune collectivité`."""
    if words.at(index) != "dune" or words.before(index) in {"", *_WITH_DUNE}:
        return None
    following = words.after(index)
    return (
        "d'une"
        if following and lexicon.is_noun(following) and following not in {"de", "du", "des", "et", "ou"}
        else None
    )


def _participle(words: Words, index: int, lexicon: Lexicon) -> str | None:
    """`est engage`, `a éte etablie`, `ont identifie les`, `a finance une étude`."""
    word = words.at(index)
    helper = index - 1
    while words.at(helper).lower() in ADVERBS and words.gap(helper + 1) == " ":
        helper -= 1
    auxiliary = words.at(helper).lower()
    if auxiliary not in _BE | _HAVE or words.gap(helper + 1) != " " or words.gap(index) != " " or not word.islower():
        return None
    form = _accented_participle(word, lexicon)
    if form is None:
        return None
    if not lexicon.known(word) or lexicon.only_verb(word):
        return form
    # A noun too: only "a finance une étude" tells, and "à cause des" does not.
    if not lexicon.is_verb(word) or lexicon.is_participle(word) or word in _AT:
        return None
    telling = DETERMINERS if auxiliary in _HAVE else _BY
    return form if words.after(index) in telling else None


def _accented_participle(word: str, lexicon: Lexicon) -> str | None:
    match = re.fullmatch(r"(\w+?)[eéè](s?)", word)
    if not match or word.endswith(("é", "és")):
        return None
    form = f"{match[1]}é{match[2]}"
    if lexicon.is_participle(form):
        return form
    forms = {
        each for each in accented_forms(word, lexicon) if each.endswith(("é", "és")) and lexicon.is_participle(each)
    }
    return forms.pop() if len(forms) == 1 else None


def _second_person(words: Words, index: int, lexicon: Lexicon) -> str | None:
    """`des salaries en insertion`: a form that can only be said to someone, in a text that says tu to no one."""
    word = words.at(index)
    if not re.fullmatch(r"\w{3,}es", word) or not word.islower() or not lexicon.only_verb(word):
        return None
    form = f"{word[:-2]}és"
    if words.gap(index) in {"'", "’"}:
        return None
    return form if lexicon.is_participle(form) and words.before(index) not in {"tu", "ne", "te", "t", "n"} else None


def _since(words: Words, index: int, _lexicon: Lexicon) -> str | None:
    """`des l'amont`, `des lors`: "des" before what no plural article can stand before."""
    if words.at(index) != "des":
        return None
    elided = words.after(index) in {"l", "qu"} and words.gap(index + 2) in {"'", "’"}
    return "dès" if elided or words.after(index) in {"le", "la", "les", "que", "lors", "maintenant"} else None


def _where(words: Words, index: int, _lexicon: Lexicon) -> str | None:
    """`d'ou`, `au moment ou les`, `la ville ou il`."""
    if words.at(index) != "ou":
        return None
    before, after = words.before(index), words.after(index)
    if words.gap(index) in {"'", "’"} and before == "d":
        return "où"
    if before not in _PLACES:
        return None
    # "la ville ou la région" is a choice; after time and case any clause may follow, after a place only a pronoun.
    clause = (
        _CLAUSE if before in {"moment", "moments", "cas", "mesure", "jour", "instant", "point", "là"} else _PRONOUNS
    )
    return "où" if after in clause else None


def _near(words: Words, index: int, _lexicon: Lexicon) -> str | None:
    """`Prés de 190 collectivités`."""
    word = words.at(index)
    if word.lower() not in {"prés", "pres"} or words.after(index) not in {"de", "du", "des", "d"}:
        return None
    return (
        None if words.before(index) in {"les", "des", "ces", "ses", "aux", "nos", "vos", "leurs"} else f"{word[0]}rès"
    )


def _when_nobody_is_told(step: Callable[[Reading, Lexicon], list[Edit]]) -> Callable[[Reading, Lexicon], list[Edit]]:
    def apply(reading: Reading, lexicon: Lexicon) -> list[Edit]:
        return [] if any(word.group().lower() == "tu" for word in reading.words) else step(reading, lexicon)

    return apply


dune = rule(_dune, "context:dune")
participles = rule(_participle, "context:participle")
second_person = _when_nobody_is_told(rule(_second_person, "context:participle"))
since = rule(_since, "context:dès")
where = rule(_where, "context:où")
near = rule(_near, "context:près")
