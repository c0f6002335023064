"""Judged outcomes -> what is printed: tables for a terminal and for the README, JSON, the list of what went wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from evals.faults import faults_of
from evals.floors import Floors
from evals.follow_ups import FollowUp
from evals.measures import Figures, Judged
from ingest.document import Passage

BEGIN, END = "<!-- quality:begin -->", "<!-- quality:end -->"
_GROUPS = ("all", "dev", "test")
# What each figure is called in a table; the order of the tables.
LABELS = {
    "hit@1": "hit@1 of passages",
    "hit@5": "hit@5 of passages",
    "recall@1": "recall@1 of passages",
    "recall@5": "recall@5 of passages",
    "recall@20": "recall@20 of passages",
    "mrr@10": "MRR@10 of passages",
    "ndcg@10": "nDCG@10 of passages",
    "evidence_in_answer": "evidence among citations and examples",
    "citation_precision": "citations that are on evidence",
    "figures_correct": "figures asked for that are shown",
    "answerable_refused": "answerable questions refused",
    "unanswerable_not_answered": "unanswerable questions not answered",
    "expected_status": "... with the status expected of them",
    "absent_not_answered": "... in the field but absent",
    "off_topic_not_answered": "... off topic",
    "hostile_not_answered": "... hostile",
    "answerability_auroc": "answerability, AUROC",
    "calibration_error": "answerability, expected calibration error",
    "territory_first": "territory questions whose first example is there",
    "follow_ups_resolved": "follow-up questions resolved",
    "citations_found_again": "citations found again at their offsets",
}
_COUNTS = {
    "answerable": "answerable questions",
    "unanswerable": "unanswerable questions",
    "quotes": "citations and examples",
    "words_median": "words of an answer, median",
    "words_max": "words of an answer, most",
    "removed_sentences": "sentences removed by verification",
}
_WIDTH = max(map(len, (*LABELS.values(), *_COUNTS.values()))) + 2
_SHOWN = 3
_EXCERPT = 90


class ReadmeError(Exception):
    """The README has no place for the quality table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All figures of a run. `groups` are all, dev and test; `kinds` by the kind's name; times as their names say."""

    groups: Mapping[str, Figures]
    kinds: Mapping[str, Figures]
    latency_median_ms: float
    latency_p95_ms: float
    build_seconds: float
    versions: Mapping[str, str]

    def to_json(self) -> dict[str, object]:
        """Everything, under the names of floors.json."""
        return {
            "groups": {name: figures.to_json() for name, figures in self.groups.items()},
            "kinds": {name: figures.to_json() for name, figures in self.kinds.items()},
            "latency_ms": {"median": self.latency_median_ms, "p95": self.latency_p95_ms},
            "build_seconds": self.build_seconds,
            "versions": dict(self.versions),
        }


def as_text(report: Report) -> str:
    """The tables for a terminal."""
    columns = [report.groups[name].to_json() for name in _GROUPS]
    lines = [f"{'':{_WIDTH}}" + "".join(f"{name:>8}" for name in _GROUPS)]
    for labels, show in ((LABELS, _share), (_COUNTS, _count)):
        lines += [
            f"{label:{_WIDTH}}" + "".join(f"{show(column[name]):>8}" for column in columns)
            for name, label in labels.items()
        ]
    lines += ["", f"{'kind':14}{'n':>5}{'evidence':>10}{'hit@5':>8}{'not answered':>14}{'as expected':>13}"]
    lines += [_kind_line(name, figures) for name, figures in report.kinds.items()]
    lines += [
        "",
        f"latency of a question: median {report.latency_median_ms:.0f} ms, p95 {report.latency_p95_ms:.0f} ms",
        f"index build: {report.build_seconds:.1f} s (model loaded, imports aside)",
    ]
    return "\n".join(lines)


def as_markdown(report: Report, floors: Floors) -> str:
    """The quality table of the README, with what is wanted and what the gate holds to."""
    columns = [report.groups[name].to_json() for name in _GROUPS]
    whole = report.groups["all"]
    lines = ["| measure | target | floor | all | dev | test |", "|---|---|---|---|---|---|"]
    for name, label in LABELS.items():
        values = " | ".join(_share(column[name]) for column in columns)
        floor = f"{floors.floors[name].value:.3f}" if name in floors.floors else ""
        lines.append(f"| {label} | {_bound(name, floors)} | {floor} | {values} |")
    lines += [
        f"| a question answered, median and p95 | | | {report.latency_median_ms:.0f} ms, "
        f"{report.latency_p95_ms:.0f} ms | | |",
        f"| index build, model loaded | | | {report.build_seconds:.1f} s | | |",
        "",
        f"{whole.answerable} answerable questions and {whole.unanswerable} that the corpus does not answer; "
        f"an answer has {_count(whole.words_median)} words (median), {_count(whole.words_max)} at most. "
        f"Written by `python -m evals gate --readme`, embedder {report.versions['embedder']}, "
        f"questions {report.versions['questions_sha256'][:12]}.",
    ]
    return "\n".join(lines)


def with_table(readme: str, table: str) -> str:
    """The README with the table between its two marks. Raises ReadmeError unless each stands there once, in order."""
    before, begin, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end) or BEGIN in rest or END in before + after:
        raise ReadmeError(f"expected one {BEGIN} and, after it, one {END}")
    return f"{before}{BEGIN}\n{table}\n{END}{after}"


def failures(judged: Iterable[Judged], passages: Sequence[Passage]) -> str:
    """What went wrong: id, what, question, status, and the passages at the first ranks."""
    by_id = {passage.id: passage for passage in passages}
    lines: list[str] = []
    for entry in judged:
        wrong = faults_of(entry)
        if not wrong:
            continue
        outcome = entry.outcome
        lines.append(f"{outcome.question.id} {', '.join(wrong)} [{outcome.answer.status}] {outcome.question.question}")
        lines += [
            f"    {rank}. p. {by_id[passage].page} {by_id[passage].text[:_EXCERPT]!r}"
            for rank, passage in enumerate(outcome.ranking[:_SHOWN], start=1)
        ]
    return "\n".join(lines) or "nothing went wrong"


def misunderstood(unresolved: Iterable[tuple[FollowUp, str]]) -> str:
    """Follow-ups that were not resolved: id, kind, what was typed, what was understood."""
    lines = [f"{item.id} {item.kind}: {item.question} -> {text}" for item, text in unresolved]
    return "\n".join(lines) or "all follow-ups resolved"


def _kind_line(name: str, figures: Figures) -> str:
    count = figures.answerable + figures.unanswerable
    return (
        f"{name:14}{count:>5}{_share(figures.evidence_in_answer):>10}{_share(figures.hit_5):>8}"
        f"{_share(figures.unanswerable_not_answered):>14}{_share(figures.expected_status):>13}"
    )


def _bound(name: str, floors: Floors) -> str:
    bounds = [
        f"{sign} {bounds[name]:.2f}"
        for sign, bounds in (("≥", floors.at_least), ("≤", floors.at_most))
        if name in bounds
    ]
    return ", ".join(bounds)


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _count(value: float | None) -> str:
    return "-" if value is None else f"{value:g}"
