"""The README's table of settings is what the code reads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import ValidationError
from pydantic_settings import BaseSettings

from ingest.build_settings import BuildSettings
from ingest.settings import ROOT, FetchSettings, IngestSettings
from rag.chat.settings import ChatSettings
from rag.settings import RagSettings
from ui.serving_settings import ServingSettings
from ui.settings import UiSettings

README = Path(__file__).resolve().parents[1] / "README.md"
CLASSES: tuple[type[BaseSettings], ...] = (
    IngestSettings,
    BuildSettings,
    FetchSettings,
    RagSettings,
    ChatSettings,
    UiSettings,
    ServingSettings,
)


def shown(default: object) -> str:
    if isinstance(default, bool):
        return str(int(default))
    if isinstance(default, Path):
        return str(default.relative_to(ROOT))
    return str(default)


def test_the_readme_lists_every_variable_with_its_default_and_meaning() -> None:
    rows = re.findall(r"^\| `([A-Z_]+)` \| (?:`([^`]*)`)? ?\| (.+) \|$", README.read_text(encoding="utf-8"), re.M)

    expected = [
        (f"{settings.model_config['env_prefix']}{name}".upper(), shown(field.default), field.description)
        for settings in CLASSES
        for name, field in settings.model_fields.items()
    ]
    assert rows == expected


@pytest.mark.parametrize("settings", CLASSES)
def test_an_unknown_setting_is_refused(settings: type[BaseSettings]) -> None:
    with pytest.raises(ValidationError):
        settings(colour="blue")
