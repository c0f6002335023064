"""Behind https the name is still what a certificate must be for, though the connection goes to a checked address."""

from __future__ import annotations

import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpcore
import pytest

from ingest.fetch.client import Client
from ingest.fetch.errors import FetchError
from ingest.fetch.guard import Guard
from ingest.fetch.manners import Clock
from ingest.fetch.wire import Deadline, GuardedBackend
from ingest.settings import FetchSettings
from tests.tools import needs

pytestmark = needs("openssl", "openssl")


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "7")
        self.end_headers()
        self.wfile.write(b"Bonjour")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Nothing: who refuses a certificate sends no request."""


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, certificate: Path, key: Path) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.connections = 0
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        # The handshake is the handling thread's: one that fails is then no concern of the others.
        self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def process_request(self, request: object, client_address: object) -> None:
        self.connections += 1
        super().process_request(request, client_address)  # type: ignore[arg-type] # a socket, as the base class has it

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that breaks off the handshake is what these tests are about: no traceback on stderr."""


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for site.example that nobody has signed but itself; its key beside it."""
    folder = tmp_path_factory.mktemp("certificate")
    options = "-x509 -newkey rsa:2048 -nodes -keyout key.pem -out certificate.pem -days 2 -subj /CN=site.example"
    extension = ["-addext", "subjectAltName=DNS:site.example"]
    subprocess.run(["openssl", "req", *options.split(), *extension], cwd=folder, check=True, capture_output=True)
    return folder / "certificate.pem"


@pytest.fixture
def server(certificate: Path) -> Iterator[Server]:
    server = Server(certificate, certificate.with_name("key.pem"))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def guard(server: Server, name: str) -> Guard:
    """Every name is found on this machine, and `name` is allowed to be."""
    return Guard.of(f"{name}:{server.server_port}", resolve=lambda *_: ["127.0.0.1"])


def test_a_certificate_that_nobody_vouches_for_is_named_and_not_tried_again(server: Server) -> None:
    settings = FetchSettings(contact="editor@example.org", delay=0, retries=3)
    clock = Clock(sleep=lambda _: None)

    with (
        Client(settings, clock=clock, guard=guard(server, "site.example")) as client,
        pytest.raises(FetchError, match=r"its certificate is not valid: .*self.signed certificate"),
    ):
        client.page(f"https://site.example:{server.server_port}/")

    assert server.connections == 1


def ask(server: Server, certificate: Path, name: str) -> bytes:
    trusting = ssl.create_default_context(cafile=certificate)
    backend = GuardedBackend(guard(server, name).addresses, Deadline(time.monotonic))
    with httpcore.ConnectionPool(ssl_context=trusting, network_backend=backend) as pool:
        return pool.request("GET", f"https://{name}:{server.server_port}/").content


def test_the_certificate_is_the_name_s_and_not_the_address_s(server: Server, certificate: Path) -> None:
    assert ask(server, certificate, "site.example") == b"Bonjour"


def test_a_certificate_of_another_name_is_refused(server: Server, certificate: Path) -> None:
    with pytest.raises(httpcore.ConnectError, match="Hostname mismatch"):
        ask(server, certificate, "other.example")
