"""One thing of a question for another: a group for a group, what was meant for what was said.

In: what a follow-up names, and the question that it follows. Out: the question with it in its place, or None when nothing of
its kind stands there. Pure but for the gazetteer; refuses nothing.
"""

from __future__ import annotations

import re

from ingest.index.analyser import analyse
from ingest.territories import Gazetteer
from rag.conversation import wording
from rag.conversation.places import replaced_place
from rag.conversation.subject import bare_name, sentence
from rag.conversation.wording import folded

_DET = r"(?:une? |les? |la |l'|des |du |de la |de l'|d'|aux? |de )"
_COMPLEMENT = re.compile(
    r"^ (?:(?:d'|de |du |des )\w+(?:-\w+)*|socia\w+|prive\w*|publi\w+|solidaires?|citoyens?|locales?|locaux)"
)
_WORD = re.compile(r"\w+(?:-\w+)*")
_FOLLOWED = r"(?= (?:a|au|aux|en|dans|sur|par|avec|pour|sans)\b|[ ?.!]*$)"
_ARTICLED = r"(?:une? |les? |la |l'|des |nos |votre )"


def replaced_thing(asked: str, topic: str) -> str | None:
    """`topic` with the thing that `asked` names in the place of one of its kind; None when there is none."""
    lead = wording.SUBJECT.match(folded(asked))
    new = asked[lead.end() :].strip() if lead else asked
    question_word = re.match(r"(quel(?:le)?s?) (\w+)", folded(asked))
    headed = re.match(r"(quel(?:le)?s?) (\w+)", folded(topic))
    if question_word and headed:
        return asked + topic[headed.end() :]
    inside = _after_same_preposition(asked, topic) if folded(asked).startswith("dans ") else None
    if inside is not None:
        return inside
    if re.match(r"(?:a|au|aux|en|dans|si|ou|quand) ", folded(new)) or wording.BESIDE.match(folded(asked)):
        return None
    span = _sigle_with_article(new, topic) or _alike(new, topic)
    if span is None:
        return _after_same_preposition(asked, topic)
    return f"{topic[: span[0]]}{_fitted(asked, new, topic[span[0] : span[1]])}{topic[span[1] :]}"


def corrected(topic: str, new: str, gazetteer: Gazetteer, *, old: str | None = None) -> str:
    """`topic` with `new` for `old`, or for what is most like it."""
    if old:
        bare = bare_name(old)
        at = folded(topic).find(folded(bare))
        if at >= 0:
            determiner = re.search(rf"\b{_DET}$", folded(topic)[:at])
            start = determiner.start() if determiner else at
            fitted = _fitted(new, bare_name(new), topic[start : at + len(bare)])
            return sentence(topic[:start] + fitted + topic[at + len(bare) :])
    place = replaced_place(new, topic, gazetteer)
    if place is not None:
        return sentence(place)
    there = _after_same_preposition(new, topic)
    if there is not None:
        return sentence(there)
    span = (
        _shared_head(bare_name(new), topic)
        or _sigle_with_article(bare_name(new), topic)
        or _alike(bare_name(new), topic)
    )
    if span is None:
        return sentence(f"{topic.strip().rstrip(' ?.!')} : {new}")
    return sentence(f"{topic[: span[0]]}{_fitted(new, bare_name(new), topic[span[0] : span[1]])}{topic[span[1] :]}")


def _alike(new: str, topic: str) -> tuple[int, int] | None:
    """Where the topic has a thing of the kind of `new`, with its determiner and complement."""
    mine = _kind(new)
    if mine is None:
        return None
    plain = folded(topic)
    fixed = [found.span() for found in wording.FIXED.finditer(plain)]
    for found in reversed(list(_WORD.finditer(plain))):
        inside = any(start < found.start() < end for start, end in fixed)
        other = not set(analyse(found.group())) & set(analyse(new))
        if not inside and other and _kind_of_word(found.group()) is mine:
            return _with_complement(topic, found.start(), found.end())
    return None


def _kind(phrase: str) -> frozenset[str] | None:
    return next((kind for word in _WORD.findall(folded(phrase)) if (kind := _kind_of_word(word))), None)


def _kind_of_word(word: str) -> frozenset[str] | None:
    stems = {word, word.removesuffix("s"), word.removesuffix("x"), re.sub(r"aux$", "al", word)}
    return next((kind for kind in wording.KINDS if stems & kind), None)


def _shared_head(new: str, topic: str) -> tuple[int, int] | None:
    """Where the topic has the first word of `new` with another complement ("bailleurs privés" for "bailleurs"
    " sociaux")."""
    words = _WORD.findall(folded(new))
    if len(words) < 2:
        return None
    found = re.search(rf"\b{re.escape(words[0])}\b(?: \w+)?", folded(topic))
    return found.span() if found else None


def _sigle(new: str, topic: str) -> tuple[int, int] | None:
    if not re.fullmatch(r"[A-ZÀ-Ý]{2,}s?", new.strip()):
        return None
    found = re.search(r"\b[A-ZÀ-Ý]{2,}s?\b", topic)
    return found.span() if found else None


def _sigle_with_article(new: str, topic: str) -> tuple[int, int] | None:
    """Where the topic has a sigle that is its subject, not its setting ("en QPV"), if `new` is one."""
    span = _sigle(new, topic)
    if span is None or re.search(rf"\b(?:en|dans) (?:{_DET})?$", folded(topic)[: span[0]]):
        return None
    return _with_complement(topic, *span)


def _after_same_preposition(asked: str, topic: str) -> str | None:
    """ "pour une épicerie" in the place of "pour un tiers-lieu", "dans le PLU" in that of "dans le contrat de ville"."""
    plain = folded(topic)
    lead = re.match(rf"(pour|dans) {_ARTICLED}", folded(asked))
    if lead is None or plain.count(f" {lead.group(1)} ") != 1:
        return None
    found = re.search(rf"\b{lead.group(1)} {_ARTICLED}.+?{_FOLLOWED}", plain)
    return f"{topic[: found.start()]}{asked}{topic[found.end() :]}" if found else None


def _with_complement(topic: str, start: int, end: int) -> tuple[int, int]:
    plain = folded(topic)
    complement = _COMPLEMENT.match(plain[end:]) or re.match(r"(?: [A-ZÀ-Ý][a-zà-ÿ]\S*)+", topic[end:])
    determiner = re.search(rf"\b{_DET}$", plain[:start])
    return (determiner.start() if determiner else start), end + (complement.end() if complement else 0)


def _fitted(asked: str, new: str, old: str) -> str:
    """`new` with the preposition of what it replaces and an article of its own."""
    was = folded(old)
    lead = re.match(_DET, was)
    if lead is None or bare_name(old) == old:
        return new
    article = re.search(r"(?:^|\b)(les?|la|l'|des|du|de la|un|une|aux?) ?$", folded(asked)[: len(asked) - len(new)])
    plural = bool(article and article.group(1) in {"les", "des", "aux"}) or new.split(maxsplit=1)[0].endswith(
        ("s", "x")
    )
    feminine = bool(article and article.group(1) in {"la", "de la", "une"})
    vowel = folded(new)[:1] in "aeiouyh"
    if lead.group() in {"de ", "d'"}:
        return f"d'{new}" if vowel else f"de {new}"
    if lead.group() in {"du ", "des ", "de la ", "de l'"}:
        return f"des {new}" if plural else f"de l'{new}" if vowel else f"de la {new}" if feminine else f"du {new}"
    if lead.group() in {"un ", "une "}:
        return f"{old[: lead.end()]}{new}"
    if lead.group() in {"au ", "aux "}:
        return f"aux {new}" if plural else f"à l'{new}" if vowel else f"à la {new}" if feminine else f"au {new}"
    return f"les {new}" if plural else f"l'{new}" if vowel else f"la {new}" if feminine else f"le {new}"
