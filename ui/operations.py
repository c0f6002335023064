"""What surrounds answering: limits, records and counts, made once from the operator's settings and handed to who serves.

Raises sqlite3.Error or OSError when a file of records cannot be opened.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from ui.addresses import Networks
from ui.feedback import FeedbackStore
from ui.gate import Gate
from ui.metrics import Metrics
from ui.question_log import QuestionLog, delete_log
from ui.rate import Rate
from ui.serving_settings import MetricsFor, ServingSettings

_WAITING, _WRITING = 30, 20


def _cores() -> int:
    return os.cpu_count() or 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Operations:
    """As made without settings: nothing is recorded, nobody limited but by the number of cores, no metrics shown.

    `question_log_days` is what the page must tell: 0 when no question is kept. `told` is to whom questions are sent for an
    answer to be written.
    """

    gate: Gate = field(default_factory=lambda: Gate(_cores(), _WAITING))
    metrics: Metrics = field(default_factory=Metrics)
    metrics_for: MetricsFor = MetricsFor.OFF
    rate: Rate | None = None
    proxies: Networks = ()
    widget_origins: tuple[str, ...] = ()
    feedback: FeedbackStore | None = None
    questions: QuestionLog | None = None
    question_log_days: int = 0
    access_log: bool = False
    told: str = ""

    @classmethod
    def of(cls, settings: ServingSettings, *, told: str = "") -> Operations:
        """Open what the settings ask for; a log of questions that is switched off is deleted.

        Where a chat model writes, an answer mostly waits: as many may wait for it as ask at once.
        """
        if not settings.question_log_days:
            delete_log(settings.question_log_file)
        return cls(
            gate=Gate(settings.concurrent_questions or (_WRITING if told else _cores()), settings.waiting_questions),
            told=told,
            metrics_for=settings.metrics,
            rate=Rate(settings.requests_per_minute) if settings.requests_per_minute else None,
            proxies=settings.proxies,
            widget_origins=settings.embedding,
            feedback=FeedbackStore(settings.feedback_file) if settings.feedback else None,
            questions=(
                QuestionLog(settings.question_log_file, settings.question_log_days)
                if settings.question_log_days
                else None
            ),
            question_log_days=settings.question_log_days,
            access_log=settings.access_log,
        )

    def keep_house(self) -> None:
        """What is due as time passes: questions whose days are over are deleted."""
        if self.questions:
            self.questions.purge()
