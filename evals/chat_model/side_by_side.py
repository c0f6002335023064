"""Questions answered twice -> Markdown to read: each question, its answer by extracts, its written answer.

In: what `asking` gives. Out: one text. What the model said and nobody was shown is there too, in code blocks, so that whatever
it holds is only text. Refuses nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evals.chat_model.asking import AskedTwice, Outcome
from rag.answer import Answer


def side_by_side(asked: Sequence[AskedTwice], model: str) -> str:
    """The whole file; `model` is its name as the environment has it."""
    lines = [f"# Written answers beside extracts: {model}", ""]
    for one in asked:
        lines += [*_question(one), ""]
    return "\n".join(lines)


def _question(one: AskedTwice) -> Iterator[str]:
    question = one.question
    answerable = "answerable" if question.answerable else "not answerable"
    yield f"## {question.id}: {_line(question.conversation)}"
    yield from ("", f"{question.split}, {question.kind}, {answerable}", "")
    yield from ("### Extracts", "", *_answer(one, one.extractive))
    yield from ("", f"### Chat model: {one.outcome}", "")
    if one.outcome is Outcome.WRITTEN:
        yield from _answer(one, one.written)
    elif one.said and one.said.failed:
        yield f"({one.said.failed}; the extracts were shown)"
    elif one.outcome is not Outcome.NOT_ASKED:
        yield "(the extracts were shown)"
    if one.dropped:
        yield from ("", "Not shown:", "", *(f"    {_line(sentence)}" for sentence in one.dropped))


def _answer(one: AskedTwice, answer: Answer) -> Iterator[str]:
    yield f"{answer.status}, {answer.timings_ms.total:.0f} ms"
    yield from ("", *(f"> {line}" if line else ">" for line in answer.text.splitlines()))
    if answer.citations:
        precision = one.precision(answer) if one.question.answerable else None
        yield from ("", "Quoted:" if precision is None else f"Quoted ({precision:.0%} on evidence):", "")
        yield from (f"- [{c.n}] {c.publication_id}, p. {c.page or '-'}: {_line(c.quote)}" for c in answer.citations)


def _line(text: str) -> str:
    return " ".join(text.split())
