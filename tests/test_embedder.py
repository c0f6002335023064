"""The embedder: what it promises to those who build and search, with the default model and with any other."""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from ingest.errors import EmbedderError
from ingest.index.embedder import Embedder, embedder_identity, load_embedder
from ingest.offline import keep_offline
from ingest.settings import IngestSettings

FRENCH = (Path(__file__).parent / "fixtures" / "french_sentences.txt").read_text(encoding="utf-8").splitlines()
WORDS = ("[PAD]", "[UNK]", "question", "texte", "les", "bailleurs", "sociaux", "un", "garage", "solidaire")


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A BertModel of random weights, as anyone may have trained it: no prompts, no normalisation."""
    folder = tmp_path / "tiny"
    words = Tokenizer(WordLevel({word: number for number, word in enumerate(WORDS)}, unk_token="[UNK]"))  # noqa: S106
    words.pre_tokenizer = Whitespace()
    PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=words,
        pad_token="[PAD]",  # noqa: S106
        unk_token="[UNK]",  # noqa: S106
        model_max_length=16,
    ).save_pretrained(folder)
    sizes = BertConfig(
        vocab_size=len(WORDS),
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=16,
    )
    BertModel(sizes).save_pretrained(folder)
    return folder


def settings_for(model: Path | str) -> IngestSettings:
    """Settings that name this model, downloads off."""
    return IngestSettings(embedding_model=str(model), hf_hub_offline=True)


def test_passages_are_normalised_and_in_the_order_given(embedder: Embedder) -> None:
    vectors = embedder.encode_passages(FRENCH[:20])
    assert vectors.shape == (20, embedder.dimension) == (20, 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    for text, vector in zip(FRENCH[:5], vectors, strict=False):
        np.testing.assert_allclose(embedder.encode_passages([text])[0], vector, atol=1e-5)


def test_vector_does_not_depend_on_its_batch(embedder: Embedder) -> None:
    together = embedder.encode_passages(FRENCH)
    backwards = embedder.encode_passages(FRENCH[::-1])[::-1]
    beside_a_long_one = np.stack([embedder.encode_passages([text, "très long " * 200])[0] for text in FRENCH[:6]])
    np.testing.assert_allclose(backwards, together, rtol=0, atol=1e-5)
    np.testing.assert_allclose(beside_a_long_one, together[:6], rtol=0, atol=1e-5)


def test_same_call_gives_the_same_bits(embedder: Embedder) -> None:
    np.testing.assert_array_equal(embedder.encode_passages(FRENCH[:8]), embedder.encode_passages(FRENCH[:8]))


def test_no_passages_give_no_vectors(embedder: Embedder) -> None:
    assert embedder.encode_passages([]).shape == (0, 384)


def test_progress_counts_up_to_all(embedder: Embedder) -> None:
    heard: list[int] = []
    embedder.encode_passages(FRENCH[:20] * 2, progress=heard.append)
    assert heard == sorted(heard)
    assert heard[-1] == 40


def test_question_finds_its_passage(embedder: Embedder) -> None:
    passages = embedder.encode_passages(FRENCH)
    best = FRENCH[int(np.argmax(passages @ embedder.encode_query("garages solidaires : lesquels sont proches ?")))]
    assert best == "Où trouver un garage solidaire près de chez moi ?"


def test_surrounding_white_space_changes_nothing(embedder: Embedder) -> None:
    np.testing.assert_array_equal(embedder.encode_query("  Où ?\n"), embedder.encode_query("Où ?"))
    np.testing.assert_array_equal(embedder.encode_passages(["\tOui. "]), embedder.encode_passages(["Oui."]))


def test_langchain_gets_the_same_vectors_as_lists(embedder: Embedder) -> None:
    assert embedder.embed_query("Où ?") == embedder.encode_query("Où ?").tolist()
    assert embedder.embed_documents(FRENCH[:3]) == embedder.encode_passages(FRENCH[:3]).tolist()


def test_text_longer_than_the_model_is_cut_and_logged(embedder: Embedder, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        vectors = embedder.encode_passages(["mot " * 600, "mot " * 700, "Oui."])
    np.testing.assert_allclose(vectors[0], vectors[1], atol=1e-5)
    assert [record.getMessage() for record in caplog.records] == [
        "2 texts exceed the model's 512 tokens (the longest has 704): cut"
    ]


def test_any_other_model_folder_works(tiny: Path) -> None:
    other = load_embedder(settings_for(tiny))
    vectors = other.encode_passages(["les bailleurs sociaux", "un garage solidaire"])
    assert vectors.shape == (2, other.dimension) == (2, 8)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(other.encode_query("un garage solidaire"), vectors[1], atol=1e-6)


@pytest.mark.parametrize("name", ["passage", "document"])
def test_prompts_of_another_model_are_used(tiny: Path, name: str) -> None:
    bare = load_embedder(settings_for(tiny))
    save_as_sentence_transformer(tiny, {"query": "question ", name: "texte "})
    prompted = load_embedder(settings_for(tiny))
    np.testing.assert_allclose(prompted.encode_query("garage"), bare.encode_query("question garage"), atol=1e-6)
    np.testing.assert_allclose(prompted.encode_passages(["garage"]), bare.encode_passages(["texte garage"]), atol=1e-6)
    assert prompted.count_tokens(["un garage"]) == [3]


def test_identity_follows_the_files_and_not_the_place(tiny: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(tiny, tmp_path / "elsewhere" / "tiny")
    before = embedder_identity(settings_for(tiny))
    assert load_embedder(settings_for(tiny)).identity == before == embedder_identity(settings_for(copy))
    assert before.startswith("tiny-")
    weights = bytearray((tiny / "model.safetensors").read_bytes())
    weights[-1] ^= 1
    (tiny / "model.safetensors").write_bytes(weights)
    assert embedder_identity(settings_for(tiny)) != before


@pytest.mark.parametrize("name", ["nobody/no-such-model", "no-such-model", "./no/such/folder", "/no such/folder"])
def test_model_that_is_not_here_says_what_to_do(name: str) -> None:
    with pytest.raises(EmbedderError) as caught:
        load_embedder(settings_for(name))
    assert f"EMBEDDING_MODEL={name}: no such folder" in str(caught.value)
    assert "HF_HUB_OFFLINE=0" in str(caught.value)
    assert embedder_identity(settings_for(name)) == f"{name}@"


@pytest.mark.parametrize("damage", ["empty folder", "weights cut", "tokenizer is not JSON"])
def test_folder_that_is_no_model_says_so(tiny: Path, damage: str) -> None:
    match damage:
        case "empty folder":
            shutil.rmtree(tiny)
            tiny.mkdir()
        case "weights cut":
            os.truncate(tiny / "model.safetensors", 1000)
        case "tokenizer is not JSON":
            (tiny / "tokenizer.json").write_text("{")
    with pytest.raises(EmbedderError, match=r"tiny: this embedding model cannot be loaded: .*whole"):
        load_embedder(settings_for(tiny))


def test_model_in_the_hugging_face_cache_is_loaded_without_a_network(tiny: Path, tmp_path: Path) -> None:
    commit = "0123456789abcdef0123456789abcdef01234567"
    repository = tmp_path / "hub" / "models--nobody--tiny"
    (repository / "refs").mkdir(parents=True)
    (repository / "refs" / "main").write_text(commit)
    shutil.copytree(tiny, repository / "snapshots" / commit)
    code = (
        "from ingest.offline import keep_offline\nkeep_offline()\n"
        "from ingest.index.embedder import embedder_identity, load_embedder\n"
        "from ingest.settings import IngestSettings\n"
        "settings = IngestSettings(embedding_model='nobody/tiny')\n"
        "loaded = load_embedder(settings)\n"
        "print(embedder_identity(settings), loaded.identity, len(loaded.encode_query('garage')))"
    )
    assert run(code, HF_HOME=str(tmp_path)) == f"nobody/tiny@{commit} nobody/tiny@{commit} 8\n"


def test_importing_the_module_imports_nothing_heavy() -> None:
    code = (
        "import sys, ingest.index.embedder\n"
        "print([name for name in ('torch', 'transformers', 'sentence_transformers') if name in sys.modules])"
    )
    assert run(code) == "[]\n"


@pytest.mark.usefixtures("embedder")
def test_one_thread_holds_in_every_thread_and_nothing_else_is_printed() -> None:
    code = """
import threading
from ingest.offline import keep_offline
keep_offline()
from ingest.index.embedder import load_embedder
from ingest.settings import IngestSettings

def load():
    loaded.append(load_embedder(IngestSettings(embedding_model=""), threads=1))

def ask():
    import torch
    loaded[0].encode_query("Où ?")
    print(torch.get_num_threads())

loaded = []
for work in (load, ask):
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
"""
    assert run(code) == "1\n"


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("EMBEDDING_MODEL", "nobody/some-model")
    monkeypatch.setenv("EMBEDDING_CACHE", str(tmp_path))
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    settings = IngestSettings()
    assert (settings.embedding_model, settings.embedding_cache) == ("nobody/some-model", tmp_path)
    assert settings.hf_hub_offline is False


def test_empty_variables_count_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("EMBEDDING_MODEL", "EMBEDDING_CACHE", "HF_HUB_OFFLINE"):
        monkeypatch.setenv(name, "")
    settings = IngestSettings()
    assert settings.embedding_model == ""
    assert settings.embedding_cache.parts[-2:] == ("var", "cache")
    assert settings.hf_hub_offline is True


def test_settings_are_frozen_and_refuse_what_they_do_not_know() -> None:
    with pytest.raises(ValidationError):
        IngestSettings().embedding_model = "other"
    with pytest.raises(ValidationError):
        IngestSettings(embeding_model="typo")  # type: ignore[call-arg]


def test_operator_alone_may_turn_downloads_on() -> None:
    for given, kept in (({}, "1"), ({"HF_HUB_OFFLINE": ""}, "1"), ({"HF_HUB_OFFLINE": "0"}, "0")):
        environ = dict(given)
        keep_offline(environ)
        assert environ["HF_HUB_OFFLINE"] == kept


def test_tracing_stays_off_whatever_the_environment_says() -> None:
    switched_on = dict.fromkeys(
        ("LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING", "LANGCHAIN_TRACING_V2"), "true"
    )
    code = (
        "from ingest.offline import keep_offline\nkeep_offline()\n"
        "from langsmith.utils import tracing_is_enabled\nprint(tracing_is_enabled())"
    )
    assert run(code, **switched_on) == "False\n"


def run(code: str, **environ: str) -> str:
    """What a fresh process prints; nothing may stand on its stderr."""
    command = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=os.environ | environ)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def save_as_sentence_transformer(folder: Path, prompts: dict[str, str]) -> None:
    """Add the files that make a transformers folder a sentence-transformers one."""
    modules = [
        {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
        {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
    ]
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling" / "config.json").write_text('{"word_embedding_dimension": 8}')
    (folder / "modules.json").write_text(json.dumps(modules))
    (folder / "config_sentence_transformers.json").write_text(json.dumps({"prompts": prompts}))
