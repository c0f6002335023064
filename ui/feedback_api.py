"""`POST /api/feedback`: what a user says of an answer -> 201, or a refusal in the form of the contract.

404 when feedback is switched off, 405 another method, 400 what is no JSON, 413 more than 64 kB, 422 a field that is not of its
form, 503 what cannot be kept (logged without what was said).
"""

from __future__ import annotations

import logging
import sqlite3

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ui import texts
from ui.api import Refused, read_json, refusal
from ui.feedback import BadFeedback, FeedbackStore, parse_feedback

_log = logging.getLogger(__name__)


async def give_feedback(request: Request, store: FeedbackStore | None) -> Response:
    """Keep what is said, if feedback is taken."""
    if store is None:
        return refusal(404, texts.NOT_FOUND)
    if request.method != "POST":
        refused = refusal(405, texts.ONLY_POST)
        refused.headers["Allow"] = "POST"
        return refused
    try:
        await run_in_threadpool(store.add, parse_feedback(await read_json(request)))
    except Refused as refused:
        return refusal(refused.status, refused.reason)
    except BadFeedback as error:
        return refusal(422, str(error))
    except sqlite3.Error as error:
        _log.error("feedback could not be kept: %s", error)  # SQLite's words: nothing of what was said
        return refusal(503, texts.FEEDBACK_NOT_KEPT)
    return JSONResponse({"status": "recorded"}, 201)
