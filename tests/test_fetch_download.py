"""Downloads against a site that breaks off, lies and changes its mind; no test waits, and each file is a real one."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.fetch.client import Client
from ingest.fetch.download import Received, discard, download, usable
from ingest.fetch.errors import FetchError
from ingest.fetch.manners import Clock
from ingest.settings import FetchSettings
from tests.site import Asked, Reply, Site
from tests.tools import needs

ROOT = Path(__file__).resolve().parents[1]
BODY = bytes(range(256)) * 40
TAG = {"ETag": '"one"'}
DATED = {"Last-Modified": "Mon, 05 Jan 2026 10:00:00 GMT", "Date": "Mon, 05 Jan 2026 10:05:00 GMT"}


class Waits:
    """A clock on which waiting takes no time, and that remembers how long it was to wait."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    @property
    def clock(self) -> Clock:
        return Clock(sleep=self.sleep, now=lambda: datetime(2026, 1, 5, 12, tzinfo=UTC))


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture
def part(tmp_path: Path) -> Path:
    return tmp_path / "guide.part"


def fetch(site: Site, part: Path, path: str = "/guide", *, retries: int = 3, **conditions: str) -> Received:
    settings = FetchSettings(
        contact="editor@example.org", allow_private=site.host, delay=0, max_bytes=20_000, retries=retries
    )
    named = {name.replace("_", "-"): value for name, value in conditions.items()}
    with Client(settings, clock=Waits().clock) as client:
        return download(client, site.url(path), part, conditions=named)


def ranged(asked: Asked, *, body: bytes = BODY, tag: str = '"one"') -> Reply:
    """What a server that knows ranges answers: the rest of these bytes, or all of them."""
    wanted = asked.headers.get("range")
    if wanted is None or asked.headers.get("if-range") != tag:
        return Reply(body=body, headers={"ETag": tag})
    start = int(wanted.removeprefix("bytes=").removesuffix("-"))
    if start >= len(body):
        return Reply(status=416, headers={"Content-Range": f"bytes */{len(body)}"})
    span = f"bytes {start}-{len(body) - 1}/{len(body)}"
    return Reply(status=206, body=body[start:], headers={"ETag": tag, "Content-Range": span})


def left(part: Path) -> list[str]:
    return sorted(entry.name for entry in part.parent.iterdir())


def ranges(site: Site) -> list[str | None]:
    return [asked.headers.get("range") for asked in site.asked if asked.path != "/robots.txt"]


def test_what_was_answered_is_in_the_file_and_named(site: Site, part: Path) -> None:
    site.answer("/guide", Reply(body=BODY, headers=TAG | DATED | {"Content-Type": "application/pdf"}))

    received = fetch(site, part)

    assert part.read_bytes() == BODY
    assert received == Received(
        url=site.url("/guide"),
        status=200,
        media_type="application/pdf",
        etag='"one"',
        last_modified="Mon, 05 Jan 2026 10:00:00 GMT",
    )


def test_what_breaks_off_is_gone_on_with_from_there(site: Site, part: Path) -> None:
    site.answer("/guide", Reply(body=BODY, headers=TAG, cut=1000), ranged)

    assert fetch(site, part).status == 200

    assert part.read_bytes() == BODY
    assert ranges(site) == [None, "bytes=1000-"]
    assert site.asked[-1].headers["if-range"] == '"one"'


def test_what_broke_off_in_an_earlier_run_is_gone_on_with(site: Site, part: Path) -> None:
    site.answer("/guide", Reply(body=BODY, headers=TAG, cut=3000), ranged)
    with pytest.raises(FetchError, match="the connection broke"):
        fetch(site, part, retries=0)

    fetch(site, part)

    assert part.read_bytes() == BODY
    assert ranges(site) == [None, "bytes=3000-"]


def test_an_old_date_serves_where_there_is_no_tag(site: Site, part: Path) -> None:
    site.answer("/guide", Reply(body=BODY, headers=DATED, cut=1000), Reply(body=BODY))

    fetch(site, part)

    assert site.asked[-1].headers["if-range"] == DATED["Last-Modified"]
    assert part.read_bytes() == BODY


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"ETag": 'W/"one"'},
        {"ETag": 'W/"one"'} | DATED,
        {"Last-Modified": "Mon, 05 Jan 2026 10:04:30 GMT", "Date": "Mon, 05 Jan 2026 10:05:00 GMT"},
        {"Last-Modified": "yesterday", "Date": "today"},
        {"Last-Modified": "Mon, 05 Jan 99999999999999 10:00:00 GMT", "Date": "Mon, 05 Jan 2026 10:05:00 -0000"},
        {"Last-Modified": "Mon, 05 Jan 2026 10:00:00 -0000", "Date": "Mon, 05 Jan 2026 10:05:00 GMT"},
    ],
)
def test_bytes_that_cannot_be_known_again_are_asked_for_anew(site: Site, part: Path, headers: dict[str, str]) -> None:
    site.answer("/guide", Reply(body=b"other" * 1000, headers=headers, cut=1000), Reply(body=BODY))

    fetch(site, part)

    assert ranges(site) == [None, None]
    assert part.read_bytes() == BODY


def test_encoded_bytes_are_not_gone_on_with(site: Site, part: Path) -> None:
    packed = gzip.compress(os.urandom(5000))
    site.answer("/guide", Reply(body=packed, headers=TAG | {"Content-Encoding": "gzip"}, cut=2000), Reply(body=BODY))

    fetch(site, part)

    assert ranges(site) == [None, None]
    assert part.read_bytes() == BODY


def test_a_file_that_changed_meanwhile_is_fetched_anew(site: Site, part: Path) -> None:
    new = b"new" * 2000
    site.answer("/guide", Reply(body=BODY, headers=TAG, cut=1000), lambda asked: ranged(asked, body=new, tag='"two"'))

    received = fetch(site, part)

    assert part.read_bytes() == new
    assert received.etag == '"two"'


@pytest.mark.parametrize(
    "rest",
    [
        Reply(status=416),
        Reply(status=206, body=BODY[1000:]),
        Reply(status=206, body=BODY[900:], headers={"Content-Range": f"bytes 900-{len(BODY) - 1}/{len(BODY)}"}),
        Reply(status=206, body=BODY[900:10_140], headers={"Content-Range": "bytes 900-10139/10240"}),
        Reply(status=206, body=BODY[1000:], headers={"Content-Range": "bytes 1000-/*"}),
        Reply(status=206, body=b"x" * 9240, headers={"ETag": '"two"', "Content-Range": "bytes 1000-10239/10240"}),
        Reply(
            status=206, body=b"x" * 9240, headers={"Content-Encoding": "gzip", "Content-Range": "bytes 1000-1/10240"}
        ),
        Reply(status=206, body=b"x" * 9240, headers={"ETag": '"one"', "Content-Range": "bytes 1000-10239/9000"}),
    ],
)
def test_a_rest_that_is_not_the_one_asked_for_spoils_nothing(site: Site, part: Path, rest: Reply) -> None:
    site.answer("/guide", Reply(body=BODY, headers=TAG, cut=1000), rest, Reply(body=BODY, headers=TAG))

    fetch(site, part)

    assert part.read_bytes() == BODY
    assert ranges(site) == [None, "bytes=1000-", None]


def test_a_site_that_gives_the_rest_in_morsels_is_asked_until_it_is_whole(site: Site, part: Path) -> None:
    def morsel(asked: Asked) -> Reply:
        start = int(asked.headers["range"].removeprefix("bytes=").removesuffix("-"))
        span = f"bytes {start}-{start + 4619}/{len(BODY)}"
        return Reply(status=206, body=BODY[start : start + 4620], headers=TAG | {"Content-Range": span})

    site.answer("/guide", Reply(body=BODY, headers=TAG, cut=1000), morsel)

    fetch(site, part)

    assert part.read_bytes() == BODY
    assert ranges(site) == [None, "bytes=1000-", "bytes=5620-"]


def test_bytes_of_another_address_are_not_gone_on_with(site: Site, part: Path) -> None:
    site.answer("/old", Reply(body=b"old" * 1000, headers=TAG, cut=1000))
    site.answer("/guide", Reply(body=BODY, headers=TAG))
    with pytest.raises(FetchError):
        fetch(site, part, "/old", retries=0)

    fetch(site, part)

    assert part.read_bytes() == BODY
    assert site.asked[-1].headers.get("range") is None


@pytest.mark.parametrize("note", ["", "[]", '{"url": 3}', "\x00", '{"validator": "\\n"}'])
def test_a_damaged_note_means_to_begin_anew(site: Site, part: Path, note: str) -> None:
    part.write_bytes(b"something")
    part.with_name("guide.part.json").write_text(
        note.replace('"validator"', f'"url": "{site.url("/guide")}", "validator"')
    )
    site.answer("/guide", Reply(body=BODY))

    fetch(site, part)

    assert ranges(site) == [None]
    assert part.read_bytes() == BODY


def test_conditions_are_sent_and_nothing_is_kept_of_what_has_not_changed(site: Site, part: Path) -> None:
    part.write_bytes(b"of an earlier run")
    site.answer("/guide", Reply(status=304))

    received = fetch(site, part, If_None_Match='"one"', If_Modified_Since=DATED["Last-Modified"])

    assert received.status == 304
    assert site.asked[-1].headers["if-none-match"] == '"one"'
    assert site.asked[-1].headers["if-modified-since"] == DATED["Last-Modified"]
    assert left(part) == []


@pytest.mark.parametrize("status", [204, 206, 401, 403, 404, 410, 416])
def test_another_status_is_given_as_it_is_and_its_body_is_not_kept(site: Site, part: Path, status: int) -> None:
    site.answer("/guide", Reply(status=status, body=b"" if status == 204 else b"<p>Introuvable</p>"))

    assert fetch(site, part).status == status
    assert left(part) == []


def endless(piece: bytes, pieces: int) -> Iterator[bytes]:
    for _ in range(pieces):
        yield piece


def test_two_gigabytes_that_are_declared_are_refused_before_they_come(site: Site, part: Path) -> None:
    site.answer("/guide", Reply(body=b"x" * 10, length=2_000_000_000, headers=TAG))

    with pytest.raises(FetchError, match="declares 2,000,000,000 bytes, more than 20,000 are not fetched"):
        fetch(site, part)

    assert left(part) == []
    assert len(ranges(site)) == 1


def test_two_gigabytes_that_are_not_declared_are_left_soon_after_the_limit(site: Site, part: Path) -> None:
    site.answer("/guide", Reply(body=endless(b"x" * 100_000, 20_000), headers=TAG))

    with pytest.raises(FetchError, match="goes on after 20,000 bytes"):
        fetch(site, part)

    assert left(part) == []
    assert site.sent < 50_000_000  # what fits into the sockets' buffers, not 2 GB


def test_a_gzip_bomb_is_left_when_it_passes_the_limit(site: Site, part: Path) -> None:
    bomb = gzip.compress(bytes(50_000_000))
    site.answer("/guide", Reply(body=bomb, headers={"Content-Encoding": "gzip"}))

    with pytest.raises(FetchError, match=r"(declares|goes on after) [0-9,]+ bytes"):
        fetch(site, part)

    assert left(part) == []


def test_a_rest_that_makes_the_whole_too_large_is_refused(site: Site, part: Path) -> None:
    span = {"Content-Range": "bytes 15000-24999/25000"}
    site.answer(
        "/guide",
        Reply(body=b"x" * 16_000, headers=TAG, cut=15_000),
        Reply(status=206, body=b"x" * 10_000, headers=TAG | span),
    )

    with pytest.raises(FetchError, match="declares 25,000 bytes"):
        fetch(site, part)

    assert left(part) == []


def test_a_body_shorter_than_declared_is_never_taken_for_whole(site: Site, part: Path) -> None:
    site.answer("/guide", Reply(body=BODY, length=len(BODY) + 1, cut=len(BODY)))

    with pytest.raises(FetchError, match="the connection broke"):
        fetch(site, part)


def test_a_folder_that_is_not_there_is_named(site: Site, tmp_path: Path) -> None:
    site.answer("/guide", Reply(body=BODY))

    with pytest.raises(FetchError, match=r"nowhere/guide.part: not written: No such file"):
        fetch(site, tmp_path / "nowhere" / "guide.part")


@needs("/dev/full", "none: a device of Linux")
def test_a_full_disk_is_named_and_the_download_given_up(site: Site, part: Path) -> None:
    part.symlink_to("/dev/full")
    site.answer("/guide", Reply(body=BODY))

    with pytest.raises(FetchError, match=r"guide.part: not written: No space left on device"):
        fetch(site, part)

    assert left(part) == []


TOO_LARGE = """
import resource, sys
from pathlib import Path
from ingest.fetch.client import Client
from ingest.fetch.download import download
from ingest.fetch.errors import FetchError
from ingest.settings import FetchSettings

url, host, part = sys.argv[1:]
resource.setrlimit(resource.RLIMIT_FSIZE, (6000, 6000))
with Client(FetchSettings(contact="editor@example.org", allow_private=host, delay=0)) as client:
    try:
        download(client, url, Path(part), conditions={})
    except FetchError as error:
        print(error)
"""


def test_a_disk_that_takes_only_a_part_of_the_last_bytes_is_noticed(site: Site, part: Path) -> None:
    site.answer("/guide", Reply(body=BODY))
    arguments = [sys.executable, "-c", TOO_LARGE, site.url("/guide"), site.host, str(part)]

    ran = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)

    assert "guide.part: not written: File too large" in ran.stdout
    assert left(part) == []


DOWNLOAD = """
import sys
from pathlib import Path
from ingest.fetch.client import Client
from ingest.fetch.download import download
from ingest.settings import FetchSettings

url, host, part = sys.argv[1:]
with Client(FetchSettings(contact="editor@example.org", allow_private=host, delay=0)) as client:
    download(client, url, Path(part), conditions={})
"""


def test_what_had_arrived_when_the_process_was_killed_is_not_asked_for_again(site: Site, part: Path) -> None:
    site.answer("/guide", Reply(body=BODY, length=len(BODY), cut=5000, headers=TAG, hang="body"), ranged)
    arguments = [sys.executable, "-c", DOWNLOAD, site.url("/guide"), site.host, str(part)]
    process = subprocess.Popen(arguments, cwd=ROOT)
    until = time.monotonic() + 60
    while not (part.exists() and part.stat().st_size) and time.monotonic() < until:
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    arrived = part.stat().st_size
    assert arrived == 5000
    assert json.loads(part.with_name("guide.part.json").read_text())["validator"] == '"one"'

    fetch(site, part)

    assert part.read_bytes() == BODY
    assert site.asked[-1].headers["range"] == f"bytes={arrived}-"


def test_nothing_is_left_of_a_part_that_is_discarded(part: Path) -> None:
    part.write_bytes(b"x")
    part.with_name("guide.part.json").write_text("{}")

    discard(part)
    discard(part)

    assert left(part) == []


@pytest.mark.parametrize("value", ["", " a", "a\n", "a\r\nHost: b", "é", "a" * 501, None, 3])
def test_a_value_that_no_header_may_carry_is_not_usable(value: object) -> None:
    assert usable(value) is None


@pytest.mark.parametrize("value", ['"one"', 'W/"1-2"', "Mon, 05 Jan 2026 10:00:00 GMT", "x"])
def test_tags_and_dates_are_usable(value: str) -> None:
    assert usable(value) == value
