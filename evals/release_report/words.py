"""Figures of a report -> words, the same on its page and in its Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from evals.faults import Fault
from evals.questions import Question
from evals.release_report.contents import Contents, Previous
from evals.resampling import Difference, Interval

NO_BREAK = "\u00a0"
NO_PREVIOUS = "No earlier run is known, so nothing is compared."
# A p-value below this is told as below it: with 2,000 swaps it is no more exact.
_SMALL = 0.001
_TOLD = {
    Fault.ANSWERED: "answered, though the publications do not answer it",
    Fault.REFUSED: "refused, though the publications answer it",
    Fault.WITHOUT_EVIDENCE: "answered without its evidence",
    Fault.NOT_IN_FIVE: "evidence not in the first five passages",
    Fault.UNEXPECTED_STATUS: "refused with the wrong status",
}


def share(value: float | None) -> str:
    """Three digits, as in every table of the evals."""
    return "–" if value is None else f"{value:.3f}"


def bounds(interval: Interval | None) -> str:
    """Both bounds; empty where there is no interval."""
    return "" if interval is None else f"{interval.low:.3f} to {interval.high:.3f}"


def change(difference: Difference) -> str:
    """What was gained, with its sign."""
    return signed(difference.change)


def change_bounds(difference: Difference) -> str:
    """The bounds of what was gained, with their signs."""
    return f"{signed(difference.interval.low)} to {signed(difference.interval.high)}"


def signed(value: float) -> str:
    """With a true minus; nothing gained has no sign."""
    text = f"{value:+.3f}".replace("-", "−")
    return "0.000" if text in {"+0.000", "−0.000"} else text


def p_value(difference: Difference) -> str:
    """Three digits."""
    return f"{difference.p_value:.3f}" if difference.p_value >= _SMALL else "< 0.001"


def statuses(counts: Mapping[str, int]) -> str:
    """How questions ended, the most frequent first."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{name.replace('_', ' ')} {count}".replace(" ", NO_BREAK) for name, count in ordered)


def faults(found: Sequence[Fault]) -> str:
    """What went wrong, so that it is understood without its table."""
    return ", ".join(_TOLD.get(fault, fault.value) for fault in found)


def expected_of(question: Question) -> str:
    """What would have been right."""
    if not question.answerable:
        return f"No answer, but status {' or '.join(question.expected_status)}: the publications do not answer it"
    told = ["An answer that quotes its evidence"]
    if question.expected_figures:
        told.append(f"shows {listed(question.expected_figures)}")
    if question.expected_territories:
        told.append(f"speaks first of {' or '.join(question.expected_territories)}")
    return listed(told)


def listed(parts: Sequence[str]) -> str:
    """One, two and three."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def summary_of(contents: Contents) -> str:
    """The report in three sentences."""
    asked = f"{contents.answerable + contents.unanswerable} questions were asked: {contents.answerable} that the publications"
    parts = [
        f"{asked} answer and {contents.unanswerable} that they do not. {contents.wrong} of them went wrong in some way."
    ]
    if contents.previous is None:
        parts.append(NO_PREVIOUS)
    else:
        better, worse, same = (contents.verdicts(word) for word in ("better", "worse", ""))
        parts.append(
            f"Against {contents.previous.name}, of {len(better) + len(worse) + len(same)} measures "
            f"{len(better)} are better{_named(better)}, {len(worse)} worse{_named(worse)}, "
            f"and {len(same)} show no clear change."
        )
    return " ".join(parts)


def compared_of(previous: Previous) -> str:
    """Which questions the differences are over."""
    only_before, only_now, otherwise = previous.comparison.left_out
    if not (only_before or only_now or otherwise):
        return f"Both runs were asked the same {previous.comparison.compared} questions."
    return (
        f"Differences are over the {previous.comparison.compared} questions that both runs were asked in the same words. "
        f"Left out: {only_before} that only {previous.name} was asked, {only_now} that only this run was asked, "
        f"{otherwise} with other words or another label. What this run reaches on the questions compared is the figure "
        "of the last run plus the change."
    )


def _named(labels: Sequence[str]) -> str:
    return f" ({'; '.join(labels)})" if labels else ""
