"""A real nginx in a folder of its own, from ui/deploy with only host, port, certificate, logs and upstream put in.

Three servers: the chat on a host of its own (TLS, and the port that leads there), an imitation of somebody's site with the chat
under its path (TLS), and a site that has nothing to do with it. No file outside the folder is written, no service is asked.
"""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from urllib.parse import urlsplit

from tests.served import ROOT, Reply

DEPLOY = ROOT / "ui" / "deploy"
# Debian has it where only root looks.
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
# Requests from one address that the chat behind it takes (fixture `trusting`): a browser test asks fewer.
PER_MINUTE = 30
_MAIN = """
{user}daemon off;
worker_processes 1;
pid {folder}/pid;
error_log {folder}/logs/error.log;
events {{ worker_connections 128; }}
http {{
    # As on Debian: a log of everything, with address, query and referrer, for whoever says nothing else.
    access_log {folder}/logs/access.log combined;
    client_body_temp_path {folder}/temp-body;
    proxy_temp_path {folder}/temp-proxy;
    fastcgi_temp_path {folder}/temp-fastcgi;
    uwsgi_temp_path {folder}/temp-uwsgi;
    scgi_temp_path {folder}/temp-scgi;
    types {{ text/html html; }}
    include assistant/common.conf;
    include assistant/host.conf;
    server {{
        listen 127.0.0.1:{path_port} ssl http2;
        ssl_certificate {folder}/certificate;
        ssl_certificate_key {folder}/key;
        root {folder}/site;
        # What sites have, and what must not come to the chat's answers.
        add_header X-Frame-Options SAMEORIGIN always;
        add_header Content-Security-Policy "default-src 'none'" always;
        location ~* \\.(css|js|webp|svg)$ {{ return 404; }}
        include assistant/path.conf;
    }}
    server {{
        listen 127.0.0.1:{site_port};
        root {folder}/site;
    }}
}}
"""
_PAGE = '<!doctype html><html lang="fr"><meta charset="utf-8"><title>Un site</title><h1>Un site</h1></html>'


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ports:
    plain: int
    host: int
    path: int
    site: int


class Nginx:
    """In front of the chat at `upstream` ("127.0.0.1:7860"); `changes` in the shipped files show what these are for."""

    def __init__(
        self, folder: Path, upstream: str, changes: Mapping[str, str] | None = None, *, site_port: int | None = None
    ) -> None:
        self.folder = folder
        self.logs = folder / "logs"
        self._upstream, self._changes = upstream, dict(changes or {})
        plain, host, path, site = free_ports(4)
        self._ports = _Ports(plain=plain, host=host, path=path, site=site_port or site)
        self.plain = f"http://127.0.0.1:{self._ports.plain}"
        self.host = f"https://127.0.0.1:{self._ports.host}"
        self.around = f"https://127.0.0.1:{self._ports.path}"
        self.path = f"{self.around}/assistant"
        self.site = f"http://127.0.0.1:{self._ports.site}"

    def __enter__(self) -> Nginx:
        self._write()
        command = [NGINX, "-p", str(self.folder), "-c", f"{self.folder}/nginx.conf", "-e", f"{self.logs}/error.log"]
        with (self.folder / "stderr").open("w") as stderr:
            self._process = subprocess.Popen(command, stderr=stderr)
        try:
            self._wait()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def _wait(self) -> None:
        until = time.monotonic() + 20
        while not _listens(self._ports.site):
            told = (self.folder / "stderr").read_text()
            assert self._process.poll() is None, told
            assert time.monotonic() < until, told
            time.sleep(0.02)

    def _stop(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=20)

    def _write(self) -> None:
        for name in ("logs", "site", "assistant"):
            (self.folder / name).mkdir(parents=True)
        (self.folder / "site" / "index.html").write_text(_PAGE)
        certificate(self.folder / "certificate", self.folder / "key")
        user = "user root;\n" if os.geteuid() == 0 else ""  # whoever reads the folder now
        main = _MAIN.format(user=user, folder=self.folder, path_port=self._ports.path, site_port=self._ports.site)
        (self.folder / "nginx.conf").write_text(main)
        put_in = {
            "127.0.0.1:7860": self._upstream,
            "listen 80;": f"listen 127.0.0.1:{self._ports.plain};",
            "listen [::]:80;": "",
            "listen 443 ssl http2;": f"listen 127.0.0.1:{self._ports.host} ssl http2;",
            "listen [::]:443 ssl http2;": "",
            "/etc/ssl/assistant.example.pem": f"{self.folder}/certificate",
            "/etc/ssl/assistant.example.key": f"{self.folder}/key",
            "/var/log/nginx/": f"{self.logs}/",
        }
        wanted = put_in | self._changes
        shipped = {name: (DEPLOY / f"nginx-{name}.conf").read_text() for name in ("common", "proxy", "host", "path")}
        unknown = [before for before in wanted if not any(before in text for text in shipped.values())]
        assert unknown == []
        for name, text in shipped.items():
            for before, after in wanted.items():
                text = text.replace(before, after)  # noqa: PLW2901 - one change after the other
            (self.folder / "assistant" / f"{name}.conf").write_text(text)

    def fetch(
        self,
        url: str,
        *,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        client: str = "127.0.0.1",
    ) -> Reply:
        """Ask from the address `client`, which is any of this machine's own (127.0.0.0/8)."""
        connection = self.connect(url, client)
        try:
            connection.request(method, path_of(url), body, dict(headers or {}))
            response = connection.getresponse()
            names = {name.lower(): value for name, value in response.getheaders()}
            return Reply(status=response.status, headers=names, body=response.read())
        finally:
            connection.close()

    def connect(self, url: str, client: str = "127.0.0.1", *, seconds: float = 30) -> http.client.HTTPConnection:
        """A connection to where `url` is, its certificate checked."""
        parts, source = urlsplit(url), (client, 0)
        if parts.scheme == "http":
            return http.client.HTTPConnection(parts.netloc, timeout=seconds, source_address=source)
        context = ssl.create_default_context(cafile=str(self.folder / "certificate"))
        return http.client.HTTPSConnection(parts.netloc, timeout=seconds, source_address=source, context=context)

    def logged(self) -> dict[str, str]:
        """What stands in each log file."""
        return {path.name: path.read_text() for path in self.logs.iterdir()}


def path_of(url: str) -> str:
    """Path and query, as a request line has them."""
    return "/" + url.split("/", 3)[3] if url.count("/") > 2 else "/"


def certificate(file: Path, key: Path) -> None:
    """One for 127.0.0.1 that nobody has signed but itself."""
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "2",
    ]
    named = ["-subj", "/CN=assistant.example", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([*command, *named, "-keyout", key, "-out", file], check=True, capture_output=True)


def free_ports(count: int) -> list[int]:
    """Ports of 127.0.0.1 on which nobody listens at the moment."""
    taken = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in taken]
    for one in taken:
        one.close()
    return ports


def _listens(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0
