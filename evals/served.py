"""A build as it lies in its index, served or not -> the figures of the questions that it can be asked, and broken floors.

Unlike `python -m evals run` nothing is built: what is judged is what would be served. It is asked the questions all of whose
evidence lies in publications that it holds, and those off topic and hostile; what was absent from the corpora of the evals a
new publication may answer, so that is not asked. Floors on figures that these questions do not give are left aside. The
corpora may be others than those the floors were set on; the questions may not. Refused: a build that cannot be opened
(IngestError), evidence that no longer stands in a publication that it holds, or none to ask for (QuestionsError).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from evals.floors import Floors
from evals.measures import Figures, judge, summarise
from evals.questions import Kind, Question, QuestionsError, Source, locate
from evals.runner import Log, ask_all, texts_of
from evals.spans import FoldedText
from ingest.build import Embedder
from ingest.document import Span
from ingest.errors import IndexMissing
from ingest.index.builds import NAME, current_build
from ingest.index.index import Index
from rag.answerability import Answerability
from rag.pipeline import Assistant

# What a build that is asked anything at all must be measured by.
_ALWAYS = frozenset(
    {"hit@5", "evidence_in_answer", "answerable_refused", "citations_found_again", "hostile_not_answered"}
)


def build_folder(index: Path, build: str | None) -> Path:
    """The folder of the build called so, or of the served one. Raises IndexMissing."""
    if build is None:
        return current_build(index)
    folder = index / build
    if not NAME.fullmatch(build) or not folder.is_dir():
        raise IndexMissing(f"{index}: no build called {build!r} (see: python -m ingest list --index {index})")
    return folder


def judge_build(folder: Path, questions: Sequence[Question], embedder: Embedder, log: Log) -> Figures:
    """Put to the build in `folder` the questions that it can be asked."""
    index = Index.open_build(folder.resolve(), embedder)
    texts = texts_of(index)
    asked = [question for question in questions if _can_be_asked(question, index)]
    if not any(question.answerable for question in asked):
        raise QuestionsError([f"{folder}: holds the evidence of no question, so nothing can be said of it"])
    log(f"{len(asked)} of {len(questions)} questions are for this build")
    gold = locate(asked, sources_of_build(index, texts))
    assistant = Assistant(index, embedder, answerability=Answerability.load())
    return summarise(judge(ask_all(assistant, asked, log), gold, index.passages, texts))


def measured(floors: Floors, figures: Figures) -> Floors:
    """The floors on what `figures` measure, and those on what any build must be measured by."""
    values = figures.to_json()
    kept = [
        {name: bound for name, bound in bounds.items() if values[name] is not None or name in _ALWAYS}
        for bounds in (floors.at_least, floors.at_most)
    ]
    return replace(floors, at_least=kept[0], at_most=kept[1])


def _can_be_asked(question: Question, index: Index) -> bool:
    if question.answerable:
        return all(evidence.publication in index.publications for evidence in question.evidence)
    return question.kind in {Kind.OFF_TOPIC, Kind.HOSTILE}


def against(floors: Floors, figures: Figures) -> Iterator[str]:
    """Each floor with the figure beside it."""
    values = figures.to_json()
    for word, bounds in (("at least", floors.at_least), ("at most", floors.at_most)):
        for name, bound in bounds.items():
            value = values[name]
            yield f"{name}: {'not measured' if value is None else f'{value:.4f}'} ({word} {bound})"


def sources_of_build(index: Index, texts: Mapping[str, str]) -> dict[str, Source]:
    """The texts of the build, and the pages that its passages lie on."""
    pages: dict[str, list[tuple[Span, int | None]]] = defaultdict(list)
    for passage in index.passages:
        pages[passage.publication_id].append((Span(passage.start, passage.end), passage.page))
    return {name: Source(text=FoldedText(text), pages=tuple(pages[name])) for name, text in texts.items()}
