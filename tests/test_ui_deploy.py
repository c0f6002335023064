"""What ui/deploy tells an administrator to install fits together and fits the code: unit, settings, nginx's files, guide."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from ingest.settings import ROOT, IngestSettings
from tests.nginx import DEPLOY
from tests.test_settings import CLASSES
from tests.tools import needs
from ui.serving_settings import ServingSettings
from ui.settings import UiSettings

UNIT = (DEPLOY / "assistant.service").read_text(encoding="utf-8")
GUIDE = (DEPLOY / "README.md").read_text(encoding="utf-8")
HOME = "/opt/assistant"
# Least exposed is 0, the unit that has no directive 9.6. 1.5 is what loopback, the proc files and @resources leave.
EXPOSURE = 1.6
has_systemd = needs("systemd-analyze", "systemd")


def directive(name: str) -> str:
    (value,) = re.findall(rf"^{name}=(.*)$", UNIT, re.MULTILINE)
    return str(value)


def installed(folder: Path, unit: str = UNIT) -> Path:
    """The unit with what it starts put where it is here."""
    program = f"{HOME}/.venv/bin/python"
    assert unit.count(program) == 1
    file = folder / "assistant.service"
    file.write_text(unit.replace(program, sys.executable).replace(HOME, str(ROOT)), encoding="utf-8")
    return file


def analyze(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["systemd-analyze", "--no-pager", *arguments], check=False, capture_output=True, text=True)


@has_systemd
def test_systemd_takes_every_line_of_the_unit(tmp_path: Path) -> None:
    told = analyze("verify", installed(tmp_path))
    # Of other units of this machine it may have something to say as well.
    assert [line for line in told.stderr.splitlines() if "assistant.service" in line] == []
    assert told.returncode == 0


@has_systemd
def test_a_directive_that_systemd_does_not_know_would_be_told(tmp_path: Path) -> None:
    told = analyze("verify", installed(tmp_path, UNIT.replace("ProtectHome", "ProtectHouse")))
    assert [line for line in told.stderr.splitlines() if "assistant.service" in line and "ProtectHouse" in line]


@has_systemd
def test_the_service_is_as_closed_as_systemd_reckons(tmp_path: Path) -> None:
    threshold = f"--threshold={EXPOSURE * 10:.0f}"
    assert analyze("security", "--offline=true", threshold, installed(tmp_path)).returncode == 0
    (tmp_path / "open").mkdir()
    opened = installed(tmp_path / "open", UNIT.replace("ProtectSystem=strict\n", "").replace("IPAddressDeny=any\n", ""))
    assert analyze("security", "--offline=true", threshold, opened).returncode != 0


def test_all_that_is_written_by_default_is_below_what_the_unit_opens() -> None:
    assert directive("ReadWritePaths") == f"{HOME}/var"
    assert directive("WorkingDirectory") == HOME
    defaults = [field.default for settings in CLASSES for field in settings.model_fields.values()]
    folders = [value for value in defaults if isinstance(value, Path)]
    assert len(folders) > 4
    assert [path for path in folders if not path.is_relative_to(ROOT / "var")] == []


def test_every_variable_of_the_environment_file_is_a_setting_with_a_value_that_is_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = (DEPLOY / "assistant.env").read_text(encoding="utf-8")
    named = dict(re.findall(r"^#?([A-Z_]+)=(\S+)$", text, re.MULTILINE))
    known = {f"{one.model_config.get('env_prefix', '')}{name}".upper() for one in CLASSES for name in one.model_fields}
    assert named.keys() <= known
    assert named.keys() >= {"TRUSTED_PROXIES", "UI_SITE", "WIDGET_ORIGINS", "REQUESTS_PER_MINUTE"}
    for name, value in named.items():
        monkeypatch.setenv(name, value)
    serving, ui = ServingSettings(), UiSettings()
    assert str(serving.proxies[0]) == "127.0.0.1/32"
    assert (ui.host, ui.port) == (UiSettings.model_fields["host"].default, UiSettings.model_fields["port"].default)
    assert f"server {ui.host}:{ui.port};" in (DEPLOY / "nginx-common.conf").read_text(encoding="utf-8")
    assert directive("EnvironmentFile") == "/etc/assistant/assistant.env"
    assert IngestSettings().hf_hub_offline


def test_the_guide_installs_every_file_where_the_others_look_for_it() -> None:
    copied = dict(re.findall(r"install -m 6\d\d ui/deploy/(\S+) (/\S+)", GUIDE))
    shipped = {path.name for path in DEPLOY.iterdir()} - {"README.md"}
    assert copied.keys() == shipped
    included = {
        name
        for file in DEPLOY.glob("*.conf")
        for name in re.findall(r"include (\S+);", file.read_text(encoding="utf-8"))
    }
    assert included == {"assistant/proxy.conf", "assistant/path.conf"}
    assert {f"/etc/nginx/{name}" for name in included} <= set(copied.values())
    for name, place in copied.items():
        said = (DEPLOY / name).read_text(encoding="utf-8")
        assert f"copy it to {place}" in said or not name.endswith(".conf"), name
    assert copied["assistant.env"] + "assistant.env" == directive("EnvironmentFile")
    assert directive("ExecStart").startswith(f"{HOME}/.venv/bin/python -m ui")
    assert f"git clone REPOSITORY {HOME} " in GUIDE
