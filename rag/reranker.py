"""The best passages of a ranking, ranked once more by a cross-encoder: any sentence-transformers CrossEncoder with one score.

Off by default. In: a question and a ranking. Out: the ranking with its first 20 in another order. Refused (RerankerError): a
model that is not on this machine while downloads are off, that cannot be loaded, or that gives other than one score a pair.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ingest.errors import IngestError
from ingest.index.index import Index
from ingest.settings import IngestSettings
from ingest.windows import embedded_text
from rag.cross_encoder import load_cross_encoder
from rag.retrieval import RERANKED, Ranked, Ranking
from rag.settings import RagSettings

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

# The reranker's share of the new score; the rest is the fused score's. Half: the model is not known here.
_SHARE = 0.5


class RerankerError(IngestError):
    """The model that RERANKER_MODEL names cannot be used: which, why, what to do."""


class Reranker:
    """One loaded model. Calls from several threads take turns: a tokenizer cannot serve two at once."""

    def __init__(self, model: CrossEncoder) -> None:
        self._model = model
        self._turn = threading.Lock()

    def scores(self, question: str, texts: Sequence[str]) -> NDArray[np.float64]:
        """How well each text answers the question, shape (n,), in no fixed unit; higher is better."""
        with self._turn:
            scores = self._model.predict([(question, text) for text in texts], show_progress_bar=False)
        return np.asarray(scores, dtype=np.float64).reshape(len(texts))

    def rerank(self, question: str, ranking: Ranking, index: Index) -> Ranking:
        """The first RERANKED results by half their fused and half the model's score, each z-normalised over them.

        Those about the territory that was asked for stay before the others. The fused scores are given anew, in the new order:
        what is read from their distances stays as it was.
        """
        first, rest = ranking.results[:RERANKED], ranking.results[RERANKED:]
        if not first:
            return ranking
        texts = [embedded_text(index.publications[r.passage.publication_id].title, r.passage) for r in first]
        given = dict(zip((ranked.number for ranked in first), self.scores(question, texts), strict=True))
        runs = [list(run) for _, run in groupby(first, key=lambda ranked: ranked.there)]
        ordered = [ranked for run in runs for ranked in _by_both(run, [given[ranked.number] for ranked in run])]
        anew = (replace(r, rank=old.rank, score=old.score) for r, old in zip(ordered, first, strict=True))
        return replace(ranking, results=(*anew, *rest))


def load_reranker(settings: RagSettings, ingest: IngestSettings) -> Reranker | None:
    """The model that the settings name, None when they name none. Raises RerankerError."""
    name = settings.reranker_model
    if not name:
        return None
    model = load_cross_encoder("RERANKER_MODEL", name, ingest, RerankerError)
    if model.num_labels != 1:
        raise RerankerError(
            f"RERANKER_MODEL={name}: gives {model.num_labels} scores for a pair, expected 1 (a classifier is no reranker)"
        )
    return Reranker(model)


def _by_both(run: Sequence[Ranked], given: Sequence[float]) -> list[Ranked]:
    """Best first; what scores alike stays in its order."""
    both = (1 - _SHARE) * _z([ranked.score for ranked in run]) + _SHARE * _z(given)
    return [run[position] for position in np.argsort(-both, kind="stable")]


def _z(scores: Sequence[float]) -> NDArray[np.float64]:
    values = np.asarray(scores, dtype=np.float64)
    spread = values.std()
    return (values - values.mean()) / spread if spread > 0 else np.zeros(len(values))
