"""Connections that go where they were told, and end in time.

In: a host and port. Out: a stream to an address of that host that was checked before; TLS still verifies the host's name.
One deadline, set before each request, bounds all waiting on it: a site that sends a byte now and then meets no other limit.
Behind a proxy all connections go to it, and it finds the sites by their names. Refused: what the check of addresses refuses.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import httpcore
import httpx

from ingest.fetch.guard import Guard

MAX_CONNECTIONS = 4  # one request at a time; a few may stay open to the sites of a run

Addresses = Callable[[str, int], Sequence[str]]


class Deadline:
    """When waiting ends, on the clock that is passed in. Without a set time there is no end."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._end: float | None = None

    def set(self, seconds: float) -> None:
        """Waiting ends `seconds` from now."""
        self._end = self._clock() + seconds

    def bound(self, timeout: float | None) -> float | None:
        """The shorter of `timeout` and what is left. Raises httpcore.ReadTimeout when nothing is left."""
        if self._end is None:
            return timeout
        left = self._end - self._clock()
        if left <= 0:
            raise httpcore.ReadTimeout("the time for the whole answer is over")
        return left if timeout is None else min(left, timeout)


class GuardedBackend(httpcore.NetworkBackend):
    """Connects to the addresses that `addresses` gives for a host and port, one after the other until one answers."""

    def __init__(self, addresses: Addresses, deadline: Deadline) -> None:
        self._addresses = addresses
        self._deadline = deadline
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A stream to one of the host's addresses. Raises what `addresses` raises, and httpcore's errors."""
        failed: httpcore.ConnectError | httpcore.ConnectTimeout = httpcore.ConnectError(f"{host}: no address")
        for address in self._addresses(host, port):
            try:
                stream = self._sockets.connect_tcp(
                    address, port, self._deadline.bound(timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
                continue
            return _BoundedStream(stream, self._deadline)
        raise failed


def open_pool(guard: Guard, deadline: Deadline, *, proxy: str) -> httpcore.ConnectionPool:
    """Connections to addresses that the guard checked, or all to the operator's proxy, which may well be private."""
    context = httpx.create_ssl_context(trust_env=False)
    if not proxy:
        backend = GuardedBackend(guard.addresses, deadline)
        return httpcore.ConnectionPool(ssl_context=context, max_connections=MAX_CONNECTIONS, network_backend=backend)
    told = httpx.Proxy(proxy)
    url = told.url
    return httpcore.HTTPProxy(
        proxy_url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=b"/"),
        proxy_auth=told.raw_auth,
        ssl_context=context,
        proxy_ssl_context=httpx.create_ssl_context(trust_env=False) if url.scheme == "https" else None,
        max_connections=MAX_CONNECTIONS,
        network_backend=GuardedBackend(guard.resolve, deadline),
    )


class _BoundedStream(httpcore.NetworkStream):
    """A stream whose every wait ends with the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.bound(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.bound(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, self._deadline.bound(timeout))
        return _BoundedStream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - the base class's own signature
        return self._stream.get_extra_info(info)
