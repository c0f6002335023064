"""A kept run -> what was run, on what, and how long it took. Refused (RunError): times that are none."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from evals.kept_lines import RunError
from evals.measures import percentile
from evals.runs import KeptRun

# What an answer or its speed may hang on.
_PACKAGES = ("bm25s", "chromadb", "ir-measures", "numpy", "sentence-transformers", "torch")
NOT_KNOWN = "not known"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What was run, in words; `before` is the same of the earlier run."""

    label: str
    value: str
    before: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """How long each question took, in milliseconds, rising."""

    milliseconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The nearest rank, as `run` prints it."""
        return percentile(self.milliseconds, Fraction(1, 2))

    @property
    def p95(self) -> float:
        """The nearest rank, as `run` prints it."""
        return percentile(self.milliseconds, Fraction(95, 100))


def facts_of(run: KeptRun, before: KeptRun | None) -> tuple[Fact, ...]:
    """In the order of the table. What a run did not keep is not known, and no fault."""
    mine, theirs = _told(run), _told(before) if before else {}
    return tuple(Fact(label=name, value=value, before=theirs.get(name)) for name, value in mine.items())


def latency_of(run: KeptRun) -> Latency:
    """Of every question of the run. Raises RunError."""
    where = run.folder / "timings.json"
    times = run.timings.get("milliseconds")
    if not isinstance(times, dict) or times.keys() != run.lines.keys():
        raise RunError(f"{where}: milliseconds are not those of the questions asked (keep the run again)")
    for name, value in times.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
            raise RunError(f"{where}: {name} took {value!r}, expected milliseconds (keep the run again)")
    return Latency(milliseconds=tuple(sorted(float(value) for value in times.values())))


def _told(run: KeptRun) -> dict[str, str]:
    environment, timings = run.environment, run.timings
    machine = [_of(environment, "machine", key) for key in ("system", "architecture")]
    return {
        "Version": run.name,
        "Made at": _of(environment, "made_at"),
        "Commit": _of(environment, "commit"),
        "Question set": f"{_of(environment, 'questions', 'file')}, {_of(environment, 'questions', 'questions')} questions",
        "Question set, SHA-256": _of(environment, "questions", "sha256"),
        "Follow-up questions": _of(environment, "questions", "follow_ups"),
        "Corpus, SHA-256": _of(environment, "corpus", "sha256"),
        "Index, inputs SHA-256": _of(environment, "index", "inputs_sha256"),
        "Embedder": _of(environment, "index", "embedder"),
        "Answerability, SHA-256": _of(environment, "models", "answerability", "sha256"),
        "Weights of sentences, SHA-256": _of(environment, "models", "fitness", "sha256"),
        "Analyser": _of(environment, "index", "analyser"),
        "Passages": _of(environment, "index", "passages"),
        "Index": f"{_scaled(timings, 'index_bytes', 1e-6)} MB, built in {_scaled(timings, 'build_seconds', 1)} s",
        "Chat model": _of(environment, "prompt") if environment.get("prompt") else "none",
        "Python": _of(environment, "python"),
        "Packages": ", ".join(f"{name} {_package(environment, name)}" for name in _PACKAGES),
        "Machine": f"{', '.join(machine)}, {_of(environment, 'machine', 'cores')} cores",
    }


def _package(environment: Mapping[str, Any], name: str) -> str:
    """Its version: a distribution may write its name with `_` where others write `-`."""
    packages = environment.get("packages")
    known = packages if isinstance(packages, dict) else {}
    return next((str(version) for own, version in known.items() if own.replace("_", "-").casefold() == name), NOT_KNOWN)


def _of(row: Mapping[str, Any], *keys: str) -> str:
    value: Any = row
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return NOT_KNOWN if value is None else str(value)


def _scaled(row: Mapping[str, Any], key: str, factor: float) -> str:
    value = row.get(key)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return f"{value * factor:.1f}" if number and value is not None else NOT_KNOWN
