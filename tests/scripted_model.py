"""A chat model's server of ours: real HTTP, what it says is a script.

    with ScriptedModel(says("Les régies emploient 12 personnes. [1]")) as server:
        settings = ChatSettings(chat_model="openai:any", chat_model_base_url=server.url)
        ...
        assert server.requests[0].messages[-1]["content"]...

Each request to `/v1/chat/completions` takes the next script; the last one stays. A script may be a function of the Request,
so that a server can play a victim that does what its prompt says: `ScriptedModel(lambda asked: says(asked.prompt[-20:]))`.
`form="mistral"` sends what Mistral sends where it differs: usage goes with the last choice, reasoning comes in blocks.

A script is a `Script`: status, headers, and steps; a step is bytes to send, a number of seconds to wait, or CLOSE, which
breaks the connection. Waiting ends when the client hangs up, and `Request.hung_up` is set.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import select
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

CLOSE = "close"  # the connection, without the end of the body
Form = Literal["openai", "mistral"]
Step = bytes | float | str
_EVENTS = {"Content-Type": "text/event-stream; charset=utf-8"}
_DONE = b"data: [DONE]\n\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a client sent; `hung_up` is set when it closed the connection before all was said."""

    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]
    connection: int  # the same number for what came over the same one
    hung_up: threading.Event = field(default_factory=threading.Event)

    @property
    def messages(self) -> list[dict[str, Any]]:
        """Each `{"role", "content"}`."""
        messages = self.body["messages"]
        assert isinstance(messages, list)
        return messages

    @property
    def prompt(self) -> str:
        """All messages in one text."""
        return "\n".join(str(message["content"]) for message in self.messages)


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """One response. `steps` are made anew for each request, by the server's form."""

    steps: Callable[[Form], Iterable[Step]]
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: _EVENTS)


Scripted = Script | Callable[[Request], Script]


class ScriptedModel:
    """The server, from `with` to its end; `url` is what CHAT_MODEL_BASE_URL takes."""

    def __init__(self, *scripts: Scripted, form: Form = "openai") -> None:
        self.requests: list[Request] = []
        self._scripts = scripts
        self._form: Form = form
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> ScriptedModel:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._server.shutdown()
        self._server.server_close()

    def respond(self, handler: BaseHTTPRequestHandler) -> None:
        """Record a request and play its script."""
        size = int(handler.headers.get("Content-Length", 0))
        headers = {name.lower(): value for name, value in handler.headers.items()}
        body = json.loads(handler.rfile.read(size))
        request = Request(path=handler.path, headers=headers, body=body, connection=handler.client_address[1])
        with self._lock:
            script = self._scripts[min(len(self.requests), len(self._scripts) - 1)]
            self.requests.append(request)
        script = script if isinstance(script, Script) else script(request)
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            if self._play(handler, script):
                return
        handler.close_connection = True
        request.hung_up.set()

    def _play(self, handler: BaseHTTPRequestHandler, script: Script) -> bool:
        """False when the client hung up."""
        steps = iter(script.steps(self._form))
        first: Step | None = next(steps, None)
        # What waits before its first byte has sent no head either.
        while isinstance(first, float):
            if not self._wait(handler, first):
                return False
            first = next(steps, None)
        if first == CLOSE:
            handler.close_connection = True
            return True
        handler.send_response(script.status)
        for name, value in {"Transfer-Encoding": "chunked", **script.headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        for step in itertools.chain([] if first is None else [first], steps):
            if isinstance(step, float):
                if not self._wait(handler, step):
                    return False
            elif isinstance(step, bytes):
                handler.wfile.write(b"%x\r\n%b\r\n" % (len(step), step))
            else:
                handler.close_connection = True
                return True
        handler.wfile.write(b"0\r\n\r\n")
        return True

    def _wait(self, handler: BaseHTTPRequestHandler, seconds: float) -> bool:
        """False when the client hung up or the server stops meanwhile."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            readable, _, _ = select.select([handler.connection], [], [], min(left, 0.05))
            if self._stopping.is_set() or readable:  # a client that has asked sends nothing more: it closed
                return False
        return True


def says(*pieces: str, usage: tuple[int, int] | None = (100, 20), every: float = 0.0, finish: str = "stop") -> Script:
    """A good answer, a chunk for each piece, with `every` seconds between them."""

    def steps(form: Form) -> Iterator[Step]:
        yield _chunk({"role": "assistant", "content": ""})
        for piece in pieces:
            if every:
                yield every
            yield _chunk({"content": piece})
        yield from _closing(form, finish, usage)

    return Script(steps=steps)


def nothing() -> Script:
    """An answer without text."""
    return says()


def refuses() -> Script:
    """OpenAI's refusal, which is no content."""
    return _with({"refusal": "I cannot help with that."}, "stop")


def calls_tool() -> Script:
    """A tool call, though no tool was offered."""
    call = {"index": 0, "id": "call12345", "type": "function", "function": {"name": "send", "arguments": '{"to": "x"}'}}
    return _with({"content": None, "tool_calls": [call]}, "tool_calls")


def thinks_apart(thought: str, answer: str) -> Script:
    """Reasoning in a place of its own: `reasoning_content`, or Mistral's blocks."""

    def steps(form: Form) -> Iterator[Step]:
        block = [{"type": "thinking", "thinking": [{"type": "text", "text": thought}]}]
        yield _chunk({"role": "assistant", "content": block} if form == "mistral" else {"reasoning_content": thought})
        yield _chunk({"content": answer})
        yield from _closing(form, "stop", (100, 20))

    return Script(steps=steps)


def breaks_off(*pieces: str) -> Script:
    """The connection breaks after these pieces."""
    return Script(steps=lambda _: [*(_chunk({"content": piece}) for piece in pieces), CLOSE])


def stops_short(*pieces: str) -> Script:
    """The body ends well, the answer does not: neither reason nor [DONE]."""
    return Script(steps=lambda _: [_chunk({"content": piece}) for piece in pieces])


def closes() -> Script:
    """The connection is closed without a response."""
    return Script(steps=lambda _: [CLOSE])


def silent(seconds: float = 60.0) -> Script:
    """Accepts, says nothing, not even a status."""
    return Script(steps=lambda _: [float(seconds), CLOSE])


def slow_first(seconds: float, *pieces: str) -> Script:
    """A role at once, the first words later."""

    def steps(form: Form) -> Iterator[Step]:
        yield _chunk({"role": "assistant", "content": ""})
        yield float(seconds)
        yield from says(*pieces).steps(form)

    return Script(steps=steps)


def drips(every: float = 0.05, first: str = "") -> Script:
    """Bytes of one chunk, one at a time, for ever; after `first`, whole, where it is given."""

    def steps(_: Form) -> Iterator[Step]:
        if first:
            yield _chunk({"content": first})
        for byte in itertools.cycle(b": keep waiting\n"):
            yield bytes([byte])
            yield every

    return Script(steps=steps)


def endless(piece: str = "Et ainsi de suite. ", *, every: float = 0.0) -> Script:
    """The same words for ever, as fast as they are taken."""

    def steps(_: Form) -> Iterator[Step]:
        while True:
            yield _chunk({"content": piece})
            if every:
                yield every

    return Script(steps=steps)


def long_line(size: int = 50_000_000) -> Script:
    """One event that does not end."""

    def steps(_: Form) -> Iterator[Step]:
        yield b'data: {"choices": [{"index": 0, "delta": {"content": "'
        yield from itertools.repeat(b"a" * 100_000, size // 100_000)

    return Script(steps=steps)


def fails(status: int, *, retry_after: str | None = None) -> Script:
    """An error as such servers send it, which repeats what it was asked."""
    body = json.dumps({"error": {"message": f"status {status}", "type": "error"}}).encode()
    headers = {"Content-Type": "application/json"} | ({"Retry-After": retry_after} if retry_after else {})
    return Script(steps=lambda _: [body], status=status, headers=headers)


def raw(*data: bytes, status: int = 200, headers: Mapping[str, str] | None = None) -> Script:
    """These bytes, whatever they are; a stream of events by its head unless `headers` say otherwise."""
    return Script(steps=lambda _: data, status=status, headers={**_EVENTS, **(headers or {})})


def event(data: object) -> bytes:
    """One event of a stream, its data as JSON."""
    return b"data: " + json.dumps(data).encode() + b"\n\n"


def _with(delta: dict[str, Any], finish: str) -> Script:
    def steps(form: Form) -> Iterator[Step]:
        yield _chunk({"role": "assistant", **delta})
        yield from _closing(form, finish, (100, 20))

    return Script(steps=steps)


def _chunk(delta: Mapping[str, Any], finish: str | None = None, **more: object) -> bytes:
    head = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1_700_000_000, "model": "scripted"}
    return event({**head, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}], **more})


def _closing(form: Form, finish: str, usage: tuple[int, int] | None) -> Iterator[Step]:
    counts = usage and {"prompt_tokens": usage[0], "completion_tokens": usage[1], "total_tokens": sum(usage)}
    if form == "mistral":
        yield _chunk({"content": ""}, finish, **({"usage": counts} if counts else {}))
    else:
        yield _chunk({}, finish)
        if counts:
            head = {
                "id": "chatcmpl-1",
                "object": "chat.completion.chunk",
                "created": 1_700_000_000,
                "model": "scripted",
            }
            yield event({**head, "choices": [], "usage": counts})
    yield _DONE


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 50  # twenty ask at once

    def handle_error(self, *_: object) -> None:
        """A client that goes is no error of ours; everything else is printed."""
        if not isinstance(sys.exception(), ConnectionError):
            traceback.print_exc()


def _handler(server: ScriptedModel) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            server.respond(self)

        def log_message(self, *_: object) -> None:
            """Tests are quiet."""

    return Handler
