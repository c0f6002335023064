"""`python -m evals validate`: all that is wrong with the question set, the follow-ups and the further questions, at once.

Beside what loading refuses (`evals.questions`, `evals.follow_ups`, `evals.further`) and evidence that does not stand in the
corpora: an expected figure that no evidence of its question has, an expected territory that the gazetteer does not know. Both
would count against every answer. Exit status 0, or 1 with a line for each fault on stderr.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence

from evals.follow_ups import load_follow_ups
from evals.further import NAME as FURTHER
from evals.further import load_further
from evals.questions import Question, QuestionsError, locate, read_questions
from evals.runner import sources_of_corpus
from evals.spans import FoldedText
from ingest.inputs import data_file
from ingest.territories import Gazetteer


def run_validate(options: argparse.Namespace) -> int:
    """Raises QuestionsError with every problem."""
    questions, problems = read_questions(options.questions)
    further = options.questions.with_name(FURTHER)
    checks = (
        lambda: locate(questions, sources_of_corpus(options.corpus)),
        lambda: load_follow_ups(options.follow_ups),
        lambda: load_further(further, questions) if further.exists() else (),
    )
    for check in checks:
        try:
            check()
        except QuestionsError as error:
            problems += error.problems
    problems += never_right(questions, Gazetteer.load(data_file(options.corpus[0], "territories.json")))
    if problems:
        raise QuestionsError(problems)
    counts = Counter((question.kind, question.split) for question in questions)
    for (kind, split), count in sorted(counts.items()):
        print(f"{kind:12}{split:6}{count:4}")
    print(f"{len(questions)} questions, all evidence stands in the corpus")
    return 0


def never_right(questions: Sequence[Question], gazetteer: Gazetteer) -> Iterator[str]:
    """Expectations that no right answer can meet."""
    for question in questions:
        for figure in question.expected_figures:
            if not any(FoldedText(one.segment).find_all(figure) for one in question.evidence):
                yield f"{question.where}: {question.id}: figure {figure!r} stands in none of its evidence"
        for name in question.expected_territories:
            # "Outre-mer" is no territory of its own, and holds others.
            if gazetteer.kind_of(name) is None and name not in gazetteer.asked_about(name):
                yield f"{question.where}: {question.id}: the gazetteer has no territory of exactly the name {name!r}"
