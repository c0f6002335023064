"""Made passages are many, distinct, the same for the same seed; the command that times questions over them."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from evals.benchmark.made import MadeVectors, Maker
from evals.benchmark.speed import maker_of
from evals.cli import main
from ingest.catalogue import load_catalogue
from ingest.index.embedder import Embedder
from ingest.index.index import Index
from rag.distinct import near_duplicates
from tests.conftest import ROOT
from tests.corpora import HashEmbedder


def test_the_command_times_questions_over_as_many_passages_as_asked_for(
    tmp_path: Path, embedder: Embedder, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["benchmark", "speed", "--passages", "60", "--keep", str(tmp_path)]) == 0

    printed = capsys.readouterr().out
    assert re.match(r"60 passages, \d{3} windows, 1 publications; opened in", printed)
    assert re.search(r"\d+ questions: \d+ answered", printed)
    assert re.search(r"median \d+ ms, p95 \d+ ms", printed)
    passages = Index.open(tmp_path / "made-60-1" / "index", embedder).passages
    assert not any(near_duplicates(a, b) for i, a in enumerate(passages) for b in passages[:i])


def test_the_same_seed_makes_the_same_corpus_and_another_another(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        maker_of(ROOT / "corpus", seed).write_corpus(tmp_path / name, 250)

    texts = {name: [path.read_text("utf-8") for path in sorted((tmp_path / name).glob("*"))] for name in "abc"}
    assert texts["a"] == texts["b"]
    assert texts["a"] != texts["c"]
    assert len(load_catalogue(tmp_path / "a").publications) == 2


def test_a_made_sentence_lies_near_the_one_it_was_made_of(tmp_path: Path) -> None:
    maker = maker_of(ROOT / "corpus", 1)
    maker.write_corpus(tmp_path / "c", 40)
    vectors = MadeVectors(maker, HashEmbedder())
    made, number = next(iter(maker.source.items()))

    cosines = HashEmbedder().encode_queries(maker.models) @ vectors.encode_passages([made])[0]

    assert int(np.argmax(cosines)) == number
    assert vectors.identity == HashEmbedder.identity


def test_too_few_sentences_are_refused() -> None:
    with pytest.raises(ValueError, match="expected 10 or more"):
        Maker(["Une seule phrase de huit mots tout compris."], ["Rennes"], 1)
