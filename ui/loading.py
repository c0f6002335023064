"""From a corpus folder to what answers: index checked and built if need be, model loaded, one question asked, chat built.

Importing this module takes seconds (torch, chromadb, gradio): it is imported by the thread that loads, behind the server.
Raises IngestError (and ValueError for a build whose data files are damaged).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ingest.build import BuildOptions, build_index, is_stale
from ingest.build_settings import BuildSettings
from ingest.index.embedder import Embedder, embedder_identity, load_embedder
from ingest.index.store import Vectors
from ingest.settings import IngestSettings
from rag.chat.client import ChatModel
from rag.pipeline import Assistant
from rag.request import AskRequest
from rag.reranker import load_reranker
from rag.settings import RagSettings
from rag.support.inference import load_infer
from ui.chat import build_chat, gradio_files
from ui.current import Current, Opened
from ui.library import Library
from ui.operations import Operations
from ui.picture_cache import PictureCache
from ui.pictures import Pictures
from ui.readiness import Stage
from ui.server import Loaded
from ui.settings import UiSettings
from ui.shelf import Shelf
from ui.site import Site

# As many as may be answered and wait, twice over; in memory alone, and soon pushed out.
_QUESTIONS_UNDER_WAY = 64
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadSettings:
    """What the operator decides about models, building, answering, serving and the look, and what surrounds it."""

    models: IngestSettings
    building: BuildSettings
    answering: RagSettings
    serving: UiSettings
    site: Site
    operations: Operations
    chat: ChatModel | None = None


def load(corpus: Path, index: Path, chosen: LoadSettings, enter: Callable[[Stage], None]) -> Loaded:
    """Everything that the service needs; `enter` is told when the index has to be built, and when that is done."""
    settings, building = chosen.models, chosen.building
    if is_stale(corpus, index, embedder_identity(settings), windows=building.index_windows):
        enter(Stage.BUILDING)
        options = BuildOptions(limits=building.limits, cache=building.read_cache, windows=building.index_windows)
        report = build_index(corpus, index, load_embedder(settings), options=options, log=_log.info)
        _log.info("built %s: %d passages of %d publications", report.build, report.passages, report.publications)
        enter(Stage.LOADING)
    # One thread when serving: with two, a query on a busy machine took 960 ms instead of 24.
    embedder = KeptQueries(load_embedder(settings, threads=1))
    reranker = load_reranker(chosen.answering, settings)
    infer = load_infer(chosen.answering, settings, chosen.chat) if chosen.chat else None

    def reopen() -> Opened:
        """What `current` names now, by the models that are loaded: a build of another embedder is refused."""
        assistant = Assistant.open(index, embedder, reranker=reranker, chat=chosen.chat, infer=infer)
        warming = AskRequest(question=chosen.site.examples[0], extractive=True)  # nothing of ours is paid for
        assistant.reply(warming)  # what is opened at first use is opened now
        return opened_from(assistant)

    current = Current(index, reopen, chosen.operations)
    return Loaded(
        assistant=current,
        pictures=_pictures(corpus, chosen.serving),
        chat=build_chat(current, chosen.site),
        files=gradio_files(),
    )


class KeptQueries:
    """An embedder that embeds a list of texts once, and a question once while it is answered.

    Each build that is opened asks for the texts of its scope: 168, for which every question would wait two seconds. A question
    is embedded for its search, for what is nearest to it, and for what to ask next: half of an answer's time is embedding.
    """

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.identity = embedder.identity
        self._vector = lru_cache(maxsize=_QUESTIONS_UNDER_WAY)(embedder.encode_query)
        self._kept: tuple[tuple[str, ...], Vectors] | None = None

    def encode_query(self, text: str) -> Vectors:
        """The normalised vector of a question, shape (d,)."""
        return self._vector(text)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """The normalised vectors of questions, shape (n, d); those of the list that was asked for last are kept."""
        asked, kept = tuple(texts), self._kept
        if kept is None or kept[0] != asked:
            self._kept = kept = asked, self._embedder.encode_queries(asked)
        return kept[1]


def opened_from(assistant: Assistant) -> Opened:
    """What is served of the build that `assistant` answers from."""
    index = assistant.index
    return Opened(
        assistant=assistant,
        library=Library(index.folder, index.publications, index.passages),
        shelf=Shelf.of(index.publications, index.passages, index.manifest.created),
        build=index.manifest.build,
        folder=index.folder,
        created=index.manifest.created,
    )


def _pictures(corpus: Path, settings: UiSettings) -> Pictures | None:
    if settings.pictures_mb == 0:
        return None
    return Pictures(corpus, PictureCache(settings.pictures, settings.pictures_mb * 2**20))
