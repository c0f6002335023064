"""What the operator decides about safety, limits and records of the served application, read by the entry points alone.

In: environment variables of the fields' names, in capitals. Out: one frozen value. Refused (pydantic's ValidationError): a
value of the wrong type or range, an address that is none, a keyword argument that is no field.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from ingest.settings import ROOT
from ui.addresses import Networks, networks
from ui.embedding import origins


class MetricsFor(StrEnum):
    """Who is given `/metrics`."""

    OFF = "off"
    LOOPBACK = "loopback"
    ALL = "all"


class ServingSettings(BaseSettings):
    """Records, limits and what an operator may look at. An empty variable counts as unset."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid", env_ignore_empty=True)

    feedback: bool = Field(
        default=True, description="0 takes no feedback on answers; otherwise it is kept when a user sends it"
    )
    feedback_file: Path = Field(
        default=ROOT / "var" / "feedback.sqlite3", description="SQLite file in which feedback is kept"
    )
    question_log_days: int = Field(
        default=0,
        ge=0,
        le=3650,
        description="days for which questions are kept, without address or identifier; 0: none is, and old ones are deleted",
    )
    question_log_file: Path = Field(
        default=ROOT / "var" / "questions.sqlite3", description="SQLite file in which questions are kept"
    )
    requests_per_minute: int = Field(
        default=60, ge=0, description="questions, exports and feedback that one address may send a minute; 0: no limit"
    )
    concurrent_questions: int = Field(
        default=0,
        ge=0,
        description="questions answered at the same time; 0: as many as there are cores, 20 where a chat model writes",
    )
    waiting_questions: int = Field(
        default=30, ge=0, description="questions that may wait for their turn; one more is told to try again"
    )
    trusted_proxies: str = Field(
        default="",
        description="addresses or networks, parted by commas, of the proxies in front: "
        "their `X-Forwarded-For`, `-Proto` and `-Prefix` are believed",
    )
    widget_origins: str = Field(
        default="",
        description="sites that may embed the widget, as origins parted by commas (`https://www.rtes.fr`); none by default",
    )
    access_log: bool = Field(
        default=False,
        description="1 logs method, path, status and time of each request; never a query, a question or an address",
    )
    metrics: MetricsFor = Field(
        default=MetricsFor.OFF,
        description="who is given `/metrics` (Prometheus): `off`, `loopback` (this machine, past no proxy) or `all`",
    )

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, value: str) -> str:
        networks(value)
        return value

    @field_validator("widget_origins")
    @classmethod
    def _are_origins(cls, value: str) -> str:
        origins(value)
        return value

    @property
    def embedding(self) -> tuple[str, ...]:
        """`widget_origins`, read."""
        return origins(self.widget_origins)

    @property
    def proxies(self) -> Networks:
        """`trusted_proxies`, read."""
        return networks(self.trusted_proxies)
