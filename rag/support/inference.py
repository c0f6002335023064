"""What has the last word on written sentences, as VERIFIER_MODEL says: a CrossEncoder for inference (entailment), or the chat
model itself ("chat").

Off by default. In: evidence and a sentence. Out: the probability that the one entails the other. Refused (InferenceError): a
model that is not on this machine while downloads are off, that cannot be loaded, or none of whose labels is called
entailment; "chat" where there is no chat model.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ingest.errors import IngestError
from ingest.settings import IngestSettings
from rag.chat.client import ChatModel
from rag.chat.entail import load_entail_prompt
from rag.cross_encoder import load_cross_encoder
from rag.settings import RagSettings
from rag.support.asking import AskedInference
from rag.support.judge import Entailment, Infer
from rag.support.traits import Extract

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

# What VERIFIER_MODEL is where the chat model judges what it wrote.
CHAT = "chat"


class InferenceError(IngestError):
    """The model that VERIFIER_MODEL names cannot be used: which, why, what to do."""


class Inference:
    """One loaded model. Calls from several threads take turns: a tokenizer cannot serve two at once."""

    def __init__(self, model: CrossEncoder, entailment: int) -> None:
        """`entailment`: the place of that label among the model's scores, of which models have no common order."""
        self._model = model
        self._entailment = entailment
        self._turn = threading.Lock()

    def __call__(self, evidence: Sequence[Extract], sentence: str) -> Entailment:
        """The softmax of the scores, at entailment."""
        premise = " ".join(extract.text for extract in evidence)
        with self._turn:
            scores = self._model.predict([(premise, sentence)], show_progress_bar=False, apply_softmax=True)
        return Entailment(probability=float(np.asarray(scores, dtype=np.float64).reshape(-1)[self._entailment]))


def load_infer(settings: RagSettings, ingest: IngestSettings, chat: ChatModel | None) -> Infer | None:
    """The model that the settings name, None when they name none; `chat` is the one that writes. Raises InferenceError."""
    name = settings.verifier_model
    if not name:
        return None
    if name == CHAT:
        if chat is None or chat.judging is None:
            raise InferenceError(
                f"VERIFIER_MODEL={CHAT}: there is no chat model to ask (set CHAT_MODEL, or leave it empty)"
            )
        return AskedInference(chat.judging, load_entail_prompt())
    model = load_cross_encoder("VERIFIER_MODEL", name, ingest, InferenceError)
    return Inference(model, _place_of_entailment(name, model))


def _place_of_entailment(name: str, model: CrossEncoder) -> int:
    named = (model.config.id2label if model.config else None) or {}
    labels = {int(place): str(label) for place, label in named.items()}
    found = [place for place, label in labels.items() if label.lower() == "entailment"]
    if len(found) != 1 or len(labels) < 2:
        raise InferenceError(
            f"VERIFIER_MODEL={name}: its labels are {', '.join(labels.values())}, expected one that is called entailment and "
            "others (a model for ranking is none for inference)"
        )
    return found[0]
