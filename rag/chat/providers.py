"""CHAT_MODEL -> the LangChain model that it names. The one module that names a provider or imports what speaks to one.

In: the settings, and the provider's key from its own environment variable. Out: a model that streams, and what its failures
mean. Refused (ChatSetupError): a package or a key that is missing.

Nothing goes where CHAT_MODEL_BASE_URL does not say: the address is always given (LANGSMITH_GATEWAY and OPENAI_BASE_URL
would turn it elsewhere), redirections are not followed, LangSmith is off, and tokens are counted by the other side
(tiktoken would download its tables).
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
from langchain_core.messages import AIMessageChunk, BaseMessage

from ingest.offline import keep_offline
from rag.chat.errors import ChatSetupError, Reason

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from rag.chat.settings import ChatSettings

# A piece of an answer is some 300 bytes on the wire, most of them the same each time.
_BYTES_A_TOKEN, _BYTES_BESIDES = 4_000, 1_000_000
_NO_KEY = "none"  # a local server asks for none, and langchain-openai makes no client without one


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """What is known of a provider: the extra of pyproject.toml, its package, its key's variable, its address."""

    extra: str
    package: str
    key: str
    address: str


PROVIDERS: Mapping[str, Provider] = {
    "openai": Provider(
        extra="openai", package="langchain-openai", key="OPENAI_API_KEY", address="https://api.openai.com/v1"
    ),
    "mistralai": Provider(
        extra="mistral", package="langchain-mistralai", key="MISTRAL_API_KEY", address="https://api.mistral.ai/v1"
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part of an answer as it comes. `finish`: how the other side ended it; `sent` and `received`: tokens by its count."""

    text: str
    finish: str | None
    sent: int | None
    received: int | None


class BadReply(Exception):
    """A response that is no answer, told by its head or its size. `retry_after`: seconds that it asks to wait, if it does."""

    def __init__(self, reason: Reason, what: str, *, retry_after: float | None = None) -> None:
        super().__init__(what)
        self.reason = reason
        self.retry_after = retry_after


def load_model(settings: ChatSettings, environ: Mapping[str, str] = os.environ) -> BaseChatModel:
    """The model that the settings name, which must not be none. Connects to nothing yet. Raises ChatSetupError."""
    keep_offline()
    name, _, _ = settings.chat_model.partition(":")
    provider = PROVIDERS[name]
    key = environ.get(provider.key, "").strip()
    if not key and not settings.chat_model_base_url:
        raise ChatSetupError(
            f"CHAT_MODEL={settings.chat_model}: {provider.key} is not set "
            f"(set it to your key, or CHAT_MODEL_BASE_URL to a server that asks for none)"
        )
    try:
        from langchain.chat_models import init_chat_model

        model: BaseChatModel = init_chat_model(settings.chat_model, **_options(name, settings, key or _NO_KEY))
    except ImportError as error:
        raise ChatSetupError(
            f"CHAT_MODEL={settings.chat_model}: a package is missing ({error.name or provider.package}), those of the extra "
            f'"{provider.extra}" of pyproject.toml are needed '
            f"(run: .venv/bin/python -m pip install -c requirements.lock langchain {provider.package})"
        ) from error
    return model


async def pieces(model: BaseChatModel, messages: Sequence[BaseMessage]) -> AsyncIterator[Piece]:
    """One answer. Whatever a library raises comes through: see `explain`."""
    async for chunk in model.astream(list(messages)):
        usage = chunk.usage_metadata if isinstance(chunk, AIMessageChunk) else None
        finish = chunk.response_metadata.get("finish_reason")
        yield Piece(
            text=str(chunk.text),  # blocks of reasoning, tool calls and refusals are none
            finish=finish if isinstance(finish, str) else None,
            sent=_count(usage["input_tokens"]) if usage else None,
            received=_count(usage["output_tokens"]) if usage else None,
        )


def explain(error: BaseException | None, *, begun: bool) -> BadReply:
    """What a failure means, whatever was raised by whichever library. `begun`: after the first words."""
    for link in _chain(error):
        if isinstance(link, BadReply):
            return link
        if isinstance(link, httpx.TimeoutException):
            return BadReply(Reason.TIMEOUT, f"the server was silent too long ({type(link).__name__})")
        if isinstance(link, httpx.TransportError) and not begun and not _is_about_the_stream(link):
            return BadReply(Reason.UNREACHABLE, f"no connection ({type(link).__name__})")
    return BadReply(Reason.BROKEN, f"no readable stream ({type(error).__name__})")


def _options(name: str, settings: ChatSettings, key: str) -> dict[str, Any]:
    address = settings.chat_model_base_url or PROVIDERS[name].address
    client = _client(settings, address, key)
    common = {"max_retries": 0, "base_url": address, "api_key": key}
    limit: dict[str, Any] = {"max_tokens": settings.chat_model_max_tokens}
    # The likeliest words, not surprising ones: what is written must be found again in the passages.
    steady = {"temperature": 0}
    if name == "mistralai":
        return {**common, **limit, **steady, "async_client": client}
    # OpenAI's newer models refuse a temperature and `max_tokens`, which langchain-openai sends as `max_completion_tokens`;
    # Ollama and older servers know `max_tokens` alone.
    if settings.chat_model_base_url:
        limit = {"extra_body": limit} | steady
    # Some names would make langchain-openai speak the Responses API, which compatible servers have not.
    # OPENAI_PROXY, which it would refuse beside a client of ours, is HTTPS_PROXY to everybody else.
    spoken = {"stream_usage": True, "use_responses_api": False, "stream_chunk_timeout": None, "openai_proxy": None}
    return {**common, **limit, **spoken, "http_async_client": client, "timeout": client.timeout}


def _client(settings: ChatSettings, address: str, key: str) -> httpx.AsyncClient:
    most = _BYTES_BESIDES + _BYTES_A_TOKEN * settings.chat_model_max_tokens

    async def look(response: httpx.Response) -> None:
        _check_head(response)
        if isinstance(response.stream, httpx.AsyncByteStream):  # an asynchronous client's always is
            response.stream = _Bounded(response.stream, most)

    return httpx.AsyncClient(
        base_url=address,
        # Unpacked, a bounded body would have no bound.
        headers={"Authorization": f"Bearer {key}", "Accept-Encoding": "identity"},
        # A silence that is longer than the whole may take is ended by `rag.chat.run`, at its time and with its reason; at the
        # same moment one or the other would end it.
        timeout=httpx.Timeout(settings.chat_model_total_timeout + 1, connect=settings.chat_model_connect_timeout),
        event_hooks={"response": [look]},
        follow_redirects=False,
        # A connection an answer: one that is kept may be dead by the next question, and a handshake is a tenth of a second.
        limits=httpx.Limits(max_keepalive_connections=0),
    )


class _Bounded(httpx.AsyncByteStream):
    """A response's bytes up to a number: what reads lines or events keeps an endless one in memory."""

    def __init__(self, stream: httpx.AsyncByteStream, most: int) -> None:
        self._stream = stream
        self._left = most

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for data in self._stream:
            self._left -= len(data)
            if self._left < 0:
                raise BadReply(Reason.BROKEN, "more bytes than any answer has")
            yield data

    async def aclose(self) -> None:
        await self._stream.aclose()


def _check_head(response: httpx.Response) -> None:
    """Raises BadReply unless the body will be a stream of events."""
    status = response.status_code
    if status == httpx.codes.OK:
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "text/event-stream" or response.headers.get("content-encoding", "identity") != "identity":
            raise BadReply(Reason.BROKEN, "status 200, and no plain text/event-stream")
        return
    reason = Reason.REFUSED
    if status == httpx.codes.TOO_MANY_REQUESTS:
        reason = Reason.BUSY
    elif status >= httpx.codes.INTERNAL_SERVER_ERROR:
        reason = Reason.FAILED
    raise BadReply(reason, f"status {status}", retry_after=_seconds(response.headers.get("retry-after", "")))


def _count(value: object) -> int | None:
    """What a server says that it counted, where that can be."""
    return value if isinstance(value, int) and value >= 0 else None


def _seconds(value: str) -> float | None:
    """Of a Retry-After header; None when it is none, or a date, which no server of this kind sends."""
    return float(value) if value.isascii() and value.strip().isdigit() else None


def _is_about_the_stream(error: httpx.TransportError) -> bool:
    """httpx-sse's error is one of these by class, and is no matter of the connection."""
    return type(error).__module__.partition(".")[0] != "httpx"


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
