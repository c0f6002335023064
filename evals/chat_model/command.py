"""`python -m evals chat`: the question set put to the chat model that the environment names.

In: the corpora, the questions, the follow-ups, CHAT_MODEL and what belongs to it (`rag.chat.settings`). Out: the figures of
`figures` and `rewriting` on stdout and, where asked for, both answers of each question as Markdown. It holds nothing to a
floor, and no model judges. Exit status 2 when no model is named, or wrongly; 1 when it cannot be used: package or key are
missing, or it failed whenever it was to answer.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pydantic import ValidationError

from evals.asking import log
from evals.chat_model.asking import AskedTwice, Outcome, OverheardModel, ask_twice
from evals.chat_model.figures import lines_of
from evals.chat_model.rewriting import AskedFollowUp, ask_follow_ups, follow_up_lines
from evals.chat_model.side_by_side import side_by_side
from evals.follow_ups import FollowUp, load_follow_ups
from evals.questions import Question, load_questions, locate
from evals.runner import WARM_UP, built, sources_of_corpus
from ingest.index.embedder import load_embedder
from ingest.settings import IngestSettings
from rag.chat.client import open_chat_model
from rag.chat.settings import ChatSettings
from rag.pipeline import Assistant
from rag.request import AskRequest
from rag.settings import RagSettings
from rag.support.inference import load_infer

if TYPE_CHECKING:
    from rag.chat.client import ChatModel

Item = TypeVar("Item", Question, FollowUp)

_FOLLOW_UPS = Path(__file__).resolve().parents[1] / "follow_ups.jsonl"
_NONE_NAMED = (
    "CHAT_MODEL is not set, so there is no chat model to ask (set it to one with its provider before it, for example "
    "mistralai:mistral-small-latest, with the provider's key or CHAT_MODEL_BASE_URL)"
)


def add_chat_options(parser: argparse.ArgumentParser) -> None:
    """How much is asked, and whether the answers are written down."""
    parser.add_argument(
        "--limit", type=_positive, metavar="N", help="ask N questions and N follow-ups only, evenly from the sets"
    )
    parser.add_argument("--follow-ups", type=Path, default=_FOLLOW_UPS, help="the follow-up questions")
    parser.add_argument("--split", choices=("dev", "test", "all"), default="all", help="half to ask (default: all)")
    parser.add_argument(
        "--side-by-side",
        type=Path,
        metavar="FILE",
        help="write both answers of each question as Markdown; who tunes on it reads `--split dev` only",
    )


def run_chat(options: argparse.Namespace) -> int:
    """Build the corpora, ask, print. Raises ChatSetupError."""
    try:
        settings = ChatSettings()
    except ValidationError as error:
        print(error, file=sys.stderr)
        return 2
    chat = open_chat_model(settings)
    if chat is None:
        print(_NONE_NAMED, file=sys.stderr)
        return 2
    if options.side_by_side:
        options.side_by_side.touch()  # what cannot be written is better known before an hour of answers
    asked, follow_ups = _ask(options, chat)
    for line in (*lines_of(asked), *follow_up_lines(follow_ups)):
        print(line)
    if options.side_by_side:
        options.side_by_side.write_text(side_by_side(asked, settings.chat_model), encoding="utf-8")
    return _status(asked, settings.chat_model)


def chosen(questions: Sequence[Item], split: str, limit: int | None) -> list[Item]:
    """Those of a half, or of all; of them `limit`, at even distances, so that kinds come as they are mixed."""
    of_split = [question for question in questions if split in ("all", question.split)]
    if limit is None or limit >= len(of_split):
        return of_split
    return [of_split[place * len(of_split) // limit] for place in range(limit)]


def _ask(options: argparse.Namespace, chat: ChatModel) -> tuple[list[AskedTwice], list[AskedFollowUp]]:
    questions = chosen(load_questions(options.questions), options.split, options.limit)
    follow_ups = chosen(load_follow_ups(options.follow_ups), options.split, options.limit)
    gold = locate(questions, sources_of_corpus(options.corpus))
    ingest = IngestSettings()
    embedder, infer = load_embedder(ingest, threads=1), load_infer(RagSettings(), ingest, chat)
    overheard = OverheardModel.of(chat)
    asked = []
    with built(options.corpus, embedder, log) as (_, index, _):
        assistant = Assistant.open(index, embedder, chat=overheard, infer=infer)
        assistant.reply(AskRequest(question=WARM_UP, extractive=True))
        for number, one in enumerate(ask_twice(assistant, overheard, questions, gold), start=1):
            asked.append(one)
            if number % 10 == 0 or number == len(questions):
                log(f"{number} of {len(questions)} questions asked")
        return asked, list(ask_follow_ups(assistant, follow_ups))


def _status(asked: Sequence[AskedTwice], model: str) -> int:
    outcomes = [one.outcome for one in asked if one.outcome is not Outcome.NOT_ASKED]
    if outcomes and set(outcomes) == {Outcome.FAILED}:
        reasons = ", ".join(sorted({one.said.failed for one in asked if one.said and one.said.failed}))
        print(f"CHAT_MODEL={model}: failed at each of {len(outcomes)} questions ({reasons})", file=sys.stderr)
        return 1
    return 0


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of questions, expected 1 or more")
    return int(text)
