"""What a report says -> one HTML page that asks nothing of anyone: style and plots are inside, there is no script.

What comes from questions, answers and publications is escaped by the template engine, all of it.
"""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from evals.questions import Kind
from evals.release_report import words
from evals.release_report.contents import Contents
from evals.release_report.plots import latency_plot, reliability_plot
from evals.release_report.worst import Worst

_HOME = Path(__file__).parent
_EXCERPT = 320


def as_page(contents: Contents) -> str:
    """The page, the same for the same contents."""
    environment = Environment(
        loader=FileSystemLoader(_HOME),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["excerpt"] = _excerpt
    before = contents.previous
    return environment.get_template("page.html.jinja").render(
        contents=contents,
        words=words,
        style=(_HOME / "page.css").read_text(encoding="utf-8"),
        reliability=reliability_plot(contents.calibration.curve, before.curve if before else None).svg,
        latency=latency_plot(contents.latency, before.latency if before else None).svg,
        runs=[("this run", contents.latency), *([(before.name, before.latency)] if before else [])],
        language=_language,
        spoken=_spoken,
    )


def _language(worst: Worst) -> str:
    return "en" if worst.entry.outcome.question.kind is Kind.ENGLISH else "fr"


def _spoken(worst: Worst) -> list[tuple[str, str]]:
    """The answer's lines, each with its language: to an English question quotations are French, what frames them is not."""
    english = _language(worst) == "en"
    lines = [line for line in worst.entry.outcome.answer.text.splitlines() if line.strip()]
    return [("en" if english and "«" not in line else "fr", line) for line in lines]


def _excerpt(text: str) -> str:
    """The beginning of a passage, cut between words."""
    folded = " ".join(text.split())
    return folded if len(folded) <= _EXCERPT else folded[:_EXCERPT].rsplit(" ", 1)[0] + " …"
