"""What a report says -> Markdown for the notes of a release: measures, kinds, and the worst questions in a line each.

What comes from questions is escaped, so that it is read as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from evals.release_report import words
from evals.release_report.contents import Contents
from evals.release_report.figures import Changed, KindRow, Measured
from evals.release_report.worst import Worst

_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~&!])")
_COMPARED = ("change", "95 % interval", "p", "")


def as_notes(contents: Contents) -> str:
    """The notes, the same for the same contents."""
    parts = [
        f"# Release report: {escaped(contents.name)}",
        escaped(words.summary_of(contents)),
        *([escaped(words.compared_of(contents.previous))] if contents.previous else []),
        _run(contents),
        "## Measures",
        _measures(contents),
        "## Questions that the publications answer",
        _kinds(contents, contents.answerable_kinds, ("evidence in the answer", "hit@5 of passages", "refused")),
        "## Questions that they do not answer",
        _kinds(contents, contents.other_kinds, ("not answered", "with the status expected")),
        "## The worst questions",
        "\n".join(_worst(number, one) for number, one in enumerate(contents.worst, start=1)) or "Nothing went wrong.",
    ]
    return "\n\n".join(parts) + "\n"


def escaped(text: str) -> str:
    """One line that Markdown leaves as it is."""
    return _MARKS.sub(r"\\\1", " ".join(text.split()))


def _run(contents: Contents) -> str:
    calibration, latency = contents.calibration, contents.latency
    facts = {fact.label: fact.value for fact in contents.facts}
    within = words.bounds(calibration.interval)
    return "\n".join(
        [
            *(
                f"- {label}: {escaped(facts[label])}"
                for label in ("Made at", "Commit", "Question set", "Question set, SHA-256", "Index, inputs SHA-256")
            ),
            f"- Embedder: {escaped(facts['Embedder'])}",
            f"- Machine: {escaped(facts['Machine'])}, Python {escaped(facts['Python'])}",
            f"- AUROC of answerability: {words.share(calibration.auroc)}{f' ({within})' if within else ''}, "
            f"expected calibration error {words.share(calibration.error)}",
            f"- Time of a question: median {latency.median:.0f} ms, p95 {latency.p95:.0f} ms",
        ]
    )


def _measures(contents: Contents) -> str:
    heads = ["measure", "this run", "95 % interval", "dev", "test", *_heads(contents)]
    rows = [
        [row.label, *_cells(row.whole), words.share(row.dev), words.share(row.test), *_changed(contents, row.changed)]
        for row in contents.measures
    ]
    return _table(heads, rows)


def _kinds(contents: Contents, rows: Sequence[KindRow], measures: Sequence[str]) -> str:
    heads = ["kind", "questions", *(head for name in measures for head in (name, "95 % interval")), *_heads(contents)]
    return _table(
        heads,
        [
            [
                row.kind,
                str(row.count),
                *(cell for one in row.measured for cell in _cells(one)),
                *_changed(contents, row.changed),
            ]
            for row in rows
        ],
    )


def _worst(number: int, one: Worst) -> str:
    outcome = one.entry.outcome
    return (
        f"{number}. {outcome.question.id} ({outcome.question.kind.replace('_', ' ')}, {outcome.question.split}), "
        f"{words.faults(one.faults)}: {escaped(outcome.question.question)}"
    )


def _heads(contents: Contents) -> list[str]:
    return [escaped(contents.previous.name), *_COMPARED] if contents.previous else []


def _cells(measured: Measured) -> list[str]:
    return [words.share(measured.value), words.bounds(measured.interval)]


def _changed(contents: Contents, changed: Changed | None) -> list[str]:
    if contents.previous is None:
        return []
    if changed is None:
        return ["–", "–", "", "", ""]
    found = changed.difference
    return [
        words.share(found.before),
        words.change(found),
        words.change_bounds(found),
        words.p_value(found),
        changed.verdict,
    ]


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
