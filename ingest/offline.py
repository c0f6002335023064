"""Switches that keep the libraries we use from talking to anyone.

In: an environment to change (the process's own, unless told). Out: the same, with the switches set. Nothing is refused.
Entry points call this before anything else is imported: huggingface_hub, langsmith and chromadb read their
switches when they are imported.
"""

from __future__ import annotations

import os
from collections.abc import MutableMapping

# The operator decides: HF_HUB_OFFLINE=0 lets a model be downloaded (see IngestSettings.hf_hub_offline).
_UNLESS_SET = {"HF_HUB_OFFLINE": "1"}

# No setting of ours turns these on: a question asked here is nobody else's business.
_ALWAYS = {
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    # langsmith reads the four of them and stops at the first that is set.
    "LANGSMITH_TRACING_V2": "false",
    "LANGCHAIN_TRACING_V2": "false",
    "LANGSMITH_TRACING": "false",
    "LANGCHAIN_TRACING": "false",
    "ANONYMIZED_TELEMETRY": "False",
    "GRADIO_ANALYTICS_ENABLED": "False",
}


def keep_offline(environ: MutableMapping[str, str] | None = None) -> None:
    """Set the switches in `environ` (default: `os.environ`); an empty HF_HUB_OFFLINE counts as unset."""
    target = os.environ if environ is None else environ
    target.update(_ALWAYS)
    for name, value in _UNLESS_SET.items():
        if not target.get(name):
            target[name] = value
