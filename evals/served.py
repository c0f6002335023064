"""A build as it lies in its index, served or not -> what it did with the questions that it can be asked.

Unlike by `python -m evals gate` without `--index` nothing is built: what is judged is what would be served. It is asked the
questions all of whose evidence lies in publications that it holds, and those off topic and hostile; what was absent from the
corpora of the evals a new publication may answer, so that is asked apart and counts for no figure. Refused: a build that cannot
be opened (IngestError), evidence that no longer stands in a publication that it holds, or none to ask for (QuestionsError).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.measures import Figures, Judged, judge, summarise
from evals.questions import Kind, Question, QuestionsError, Source, locate
from evals.runner import Log, ask_all, texts_of
from evals.spans import FoldedText
from ingest.build import Embedder
from ingest.document import Passage, Span
from ingest.errors import IndexMissing
from ingest.index.builds import NAME, current_build
from ingest.index.index import Index
from rag.answer import Status
from rag.answerability import Answerability
from rag.pipeline import Assistant


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What a build did with the questions it can be asked. `absent_answered`: ids of absent questions that it answers."""

    judged: tuple[Judged, ...]
    figures: Figures
    passages: tuple[Passage, ...]
    absent_answered: tuple[str, ...]


def build_folder(index: Path, build: str | None) -> Path:
    """The folder of the build called so, or of the served one. Raises IndexMissing."""
    if build is None:
        return current_build(index)
    folder = index / build
    if not NAME.fullmatch(build) or not folder.is_dir():
        raise IndexMissing(f"{index}: no build called {build!r} (see: python -m ingest list --index {index})")
    return folder


def judge_build(folder: Path, questions: Sequence[Question], embedder: Embedder, log: Log) -> Built:
    """Put to the build in `folder` the questions that it can be asked."""
    index = Index.open_build(folder.resolve(), embedder)
    texts = texts_of(index)
    asked = [question for question in questions if _can_be_asked(question, index)]
    if not any(question.answerable for question in asked):
        raise QuestionsError([f"{folder}: holds the evidence of no question, so nothing can be said of it"])
    log(f"{len(asked)} of {len(questions)} questions are for this build")
    gold = locate(asked, sources_of_build(index, texts))
    assistant = Assistant(index, embedder, answerability=Answerability.load())
    judged = judge(ask_all(assistant, asked, log), gold, index.passages, texts)
    absent = [question for question in questions if question.kind is Kind.ABSENT]
    return Built(
        judged=tuple(judged),
        figures=summarise(judged),
        passages=index.passages,
        absent_answered=tuple(q.id for q in absent if assistant.reply(q.request).status is Status.ANSWERED),
    )


def _can_be_asked(question: Question, index: Index) -> bool:
    if question.answerable:
        return all(evidence.publication in index.publications for evidence in question.evidence)
    return question.kind in {Kind.OFF_TOPIC, Kind.HOSTILE}


def sources_of_build(index: Index, texts: Mapping[str, str]) -> dict[str, Source]:
    """The texts of the build, and the pages that its passages lie on."""
    pages: dict[str, list[tuple[Span, int | None]]] = defaultdict(list)
    for passage in index.passages:
        pages[passage.publication_id].append((Span(passage.start, passage.end), passage.page))
    return {name: Source(text=FoldedText(text), pages=tuple(pages[name])) for name, text in texts.items()}
