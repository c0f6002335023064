"""The application that is served: it listens at once, and the chat joins it when it has been loaded.

In: a function that loads the assistant and builds the chat (slow, run in a thread). Out: a Starlette application with `/`,
`/source/<id>` and its pages' pictures, `/healthz`, `/readyz`, `/metrics`, `/api/ask`, `/api/feedback`, the pages without script
(`ui/plain_routes.py`), the widget (`ui/widget_routes.py`), our own files, and of Gradio's routes those that its page uses; all
else is 404.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import date

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from ingest.errors import IngestError
from ui import api, texts
from ui.addresses import is_local
from ui.current import Current
from ui.daemon_thread import in_daemon_thread
from ui.feedback_api import give_feedback
from ui.gradio_routes import GradioRoutes
from ui.guard import Guard
from ui.kept import Kept
from ui.library import Library
from ui.limiting import Limiting
from ui.metrics import MEDIA_TYPE
from ui.observe import Observe
from ui.operations import Operations
from ui.page import STATIC, GradioFiles, chat_page, waiting_page
from ui.permalink import number_in, read_query
from ui.pictures import Pictures
from ui.plain_routes import PlainPages
from ui.readiness import Readiness, Stage, State
from ui.refusals import refuse
from ui.serving_settings import MetricsFor
from ui.shelf import Shelf
from ui.site import Site
from ui.source import missing_page, render_source
from ui.viewer import picture_of, read_on
from ui.widget_routes import WidgetPages

# The address that a page gives names the file's digest: another file has another address.
_PICTURES_KEPT = "private, max-age=3600"

# Named all, so that the route says 405 itself: otherwise the mount below it would take the path, and say 404.
_ALL_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What loading gives: who answers, from whichever build is served, what draws publications' pages (None: nothing does), the
    chat's application (its lifespan not yet run), and its files' addresses."""

    assistant: Current
    pictures: Pictures | None
    chat: Starlette
    files: GradioFiles

    @property
    def library(self) -> Library:
        """The publications of the build that is served now, to read."""
        return self.assistant.now.library

    @property
    def shelf(self) -> Shelf:
        """The same, to choose from."""
        return self.assistant.now.shelf


Load = Callable[[Callable[[Stage], None]], Loaded]


class Service:
    """Readiness, and the chat once it is there."""

    def __init__(self, load: Load, site: Site, operations: Operations) -> None:
        self.readiness = Readiness()
        self.site = site
        self.operations = operations
        self.kept = Kept(
            question_days=operations.question_log_days, feedback=operations.feedback is not None, told=operations.told
        )
        self._load = load
        self._loaded: Loaded | None = None

    @property
    def opened(self) -> Loaded | None:
        """What is answered from, once it is there."""
        return self._loaded

    @contextlib.asynccontextmanager
    async def lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        """Load behind the server's back; the chat lives until the server stops."""
        task = asyncio.create_task(self._live())
        yield
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    async def _live(self) -> None:
        try:
            loaded = await in_daemon_thread(lambda: self._load(self.readiness.enter))
        except IngestError as error:
            self._fail(str(error))
            return
        except Exception:  # noqa: BLE001 - the server goes on, and tells that it failed; what failed is for the log
            self._fail(texts.FAILED_REASON, logging.ERROR)
            return
        # Gradio's queue works only inside the lifespan of its application, which mounting does not run by itself.
        async with loaded.chat.router.lifespan_context(loaded.chat):
            self._loaded = loaded
            self.readiness.state = State(stage=Stage.READY, assistant=loaded.assistant)
            _log.info("ready")
            stopped = threading.Event()
            threading.Thread(target=loaded.assistant.watch, args=(stopped,), name="watch", daemon=True).start()
            try:
                await asyncio.Event().wait()
            finally:
                stopped.set()

    def _fail(self, reason: str, trace: int | None = None) -> None:
        _log.error("starting failed: %s", reason, exc_info=trace is not None)
        self.readiness.state = State(stage=Stage.FAILED, reason=reason)

    async def health(self, _request: Request) -> Response:
        """Whether the process answers."""
        return JSONResponse({"status": "ok"})

    async def ready(self, _request: Request) -> Response:
        """Whether questions are answered, and from which build, or how far starting is."""
        state = self.readiness.state
        build = {"build": self._loaded.assistant.now.build} if self._loaded else {}
        return JSONResponse(state.to_json() | build, 200 if state.stage is Stage.READY else 503)

    async def metrics(self, request: Request) -> Response:
        """What Prometheus collects, for whom the operator shows it to."""
        shown = self.operations.metrics_for
        if shown is MetricsFor.OFF or (shown is MetricsFor.LOOPBACK and not is_local(request.scope)):
            return refuse(request.url.path, 404, texts.NOT_FOUND)
        return Response(self.operations.metrics.text(), media_type=MEDIA_TYPE)

    async def feedback(self, request: Request) -> Response:
        """What a user says of an answer."""
        return await give_feedback(request, self.operations.feedback)

    async def ask(self, request: Request) -> Response:
        """The HTTP contract."""
        if request.method != "POST":
            refused = api.refusal(405, texts.ONLY_POST)
            refused.headers["Allow"] = "POST"
            return refused
        return await api.ask(request, self.readiness)

    async def page(self, _request: Request) -> Response:
        """The chat, or what to read while it starts."""
        if self._loaded is None:
            return self._waiting()
        return HTMLResponse(chat_page(self._loaded.files, self._loaded.assistant, self.site, self.kept))

    def source(self, request: Request) -> Response:
        """A publication to read, with a quotation marked. Not async: it reads a file, so Starlette gives it a thread."""
        if self._loaded is None:
            return self._waiting(root="../")
        try:
            source = self._loaded.library.find(request.path_params["publication_id"])
        except (OSError, ValueError) as error:  # its build was swept away by later ones, or its disk is gone or damaged
            _log.error("reading a publication failed: %s", error)
            return HTMLResponse(missing_page(texts.UNREADABLE_TITLE, texts.UNREADABLE, name=self.site.name), 500)
        if source is None:
            return HTMLResponse(
                missing_page(texts.NO_SUCH_SOURCE_TITLE, texts.NO_SUCH_SOURCE, name=self.site.name), 404
            )
        view, sheets = read_on(source, read_query(request.query_params.multi_items()), self._loaded.pictures)
        return HTMLResponse(render_source(source, view, sheets, date.today(), name=self.site.name))

    def picture(self, request: Request) -> Response:
        """A page of a publication as a picture; what cannot be shown, for whatever reason, is not there."""
        loaded, number = self._loaded, number_in(request.path_params["number"])
        drawn = None
        if loaded is not None and number is not None:
            with contextlib.suppress(OSError, ValueError):
                source = loaded.library.find(request.path_params["publication_id"])
                drawn = picture_of(source, number, loaded.pictures) if source else None
        if drawn is None:
            return refuse(request.url.path, 404, texts.NOT_FOUND)
        return Response(drawn.webp, media_type="image/webp", headers={"Cache-Control": _PICTURES_KEPT})

    def _waiting(self, root: str = "") -> Response:
        return HTMLResponse(
            waiting_page(self.readiness.state.stage, name=self.site.name, root=root), 503, {"Retry-After": "2"}
        )


def create_app(load: Load, site: Site, operations: Operations | None = None) -> Starlette:
    """The application; loading begins with its lifespan."""
    operations = operations or Operations()
    service = Service(load, site, operations)
    plain = PlainPages(
        site=site,
        readiness=service.readiness,
        opened=lambda: service.opened,
        kept=service.kept,
        proxies=operations.proxies,
    )
    widget = WidgetPages(site=site, readiness=service.readiness, opened=lambda: service.opened, kept=service.kept)
    routes = [
        Route("/", service.page),
        Route("/source/{publication_id}", service.source),
        Route("/source/{publication_id}/page/{number}.webp", service.picture),
        Route("/healthz", service.health),
        Route("/readyz", service.ready),
        Route("/metrics", service.metrics),
        Route("/api/ask", service.ask, methods=_ALL_METHODS),
        Route("/api/feedback", service.feedback, methods=_ALL_METHODS),
        *plain.routes(),
        *widget.routes(),
        Mount("/ui", StaticFiles(directory=STATIC)),
        Mount("/", GradioRoutes(lambda: service.opened, operations.proxies)),
    ]
    return Starlette(
        routes=routes,
        lifespan=service.lifespan,
        middleware=_middleware(operations),
        exception_handlers={404: _not_found},
    )


def _middleware(operations: Operations) -> list[Middleware]:
    """Outermost first: whose requests are taken and which headers go out, what is seen of them, how often one may ask."""

    def foreign(path: str) -> Response:
        operations.metrics.refused("origin")
        return refuse(path, 403, texts.FOREIGN_ORIGIN)

    return [
        Middleware(Guard, refusal=foreign, widget_origins=operations.widget_origins),
        Middleware(
            Observe,
            metrics=operations.metrics,
            access_log=operations.access_log,
            failure=lambda path: refuse(path, 500, texts.BROKEN),
        ),
        Middleware(
            Limiting,
            rate=operations.rate,
            proxies=operations.proxies,
            refusal=lambda path: refuse(path, 429, texts.TOO_MANY),
        ),
    ]


async def _not_found(request: Request, _error: Exception) -> Response:
    return refuse(request.url.path, 404, texts.NOT_FOUND)
