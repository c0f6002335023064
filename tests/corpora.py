"""Small corpora that several test files build, and an embedder for builds whose vectors do not matter."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from ingest.index.store import Vectors

TEXTS = {
    "jardin": "Le jardin partagé de Dijon produit des légumes.\n\nLes habitants cultivent ensemble chaque samedi.",
    "foncier": "La métropole réserve du foncier aux structures de l'économie sociale et solidaire.",
}


def write_corpus(folder: Path, texts: Mapping[str, str] = TEXTS, **extra: object) -> Path:
    """A corpus with a text file for each of `texts`; `extra` goes onto every line."""
    folder.mkdir(exist_ok=True)
    lines = []
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
        lines.append(json.dumps({"id": name, "title": name, "publisher": "RTES", "file": f"{name}.txt", **extra}))
    (folder / "catalogue.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


class HashEmbedder:
    """Vectors that depend on the text and mean nothing: it starts at once, where a model takes seconds."""

    identity = "hash-1"

    def encode_passages(self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None) -> Vectors:
        """One vector for each text."""
        vectors = np.array([self._vector(text) for text in texts], dtype=np.float32).reshape(len(texts), 32)
        if progress:
            progress(len(texts))
        return vectors

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """One vector for each question."""
        return self.encode_passages(texts)

    def encode_query(self, text: str) -> Vectors:
        """The question's vector."""
        return self._vector(text)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Words."""
        return [len(text.split()) for text in texts]

    def _vector(self, text: str) -> Vectors:
        digest = hashlib.sha256(text.encode()).digest()
        vector = np.frombuffer(digest, dtype=np.uint8).astype(np.float32) + 1
        return vector / np.float32(np.linalg.norm(vector))
