"""Passages, their windows and their titles -> the texts that are embedded, each once -> a vector for each.

Vectors of texts that the build before embedded are taken over. Texts go to the model in batches of like length; what is held
besides is one vector for each distinct text: 150 MB for 100,000 at 384 dimensions.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ingest.document import Passage
from ingest.index.index import QueryEmbedder
from ingest.index.store import Contents, Title, Vectors, Window
from ingest.progress import Progress
from ingest.windows import WindowKind, cut_windows, embedded_text, title_text

# Texts whose tokens are held at once; the embedder cuts them further.
_BATCH = 1024


class Embedder(QueryEmbedder, Protocol):
    """What building needs of an embedder."""

    def encode_passages(self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None) -> Vectors:
        """Normalised vectors, shape (n, d), in the order of `texts`."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """How many tokens the model is fed for each text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What is to be stored. `titles` are the publications', by id; `kind` is that of the windows."""

    contents: Contents
    titles: Mapping[str, str]
    kind: WindowKind

    @property
    def passages(self) -> tuple[Passage, ...]:
        """In the order in which they are stored."""
        return self.contents.passages

    @property
    def windows(self) -> tuple[Window, ...]:
        """In the order in which they are stored."""
        return self.contents.windows

    @property
    def keys(self) -> list[str]:
        """Of all passages, then of all windows, then of all titles."""
        contents = self.contents
        windows, titles = (window.key for window in contents.windows), (title.key for title in contents.titles)
        return [*contents.passage_keys, *windows, *titles]

    def texts(self) -> Iterator[tuple[str, str]]:
        """Each key with what is embedded for it; a key comes as often as its text stands somewhere."""
        for passage, key in zip(self.passages, self.contents.passage_keys, strict=True):
            yield key, embedded_text(self.titles[passage.publication_id], passage)
        yield from ((title.key, title.text) for title in self.contents.titles)
        if self.kind is WindowKind.PASSAGE:
            return
        passages = {passage.id: passage for passage in self.passages}
        for window in self.windows:
            passage = passages[window.passage_id]
            yield window.key, embedded_text(self.titles[passage.publication_id], passage, window.span)


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedded:
    """A vector for each key; `rows` says where in `matrix`. `texts` were embedded anew, of `tokens` together."""

    rows: Mapping[str, int]
    matrix: Vectors
    texts: int
    tokens: int

    def of(self, keys: Sequence[str]) -> Vectors:
        """The vectors of these keys, in their order, shape (n, d)."""
        return self.matrix[[self.rows[key] for key in keys]]


def plan(passages: Sequence[Passage], titles: Mapping[str, str], kind: WindowKind) -> Planned:
    """Windows of `kind`, titles, and keys. `titles` are the publications', by id."""
    windows = []
    keys = []
    above: dict[str, Title] = {}
    for passage in passages:
        title = titles[passage.publication_id]
        keys.append(_key(embedded_text(title, passage)))
        field = title_text(title, passage)
        above.setdefault(field, Title(text=field, key=_key(field)))
        for span in cut_windows(passage, kind):
            text = embedded_text(title, passage, None if kind is WindowKind.PASSAGE else span)
            windows.append(Window(passage_id=passage.id, span=span, key=_key(text)))
    contents = Contents(
        passages=tuple(passages), passage_keys=tuple(keys), windows=tuple(windows), titles=tuple(above.values())
    )
    return Planned(contents=contents, titles=titles, kind=kind)


def embed(planned: Planned, old: Mapping[str, Vectors], embedder: Embedder, progress: Progress) -> Embedded:
    """Every vector that `planned` needs; of each text that is not in `old` the model makes one."""
    rows = {key: row for row, key in enumerate(dict.fromkeys(planned.keys))}
    new = {key: text for key, text in planned.texts() if key not in old}
    kept = [key for key in rows if key in old]
    dimension = len(old[kept[0]]) if kept else None
    matrix = np.zeros((len(rows), dimension or 0), dtype=np.float32)
    for key in kept:
        matrix[rows[key]] = old[key]
    tokens = 0
    # The longest first: time left is not told too short, and memory is highest at the start.
    waiting = sorted(new, key=lambda key: (-len(new[key]), key))
    with progress("embedding", sum(map(len, new.values())), "characters") as advance:
        for start in range(0, len(waiting), _BATCH):
            keys = waiting[start : start + _BATCH]
            texts = [new[key] for key in keys]
            vectors = embedder.encode_passages(texts, progress=_by_characters(texts, advance))
            if matrix.shape[1] == 0:
                matrix = np.zeros((len(rows), vectors.shape[1]), dtype=np.float32)
            matrix[[rows[key] for key in keys]] = vectors
            tokens += sum(embedder.count_tokens(texts))
    return Embedded(rows=rows, matrix=matrix, texts=len(new), tokens=tokens)


def _by_characters(texts: Sequence[str], advance: Callable[[int], None]) -> Callable[[int], None]:
    """From texts done so far to characters: those of one batch are of like length."""
    total, told = sum(map(len, texts)), 0

    def progress(done: int) -> None:
        nonlocal told
        reached = total * done // len(texts)
        advance(reached - told)
        told = reached

    return progress


def _key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
