"""A tiny cross-encoder, made here with random weights, ranks the best passages once more."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

from ingest.settings import IngestSettings
from rag.reranker import Reranker, RerankerError, load_reranker
from rag.retrieval import RERANKED, Retriever
from rag.settings import RagSettings

if TYPE_CHECKING:
    from rag.pipeline import Assistant

OFFLINE = IngestSettings(hf_hub_offline=True)
QUESTION = "Quels leviers pour mobiliser le foncier en faveur de l'économie sociale et solidaire ?"
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]


def write_model(folder: Path, *, labels: int) -> str:
    """A BERT of two small layers over single letters; two labels make it a classifier."""
    letters = {token: number for number, token in enumerate([*SPECIAL, *"abcdefghijklmnopqrstuvwxyzéèàç'?.,"])}
    tokenizer = Tokenizer(models.WordLevel(letters, unk_token="[UNK]"))  # noqa: S106 - a token of text
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[(token, letters[token]) for token in ("[CLS]", "[SEP]")],
    )
    fast = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer,
        model_max_length=512,
        pad_token="[PAD]",  # noqa: S106
        unk_token="[UNK]",  # noqa: S106
        cls_token="[CLS]",  # noqa: S106
        sep_token="[SEP]",  # noqa: S106
    )
    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=len(letters),
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=512,
        id2label={number: str(number) for number in range(labels)},
        # Random weights of the usual size score every pair alike.
        initializer_range=0.6,
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    fast.save_pretrained(folder)
    return str(folder)


@pytest.fixture(scope="module")
def reranker(tmp_path_factory: pytest.TempPathFactory) -> Reranker:
    found = load_reranker(RagSettings(reranker_model=write_model(tmp_path_factory.mktemp("tiny"), labels=1)), OFFLINE)
    assert found is not None
    return found


def z(values: Sequence[float]) -> NDArray[np.float64]:
    given = np.asarray(values, dtype=np.float64)
    return np.asarray((given - given.mean()) / given.std())


def test_none_is_loaded_unless_one_is_named() -> None:
    assert load_reranker(RagSettings(reranker_model=""), OFFLINE) is None


def test_the_first_twenty_are_ordered_by_half_of_each_score(assistant: Assistant, reranker: Reranker) -> None:
    before = assistant.searcher.retriever.search(QUESTION, k=30)

    after = reranker.rerank(QUESTION, before, assistant.index)

    top = before.results[:RERANKED]
    title = assistant.index.publications[top[0].passage.publication_id].title
    texts = [
        "\n".join(filter(None, (" - ".join([title, *r.passage.headings]), r.passage.context, r.passage.text)))
        for r in top
    ]
    given = reranker.scores(QUESTION, texts)
    assert np.ptp(given) > 0
    expected = np.argsort(-np.add(z([r.score for r in top]), z(given.tolist())), kind="stable")
    assert [r.passage.id for r in after.results[:RERANKED]] == [top[i].passage.id for i in expected]
    assert [r.passage.id for r in after.results] != [r.passage.id for r in before.results]
    assert after.results[RERANKED:] == before.results[RERANKED:]
    assert [(r.rank, r.score) for r in after.results] == [(r.rank, r.score) for r in before.results]


def test_a_retriever_reranks_whatever_is_asked_for(assistant: Assistant, reranker: Reranker) -> None:
    plain = assistant.searcher.retriever
    retriever = Retriever(plain.index, plain._embedder, assistant.searcher.gazetteer, reranker.rerank)

    few, many = (retriever.search(QUESTION, k=k).results for k in (5, 60))

    assert few == many[:5]
    assert [r.passage.id for r in many] != [r.passage.id for r in plain.search(QUESTION, k=60).results]


def test_what_is_about_the_territory_stays_first(assistant: Assistant, reranker: Reranker) -> None:
    before = assistant.searcher.retriever.search("Quels leviers pour le foncier ?", k=20, territory="Bretagne")
    about = [ranked.there for ranked in before.results]
    assert 0 < sum(about) < len(about)

    assert [r.there for r in reranker.rerank(QUESTION, before, assistant.index).results] == about


def test_nothing_found_stays_nothing(assistant: Assistant, reranker: Reranker) -> None:
    nothing = assistant.searcher.retriever.search(QUESTION, k=0)

    assert reranker.rerank(QUESTION, nothing, assistant.index).results == ()


@pytest.mark.parametrize("name", ["personne/aucun-modele", "/nulle/part"])
def test_a_model_that_is_not_there_is_named_with_what_to_do(name: str) -> None:
    with pytest.raises(RerankerError, match=rf"RERANKER_MODEL={name}: cannot be loaded.*HF_HUB_OFFLINE=0"):
        load_reranker(RagSettings(reranker_model=name), OFFLINE)


def test_a_classifier_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RerankerError, match="gives 2 scores for a pair, expected 1"):
        load_reranker(RagSettings(reranker_model=write_model(tmp_path, labels=2)), OFFLINE)
