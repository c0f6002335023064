"""What the operator decides about answering, read from the environment.

In: environment variables of the fields' names, in capitals. Out: one frozen value, made by entry points and passed in.
Refused (pydantic's ValidationError): a keyword argument that is no field.
"""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class RagSettings(BaseSettings):
    """What ranks the best passages once more, and what judges written sentences last. An empty variable counts as unset."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid", env_ignore_empty=True)

    reranker_model: str = Field(
        default="",
        description="Hugging Face id or folder of a CrossEncoder that reranks the 20 best passages; empty: none does",
    )
    verifier_model: str = Field(
        default="",
        description="what has the last word on written sentences: `chat`, the chat model itself, asked about each; or the "
        "Hugging Face id or folder of a CrossEncoder for inference (entailment); empty: nothing does",
    )
