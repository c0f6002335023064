"""Follow-up + turns -> a stand-alone question; a new subject stays as it is typed. Never raises; refuses nothing.

The turns are read from the oldest of the last five, so that a chain ("à Rennes", "et à Nantes ?", "et à Dijon ?") keeps its
subject; a turn that was not searched, or that was out of the field, leaves what was said before it. What comes out is cleaned
and cut to the longest question that is allowed, whatever the turns hold: they come from a page and may be forged, and the
completed question passes every check that a typed one does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.answer import Status, Turn
from rag.content import has_content
from rag.conversation import rules, wording
from rag.conversation.asked import Asked, Completed, Ground, Said
from rag.conversation.points import has_point
from rag.conversation.wording import folded
from rag.request import MAX_QUESTION, clean_question

_TURNS = 5
_TOPICS = frozenset({Status.ANSWERED, Status.NO_ANSWER})


def complete(question: str, history: Sequence[Turn], ground: Ground) -> Completed:
    """`question`, completed from the latest turns if it needs them."""
    typed = clean_question(question)
    said = Said()
    for turn in history[-_TURNS:]:
        said = _after(said, turn, ground)
    found = _completed(typed, said, ground)
    if found is None:
        return Completed(question=typed)
    if found.no_such_point:
        return replace(found, question=typed)
    return replace(found, question=clean_question(found.question)[:MAX_QUESTION], follow_up=True)


def _after(said: Said, turn: Turn, ground: Ground) -> Said:
    """What was said when `turn` is over: a refused or idle one leaves it as it was."""
    asked = clean_question(turn.question[:MAX_QUESTION])
    if turn.status is not None and turn.status not in _TOPICS:
        return said
    found = _completed(asked, said, ground)
    if found is not None and found.no_such_point:
        return said
    if found is None and not (ground.scope.is_question(asked) and has_content(asked, ground.gazetteer)):
        return said
    if found is not None and found.point:
        return replace(said, point=found.point, text=turn.text)
    return Said(topic=found.question if found else asked, text=turn.text)


def _completed(typed: str, said: Said, ground: Ground) -> Completed | None:
    """The follow-up `typed` to what was `said`; None when it stands alone."""
    if not ground.scope.is_question(typed) or wording.IMPERSONAL.search(folded(typed)):
        return None
    asked = Asked.of(typed)
    if not asked.plain:
        return None
    if has_point(folded(typed), said.text) is False:
        return Completed(question=typed, no_such_point=True)
    if not said.topic:
        return None
    defines = wording.DEFINITION.search(asked.plain) and asked.own(said.focus)
    if defines and not wording.has_pronoun(asked.text):
        return None
    return rules.first(asked, said, ground)
