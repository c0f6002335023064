"""Follow-up + turns -> a stand-alone question; a new subject stays as it is typed. Never raises; refuses nothing.

The turns are read from the oldest of the last five, so that a chain ("à Rennes", "et à Nantes ?", "et à Dijon ?") keeps its
subject. What comes out is cleaned and cut to the longest question that is allowed, whatever the turns hold: they come from a
page and may be forged, and the completed question passes every check that a typed one does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ingest.index.analyser import analyse
from ingest.territories import Gazetteer
from rag.answer import Turn
from rag.conversation import wording
from rag.conversation.points import point_asked
from rag.conversation.replacing import corrected, replaced_place, replaced_thing
from rag.conversation.subject import sentence, subject_of
from rag.conversation.wording import folded
from rag.language import ENGLISH_WORDS, asked_for, is_english, names_in
from rag.request import MAX_QUESTION, clean_question

_TURNS = 5
# Words of a follow-up that names a thing of its own ("et pour les régies de quartier ?"), and own terms of a whole question.
_SHORT, _WHOLE = 9, 2
# Words of a question that leans on what was said before though no word of it points there.
_FEW = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """A question that stands alone. `follow_up`: it was completed; `detailed`: more of the same is asked for."""

    question: str
    follow_up: bool = False
    detailed: bool = False


def complete(question: str, history: Sequence[Turn], gazetteer: Gazetteer) -> Completed:
    """`question`, completed from the latest turns if it needs them."""
    typed = clean_question(question)
    topic, text = "", ""
    for turn in history[-_TURNS:]:
        earlier = clean_question(turn.question[:MAX_QUESTION])
        found = _completed(earlier, topic, text, gazetteer)
        if found is not None:
            topic = found.question
        elif not _is_small_talk(earlier):
            topic = earlier
        text = turn.text
    found = _completed(typed, topic, text, gazetteer) if topic else None
    if found is None:
        return Completed(question=typed)
    return Completed(question=clean_question(found.question)[:MAX_QUESTION], follow_up=True, detailed=found.detailed)


def _completed(typed: str, topic: str, text: str, gazetteer: Gazetteer) -> Completed | None:
    """The follow-up `typed` to `topic`, whose answer was `text`; None when it stands alone."""
    if not topic or _is_small_talk(typed) or wording.IMPERSONAL.search(folded(typed)):
        return None
    asked = _Asked.of(typed)
    if wording.DEFINITION.search(asked.plain) and _own(asked, topic) and not wording.PRONOUN.search(asked.plain):
        return None
    for rule in _RULES:
        found = rule(asked, topic, text, gazetteer)
        if found is not None:
            return found
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A typed question without opener and politeness, as written and folded. `opened`: it began with "et" or the like."""

    typed: str
    text: str
    plain: str
    opened: bool

    @classmethod
    def of(cls, typed: str) -> _Asked:
        plain = folded(typed)
        opener = wording.OPENERS.match(plain)
        start = opener.end() if opener else 0
        kept = wording.POLITE.sub(lambda found: "\0" * len(found.group()), plain[start:])
        text = "".join(char for char, mark in zip(typed[start:], kept, strict=True) if mark != "\0").strip(" ?.!,;:…")
        return cls(typed=typed, text=text, plain=folded(text), opened=bool(opener))

    @property
    def words(self) -> int:
        return len(self.plain.split())


Rule = Callable[[_Asked, str, str, Gazetteer], Completed | None]


def _is_small_talk(typed: str) -> bool:
    plain = folded(typed).strip()
    return not plain or wording.SMALL_TALK.fullmatch(plain) is not None


def _ordinal(asked: _Asked, _topic: str, text: str, _gazetteer: Gazetteer) -> Completed | None:
    """ "développe le deuxième point": that point's own words."""
    point = point_asked(folded(asked.typed), text)
    return Completed(question=f"Plus de détails : {point}", detailed=True) if point else None


def _detail(asked: _Asked, topic: str, _text: str, _gazetteer: Gazetteer) -> Completed | None:
    """ "plus de détails": the same question, at greater length."""
    if wording.DETAIL.search(folded(asked.typed)) and asked.words <= _SHORT and len(_own(asked, topic)) <= 1:
        return Completed(question=topic, detailed=True)
    return None


def _correction(asked: _Asked, topic: str, _text: str, gazetteer: Gazetteer) -> Completed | None:
    """ "non, les SCIC": the topic with what was meant in the place of what was said."""
    plain = folded(asked.typed)
    instead = wording.NOT_THIS.match(plain.strip(" ?.!"))
    if instead:
        new, old = (
            asked.typed[instead.start("new") : instead.end("new")],
            asked.typed[instead.start("old") : instead.end("old")],
        )
        return Completed(question=corrected(topic, new, gazetteer, old=old))
    lead = wording.CORRECTION.match(plain)
    if lead is None or plain.startswith("plutot") or asked.words > _SHORT:
        return None
    return Completed(question=corrected(topic, asked.typed[lead.end() :].strip(" ?.!,;:"), gazetteer))


def _place(asked: _Asked, topic: str, _text: str, gazetteer: Gazetteer) -> Completed | None:
    """ "et à Nantes ?": the topic, there."""
    found = replaced_place(asked.text, topic, gazetteer)
    return Completed(question=sentence(found)) if found else None


def _example_there(asked: _Asked, topic: str, _text: str, gazetteer: Gazetteer) -> Completed | None:
    """ "un exemple à Lyon ?": the topic's subject there, by example."""
    lead = wording.EXAMPLE.match(asked.plain)
    if lead is None or not asked.plain[lead.end() :].startswith(" "):
        return None
    there = replaced_place(asked.text[lead.end() :].strip(), topic, gazetteer)
    if there is None:
        return None
    named = wording.example_named(asked.text[: lead.end()].strip(), english=is_english(topic))
    return Completed(question=sentence(f"{subject_of(there)} : {named}"))


def _example(asked: _Asked, topic: str, _text: str, _gazetteer: Gazetteer) -> Completed | None:
    """ "d'autres exemples ?": the topic's subject, by example."""
    if not wording.EXAMPLE.fullmatch(asked.plain.strip()):
        return None
    named = wording.example_named(asked.text, english=is_english(topic))
    return Completed(question=sentence(f"{subject_of(topic)} : {named}"))


def _ellipsis(asked: _Asked, topic: str, _text: str, _gazetteer: Gazetteer) -> Completed | None:
    return _appended(asked, topic) if wording.ELLIPSIS.fullmatch(asked.plain.strip()) else None


def _thing(asked: _Asked, topic: str, _text: str, _gazetteer: Gazetteer) -> Completed | None:
    """ "et pour les jeunes ?": the topic with that in the place of what is of its kind, else beside it."""
    is_thing = asked.opened and asked.words <= _SHORT and not _is_whole(asked, topic)
    if not is_thing:
        return None
    found = replaced_thing(asked.text, topic)
    return Completed(question=sentence(found)) if found else _appended(asked, topic)


def _pronoun(asked: _Asked, topic: str, _text: str, _gazetteer: Gazetteer) -> Completed | None:
    """ "qui l'anime ?": said of the topic's subject."""
    own = len(_own(asked, topic))
    has_subject = wording.TAKEN_UP.search(asked.plain) is not None and own >= _WHOLE
    if wording.PRONOUN.search(asked.plain) and own <= _WHOLE and not has_subject:
        return _appended(asked, topic)
    return None


def _refinement(asked: _Asked, topic: str, _text: str, _gazetteer: Gazetteer) -> Completed | None:
    """ "sans subvention": the topic, so narrowed."""
    narrows = wording.REFINEMENT.match(asked.plain) and not wording.QUESTION_WORD.search(
        asked.plain.replace("la ou", "")
    )
    return _appended(asked, topic) if narrows and asked.words <= _SHORT + 2 else None


def _short(asked: _Asked, topic: str, _text: str, gazetteer: Gazetteer) -> Completed | None:
    """ "quelles sont les étapes ?": a question of one word of its own, which names nothing."""
    few = asked.words <= _FEW and len(_content(asked, asking=True)) <= 1 and wording.QUESTION_WORD.search(asked.plain)
    named = wording.DEFINITION.search(asked.plain) or gazetteer.asked_about(asked.text) or names_in(asked.text)
    return _appended(asked, topic) if few and not named else None


def _appended(asked: _Asked, topic: str) -> Completed:
    said = asked.text[:1].lower() + asked.text[1:] if wording.QUESTION_WORD.match(asked.plain) else asked.text
    return Completed(question=sentence(f"{subject_of(topic)} : {said}"))


def _own(asked: _Asked, topic: str) -> frozenset[str]:
    """The terms of its subject that the topic does not have."""
    return _content(asked) - frozenset(analyse(topic))


def _content(asked: _Asked, *, asking: bool = False) -> frozenset[str]:
    """The terms of its subject, without question words and English grammar; those that only ask, if wanted, too."""
    kept = wording.QUESTION_WORD.sub(lambda found: " " * len(found.group()), asked.plain)
    words = (
        asked.text[found.start() : found.end()]
        for found in re.finditer(r"\S+", kept)
        if found.group() not in ENGLISH_WORDS
    )
    text = " ".join(words)
    return frozenset(analyse(text)) if asking else asked_for(text, or_all=False)


def _is_whole(asked: _Asked, topic: str) -> bool:
    """Whether it asks something of its own: a question word and a subject."""
    asks = wording.QUESTION_WORD.search(asked.plain) is not None
    return asks and len(_own(asked, topic)) >= _WHOLE and not wording.PRONOUN.search(asked.plain)


# The first that applies completes the question.
_RULES: tuple[Rule, ...] = (
    _ordinal,
    _detail,
    _correction,
    _example_there,
    _place,
    _example,
    _ellipsis,
    _thing,
    _pronoun,
    _refinement,
    _short,
)
