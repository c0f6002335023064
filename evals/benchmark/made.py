"""A corpus of any size, made from the sentences of another: for measuring time, not quality. Seeded.

Each made sentence is a real one in which words have been replaced by others of the corpus, so that no two passages are alike
and the words are as common or rare as they are. Vectors are made, not embedded: a sentence's is its model's with noise, a
text's the mean of its sentences'. Refuses a corpus of fewer than ten sentences (ValueError).
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np

from ingest.index.index import QueryEmbedder
from ingest.index.store import Vectors

# Words that a sentence needs to lend itself, and that a made passage has at least: shorter ones would be merged.
_FEWEST, _MOST, _PASSAGE = 8, 40, 70
_REPLACED = 0.3
_PER_PUBLICATION = 200
_NOISE = 0.05
_WORD = re.compile(r"[^\W\d_]{5,}")
_END = re.compile(r"(?<=[.!?])\s+|\n+")


class Maker:
    """Makes texts from `sentences`, with `places` named here and there."""

    def __init__(self, sentences: Sequence[str], places: Sequence[str], seed: int) -> None:
        models = [" ".join(s.split()) for s in sentences]
        self.models = [
            s for s in models if _FEWEST <= len(s.split()) <= _MOST and s.endswith(".") and s.count(".") == 1
        ]
        if len(self.models) < 10:
            raise ValueError(f"{len(self.models)} sentences to make others of, expected 10 or more")
        self._words = sorted({word for s in self.models for word in _WORD.findall(s) if word.islower()})
        self._places = places
        self._chance = random.Random(seed)  # noqa: S311 - no secret
        # Which model each made sentence comes from.
        self.source: dict[str, int] = {}

    def write_corpus(self, folder: Path, passages: int) -> None:
        """Markdown files of sections of one passage each, and their catalogue; `folder` is made."""
        folder.mkdir(parents=True, exist_ok=True)
        lines = []
        for number, start in enumerate(range(0, passages, _PER_PUBLICATION)):
            count = min(_PER_PUBLICATION, passages - start)
            text = "\n\n".join(f"## {self._heading()}\n\n{self._passage()}" for _ in range(count))
            (folder / f"{number}.md").write_text(text + "\n", encoding="utf-8")
            row = {"id": f"m{number}", "title": self._heading(), "publisher": ("RTES", "RNCRPV")[number % 2]}
            row |= {"file": f"{number}.md", "date": f"{2010 + number % 15}"}
            lines.append(json.dumps(row, ensure_ascii=False) + "\n")
        (folder / "catalogue.jsonl").write_text("".join(lines), encoding="utf-8")

    def _passage(self) -> str:
        said: list[str] = []
        while sum(len(sentence.split()) for sentence in said) < _PASSAGE:
            said.append(self._sentence())
        if self._chance.random() < 0.2:
            said[0] = f"À {self._chance.choice(self._places)}, {said[0][0].lower()}{said[0][1:]}"
        return " ".join(said)

    def _sentence(self) -> str:
        number = self._chance.randrange(len(self.models))
        made = _WORD.sub(self._other, self.models[number])
        self.source[made] = number
        return made

    def _other(self, word: re.Match[str]) -> str:
        replaced = word.group().islower() and self._chance.random() < _REPLACED
        return self._chance.choice(self._words) if replaced else word.group()

    def _heading(self) -> str:
        return " ".join(self._chance.sample(self._words, 5)).capitalize()


class MadeVectors:
    """An embedder of made texts, under the identity of the model that questions are embedded with."""

    def __init__(self, maker: Maker, embedder: QueryEmbedder) -> None:
        self._maker = maker
        self._embedder = embedder
        self._models = embedder.encode_queries(maker.models)
        self._middle = self._models.mean(axis=0)
        self.identity = embedder.identity

    def encode_passages(self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None) -> Vectors:
        """The mean of the vectors that a text's sentences have, normalised."""
        vectors = np.stack([np.mean([self._vector(piece) for piece in _END.split(text)], axis=0) for text in texts])
        if progress:
            progress(len(texts))
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)

    def encode_query(self, text: str) -> Vectors:
        """The model's vector of a question."""
        return self._embedder.encode_query(text)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """The model's vectors of questions."""
        return self._embedder.encode_queries(texts)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Words: nothing is fed to the model."""
        return [len(text.split()) for text in texts]

    def _vector(self, sentence: str) -> Vectors:
        """What was not made of a sentence (a heading, a place before one) lies about the middle."""
        source = self._maker.source.get(sentence)
        chance = np.random.default_rng(int.from_bytes(sha256(sentence.encode()).digest()[:8]))
        near = self._middle if source is None else self._models[source]
        return np.asarray(near + _NOISE * chance.standard_normal(len(near)) / np.sqrt(len(near)), dtype=np.float32)
