"""The addresses of the pages without script: `/q`, `/publications`, `/a-propos`, `/export`, `/colours.css`, `/logo`.

In: the settings of the site, what the server keeps, and a function that gives what is open at the moment, None before the index
is. Out: routes. Nothing of a request is kept or logged. A refusal is a page in French with the form, what was typed still in
it; `/export` answers JSON with JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Protocol

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from rag.errors import RequestError
from ui import texts
from ui import texts_plain as plain_texts
from ui.about_page import about_page
from ui.addresses import Networks, base_of
from ui.api import OURS, RETRY_AFTER, answer_safely
from ui.asked import Asked, after, decode
from ui.colours import style_sheet
from ui.export import Exporting, export
from ui.form import MAX_BODY, BadForm, Fields, first, read_body_fields, read_fields
from ui.guard import read_body
from ui.kept import Kept
from ui.page import waiting_page
from ui.plain_request import MANY_POSTED, MANY_SHARED, POSTED, SHARED, Wanted, posted, shared
from ui.publications_page import Choice, publications_page
from ui.question_form import Choices, Typed
from ui.question_page import Shown, question_page
from ui.readiness import Answerer, Readiness, Stage
from ui.shelf import Shelf
from ui.site import Site

ALL_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_READING = frozenset({"GET", "HEAD"})


class Opened(Protocol):
    """What is answered from."""

    @property
    def assistant(self) -> Answerer:
        """Who answers."""

    @property
    def shelf(self) -> Shelf:
        """What it has read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainPages:
    """The routes and what they are drawn from; `today` is the date of consultation of an export, `proxies` those that are
    believed when they say by which scheme they were asked.
    """

    site: Site
    readiness: Readiness
    opened: Callable[[], Opened | None]
    kept: Kept = field(default_factory=Kept)
    proxies: Networks = ()
    today: Callable[[], date] = lambda: datetime.now(UTC).astimezone().date()

    def routes(self) -> list[Route]:
        """To stand before the chat's own."""
        return [
            Route("/q", self.question, methods=ALL_METHODS),
            Route("/publications", self.publications),
            Route("/a-propos", self.about),
            Route("/export", self.export, methods=ALL_METHODS),
            Route("/colours.css", self.colours),
            Route("/logo", self.logo),
        ]

    async def question(self, request: Request) -> Response:
        """The form; the answer to what was posted, or to an address that was shared on purpose."""
        if request.method not in {*_READING, "POST"}:
            return PlainTextResponse(plain_texts.WRONG_METHOD, 405, {"Allow": "GET, HEAD, POST"})
        shown = Shown(base=base_of(request, self.proxies))
        try:
            fields = await _fields(request)
            if request.method == "POST":
                shown = replace(shown, typed=Typed.of(fields))
                shown = replace(shown, turns=decode(first(fields, "conversation")))
                wanted = posted(fields, shown.turns)
            elif first(fields, "partage") == "1":
                shown = replace(shown, typed=Typed.of(fields))
                wanted = shared(fields)
            else:
                return self._page(shown)
        except BadForm as bad:
            shown = replace(shown, typed=Typed.of(bad.fields)) if bad.fields else shown
            return self._page(replace(shown, problem=bad.reason, fault=bad.fault), bad.status)
        except RequestError as error:
            return self._page(replace(shown, problem=str(error)), 400)
        return await self._answer(shown, wanted)

    async def _answer(self, shown: Shown, wanted: Wanted) -> Response:
        opened = self.opened()
        if opened is None:
            failed = self.readiness.state.stage is Stage.FAILED
            problem = texts.NOT_AVAILABLE if failed else texts.NOT_READY
            typed = Typed.narrowed(wanted.request.filters, wanted.request.question)
            return self._page(replace(shown, typed=typed, problem=problem), 503, {"Retry-After": "5"})
        answer = await run_in_threadpool(answer_safely, opened.assistant, after(wanted.before, wanted.request))
        if answer.text in OURS:
            typed = Typed.narrowed(wanted.request.filters, wanted.request.question)
            again = {"Retry-After": RETRY_AFTER} if answer.text == texts.BUSY else None
            return self._page(replace(shown, typed=typed, problem=answer.text), OURS[answer.text], again)
        turn = Asked(request=wanted.request, text=answer.text, status=answer.status)
        typed = Typed.narrowed(wanted.request.filters)
        return self._page(replace(shown, typed=typed, turns=(*wanted.before, turn), answer=answer))

    def _page(self, shown: Shown, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
        opened = self.opened()
        choices = (
            Choices(publishers=opened.assistant.publishers, themes=opened.assistant.themes) if opened else Choices()
        )
        day = opened.shelf.index_date if opened else ""
        return _html(question_page(shown, self.site, choices, kept=self.kept, index_date=day), status, headers)

    async def publications(self, request: Request) -> Response:
        """What the assistant has read."""
        opened = self.opened()
        if opened is None:
            return _html(waiting_page(self.readiness.state.stage, name=self.site.name), 503, {"Retry-After": "2"})
        try:
            choice = Choice.of(
                read_fields(request.url.query.encode(), frozenset({"reseau", "theme", "page"}), frozenset())
            )
        except BadForm:  # a query that no link of ours has
            choice = Choice()
        return _html(publications_page(opened.shelf, choice, self.site))

    async def about(self, _request: Request) -> Response:
        """How answers are made, and everything that the law and honesty ask for."""
        opened = self.opened()
        return _html(about_page(self.site, self.kept, opened.shelf if opened else None))

    async def export(self, request: Request) -> Response:
        """A conversation to take away, its answers computed anew."""
        opened = self.opened()
        exporting = Exporting(
            site=self.site,
            today=self.today(),
            base=base_of(request, self.proxies),
            index_date=opened.shelf.index_date if opened else "",
        )
        return await export(request, exporting, opened.assistant if opened else None)

    async def colours(self, _request: Request) -> Response:
        """The colours of every page."""
        return Response(style_sheet(*self.site.colours.rgb), media_type="text/css", headers=_SHORT)

    async def logo(self, _request: Request) -> Response:
        """The logo of the settings."""
        if self.site.logo is None:
            return PlainTextResponse(texts.NOT_FOUND, 404)
        picture = self.site.logo.picture
        return Response(picture.data, media_type=picture.media_type, headers=_SHORT)


# A page waits for its colours: they are kept long enough for a visit, and a change of settings shows within minutes.
_SHORT = {"Cache-Control": "public, max-age=300"}


async def _fields(request: Request) -> Fields:
    if request.method == "POST":
        body = await read_body(request.receive, MAX_BODY)
        return read_body_fields(request.headers.get("content-type"), body, POSTED, MANY_POSTED)
    return read_fields(request.url.query.encode(), SHARED, MANY_SHARED)


def _html(page: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    # Half a surrogate pair, which JSON may carry in and UTF-8 cannot carry out, becomes "?".
    return Response(page.encode("utf-8", "replace"), status, headers, media_type="text/html")
