"""OCR of pages that the tests draw: what is read, where it stands, what is left out, and what is told when it cannot be."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from ingest.document import Box
from ingest.pdf.engine import open_pdf
from ingest.pdf.lines import Line, Word
from ingest.pdf.ocr import ocr_page
from ingest.pdf.ocr_lines import Seen, choose, grouped, without_marks
from ingest.repair.lexicon import Lexicon, default_lexicon
from tests.tools import needs

ROOT = Path(__file__).parent.parent
needs_tesseract = needs("tesseract", "tesseract-ocr, tesseract-ocr-fra")
PARAGRAPH = [
    "Les réseaux de chaleur distribuent une énergie",
    "renouvelable à l'échelle de la commune : ils coûtent",
    "moins cher que le gaz et créent 45 emplois en 2023.",
]


def pdf_page(drawing: str) -> bytes:
    """A PDF of one page of 400 by 300 points, its fonts without any file."""
    stream = drawing.encode("cp1252")
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 300]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    data, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj%s endobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return data + b"xref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        table,
        len(data),
    )


def written(lines: list[str], left: float, top: float, size: float = 12, colour: str = "0 0 0") -> str:
    shown = "".join(f"({line}) Tj T* " for line in lines)
    return f"BT /F {size} Tf {1.25 * size} TL {colour} rg 1 0 0 1 {left} {300 - top - size} Tm {shown}ET\n"


def panel(left: float, top: float, width: float, height: float, colour: str) -> str:
    return f"{colour} rg {left} {300 - top - height} {width} {height} re f\n"


def picture(drawing: str, dpi: float = 300) -> Image.Image:
    with open_pdf(pdf_page(drawing), "drawn.pdf") as pdf:
        image, _dpi = pdf.render(1, dpi)
    return image


def photograph(*, seed: int = 7) -> str:
    """Small coloured patches all over the page."""
    dice = random.Random(seed)  # noqa: S311 - the same marks every time
    return "".join(
        panel(dice.uniform(0, 390), dice.uniform(0, 290), dice.uniform(3, 40), dice.uniform(3, 25), colour)
        for colour in (f"{dice.random():.2f} {dice.random():.2f} {dice.random():.2f}" for _patch in range(300))
    )


def texts(lines: tuple[Line, ...]) -> list[str]:
    """The paragraphs."""
    numbers = list(dict.fromkeys(line.group for line in lines))
    return [" ".join(line.text for line in lines if line.group == number) for number in numbers]


@needs_tesseract
def test_a_paragraph_is_read_word_for_word_with_its_place_size_and_confidence() -> None:
    lines = ocr_page(picture(written(PARAGRAPH, 40, 60)), 3, 300)
    assert texts(lines) == [" ".join(PARAGRAPH)]
    assert {(line.page, line.ocr) for line in lines} == {(3, True)}
    first = lines[0].words[0]
    assert first.text == "Les"
    assert first.box.left == pytest.approx(40, abs=2)
    assert first.box.bottom == pytest.approx(72, abs=2)
    assert lines[0].size == pytest.approx(12, abs=1)
    assert all(word.confidence is not None and word.confidence > 50 for line in lines for word in line.words)


@needs_tesseract
def test_places_do_not_depend_on_the_resolution() -> None:
    fine = ocr_page(picture(written(PARAGRAPH, 40, 60)), 1, 300)
    coarse = ocr_page(picture(written(PARAGRAPH, 40, 60), 200), 1, 200)
    assert [line.text for line in fine] == [line.text for line in coarse]
    for one, other in zip(fine, coarse, strict=True):
        assert tuple(one.box) == pytest.approx(tuple(other.box), abs=1)


@needs_tesseract
def test_white_words_on_panels_over_a_photograph_come_out_panel_by_panel() -> None:
    left, right = (
        ["Après le chantier,", "les habitants auront", "une énergie stable."],
        ["Il s'agit des", "mêmes foreuses."],
    )
    drawing = photograph()
    drawing += panel(20, 80, 180, 120, "0.05 0.3 0.85") + written(left, 35, 105, 14, "1 1 1")
    drawing += panel(210, 90, 170, 90, "0 0.65 0.6") + written(right, 225, 108, 14, "1 1 1")
    read = texts(ocr_page(picture(drawing), 1, 300))
    assert " ".join(left) in read
    assert " ".join(right) in read


@needs_tesseract
def test_white_words_on_a_small_coloured_band_over_black_text_come_out_first() -> None:
    band = panel(30, 20, 200, 18, "0.1 0.6 0.3") + written(["Un service public local"], 36, 23, 11, "1 1 1")
    lines = ocr_page(picture(band + written(PARAGRAPH, 40, 60)), 1, 300)
    assert texts(lines) == ["Un service public local", " ".join(PARAGRAPH)]


@needs_tesseract
def test_columns_are_read_one_after_the_other() -> None:
    left = ["La collectivité choisit", "son mode de gestion", "et le fait connaître", "aux habitants."]
    right = ["Le comité de suivi", "se réunit deux fois", "par an avec toutes", "les associations."]
    lines = ocr_page(picture(written(left, 30, 60) + written(right, 220, 60)), 1, 300)
    assert texts(lines) == [" ".join(left), " ".join(right)]


@needs_tesseract
def test_a_photograph_or_a_blank_page_gives_no_words() -> None:
    assert ocr_page(picture(photograph()), 1, 300) == ()
    assert ocr_page(picture(""), 1, 300) == ()


def run_with(folder: Path, *, seconds: float = 60) -> str:
    """What OCR of a white page says when programs are looked for in `folder` alone."""
    program = (
        "from PIL import Image\nfrom ingest.pdf.ocr import ocr_page\nfrom ingest.errors import ReadError\n"
        "try:\n    ocr_page(Image.new('L', (60, 60), 255), 4, 300, seconds=" + str(seconds) + ")\n"
        "except ReadError as error:\n    print(type(error).__name__, error)\n"
    )
    environment = {**os.environ, "PATH": str(folder), "PYTHONPATH": str(ROOT)}
    run = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    return run.stdout.strip()


def program_in(folder: Path, languages: str, action: str, version: str = "5.3.0") -> Path:
    """A program that answers as tesseract does, knows `languages`, and does `action` when it is to read."""
    script = folder / "tesseract"
    answers = f"--version) echo 'tesseract {version}';; --list-langs) printf '{languages}';; *) {action};;"
    script.write_text(f"#!/bin/sh\ncase $1 in {answers} esac\n", encoding="utf-8")
    script.chmod(0o755)
    return folder


def test_without_tesseract_the_packages_to_install_are_named(tmp_path: Path) -> None:
    assert run_with(tmp_path) == (
        "OcrMissing tesseract is not installed (install the Debian packages tesseract-ocr and tesseract-ocr-fra)"
    )


def test_without_its_french_data_the_languages_there_are_are_named(tmp_path: Path) -> None:
    said = run_with(program_in(tmp_path, "List of languages:\\neng\\nosd\\n", "exit 1"))
    assert said.startswith("OcrMissing tesseract has no data for French, only eng, osd (install")


def test_a_program_of_that_name_that_is_no_tesseract_is_refused_and_does_not_end_the_build(tmp_path: Path) -> None:
    said = run_with(program_in(tmp_path, "List:\\nfra\\n", "exit 1", version="of another kind"))
    assert said.startswith("OcrMissing tesseract cannot be used: Invalid tesseract version")


def test_a_reading_of_which_no_file_is_left_is_told_with_the_page(tmp_path: Path) -> None:
    said = run_with(program_in(tmp_path, "List:\\nfra\\n", "exit 0"))
    assert said.startswith("ReadError page 4: tesseract left no reading: [Errno 2]")


def test_a_page_on_which_tesseract_fails_is_named(tmp_path: Path) -> None:
    said = run_with(program_in(tmp_path, "List:\\nfra\\n", "echo broken >&2; exit 3"))
    assert said == "ReadError page 4: tesseract failed with status 3: broken"


def test_a_page_that_takes_too_long_is_stopped_and_named(tmp_path: Path) -> None:
    said = run_with(program_in(tmp_path, "List:\\nfra\\n", "exec /bin/sleep 30"), seconds=1)
    assert said == "ReadError page 4: tesseract was stopped after 1 s (Tesseract process timeout)"


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return default_lexicon()


def seen(text: str, *confidences: float, left: float = 0, top: float = 0, block: int = 1) -> Seen:
    """A line of words set in 10 points, in a reading's block."""
    words, edge = [], left
    for word, confidence in zip(text.split(), confidences or (95,) * len(text.split()), strict=True):
        rise = 7.3 if any(letter.isupper() or letter.isdigit() or letter in "bdfhkltéê" for letter in word) else 5.3
        fall = 2.1 if any(letter in "gjpqyç," for letter in word) else 0
        box = Box(edge, top + 7.3 - rise, edge + 6 * len(word), top + 7.3 + fall)
        words.append(Word(text=word, box=box, size=rise + fall, confidence=confidence))
        edge = box.right + 4
    return Seen(words=tuple(words), paragraph=(0, block, 1))


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        (seen("| le réseau de chaleur ~", 60, 95, 96, 95, 96, 70), ["le réseau de chaleur"]),
        (seen("avec Champignuy en 2023", 95, 36, 95, 93), ["avec Champignuy en 2023"]),
        (seen("RME | À €", 86, 76, 81, 70), []),
        (seen("e range LE e sa Le", 68, 30, 39, 68, 19, 49), []),
        (seen("ap, da 17", 11, 37, 61), []),
        (seen("12 500 €", 92, 91, 90), ["12 500 €"]),
    ],
)
def test_marks_are_left_out_and_unsure_words_of_a_line_of_text_stay(
    line: Seen, kept: list[str], lexicon: Lexicon
) -> None:
    assert [" ".join(word.text for word in left.words) for left in without_marks([line], lexicon)] == kept


def test_a_name_alone_on_the_last_line_of_a_paragraph_stays(lexicon: Lexicon) -> None:
    lines = [
        seen("visite sur le forage de"),
        seen("Champigny !", 38, 92, top=12),
        seen("Champigny !", 38, 92, top=90, block=2),
    ]
    assert [(line.paragraph[1], line.words[0].text) for line in without_marks(lines, lexicon)] == [
        (1, "visite"),
        (1, "Champigny"),
    ]


def test_where_two_readings_overlap_the_surer_one_stays_and_the_rest_of_both() -> None:
    one = [seen("forage atteint vingt"), seen("et ll sagit", 33, 60, 60, top=30)]
    other = [seen("et il agit", 90, 90, 90, top=30), seen("au pied de la tour", top=60)]
    assert [" ".join(word.text for word in line.words) for line in choose(one, other)] == [
        "forage atteint vingt",
        "et il agit",
        "au pied de la tour",
    ]


def test_a_paragraph_ends_with_a_full_stop_before_another_block_but_not_in_the_middle_of_a_sentence() -> None:
    lines = [seen("chauffage et"), seen("commune unie.", top=12, block=2), seen("Nouvelle idée", top=24, block=3)]
    assert texts(grouped(lines, 1)) == ["chauffage et commune unie.", "Nouvelle idée"]


def test_of_two_panels_side_by_side_the_left_one_comes_first_even_if_it_begins_lower() -> None:
    right = [seen("merci à la cheffe", left=200), seen("du service externe", left=200, top=12)]
    left = [seen("toute une équipe", top=5, block=2), seen("en visite", top=17, block=2)]
    under = [seen("et voilà", left=10, top=90, block=3)]
    assert texts(grouped([*right, *left, *under], 1)) == [
        "toute une équipe en visite",
        "merci à la cheffe du service externe",
        "et voilà",
    ]


def test_a_large_figure_is_apart_from_the_words_beside_it_and_a_small_one_is_not(lexicon: Lexicon) -> None:
    figure = Word(text="75%", box=Box(0, 0, 40, 25), size=25, confidence=95)
    note = Word(text="1", box=Box(180, 0, 183, 4), size=4, confidence=95)
    words = seen("avec un taux", left=45).words
    apart = without_marks([Seen(words=(figure, *words), paragraph=(0, 1, 1))], lexicon)
    assert [line.words for line in apart] == [(figure,), words]
    before, after = seen("la commune", left=120).words, seen("agit ici", left=187).words
    assert len(without_marks([Seen(words=(*before, note, *after), paragraph=(0, 1, 1))], lexicon)) == 1


@needs_tesseract
def test_reading_a_picture_leaves_the_environment_of_the_process_as_it_was() -> None:
    """A limit on threads that stayed would halve the speed of a model that is loaded later."""
    before = dict(os.environ)
    ocr_page(Image.new("RGB", (400, 300), "white"), 1, 72.0)
    assert dict(os.environ) == before
