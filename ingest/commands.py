"""How every command of `python -m ingest` ends: what it raises becomes one line on stderr and an exit status."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

from pydantic import ValidationError
from pydantic_settings import BaseSettings

from ingest.errors import IngestError, UsageError


def ended(run: Callable[[], int], *, interrupted: str) -> int:
    """What `run` returns; 2 for a wrong setting or a UsageError, 1 for any other IngestError and after Ctrl-C.

    `interrupted` says what Ctrl-C has left behind. Of a wrong setting its name and what is wrong are told, never its value:
    it may hold a password.
    """
    try:
        return run()
    except ValidationError as error:
        print("\n".join(f"error: {fault}" for fault in setting_faults(error)), file=sys.stderr)
        return 2
    except UsageError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except IngestError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"interrupted: {interrupted}", file=sys.stderr)
        return 1


def setting_faults(error: ValidationError) -> Iterator[str]:
    """Each wrong setting by the name of its variable, and what is wrong with it, without its value."""
    prefixes = {
        settings.__name__: settings.model_config.get("env_prefix", "") for settings in BaseSettings.__subclasses__()
    }
    for fault in error.errors(include_input=False, include_url=False):
        name = prefixes.get(error.title, "") + ".".join(map(str, fault["loc"]))
        yield f"{name.upper()}: {fault['msg']}"
