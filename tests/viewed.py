"""Publications to read, served by the real application in this process, without model or chat: shared by tests."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

from ingest.build import build_index
from ingest.document import Passage
from ingest.index.builds import served_name
from ingest.index.index import Index
from rag.answer import Answer
from rag.request import AskRequest, error_answer
from tests.corpora import HashEmbedder
from ui.current import Current, Opened
from ui.library import Library
from ui.operations import Operations
from ui.page import GradioFiles
from ui.picture_cache import PictureCache
from ui.pictures import Bounds, Pictures
from ui.server import Loaded, create_app
from ui.shelf import Shelf
from ui.site import Site


class NoAnswers:
    """An assistant that is there and answers nothing: reading needs none."""

    publishers: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    index_date = "2026-01-01"

    def reply(self, request: AskRequest) -> Answer:
        """An error."""
        return error_answer(request.question, "")

    def reply_in_pieces(self, request: AskRequest) -> Iterator[Answer]:
        """The same, whole."""
        yield self.reply(request)

    def suggestions(self, request: AskRequest, answer: Answer) -> tuple[str, ...]:  # noqa: ARG002
        """None."""
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewed:
    """Where publications are read, and what of them there is."""

    url: str
    corpus: Path
    cache: Path
    library: Library
    passages: tuple[Passage, ...]


def open_library(corpus: Path, index: Path) -> tuple[Library, tuple[Passage, ...]]:
    """The corpus, built with vectors that mean nothing."""
    embedder = HashEmbedder()
    build_index(corpus, index, embedder)
    opened = Index.open(index, embedder)
    return Library(opened.folder, opened.publications, opened.passages), opened.passages


@contextlib.contextmanager
def viewed(corpus: Path, folder: Path, *, bounds: Bounds | None = None) -> Iterator[Viewed]:
    """The application on a free port until the context ends."""
    library, passages = open_library(corpus, folder / "index")
    opened = Opened(
        assistant=NoAnswers(),
        library=library,
        shelf=Shelf.of({}, passages, "2026-01-01"),
        build=served_name(folder / "index") or "",
        folder=folder / "index",
        created="2026-01-01T00:00:00Z",
    )
    cache = folder / "pictures"
    loaded = Loaded(
        assistant=Current(folder / "index", lambda: opened, Operations()),
        pictures=Pictures(corpus, PictureCache(cache, 50_000_000), bounds),
        chat=Starlette(),
        files=GradioFiles(script="x.js", style="x.css"),
    )
    app = create_app(lambda _enter: loaded, Site())
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        while not server.started:
            time.sleep(0.05)
        yield Viewed(url=url, corpus=corpus, cache=cache, library=library, passages=passages)
        server.should_exit = True
        thread.join(timeout=20)
