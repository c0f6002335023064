"""What several test files share: the default embedding model, an index of the project's corpus, who answers from it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ingest.index.embedder import Embedder, load_embedder
from ingest.offline import keep_offline
from ingest.settings import IngestSettings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from rag.pipeline import Assistant
    from tests.browsing import Watched
    from tests.hosts import Hosted
    from tests.nginx import Nginx
    from tests.served import Served

# Fixtures import what they need themselves: a file that tests one room does not load the others.
ROOT = Path(__file__).resolve().parents[1]

keep_offline()


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    """The default model, whatever the environment names."""
    return load_embedder(IngestSettings(embedding_model="", hf_hub_offline=True))


@pytest.fixture(scope="session")
def brochure_index(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Path:
    """An index of the project's own corpus, built once; tests only read it."""
    from ingest.build import build_index

    index = tmp_path_factory.mktemp("brochure") / "index"
    build_index(ROOT / "corpus", index, embedder)
    return index


@pytest.fixture(scope="session")
def assistant(brochure_index: Path, embedder: Embedder) -> Assistant:
    """The assistant over the project's own corpus."""
    from rag.pipeline import Assistant

    return Assistant.open(brochure_index, embedder)


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory, brochure_index: Path) -> Iterator[Served]:
    """The chat over the project's own corpus, a process of its own, ready."""
    from tests.served import Served

    folder = tmp_path_factory.mktemp("served")
    # A copy: opening rewrites Chroma's file, and should the index be stale by then, it would be rebuilt there.
    shutil.copytree(brochure_index, folder / "index")
    chat = Served(folder / "index", ROOT / "corpus", folder / "log")
    try:
        chat.wait(lambda reply: reply.status == 200)
        yield chat
    finally:
        chat.stop()


@pytest.fixture(scope="session")
def site_port() -> int:
    """Where somebody's site will listen that may embed the chat behind `nginx`."""
    from tests.nginx import free_ports

    return free_ports(1)[0]


@pytest.fixture(scope="session")
def trusting(tmp_path_factory: pytest.TempPathFactory, brochure_index: Path, site_port: int) -> Iterator[Served]:
    """The chat as behind a proxy on this machine: that is trusted, each address has a limit, one site may embed it."""
    from tests.nginx import PER_MINUTE
    from tests.served import Served

    folder = tmp_path_factory.mktemp("trusting")
    shutil.copytree(brochure_index, folder / "index")
    chat = Served(
        folder / "index",
        ROOT / "corpus",
        folder / "log",
        TRUSTED_PROXIES="127.0.0.1",
        REQUESTS_PER_MINUTE=str(PER_MINUTE),
        METRICS="all",
        WIDGET_ORIGINS=f"http://127.0.0.1:{site_port}",
    )
    try:
        chat.wait(lambda reply: reply.status == 200)
        yield chat
    finally:
        chat.stop()


@pytest.fixture(scope="session")
def nginx(tmp_path_factory: pytest.TempPathFactory, trusting: Served, site_port: int) -> Iterator[Nginx]:
    """That proxy, from the files of ui/deploy."""
    from tests.nginx import Nginx

    with Nginx(tmp_path_factory.mktemp("nginx"), trusting.host, site_port=site_port) as nginx:
        yield nginx


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium. Of a module, not of the session: its loop would be in the way of other tests' loops."""
    from tests.browsing import chromium

    with chromium() as browser:
        yield browser


@pytest.fixture
def watched(browser: Browser, served: Served) -> Iterator[Watched]:
    """The chat's page on a desk, ready for a question, in a browser that has kept nothing."""
    from tests.browsing import Watched, context_of

    context = context_of(browser)
    watched = Watched(context.new_page())
    watched.open(served.url)
    yield watched
    context.close()


@pytest.fixture
def host(browser: Browser) -> Iterator[Watched]:
    """A page on a desk, in a browser that has kept nothing, for a site that holds the widget."""
    from tests.browsing import Watched, context_of

    context = context_of(browser)
    yield Watched(context.new_page())
    context.close()


@pytest.fixture(scope="session")
def hosted(tmp_path_factory: pytest.TempPathFactory, brochure_index: Path) -> Iterator[Hosted]:
    """The chat, and a site of another origin that may embed its widget."""
    from tests.hosts import Hosted, host_site
    from tests.served import Served

    folder = tmp_path_factory.mktemp("hosted")
    shutil.copytree(brochure_index, folder / "index")
    with host_site() as site:
        chat = Served(folder / "index", ROOT / "corpus", folder / "log", WIDGET_ORIGINS=site.origin)
        try:
            chat.wait(lambda reply: reply.status == 200)
            yield Hosted(site=site, chat=chat)
        finally:
            chat.stop()
