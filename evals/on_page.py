"""`python -m evals on-page`: what becomes of answers when questions are asked on a page.

Every question is asked without a page, on a page of its gold publication (of its first evidence), and on one of another, taken
in turn from those of the corpora that hold none of its evidence. Printed, by halves: how often evidence is in the answer, how
often the page is quoted first, and for the other page how often status and evidence are what they were without it. Refused:
what `run` refuses. Nothing is tuned on the `test` half.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from evals.asking import log
from evals.questions import GoldSpan, Question, load_questions, locate
from evals.quotations import evidence_in_answer
from evals.runner import built, sources_of_corpus
from ingest.document import Publication
from ingest.index.embedder import load_embedder
from ingest.settings import IngestSettings
from rag.answer import Answer, HostPage
from rag.pipeline import Assistant


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question's three answers; `on_its_page` is None for a question without evidence."""

    question: Question
    gold: Sequence[GoldSpan]
    plain: Answer
    on_its_page: Answer | None
    on_another: Answer

    def has_evidence(self, answer: Answer | None) -> bool:
        """Whether evidence of the highest grade is quoted."""
        return answer is not None and evidence_in_answer(self.gold, answer)


def run_on_page(options: argparse.Namespace) -> int:
    """Build the corpora, ask, print."""
    questions = load_questions(options.questions)
    gold = locate(questions, sources_of_corpus(options.corpus))
    embedder = load_embedder(IngestSettings(), threads=1)
    with built(options.corpus, embedder, log) as (_, index, _):
        asked = list(ask_on_pages(Assistant.open(index, embedder), questions, gold))
    for line in lines_of(asked):
        print(line)
    return 0


def ask_on_pages(
    assistant: Assistant, questions: Sequence[Question], gold: Mapping[str, Sequence[GoldSpan]]
) -> Iterator[Asked]:
    """Each question three times; which other page it is asked on depends on its place among the questions alone."""
    publications = assistant.index.publications
    for place, question in enumerate(questions):
        own = [evidence.publication for evidence in question.evidence]
        others = sorted(set(publications) - set(own))
        on_own = replace(question.request, on_page=page_of(publications[own[0]])) if own else None
        on_other = replace(question.request, on_page=page_of(publications[others[place % len(others)]]))
        yield Asked(
            question=question,
            gold=gold.get(question.id, ()),
            plain=assistant.reply(question.request),
            on_its_page=assistant.reply(on_own) if on_own else None,
            on_another=assistant.reply(on_other),
        )


def page_of(publication: Publication) -> HostPage:
    """The page that shows a publication, as it would tell of itself."""
    return HostPage(url=publication.url or "", title=publication.title)


def lines_of(asked: Sequence[Asked]) -> Iterator[str]:
    """The figures of each half, and of both."""
    halves = {"dev": "dev", "test": "test", "all": ""}
    for name, split in halves.items():
        of_half = [one for one in asked if one.question.split.value.startswith(split)]
        yield from (f"{name:5}{line}" for line in _lines(of_half))


def _lines(asked: Sequence[Asked]) -> Iterator[str]:
    with_gold = [one for one in asked if one.on_its_page is not None]
    without = [one for one in asked if one.on_its_page is None]
    evident = [one for one in with_gold if one.has_evidence(one.plain)]
    yield _line("evidence in the answer, without a page", [one.has_evidence(one.plain) for one in with_gold])
    yield _line("evidence in the answer, on its page", [one.has_evidence(one.on_its_page) for one in with_gold])
    yield _line("its page quoted first, without a page", [_is_first(one.plain, one.on_its_page) for one in with_gold])
    yield _line("its page quoted first, on it", [_is_first(one.on_its_page, one.on_its_page) for one in with_gold])
    yield _line("evidence in the answer, on another page", [one.has_evidence(one.on_another) for one in with_gold])
    yield _line("still in the answer, on another page", [one.has_evidence(one.on_another) for one in evident])
    yield _line("status as without, on another page", [one.plain.status is one.on_another.status for one in with_gold])
    yield _line("the other page quoted first, on it", [_is_first(one.on_another, one.on_another) for one in with_gold])
    yield _line("traps: status as without, on a page", [one.plain.status is one.on_another.status for one in without])


def _is_first(answer: Answer | None, on_page: Answer | None) -> bool:
    """Whether the first citation is of the page."""
    page = on_page.on_page.publication_id if on_page and on_page.on_page else None
    return bool(answer and answer.citations) and answer is not None and answer.citations[0].publication_id == page


def _line(name: str, holds: Sequence[bool]) -> str:
    share = f"{sum(holds) / len(holds):.3f}" if holds else "-"
    return f"{name:45}{sum(holds):4} of {len(holds):4} {share}"
