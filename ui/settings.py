"""What the operator decides about serving, read from the environment by the entry point alone.

In: `UI_HOST`, `UI_PORT`, `UI_PICTURES`, `UI_PICTURES_MB`, `UI_SITE`. Out: one frozen value. Refused (pydantic's
ValidationError): a port that is none.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from ingest.settings import ROOT


class UiSettings(BaseSettings):
    """Where the chat is served. An empty variable counts as unset; the command line wins over the environment."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid", env_prefix="ui_", env_ignore_empty=True)

    host: str = Field(default="127.0.0.1", description="address that the chat listens on; only this machine by default")
    port: int = Field(default=7860, ge=0, le=65535, description="port that the chat listens on; 0 takes a free one")
    pictures: Path = Field(
        default=ROOT / "var" / "cache" / "pictures",
        description="folder of the pictures of publications' pages, drawn when they are first looked at",
    )
    pictures_mb: int = Field(
        default=500, ge=0, description="megabytes of pictures that are kept; 0: none are drawn, texts are shown instead"
    )
    site: str = Field(
        default="", description="TOML file of names, texts, colours, logo and contacts (`ui/REGLAGES.md`)"
    )
