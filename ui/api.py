"""`POST /api/ask`: the contract's request -> the contract's answer, and the same object, status `error`, for every refusal.

400 what is not of the contract's form, 413 more than 64 kB, 422 a question that cannot be searched, 503 before the assistant is
ready or when too much is asked at once, 500 a fault of ours (logged without the question).
"""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Iterator

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from rag.answer import Answer
from rag.errors import MalformedRequest
from rag.request import AskRequest, error_answer, parse_request, question_problem
from ui import texts
from ui.gate import Busy
from ui.guard import read_body
from ui.readiness import Answerer, Readiness, Stage

MAX_BODY = 64 * 1024
# Seconds after which who was told that we are busy may try again.
RETRY_AFTER = "5"
# Answers of status `error` that are no fault of the question.
OURS = {texts.BROKEN: 500, texts.BUSY: 503}
_log = logging.getLogger(__name__)


class Refused(Exception):
    """A request that is answered with `status` and a reason in French; `question` as far as it could be read."""

    def __init__(self, status: int, reason: str, question: str = "") -> None:
        super().__init__(reason)
        self.status, self.reason, self.question = status, reason, question


async def ask(request: Request, readiness: Readiness) -> Response:
    """Answer one request."""
    try:
        asked = _asked(await read_json(request))
        assistant = _assistant(readiness, asked.question)
        return answer_response(await run_in_threadpool(answer_safely, assistant, asked))
    except Refused as refused:
        return refusal(refused.status, refused.reason, refused.question)


def answer_safely(assistant: Answerer, asked: AskRequest) -> Answer:
    """The assistant's answer; a fault of ours becomes an answer of status `error` and a log line without the question.

    So does, without a line, that there is more to do than is done in time (`texts.BUSY`).
    """
    try:
        return assistant.reply(asked)
    except Busy:
        return error_answer(asked.question, texts.BUSY)
    except Exception as error:  # noqa: BLE001 - the last line before the user: a fixed text, the fault in the log
        return _broken(asked, error)


def pieces_safely(assistant: Answerer, asked: AskRequest) -> Iterator[Answer]:
    """The same as it grows; a fault ends it with an answer of status `error`."""
    try:
        yield from assistant.reply_in_pieces(asked)
    except Busy:
        yield error_answer(asked.question, texts.BUSY)
    except Exception as error:  # noqa: BLE001 - as above
        yield _broken(asked, error)


def suggestions_safely(assistant: Answerer, asked: AskRequest, answer: Answer) -> tuple[str, ...]:
    """What may be asked after an answer that the page kept; none where there is a fault, or nothing of it in this index."""
    try:
        return assistant.suggestions(asked, answer)
    except Busy:
        return ()
    except Exception as error:  # noqa: BLE001 - as above
        _broken(asked, error)
        return ()


def _broken(asked: AskRequest, error: Exception) -> Answer:
    # Not the message: it may hold what was asked.
    frames = "".join(traceback.format_tb(error.__traceback__))
    _log.error("answering failed: %s\n%s", type(error).__name__, frames)
    return error_answer(asked.question, texts.BROKEN)


def refusal(status: int, reason: str, question: str = "") -> Response:
    """An answer of status `error`, every field of the contract present."""
    return answer_response(error_answer(question, reason), status)


def answer_response(answer: Answer, status: int | None = None) -> Response:
    """The contract's JSON. Half a surrogate pair, which JSON may carry in and UTF-8 cannot carry out, becomes "?"."""
    if status is None:
        status = OURS.get(answer.text, 200)
    body = json.dumps(answer.to_json(), ensure_ascii=False).encode("utf-8", "replace")
    again = {"Retry-After": RETRY_AFTER} if answer.text == texts.BUSY else None
    return Response(body, status, again, media_type="application/json")


async def read_json(request: Request) -> object:
    """The JSON that a request carries, 64 kB at most. Raises Refused."""
    body = await read_body(request.receive, MAX_BODY)
    if body is None:
        raise Refused(413, texts.TOO_LARGE)
    content_type = request.headers.get("content-type")
    if content_type is not None and content_type.partition(";")[0].strip().casefold() != "application/json":
        raise Refused(400, texts.WRONG_TYPE)
    try:
        return json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        raise Refused(400, texts.NOT_JSON) from None


def _asked(data: object) -> AskRequest:
    """The request, of the contract's form and with a question that can be searched. Raises Refused."""
    question = data.get("question") if isinstance(data, dict) else None
    echoed = question if isinstance(question, str) else ""
    try:
        asked = parse_request(data)
    except MalformedRequest as error:
        raise Refused(400, str(error), echoed) from None
    problem = question_problem(asked.question)
    if problem is not None:
        raise Refused(422, problem, echoed)
    return asked


def _assistant(readiness: Readiness, question: str) -> Answerer:
    state = readiness.state
    if state.assistant is None:
        failed = state.stage is Stage.FAILED
        raise Refused(503, texts.NOT_AVAILABLE if failed else texts.NOT_READY, question)
    return state.assistant
