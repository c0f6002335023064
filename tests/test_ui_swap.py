"""An index that is swapped under a running chat: real builds, real requests while they come."""

from __future__ import annotations

import gc
import json
import logging
import os
import shutil
import threading
import time
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.build import build_index
from ingest.index.builds import current_build, point_to
from ingest.index.embedder import Embedder
from rag.pipeline import Assistant
from rag.request import AskRequest
from tests.served import Reply, Served
from ui.current import Current
from ui.loading import opened_from
from ui.operations import Operations

DATA = Path(__file__).resolve().parents[1] / "corpus"
SENTENCE = "Le jardin partagé du quartier de {place} réunit trente associations de l'économie sociale et solidaire."
QUESTION = "Combien d'associations réunit le jardin partagé ?"


def write(corpus: Path, *places: str) -> None:
    """A corpus of small publications, one for each place, that tells of a garden there."""
    corpus.mkdir(exist_ok=True)
    rows = []
    for place in places:
        name = place.lower()
        (corpus / f"{name}.txt").write_text(
            f"Le jardin de {place}\n\n{SENTENCE.format(place=place)}\n", encoding="utf-8"
        )
        rows.append(
            {
                "id": name,
                "title": f"Jardins à {place}",
                "publisher": place,
                "file": f"{name}.txt",
                "media_type": "text/plain",
            }
        )
    (corpus / "catalogue.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


@pytest.fixture
def places(tmp_path: Path, embedder: Embedder) -> Path:
    """A folder with `corpus` and an index of it."""
    write(tmp_path / "corpus", "Rennes")
    build_index(tmp_path / "corpus", tmp_path / "index", embedder)
    return tmp_path


@pytest.fixture
def chat(places: Path) -> Iterator[Served]:
    chat = Served(places / "index", places / "corpus", places / "log", CONCURRENT_QUESTIONS="4", WAITING_QUESTIONS="30")
    try:
        chat.wait(lambda reply: reply.status == 200)
        yield chat
    finally:
        chat.stop()


class Askers:
    """Threads that ask without a pause."""

    def __init__(self, chat: Served, count: int = 4) -> None:
        self._chat, self._stop = chat, threading.Event()
        self.replies: list[Reply] = []
        self.faults: list[BaseException] = []
        self._threads = [threading.Thread(target=self._ask) for _ in range(count)]

    def __enter__(self) -> Askers:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _ask(self) -> None:
        try:
            while not self._stop.is_set():
                self.replies.append(self._chat.ask({"question": QUESTION}))
        except Exception as error:  # noqa: BLE001 - told by the test
            self.faults.append(error)


def serves(chat: Served, build: str) -> None:
    """Wait until the chat answers from `build`."""
    chat.wait(lambda reply: reply.json.get("build") == build)


def test_new_builds_are_taken_up_while_questions_are_answered_and_none_is_lost(
    chat: Served, places: Path, embedder: Embedder
) -> None:
    first = current_build(places / "index").name
    with Askers(chat) as askers:
        for further in ("Lyon", "Brest"):
            write(places / "corpus", "Rennes", further)
            build_index(places / "corpus", places / "index", embedder)
            new = current_build(places / "index").name
            serves(chat, new)
            assert chat.ask({"question": QUESTION}).json["index_build"] == new
    assert askers.faults == []
    assert {reply.status for reply in askers.replies} == {200}
    assert {reply.json["status"] for reply in askers.replies} == {"answered"}
    builds = [reply.json["index_build"] for reply in askers.replies]
    assert first in builds
    assert "Index du" in chat.fetch("/").text
    # What was linked to before is still there; what is in no publication any more is not.
    assert chat.fetch("/source/rennes?start=0&end=10").status == 200
    assert chat.fetch("/source/brest").status == 200
    assert chat.fetch("/source/lyon").status == 404
    assert "Traceback" not in chat.log.read_text()


def test_a_damaged_build_leaves_the_old_one_serving_and_is_told_once(chat: Served, places: Path) -> None:
    index = places / "index"
    good = current_build(index).name
    bad = good[:-1] + ("0" if good[-1] != "0" else "1")
    shutil.copytree(index / good, index / bad)
    database = index / bad / "chroma" / "chroma.sqlite3"
    database.write_bytes(database.read_bytes()[: 4096 * 3] + os.urandom(4096 * 20))
    point_to(index, bad)
    until = time.monotonic() + 60
    while "cannot be opened" not in chat.log.read_text():
        assert time.monotonic() < until
        time.sleep(0.2)
    time.sleep(5)  # two more looks at it
    assert chat.log.read_text().count("cannot be opened") == 1
    assert chat.fetch("/readyz").json == {"state": "ready", "build": good}
    assert chat.ask({"question": QUESTION}).json["status"] == "answered"
    # Mended by hand, under the same name: written anew, the pointer is followed anew.
    shutil.rmtree(index / bad)
    shutil.copytree(index / good, index / bad)
    manifest = index / bad / "manifest.json"
    manifest.write_text(manifest.read_text().replace(good, bad))
    point_to(index, bad)
    serves(chat, bad)


def test_the_old_build_is_let_go_and_a_question_under_way_keeps_it(places: Path, embedder: Embedder) -> None:
    index = places / "index"
    current = Current(index, lambda: opened_from(Assistant.open(index, embedder)), Operations())
    under_way, gone = current.now, weakref.ref(current.now.assistant)
    write(places / "corpus", "Rennes", "Lyon")
    build_index(places / "corpus", index, embedder)
    assert current.look()
    assert not current.look()
    assert under_way.assistant.reply(AskRequest(question=QUESTION)).index_build == under_way.build
    assert current.reply(AskRequest(question=QUESTION)).index_build == current_build(index).name
    del under_way
    current._collect()
    gc.collect()
    assert gone() is None


def test_a_question_whose_build_was_swept_away_is_answered_from_the_new_one(
    places: Path, embedder: Embedder, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    index = places / "index"
    current = Current(index, lambda: opened_from(Assistant.open(index, embedder)), Operations())
    served = current.now.folder
    for further in ("Lyon", "Brest"):  # the second sweeps away what is served here
        write(places / "corpus", "Rennes", further)
        build_index(places / "corpus", index, embedder)
    assert not served.exists()
    answer = current.reply(AskRequest(question=QUESTION))
    assert (answer.status, answer.index_build) == ("answered", current_build(index).name)
