"""Twenty people who ask at once, for locust: `make load` runs it against a chat that is served.

Each asks the questions of a list over and over without a pause, through the HTTP API: harder than people, who read. Ends with
status 1 when a request failed or 95 in a hundred took longer than 2 s.
"""

from __future__ import annotations

import itertools
import json
import random
from pathlib import Path

from locust import HttpUser, constant, events, task
from locust.env import Environment

TARGET_P95_MS = 2000
# The committed question set, those that are searched and those that are refused alike.
_QUESTIONS = Path(__file__).resolve().parents[2] / "evals" / "questions.jsonl"


def questions() -> list[str]:
    """The questions of the set, in an order of their own that is the same each time."""
    asked = [json.loads(line)["question"] for line in _QUESTIONS.read_text(encoding="utf-8").splitlines()]
    random.Random(6).shuffle(asked)  # noqa: S311 - an order, not a secret
    return asked


_next = itertools.cycle(questions())


class Practitioner(HttpUser):
    """One person."""

    wait_time = constant(0)

    @task
    def ask(self) -> None:
        """Ask the next question; what is no answer is a failure."""
        with self.client.post("/api/ask", json={"question": next(_next)}, catch_response=True) as reply:
            if reply.status_code != 200:
                reply.failure(f"status {reply.status_code}")
            elif reply.json()["status"] == "error":
                reply.failure("an answer of status error")


@events.quitting.add_listener
def judge(environment: Environment, **_: object) -> None:
    """Say what was found, and whether it is what is wanted."""
    total = environment.stats.total
    p95 = total.get_response_time_percentile(0.95)
    environment.process_exit_code = int(total.num_failures > 0 or total.num_requests == 0 or p95 > TARGET_P95_MS)
    print(
        f"{total.num_requests} questions, {total.num_failures} failed, {total.total_rps:.1f} a second, "
        f"median {total.median_response_time} ms, p95 {p95} ms (at most {TARGET_P95_MS})"
    )
