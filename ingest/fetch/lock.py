"""The folder of a corpus where files arrive, for one fetch at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ingest.fetch.errors import FetchError
from ingest.locks import held

FOLDER = ".fetch"


@contextmanager
def only_fetcher(corpus: Path) -> Iterator[Path]:
    """The folder of parts, which git leaves alone. Raises FetchError while another process fetches there."""
    folder = corpus / FOLDER
    with held(folder, FetchError, f"{corpus}: another fetch is running there; wait for it to end"):
        try:
            (folder / ".gitignore").write_text("*\n", encoding="utf-8")
        except OSError as error:
            message = f"{folder}: expected a folder that can be written to, found: {error.strerror}"
            raise FetchError(message) from error
        yield folder
