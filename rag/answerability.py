"""Whether the passages found answer the question: a logistic model over `rag.signals`, kept as a small readable file.

`rag/answerability.json` is written by `python -m evals calibrate` from the questions marked `dev`; it says from which. Refused:
a file whose features are not those of the code (ValueError).
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path

from rag.signals import FEATURES, Signals

MODEL_FILE = Path(__file__).with_name("answerability.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answerability:
    """P(answerable) = logistic(bias + sum of weight * (signal - mean) / spread); answered when it reaches `threshold`."""

    weights: tuple[float, ...]
    means: tuple[float, ...]
    spreads: tuple[float, ...]
    bias: float
    threshold: float
    fitted_on: str
    features: tuple[str, ...] = FEATURES

    @classmethod
    def load(cls, path: Path = MODEL_FILE) -> Answerability:
        """Raises ValueError when the file does not fit the code."""
        row = json.loads(path.read_text(encoding="utf-8"))
        for name in ("weights", "means", "spreads", "features"):
            row[name] = tuple(row[name])
        model = cls(**row)
        if model.features != FEATURES or not len(model.weights) == len(model.means) == len(model.spreads) == len(
            FEATURES
        ):
            raise ValueError(
                f"{path}: features are {model.features}, expected {FEATURES} (run: python -m evals calibrate)"
            )
        return model

    def save(self, path: Path = MODEL_FILE) -> None:
        """Write the model so that a person can read it."""
        path.write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")

    def probability(self, signals: Signals) -> float:
        """In (0, 1)."""
        terms = zip(self.weights, signals.vector(), self.means, self.spreads, strict=True)
        logit = self.bias + sum(weight * (value - mean) / spread for weight, value, mean, spread in terms)
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, logit))))

    def judged(self, signals: Signals) -> float:
        """The probability, but 0 or 1 for a question that is settled without the model."""
        return self.probability(signals) if signals.settled is None else float(signals.settled)

    def answers(self, signals: Signals) -> bool:
        """The decision."""
        probability = self.judged(signals)
        return probability > 0 and probability >= self.threshold
