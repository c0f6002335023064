"""What the operator decides about the chat model, read from the environment.

In: environment variables of the fields' names, in capitals. Out: one frozen value, made by entry points and passed in.
Refused (pydantic's ValidationError): a model without a known provider before it, a value out of bounds, a keyword argument
that is no field. Keys are no settings: each stands in its provider's own variable, and only `rag.chat.providers` reads it.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from rag.chat.providers import PROVIDERS


class ChatSettings(BaseSettings):
    """Which chat model writes, and how long and how much it may. An empty variable counts as unset."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        env_ignore_empty=True,
        hide_input_in_errors=True,  # somebody's key may stand in the wrong variable
    )

    chat_model: str = Field(
        default="",
        description="chat model that writes, with its provider before it (`openai:...`, `mistralai:...`); empty: none does",
    )
    chat_model_base_url: str = Field(
        default="",
        pattern=r"^(https?://[^\s/@?#]+(/[^\s@?#]*)?)?$",
        description="address of the API, where it is not the provider's own (`http://127.0.0.1:11434/v1`)",
    )
    chat_model_connect_timeout: float = Field(default=3.0, gt=0, description="seconds to reach the chat model")
    chat_model_first_timeout: float = Field(
        default=10.0, gt=0, description="seconds until its first words, another try and all reasoning included"
    )
    chat_model_total_timeout: float = Field(
        default=60.0, gt=0, description="seconds until its last, its own judging included"
    )
    chat_model_rewrite_timeout: float = Field(
        default=1.0,
        ge=0,
        description="seconds in which it may rewrite a follow-up that the rules are unsure of; 0: the rules alone",
    )
    chat_model_max_tokens: int = Field(default=1024, gt=0, description="longest answer that it may write, in tokens")
    chat_model_daily_tokens: int = Field(
        default=0,
        ge=0,
        description="tokens a day (UTC), sent and received, after which no answer is begun; 0: no limit",
    )
    chat_model_failures: int = Field(
        default=3, gt=0, description="failures in a row after which it is left alone for a while"
    )
    chat_model_pause: float = Field(
        default=60.0, gt=0, description="seconds of that while; then one question tries again"
    )

    @field_validator("chat_model")
    @classmethod
    def _has_a_known_provider(cls, value: str) -> str:
        provider, colon, model = value.partition(":")
        if not value or (provider in PROVIDERS and model.strip()):
            return value
        known = " or ".join(f"{name}:" for name in PROVIDERS)
        found = "an unknown provider" if colon and model.strip() else "a model without its provider"
        raise ValueError(f"names {found}, expected {known} and a model (for example mistralai:mistral-small-latest)")


def told_to(settings: ChatSettings) -> str:
    """To whom questions are sent: the host of the address, the provider where none is given, "" where no model is."""
    if not settings.chat_model:
        return ""
    return urlsplit(settings.chat_model_base_url).hostname or settings.chat_model.partition(":")[0]
