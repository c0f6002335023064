"""The set of follow-up questions: `follow_ups.jsonl` -> FollowUps, and whether a stand-alone question resolves one.

In: the set's lines, and for each the question that a resolver understood. Out: resolved or not, and the share. What is
judged are words, not wording: terms that the understood question must hold (the subject, the place, what is asked) and
terms that it must lack (a place that was replaced, another point of the list). A new subject takes nothing from the
history.

Refused (QuestionsError, all problems at once, each with file:line and what is expected): a line that is no JSON or not
of `follow_ups.schema.json`, an id or conversation given twice, a `dev` and a `test` line that are near-duplicates (in what was
asked before, in what is typed and in what that means), kinds whose halves are uneven, and lines that would measure nothing:
the line's own reading does not pass, or the follow-up passes as typed though it needs its history.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from evals.duplicates import Said, near_duplicates, told
from evals.questions import QuestionsError, Split, read_row
from rag.answer import Turn

SCHEMA = Path(__file__).with_name("follow_ups.schema.json")
# Words that a new subject may share with its history by chance: grammar and question words, folded.
STOP_WORDS = frozenset(
    """a ai ainsi alors and any are as au aussi aux avec avez avoir c ca ce cela ces cet cette ceux chez ci combien comme
    comment d dans de des dit do does donc dont du elle elles en entre est et etre eux examples faire fait faut for from
    how i il ils in is it j je l la le les leur leurs lui m ma mais me mes moi mon n ne nos notre nous of on ont or ou par
    parmi pas peut peuvent plus pour pourquoi qu quand que quel quelle quelles quels qui quoi s sa sans se ses si son sont
    sur t te the they this to tu un une vos votre vous vs what when where which who why with y""".split()
)
# A sigle of this length begins too many other words (ESS: essaimage, essentiel); only its plural is forgiven.
SIGLE_LENGTH = 3
# A word as near as this (difflib's ratio) to a typed one is its corrected spelling: "vile" -> "ville" 0.89, "insersion" ->
# "insertion" 0.89. Of the set's new subjects, the nearest different words have 0.71 ("sociale", "sociaux").
SPELLING_CUTOFF = 0.8


class Kind(StrEnum):
    """What the follow-up leaves out or changes. A chain depends on a turn before the last; a shift on the latest subject."""

    PLACE = "place"
    EXAMPLE = "example"
    SUBJECT = "subject"
    ORDINAL = "ordinal"
    PRONOUN = "pronoun"
    ELLIPSIS = "ellipsis"
    REFINEMENT = "refinement"
    ENGLISH = "english"
    CORRECTION = "correction"
    CHAIN = "chain"
    SHIFT = "shift"
    NEW_SUBJECT = "new_subject"


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """One line of the set. `history` is oldest first; `reading` is one right resolution; `where` its file and line."""

    id: str
    history: tuple[Turn, ...]
    question: str
    reading: str
    holds: tuple[tuple[str, ...], ...]
    lacks: tuple[str, ...]
    new_subject: bool
    kind: Kind
    split: Split
    note: str
    where: str


def load_follow_ups(path: Path) -> tuple[FollowUp, ...]:
    """Read and check the set. Raises QuestionsError with every problem."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionsError([f"{path}: cannot be read: {error}"]) from error
    validator = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    problems: list[str] = []
    items: list[FollowUp] = []
    for number, line in enumerate(lines, start=1):
        where = f"{path}:{number}"
        row, found = read_row(line, validator)
        problems += [f"{where}: {problem}" for problem in found]
        if not found:
            items.append(_follow_up(row, where))
    problems += [f"{item.where}: {item.id}: {problem}" for item in items for problem in _idle(item)]
    problems += _given_twice(items)
    problems += _leaking(items)
    if len(items) == len(lines):  # halves mean nothing while lines are missing
        problems += _uneven_halves(path, items)
    if not lines:
        problems.append(f"{path}: is empty, expected one follow-up a line")
    if problems:
        raise QuestionsError(problems)
    return tuple(items)


def resolved(item: FollowUp, understood: str) -> bool:
    """Whether the stand-alone question has what the follow-up means, and nothing of what it must not have."""
    text = folded(understood)
    held = all(any(_begins(term, text) for term in group) for group in item.holds)
    clean = not any(_stands(term, text) for term in item.lacks)
    return held and clean and not (item.new_subject and carried(item, understood))


def carried(item: FollowUp, understood: str) -> tuple[str, ...]:
    """Words of the history that the understood question has and the typed one does not, corrected spelling aside."""
    history = {word for turn in item.history for word in folded(f"{turn.question} {turn.text}").split()}
    typed = folded(item.question).split()
    suspects = dict.fromkeys(folded(understood).split())
    return tuple(
        word
        for word in suspects
        if word in history - STOP_WORDS and not get_close_matches(word, typed, n=1, cutoff=SPELLING_CUTOFF)
    )


def which_resolved(items: Sequence[FollowUp], understood: Mapping[str, str]) -> list[bool]:
    """For each item whether its understood question, by id, resolves it; one without any is not resolved."""
    return [item.id in understood and resolved(item, understood[item.id]) for item in items]


def folded(text: str) -> str:
    """Lower-case words without accents, one space between: "L'ESS, c'est œuvrer" -> "l ess c est oeuvrer"."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    letters = "".join(char for char in plain if not unicodedata.combining(char))
    return " ".join(re.findall(r"[^\W_]+", letters))


def _begins(term: str, text: str) -> bool:
    """Whether the term stands in the folded text as whole words or, unless it is a sigle, as the beginning of some."""
    wanted = folded(term)
    if len(wanted) <= SIGLE_LENGTH:
        return _stands(wanted, text) or _stands(f"{wanted}s", text)
    return f" {wanted}" in f" {text}"


def _stands(term: str, text: str) -> bool:
    """Whether the term stands in the folded text as whole words."""
    return f" {folded(term)} " in f" {text} "


def _follow_up(row: Mapping[str, Any], where: str) -> FollowUp:
    return FollowUp(
        id=row["id"],
        history=tuple(Turn(**turn) for turn in row["history"]),
        question=row["question"],
        reading=row["reading"],
        holds=tuple(tuple(group) for group in row["holds"]),
        lacks=tuple(row["lacks"]),
        new_subject=row["new_subject"],
        kind=Kind(row["kind"]),
        split=Split(row["split"]),
        note=row["note"],
        where=where,
    )


def _idle(item: FollowUp) -> Iterator[str]:
    """Why the line would measure nothing."""
    if not resolved(item, item.reading):
        yield f"its reading {item.reading!r} does not pass its own holds and lacks, expected one that does"
    passes = resolved(item, item.question)
    if item.new_subject and not passes:
        yield f"the new subject {item.question!r} does not pass as typed, expected holds and lacks that it does pass"
    if not item.new_subject and passes:
        yield f"{item.question!r} passes as typed, expected a group of terms that only the history gives"


def _talk(item: FollowUp) -> str:
    return " / ".join(folded(text) for text in (*(turn.question for turn in item.history), item.question))


def _said(item: FollowUp) -> Said:
    """Three texts: "et à Nantes ?" after another conversation, and the same meaning in other words, are other follow-ups."""
    asked_before = " ".join(turn.question for turn in item.history)
    return Said(id=item.id, where=item.where, key=_talk(item), texts=(asked_before, item.question, item.reading))


def _leaking(items: Sequence[FollowUp]) -> Iterator[str]:
    halves = {split: [_said(item) for item in items if item.split is split] for split in Split}
    return told(near_duplicates(halves[Split.DEV], halves[Split.TEST]))


def _given_twice(items: Sequence[FollowUp]) -> Iterator[str]:
    first: dict[tuple[str, str], str] = {}
    for item in items:
        for name, value in (("id", item.id), ("conversation", _talk(item))):
            earlier = first.setdefault((name, value), item.where)
            if earlier != item.where:
                yield f"{item.where}: {name} {value!r} stands at {earlier} already, expected another one"


def _uneven_halves(path: Path, items: Sequence[FollowUp]) -> Iterator[str]:
    counts = Counter((item.kind, item.split) for item in items)
    for kind in Kind:
        dev, test = counts[kind, Split.DEV], counts[kind, Split.TEST]
        if abs(dev - test) > 1:
            yield f"{path}: kind {kind}: {dev} dev and {test} test, expected halves (alternate them)"
