"""From a corpus folder to what answers: index checked and built if need be, model loaded, one question asked, chat built.

Importing this module takes seconds (torch, chromadb, gradio): it is imported by the thread that loads, behind the server.
Raises IngestError (and ValueError for a build whose data files are damaged).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ingest.build import BuildOptions, build_index, is_stale
from ingest.build_settings import BuildSettings
from ingest.index.embedder import embedder_identity, load_embedder
from ingest.settings import IngestSettings
from rag.pipeline import Assistant
from rag.request import AskRequest
from rag.reranker import load_reranker
from rag.settings import RagSettings
from ui.chat import build_chat, gradio_files
from ui.library import Library
from ui.readiness import Stage
from ui.server import Loaded
from ui.shelf import Shelf
from ui.site import Site

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadSettings:
    """What the operator decides about models, building, answering and the look."""

    models: IngestSettings
    building: BuildSettings
    answering: RagSettings
    site: Site


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
    assistant = Assistant.open(
        index, load_embedder(settings, threads=1), reranker=load_reranker(chosen.answering, settings)
    )
    assistant.reply(AskRequest(question=chosen.site.examples[0]))  # what is opened at first use is opened now
    opened = assistant.index
    return Loaded(
        assistant=assistant,
        library=Library(opened.folder, opened.publications, opened.passages),
        shelf=Shelf.of(opened.publications, opened.passages, opened.manifest.created),
        chat=build_chat(assistant, chosen.site),
        files=gradio_files(),
    )
