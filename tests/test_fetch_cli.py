"""`python -m ingest fetch` as an operator runs it: a process of its own, a corpus in a folder, a site on this machine."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.site import Asked, Reply, Site

ROOT = Path(__file__).resolve().parents[1]
PAGE = "<!DOCTYPE html><html><head><title>É</title></head><body><p>Un tiers-lieu à Rennes.</p></body></html>".encode()
PDF = b"%PDF-1.4\n" + b"%" * 3000 + b"\n%%EOF\n"

# A shell starts what runs in its background deaf to this signal, and these tests may run there.
INTERRUPTIBLE = """
import signal, sys
from ingest.cli import main
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


def corpus(folder: Path, *lines: dict[str, object]) -> Path:
    whole = ({"title": "Titre", "publisher": "RTES"} | line for line in lines)
    (folder / "catalogue.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in whole), encoding="utf-8")
    return folder


def environment(site: Site, **settings: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FETCH_")}
    own = {"CONTACT": "editor@example.org", "ALLOW_PRIVATE": site.host, "DELAY": "0", "RETRIES": "0"}
    return kept | {f"FETCH_{name}": value for name, value in (own | settings).items()}


def run(site: Site, folder: Path, *ids: str, **settings: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ingest", "fetch", "--corpus", str(folder), *ids]
    return subprocess.run(
        command, cwd=ROOT, env=environment(site, **settings), capture_output=True, text=True, check=False, timeout=60
    )


def test_a_run_tells_each_publication_on_a_line_and_the_counts_at_the_end(site: Site, tmp_path: Path) -> None:
    folder = corpus(
        tmp_path,
        {"id": "page", "url": site.url("/page")},
        {"id": "guide", "url": site.url("/guide.pdf")},
        {"id": "old", "url": site.url("/old")},
        {"id": "hidden", "url": site.url("/hidden"), "access": "proposed"},
        {"id": "fixed", "file": "files/fixed.txt"},
    )
    site.answer("/page", Reply(body=PAGE))
    site.answer("/guide.pdf", Reply(body=PDF))

    ran = run(site, folder)

    lines = ran.stdout.splitlines()
    assert (ran.returncode, ran.stderr) == (0, "")
    assert [line.split(":")[0] for line in lines[:-1]] == [
        "fetched     page",
        "fetched     guide",
        "gone        old",
        "left alone  hidden",
        "left alone  fixed",
    ]
    assert lines[-1] == "2 fetched, 1 gone, 2 left alone"
    assert (folder / "files" / "page.html").read_bytes() == PAGE
    assert (folder / "files" / "guide.pdf").read_bytes() == PDF
    assert "/hidden" not in site.paths()


def test_a_second_run_over_what_has_not_changed_leaves_every_byte(site: Site, tmp_path: Path) -> None:
    def page(asked: Asked) -> Reply:
        return (
            Reply(status=304)
            if asked.headers.get("if-none-match") == '"1"'
            else Reply(body=PAGE, headers={"ETag": '"1"'})
        )

    folder = corpus(tmp_path, {"id": "page", "url": site.url("/page")})
    site.answer("/page", page)
    run(site, folder)
    before = (folder / "catalogue.jsonl").stat()

    ran = run(site, folder)

    after = (folder / "catalogue.jsonl").stat()
    assert ran.stdout.splitlines()[-1] == "1 unchanged"
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_named_ids_are_fetched_and_no_others(site: Site, tmp_path: Path) -> None:
    folder = corpus(tmp_path, {"id": "a", "url": site.url("/a")}, {"id": "b", "url": site.url("/b")})
    site.answer("/b", Reply(body=PAGE))

    ran = run(site, folder, "b")

    assert ran.returncode == 0
    assert site.paths() == ["/b"]
    line = json.loads((folder / "catalogue.jsonl").read_text(encoding="utf-8").splitlines()[1])
    assert line["sha256"] == hashlib.sha256(PAGE).hexdigest()


def test_what_fails_is_told_with_its_reason_and_the_others_are_fetched(site: Site, tmp_path: Path) -> None:
    folder = corpus(
        tmp_path,
        {"id": "broken", "url": site.url("/broken?token=secret")},
        {"id": "page", "url": site.url("/page")},
        {"id": "bad", "url": "not an address"},
    )
    site.answer("/broken?token=secret", Reply(status=500))
    site.answer("/page", Reply(body=PAGE))

    ran = run(site, folder)

    assert ran.returncode == 1
    assert f"failed      broken: {site.url('/broken')}?... answers 500" in ran.stdout
    assert "fetched     page" in ran.stdout
    assert "failed      bad: " in ran.stdout
    assert "secret" not in ran.stdout + ran.stderr


@pytest.mark.parametrize(
    ("ids", "settings", "said"),
    [
        ([], {"CONTACT": ""}, "FETCH_CONTACT is not set: sites must be able to reach whoever fetches from them"),
        ([], {"CONTACT": "personne"}, "FETCH_CONTACT is 'personne', expected an e-mail or web address"),
        ([], {"DELAY": "soon"}, "FETCH_DELAY: "),
        (["nobody"], {}, "no good line of the catalogue has the id 'nobody'"),
        (["--colour"], {}, "unrecognized arguments: --colour"),
    ],
)
def test_wrong_usage_asks_no_site_and_ends_with_2(
    site: Site, tmp_path: Path, ids: list[str], settings: dict[str, str], said: str
) -> None:
    folder = corpus(tmp_path, {"id": "page", "url": site.url("/page")})

    ran = run(site, folder, *ids, **settings)

    assert ran.returncode == 2
    assert said in ran.stderr
    assert site.asked == []


def test_without_a_catalogue_nothing_can_be_fetched(site: Site, tmp_path: Path) -> None:
    ran = run(site, tmp_path)

    assert ran.returncode == 1
    assert f"error: {tmp_path}/catalogue.jsonl: No such file" in ran.stderr


def test_a_private_address_is_refused_unless_the_operator_allows_it(site: Site, tmp_path: Path) -> None:
    folder = corpus(tmp_path, {"id": "page", "url": site.url("/page")})

    ran = run(site, folder, ALLOW_PRIVATE="")

    assert ran.returncode == 1
    assert "127.0.0.1 is not public" in ran.stdout
    assert site.asked == []


def test_the_proxies_of_the_environment_are_not_used(site: Site, tmp_path: Path) -> None:
    folder = corpus(tmp_path, {"id": "page", "url": site.url("/page")})
    site.answer("/page", Reply(body=PAGE))
    command = [sys.executable, "-m", "ingest", "fetch", "--corpus", str(folder)]
    nowhere = dict.fromkeys(("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"), "http://127.0.0.1:9")

    ran = subprocess.run(command, cwd=ROOT, env=environment(site) | nowhere, check=False, timeout=60)

    assert ran.returncode == 0
    assert site.paths() == ["/page"]


def test_a_run_that_is_interrupted_keeps_what_is_finished_and_says_so(site: Site, tmp_path: Path) -> None:
    folder = corpus(tmp_path, {"id": "page", "url": site.url("/page")}, {"id": "slow", "url": site.url("/slow")})
    site.answer("/page", Reply(body=PAGE))
    site.answer("/slow", Reply(body=PDF, length=5000, hang="body", headers={"ETag": '"1"'}))
    command = [sys.executable, "-c", INTERRUPTIBLE, "fetch", "--corpus", str(folder)]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment(site), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    until = time.monotonic() + 60
    while "/slow" not in site.paths() and time.monotonic() < until:
        time.sleep(0.01)

    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)

    assert process.returncode == 1
    assert out.startswith("fetched     page")
    assert err == "interrupted: what is finished stays, the rest is gone on with next time\n"
    lines = [json.loads(line) for line in (folder / "catalogue.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line.get("file") for line in lines] == ["files/page.html", None]


def test_two_runs_at_once_in_a_corpus_do_not_disturb_each_other(site: Site, tmp_path: Path) -> None:
    folder = corpus(tmp_path, {"id": "slow", "url": site.url("/slow")})
    site.answer("/slow", Reply(hang="head"), Reply(body=PDF))
    command = [sys.executable, "-m", "ingest", "fetch", "--corpus", str(folder)]
    first = subprocess.Popen(command, cwd=ROOT, env=environment(site), stdout=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while not site.paths() and time.monotonic() < until:
        time.sleep(0.01)

    second = run(site, folder)

    first.kill()
    first.wait()
    assert second.returncode == 1
    assert "another fetch is running there" in second.stderr
    assert site.paths() == ["/slow"]
    assert run(site, folder).returncode == 0  # the lock went with the process
