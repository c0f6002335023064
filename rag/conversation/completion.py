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

# The turns that are read, and how one ended that may be a subject.
TURNS = 5
TOPICS = frozenset({Status.ANSWERED, Status.NO_ANSWER})


# Of the 105 of evals/follow_ups.jsonl, their spelling mended, 39 come out unsure (`python -m evals chat` counts them): 34 are
# put beside a subject, 5 point at something that no rule found.
def complete(question: str, history: Sequence[Turn], ground: Ground) -> Completed:
    """`question`, completed from the latest turns if it needs them."""
    typed = clean_question(question)
    said = Said()
    for turn in history[-TURNS:]:
        said = _after(said, turn, ground)
    found = _completed(typed, said, ground)
    if found is None:
        return Completed(question=typed, unsure=_leans(typed, said, ground))
    if found.no_such_point:
        return replace(found, question=typed)
    return replace(found, question=clean_question(found.question)[:MAX_QUESTION], follow_up=True)


def _after(said: Said, turn: Turn, ground: Ground) -> Said:
    """What was said when `turn` is over: a refused or idle one leaves it as it was."""
    asked = clean_question(turn.question[:MAX_QUESTION])
    if turn.status is not None and turn.status not in TOPICS:
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
    asked = Asked.of(typed)
    if not _may_follow(asked, ground):
        return None
    if has_point(folded(typed), said.text) is False:
        return Completed(question=typed, no_such_point=True)
    if not said.topic or _defines(asked, said):
        return None
    return rules.first(asked, said, ground)


def _may_follow(asked: Asked, ground: Ground) -> bool:
    """Whether it is a question that may be about what was said before."""
    impersonal = wording.IMPERSONAL.search(folded(asked.typed))
    return bool(asked.plain) and not impersonal and ground.scope.is_question(asked.typed)


def _defines(asked: Asked, said: Said) -> bool:
    """Whether it asks by name what something is that was not spoken of."""
    defines = wording.DEFINITION.search(asked.plain) is not None and bool(asked.own(said.focus))
    return defines and not wording.has_pronoun(asked.text)


def _leans(typed: str, said: Said, ground: Ground) -> bool:
    """Whether a question that no rule completed points back all the same: by its opening, or by a word for something said."""
    asked = Asked.of(typed)
    if not said.topic or not _may_follow(asked, ground) or _defines(asked, said):
        return False
    return asked.opened or wording.has_pronoun(asked.text)
