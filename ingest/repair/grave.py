"""Steps on a/à, the commonest word that OCR makes of another. Pure; for noisy texts only.

`a` is read as à by default only where the text has hardly any à left: OCR that keeps some is no evidence about the others.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ingest.repair.edits import Edit
from ingest.repair.lexicon import Lexicon
from ingest.repair.neighbours import ADVERBS, Words, rule
from ingest.repair.reading import Reading

_SUBJECTS = frozenset("il elle on qui y cela ça ceci ce lui".split())
# "a pour objectif", "a lieu": avoir with a bare noun, the few there are.
_HAD = frozenset(
    """pour lieu recours besoin vocation droit raison tort trait envie peur conscience connaissance accès été le les
    priori posteriori minima maxima fortiori contrario cappella""".split()
)
_SURE = frozenset("travers partir proximité compter destination".split())
# What calls for "à" before un, une, des.
_CALLS = frozenset(
    """accès adaptation aide aides appel appels apport apports attention contribution contributions conforme destination face
    grâce initiation jusque lieu lien liens participation passage propice quant rapport recours référence relatif relative
    relatifs relatives réponse réponses retour soutien soutiens suite et ou favorable utile nécessaire nécessaires""".split()
)


def _opening_a(words: Words, index: int, _lexicon: Lexicon) -> str | None:
    """`A Rennes Métropole, un comité`: a sentence does not open with the verb."""
    follows = re.match(r" (?:[^\W_]|[“«])", words.text[words.words[index].end() :])
    return "À" if words.at(index) == "A" and words.opens(index) and follows else None


def _a(words: Words, index: int, lexicon: Lexicon) -> str | None:
    """`a` that must be à whatever the text: before an infinitive, in peu a peu, vis-a-vis, a travers."""
    if words.at(index) != "a":
        return None
    if words.gap(index) == "-" and words.gap(index + 1) == "-" and words.at(index + 1) != "t":
        return "à"
    before, after = words.before(index), words.after(index)
    if not after or (words.gap(index) in {"'", "’"} and before != "jusqu"):
        return None
    if before in {after, "jusqu"} or (before, after) == ("tout", "fait"):
        return "à"
    if before in _SUBJECTS:
        return None
    return "à" if after in _SURE or lexicon.is_infinitive(after) else None


def _lost_a(words: Words, index: int, lexicon: Lexicon) -> str | None:
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


def _is_had(words: Words, index: int, lexicon: Lexicon) -> bool:
    """Whether what follows `a` makes it the verb avoir."""
    before, after = words.before(index), words.after(index)
    capital = words.at(index + 1)[0].isupper()
    if capital:
        return False
    if after in _HAD:
        return True
    if after in {"un", "une", "des", "plusieurs", "deux", "trois", "son", "sa", "ses", "leur"}:
        calls = not before or before in _CALLS or _governs(before, lexicon)
        return not calls
    verb = index + 1
    if (after, words.after(index + 1), words.after(index + 2)) in {("peu", "a", "peu"), ("peu", "à", "peu")}:
        verb += 3
    while words.at(verb).lower() in ADVERBS:
        verb += 1
    # "a mise en place", "a durée limitée" are à; "que la mer a façonnée" agrees, and is nothing but a participle.
    agrees = words.at(verb).endswith(("e", "es", "és"))
    participle = lexicon.is_participle(words.at(verb)) and not (agrees and lexicon.is_noun(words.at(verb)))
    return participle or (after in ADVERBS and after not in {"plus", "bien"})


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


opening_a = rule(_opening_a, "context:À")
certain_a = rule(_a, "context:à")
lost_a = _when_lost(rule(_lost_a, "context:à"))
