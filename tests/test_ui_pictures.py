"""Pictures of pages: drawn once, kept within bounds, never of another file than the one that was indexed."""

from __future__ import annotations

import hashlib
import logging
import os
import threading
from pathlib import Path

import pytest

from ingest.document import Box, Publication
from ingest.pdf.packed import PagePicture, pack
from tests.pdfs import Page, bomb, column, encrypted, pdf_of
from ui.picture_cache import PictureCache
from ui.pictures import MAX_PAGE, Bounds, Pictures, is_pdf

DATA = pdf_of(Page(texts=column(["Le foncier est rare."])), Page())
PATIENT = Bounds(processor_seconds=60, clock_seconds=120.0)  # a slow machine fails no test


def publication(file: str | None = "a.pdf", data: bytes = DATA, **facts: str) -> Publication:
    known = {"id": "b", "title": "t", "publisher": "p", "sha256": hashlib.sha256(data).hexdigest()}
    return Publication(**known | facts, file=file)  # type: ignore[arg-type]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "a.pdf").write_bytes(DATA)
    return folder


@pytest.fixture
def pictures(corpus: Path, tmp_path: Path) -> Pictures:
    return Pictures(corpus, PictureCache(tmp_path / "cache", 10_000_000), PATIENT)


def kept(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in (tmp_path / "cache").glob("*"))


def test_a_page_is_drawn_once_and_then_kept_though_its_file_goes(
    pictures: Pictures, corpus: Path, tmp_path: Path
) -> None:
    first = pictures.page(publication(), 1)
    assert first is not None
    assert [word.text for word in first.words] == ["Le", "foncier", "est", "rare."]
    (corpus / "a.pdf").unlink()
    assert pictures.page(publication(), 1) == first
    assert pictures.page(publication(), 2) is None
    assert len(kept(tmp_path)) == 1


def test_what_is_painted_over_is_another_picture(pictures: Pictures, tmp_path: Path) -> None:
    bare, masked = pictures.page(publication(), 1), pictures.page(publication(), 1, [Box(50, 80, 200, 110)])
    assert bare is not None
    assert masked is not None
    assert bare.webp != masked.webp
    assert len(kept(tmp_path)) == 2


@pytest.mark.parametrize("number", [0, -1, 3, MAX_PAGE + 1, 999_999])
def test_a_page_that_is_not_there_has_no_picture(pictures: Pictures, tmp_path: Path, number: int) -> None:
    assert pictures.page(publication(), number) is None
    assert kept(tmp_path) == []


@pytest.mark.parametrize(
    "name",
    ["../secret.pdf", "out.pdf", "loop.pdf", "pipe.pdf", "folder.pdf", "gone.pdf", "a.pdf/x.pdf", "\0.pdf",
     "x" * 5000 + ".pdf"],
)  # fmt: skip
def test_nothing_but_a_plain_file_of_the_corpus_is_opened(
    pictures: Pictures, corpus: Path, tmp_path: Path, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "secret.pdf").write_bytes(DATA)
    (corpus / "out.pdf").symlink_to(tmp_path / "secret.pdf")
    (corpus / "loop.pdf").symlink_to(corpus / "loop.pdf")
    os.mkfifo(corpus / "pipe.pdf")
    (corpus / "folder.pdf").mkdir()
    with caplog.at_level(logging.WARNING):
        assert pictures.page(publication(name), 1) is None
    assert "b, page 1: no picture: " in caplog.text
    assert kept(tmp_path) == []


def test_a_link_inside_the_corpus_is_followed(pictures: Pictures, corpus: Path) -> None:
    (corpus / "link.pdf").symlink_to(corpus / "a.pdf")
    assert pictures.page(publication("link.pdf"), 1) is not None


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"", "expected %PDF-"), (DATA[:300], "cut off"), (encrypted(DATA, opens_with="x"), "password")],
)  # fmt: skip
def test_a_file_that_cannot_be_drawn_is_told_in_the_log(
    pictures: Pictures, corpus: Path, data: bytes, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    (corpus / "a.pdf").write_bytes(data)
    with caplog.at_level(logging.WARNING):
        assert pictures.page(publication(data=data), 1) is None
    assert reason in caplog.text


def test_a_file_that_was_replaced_since_it_was_indexed_is_not_shown(
    pictures: Pictures, corpus: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (corpus / "a.pdf").write_bytes(pdf_of(Page(texts=column(["Tout autre chose."]))))
    with caplog.at_level(logging.WARNING):
        assert pictures.page(publication(), 1) is None
    assert "was the file replaced?" in caplog.text


def test_a_build_that_tells_no_digest_has_no_pictures(pictures: Pictures) -> None:
    assert pictures.page(Publication(id="b", title="t", publisher="p", file="a.pdf"), 1) is None


def test_what_failed_is_not_tried_again_for_five_minutes(corpus: Path, tmp_path: Path) -> None:
    now = [1000.0]
    pictures = Pictures(corpus, PictureCache(tmp_path / "cache", 10_000_000), PATIENT, now=lambda: now[0])
    (corpus / "a.pdf").rename(corpus / "away.pdf")
    assert pictures.page(publication(), 1) is None
    (corpus / "away.pdf").rename(corpus / "a.pdf")
    now[0] += 299
    assert pictures.page(publication(), 1) is None
    now[0] += 2
    assert pictures.page(publication(), 1) is not None


def test_a_page_that_never_ends_is_given_up(corpus: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    data = bomb()
    (corpus / "a.pdf").write_bytes(data)
    for bounds in (Bounds(processor_seconds=1), Bounds(processor_seconds=60, clock_seconds=0.01)):
        pictures = Pictures(corpus, PictureCache(tmp_path / "cache", 10_000_000), bounds)
        with caplog.at_level(logging.WARNING):
            assert pictures.page(publication(data=data), 1) is None
    assert "its process ended with status -" in caplog.text
    assert "not drawn within 0.01 s" in caplog.text


def test_of_many_at_once_those_beyond_the_queue_get_none_and_it_is_told(
    pictures: Pictures, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    results: list[PagePicture | None] = []
    start = threading.Barrier(30)

    def ask() -> None:
        start.wait()
        results.append(pictures.page(publication(), 1))

    threads = [threading.Thread(target=ask) for _ in range(30)]
    with caplog.at_level(logging.WARNING):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert 1 <= sum(result is not None for result in results) <= 30
    assert len(results) == 30
    assert caplog.text.count("too many are waiting") == sum(result is None for result in results)
    assert len(kept(tmp_path)) == 1


@pytest.mark.parametrize(
    ("file", "media_type", "told"),
    [("a.pdf", None, True), ("A.PDF", None, True), ("a.txt", None, False), ("a", "application/pdf", True),
     ("a.pdf", "text/html", False), (None, None, False), (None, "application/pdf", False)],
)  # fmt: skip
def test_what_is_a_pdf_is_told_by_its_media_type_or_else_its_name(
    file: str | None, media_type: str | None, told: bool
) -> None:
    assert is_pdf(Publication(id="b", title="t", publisher="p", file=file, media_type=media_type)) is told


def packed(size: int) -> bytes:
    return pack(PagePicture(webp=b"RIFF....WEBP" + b"x" * size, width=1.0, height=1.0, words=()))


def test_the_cache_lets_go_what_was_unused_for_longest(tmp_path: Path) -> None:
    cache = PictureCache(tmp_path / "cache", 3500)
    keys = [f"{n:064x}" for n in range(4)]
    for age, key in enumerate(keys[:3]):
        cache.put(key, packed(1000))
        os.utime(tmp_path / "cache" / key, (1000 + age, 1000 + age))
    assert cache.get(keys[0]) is not None  # used now
    cache.put(keys[3], packed(1000))
    assert kept(tmp_path) == [keys[0], keys[2], keys[3]]


def test_a_damaged_entry_is_as_good_as_none_and_a_key_is_never_a_path(tmp_path: Path) -> None:
    cache = PictureCache(tmp_path / "cache", 10_000)
    cache.put("a" * 64, b"nonsense")
    assert cache.get("a" * 64) is None
    assert cache.get("b" * 64) is None
    for key in ("../x", "", "A" * 64, "a" * 63 + "/"):
        with pytest.raises(ValueError, match="no key of a picture"):
            cache.get(key)


def test_a_cache_that_cannot_be_written_to_costs_no_picture(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file, not a folder")
    pictures = Pictures(corpus, PictureCache(tmp_path / "cache", 10_000_000), PATIENT)
    assert pictures.page(publication(), 1) is not None
