"""What CHAT_MODEL may say, and what is missing for it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from rag.chat.client import open_chat_model
from rag.chat.errors import ChatSetupError
from rag.chat.providers import PROVIDERS, load_model
from rag.chat.settings import ChatSettings
from tests.test_repository import PYPROJECT

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def _no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(("CHAT_MODEL", "OPENAI_", "MISTRAL_"))]:
        monkeypatch.delenv(name)


@pytest.mark.parametrize("name", ["openai:gpt-x", "mistralai:mistral-small-latest", "openai:llama3.1:8b", ""])
def test_a_model_with_its_provider_is_taken_from_the_environment(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHAT_MODEL", name)
    monkeypatch.setenv("CHAT_MODEL_BASE_URL", "")

    assert ChatSettings().chat_model == name


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("gpt-x", "without its provider"),
        ("openai:", "without its provider"),
        ("llama3.1:8b", "an unknown provider"),
        ("anthropic:claude", "an unknown provider"),
        (":gpt-x", "an unknown provider"),
    ],
)
def test_a_bare_name_or_an_unknown_provider_is_refused_with_an_example(name: str, found: str) -> None:
    with pytest.raises(ValidationError, match=f"{found}.*openai: or mistralai:.*mistralai:mistral-small-latest"):
        ChatSettings(chat_model=name)


@pytest.mark.parametrize(
    "url", ["ftp://a/v1", "127.0.0.1:8000", "http://user:secret@host/v1", "http://host/v1?key=secret", "http://a b/"]
)
def test_an_address_is_one_of_http_without_a_secret_in_it(url: str) -> None:
    with pytest.raises(ValidationError) as caught:
        ChatSettings(chat_model_base_url=url)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "field", ["connect_timeout", "first_timeout", "total_timeout", "max_tokens", "failures", "pause"]
)
def test_a_limit_of_zero_is_refused(field: str) -> None:
    with pytest.raises(ValidationError):
        ChatSettings.model_validate({f"chat_model_{field}": 0})


def test_no_time_for_rewriting_is_none_less_is_refused() -> None:
    assert ChatSettings(chat_model_rewrite_timeout=0).chat_model_rewrite_timeout == 0
    with pytest.raises(ValidationError):
        ChatSettings(chat_model_rewrite_timeout=-1)


def test_without_a_name_there_is_no_model() -> None:
    assert open_chat_model(ChatSettings()) is None


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_provider_of_its_own_address_wants_its_key_and_a_local_server_none(provider: str) -> None:
    with pytest.raises(ChatSetupError, match=f"{PROVIDERS[provider].key} is not set.*CHAT_MODEL_BASE_URL"):
        load_model(ChatSettings(chat_model=f"{provider}:any"), {})

    load_model(ChatSettings(chat_model=f"{provider}:any", chat_model_base_url="http://127.0.0.1:9/v1"), {})
    load_model(ChatSettings(chat_model=f"{provider}:any"), {PROVIDERS[provider].key: "sk-x"})


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("missing", ["langchain", "of the provider"])
def test_a_missing_package_names_its_extra(provider: str, missing: str) -> None:
    """In an interpreter that has no such package, as where only requirements.lock was installed."""
    package = "langchain" if missing == "langchain" else PROVIDERS[provider].package.replace("-", "_")
    code = (
        f"import sys; sys.modules[{package!r}] = None\n"
        "from rag.chat.client import open_chat_model\n"
        "from rag.chat.errors import ChatSetupError\n"
        "from rag.chat.settings import ChatSettings\n"
        "try: open_chat_model(ChatSettings())\n"
        "except ChatSetupError as error: print(error)\n"
    )
    environment = os.environ | {"CHAT_MODEL": f"{provider}:any", "CHAT_MODEL_BASE_URL": "http://127.0.0.1:9/v1"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, check=False, capture_output=True, text=True
    )

    assert f'extra "{PROVIDERS[provider].extra}"' in done.stdout, done.stderr
    assert f"pip install -c requirements.lock langchain {PROVIDERS[provider].package}" in done.stdout


@pytest.mark.parametrize("provider", PROVIDERS)
def test_an_extra_has_what_its_provider_needs(provider: str) -> None:
    extra = PYPROJECT["project"]["optional-dependencies"][PROVIDERS[provider].extra]

    assert [line.partition(">=")[0] for line in extra] == ["langchain", PROVIDERS[provider].package]


def test_openai_s_own_api_gets_what_its_newer_models_take_and_no_more() -> None:
    """They refuse `max_tokens` and any temperature; an address of one's own may know nothing else."""
    model = load_model(ChatSettings(chat_model="openai:gpt-x", chat_model_max_tokens=7), {"OPENAI_API_KEY": "sk-x"})
    sent = model._get_request_payload("Bonjour")  # type: ignore[attr-defined]

    assert {name: value for name, value in sent.items() if name != "messages"} == {
        "model": "gpt-x",
        "max_completion_tokens": 7,
        "stream": False,
    }
