"""The rules that complete a follow-up from what was said: the first that applies does. Pure but for gazetteer and scope."""

from __future__ import annotations

from collections.abc import Callable

from ingest.index.analyser import analyse
from rag.conversation import wording
from rag.conversation.asked import Asked, Completed, Ground, Said
from rag.conversation.places import place_named, replaced_place
from rag.conversation.points import point_asked
from rag.conversation.replacing import corrected, replaced_thing
from rag.conversation.subject import MORE_OF, sentence, subject_of, without_aside
from rag.conversation.wording import folded
from rag.language import is_english, names_in

# Words of a follow-up that names a thing of its own ("et pour les régies de quartier ?").
_SHORT = 9
# Words of a question that leans on what was said before though no word of it points there.
_FEW = 6


Rule = Callable[[Asked, Said, Ground], Completed | None]


def first(asked: Asked, said: Said, ground: Ground) -> Completed | None:
    """What the first rule that applies makes of it; None when it stands alone."""
    return next((found for rule in _RULES if (found := rule(asked, said, ground)) is not None), None)


def _ordinal(asked: Asked, said: Said, _ground: Ground) -> Completed | None:
    """ "développe le deuxième point": that point's own words."""
    point = point_asked(folded(asked.typed), said.text)
    return Completed(question=f"{MORE_OF}{point}", detailed=True, point=point) if point else None


def _detail(asked: Asked, said: Said, _ground: Ground) -> Completed | None:
    """ "plus de détails": the same question, at greater length."""
    if wording.DETAIL.search(folded(asked.typed)) and asked.words <= _SHORT and len(asked.own(said.focus)) <= 1:
        return Completed(question=said.focus, detailed=True, point=said.point)
    return None


def _correction(asked: Asked, said: Said, ground: Ground) -> Completed | None:
    """ "non, les SCIC": the topic with what was meant in the place of what was said."""
    plain = folded(asked.typed)
    instead = wording.NOT_THIS.match(plain.strip(" ?.!"))
    if instead:
        new, old = (
            asked.typed[instead.start("new") : instead.end("new")],
            asked.typed[instead.start("old") : instead.end("old")],
        )
        return Completed(question=corrected(said.topic, new, ground.gazetteer, old=old))
    lead = wording.CORRECTION.match(plain)
    if lead is None or plain.startswith("plutot") or asked.words > _SHORT:
        return None
    meant = asked.typed[lead.end() :].strip(" ?.!,;:")
    return Completed(question=corrected(said.topic, meant, ground.gazetteer)) if meant else None


def _place(asked: Asked, said: Said, ground: Ground) -> Completed | None:
    """ "et à Nantes ?", "et que fait Nantes ?": the topic, there."""
    found = replaced_place(asked.text, said.topic, ground.gazetteer)
    if found is None and asked.opened and asked.asks and ground.gazetteer.asked_about(said.topic):
        named = place_named(asked.text, ground.gazetteer)
        found = replaced_place(named, said.topic, ground.gazetteer) if named else None
    return Completed(question=sentence(found)) if found else None


def _example_there(asked: Asked, said: Said, ground: Ground) -> Completed | None:
    """ "un exemple à Lyon ?": the topic's subject there, by example."""
    lead = wording.EXAMPLE.match(asked.plain)
    if lead is None or not asked.plain[lead.end() :].startswith(" "):
        return None
    there = replaced_place(asked.text[lead.end() :].strip(), without_aside(said.focus), ground.gazetteer)
    if there is None:
        return None
    return _by_example(there, asked.text[: lead.end()].strip(), said)


def _example(asked: Asked, said: Said, _ground: Ground) -> Completed | None:
    """ "d'autres exemples ?", "d'autres ?": the topic's subject, by example."""
    if wording.OTHERS.fullmatch(asked.plain.strip()):
        return _by_example(said.focus, "d'autres exemples", said)
    if not wording.EXAMPLE.fullmatch(asked.plain.strip()):
        return None
    return _by_example(said.focus, asked.text, said)


def _by_example(topic: str, wanted: str, said: Said) -> Completed:
    named = wording.example_named(wanted, english=is_english(said.topic))
    return Completed(question=sentence(f"{subject_of(topic)} : {named}"))


def _ellipsis(asked: Asked, said: Said, _ground: Ground) -> Completed | None:
    return _appended(asked, said.focus) if wording.ELLIPSIS.fullmatch(asked.plain.strip()) else None


def _thing(asked: Asked, said: Said, _ground: Ground) -> Completed | None:
    """ "et pour les jeunes ?": the topic with that in the place of what is of its kind, else beside it."""
    is_thing = asked.opened and asked.words <= _SHORT and not asked.is_whole(said.topic)
    if not is_thing:
        return None
    found = replaced_thing(asked.text, said.topic)
    if found:
        return Completed(question=sentence(found))
    return _appended(asked, said.focus if asked.asks else said.topic)


def _pronoun(asked: Asked, said: Said, _ground: Ground) -> Completed | None:
    """ "qui l'anime ?", "combien de familles en bénéficient ?": said of the topic's subject."""
    own = len(asked.own(said.focus))
    has_subject = wording.TAKEN_UP.search(asked.plain) is not None and own >= wording.WHOLE
    if asked.words > 1 and wording.has_pronoun(asked.text) and own <= wording.WHOLE and not has_subject:
        return _appended(asked, said.focus)
    return None


def _refinement(asked: Asked, said: Said, _ground: Ground) -> Completed | None:
    """ "sans subvention": the topic, so narrowed."""
    narrows = wording.REFINEMENT.match(asked.plain) and not wording.QUESTION_WORD.search(
        asked.plain.replace("la ou", "")
    )
    return _appended(asked, said.focus) if narrows and asked.words <= _SHORT + 2 else None


def _short(asked: Asked, said: Said, ground: Ground) -> Completed | None:
    """ "quelles sont les étapes ?": a question of one word of its own, which names nothing.

    Of two, "qui paie le local ?", when what was asked about is at one place, of which the answer has named this very thing.
    """
    if not asked.asks or asked.words > _FEW:
        return None
    if wording.DEFINITION.search(asked.plain) or ground.gazetteer.asked_about(asked.text) or names_in(asked.text):
        return None
    terms = len(asked.content(asking=True))
    thing = wording.THE_ONE.search(asked.text)
    named = thing is not None and frozenset(analyse(thing.group(1))) <= frozenset(analyse(said.text))
    its_own = terms > wording.WHOLE or not named or ground.scope.holds(asked.text)
    if terms < wording.WHOLE or (not its_own and ground.gazetteer.asked_about(said.focus)):
        return _appended(asked, said.focus)
    return None


def _appended(asked: Asked, topic: str) -> Completed:
    """What was typed beside the topic's subject, which finds passages and is no question that anybody would ask."""
    text = asked.text[:1].lower() + asked.text[1:] if wording.QUESTION_WORD.match(asked.plain) else asked.text
    return Completed(question=sentence(f"{subject_of(topic)} : {text}"), unsure=True)


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
