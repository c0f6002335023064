"""`POST /export`: a conversation -> a file to take away, Markdown or ODT.

In: `{"turns": [{"question", "filters"?, "without"?, "detailed"?, "on_page"?}], "format": "md" or "odt"}` as JSON, or the form
of `/q` (`conversation`, `format`). Only what was asked is taken from the page: every answer is computed anew from the index
that is open, each after the ones before it, so that no quotation is exported that the index does not hold. No chat model is
asked: a follow-up is what the rules understand, also where the chat had it rewritten. Where the index has
changed since, the file tells what it says now; its date and build stand in it. Refused: what is not of this form (400),
another content type (415), too large (413), not ready (503).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from rag.answer import Answer
from rag.errors import MalformedRequest
from rag.request import AskRequest, question_problem
from ui import texts
from ui import texts_plain as plain_texts
from ui.api import OURS, answer_safely
from ui.asked import MOST, Asked, asked_of, decode, replayed
from ui.export_blocks import blocks_of
from ui.export_md import markdown_of
from ui.export_odt import odt_of
from ui.form import MAX_BODY, BadForm, first, read_body_fields
from ui.guard import read_body
from ui.plain_request import EXPORTED
from ui.readiness import Answerer
from ui.site import Site

_TYPES = {"md": "text/markdown; charset=utf-8", "odt": "application/vnd.oasis.opendocument.text"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Exporting:
    """What stands in a file besides the conversation; `base` is the address of the service."""

    site: Site
    today: date
    base: str
    index_date: str


async def export(request: Request, exporting: Exporting, assistant: Answerer | None) -> Response:
    """The file, or why there is none."""
    if request.method != "POST":
        return PlainTextResponse(plain_texts.ONLY_POST, 405, {"Allow": "POST"})
    content_type = request.headers.get("content-type", "")
    is_json = content_type.partition(";")[0].strip().casefold() == "application/json"
    try:
        body = await read_body(request.receive, MAX_BODY)
        turns, form = _read_json(body) if is_json else _read_form(content_type, body)
    except (BadForm, MalformedRequest) as error:
        return _refusal(error, is_json=is_json)
    if assistant is None:
        return _refusal(BadForm(503, texts.NOT_READY), is_json=is_json)
    try:
        data = await run_in_threadpool(_file, turns, form, exporting, assistant)
    except BadForm as error:
        return _refusal(error, is_json=is_json)
    name = f"{plain_texts.EXPORT_FILE.format(date=exporting.today.isoformat())}.{form}"
    return Response(data, media_type=_TYPES[form], headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _file(turns: Sequence[Asked], form: str, exporting: Exporting, assistant: Answerer) -> bytes:
    """Slow: every question is answered. Raises BadForm where one is not, for want of time or by a fault of ours."""

    def reply(asked: AskRequest) -> Answer:
        # Written anew, an answer would not be the one that was read: what is taken away is what its sources say.
        return answer_safely(assistant, replace(asked, extractive=True))

    site, today = exporting.site, exporting.today
    answers = replayed(turns, reply)
    for answer in answers:
        if answer.text in OURS:  # busy, or broken: a file of such answers is none
            raise BadForm(OURS[answer.text], answer.text)
    blocks = blocks_of(answers, base=exporting.base, today=today, index_date=exporting.index_date)
    title = plain_texts.EXPORT_TITLE.format(name=site.name, date=texts.date(today.isoformat()))
    return odt_of(title, blocks, today) if form == "odt" else markdown_of(title, blocks)


def _read_json(body: bytes | None) -> tuple[tuple[Asked, ...], str]:
    if body is None:
        raise BadForm(413, texts.TOO_LARGE)
    try:
        data = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        raise BadForm(400, texts.NOT_JSON) from None
    rows = data.get("turns") if isinstance(data, dict) else None
    if not isinstance(rows, list) or len(rows) > MOST:
        raise BadForm(400, plain_texts.BAD_EXPORT)
    return _checked(tuple(map(asked_of, rows)), data.get("format"))


def _read_form(content_type: str, body: bytes | None) -> tuple[tuple[Asked, ...], str]:
    fields = read_body_fields(content_type, body, EXPORTED, frozenset())
    return _checked(decode(first(fields, "conversation")), first(fields, "format"))


def _checked(turns: tuple[Asked, ...], form: object) -> tuple[tuple[Asked, ...], str]:
    searched = all(question_problem(turn.request.question) is None for turn in turns)
    if not turns or not searched or not isinstance(form, str) or form not in _TYPES:
        raise BadForm(400, plain_texts.BAD_EXPORT)
    return turns, form


def _refusal(error: BadForm | MalformedRequest, *, is_json: bool) -> Response:
    status = error.status if isinstance(error, BadForm) else 400
    headers = {"Retry-After": "5"} if status == 503 else None
    if is_json:
        return JSONResponse({"error": str(error)}, status, headers)
    return PlainTextResponse(str(error), status, headers)
