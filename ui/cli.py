"""`python -m ui`: serve the chat and the HTTP API. Addresses on stdout, the log on stderr; questions are in neither.

`python -m ui feedback` and `python -m ui gaps` read what was recorded (`ui.commands`).

Exit status: 0 stopped by Ctrl-C or SIGTERM, 1 the port or a file cannot be had, 2 usage (settings included). The port answers
at once; the index is checked, and built if need be, behind it.
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import signal
import socket
import sqlite3
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn
from pydantic import ValidationError

from ingest.build_settings import BuildSettings
from ingest.offline import keep_offline
from ingest.settings import IngestSettings
from rag.chat.client import open_chat_model
from rag.chat.errors import ChatSetupError
from rag.chat.settings import ChatSettings, told_to
from rag.settings import RagSettings
from ui.commands import COMMANDS, run_command
from ui.operations import Operations
from ui.server import create_app
from ui.serving_settings import ServingSettings
from ui.settings import UiSettings
from ui.site import SiteError, load_site

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from ui.readiness import Stage
    from ui.server import Loaded

# An open page holds a heartbeat for as long as it is open: without a limit, stopping would wait for it.
_GRACE_SECONDS = 2


def main(argv: Sequence[str]) -> int:
    """Serve until told to stop; argparse exits with 2 on wrong usage."""
    try:
        settings, models, building, answering = UiSettings(), IngestSettings(), BuildSettings(), RagSettings()
        serving, writing = ServingSettings(), ChatSettings()
    except ValidationError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    if argv[:1] and argv[0] in COMMANDS:
        return run_command(argv, serving, models)
    arguments = _parser(settings).parse_args(argv)
    keep_offline()
    try:
        site, chat = load_site(settings.site), open_chat_model(writing)
    except (SiteError, ChatSetupError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for name in ("httpx", "sentence_transformers", "chromadb"):
        logging.getLogger(name).setLevel(logging.WARNING)
    try:
        listener = _listen(arguments.host, arguments.port)
    except OSError as error:
        print(
            f"error: {arguments.host}:{arguments.port} cannot be listened on: {error.strerror or error} "
            "(is another chat running there? choose another with --port)",
            file=sys.stderr,
        )
        return 1

    try:
        operations = Operations.of(serving, told=told_to(writing))
    except (sqlite3.Error, OSError) as error:
        print(
            f"error: a file of records cannot be opened: {error} (see FEEDBACK_FILE, QUESTION_LOG_FILE)",
            file=sys.stderr,
        )
        return 1

    def load(enter: Callable[[Stage], None]) -> Loaded:
        from ui import loading  # takes seconds: in the thread that loads, not before the port answers

        chosen = loading.LoadSettings(
            models=models,
            building=building,
            answering=answering,
            serving=settings,
            site=site,
            operations=operations,
            chat=chat,
        )
        return loading.load(arguments.corpus, arguments.index, chosen, enter)

    with listener:
        _serve(listener, create_app(load, site, operations))
    return 0


def _parser(settings: UiSettings) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ui",
        description="Serve the chat.",
        epilog="Further commands, each with --help: python -m ui feedback export|delete, python -m ui gaps.",
    )
    parser.add_argument("--host", default=settings.host, help=f"address to listen on (default: {settings.host})")
    parser.add_argument("--port", type=_port, default=settings.port, help=f"port (default: {settings.port})")
    parser.add_argument("--index", type=Path, default=Path("var/index"), help="folder of builds (default: var/index)")
    parser.add_argument(
        "--corpus", type=Path, default=Path("corpus"), help="folder of catalogue.jsonl (default: corpus)"
    )
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r}: expected 0 to 65535 (0: any free port)")
    return int(text)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family)


def _serve(listener: socket.socket, app: Starlette) -> None:
    host, port = listener.getsockname()[:2]
    print(f"http://{f'[{host}]' if ':' in host else host}:{port}", flush=True)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,  # uvicorn's has queries and addresses; ours has neither
        proxy_headers=False,  # uvicorn's believes whoever connects from this machine; see TRUSTED_PROXIES
        server_header=False,
        ws="none",
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    # uvicorn raises the signal that stopped it once more when it is done, for whoever handled it before: nobody did.
    signal.signal(signal.SIGTERM, lambda _number, _frame: None)
    with contextlib.suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])
