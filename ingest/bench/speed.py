"""A folder of PDFs -> how fast they are read and indexed, what a second build costs, how much memory a large corpus takes.

What is measured is the line as it is used: reader processes, the model, Chroma, checks. The model's loading and Python's
imports are left out, and said to be. Files whose pages would all need OCR are left out. Refused (ValueError): a folder
without a PDF that has text.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter, sleep

import psutil  # type: ignore[import-untyped]  # comes without types

from ingest.bench.figures import Figure
from ingest.build import BuildOptions, BuildReport, build_index
from ingest.document import Publication
from ingest.embedding import Embedder
from ingest.errors import ReadError
from ingest.pdf.reader import read_pdf
from ingest.programs import environment
from ingest.reading import Limits
from ingest.windows import WindowKind

_ROUNDS = 4  # how often the folder is read, so that the start of the processes weighs as little as in a large corpus
_MANY_PAGES = 1000
_TICK = 0.05
# What is no part of a build's own time.
_ASIDE = "loading the model"


@dataclass(frozen=True, slots=True, kw_only=True)
class Readable:
    """A PDF that has a text layer, and its pages."""

    path: Path
    pages: int


def readable(pdfs: Path) -> tuple[Readable, ...]:
    """The PDFs of a folder that can be read without OCR."""
    found = []
    for path in sorted(pdfs.glob("*.pdf")):
        try:
            found.append(Readable(path=path, pages=_read(path)))
        except ReadError:
            continue
    if not found:
        raise ValueError(f"{pdfs}: expected PDFs with a text layer, found none")
    return tuple(found)


def measure_reading(files: Sequence[Readable], cores: int) -> Figure:
    """Pages read a second by one process a core, furniture, columns and headings included."""
    paths = [file.path for file in sorted(files, key=lambda file: -file.pages)] * _ROUNDS
    with ProcessPoolExecutor(cores, mp_context=get_context("spawn")) as pool:
        list(pool.map(_read, [paths[-1]] * cores * 2))  # processes started, dictionaries open
        start = perf_counter()
        pages = sum(pool.map(_read, paths))
        seconds = perf_counter() - start
    return Figure(
        name="PDF pages read",
        value=pages / seconds,
        unit="pages/s",
        at_least=60,
        note=f"{pages} pages, {cores} processes, OCR aside",
    )


def measure_building(files: Sequence[Readable], embedder: Embedder, work: Path, cores: int) -> tuple[Figure, ...]:
    """From file to index with sentence windows and with one window a passage, tokens embedded, and a second build."""
    corpus = _corpus(files, work / "corpus")
    pages = sum(file.pages for file in files)
    options = BuildOptions(limits=Limits(workers=cores), cache=work / "cache")
    first = build_index(corpus, work / "sentence", embedder, options=options)
    again = build_index(corpus, work / "sentence", embedder, options=options)
    whole = replace(options, windows=WindowKind.PASSAGE, cache=None)
    one = build_index(corpus, work / "passage", embedder, options=whole)
    allowed = 3 + 0.05 * _seconds(first)
    return (
        Figure(
            name="text embedded",
            value=first.tokens / first.seconds["embedding"],
            unit="tokens/s",
            at_least=1700,
            note=f"{first.tokens} tokens, {first.texts} texts",
        ),
        Figure(
            name="pages from file to index, one window a passage",
            value=pages / _seconds(one),
            unit="pages/s",
            at_least=4.5,
            note=f"{pages} pages, {one.passages} passages, model loaded",
        ),
        Figure(
            name="pages from file to index, sentence windows",
            value=pages / _seconds(first),
            unit="pages/s",
            at_least=2,
            note=f"{first.windows} windows",
        ),
        Figure(
            name="second build, nothing changed",
            value=_seconds(again),
            unit="s",
            at_most=allowed,
            note=f"the first took {_seconds(first):.1f} s; {again.texts} texts embedded",
        ),
    )


def measure_memory(files: Sequence[Readable], work: Path) -> Figure:
    """The most memory that a build of 1,000 pages takes, reader processes and model included.

    The pages are those of the folder again and again, each file with other bytes; what they repeat is embedded once.
    """
    copies: list[Readable] = []
    pages = 0
    while pages < _MANY_PAGES:
        file = files[len(copies) % len(files)]
        copies.append(file)
        pages += file.pages
    corpus = _corpus(copies, work / "many")
    command = [sys.executable, "-m", "ingest", "build", "--corpus", str(corpus), "--index", str(work / "many-index")]
    cache = str(work / "many-cache")
    with subprocess.Popen(  # noqa: S603 - our own module, paths of our own making
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment(READ_CACHE=cache)
    ) as process:
        peak = 0
        while process.poll() is None:
            peak = max(peak, _memory(process.pid))
            sleep(_TICK)
    if process.returncode != 0:
        raise ValueError(f"{corpus}: building {pages} pages ended with {process.returncode} (try: {' '.join(command)})")
    return Figure(
        name="peak memory of a build",
        value=peak / 1e9,
        unit="GB",
        at_most=1.5,
        note=f"{pages} pages in {len(copies)} files, all processes",
    )


def cores_of_this_machine() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0))


def _read(path: Path) -> int:
    """Read one PDF without OCR; its pages. Raises ReadError."""
    publication = Publication(id="bench", title=path.stem, publisher="bench", file=path.name)
    return read_pdf(path.read_bytes(), publication, ocr=None).pages


def _corpus(files: Sequence[Readable], folder: Path) -> Path:
    """A corpus of these files; of a file that comes twice each copy has other bytes."""
    (folder / "files").mkdir(parents=True)
    lines = []
    for number, file in enumerate(files):
        name = f"files/{number:03d}.pdf"
        shutil.copyfile(file.path, folder / name)
        with (folder / name).open("ab") as copy:
            copy.write(f"\n% copy {number}\n".encode())
        lines.append({"id": f"bench-{number:03d}", "title": file.path.stem, "publisher": "bench", "file": name})
    catalogue = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    (folder / "catalogue.jsonl").write_text(catalogue, encoding="utf-8")
    return folder


def _seconds(report: BuildReport) -> float:
    return sum(seconds for stage, seconds in report.seconds.items() if stage != _ASIDE)


def _memory(pid: int) -> int:
    """Bytes that a process and its children hold; pages that they share count for each."""
    try:
        process = psutil.Process(pid)
        family = [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0
    total = 0
    for member in family:
        try:
            total += member.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total
