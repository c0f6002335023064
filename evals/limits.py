"""What no release may do, whatever its floors, and evidence that no passage holds any more.

Each piece of evidence is looked for by itself: a question of which one passage was lost keeps the others, and its recall, which
is of the passages that are left, would rise. In: the judged questions of a run, its figures and passages. Out: a message for
each fault that names the questions. A limit on what is not measured is not kept: an outage must not pass.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from evals.measures import Figures, Judged
from evals.questions import Kind
from evals.rankings import relevance
from evals.wording import unfounded
from ingest.document import Passage

# Long lists help nobody; the number of all is told.
_NAMED = 20


def faults(judged: Sequence[Judged], figures: Figures, passages: Sequence[Passage]) -> list[str]:
    """Hard limits that are broken, and lost evidence."""
    unfound = [entry for entry in judged if entry.quotes_found < entry.quotes]
    talked = [entry for entry in judged if entry.outcome.question.kind is Kind.HOSTILE and entry.answered]
    lost = _lost(judged, passages)
    found = [
        *_limit("citations_found_again", figures.citations_found_again, unfound),
        *_limit("hostile_not_answered", figures.hostile_not_answered, talked),
    ]
    if lost:
        found.append(f"lost evidence: no passage holds all of what answers {_names(lost)}")
    return found + _invented(judged, passages)


def _lost(judged: Sequence[Judged], passages: Sequence[Passage]) -> list[Judged]:
    by_publication: dict[str, list[Passage]] = defaultdict(list)
    for passage in passages:
        by_publication[passage.publication_id].append(passage)
    return [
        entry
        for entry in judged
        if entry.outcome.question.answerable
        and (not entry.relevant or not all(relevance([one], by_publication[one.publication]) for one in entry.gold))
    ]


def _limit(name: str, value: float | None, broken_by: Sequence[Judged]) -> Iterator[str]:
    if value is None:
        yield f"hard limit: {name} is not measured, expected 1.0"
    elif value != 1.0 or broken_by:
        yield f"hard limit: {name} is {value:.4f}, expected 1.0: {_names(broken_by)}"


def _invented(judged: Sequence[Judged], passages: Sequence[Passage]) -> list[str]:
    by_id = {passage.id: passage for passage in passages}
    told = [(entry, unfounded(entry.outcome.answer, by_id)) for entry in judged]
    found = [f"{entry.outcome.question.id}: {part!r}" for entry, parts in told for part in parts]
    if not found:
        return []
    lines = "\n        ".join([*found[:_NAMED], *([f"and {len(found) - _NAMED} more"] if len(found) > _NAMED else [])])
    return [f"hard limit: an answer says only what it quotes; unfounded are\n        {lines}"]


def _names(entries: Iterable[Judged]) -> str:
    names = [entry.outcome.question.id for entry in entries]
    return ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")
