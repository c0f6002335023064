"""A tiny classifier, made here with random weights, says whether one text entails another."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sentence_transformers import CrossEncoder

from ingest.document import BlockKind, Passage
from ingest.settings import IngestSettings
from rag.settings import RagSettings
from rag.support.inference import InferenceError, load_infer
from rag.support.traits import Cited, Extract
from tests.test_reranker import write_model

OFFLINE = IngestSettings(hf_hub_offline=True)
PAIR = ("La commune prête le local.", "Le local est prêté.")
ORDERS = (("contradiction", "entailment", "neutral"), ("ENTAILMENT", "neutral", "contradiction"))


def write_classifier(folder: Path, *labels: str) -> str:
    """The reranker's tests' model with these labels, in this order."""
    write_model(folder, labels=len(labels))
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    config |= {"id2label": dict(enumerate(labels)), "label2id": {label: n for n, label in enumerate(labels)}}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    return str(folder)


def evidence(*texts: str) -> list[Extract]:
    """Extracts of these texts, of a passage that holds nothing else."""
    text = " ".join(texts)
    passage = Passage(
        id="p:1", publication_id="p", text=text, start=0, end=len(text), page=None, kind=BlockKind.PARAGRAPH
    )
    cited = Cited(number=0, passage=passage, title="", above="")
    return [Extract(cited=cited, window=n, text=text, terms=frozenset()) for n, text in enumerate(texts)]


def test_none_is_loaded_unless_one_is_named() -> None:
    assert load_infer(RagSettings(verifier_model=""), OFFLINE, None) is None


@pytest.mark.parametrize("labels", ORDERS)
def test_the_probability_is_that_of_the_label_that_is_called_entailment(
    tmp_path: Path, labels: tuple[str, ...]
) -> None:
    name = write_classifier(tmp_path, *labels)
    infer = load_infer(RagSettings(verifier_model=name), OFFLINE, None)
    assert infer is not None

    every = CrossEncoder(name, local_files_only=True).predict([PAIR], apply_softmax=True)[0]

    premise, sentence = PAIR
    assert infer(evidence(premise), sentence).probability == pytest.approx(
        float(every[[label.lower() for label in labels].index("entailment")]), abs=1e-5
    )
    assert infer(evidence(*premise.split(maxsplit=1)), sentence) == infer(evidence(premise), sentence)
    assert sum(map(float, every)) == pytest.approx(1, abs=1e-5)
    assert len({round(float(one), 4) for one in every}) == 3


@pytest.mark.parametrize("name", ["personne/aucun-modele", "/nulle/part"])
def test_a_model_that_is_not_there_is_named_with_what_to_do(name: str) -> None:
    with pytest.raises(InferenceError, match=rf"VERIFIER_MODEL={name}: cannot be loaded.*HF_HUB_OFFLINE=0"):
        load_infer(RagSettings(verifier_model=name), OFFLINE, None)


@pytest.mark.parametrize("labels", [("relevance",), ("yes", "no", "perhaps"), ("entailment",)])
def test_a_model_without_entailment_among_others_is_refused(tmp_path: Path, labels: tuple[str, ...]) -> None:
    with pytest.raises(
        InferenceError, match=f"its labels are {', '.join(labels)}, expected one that is called entailment"
    ):
        load_infer(RagSettings(verifier_model=write_classifier(tmp_path, *labels)), OFFLINE, None)
