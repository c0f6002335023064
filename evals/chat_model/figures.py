"""Questions answered twice -> the figures of written answers beside those of extracts, by halves.

In: what `asking` gives. Out: lines. Refuses nothing; a share of nothing is "-".

- Sentences: those that the model said in full before it was heard no more, of all questions it was asked. Dropped: those
  that are not in the answer, which are all of them where extracts answer.
- Citation precision: of an answer's citations, the share whose quotation shares half of the shorter of both with evidence of
  any grade (`evals.quotations.citation_precision`), meant over the answers that cite.
- Evidence cited (recall): the share of questions of whose evidence of the highest grade some is quoted by a citation, by the
  same overlap. Examples are left out: they are the assistant's, whoever writes.
- "The same questions" are the answerable ones with a written answer; both composers are held to the same ones.
- Milliseconds to the whole are without what may be asked next, as in every answer's `timings_ms`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from statistics import fmean

from evals.chat_model.asking import AskedTwice, Outcome
from evals.chat_model.lines import HALVES, WIDTH, share, time
from rag.answer import Answer, Status

Of = Callable[[AskedTwice], Answer]
_FALLEN_BACK = (Outcome.DECLINED, Outcome.NOTHING_SHOWN, Outcome.FAILED)


def lines_of(asked: Sequence[AskedTwice]) -> Iterator[str]:
    """The figures of each half that was asked, and of all."""
    for name, split in HALVES.items():
        of_half = [one for one in asked if one.question.split.value.startswith(split)]
        if of_half:
            yield from (f"{name:5}{line}" for line in _lines(of_half))


def _lines(asked: Sequence[AskedTwice]) -> Iterator[str]:
    answerable = [one for one in asked if one.question.answerable]
    traps = [one for one in asked if not one.question.answerable]
    yield from _outcomes(answerable)
    yield from _sentences(asked)
    yield from _citations(answerable)
    yield from _refusals(traps)
    yield from _times(asked)
    yield _tokens(asked)


def _outcomes(answerable: Sequence[AskedTwice]) -> Iterator[str]:
    sent = _sent(answerable)
    yield share("answerable: the model was asked", len(sent), len(answerable))
    yield share("answerable: written", _count(sent, Outcome.WRITTEN), len(sent))
    yield share("answerable: fallen back to extracts", _count(sent, *_FALLEN_BACK), len(sent))
    for outcome in _FALLEN_BACK:
        reasons = Counter(one.said.failed for one in sent if one.said and one.outcome is outcome and one.said.failed)
        told = ", ".join(f"{reason} {number}" for reason, number in sorted(reasons.items()))
        line = share(f"  {outcome}", _count(sent, outcome), len(sent))
        yield f"{line} ({told})" if told else line


def _sentences(asked: Sequence[AskedTwice]) -> Iterator[str]:
    shown, dropped = sum(one.shown for one in asked), sum(len(one.dropped) for one in asked)
    yield share("sentences of the model: shown", shown, shown + dropped)
    yield share("sentences of the model: dropped", dropped, shown + dropped)


def _citations(answerable: Sequence[AskedTwice]) -> Iterator[str]:
    same = [one for one in answerable if one.outcome is Outcome.WRITTEN]
    yield _precision("citation precision, written", same, _written)
    yield _precision("citation precision, extracts, same questions", same, _extractive)
    yield _recall("evidence cited, written", same, _written)
    yield _recall("evidence cited, extracts, same questions", same, _extractive)
    yield _recall("evidence cited, as shown, all answerable", answerable, _written)
    yield _recall("evidence cited, extracts, all answerable", answerable, _extractive)


def _refusals(traps: Sequence[AskedTwice]) -> Iterator[str]:
    """What must not be answered: how far it came, and what the user saw."""
    sent = _sent(traps)
    by_extracts = [one for one in sent if one.outcome in _FALLEN_BACK and one.written.status is Status.ANSWERED]
    yield share("unanswerable: the model was asked", len(sent), len(traps))
    yield share("unanswerable: refused by the model", _count(sent, Outcome.DECLINED, Outcome.NOTHING_SHOWN), len(sent))
    yield share("unanswerable: answered, written", _count(sent, Outcome.WRITTEN), len(traps))
    yield share("unanswerable: answered, fallen back", len(by_extracts), len(traps))
    answered = sum(one.extractive.status is Status.ANSWERED for one in traps)
    yield share("unanswerable: answered, extracts alone", answered, len(traps))


def _times(asked: Sequence[AskedTwice]) -> Iterator[str]:
    written = [one for one in asked if one.outcome is Outcome.WRITTEN]
    back = [one for one in asked if one.outcome in _FALLEN_BACK]
    yield time("ms to the first verified sentence", [one.first_ms for one in written if one.first_ms is not None])
    yield time("ms to the whole, written", [one.written.timings_ms.total for one in written])
    yield time("ms to the whole, extracts, same questions", [one.extractive.timings_ms.total for one in written])
    yield time("ms to the whole, fallen back", [one.written.timings_ms.total for one in back])


def _tokens(asked: Sequence[AskedTwice]) -> str:
    """Judging included, where the chat model does so."""
    tokens = [one.written.tokens for one in asked if one.written.tokens]
    sent, received = sum(one.sent for one in tokens), sum(one.received for one in tokens)
    estimated = sum(one.estimated for one in tokens)
    return f"{'tokens':{WIDTH}}{sent} sent, {received} received, {len(tokens)} answers ({estimated} estimated)"


def _written(one: AskedTwice) -> Answer:
    return one.written


def _extractive(one: AskedTwice) -> Answer:
    return one.extractive


def _sent(asked: Sequence[AskedTwice]) -> list[AskedTwice]:
    return [one for one in asked if one.outcome is not Outcome.NOT_ASKED]


def _count(asked: Sequence[AskedTwice], *outcomes: Outcome) -> int:
    return sum(one.outcome in outcomes for one in asked)


def _precision(name: str, asked: Sequence[AskedTwice], of: Of) -> str:
    known = [share for one in asked if (share := one.precision(of(one))) is not None]
    return f"{name:{WIDTH}}{fmean(known):.3f} over {len(known)} answers" if known else f"{name:{WIDTH}}-"


def _recall(name: str, asked: Sequence[AskedTwice], of: Of) -> str:
    return share(name, sum(one.cites_evidence(of(one)) for one in asked), len(asked))
