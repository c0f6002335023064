"""What a Prometheus server may collect: counts, durations, how old the index is. No question, no address, no page's name.

The one module that knows prometheus-client. Labels are of closed lists, so that no client can make them grow.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from rag.answer import Answer

MEDIA_TYPE = CONTENT_TYPE_LATEST
# Around the two targets: the first piece within 0.3 s, 95 in a hundred within 2 s.
_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 5.0, 10.0)
# First steps of our paths; all that is none of them is "other".
_ROUTES = frozenset(
    "a-propos api assets config export gradio_api healthz metrics publications q readyz source static theme.css ui".split()
)
_REASONS = {
    400: "form", 404: "address", 405: "method", 413: "size", 415: "form", 422: "form", 429: "rate",
}  # fmt: skip


class Metrics:
    """Everything that is counted. Thread-safe."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self._requests = Counter(
            "assistant_http_requests", "Requests, by first step of the path", ["route", "status"], registry=registry
        )
        self._request_seconds = Histogram(
            "assistant_http_seconds", "Seconds until a response began", ["route"], buckets=_SECONDS, registry=registry
        )
        self._open = Gauge("assistant_http_in_progress", "Requests that are being served", registry=registry)
        self._answers = Counter("assistant_answers", "Answers, by their status", ["status"], registry=registry)
        self._answer_seconds = Histogram(
            "assistant_answer_seconds", "Seconds for an answer, waiting included", buckets=_SECONDS, registry=registry
        )
        self.answering = Gauge(
            "assistant_answers_in_progress", "Answers that are waited for or made", registry=registry
        )
        self._refusals = Counter("assistant_refusals", "Requests refused, by reason", ["reason"], registry=registry)
        self._built = Gauge("assistant_index_built_timestamp_seconds", "When the index was built", registry=registry)
        self._age = Gauge("assistant_index_age_seconds", "Seconds since the index was built", registry=registry)

    def request_began(self) -> None:
        """A request has come."""
        self._open.inc()

    def request_ended(self, path: str, status: int, seconds: float | None) -> None:
        """A request has been served or refused; `seconds` until its response began, None when it never did."""
        self._open.dec()
        route = route_of(path)
        self._requests.labels(route, str(status)).inc()
        if seconds is not None:
            self._request_seconds.labels(route).observe(seconds)
        if status in _REASONS:
            self.refused(_REASONS[status])

    def refused(self, reason: str) -> None:
        """A request was refused: "busy", or as a status says."""
        self._refusals.labels(reason).inc()

    def answered(self, answer: Answer, seconds: float) -> None:
        """An answer has been given."""
        self._answers.labels(answer.status.value).inc()
        self._answer_seconds.observe(seconds)

    def watch_index(self, created: Callable[[], str]) -> None:
        """Tell how old the index is that is served; `created` gives when it was built, ISO."""
        self._built.set_function(lambda: _time(created()).timestamp())
        self._age.set_function(lambda: _age(created()))

    def text(self) -> bytes:
        """All of it, in the text format of Prometheus."""
        return generate_latest(self._registry)


def route_of(path: str) -> str:
    """The first step of a path that is one of ours: "/" for the page, else "other"."""
    first = path.split("/")[1] if path.startswith("/") else path
    if not first:
        return "/"
    return first if first in _ROUTES else "other"


def _age(iso: str) -> float:
    return (datetime.now(UTC) - _time(iso)).total_seconds()


def _time(iso: str) -> datetime:
    time = datetime.fromisoformat(iso)
    return time if time.tzinfo else time.replace(tzinfo=UTC)
