"""A page as a picture: its size bounded whatever the page's, its words where they are seen, contacts painted over."""

from __future__ import annotations

import hashlib
import json
import signal
import subprocess
import sys
from io import BytesIO

import pytest
from PIL import Image

from ingest.document import Box
from ingest.errors import ReadError
from ingest.pdf.packed import pack, unpack
from ingest.pdf.picture import draw_page
from ingest.pdf.quoted import find_on_page
from ingest.programs import environment
from tests.pdfs import Page, Text, bomb, column, encrypted, pdf_of

LINES = ["La commune réserve du foncier aux structures de l'écono-", "mie sociale et solidaire."]


def image_of(webp: bytes) -> Image.Image:
    return Image.open(BytesIO(webp)).convert("RGB")


def darkest(image: Image.Image, box: Box, scale: float) -> int:
    """The darkest grey inside a box that is given in points; 255 is white."""
    left, top, right, bottom = (round(edge * scale) for edge in box)
    shades = image.convert("L").crop((left, top, right, bottom)).histogram()
    return next(shade for shade, count in enumerate(shades) if count)


def drawn_by_process(data: bytes, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "ingest.pdf.picture_process", *arguments]
    return subprocess.run(command, input=data, capture_output=True, env=environment(), check=False, timeout=120)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_words_are_where_the_picture_shows_them() -> None:
    picture = draw_page(pdf_of(Page(texts=column(LINES, x=60, y=100, size=20, leading=24))), 1)
    image = image_of(picture.webp)
    scale = image.width / picture.width
    found = find_on_page(picture.words, "réserve du foncier aux structures de l'économie")
    assert found.whole
    for box in found.boxes:
        assert darkest(image, box, scale) < 100
    assert darkest(image, Box(0, 0, 50, 842), scale) > 200


@pytest.mark.parametrize(
    ("width", "height"), [(595, 842), (14400, 14400), (20, 14400), (14400, 20), (3, 3), (595, 1_000_000)]
)
def test_a_picture_is_bounded_whatever_the_page(width: float, height: float) -> None:
    image = image_of(draw_page(pdf_of(Page(width=width, height=height)), 1).webp)
    assert image.width * image.height <= 4_100_000
    assert max(image.size) <= 8_100


def test_the_last_of_five_thousand_pages_is_drawn() -> None:
    pages = [Page() for _ in range(4999)]
    picture = draw_page(pdf_of(*pages, Page(texts=column(LINES))), 5000)
    assert find_on_page(picture.words, LINES[1]).whole


@pytest.mark.parametrize("number", [0, -1, 2, 999_999])
def test_a_page_that_is_not_there_is_refused(number: int) -> None:
    with pytest.raises(ReadError, match="there is no such page; expected 1 to 1"):
        draw_page(pdf_of(Page()), number)


def test_contacts_of_staff_are_painted_over_and_what_the_caller_names() -> None:
    texts = [Text(x=60, y=100, text="Contact : anne.martin@rtes.fr, 03 20 97 17 97", size=14),
             Text(x=60, y=200, text="Le foncier est rare.", size=14)]  # fmt: skip
    data = pdf_of(Page(texts=texts))
    picture = draw_page(data, 1)
    image, scale = image_of(picture.webp), 1400 / 595
    contacts = [word.box for word in picture.words if "@" in word.text or word.text.isdigit()]
    assert len(contacts) == 6
    assert all(darkest(image, box, scale) > 150 for box in contacts)
    said = find_on_page(picture.words, "Le foncier est rare").boxes[0]
    assert darkest(image, said, scale) < 100
    assert darkest(image_of(draw_page(data, 1, [said]).webp), said, scale) > 150


def test_a_picture_comes_back_from_its_bytes_and_nothing_else_does() -> None:
    picture = draw_page(pdf_of(Page(texts=column(LINES))), 1)
    again = unpack(pack(picture))
    assert (again.webp, again.width, again.height) == (picture.webp, picture.width, picture.height)
    assert [word.text for word in again.words] == [word.text for word in picture.words]
    for data in (b"", b"{}\nRIFF", b"x\n", pack(picture)[: -len(picture.webp)], b'{"words": [[1]]}\n' + picture.webp):
        with pytest.raises(ValueError):  # noqa: PT011 - whatever it says
            unpack(data)


def test_the_process_gives_the_picture_of_the_file_that_it_was_promised() -> None:
    data = pdf_of(Page(texts=column(LINES)))
    masks = json.dumps([Box(0, 0, 10, 10)])
    done = drawn_by_process(data, "1", sha256(data), "60", "1024", masks)
    assert done.returncode == 0, done.stderr
    assert unpack(done.stdout) == unpack(pack(draw_page(data, 1, [Box(0, 0, 10, 10)])))


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"", "expected %PDF-"), (b"<html><body>Erreur", "is a web page"), (pdf_of(Page())[:200], "cut off"),
     (encrypted(pdf_of(Page()), opens_with="x"), "needs a password")],
)  # fmt: skip
def test_the_process_refuses_what_is_no_pdf_in_one_line(data: bytes, reason: str) -> None:
    done = drawn_by_process(data, "1", sha256(data), "60", "1024")
    assert (done.returncode, done.stdout) == (1, b"")
    assert reason in done.stderr.decode()
    assert len(done.stderr.splitlines()) == 1


def test_the_process_draws_no_other_file_than_the_one_that_was_indexed() -> None:
    done = drawn_by_process(pdf_of(Page()), "1", sha256(b"another"), "60", "1024")
    assert done.returncode == 1
    assert "was the file replaced?" in done.stderr.decode()


def test_a_page_that_takes_too_long_ends_its_process() -> None:
    data = bomb()
    done = drawn_by_process(data, "1", sha256(data), "1", "1024")
    assert done.returncode in {-signal.SIGXCPU, -signal.SIGKILL}
