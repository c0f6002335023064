"""Steps on words that are right by themselves and wrong where they stand: a/à, ou/où, dune, des, participles without accent.

Pure. For noisy texts only; `a` is read as à by default only where the text has hardly any à left, because OCR that keeps
some à's is no evidence about the others.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ingest.repair.edits import Edit
from ingest.repair.lexicon import Lexicon
from ingest.repair.reading import Reading
from ingest.repair.spelling import accented_forms

_BE = frozenset("est sont était étaient sera seront serait seraient soit soient été être étant fut furent".split())
_HAVE = frozenset("a ont avait avaient aura auront aurait auraient ayant avoir avons avez".split())
_ADVERBS = frozenset(
    """ainsi alors aussi bien également encore enfin ensuite entièrement fortement largement notamment jamais pas plus
    pleinement récemment souvent surtout toujours très déjà donc jadis désormais particulièrement principalement
    progressivement rapidement réellement spécifiquement directement""".split()
)
_DETERMINERS = frozenset(
    "un une des le la les l du ce cet cette ces son sa ses leur leurs notre nos plusieurs deux trois chaque quelques".split()
)
_SUBJECTS = frozenset("il elle on qui y cela ça ceci ce lui".split())
# "a pour objectif", "a lieu": avoir with a bare noun, the few there are.
_HAD = frozenset(
    "pour lieu besoin vocation droit raison tort trait envie peur conscience connaissance accès été le les".split()
)
# "à cause des", "à force de": nouns that look like verbs before a determiner.
_AT = frozenset("cause force base charge défaut".split())
_SURE = frozenset("travers partir proximité compter destination".split())
# What calls for "à" before un, une, des.
_CALLS = frozenset(
    """accès adaptation aide aides appel appels apport apports attention contribution contributions conforme destination face
    grâce initiation jusque lieu lien liens participation passage propice quant rapport recours référence relatif relative
    relatifs relatives réponse réponses retour soutien soutiens suite et ou favorable utile nécessaire nécessaires""".split()
)
_PLACES = frozenset(
    """moment moments jour jours cas point mesure endroit endroits époque période instant façon lieu lieux ville villes
    quartier quartiers territoire territoires pays région commune là partout""".split()
)
_CLAUSE = frozenset("il ils elle elles on nous vous l les le la un une des ce cette ces".split())
_PRONOUNS = frozenset("il ils elle elles on nous vous".split())
_WITH_DUNE = frozenset("la une cette chaque l grande haute petite belle sa ma ta première".split())


class _Words:
    """The words of a reading with their neighbours; "" beyond the ends, and across punctuation."""

    def __init__(self, reading: Reading) -> None:
        self.text = reading.text
        self.words = reading.words

    def gap(self, index: int) -> str:
        """What stands between word `index - 1` and word `index`."""
        if not 0 <= index <= len(self.words):
            return "\n"
        start = self.words[index - 1].end() if index else 0
        end = self.words[index].start() if index < len(self.words) else len(self.text)
        return self.text[start:end]

    def at(self, index: int) -> str:
        """The word at `index`, as it is written."""
        return self.words[index].group() if 0 <= index < len(self.words) else ""

    def before(self, index: int) -> str:
        """The word before `index` in lower case, if only a space or an apostrophe parts them."""
        return self.at(index - 1).lower() if self.gap(index) in {" ", "'", "’"} else ""

    def after(self, index: int) -> str:
        """The word after `index` in lower case, if only a space parts them."""
        return self.at(index + 1).lower() if self.gap(index + 1) == " " else ""

    def opens(self, index: int) -> bool:
        """Whether the word opens a sentence or a block."""
        before = self.gap(index)
        return index == 0 or "\n" in before or bool(re.search(r"[.!?…][”»\")]*\s", before))

    def edit(self, index: int, replacement: str, step: str) -> Edit:
        word = self.words[index]
        return Edit(start=word.start(), end=word.end(), replacement=replacement, step=step)


def _rule(find: Callable[[_Words, int, Lexicon], str | None], step: str) -> Callable[[Reading, Lexicon], list[Edit]]:
    def apply(reading: Reading, lexicon: Lexicon) -> list[Edit]:
        words = _Words(reading)
        found = ((index, find(words, index, lexicon)) for index in range(len(words.words)))
        return [words.edit(index, new, step) for index, new in found if new is not None and new != words.at(index)]

    return apply


def _dune(words: _Words, index: int, lexicon: Lexicon) -> str | None:
    """`au sein dune collectivité`."""
    if words.at(index) != "dune" or words.before(index) in {"", *_WITH_DUNE}:
        return None
    following = words.after(index)
    return (
        "d'une"
        if following and lexicon.is_noun(following) and following not in {"de", "du", "des", "et", "ou"}
        else None
    )


def _participle(words: _Words, index: int, lexicon: Lexicon) -> str | None:
    """`est engage`, `a éte etablie`, `ont identifie les`, `a finance une étude`."""
    word = words.at(index)
    helper = index - 1
    while words.at(helper).lower() in _ADVERBS and words.gap(helper + 1) == " ":
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
    had = auxiliary in _HAVE and lexicon.is_verb(word) and word not in _AT
    return form if had and words.after(index) in _DETERMINERS else None


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


def _second_person(words: _Words, index: int, lexicon: Lexicon) -> str | None:
    """`des salaries en insertion`: a form that can only be said to someone, in a text that says tu to no one."""
    word = words.at(index)
    if not re.fullmatch(r"\w{3,}es", word) or not word.islower() or not lexicon.only_verb(word):
        return None
    form = f"{word[:-2]}és"
    if words.gap(index) in {"'", "’"}:
        return None
    return form if lexicon.is_participle(form) and words.before(index) not in {"tu", "ne", "te", "t", "n"} else None


def _since(words: _Words, index: int, _lexicon: Lexicon) -> str | None:
    """`des l'amont`, `des lors`: "des" before what no plural article can stand before."""
    if words.at(index) != "des":
        return None
    elided = words.after(index) in {"l", "qu"} and words.gap(index + 2) in {"'", "’"}
    return "dès" if elided or words.after(index) in {"le", "la", "les", "que", "lors", "maintenant"} else None


def _where(words: _Words, index: int, _lexicon: Lexicon) -> str | None:
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


def _near(words: _Words, index: int, _lexicon: Lexicon) -> str | None:
    """`Prés de 190 collectivités`."""
    word = words.at(index)
    if word.lower() not in {"prés", "pres"} or words.after(index) not in {"de", "du", "des", "d"}:
        return None
    return (
        None if words.before(index) in {"les", "des", "ces", "ses", "aux", "nos", "vos", "leurs"} else f"{word[0]}rès"
    )


def _opening_a(words: _Words, index: int, _lexicon: Lexicon) -> str | None:
    """`A Rennes Métropole, un comité`: a sentence does not open with the verb."""
    follows = re.match(r" (?:[^\W_]|[“«])", words.text[words.words[index].end() :])
    return "À" if words.at(index) == "A" and words.opens(index) and follows else None


def _a(words: _Words, index: int, lexicon: Lexicon) -> str | None:
    """`a` that must be à whatever the text: before an infinitive, in peu a peu, vis-a-vis, a travers."""
    if words.at(index) != "a":
        return None
    if words.gap(index) == "-" and words.gap(index + 1) == "-" and words.at(index + 1) != "t":
        return "à"
    before, after = words.before(index), words.after(index)
    if not after or (words.gap(index) in {"'", "’"} and before != "jusqu"):
        return None
    if before == after or before == "jusqu" or (before, after) == ("tout", "fait"):
        return "à"
    if before in _SUBJECTS:
        return None
    return "à" if after in _SURE or lexicon.is_infinitive(after) else None


def _lost_a(words: _Words, index: int, lexicon: Lexicon) -> str | None:
    """`a` in a text that has lost its à's: à, unless something says avoir."""
    if words.at(index) != "a" or words.gap(index) in {"'", "’", "-"} or words.gap(index + 1) in {"-", "'", "’"}:
        return None
    end = words.words[index].end()
    number = re.match(r" \d[\d  ]*", words.text[end:])
    before, after = words.before(index), words.after(index)
    if before in _SUBJECTS:
        return None
    if number:
        return None if words.text[end + number.end() :].lstrip().startswith(("ans ", "ans,", "ans.")) else "à"
    if not after:
        return "à" if re.match(r" [“«\"]", words.text[end:]) else None
    return None if _is_had(words, index, lexicon) else "à"


def _is_had(words: _Words, index: int, lexicon: Lexicon) -> bool:
    """Whether what follows `a` makes it the verb avoir."""
    before, after = words.before(index), words.after(index)
    capital = words.at(index + 1)[0].isupper()
    if capital or after in _CALLS:
        return False
    if after in _HAD:
        return True
    if after in {"un", "une", "des", "plusieurs", "deux", "trois", "son", "sa", "ses", "leur"}:
        calls = not before or before in _CALLS or _governs(before, lexicon)
        return not calls
    verb = index + 1
    if (after, words.after(index + 1), words.after(index + 2)) in {("peu", "a", "peu"), ("peu", "à", "peu")}:
        verb += 3
    while words.at(verb).lower() in _ADVERBS:
        verb += 1
    return lexicon.is_participle(words.at(verb)) or (after in _ADVERBS and after not in {"plus", "bien"})


def _governs(word: str, lexicon: Lexicon) -> bool:
    """`répond a une`, `destiné a des`, `permettre a des`: a verb does not stand before the verb avoir."""
    return lexicon.only_verb(word) or lexicon.is_participle(word) or lexicon.is_infinitive(word)


def lost_grave(reading: Reading) -> bool:
    """Whether OCR has lost the à's: at most one is left for six `a`."""
    plain = sum(word.group() == "a" for word in reading.words)
    grave = sum(word.group() == "à" for word in reading.words)
    return grave * 6 <= plain


def _when_lost(step: Callable[[Reading, Lexicon], list[Edit]]) -> Callable[[Reading, Lexicon], list[Edit]]:
    def apply(reading: Reading, lexicon: Lexicon) -> list[Edit]:
        return step(reading, lexicon) if lost_grave(reading) else []

    return apply


def _when_nobody_is_told(step: Callable[[Reading, Lexicon], list[Edit]]) -> Callable[[Reading, Lexicon], list[Edit]]:
    def apply(reading: Reading, lexicon: Lexicon) -> list[Edit]:
        return [] if any(word.group().lower() == "tu" for word in reading.words) else step(reading, lexicon)

    return apply


dune = _rule(_dune, "context:dune")
participles = _rule(_participle, "context:participle")
second_person = _when_nobody_is_told(_rule(_second_person, "context:participle"))
since = _rule(_since, "context:dès")
where = _rule(_where, "context:où")
near = _rule(_near, "context:près")
opening_a = _rule(_opening_a, "context:À")
certain_a = _rule(_a, "context:à")
lost_a = _when_lost(_rule(_lost_a, "context:à"))
