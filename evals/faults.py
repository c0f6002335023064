"""A judged question -> what went wrong with it, in words. Pure; one that went right has no fault."""

from __future__ import annotations

from enum import StrEnum

from evals.measures import Judged
from evals.quotations import figures_shown


class Fault(StrEnum):
    """What can go wrong, in the words that a reader of a report is given."""

    QUOTE_LOST = "quotation not found again"
    ANSWERED = "answered"
    REFUSED = "refused"
    WITHOUT_EVIDENCE = "without its evidence"
    WITHOUT_FIGURES = "without the figures asked for"
    ELSEWHERE = "about another territory first"
    NOT_IN_FIVE = "not in the first five"
    UNEXPECTED_STATUS = "unexpected status"


def faults_of(entry: Judged) -> tuple[Fault, ...]:
    """In a fixed order. Of an answer that was refused only the refusal is told, and how its passages were ranked."""
    question = entry.outcome.question
    if question.answerable:
        found = {
            Fault.REFUSED: not entry.answered,
            Fault.WITHOUT_EVIDENCE: entry.answered and not entry.evidence_found,
            Fault.WITHOUT_FIGURES: entry.answered
            and not figures_shown(question.expected_figures, entry.outcome.answer),
            Fault.ELSEWHERE: entry.answered
            and bool(question.expected_territories)
            and entry.outcome.places.isdisjoint(question.expected_territories),
            Fault.NOT_IN_FIVE: not entry.ranking["hit@5"],
        }
    else:
        found = {
            Fault.ANSWERED: entry.answered,
            Fault.UNEXPECTED_STATUS: not entry.answered and entry.outcome.answer.status not in question.expected_status,
        }
    found[Fault.QUOTE_LOST] = entry.quotes_found < entry.quotes
    return tuple(fault for fault, applies in found.items() if applies)
