"""The embedder that loads its model when the first text is to be embedded: a build of unchanged texts needs none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

from ingest.index.embedder import Embedder, embedder_identity, load_embedder
from ingest.index.store import Vectors
from ingest.settings import IngestSettings


class LazyEmbedder:
    """What building needs of an embedder; `identity` is known without the model. Raises EmbedderError as loading does."""

    def __init__(self, settings: IngestSettings) -> None:
        self._settings = settings
        self.identity = embedder_identity(settings)

    @cached_property
    def _model(self) -> Embedder:
        return load_embedder(self._settings)

    def encode_passages(self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None) -> Vectors:
        """Normalised vectors, shape (n, d), in the order of `texts`."""
        return self._model.encode_passages(texts, progress=progress)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """How many tokens the model is fed for each text."""
        return self._model.count_tokens(texts)

    def encode_query(self, text: str) -> Vectors:
        """The normalised vector of a question, shape (d,)."""
        return self._model.encode_query(text)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """The normalised vectors of questions, shape (n, d), in their order."""
        return self._model.encode_queries(texts)
