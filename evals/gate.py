"""A build as it lies in its index, served or not -> the figures of all questions, and which floors they break.

Unlike `python -m evals run` nothing is built: what is judged is what would be served. The catalogue may be another than the
one that the floors were set on, since a build with new publications is what the gate is for; the questions may not. Refused:
a build that cannot be opened (IngestError), evidence that no longer stands in it (QuestionsError).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from evals.floors import Floors, sha256_of
from evals.measures import Figures, judge, summarise
from evals.questions import Question, Source, locate
from evals.runner import Log, ask_all
from evals.spans import FoldedText
from ingest.build import Embedder
from ingest.document import Span
from ingest.errors import IndexMissing
from ingest.index.builds import NAME, current_build
from ingest.index.index import Index
from rag.answerability import Answerability
from rag.pipeline import Assistant


def build_folder(index: Path, build: str | None) -> Path:
    """The folder of the build called so, or of the served one. Raises IndexMissing."""
    if build is None:
        return current_build(index)
    folder = index / build
    if not NAME.fullmatch(build) or not folder.is_dir():
        raise IndexMissing(f"{index}: no build called {build!r} (see: python -m ingest list --index {index})")
    return folder


def judge_build(folder: Path, questions: Sequence[Question], embedder: Embedder, log: Log) -> Figures:
    """Put every question to the build in `folder`."""
    index = Index.open_build(folder.resolve(), embedder)
    texts = {name: (index.folder / "documents" / f"{name}.txt").read_bytes().decode() for name in index.publications}
    gold = locate(questions, _sources(index, texts))
    assistant = Assistant(index, embedder, answerability=Answerability.load())
    outcomes = ask_all(assistant, questions, log)
    return summarise(judge(outcomes, gold, index.passages, texts))


def changed_questions(floors: Floors, questions: Path) -> list[str]:
    """What to say when the floors were set on other questions."""
    found = sha256_of(questions)
    if found == floors.questions_sha256:
        return []
    return [
        f"floors were set on another {questions}: questions_sha256 is {floors.questions_sha256}, found {found}"
        f" (look at the figures, then set it to what `sha256sum {questions}` prints)"
    ]


def against(floors: Floors, figures: Figures) -> Iterator[str]:
    """Each floor with the figure beside it."""
    values = figures.to_json()
    for word, bounds in (("at least", floors.at_least), ("at most", floors.at_most)):
        for name, bound in bounds.items():
            value = values[name]
            yield f"{name}: {'not measured' if value is None else f'{value:.4f}'} ({word} {bound})"


def _sources(index: Index, texts: Mapping[str, str]) -> dict[str, Source]:
    """The texts of the build, and the pages that its passages lie on."""
    pages: dict[str, list[tuple[Span, int | None]]] = defaultdict(list)
    for passage in index.passages:
        pages[passage.publication_id].append((Span(passage.start, passage.end), passage.page))
    return {name: Source(text=FoldedText(text), pages=tuple(pages[name])) for name, text in texts.items()}
