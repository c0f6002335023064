"""What an editor is asked, in order: question, evidence or refusal, kind, what is expected, half, note.

In: a terminal and what to look things up in. Out: the Question, still without its number. Each answer is checked as it is
given, so that the validator has nothing left to refuse; a bad one is asked again with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from evals.add import texts
from evals.add.desk import Desk
from evals.add.marking import Marking
from evals.add.terminal import Terminal, Unfit, numbers_in
from evals.questions import Evidence, Kind, Question, Split
from evals.spans import FoldedText
from rag.answer import Status
from rag.request import question_problem

# How far down the list of passages an editor can go.
_DEPTH = 40
# What is right for most questions of the set of each kind.
_STATUSES = {
    Kind.ABSENT: (Status.NO_ANSWER,),
    Kind.OFF_TOPIC: (Status.OUT_OF_SCOPE, Status.NO_ANSWER),
    Kind.HOSTILE: (Status.REFUSED, Status.OUT_OF_SCOPE),
}


def converse(terminal: Terminal, desk: Desk) -> Question:
    """The whole conversation. EOFError and KeyboardInterrupt of the terminal pass."""
    text = terminal.read(texts.QUESTION, lambda line: _new(line, desk))
    for split, names in desk.near(text).items():
        if names:
            terminal.say(texts.near(names, split))
    reply = desk.assistant.ask(text)
    terminal.say(texts.answer(reply.status, reply.text))
    found = desk.assistant.searcher.search(text, k=_DEPTH)
    cited = {citation.passage_id for citation in reply.citations}
    marking = Marking(terminal, desk, [ranked.passage for ranked in found], cited=cited)
    kind: Kind | None = None
    while kind is None:
        evidence = marking.evidence()
        kind = _kind(terminal, desk, text, answerable=bool(evidence))
    return Question(
        id="",
        question=text,
        kind=kind,
        answerable=bool(evidence),
        expected_status=(Status.ANSWERED,) if evidence else _statuses(terminal, kind),
        evidence=evidence,
        expected_territories=_territories(terminal, desk, kind, evidence),
        expected_figures=_figures(terminal, evidence),
        split=_split(terminal, desk.closed(text, kind)),
        note=terminal.read(texts.NOTE, str),
        where="",
    )


def _new(line: str, desk: Desk) -> str:
    problem = question_problem(line)
    if problem:
        raise Unfit(problem)
    name = desk.asked_already(line)
    if name:
        raise Unfit(texts.asked_already(name))
    near = desk.near(line)
    if all(near.values()):
        raise Unfit(texts.near_both(near[Split.DEV], near[Split.TEST]))
    return line


def _kind(terminal: Terminal, desk: Desk, text: str, *, answerable: bool) -> Kind | None:
    """A kind that some half can take; None to go back to the passages."""
    terminal.say(texts.KIND_TITLE if answerable else texts.NOTHING_ANSWERS)
    options: list[tuple[Kind | None, str]] = list((texts.KINDS if answerable else texts.REFUSALS).items())
    while True:
        kind = terminal.choose(texts.KIND if answerable else texts.REFUSAL, [*options, (None, texts.BACK)])
        closed = desk.closed(text, kind) if kind else {}
        if len(closed) < len(Split):
            return kind
        terminal.say(texts.again(texts.no_half(closed.values())))


def _statuses(terminal: Terminal, kind: Kind) -> tuple[Status, ...]:
    known = list(texts.STATUSES)
    usual = _STATUSES[kind]
    terminal.say(texts.STATUSES_TITLE)
    terminal.say(
        "\n".join(f"  {n}. {status} : {shown}" for n, (status, shown) in enumerate(texts.STATUSES.items(), start=1))
    )
    prompt = texts.statuses(",".join(str(known.index(status) + 1) for status in usual))
    return terminal.read(
        prompt, lambda line: tuple(known[n - 1] for n in numbers_in(line, len(known))) if line else usual
    )


def _territories(terminal: Terminal, desk: Desk, kind: Kind, evidence: Sequence[Evidence]) -> tuple[str, ...]:
    if not evidence:
        return ()
    needed = kind is Kind.TERRITORY

    def known(line: str) -> tuple[str, ...]:
        names = _listed(line)
        for name in names:
            if not desk.is_place(name):
                raise Unfit(texts.unknown_territory(name, desk.meant_by(name)))
        if needed and not names:
            raise Unfit(texts.TERRITORY_NEEDED)
        return names

    return terminal.read(texts.territories(desk.places_of(evidence), needed=needed), known)


def _figures(terminal: Terminal, evidence: Sequence[Evidence]) -> tuple[str, ...]:
    if not evidence:
        return ()

    def shown(line: str) -> tuple[str, ...]:
        figures = _listed(line)
        for figure in figures:
            if not any(char.isdigit() for char in figure):
                raise Unfit(texts.no_figure(figure))
            if not any(FoldedText(one.segment).find_all(figure) for one in evidence):
                raise Unfit(texts.figure_elsewhere(figure))
        return figures

    return terminal.read(texts.FIGURES, shown)


def _split(terminal: Terminal, closed: Mapping[Split, str]) -> Split:
    """`dev` unless it is closed or another is typed."""
    default = Split.TEST if Split.DEV in closed else Split.DEV

    def open_half(line: str) -> Split:
        word = line.casefold() or default
        if word not in set(Split):
            raise Unfit(texts.split_expected(line))
        if Split(word) in closed:
            raise Unfit(closed[Split(word)])
        return Split(word)

    terminal.say(texts.SPLIT_HELP)
    return terminal.read(texts.split(default), open_half)


def _listed(line: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(str.strip, line.split(";")))))
