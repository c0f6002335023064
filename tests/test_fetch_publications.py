"""A run over a catalogue: what becomes of each publication, of its file and of its line."""

from __future__ import annotations

import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time as real_time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ingest.catalogue import load_catalogue
from ingest.errors import CatalogueError
from ingest.fetch.client import Client
from ingest.fetch.errors import FetchError, UnknownId
from ingest.fetch.fetcher import Outcome, Status, fetch_publications
from ingest.fetch.lock import only_fetcher
from ingest.settings import FetchSettings
from tests.site import Asked, FakeTime, Reply, Site

ROOT = Path(__file__).resolve().parents[1]
PAGE = "<!DOCTYPE html><html><head><title>T</title></head><body><p>Des régies de quartier.</p></body></html>".encode()
PDF = b"%PDF-1.4\n" + b"1 0 obj << >> endobj\n" * 200 + b"%%EOF\n"
Run = Callable[..., dict[str, Outcome]]


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    return folder


@pytest.fixture
def run(site: Site, corpus: Path) -> Run:
    """Fetch from the site into the corpus; outcomes by id."""

    def fetch(*ids: str, **settings: object) -> dict[str, Outcome]:
        chosen = {"contact": "veille@example.org", "allow_private": site.host, "retries": 1, **settings}
        with Client(FetchSettings.model_validate(chosen), clock=FakeTime().clock) as client:
            return {outcome.id: outcome for outcome in fetch_publications(corpus, client, ids)}

    return fetch


def write(corpus: Path, *lines: dict[str, object]) -> bytes:
    """A catalogue of these lines, in a spelling that is an editor's own."""
    rows = [json.dumps({"title": "Économie", "publisher": "RTES"} | line, separators=(" ,", ":")) for line in lines]
    data = ("\n\n".join(rows) + "\r\n").encode()
    (corpus / "catalogue.jsonl").write_bytes(data)
    return data


def line(corpus: Path, identifier: str = "a") -> dict[str, object]:
    rows = [
        json.loads(row) for row in (corpus / "catalogue.jsonl").read_text(encoding="utf-8").splitlines() if row.strip()
    ]
    found = next(row for row in rows if row["id"] == identifier)
    assert isinstance(found, dict)
    return found


def leftovers(corpus: Path) -> list[str]:
    """What stands in the corpus beside the catalogue and the files."""
    return sorted(path.name for path in corpus.rglob("*") if path.is_file() and path.parent.name != "files")


KEPT = [".gitignore", ".lock", "catalogue.jsonl"]


def versioned(body: bytes, etag: str, **headers: str) -> Callable[[Asked], Reply]:
    """A page that a site serves properly: with a version, and 304 to whoever has it."""

    def answer(asked: Asked) -> Reply:
        same = asked.headers.get("if-none-match") == etag
        return Reply(status=304 if same else 200, body=b"" if same else body, headers={"ETag": etag, **headers})

    return answer


# Fetched


def test_a_page_is_saved_under_its_id_and_its_line_says_what_it_is(site: Site, corpus: Path, run: Run) -> None:
    before = write(
        corpus, {"id": "a", "url": site.url("/a"), "note": {"x": [1.0, "é"]}}, {"id": "z", "url": "https://z.invalid"}
    )
    date = "Sat, 03 Jan 2026 08:00:00 GMT"
    site.answer("/a", versioned(PAGE, '"v1"', **{"Last-Modified": date, "Content-Type": "text/html; charset=utf-8"}))

    outcome = run("a")["a"]

    assert outcome.status is Status.FETCHED
    assert outcome.detail == f"files/a.html ({len(PAGE)} bytes)"
    assert (corpus / "files/a.html").read_bytes() == PAGE
    written = {
        "file": "files/a.html",
        "media_type": "text/html",
        "sha256": hashlib.sha256(PAGE).hexdigest(),
        "etag": '"v1"',
        "last_modified": date,
        "fetched": "2026-01-05",
    }
    assert {key: line(corpus)[key] for key in written} == written
    first, rest = before.split(b"\n", 1)
    after = (corpus / "catalogue.jsonl").read_bytes()
    assert after.startswith(first.removesuffix(b"}"))
    assert after.endswith(b"\n" + rest)
    assert leftovers(corpus) == KEPT
    (publication, _other) = load_catalogue(corpus).publications
    assert (publication.file, publication.sha256) == ("files/a.html", written["sha256"])


@pytest.mark.parametrize(
    ("path", "body", "declared", "file"),
    [
        ("/x", PDF, "application/octet-stream", "files/a.pdf"),
        ("/x.pdf", PDF, "text/html", "files/a.pdf"),
        ("/x", "Des régies de quartier.\n".encode(), "text/plain", "files/a.txt"),
        ("/x.md", "# Régies\n\nTexte.\n".encode(), "text/plain", "files/a.md"),
    ],
)
def test_the_type_is_what_the_bytes_are(
    site: Site, corpus: Path, run: Run, path: str, body: bytes, declared: str, file: str
) -> None:
    write(corpus, {"id": "a", "url": site.url(path)})
    site.answer(path, Reply(body=body, headers={"Content-Type": declared}))
    assert run()["a"].status is Status.FETCHED
    assert line(corpus)["file"] == file
    assert (corpus / file).read_bytes() == body


def test_documents_that_a_page_links_to_and_where_it_moved_are_told_to_the_editor(
    site: Site, corpus: Path, run: Run
) -> None:
    page = PAGE.replace(
        b"<p>", b'<a class="b" href="doc/Guide.PDF?jeton=1&amp;x=2">Guide</a> <a href="javascript:x.pdf">x</a><p>'
    )
    write(corpus, {"id": "a", "url": site.url("/a")})
    site.answer("/a", Reply(status=301, headers={"Location": "/new/a"}))
    site.answer("/new/a", Reply(body=page))
    assert run()["a"].notes == (
        f"its address leads to {site.url('/new/a')}",
        f"its page links to {site.url('/new/doc/Guide.PDF')}?...",
    )


# Unchanged


def test_what_the_site_has_not_changed_changes_nothing_here(site: Site, corpus: Path, run: Run) -> None:
    write(corpus, {"id": "a", "url": site.url("/a")})
    site.answer("/a", versioned(PAGE, 'W/"v1"'))
    run()
    before = (corpus / "catalogue.jsonl").stat()

    assert run()["a"].status is Status.UNCHANGED

    after = (corpus / "catalogue.jsonl").stat()
    assert (before.st_mtime_ns, before.st_ino) == (after.st_mtime_ns, after.st_ino)
    assert site.asked[-1].headers["if-none-match"] == 'W/"v1"'


def test_the_same_bytes_from_a_site_without_versions_change_nothing_here(site: Site, corpus: Path, run: Run) -> None:
    write(corpus, {"id": "a", "url": site.url("/a")})
    site.answer("/a", Reply(body=PAGE))
    run()
    before = (corpus / "catalogue.jsonl").read_bytes()
    assert run()["a"].status is Status.UNCHANGED
    assert (corpus / "catalogue.jsonl").read_bytes() == before
    assert leftovers(corpus) == KEPT


def test_a_new_version_replaces_the_file_and_what_its_line_says(site: Site, corpus: Path, run: Run) -> None:
    write(corpus, {"id": "a", "url": site.url("/a")})
    site.answer("/a", versioned(PAGE, '"v1"', **{"Last-Modified": "Sat, 03 Jan 2026 08:00:00 GMT"}))
    run()
    newer = PAGE.replace(b"quartier", b"territoire")
    site.answer("/a", versioned(newer, '"v2"'))

    assert run()["a"].status is Status.FETCHED

    assert (corpus / "files/a.html").read_bytes() == newer
    assert line(corpus)["etag"] == '"v2"'
    assert "last_modified" not in line(corpus)


@pytest.mark.parametrize("damage", [lambda file: file.unlink(), lambda file: file.write_bytes(b"autre")])
def test_a_file_that_is_lost_or_altered_is_fetched_whole_again(
    site: Site, corpus: Path, run: Run, damage: Callable[[Path], object]
) -> None:
    write(corpus, {"id": "a", "url": site.url("/a")})
    site.answer("/a", versioned(PAGE, '"v1"'))
    run()
    before = (corpus / "catalogue.jsonl").read_bytes()
    damage(corpus / "files/a.html")

    assert run()["a"].status is Status.FETCHED

    assert (corpus / "files/a.html").read_bytes() == PAGE
    assert (corpus / "catalogue.jsonl").read_bytes() == before


def test_a_validator_that_no_header_can_carry_is_not_sent(site: Site, corpus: Path, run: Run) -> None:
    write(corpus, {"id": "a", "url": site.url("/a")})
    site.answer("/a", Reply(body=PAGE))
    run()
    catalogue = corpus / "catalogue.jsonl"
    odd = json.dumps("x\r\nX-Evil: 1")
    catalogue.write_text(catalogue.read_text(encoding="utf-8").replace("}", f', "etag": {odd}}}', 1), encoding="utf-8")
    assert run()["a"].status is Status.UNCHANGED
    assert "if-none-match" not in site.asked[-1].headers


# Gone


@pytest.mark.parametrize("status", [404, 410])
def test_what_is_gone_is_marked_once_and_its_file_stays(site: Site, corpus: Path, run: Run, status: int) -> None:
    write(corpus, {"id": "a", "url": site.url("/a")})
    site.answer("/a", Reply(body=PAGE))
    run()
    site.answer("/a", Reply(status=status))

    outcome = run()["a"]

    assert outcome.status is Status.GONE
    assert outcome.detail == (
        f"{site.url('/a')} answers {status}, first seen on 2026-01-05; files/a.html stays until an editor removes it"
    )
    assert line(corpus)["gone"] == "2026-01-05"
    assert (corpus / "files/a.html").read_bytes() == PAGE


def test_the_day_on_which_it_was_first_found_gone_is_kept(site: Site, corpus: Path, run: Run) -> None:
    before = write(corpus, {"id": "a", "url": site.url("/a"), "gone": "2025-12-24"})
    assert "first seen on 2025-12-24" in run()["a"].detail
    assert (corpus / "catalogue.jsonl").read_bytes() == before


def test_what_comes_back_is_no_longer_gone(site: Site, corpus: Path, run: Run) -> None:
    write(corpus, {"id": "a", "url": site.url("/a")})
    served = versioned(PAGE, '"v1"')
    site.answer("/a", served, Reply(status=404), served)
    run()
    run()
    assert run()["a"].status is Status.UNCHANGED
    assert "gone" not in line(corpus)


# Failed


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (Reply(body=b""), "/a.pdf answers with nothing: 0 bytes"),
        (Reply(status=403), "answers 403, expected 200"),
        (Reply(status=204), "answers 204, expected 200"),
        (Reply(status=304), "answers 304, expected 200"),
        (Reply(body=PAGE), "what came is text/html, the catalogue says application/pdf"),
        (Reply(body=bytes(range(256)) * 9), "which is not read"),
        (Reply(body=PDF, length=200_000_000), "declares 200,000,000 bytes, more than 100,000,000 are not fetched"),
        (Reply(status=302, headers={"Location": "/"}), "/a.pdf leads to the site's first page"),
        (
            Reply(status=302, headers={"Location": "/user/login?destination=a.pdf"}),
            r"leads to .*/user/login\?\.\.\., a login",
        ),
        (Reply(status=302, headers={"Location": "http://10.0.0.1/x"}), r"10\.0\.0\.1 is not public"),
        (Reply(body=PDF, cut=100), "the connection broke"),
        (Reply(body=PDF, headers={"Content-Encoding": "br"}), "which was not asked for"),
    ],
)
def test_what_cannot_be_fetched_says_why_and_changes_neither_file_nor_line(
    site: Site, corpus: Path, run: Run, reply: Reply, message: str
) -> None:
    write(corpus, {"id": "a", "url": site.url("/a.pdf")}, {"id": "b", "url": site.url("/b")})
    site.answer("/a.pdf", Reply(body=PDF))
    site.answer("/b", Reply(body=PAGE))
    site.answer("/", Reply(body=PAGE))
    site.answer("/user/login?destination=a.pdf", Reply(body=PAGE))
    run()
    before = (corpus / "catalogue.jsonl").read_bytes()
    site.answer("/a.pdf", reply)

    outcomes = run()

    assert outcomes["a"].status is Status.FAILED
    assert re.search(message, outcomes["a"].detail)
    assert outcomes["b"].status is Status.UNCHANGED
    assert (corpus / "files/a.pdf").read_bytes() == PDF
    assert (corpus / "catalogue.jsonl").read_bytes() == before


def test_a_file_that_is_another_line_s_is_not_overwritten(site: Site, corpus: Path, run: Run) -> None:
    write(corpus, {"id": "a", "url": site.url("/a")}, {"id": "b", "file": "files/a.html"})
    (corpus / "files").mkdir()
    (corpus / "files/a.html").write_bytes(b"of b")
    site.answer("/a", Reply(body=PAGE))
    assert "files/a.html is the file of b" in run()["a"].detail
    assert (corpus / "files/a.html").read_bytes() == b"of b"
    assert leftovers(corpus) == KEPT


def test_a_folder_that_cannot_be_written_to_is_one_line_and_no_crash(site: Site, corpus: Path, run: Run) -> None:
    write(corpus, {"id": "a", "url": site.url("/a")})
    (corpus / "files").write_bytes(b"a file where the folder should be")
    site.answer("/a", Reply(body=PAGE))
    outcome = run()["a"]
    assert outcome.status is Status.FAILED
    assert f"{corpus}/files" in outcome.detail


def test_a_bad_line_is_listed_and_stops_no_other(site: Site, corpus: Path, run: Run) -> None:
    write(corpus, {"id": "a", "url": site.url("/a")}, {"id": "b", "url": "ftp://example.org"})
    site.answer("/a", Reply(body=PAGE))
    outcomes = run()
    assert outcomes["a"].status is Status.FETCHED
    assert outcomes["b"].status is Status.FAILED
    assert "catalogue.jsonl:3" in outcomes["b"].detail


def test_a_line_that_changed_while_it_was_fetched_is_left_as_it_is(site: Site, corpus: Path, run: Run) -> None:
    write(corpus, {"id": "a", "url": site.url("/a")})

    def meanwhile(_asked: Asked) -> Reply:
        write(corpus, {"id": "a", "url": site.url("/other")})
        return Reply(body=PAGE)

    site.answer("/a", meanwhile)
    assert '"url" of its line was changed while it was fetched' in run()["a"].detail
    assert "sha256" not in line(corpus)


def test_a_file_that_an_editor_gave_while_it_was_fetched_is_not_overwritten(site: Site, corpus: Path, run: Run) -> None:
    write(corpus, {"id": "a", "url": site.url("/a")})

    def meanwhile(_asked: Asked) -> Reply:
        (corpus / "files").mkdir()
        (corpus / "files/a.html").write_bytes(b"of the editor")
        write(corpus, {"id": "a", "url": site.url("/a"), "file": "files/a.html"})
        return Reply(body=PAGE)

    site.answer("/a", meanwhile)
    assert '"file" of its line was changed while it was fetched' in run()["a"].detail
    assert (corpus / "files/a.html").read_bytes() == b"of the editor"


def test_a_page_whose_own_address_speaks_of_logins_is_a_page_like_any(site: Site, corpus: Path, run: Run) -> None:
    write(corpus, {"id": "a", "url": site.url("/connexion/")})
    site.answer("/connexion/", Reply(body=PAGE))
    assert run()["a"].status is Status.FETCHED


def test_what_an_editor_changed_beside_it_meanwhile_is_kept(site: Site, corpus: Path, run: Run) -> None:
    write(corpus, {"id": "a", "url": site.url("/a")})

    def meanwhile(_asked: Asked) -> Reply:
        write(corpus, {"id": "new", "url": "https://example.org"}, {"id": "a", "url": site.url("/a"), "date": "2026"})
        return Reply(body=PAGE)

    site.answer("/a", meanwhile)
    assert run()["a"].status is Status.FETCHED
    assert [p.id for p in load_catalogue(corpus).publications] == ["new", "a"]
    assert line(corpus)["date"] == "2026"


# Left alone


def test_only_public_lines_with_an_address_are_fetched(site: Site, corpus: Path, run: Run) -> None:
    write(
        corpus,
        {"id": "proposed", "url": site.url("/p"), "access": "proposed"},
        {"id": "text", "file": "files/text.txt"},
        {"id": "given", "url": site.url("/g"), "file": "files/given.txt"},
    )
    outcomes = run()
    assert {outcome.status for outcome in outcomes.values()} == {Status.LEFT_ALONE}
    assert outcomes["proposed"].detail == "access is 'proposed': only public publications are fetched"
    assert outcomes["given"].detail == "files/given.txt was given by an editor (name the id to fetch it all the same)"
    assert site.asked == []


def test_a_file_that_an_editor_gave_is_replaced_when_its_id_is_named(site: Site, corpus: Path, run: Run) -> None:
    write(corpus, {"id": "given", "url": site.url("/g"), "file": "files/old.html"})
    site.answer("/g", Reply(body=PAGE))
    outcome = run("given")["given"]
    assert outcome.status is Status.FETCHED
    assert outcome.notes == ("its former file, files/old.html, stays until an editor removes it",)
    assert line(corpus, "given")["file"] == "files/given.html"


def test_an_id_that_no_line_has_is_refused_before_anything_is_asked(site: Site, corpus: Path, run: Run) -> None:
    write(corpus, {"id": "a", "url": site.url("/a")})
    with pytest.raises(UnknownId, match="'b', 'c'"):
        run("a", "b", "c")
    assert site.asked == []


def test_a_folder_without_catalogue_is_refused(run: Run) -> None:
    with pytest.raises(CatalogueError, match=r"catalogue\.jsonl"):
        run()


# Interrupted


def test_a_part_of_what_the_catalogue_no_longer_has_is_forgotten(site: Site, corpus: Path, run: Run) -> None:
    write(corpus, {"id": "a.b", "url": site.url("/a")}, {"id": "c", "url": site.url("/c")})
    site.answer("/a", Reply(body=PDF, cut=100, headers={"ETag": '"p"'}))
    site.answer("/c", Reply(body=PDF, cut=100, headers={"ETag": '"p"'}))
    run()
    assert {"a.b.part", "c.part"} < set(leftovers(corpus))
    write(corpus, {"id": "a.b", "url": site.url("/a")})
    run()
    assert leftovers(corpus) == sorted([*KEPT, "a.b.part", "a.b.part.json"])


def test_a_second_fetch_in_the_same_corpus_is_refused(site: Site, corpus: Path, run: Run) -> None:
    write(corpus, {"id": "a", "url": site.url("/a")})
    with only_fetcher(corpus), pytest.raises(FetchError, match="another fetch is running there"):
        run()
    assert site.asked == []


def test_killed_in_the_middle_what_is_finished_stays_and_the_rest_is_gone_on_with(
    site: Site, corpus: Path, run: Run
) -> None:
    write(corpus, {"id": "a", "url": site.url("/a")}, {"id": "b", "url": site.url("/b")})
    reached = threading.Event()

    def half(asked: Asked) -> Reply:
        if (start := asked.headers.get("range", "")) and asked.headers["if-range"] == '"p"':
            offset = int(start.removeprefix("bytes=").removesuffix("-"))
            said = {"ETag": '"p"', "Content-Range": f"bytes {offset}-{len(PDF) - 1}/{len(PDF)}"}
            return Reply(status=206, body=PDF[offset:], headers=said)
        reached.set()
        return Reply(body=PDF[:3000], length=len(PDF), hang="body", headers={"ETag": '"p"'})

    site.answer("/a", Reply(body=PAGE))
    site.answer("/b", half)
    program = (
        "import argparse, pathlib, sys; from ingest.fetch.cli import run_fetch; "
        "run_fetch(argparse.Namespace(corpus=pathlib.Path(sys.argv[1]), ids=[]))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(corpus)],
        cwd=ROOT,
        env={**os.environ, "FETCH_CONTACT": "veille@example.org", "FETCH_ALLOW_PRIVATE": site.host, "FETCH_DELAY": "0"},
    )
    part = corpus / ".fetch/b.part"
    assert reached.wait(timeout=60)
    until = real_time.monotonic() + 30
    while not (part.exists() and part.stat().st_size) and real_time.monotonic() < until:
        real_time.sleep(0.01)
    arrived = part.stat().st_size
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert arrived == 3000
    assert line(corpus)["file"] == "files/a.html"
    assert not (corpus / "files/b.pdf").exists()

    assert run()["b"].status is Status.FETCHED

    assert (corpus / "files/b.pdf").read_bytes() == PDF
    assert site.asked[-1].headers["range"] == "bytes=3000-"
    assert leftovers(corpus) == KEPT
