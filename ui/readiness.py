"""How far the service is: loading, building its index, ready, or failed. Values and one holder; nothing is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from rag.answer import Answer
from rag.request import AskRequest


class Stage(StrEnum):
    """`BUILDING` is loading that takes longer, because the index was missing or stale."""

    LOADING = "loading"
    BUILDING = "building"
    READY = "ready"
    FAILED = "failed"


class Answerer(Protocol):
    """What serving needs of `rag.pipeline.Assistant`; importing that one takes seconds, importing this does not."""

    @property
    def publishers(self) -> tuple[str, ...]:
        """Who published what it answers from."""

    @property
    def themes(self) -> tuple[str, ...]:
        """The themes of what it answers from."""

    @property
    def index_date(self) -> str:
        """When its index was built, ISO."""

    def reply(self, request: AskRequest) -> Answer:
        """Thread-safe; never raises for what a user may write."""

    def reply_in_pieces(self, request: AskRequest) -> Iterator[Answer]:
        """The same as it grows; its last is what `reply` gives."""

    def suggestions(self, request: AskRequest, answer: Answer) -> tuple[str, ...]:
        """What may be asked after `answer`, which replied to `request`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Where the service stands. `reason` goes with `FAILED`, `assistant` with `READY`."""

    stage: Stage
    reason: str | None = None
    assistant: Answerer | None = None

    def to_json(self) -> dict[str, str]:
        """What `/readyz` tells."""
        return {"state": self.stage.value} | ({"reason": self.reason} if self.reason else {})


class Readiness:
    """The current state: written by the thread that loads, read by requests. One assignment, so no lock."""

    def __init__(self) -> None:
        self.state = State(stage=Stage.LOADING)

    def enter(self, stage: Stage) -> None:
        """Note that loading has come to another stage."""
        self.state = State(stage=stage)
