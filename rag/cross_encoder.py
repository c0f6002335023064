"""The CrossEncoder that a setting names, loaded: for the reranker and for inference.

In: the setting's variable and value. Out: the model. Raises what it is told to raise for a model that is not on this machine
while downloads are off, or that cannot be loaded.

torch and sentence-transformers take seconds to import, so they are imported when a model is loaded, not before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.errors import IngestError
from ingest.settings import IngestSettings

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder


def load_cross_encoder(variable: str, name: str, ingest: IngestSettings, refusal: type[IngestError]) -> CrossEncoder:
    """`name` is a Hugging Face id or a folder. Raises `refusal`, which tells the variable, why, and what to do."""
    from sentence_transformers import CrossEncoder
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        model: CrossEncoder = CrossEncoder(name, local_files_only=ingest.hf_hub_offline)
    except (OSError, ValueError, KeyError, ImportError, RuntimeError, TypeError) as error:
        why = " ".join(str(error).split())
        raise refusal(
            f"{variable}={name}: cannot be loaded: {why} (give the folder or the Hugging Face id of a CrossEncoder; "
            f"fetch it first with: hf download {name}, or allow the download with HF_HUB_OFFLINE=0; or leave it empty for none)"
        ) from error
    return model
